//! What an instance does at a moment, in the form in which it goes over the socket; made of a scene, and
//! made into one at the other end. `docs/protocol.md` tells its fields.

use serde::{Deserialize, Serialize};

use crate::clock::Leader;
use crate::level::Level;
use crate::rig::{Kind, Line};
use crate::scene::{ChannelStatus, Outlet, PlayState, Scene, Standing};
use crate::time::ShowTime;

/// What an instance does.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Status {
    pub pid: u32,
    /// Whether it is the service, which goes on when a show has ended.
    pub service: bool,
    /// `idle`, `waiting for sound`, `playing`, `paused`, `blackout` or `fading out`.
    pub state: String,
    /// `gpio` or `sim`.
    pub output: String,
    pub show: Option<OnStage>,
    /// What the service shows while nothing plays; nothing where it is dark.
    pub stands: Option<Stands>,
    /// The shows that go on after this one, the nearest first.
    pub then: Vec<String>,
    /// What the schedule brings next, in words.
    pub next: Option<String>,
    /// Every channel of the rig that is driven, in the rig's order.
    pub channels: Vec<ChannelReport>,
}

/// The show that is on.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OnStage {
    pub name: String,
    pub title: String,
    pub position_us: u64,
    pub length_us: Option<u64>,
    /// Musical time as the cue sheet writes it: `17.3`.
    pub bar_beat: Option<String>,
    /// Whether the sound card sets the pace, or the machine's clock.
    pub sound_leads: bool,
    /// Whether the timing thread runs in real time.
    pub realtime: bool,
    /// Edges that came more than a millisecond late.
    pub late: u64,
    /// In per cent; nothing when the show is silent.
    pub volume: Option<u8>,
}

/// What stands between shows.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Stands {
    /// `look`, or `show` for one that is repeated without its sound.
    pub kind: String,
    pub name: String,
}

/// A channel as it shines.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ChannelReport {
    pub name: String,
    /// `relay`, `ssr` or `pwm`.
    pub kind: String,
    /// Where it is, in words: `GPIO 18`, `sim 41`.
    #[serde(default)]
    pub address: String,
    /// The BCM number of its line, where it is on the header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gpio: Option<u8>,
    /// In per cent.
    pub level: f64,
}

impl Status {
    /// What `scene` shows; `pid`, `service`, `then` and `next` are the instance's to fill in.
    #[must_use]
    pub fn of(scene: &Scene) -> Self {
        // Nothing is in a blackout, too.
        let is_on = scene.state != PlayState::Idle && !scene.show.is_empty() && scene.stands.is_none();
        let on_stage = OnStage {
            name: scene.show.clone(),
            title: scene.title.clone(),
            position_us: scene.time.micros(),
            length_us: scene.length.map(ShowTime::micros),
            bar_beat: scene.bar_beat.clone(),
            sound_leads: scene.leader == Leader::SoundCard,
            realtime: scene.realtime,
            late: scene.late,
            volume: scene.volume,
        };
        let lit = |lamp: &ChannelStatus| ChannelReport {
            name: lamp.name.clone(),
            kind: lamp.kind.name().to_owned(),
            address: lamp.address.clone(),
            gpio: lamp.line.map(Line::bcm),
            level: f64::from(lamp.level.hundredths()) / 100.0,
        };
        Self {
            pid: std::process::id(),
            service: false,
            state: scene.state.name().to_owned(),
            output: scene.outlet.name().to_owned(),
            show: is_on.then_some(on_stage),
            stands: scene
                .stands
                .as_ref()
                .map(|stands| Stands { kind: stands.kind().to_owned(), name: stands.name().to_owned() }),
            then: Vec::new(),
            next: None,
            channels: scene.channels.iter().map(lit).collect(),
        }
    }

