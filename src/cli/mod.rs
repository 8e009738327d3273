//! The command line: its words, options and help. Knows nothing of what the commands do.

mod arrange;
mod command;
mod completion;
mod extra_word;
mod making_options;
mod meant;
mod options;
mod page;
mod topics;
mod values;

use std::ffi::OsString;
use std::path::Path;

use clap::builder::styling::{AnsiColor, Styles};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, FromArgMatches, Parser};

use crate::printable::{printable, shell_word};

pub use command::{Command, SOUND_TRIAL};
pub use completion::{KnownNames, answer_shell};
pub use making_options::*;
pub use options::*;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Magenta.on_default().bold())
    .usage(AnsiColor::Magenta.on_default().bold())
    .literal(AnsiColor::Cyan.on_default())
    .placeholder(AnsiColor::Yellow.on_default());

const EXIT_CODES: &str = "\
Exit codes:
  0   done; a show ended by Ctrl-C or a signal is done
  1   failed; also a question whose answer cannot be written, to a full disk for one
  2   bad command line
  3   no instance is running, or it plays no show and the order needs one
  65  bad rig, show or schedule
  69  a device is missing or busy
  75  another instance holds the lock
  77  not permitted

Tab completion in bash: source <(STARCOURT_COMPLETE=bash starcourt)";

/// Plays light shows on a Raspberry Pi, in sync with their music.
#[derive(Parser, Debug)]
#[command(
    version,
    styles = STYLES,
    after_help = EXIT_CODES,
    arg_required_else_help = true,
    args_conflicts_with_subcommands = true,
    override_usage = "starcourt COMMAND [OPTIONS]\n       starcourt help COMMAND\n       starcourt help rig|show|schedule    how to write these files"
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    /// Play this show: the same as `starcourt play SHOW`
    #[arg(long, value_name = "SHOW")]
    show: Option<String>,
}

/// The definition of the command line, for parsers, man pages and completions.
#[must_use]
pub fn command() -> clap::Command {
    page::with_page(Cli::command(), &STYLES)
}

/// A command line that is wrong, or that asks for help: it knows how to print itself.
pub type Usage = clap::Error;

/// Reads the command line.
///
/// # Errors
/// [`Usage`], for help and version as well.
pub fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, Usage> {
    let mut definition = command();
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if let [_, help, topic] = arguments.as_slice()
        && help == "help"
        && let Some(page) = topic.to_str().and_then(topics::page)
    {
        return Err(help_page(page));
    }
    let arguments = arrange::arrange(arguments, &definition);
    let matches = definition.try_get_matches_from_mut(&arguments);
    let matches = matches.map_err(|usage| explained(usage, &arguments, &mut definition))?;
    let cli = Cli::from_arg_matches(&matches).map_err(|usage| usage.format(&mut definition))?;
    let no_command =
        || definition.error(ErrorKind::MissingSubcommand, "which command? for example `starcourt list`");
    cli.command.ok_or_else(no_command)
}

/// What the parser answers if somebody asks for help, with `page` as the help.
fn help_page(page: &'static str) -> Usage {
    let asked =
        clap::Command::new("starcourt").help_template(page).try_get_matches_from(["starcourt", "--help"]);
    asked.expect_err("a question for help is never read as a command")
}

