//! What an instance does at a moment: as it goes over the socket, and as a terminal shows it. Plain values,
//! complete in themselves. `docs/protocol.md` tells the fields.

use std::fmt;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::changed_file::ChangedFile;
use crate::level::Level;
use crate::printable::{is_harmful, printable};
use crate::rig::Kind;

use super::later_version::{known_ones, known_or_default};
use super::show_status::ShowStatus;

/// What an instance does.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Status {
    pub pid: u32,
    /// Whether it is the service, which goes on when a show has ended.
    pub service: bool,
    #[serde(default, deserialize_with = "known_or_default")]
    pub state: PlayState,
    /// Whether time stands still, also in a blackout.
    #[serde(default)]
    pub paused: bool,
    #[serde(default, deserialize_with = "known_or_default")]
    pub output: OutputKind,
    /// The show that plays; over the socket `None` while only something stands between shows.
    pub show: Option<ShowStatus>,
    /// What the service shows while nothing plays; `None` where it is dark.
    #[serde(default, deserialize_with = "known_or_default")]
    pub stands: Option<Standing>,
    /// The shows that go on after this one, the nearest first.
    pub then: Vec<String>,
    /// What the schedule brings next, in words.
    pub next: Option<String>,
    /// The files of the service that are not as it has read them.
    #[serde(default, deserialize_with = "known_or_default")]
    pub changed: Vec<ChangedFile>,
    /// Every channel of the rig that is driven, in the rig's order.
    #[serde(deserialize_with = "known_ones")]
    pub channels: Arc<[ChannelStatus]>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlayState {
    /// No show is on.
    Idle,
    /// For the sound to be heard.
    #[serde(rename = "waiting for sound")]
    Waiting,
    /// Also whatever a later version may say.
    #[default]
    Playing,
    Paused,
    /// Dark, while time goes on.
    Blackout,
    #[serde(rename = "fading out")]
    FadingOut,
}

/// Where the levels go.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutputKind {
    Gpio,
    #[default]
    Sim,
}

/// What stands between shows, by its name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", content = "name", rename_all = "snake_case")]
pub enum Standing {
    /// Of the schedule's looks.
    Look(String),
    /// A show that is repeated without its sound.
    Show(String),
}

/// A channel as it shines.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ChannelStatus {
    pub name: String,
    pub kind: Kind,
    /// Where it is wired, in words: `GPIO 17`.
    #[serde(default)]
    pub address: String,
    /// The BCM number, for a line of the header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gpio: Option<u8>,
    /// On the wire in per cent.
    #[serde(with = "percent")]
    pub level: Level,
}

impl Status {
    /// An instance of this process between shows.
    #[must_use]
    pub fn idle(output: OutputKind) -> Self {
        Self {
            pid: std::process::id(),
            service: false,
            state: PlayState::Idle,
            paused: false,
            output,
            show: None,
            stands: None,
            then: Vec::new(),
            next: None,
            changed: Vec::new(),
            channels: Arc::default(),
        }
    }

    /// The same, in words that steer no terminal: it may come from a sheet of anybody's, or another process.
    #[must_use]
    pub fn printable(mut self) -> Self {
        let show = self.show.iter_mut().flat_map(|show| {
            let optional = [&mut show.bar_beat, &mut show.part, &mut show.cue].map(Option::as_mut);
            [&mut show.name, &mut show.title].into_iter().chain(optional.into_iter().flatten())
        });
        let stands = self.stands.iter_mut().map(|stands| match stands {
            Standing::Look(name) | Standing::Show(name) => name,
        });
        let changed = self.changed.iter_mut().map(|changed| &mut changed.path);
        for text in show.chain(stands).chain(&mut self.then).chain(&mut self.next).chain(changed) {
            *text = printable(text);
        }
        // Hundreds of channels, twenty times a second: they are only copied if one of them has to change.
        let is_harmless = |channel: &ChannelStatus| {
            ![&channel.name, &channel.address].iter().any(|text| text.contains(is_harmful))
        };
        if !self.channels.iter().all(is_harmless) {
            for channel in Arc::make_mut(&mut self.channels) {
                (channel.name, channel.address) = (printable(&channel.name), printable(&channel.address));
            }
        }
        self
    }

    /// The line that answers [`Order::Status`](super::Order::Status), with its end.
    pub(super) fn line(&self) -> Vec<u8> {
        #[derive(Serialize)]
        struct StatusLine<'a> {
            status: &'a Status,
        }
        let mut line =
            serde_json::to_vec(&StatusLine { status: self }).expect("texts and numbers always make JSON");
        line.push(b'\n');
        line
    }

    /// What it does, in words: also that a show stands still in a blackout.
    #[must_use]
    pub const fn state_words(&self) -> &'static str {
        match (self.state, self.paused) {
            (PlayState::Blackout, true) => "paused, blackout",
            (state, _) => state.name(),
        }
    }

    /// How many channels are lit.
    #[must_use]
    pub fn lit(&self) -> usize {
        self.channels.iter().filter(|channel| channel.level.is_lit()).count()
    }
}

impl PlayState {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Waiting => "waiting for sound",
            Self::Playing => "playing",
            Self::Paused => "paused",
            Self::Blackout => "blackout",
            Self::FadingOut => "fading out",
        }
    }
}

impl OutputKind {
    /// As the command line and the status write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gpio => "gpio",
            Self::Sim => "sim",
        }
    }
}

/// `GPIO` or `simulated`.
impl fmt::Display for OutputKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gpio => "GPIO",
            Self::Sim => "simulated",
        })
    }
}

impl Standing {
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Look(name) | Self::Show(name) => name,
        }
    }
}

