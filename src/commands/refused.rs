//! What a person is told whom the lock was refused: with the commands that help, as they work when they are typed. Knows
//! the options of the command that was typed, not what it does.

use std::path::Path;

use anyhow::anyhow;

use crate::cli::{LockOptions, OutputOptions, PlayOptions, RigFile, RigOptions};
use crate::lock::{LockPurpose, LockRequest, Refusal, TakeoverError};
use crate::printable::shell_word;

use super::outcome::Failure;

/// What the lock is wanted for by `play NAME`. `can_move` says that another instance may have such a show.
pub(super) fn show(name: &str, options: &PlayOptions, can_move: bool) -> LockRequest {
    let PlayOptions { stage, looped, from, to, silent, volume, watch, trace, pins, .. } = options;
    // Those that are left out say what becomes of the holder, and where its lock is, which is known better by now.
    let PlayOptions { wait: _, interrupt: _, takeover: _, lock: LockOptions { lock_dir: _ }, .. } = options;
    let RigOptions { rig, shows, output } = stage;
    let path = |option: &str, path: &Option<std::path::PathBuf>| {
        path.as_deref().map_or_else(String::new, |path| format!(" --{option} {}", shell_word(path)))
    };
    let flag = |option: &str, is_given: bool| if is_given { format!(" --{option}") } else { String::new() };
    let text = |option: &str, value: Option<String>| {
        value.map_or_else(String::new, |value| format!(" --{option} {}", shell_word(Path::new(&value))))
    };
    let times = |option, time: &Option<_>| text(option, time.as_ref().map(ToString::to_string));
    let part = [
        flag("loop", *looped),
        times("from", from),
        times("to", to),
        flag("silent", *silent),
        text("volume", (*volume < 100).then(|| volume.to_string())),
    ]
    .concat();
    let stays =
        [flag("watch", *watch), path("trace", trace), path("pins", pins), path("shows", shows)].concat();
    let machine = machine(rig, output);
    let words = format!("play {}{part}", shell_word(Path::new(name)));
    let stays_here = !can_move || rig.rig.is_some() || !stays.is_empty();
    let purpose =
        LockPurpose::Show { here: format!("{words}{stays}{machine}"), there: (!stays_here).then_some(words) };
    LockRequest { purpose, machine }
}

/// What only this process can do.
pub(super) fn alone(rig: &RigFile, output: &OutputOptions) -> LockRequest {
    LockRequest { purpose: LockPurpose::Alone, machine: machine(rig, output) }
}

/// The options that name the rig and the outputs, if they were given.
pub(super) fn machine(rig: &RigFile, output: &OutputOptions) -> String {
    let rig = rig.rig.as_deref().map(|rig| format!(" --rig {}", shell_word(rig)));
    let output = output.output.map(|kind| format!(" --output {}", kind.name()));
    [rig, output].into_iter().flatten().collect()
}

pub(super) fn refused(refusal: Refusal, wanted: &LockRequest) -> Failure {
    let words = refusal.told(wanted);
    Failure::of(Failure::from(refusal).outcome, anyhow!(words))
}

pub(super) fn not_taken_over(error: TakeoverError, wanted: &LockRequest) -> Failure {
    let words = error.told(wanted);
    Failure::of(Failure::from(error).outcome, anyhow!(words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli;
    use crate::cli::Command;

    #[track_caller]
    fn check(typed: &str, can_move: bool, here: &str, there: Option<&str>) {
        let words = format!("starcourt {typed}");
        let Ok(Command::Play { show: Some(name), options }) =
            cli::read(words.split(" ").map(std::ffi::OsString::from))
        else {
            panic!("{words} plays no show");
        };
        let LockPurpose::Show { here: own, there: other } = show(&name, &options, can_move).purpose else {
            panic!("{words} is a show's");
        };
        assert_eq!((&*own, other.as_deref()), (here, there));
    }

    #[test]
    fn a_show_is_played_with_the_options_that_were_given() {
        check("play porch --takeover --lock-dir d", true, "play porch", Some("play porch"));
        check(
            "play porch --from 1:20 --to 9.1 --loop --silent --volume 40 --wait=3s --output sim",
            true,
            "play porch --loop --from 1:20 --to 9.1 --silent --volume 40 --output sim",
            Some("play porch --loop --from 1:20 --to 9.1 --silent --volume 40"),
        );
        for stays in ["--watch", "--trace a.csv", "--pins p", "--shows s", "--rig r.toml"] {
            check(&format!("play porch {stays}"), true, &format!("play porch {stays}"), None);
        }
        check("play ./porch.show", false, "play ./porch.show", None);
    }
}
