//! The options of the commands that make shows and rigs: from a song, from taps, from other programs. Knows no commands.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::options::{OutputOptions, RigOptions};
use super::values;
use crate::rig::Active;
use crate::show::{Measure, SheetTime};
use crate::template::BoardKind;
use crate::time::{Offset, ShowTime, parse_offset};

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
#[command(group = clap::ArgGroup::new("written").multiple(true))]
pub struct ListenOptions {
    /// A music file, a show's name, or the path of a `.show` file
    #[arg(value_name = "SONG")]
    pub song: String,
    /// Write the beat map and, of a show, its tempo line
    #[arg(long, group = "written", conflicts_with = "json")]
    pub write: bool,
    /// Write what is heard as labels for Audacity: parts, moments, bars and beats
    #[arg(long, group = "written", conflicts_with = "json")]
    pub labels: bool,
    /// With --write or --labels, also where such a file is already; the old one is kept beside it
    #[arg(long, requires = "written")]
    pub replace: bool,
    /// Print JSON, for other programs
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub stage: RigOptions,
}

#[derive(Args, Debug, Clone)]
pub struct ComposeOptions {
    /// A music file
    #[arg(value_name = "SONG")]
    pub song: String,
    /// What the show is called [default: as the song's file]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Another number gives another show; the same number gives the same one again
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = values::seed)]
    pub seed: u64,
    /// Beats a minute, if they are heard wrongly: 20 to 400, the same all along
    #[arg(long, value_name = "BPM", value_parser = values::bpm)]
    pub tempo: Option<f64>,
    /// When the first beat of bar 1, or of any bar, is: `0:01.250` or `1.25`
    #[arg(long, value_name = "TIME", value_parser = values::place)]
    pub first_beat: Option<ShowTime>,
    /// Print the show, and write nothing
    #[arg(long)]
    pub print: bool,
    #[command(flatten)]
    pub stage: RigOptions,
}

#[derive(Args, Debug, Clone)]
pub struct ImportOptions {
    /// The file; of label files also several, for one song
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::FilePath)]
    pub files: Vec<PathBuf>,
    /// Which light a channel of the file is: `1=neon`, `4-6=windows`, `1=none` [default: by name, else in order]
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
