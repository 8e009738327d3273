//! The options of the commands. Knows nothing of what they do.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use super::values;
use crate::chart::ColumnUnit;
pub use crate::ipc::OutputKind;
use crate::rig::{Active, Line};
use crate::schedule::AskedDay;
use crate::show::{Measure, SheetTime};
use crate::template::BoardKind;
use crate::time::{Offset, ShowTime, parse_duration, parse_offset};

#[derive(Args, Debug, Clone)]
pub struct PlayOptions {
    #[command(flatten)]
    pub stage: RigOptions,
    #[command(flatten)]
    pub lock: LockOptions,

    /// Begin again when the show ends; with `--from` and `--to`, play this part again and again
    #[arg(long = "loop", alias = "repeat")]
    pub looped: bool,
    /// Begin here: `1:20`, `80` or `80 s` (seconds), or a bar and beat, `84.1`
    #[arg(long, value_name = "TIME", alias = "start")]
    pub from: Option<SheetTime>,
    /// End here; written as `--from`
    #[arg(long, value_name = "TIME")]
    pub to: Option<SheetTime>,
    /// No audio; the machine's clock sets the pace
    #[arg(long)]
    pub silent: bool,
    /// Loudness of the music, 0 to 100 %
    #[arg(long, value_name = "PERCENT", value_parser = values::percent, default_value = "100")]
    #[arg(allow_hyphen_values = true)]
    pub volume: u8,
    /// Wait until no other show plays, at most TIME: `--wait=30s`
    #[arg(long, value_name = "TIME", value_parser = parse_duration, num_args = 0..=1, require_equals = true)]
    pub wait: Option<Option<Duration>>,
    /// Have whoever plays now play this show at once, and go on afterwards from where it was; where several play
    /// side by side, the one that is named: `--interrupt=mall`
    #[arg(long, value_name = "OTHER", num_args = 0..=1, require_equals = true)]
    #[arg(conflicts_with_all = ["wait", "takeover"])]
    pub interrupt: Option<Option<String>>,
    /// End whoever plays, then play
    #[arg(long, conflicts_with = "wait")]
    pub takeover: bool,
    /// Follow the files while they are being written: after each save the show goes on from the same place with the new
    /// text, and mistakes are shown. Real lights only with `--output gpio`
    #[arg(long)]
    pub watch: bool,
    /// Write down every level change: FILE.csv, or FILE.vcd for logic-analyser viewers
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
    /// Keep the simulated outputs in this text file: one character a GPIO line, then one `name level` a line
    #[arg(long, value_name = "FILE")]
    pub pins: Option<PathBuf>,
}

#[derive(Args, Debug, Clone)]
pub struct RenderOptions {
    #[command(flatten)]
    pub stage: RigOptions,
    /// Write a file instead: FILE.svg is a picture, FILE.csv has a line a level change, FILE.vcd is for logic-analyser
    /// viewers; an older file of this name is replaced
    #[arg(short = 'o', long = "file", value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Begin here: `1:20`, `80`, `80 s`, or a bar and beat, `84.1`
    #[arg(long, value_name = "TIME", alias = "start")]
    pub from: Option<SheetTime>,
    /// End here
    #[arg(long, value_name = "TIME")]
    pub to: Option<SheetTime>,
    /// What a column is: `beat`, `bar`, or so many seconds, `0.5` [default: what is legible]
    #[arg(long, value_name = "UNIT", value_parser = values::column_unit, conflicts_with = "file")]
    pub by: Option<ColumnUnit>,
    /// How many columns a line has, 20 to 10000 [default: the terminal's; 80 in a pipe or a file]
    #[arg(long, value_name = "COLUMNS", value_parser = values::width, conflicts_with = "file")]
    pub width: Option<usize>,
}

#[derive(Args, Debug, Clone)]
pub struct PreviewOptions {
    #[command(flatten)]
    pub stage: RigOptions,
    /// A photograph of the place where the lamps hang: JPEG, PNG or WebP [default: what layout.toml beside the rig names;
    /// else NAME.jpg, NAME.png or NAME.webp beside the show]
    #[arg(long, value_name = "FILE")]
    pub photo: Option<PathBuf>,
    /// Write a file instead: FILE.html is a page that needs no starcourt, FILE.json is for other programs; an older file
    /// of this name is replaced
    #[arg(short = 'o', long = "file", value_name = "FILE", conflicts_with_all = ["port", "no_browser"])]
    pub file: Option<PathBuf>,
    /// Leave the music beside the page: FILE.html finds it there by its relative name
    #[arg(long, requires = "file")]
    pub link: bool,
    /// The port of the page, 1 to 65535 [default: a free one]
    #[arg(long, value_name = "PORT", value_parser = values::port)]
    pub port: Option<u16>,
    /// Open no browser, and print the address
    #[arg(long)]
    pub no_browser: bool,
}

