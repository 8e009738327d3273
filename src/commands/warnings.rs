//! How warnings are told where something else is asked for: how many, and the command that shows them, as it works when
//! it is typed. Knows no single warning.

use std::path::Path;

use crate::cli::{RigOptions, ScheduleFile};
use crate::diagnosis::Diagnoses;
use crate::printable::shell_word;
use crate::show::{self, Show};

use super::files;
use super::printed::counted;

/// `rig: 3 warnings; …`, if the rig has any.
pub(super) fn of_rig(told: &Diagnoses, options: &RigOptions) -> Option<String> {
    line(told.warnings(), &check(None, options, None)).map(|line| format!("rig: {line}"))
}

/// `3 warnings; …`, if the show has any.
pub(super) fn of_show(told: &Diagnoses, show: &Show, options: &RigOptions) -> Option<String> {
    let path = show.source.path();
    let found = show::find::find(&show.name, &files::show_places(options));
    let is_found_by_name = found.is_ok_and(|found| found == path);
    let name = if is_found_by_name { show.name.clone() } else { shell_word(path) };
    line(told.warnings(), &check(Some(&name), options, None))
}

/// `3 warnings; …`, of rig and schedule.
pub(super) fn of_all(count: usize, options: &RigOptions, schedule: &ScheduleFile) -> Option<String> {
    line(count, &check(None, options, schedule.schedule.as_deref()))
}

fn line(count: usize, command: &str) -> Option<String> {
    let verb = if count == 1 { "shows it" } else { "shows them" };
    (count > 0).then(|| format!("{}; `{command}` {verb}", counted(count, "warning")))
}

/// `starcourt check` with the options that have it read the same files.
pub(super) fn check(show: Option<&str>, options: &RigOptions, schedule: Option<&Path>) -> String {
    let mut command = "starcourt check".to_owned();
    let RigOptions { rig, shows, output } = options;
    let files = [("rig", rig.rig.as_deref()), ("shows", shows.as_deref()), ("schedule", schedule)];
    command.extend(show.map(|show| format!(" {show}")));
    command.extend(
        files.into_iter().filter_map(|(option, path)| Some(format!(" --{option} {}", shell_word(path?)))),
    );
    command.extend(output.output.map(|kind| format!(" --output {}", kind.name())));
    command
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{OutputKind, OutputOptions, RigFile};

    #[test]
    fn the_command_reads_the_files_that_were_read() {
        let rig = RigFile { rig: Some("my rig.toml".into()) };
        let output = OutputOptions { output: Some(OutputKind::Sim) };
        let options = RigOptions { rig, shows: None, output };
        let command = "starcourt check --rig 'my rig.toml' --output sim";
        let told = |count, options| of_all(count, options, &ScheduleFile::default());
        assert_eq!(told(2, &options), Some(format!("2 warnings; `{command}` shows them")));
        let default = RigOptions::default();
        assert_eq!(told(1, &default), Some("1 warning; `starcourt check` shows it".into()));
        assert_eq!(told(0, &options), None);
    }
}
