//! The commands, with their help. Knows nothing of what they do.

#![allow(
    rustdoc::broken_intra_doc_links,
    reason = "the comments are the help texts: `[default: today]` is no link"
)]

use std::path::PathBuf;

use clap::{Subcommand, ValueHint};

use crate::speed::Speed;
use crate::volume::VolumeChange;

use super::making_options::*;
use super::options::*;
use super::topics::{SCHEDULE, WAYS_TO_END};
use super::values;

/// The word with which `doctor` starts a process that opens a sound device. Not for people.
pub const SOUND_TRIAL: &str = "sound-trial";

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Play a show in this terminal
    #[command(
        after_help = "Examples:\n  starcourt play starcourt\n  starcourt play demo --from 0:05 --silent\n  \
                            starcourt play demo --from 9.1 --to 17.1 --loop      bars 9 to 16, again and again\n  \
                            starcourt play demo --watch --loop           while you write it: each save is seen at once\n  \
                            starcourt play song.ogg             a song without a show\n  \
                            starcourt play bell --interrupt      in the middle of what plays\n  \
                            ssh -t pi starcourt play starcourt"
    )]
    Play {
        /// A show's name, the path of a `.show` file, or a music file; without it, `play` lists the shows
        #[arg(value_name = "SHOW")]
        show: Option<String>,
        #[command(flatten)]
        options: PlayOptions,
    },
    /// Play by schedule, button and command; systemd starts it at boot
    ///
    /// It owns the lights until it is ended.
    #[command(
        after_help = "Examples:\n  starcourt serve                         watch it in a terminal first\n  \
                            sudo systemctl enable --now starcourt   from now on at every boot"
    )]
    Serve {
        #[command(flatten)]
        options: ServeOptions,
    },
    /// Show what is playing; exit code 3 if nothing is
    #[command(after_help = "Examples:\n  starcourt status\n  starcourt status --json\n  \
                            starcourt status porch       where several play\n  \
                            starcourt status --follow    a line whenever something changes")]
    Status {
        /// Print JSON, for other programs
        #[arg(long)]
        json: bool,
        /// Print a line at each change, until the instance ends or Ctrl-C
        #[arg(long)]
        follow: bool,
        #[command(flatten)]
        whom: Whom,
    },
    /// End the show; works from any terminal
    #[command(
        visible_alias = "quit",
        after_help = format!("Examples:\n  starcourt stop\n  starcourt stop porch         if several play\n\n{WAYS_TO_END}")
    )]
    Stop {
        #[command(flatten)]
        whom: Whom,
    },
    /// Freeze the show: its time, its sound and its lights
    #[command(after_help = "Example:\n  starcourt pause")]
    Pause {
        #[command(flatten)]
        whom: Whom,
    },
    /// Continue a paused show, or the schedule after `stop`
    #[command(visible_alias = "unpause", after_help = "Example:\n  starcourt resume")]
    Resume {
        #[command(flatten)]
        whom: Whom,
    },
    /// End this show; in a pause, begin the next show
    #[command(visible_alias = "skip", after_help = format!("Example:\n  starcourt next\n\n{WAYS_TO_END}"))]
    Next {
        #[command(flatten)]
        whom: Whom,
    },
    /// Have the service read the schedule and the rig again
    ///
    /// It checks both first, says what changes, and keeps the old ones if the new ones have mistakes.
    #[command(after_help = "Examples:\n  starcourt reload\n  sudo systemctl reload starcourt")]
    Reload {
        #[command(flatten)]
        lock: LockOptions,
    },
    /// Make every light safe while the show continues, or undo that
    #[command(after_help = "Examples:\n  starcourt blackout on\n  starcourt blackout off\n  \
                            starcourt blackout        shows whether it is on")]
    Blackout {
        /// Without it, the command shows whether the blackout is on
        #[arg(value_name = "on|off", ignore_case = true)]
        state: Option<Switch>,
        #[command(flatten)]
        whom: Whom,
    },
    /// Show, set or change the volume of the music, in percent
    #[command(after_help = "Examples:\n  starcourt volume          shows it\n  starcourt volume 60\n  \
                      starcourt volume +10\n  starcourt volume -10")]
    Volume {
        /// `60`, `+10` or `-10`; without it, the command shows the volume
        #[arg(value_name = "PERCENT", value_parser = values::volume, allow_hyphen_values = true)]
        volume: Option<VolumeChange>,
        #[command(flatten)]
        whom: Whom,
    },
    /// Write a first show for a song, or the rig of your lights
    ///
    /// It never changes a file that is there.
    #[command(
        after_help = "Examples:\n  starcourt new song.ogg                 writes song.show beside the song\n  \
                            starcourt new porch --length 0:30      a show without music\n  \
                            starcourt new --rig                    asks about your board and its pins\n  \
                            starcourt new --rig --board relay --pins 4,5,6,7\n  \
                            starcourt new --rig --board mosfet --channels 3 --names left,middle,right -o strips.toml"
    )]
    New {
        /// A music file, or the name of a show without music
        #[arg(value_name = "SONG", value_hint = ValueHint::FilePath)]
        song: Option<PathBuf>,
        #[command(flatten)]
        options: NewOptions,
    },
    /// Make a show of a file of another program
    ///
    /// What the file is, is found by its content. The show is written beside it; no file that is there is changed.
    /// docs/import.md says what is taken of each format.
    #[command(
        after_help = "Examples:\n  starcourt import labels.txt             beats and parts from Audacity\n  \
                            starcourt import beats.txt bars.txt     several tracks of labels for one song\n  \
                            starcourt import song.txt --name porch --print"
    )]
    Import(ImportOptions),
    /// Copy shows to the Pi over SSH, and check them there
    ///
    /// Their music, frames and beat maps go with them. All files arrive, or none is changed. What plays there continues. SSH asks for a password if it needs one.
    #[command(after_help = "Examples:\n  starcourt send pi@raspberrypi.local porch\n  \
                            starcourt send pi porch second --shows /home/pi/shows\n  \
                            starcourt send pi porch --play        and plays it there")]
    Send {
        /// The other machine, as SSH knows it: `pi@raspberrypi.local`
        #[arg(value_name = "HOST")]
        host: String,
        /// Names of shows, or paths of `.show` files
        #[arg(value_name = "SHOW", required = true)]
        names: Vec<String>,
        /// The folder there [default: its $STARCOURT_SHOWS, /etc/starcourt/shows]
        #[arg(long, value_name = "DIR")]
        shows: Option<String>,
        /// Play the show there afterwards
        #[arg(long)]
        play: bool,
    },
    /// Let the show that plays go on somewhere else
    #[command(
        after_help = "Examples:\n  starcourt seek +10s       ten seconds later\n  starcourt seek -2 bars\n  \
                      starcourt seek 84.1       at bar 84\n  starcourt seek 1:20\n  starcourt seek 0:00       \
                      from its beginning\n\nBefore the part that plays, it goes on at its beginning. A step beyond its \
                      end ends the show.\nA paused show stays paused there."
    )]
    Seek {
        /// A time (`1:20`, `80 s`, `84.1`), or a step from here (`+10s`, `-2 bars`, `+1 beat`)
        #[arg(value_name = "PLACE", allow_hyphen_values = true)]
        place: String,
        #[arg(value_name = "UNIT", hide = true)]
        unit: Option<String>,
        #[command(flatten)]
        whom: Whom,
    },
    /// Repeat the part of the show that plays now, or play on
    ///
    /// The part is the section or the heading that the stage and `status` name: a section to the end of its last bar, and
    /// what is below a heading to the next heading. Without a part, it is all that plays.
    #[command(
        after_help = "Examples:\n  starcourt loop on\n  starcourt loop off        plays on to the end\n  \
                            starcourt loop            shows what repeats"
    )]
    Loop {
        /// Without it, the command shows what repeats
        #[arg(value_name = "on|off", ignore_case = true)]
        state: Option<Switch>,
        #[command(flatten)]
        whom: Whom,
    },
    /// Play at half or double speed, without sound: with simulated lights
    ///
    /// It holds until the show ends or you set another speed. At normal speed the sound comes back, at the place where the
    /// show is.
    #[command(
        after_help = "Examples:\n  starcourt speed half      also 0.5\n  starcourt speed double    also 2\n  \
                            starcourt speed normal    also 1\n  starcourt speed           shows it"
    )]
    Speed {
        /// Without it, the command shows the speed
        #[arg(value_name = "half|normal|double", value_parser = values::speed)]
        speed: Option<Speed>,
        #[command(flatten)]
        whom: Whom,
    },
    /// List the shows, with their lengths and channels
    #[command(
        visible_aliases = ["shows", "ls"],
        after_help = "Examples:\n  starcourt list\n  starcourt list --shows ~/shows\n  starcourt list --json"
    )]
    List {
        /// Print JSON, for other programs
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        stage: RigOptions,
    },
    /// Check rig, shows and schedule: all mistakes at once, and warnings
    ///
    /// A warning is about what could do harm, or has no effect.
    #[command(
        after_help = "Examples:\n  starcourt check              all shows\n  starcourt check porch        one of them"
    )]
    Check {
        /// Names of shows, or paths of `.show` files; without any, all shows
        #[arg(value_name = "SHOW")]
        names: Vec<String>,
        /// Print JSON, for other programs
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        stage: RigOptions,
        #[command(flatten)]
        schedule: ScheduleFile,
    },
    /// Show what a show does to the lights, without playing it
    ///
    /// In the terminal: a row a channel, a column a beat or a bar. With -o: a picture, or a table of all changes.
    #[command(after_help = "Examples:\n  starcourt render starcourt\n  \
                            starcourt render starcourt --from 17.1 --to 25.1 --by beat\n  \
                            starcourt render starcourt -o starcourt.svg      a picture to look at or to print\n  \
                            starcourt render starcourt -o starcourt.csv      every change of a level")]
    Render {
        /// A show's name, or the path of a `.show` file; without it, `render` lists the shows
        #[arg(value_name = "SHOW")]
        show: Option<String>,
        #[command(flatten)]
        options: RenderOptions,
    },
    /// Show a show in the browser: its lamps, its sound and its cues
    ///
    /// You see every lamp glow, hear the song, and find the line behind a moment. What you save is there at once.
    /// No light is driven.
    #[command(after_help = "Examples:\n  starcourt preview starcourt\n  \
                            starcourt preview starcourt --photo house.jpg\n  \
                            starcourt preview starcourt -o starcourt.html    one file, for somebody else\n  \
                            starcourt preview starcourt -o starcourt.json    for other programs")]
    Preview {
        /// A show's name, or the path of a `.show` file; without it, `preview` lists the shows
        #[arg(value_name = "SHOW")]
        show: Option<String>,
        #[command(flatten)]
        options: PreviewOptions,
    },
    /// Show what plays in the coming week, and why nothing does
    #[command(after_help = SCHEDULE)]
    Schedule {
        #[command(flatten)]
        options: ScheduleOptions,
    },
    /// For emergencies: end every instance and make every channel safe
    #[command(
        visible_alias = "panic",
        after_help = format!("Examples:\n  starcourt off\n  starcourt off --if-free      leaves a running show alone\n\n{WAYS_TO_END}")
    )]
    Off {
        /// Only if no show plays and no service runs: leave an instance alone
        #[arg(long)]
        if_free: bool,
        /// Simulated lines: the file that `play --pins` keeps them in
        #[arg(long, value_name = "FILE")]
        pins: Option<PathBuf>,
        #[command(flatten)]
        machine: MachineOptions,
    },
    /// Measure the timing of this machine: how late edges come
    #[command(
        after_help = "Examples:\n  starcourt bench              about a minute; no show may play meanwhile\n  \
                            starcourt bench --json --seconds 30\n  \
                            starcourt bench --pin 21     a square wave of 50 Hz, for an oscilloscope"
    )]
    Bench {
        #[command(flatten)]
        options: BenchOptions,
    },
    /// Light one channel after another, and show its name and pin
    #[command(after_help = "Examples:\n  starcourt test\n  starcourt test neon --seconds 5\n  \
                            starcourt test windows       a group\n  \
                            starcourt test --step        waits for a key at each channel")]
    Test {
        #[command(flatten)]
        options: TestOptions,
    },
    /// Find the speaker's latency with a click and a flash
    ///
    /// The arrow keys move the flash until both happen together; Enter writes the latency into the rig.
    #[command(
        after_help = "Examples:\n  ssh -t pi starcourt calibrate\n  starcourt calibrate --channel windows"
    )]
    Calibrate {
        /// The channel that flashes [default: the first]
        #[arg(long, value_name = "NAME")]
        channel: Option<String>,
        /// Keep the simulated outputs in this text file: one character a GPIO line, then one `name level` a line
        #[arg(long, value_name = "FILE")]
        pins: Option<PathBuf>,
        #[command(flatten)]
        machine: MachineOptions,
    },
    /// Tap the beats of a song, to find its tempo and make its beat map
    ///
    /// The space bar is a beat, Enter the first beat of a bar. Taps that are missing or doubled do no harm. 16 bars of a
    /// steady song give its tempo and all of its beats. No light is driven.
    #[command(
        after_help = "Examples:\n  starcourt tap song.ogg                writes song-beats.txt beside it\n  \
                            starcourt tap porch --write           and the tempo line of the show `porch`\n  \
                            starcourt tap porch --from 1:20 --to 1:50    only this part again\n  \
                            starcourt tap porch --click           hear the beats as clicks"
    )]
    Tap {
        /// A music file, a show's name, or the path of a `.show` file
        #[arg(value_name = "SONG")]
        song: String,
        #[command(flatten)]
        options: TapOptions,
    },
    /// Write a show from what is heard in a song, for your lights
    ///
    /// It listens to the song, and writes a cue sheet in bars and beats beside it, for the channels and groups of the rig. No
    /// file that is there is changed. docs/commands.md says what it listens to and how it shares out the lights.
    #[command(
        after_help = "Examples:\n  starcourt compose song.ogg                       writes song.show beside it\n  \
                            starcourt compose song.ogg --seed 2 --name song_2   another one\n  \
                            starcourt compose song.ogg --tempo 90 --first-beat 0:01.2   if the beats are wrong\n  \
                            starcourt compose song.ogg --print"
    )]
    Compose(ComposeOptions),
    /// Hear the tempo, the bars and the parts of a song
    ///
    /// It says how sure it is, and which parts are doubtful. With --write it writes them as `tap` does, with --labels for
    /// Audacity.
    #[command(after_help = "Examples:\n  starcourt listen song.ogg             says what it hears\n  \
                            starcourt listen song.ogg --write     and writes song-beats.txt beside it\n  \
                            starcourt listen porch --write        and the tempo line of the show `porch`\n  \
                            starcourt listen song.ogg --labels    writes song-labels.txt for Audacity\n  \
                            starcourt listen song.ogg --json")]
    Listen(ListenOptions),
    /// Send to the lights on the network, for what plays here
    ///
    /// A rig with a `[network]` table needs it beside `play` or `serve`. docs/network.md describes receivers.
    #[command(
        after_help = "Examples:\n  starcourt net                               watch it in a terminal first\n  \
                            sudo systemctl enable --now starcourt-net   from now on at every boot"
    )]
    Net {
        #[command(flatten)]
        lock: LockOptions,
    },
    /// What an instance starts for itself, to make the lights safe if it dies
    #[command(name = crate::guardian::COMMAND, hide = true)]
    Guardian,
    /// What makes one bus safe, for a guardian and for `off`
    #[command(name = crate::output::i2c::COMMAND, hide = true)]
    SafeBus,
    /// What `doctor` starts as another user: opens a sound device and says how that went
    #[command(name = SOUND_TRIAL, hide = true)]
    SoundTrial {
        #[arg(value_name = "DEVICE")]
        device: String,
    },
    /// Find problems on this machine, with the command that fixes each
    #[command(
        after_help = "Examples:\n  starcourt doctor\n  starcourt doctor --rig /etc/starcourt/rig.toml\n  starcourt doctor --json"
    )]
    Doctor {
        /// Print JSON, for other programs
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        machine: MachineOptions,
    },
}