#[derive(Args, Debug, Clone)]
pub struct ServeOptions {
    #[command(flatten)]
    pub stage: RigOptions,
    #[command(flatten)]
    pub schedule: ScheduleFile,
    #[command(flatten)]
    pub lock: LockOptions,
    /// Loudness of the music, 0 to 100 %
    #[arg(long, value_name = "PERCENT", value_parser = values::percent, default_value = "100")]
    #[arg(allow_hyphen_values = true)]
    pub volume: u8,
    /// Keep the simulated outputs in this text file: one character a GPIO line, then one `name level` a line
    #[arg(long, value_name = "FILE")]
    pub pins: Option<PathBuf>,
}

#[derive(Args, Debug, Clone)]
pub struct BenchOptions {
    /// How long each of five measurements takes, 1 to 600
    #[arg(long, value_name = "SECONDS", value_parser = values::seconds, default_value = "10")]
    pub seconds: Duration,
    /// Print JSON, for other programs
    #[arg(long)]
    pub json: bool,
    /// Only switch this pin (a BCM number) on and off, 50 times a second; connect no light to it
    #[arg(long, value_name = "PIN", value_parser = values::line)]
    pub pin: Option<Line>,
    #[command(flatten)]
    pub machine: MachineOptions,
}

#[derive(Args, Debug, Clone)]
pub struct TestOptions {
    /// Channels or groups; without any, all channels
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    /// The same as NAME
    #[arg(long, value_name = "NAME")]
    pub channel: Option<String>,
    /// Keep each channel lit until a key is pressed
    #[arg(long)]
    pub step: bool,
    /// How long each channel is lit, 1 to 600
    #[arg(long, value_name = "SECONDS", value_parser = values::seconds, default_value = "1")]
    pub seconds: Duration,
    /// Write down every level change: FILE.csv, or FILE.vcd for logic-analyser viewers
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
    /// Keep the simulated outputs in this text file: one character a GPIO line, then one `name level` a line
    #[arg(long, value_name = "FILE")]
    pub pins: Option<PathBuf>,
    #[command(flatten)]
    pub machine: MachineOptions,
}

#[derive(Args, Debug, Clone)]
pub struct TapOptions {
    /// Play the beat map, or the tempo line of the show, as clicks with the song
    #[arg(long, conflicts_with_all = ["write", "replace", "hand"])]
    pub click: bool,
    /// Write the tempo line into the show, too; the key w does the same
    #[arg(long)]
    pub write: bool,
    /// Replace the whole beat map, and not only the part that is tapped
    #[arg(long)]
    pub replace: bool,
    /// Begin here: `1:20`, `80`, `80 s`, or a bar and beat, `84.1`
    #[arg(long, value_name = "TIME")]
    pub from: Option<SheetTime>,
    /// End here
    #[arg(long, value_name = "TIME")]
    pub to: Option<SheetTime>,
    /// The time signature, such as `3/4` [default: the show's; else by your taps of Enter; else 4/4]
    #[arg(long, value_name = "MEASURE")]
    pub measure: Option<Measure>,
    /// How much later than the beat you tap: `20ms`; `-20ms` if you tap early
    #[arg(long, value_name = "TIME", value_parser = parse_offset, default_value = "0 ms")]
    #[arg(allow_hyphen_values = true)]
    pub hand: Offset,
    /// Loudness of the music, 0 to 100 %
    #[arg(long, value_name = "PERCENT", value_parser = values::percent, default_value = "100")]
    #[arg(allow_hyphen_values = true)]
    pub volume: u8,
    #[command(flatten)]
    pub stage: RigOptions,
}

#[derive(Args, Debug, Clone)]
pub struct ListenOptions {
    /// Write the beat map and, of a show, its tempo line
    #[arg(long, conflicts_with = "json")]
    pub write: bool,
    /// With --write, also where a beat map is already; the old one is kept beside it
    #[arg(long, requires = "write")]
    pub replace: bool,
    /// Print JSON, for other programs
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub stage: RigOptions,
}

#[derive(Args, Debug, Clone)]
pub struct ImportOptions {
    /// Which light a channel of the file is: `1=neon`, `4-6=windows`, `Tree=star`, or `1=none` to leave it out; may be
    /// given several times [default: by its name, else in the order of the rig]
    #[arg(long, value_name = "CHANNEL=NAME")]
    pub map: Vec<String>,
    /// Of a MIDI file: a harder note is a brighter light
    #[arg(long)]
    pub velocity: bool,
    /// What the show is called [default: as the file]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Print the show, and write nothing
    #[arg(long)]
    pub print: bool,
    #[command(flatten)]
    pub stage: RigOptions,
}

/// Where the rig is described.
#[derive(Args, Debug, Clone, Default)]
pub struct RigFile {
    /// The rig [default: $STARCOURT_RIG, /etc/starcourt/rig.toml; simulated also shows/rig.toml]
    #[arg(long, value_name = "FILE")]
    pub rig: Option<PathBuf>,
}