/// `look dusk`.
impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Look(name) => write!(f, "look {name}"),
            Self::Show(name) => write!(f, "show {name}"),
        }
    }
}

mod percent {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::level::Level;

    pub(super) fn serialize<S: Serializer>(level: &Level, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_f64(f64::from(level.hundredths()) / 100.0)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Level, D::Error> {
        // The cast stops at the ends of its range; no per cent is beyond them.
        Ok(Level::from_hundredths((f64::deserialize(from)? * 100.0).round() as u16))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speed::Speed;
    use crate::time::{LoopRange, ShowTime};

    fn status() -> Status {
        let channel = |(name, kind, bcm, hundredths): (&str, Kind, u8, u16)| ChannelStatus {
            name: name.to_owned(),
            kind,
            address: format!("GPIO {bcm}"),
            gpio: Some(bcm),
            level: Level::from_hundredths(hundredths),
        };
        Status {
            state: PlayState::Paused,
            paused: true,
            show: Some(ShowStatus {
                name: "demo".to_owned(),
                title: "Demo".to_owned(),
                position: ShowTime::from_micros(12_345_678),
                length: Some(ShowTime::from_micros(15_000_000)),
                repeats: Some(LoopRange::new(
                    ShowTime::from_micros(10_000_000),
                    ShowTime::from_micros(14_000_000),
                )),
                speed: Speed::Half,
                bar_beat: Some("3.2".to_owned()),
                beat_permille: Some(250),
                part: Some("verse".to_owned()),
                line: Some(12),
                cue: Some("3.2 neon on".to_owned()),
                sound_leads: true,
                realtime: true,
                late: 3,
                noticeably_late: 1,
                volume: Some(80),
            }),
            channels: [("neon", Kind::Relay, 17, 10_000), ("windows", Kind::Pwm, 18, 1)].map(channel).into(),
            ..Status::idle(OutputKind::Sim)
        }
    }

    fn at_the_other_end(status: &Status) -> Status {
        serde_json::from_str(&serde_json::to_string(status).unwrap()).unwrap()
    }

    #[test]
    fn a_status_comes_out_at_the_other_end() {
        for state in [
            PlayState::Idle,
            PlayState::Waiting,
            PlayState::Playing,
            PlayState::Paused,
            PlayState::Blackout,
            PlayState::FadingOut,
        ] {
            assert_eq!(serde_json::to_value(state).unwrap(), state.name());
            for stands in [None, Some(Standing::Look("dusk".into())), Some(Standing::Show("snow".into()))] {
                let changed = vec![ChangedFile::sample()];
                let status = Status { state, stands, changed, output: OutputKind::Gpio, ..status() };
                assert_eq!(at_the_other_end(&status), status);
            }
        }
    }

    /// The line of `docs/protocol.md`, to the byte.
    #[test]
    fn each_field_has_its_place_in_the_line() {
        let mut status = Status { pid: 7, ..status() };
        let star = &mut Arc::make_mut(&mut status.channels)[1];
        (star.address, star.gpio) = ("sim 41".to_owned(), None);
        let told = serde_json::to_string(&status).unwrap();
        assert_eq!(
            told,
            r#"{"pid":7,"service":false,"state":"paused","paused":true,"output":"sim","show":{"name":"demo","title":"Demo","position_us":12345678,"length_us":15000000,"loop_us":[10000000,14000000],"speed":"half","bar_beat":"3.2","beat_permille":250,"part":"verse","line":12,"cue":"3.2 neon on","sound_leads":true,"realtime":true,"late":3,"noticeably_late":1,"volume":80},"stands":null,"then":[],"next":null,"changed":[],"channels":[{"name":"neon","kind":"relay","address":"GPIO 17","gpio":17,"level":100.0},{"name":"windows","kind":"pwm","address":"sim 41","level":0.01}]}"#
        );
    }

    #[test]
    fn what_another_version_says_is_no_stumbling_block() {
        let mut told = serde_json::to_value(status()).unwrap();
        told["state"] = "dancing".into();
        told["stands"] = serde_json::json!({"kind": "film", "name": "noir"});
        told["channels"][0]["kind"] = "laser".into();
        told["channels"][1]["level"] = 1e9.into();
        told["colour"] = "red".into();
        let shown: Status = serde_json::from_value(told).unwrap();
        assert_eq!((shown.state, &shown.stands), (PlayState::Playing, &None));
        assert_eq!((shown.channels.len(), shown.channels[0].level), (1, Level::FULL));
    }

    #[test]
    fn a_pause_is_told_in_a_blackout_too() {
        for (state, paused, words) in [
            (PlayState::Blackout, true, "paused, blackout"),
            (PlayState::Blackout, false, "blackout"),
            (PlayState::Paused, true, "paused"),
            (PlayState::Playing, false, "playing"),
        ] {
            assert_eq!(Status { state, paused, ..status() }.state_words(), words);
        }
    }

    #[test]
    fn no_text_of_a_printable_status_steers_a_terminal() {
        let red = || "\x1b[31mred".to_owned();
        let mut status = status();
        status.show = status.show.map(|show| ShowStatus {
            name: red(),
            title: red(),
            bar_beat: Some(red()),
            part: Some(red()),
            cue: Some(red()),
            ..show
        });
        status.stands = Some(Standing::Look(red()));
        (status.then, status.next) = (vec![red()], Some(red()));
        status.changed = vec![ChangedFile { path: red(), ..ChangedFile::sample() }];
        let neon = &mut Arc::make_mut(&mut status.channels)[0];
        (neon.name, neon.address) = (red(), red());
        let told = format!("{:?}", status.printable());
        assert_eq!(told.matches("␛[31mred").count(), 11, "{told}");
    }
}