    /// The scene to be shown elsewhere. What this version does not know is left out or shown as playing:
    /// the instance may be of another.
    #[must_use]
    pub fn scene(&self) -> Scene {
        let state = PlayState::ALL.into_iter().find(|state| state.name() == self.state);
        let on = self.show.as_ref();
        let lamp = |lit: &ChannelReport| {
            let kind = Kind::ALL.into_iter().find(|kind| kind.name() == lit.kind)?;
            // A cast holds on to the ends of the range; no per cent is beyond them.
            let level = Level::from_hundredths((lit.level * 100.0).round() as u16);
            let line = lit.gpio.and_then(Line::new);
            // An older version tells lines only.
            let address = line.filter(|_| lit.address.is_empty()).map(|line| line.to_string());
            let address = address.unwrap_or_else(|| lit.address.clone());
            Some(ChannelStatus { name: lit.name.clone(), kind, address, line, level })
        };
        Scene {
            title: on.map_or_else(String::new, |on| on.title.clone()),
            show: on.map_or_else(String::new, |on| on.name.clone()),
            time: ShowTime::from_micros(on.map_or(0, |on| on.position_us)),
            length: on.and_then(|on| on.length_us).map(ShowTime::from_micros),
            bar_beat: on.and_then(|on| on.bar_beat.clone()),
            leader: if on.is_some_and(|on| on.sound_leads) { Leader::SoundCard } else { Leader::Machine },
            realtime: on.is_some_and(|on| on.realtime),
            late: on.map_or(0, |on| on.late),
            volume: on.and_then(|on| on.volume),
            state: state.unwrap_or(PlayState::Playing),
            stands: self.stands.as_ref().and_then(|stands| Standing::of(&stands.kind, &stands.name)),
            outlet: if self.output == Outlet::Gpio.name() { Outlet::Gpio } else { Outlet::Simulated },
            channels: self.channels.iter().filter_map(lamp).collect(),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::ipc) fn scene() -> Scene {
        let lamp = |(name, kind, bcm, hundredths): (&str, Kind, u8, u16)| ChannelStatus {
            name: name.to_owned(),
            kind,
            address: format!("GPIO {bcm}"),
            line: Line::new(bcm),
            level: Level::from_hundredths(hundredths),
        };
        Scene {
            title: "Demo".to_owned(),
            show: "demo".to_owned(),
            time: ShowTime::from_micros(12_345_678),
            length: Some(ShowTime::from_micros(15_000_000)),
            bar_beat: Some("3.2".to_owned()),
            leader: Leader::SoundCard,
            realtime: true,
            late: 3,
            volume: Some(80),
            state: PlayState::Paused,
            stands: None,
            outlet: Outlet::Simulated,
            channels: [("neon", Kind::Relay, 17, 10_000), ("windows", Kind::Pwm, 18, 1)].map(lamp).into(),
        }
    }

    #[test]
    fn a_scene_comes_out_at_the_other_end() {
        for (state, leader, outlet) in [
            (PlayState::Paused, Leader::SoundCard, Outlet::Simulated),
            (PlayState::FadingOut, Leader::Machine, Outlet::Gpio),
        ] {
            let scene = Scene { state, leader, outlet, ..scene() };
            let text = serde_json::to_string(&Status::of(&scene)).unwrap();
            assert_eq!(serde_json::from_str::<Status>(&text).unwrap().scene(), scene, "{text}");
        }
    }

    #[test]
    fn an_idle_instance_has_no_show() {
        let status = Status::of(&Scene { state: PlayState::Idle, ..scene() });
        assert_eq!((status.show.as_ref(), status.scene().state), (None, PlayState::Idle));
    }

    #[test]
    fn what_stands_between_shows_is_no_show_also_in_a_blackout() {
        for (state, stands) in [
            (PlayState::Idle, Standing::Look("dusk".into())),
            (PlayState::Blackout, Standing::Show("snow".into())),
        ] {
            let status = Status::of(&Scene { state, stands: Some(stands.clone()), ..scene() });
            let text = serde_json::to_string(&status).unwrap();
            let seen = serde_json::from_str::<Status>(&text).unwrap().scene();
            assert_eq!((status.show, seen.state, seen.stands), (None, state, Some(stands)));
        }
    }

    #[test]
    fn what_another_version_says_is_no_stumbling_block() {
        let mut status = Status::of(&scene());
        status.state = "dancing".to_owned();
        status.channels[0].kind = "laser".to_owned();
        status.channels[1].level = 1e9;
        let shown = status.scene();
        assert_eq!(
            (shown.state, shown.channels.len(), shown.channels[0].level),
            (PlayState::Playing, 1, Level::FULL)
        );
    }
}