/// The same with a better way out of what is wrong in `line`.
fn explained(usage: Usage, line: &[OsString], definition: &mut clap::Command) -> Usage {
    let line: Vec<&str> = line.iter().map(|word| word.to_str().unwrap_or_default()).collect();
    let command = line.get(1).copied().unwrap_or_default();
    let context = |kind| match usage.get(kind) {
        Some(ContextValue::String(word)) => Some(word.clone()),
        _ => None,
    };
    let spaced_place = extra_word::spaced_place(&line);
    let tip = match (usage.kind(), context(ContextKind::InvalidArg)) {
        (ErrorKind::InvalidSubcommand, _) => {
            let Some(word) = context(ContextKind::InvalidSubcommand) else { return usage };
            let meant = meant::meant_by(&word, command == "help", definition);
            let word = printable(&word);
            return definition
                .error(ErrorKind::InvalidSubcommand, format!("there is no command `{word}`\n  {meant}"));
        }
        (ErrorKind::UnknownArgument, Some(word)) if !word.starts_with('-') => {
            let name = arrange::first_name(&line, definition);
            extra_word::extra_word(command, &word, name, &line)
        }
        // The parser would propose the option as the name of a show.
        (ErrorKind::UnknownArgument, _) => {
            let mut usage = usage;
            if usage.get(ContextKind::SuggestedArg).is_none() {
                usage.remove(ContextKind::Suggested);
            }
            return usage;
        }
        (ErrorKind::InvalidValue, Some(option)) if option.contains("on|off") => {
            let word = context(ContextKind::InvalidValue).unwrap_or_default();
            return definition.error(ErrorKind::InvalidValue, extra_word::no_setting(command, &word, "on"));
        }
        (ErrorKind::ValueValidation, _)
            if command == "volume"
                && context(ContextKind::InvalidValue)
                    .is_some_and(|word| !word.contains(|c: char| c.is_ascii_digit())) =>
        {
            let word = context(ContextKind::InvalidValue).unwrap_or_default();
            return definition
                .error(ErrorKind::ValueValidation, extra_word::no_setting(command, &word, "60"));
        }
        (ErrorKind::ValueValidation, _) if spaced_place.is_some() => spaced_place.unwrap_or_default(),
        (ErrorKind::InvalidValue, Some(option)) if command == "render" && option.starts_with("--output") => {
            let Some(file) = context(ContextKind::InvalidValue).filter(|file| extra_word::is_picture(file))
            else {
                return usage;
            };
            format!(
                "--output is real pins or simulated ones; write the file with `-o {}`",
                shell_word(Path::new(&file))
            )
        }
        _ => return usage,
    };
    let mut usage = usage;
    usage.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    usage
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn read(words: &str) -> Result<Command, Usage> {
        super::read(std::iter::once("starcourt").chain(words.split_whitespace()).map(OsString::from))
    }

    fn told(words: &str) -> String {
        read(words).expect_err(words).to_string()
    }

    #[test]
    fn the_command_line_holds_together() {
        command().debug_assert();
    }

    #[test]
    fn a_show_is_played_by_command_or_by_option() {
        for words in [
            "play demo --wait=30s --silent",
            "--show demo --wait=30s --silent",
            "--silent --wait=30s --show=demo",
            "--silent play --wait=30s demo",
        ] {
            let Ok(Command::Play { show, options }) = read(words) else { panic!("{words}") };
            assert_eq!((show.as_deref(), options.silent), (Some("demo"), true), "{words}");
            assert_eq!(options.wait, Some(Some(Duration::from_secs(30))), "{words}");
        }
        assert!(matches!(read("play"), Ok(Command::Play { show: None, .. })));
    }

    #[test]
    fn a_show_in_the_place_of_a_setting_is_told_in_words() {
        for (words, expected) in [
            ("blackout xmas", ["takes `on` or `off`, and not `xmas`", "`starcourt blackout on xmas`"]),
            ("loop xmas", ["takes `on` or `off`, and not `xmas`", "`starcourt loop on xmas`"]),
            ("volume xmas", ["from 0 to 100", "`starcourt volume 60 xmas`"]),
        ] {
            let told = told(words);
            assert!(expected.iter().all(|expected| told.contains(expected)), "{told}");
        }
        assert!(!told("volume 300").contains("show"));
    }

    #[test]
    fn options_may_come_before_the_command() {
        let Ok(Command::Check { names, stage, .. }) = read("--shows list --rig play check porch") else {
            panic!("check is the command")
        };
        assert_eq!((names, stage.shows), (vec!["porch".to_owned()], Some("list".into())));
        assert!(told("--lock-dir d check").contains("unexpected argument '--lock-dir'"));
    }

    #[test]
    fn help_is_a_command_too() {
        for words in ["help", "--help", "help play", "play --help", "play -h"] {
            assert_eq!(read(words).expect_err(words).exit_code(), 0, "{words}");
        }
        for words in ["help rig", "help show", "help schedule"] {
            let usage = read(words).expect_err(words);
            assert_eq!(usage.exit_code(), 0, "{words}");
            assert!(usage.to_string().lines().all(|line| line.chars().count() <= 100), "{usage}");
        }
        assert!(told("help play").contains("--from"));
        assert!(!told("help").contains("--from"));
    }

    #[test]
    fn words_that_people_try_are_commands() {
        assert!(matches!(read("skip"), Ok(Command::Next { .. })));
        assert!(matches!(read("unpause"), Ok(Command::Resume { .. })));
        assert!(matches!(read("shows"), Ok(Command::List { .. })));
        assert!(matches!(read("quit"), Ok(Command::Stop { .. })));
        assert!(matches!(read("panic"), Ok(Command::Off { .. })));
        assert!(matches!(read("volume"), Ok(Command::Volume { volume: None, .. })));
        assert!(matches!(read("blackout"), Ok(Command::Blackout { state: None, .. })));
    }

    #[test]
    fn a_word_that_is_no_command_is_understood_by_its_meaning() {
        for (word, way) in [
            ("start", "starcourt serve"),
            ("restart", "systemctl restart"),
            ("mute", "starcourt volume 0"),
            ("setup", "starcourt doctor"),
            ("goto", "starcourt seek 1:20"),
            ("rewind", "starcourt seek 0:00"),
            ("slower", "starcourt speed half"),
            ("paly", "`starcourt play`"),
            ("stauts", "`starcourt status`"),
            ("resum", "`starcourt resume`"),
            ("stat", "`starcourt status`"),
            ("sched", "`starcourt schedule`"),
            ("halt", "`starcourt stop`"),
            ("chase", "`starcourt help show`"),
            ("feelings", "`starcourt play feelings`"),
            ("Feelings", "`starcourt play SHOW`"),
        ] {
            let told = told(word);
            assert!(told.contains(&format!("no command `{word}`")) && told.contains(way), "{told}");
        }
        for word in ["cue", "cues", "effects", "section", "chase", "porch", "shows.show"] {
            assert!(told(&format!("help {word}")).contains("`starcourt help show`"), "{word}");
            assert!(!told(&format!("help {word}")).contains("starcourt play"), "{word}");
        }
        assert!(told("help stauts").contains("did you mean `starcourt help status`?"));
        for words in ["render porch --output x.svg", "render porch --output=x.svg"] {
            assert!(told(words).contains("`-o x.svg`"), "{}", told(words));
        }
        for (word, wrong) in [("tab", "stop"), ("setup", "stop"), ("stage", "status"), ("restart", "test")] {
            assert!(!told(word).contains(&format!("mean `starcourt {wrong}`")), "{word}");
        }
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for words in [
            "play demo --from nan",
            "play demo --from -1:00",
            "play demo --volume 101",
            "play demo --volume +10",
            "play demo --volume -10",
            "play demo --wait=soon",
            "play demo --wait --takeover",
            "play demo --output candles",
            "bench --seconds 0",
            "bench --pin 28",
            "schedule --at whenever",
            "schedule --days 0",
            "--show demo list",
            "dance",
            "--silent",
            "",
        ] {
            assert!(read(words).is_err(), "{words}");
        }
        let spaced = super::read(["starcourt", "My Song.ogg"].map(OsString::from)).expect_err("no command");
        assert!(spaced.to_string().contains("`starcourt play 'My Song.ogg'` plays a file"), "{spaced}");
        assert!(told("play demo --volume +10").contains("`starcourt volume +10`"));
    }

    #[test]
    fn a_guardian_is_nothing_for_a_person() {
        let help = command().render_help().to_string();
        assert!(!help.contains("guardian") && !help.contains("safe-bus") && !help.contains(SOUND_TRIAL));
        assert!(matches!(read("guardian").unwrap(), Command::Guardian));
    }

    #[test]
    fn every_command_explains_itself_with_an_example() {
        for command in command().get_subcommands_mut().filter(|command| !command.is_hide_set()) {
            let help = command.render_help().to_string();
            assert!(help.contains("Example"), "{help}");
        }
    }
}
