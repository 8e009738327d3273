//! The first page of help: the commands in groups, by what a person wants to do. Knows nothing of what they do.

use std::fmt::Write as _;

use clap::Command;
use clap::builder::Styles;

/// Every command that a person types, once.
const GROUPS: [(&str, &[&str]); 4] = [
    (
        "Shows",
        &["new", "compose", "import", "listen", "tap", "play", "list", "check", "render", "preview", "send"],
    ),
    (
        "While it plays",
        &["status", "stop", "pause", "resume", "next", "blackout", "volume", "seek", "loop", "speed", "off"],
    ),
    ("Every evening", &["serve", "schedule", "reload", "net"]),
    ("The rig and this machine", &["test", "calibrate", "doctor", "bench"]),
];

/// `command` with that page instead of a plain list.
pub(super) fn with_page(command: Command, styles: &Styles) -> Command {
    let page = page(&command, styles);
    command.help_template(page)
}

fn page(command: &Command, styles: &Styles) -> String {
    let (header, literal) = (styles.get_header(), styles.get_literal());
    let mut page = String::from("{about}\n\n{usage-heading} {usage}\n\n");
    for (title, names) in GROUPS {
        writeln!(page, "{header}{title}:{header:#}").expect("a String takes everything");
        for name in names {
            let about = command.find_subcommand(name).and_then(Command::get_about).unwrap_or_default();
            writeln!(page, "  {literal}{name:9}{literal:#}  {about}").expect("a String takes everything");
        }
        page.push('\n');
    }
    page + "{options}{after-help}"
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_page_fits_a_narrow_terminal() {
        let mut command = super::super::command();
        for line in command.render_help().to_string().lines().filter(|line| !line.starts_with("  1   ")) {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }

    #[test]
    fn every_command_is_on_the_page_once() {
        let command = super::super::command();
        let shown: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        let listed: BTreeSet<&str> = shown.iter().copied().collect();
        let there: BTreeSet<&str> = command
            .get_subcommands()
            .filter(|command| !command.is_hide_set())
            .map(Command::get_name)
            .collect();
        assert_eq!((shown.len(), listed), (there.len(), there));
    }
}