/// What `new` writes, and from what.
#[derive(Args, Debug, Clone)]
pub struct NewOptions {
    /// How long a show without music is: `0:30`; with a song, it is as long as the song
    #[arg(long, value_name = "TIME", value_parser = values::length, help_heading = "A show")]
    pub length: Option<ShowTime>,
    /// What the show is called [default: as the song's file]
    #[arg(long, value_name = "NAME", help_heading = "A show")]
    pub name: Option<String>,
    /// Where a show without music is written [default: $STARCOURT_SHOWS, ./shows]
    #[arg(long, value_name = "DIR", help_heading = "A show")]
    pub shows: Option<PathBuf>,
    /// With a song, the rig of the show; without one, write a rig: to FILE, or to shows/rig.toml
    #[arg(long, value_name = "FILE", num_args = 0..=1)]
    pub rig: Option<Option<PathBuf>>,
    #[command(flatten)]
    pub output: OutputOptions,
    #[command(flatten, next_help_heading = "A rig")]
    pub wiring: WiringOptions,
}

/// How the lights of a new rig are wired.
#[derive(Args, Debug, Clone)]
pub struct WiringOptions {
    /// What switches the lights; with it and their number, `new --rig` asks nothing
    #[arg(long, value_name = "KIND", ignore_case = true)]
    pub board: Option<BoardKind>,
    /// What a pin is while its light is on [default: low for relay, high for ssr and mosfet]
    #[arg(long, value_name = "LEVEL", ignore_case = true)]
    pub active: Option<Active>,
    /// How many lights, 1 to 26
    #[arg(long, value_name = "COUNT", value_parser = values::lights)]
    pub channels: Option<u8>,
    /// Their pins as GPIO numbers, in the order of the board: `4,5,6`; `24r` has a resistor of 4.7 kΩ that keeps its
    /// light dark while the Pi boots [default: safe pins]
    #[arg(long, value_name = "PINS")]
    pub pins: Option<String>,
    /// Their names: `porch,tree,star` [default: relay1, relay2, …]
    #[arg(long, value_name = "NAMES")]
    pub names: Option<String>,
    /// Where the rig is written [default: shows/rig.toml]
    #[arg(short, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Where the schedule is written.
#[derive(Args, Debug, Clone, Default)]
pub struct ScheduleFile {
    /// The schedule [default: $STARCOURT_SCHEDULE, /etc/starcourt/schedule.toml; simulated also
    /// schedule.toml beside the shows]
    #[arg(long, value_name = "FILE")]
    pub schedule: Option<PathBuf>,
}

#[derive(Args, Debug, Clone)]
pub struct ScheduleOptions {
    /// The first day: `tomorrow`, `friday`, `Dec 24` or `2026-12-24` [default: today]
    #[arg(long, value_name = "DAY")]
    pub at: Option<AskedDay>,
    /// How many days, 1 to 400
    #[arg(long, value_name = "DAYS", value_parser = values::days, default_value = "7")]
    pub days: u16,
    /// Every start and end of a show, as if these days went by
    #[arg(long)]
    pub rehearse: bool,
    /// Print JSON, for other programs
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub schedule: ScheduleFile,
    #[command(flatten)]
    pub stage: RigOptions,
}

/// Rig, lock and output, of a command that reads no shows.
#[derive(Args, Debug, Clone)]
pub struct MachineOptions {
    #[command(flatten)]
    pub rig: RigFile,
    #[command(flatten)]
    pub lock: LockOptions,
    #[command(flatten)]
    pub output: OutputOptions,
}

/// Rig, shows and output.
#[derive(Args, Debug, Clone, Default)]
pub struct RigOptions {
    #[command(flatten)]
    pub rig: RigFile,
    /// Where the shows are [default: $STARCOURT_SHOWS, ./shows, /etc/starcourt/shows]
    #[arg(long, value_name = "DIR")]
    pub shows: Option<PathBuf>,
    #[command(flatten)]
    pub output: OutputOptions,
}

#[derive(Args, Debug, Clone, Default)]
pub struct LockOptions {
    /// Where the lock is kept [default: /run/starcourt]
    #[arg(long, value_name = "DIR")]
    pub lock_dir: Option<PathBuf>,
}

/// Which instance is spoken to.
#[derive(Args, Debug, Clone, Default)]
pub struct Whom {
    /// The show that is meant, where several play
    #[arg(value_name = "SHOW")]
    pub show: Option<String>,
    #[command(flatten)]
    pub lock: LockOptions,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Switch {
    On,
    Off,
}

#[derive(Args, Debug, Clone, Default)]
pub struct OutputOptions {
    /// Real pins or simulated ones [default: gpio on a Raspberry Pi, elsewhere sim]
    #[arg(long, value_name = "KIND", ignore_case = true)]
    pub output: Option<OutputKind>,
}

impl ValueEnum for BoardKind {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.meaning()))
    }
}

impl ValueEnum for Active {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::High, Self::Low]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            Self::High => "high",
            Self::Low => "low",
        }))
    }
}

impl ValueEnum for OutputKind {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Gpio, Self::Sim]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let help = match self {
            Self::Gpio => "The pins of this Raspberry Pi",
            Self::Sim => "Simulated lines; the same engine, no hardware",
        };
        Some(PossibleValue::new(self.name()).help(help))
    }
}
