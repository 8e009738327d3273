//! The command line: its words, options and help. Knows nothing of what the commands do.

#![allow(
    rustdoc::broken_intra_doc_links,
    reason = "the comments are the help texts: `[default: today]` is no link"
)]

mod options;
mod values;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};

use crate::volume::VolumeChange;

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
  3   nobody plays: status, and the commands that speak to whoever does
  65  bad rig, show or schedule
  69  a device is missing or busy
  75  another instance holds the lock
  77  not permitted";

/// The word with which `doctor` starts a process that opens a sound device. Not for people.
pub const SOUND_TRIAL: &str = "sound-trial";

/// Plays light shows on a Raspberry Pi, in sync with their music.
#[derive(Parser, Debug)]
#[command(
    version,
    styles = STYLES,
    after_help = EXIT_CODES,
    arg_required_else_help = true,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,

    /// Play this show: the same as `starcourt play SHOW`
    #[arg(long, value_name = "SHOW")]
    pub show: Option<String>,

    #[command(flatten)]
    pub play: PlayOptions,
}

/// A command line that is wrong, or that asks for help: it knows how to print itself.
pub type Usage = clap::Error;

/// Reads the command line.
///
/// # Errors
/// [`Usage`], for help and version as well.
pub fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Cli, Usage> {
    let cli = Cli::try_parse_from(arguments)?;
    match (&cli.command, &cli.show) {
        (None, None) => Err(Cli::command().error(
            ErrorKind::MissingRequiredArgument,
            "which show? `starcourt play SHOW` plays it, `starcourt list` tells which there are",
        )),
        _ => Ok(cli),
    }
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Play a show in this terminal
    #[command(
        after_help = "Examples:\n  starcourt play starcourt\n  starcourt play demo --from 0:05 --silent\n  \
                            starcourt play bell --interrupt      in the middle of what plays\n  \
                            ssh -t pi starcourt play starcourt"
    )]
    Play {
        /// A show's name, or the path of a `.show` file
        #[arg(value_name = "SHOW")]
        show: String,
        #[command(flatten)]
        options: PlayOptions,
    },
    /// Own the lights: play by schedule, button and command, until it is ended. Started at boot by systemd
    #[command(
        after_help = "Examples:\n  starcourt serve                         watch it in a terminal first\n  \
                            sudo systemctl enable --now starcourt   from now on at every boot"
    )]
    Serve {
        #[command(flatten)]
        options: ServeOptions,
    },
    /// Tell who plays, and where the show is; exit code 3 when nobody plays
    #[command(after_help = "Examples:\n  starcourt status\n  starcourt status --json\n  \
                            starcourt status porch       where several play\n  \
                            starcourt status --follow    a line whenever something changes")]
    Status {
        /// For other programs
        #[arg(long)]
        json: bool,
        /// Go on telling until the instance ends or Ctrl-C
        #[arg(long)]
        follow: bool,
        #[command(flatten)]
        whom: Whom,
    },
    /// End the show that plays; over SSH from any terminal
    #[command(after_help = "Examples:\n  starcourt stop\n  starcourt stop porch         where several play")]
    Stop {
        #[command(flatten)]
        whom: Whom,
    },
    /// Freeze the show that plays: its time, its sound and its lights
    #[command(after_help = "Example:\n  starcourt pause")]
    Pause {
        #[command(flatten)]
        whom: Whom,
    },
    /// Go on with a paused show, or with the schedule after `stop`
    #[command(after_help = "Example:\n  starcourt resume")]
    Resume {
        #[command(flatten)]
        whom: Whom,
    },
    /// End the show that plays and go on with what comes after it
    #[command(after_help = "Example:\n  starcourt next")]
    Next {
        #[command(flatten)]
        whom: Whom,
    },
    /// Every light to its safe level while the show goes on, or the show's levels again
    #[command(after_help = "Examples:\n  starcourt blackout on\n  starcourt blackout off")]
    Blackout {
        #[arg(value_name = "on|off")]
        state: Switch,
        #[command(flatten)]
        whom: Whom,
    },
    /// Set the volume of the music, in per cent, or change it
    #[command(
        after_help = "Examples:\n  starcourt volume 60\n  starcourt volume +10\n  starcourt volume -10"
    )]
    Volume {
        /// `60`, `+10` or `-10`
        #[arg(value_name = "PERCENT", value_parser = values::volume, allow_hyphen_values = true)]
        volume: VolumeChange,
        #[command(flatten)]
        whom: Whom,
    },
    /// List the shows, with their lengths and channels
    #[command(after_help = "Example:\n  starcourt list --shows ~/shows")]
    List {
        #[command(flatten)]
        stage: RigOptions,
    },
    /// Check the rig, the shows and the schedule; tells every mistake at once, and what will do harm
    #[command(
        after_help = "Examples:\n  starcourt check              all shows\n  starcourt check porch        one of them"
    )]
    Check {
        /// Names of shows, or paths of `.show` files; without any, all shows
        #[arg(value_name = "SHOW")]
        names: Vec<String>,
        #[command(flatten)]
        stage: RigOptions,
        #[command(flatten)]
        schedule: ScheduleFile,
    },
    /// Print what plays in the coming week, and why nothing does
    #[command(
        after_help = "Examples:\n  starcourt schedule\n  starcourt schedule --at 2026-12-24 --days 3\n  \
                            starcourt schedule --rehearse     every start and end, to the second"
    )]
    Schedule {
        #[command(flatten)]
        options: ScheduleOptions,
    },
    /// The panic button: end whoever plays, then every channel to its safe level
    #[command(
        after_help = "Examples:\n  starcourt off\n  starcourt off --if-free      leaves a running show alone"
    )]
    Off {
        /// Only when nobody holds the lock
        #[arg(long)]
        if_free: bool,
        /// Simulated lines: the file that `play --pins` keeps them in
        #[arg(long, value_name = "FILE")]
        pins: Option<PathBuf>,
        #[command(flatten)]
        machine: MachineOptions,
    },
    /// Measure how late this machine wakes a thread, how late edges come on it, and what lights cost
    #[command(
        after_help = "Examples:\n  starcourt bench              about a minute; nobody may play meanwhile\n  \
                            starcourt bench --json --seconds 30\n  \
                            starcourt bench --pin 21     a square wave of 50 Hz, for an oscilloscope"
    )]
    Bench {
        #[command(flatten)]
        options: BenchOptions,
    },
    /// Light the channels one after another, with their names and pins on the screen
    #[command(after_help = "Examples:\n  starcourt test\n  starcourt test --channel neon --seconds 5\n  \
                            starcourt test --step        goes on when you press a key")]
    Test {
        #[command(flatten)]
        options: TestOptions,
    },
    /// Find this speaker's latency: a click and a flash, moved with the arrow keys until they meet
    #[command(
        after_help = "Examples:\n  ssh -t pi starcourt calibrate\n  starcourt calibrate --channel windows"
    )]
    Calibrate {
        /// The channel that flashes [default: the first]
        #[arg(long, value_name = "NAME")]
        channel: Option<String>,
        /// Simulated outputs as a text file: one character a GPIO line, then one `name level` a line
        #[arg(long, value_name = "FILE")]
        pins: Option<PathBuf>,
        #[command(flatten)]
        machine: MachineOptions,
    },
    /// What an instance starts for itself, to make the lights safe if it dies
    #[command(name = crate::guardian::COMMAND, hide = true)]
    Guardian,
    /// What `doctor` starts as another user: opens a sound device and says how that went
    #[command(name = SOUND_TRIAL, hide = true)]
    SoundTrial {
        #[arg(value_name = "DEVICE")]
        device: String,
    },
    /// Name everything that is wrong on this machine, with the command that mends it
    #[command(after_help = "Example:\n  starcourt doctor --rig /etc/starcourt/rig.toml")]
    Doctor {
        #[command(flatten)]
        machine: MachineOptions,
    },
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::time::ShowTime;

    fn read(words: &str) -> Result<Cli, Usage> {
        super::read(std::iter::once("starcourt").chain(words.split_whitespace()).map(OsString::from))
    }

    #[test]
    fn the_command_line_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_show_is_played_by_command_or_by_option() {
        let by_option = read("--show demo --silent --from 0:05").unwrap();
        assert_eq!(by_option.show.as_deref(), Some("demo"));
        assert!(by_option.play.silent);
        assert_eq!(by_option.play.from, Some(ShowTime::from_micros(5_000_000)));
        let by_command = read("play demo --wait=30s").unwrap();
        let Some(Command::Play { show, options }) = by_command.command else { panic!("{by_command:?}") };
        assert_eq!(show, "demo");
        assert_eq!(options.wait, Some(Some(Duration::from_secs(30))));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for words in [
            "play",
            "play demo --from nan",
            "play demo --from -1:00",
            "play demo --volume 101",
            "play demo --wait=soon",
            "play demo --wait --takeover",
            "play demo --output candles",
            "bench --seconds 0",
            "bench --pin 28",
            "schedule --at tomorrow",
            "schedule --days 0",
            "--show demo list",
            "dance",
            "--silent",
            "",
        ] {
            assert!(read(words).is_err(), "{words}");
        }
    }

    #[test]
    fn a_guardian_is_nothing_for_a_person() {
        let help = Cli::command().render_help().to_string();
        assert!(!help.contains("guardian") && !help.contains(SOUND_TRIAL));
        assert!(matches!(read("guardian").unwrap().command, Some(Command::Guardian)));
    }

    #[test]
    fn every_command_explains_itself_with_an_example() {
        for command in Cli::command().get_subcommands_mut().filter(|command| !command.is_hide_set()) {
            let help = command.render_help().to_string();
            assert!(help.contains("Example"), "{help}");
        }
    }
}
