//! A moment of what an instance does, as a person watches it, in this terminal or another. Plain values,
//! complete in themselves.

use crate::clock::Leader;
use crate::level::Level;
use crate::printable::printable;
use crate::rig::{Kind, Line};
use crate::time::ShowTime;

/// A moment of a show, as a person watches it.
#[derive(Clone, PartialEq, Debug)]
pub struct Scene {
    /// What the show calls itself.
    pub title: String,
    /// NAME of `NAME.show`.
    pub show: String,
    pub time: ShowTime,
    /// `None` while it is not known when the sound ends.
    pub length: Option<ShowTime>,
    /// Musical time as the cue sheet writes it: `17.3`.
    pub bar_beat: Option<String>,
    pub leader: Leader,
    /// Whether the timing thread runs in real time.
    pub realtime: bool,
    /// Edges that came later than they should, so far.
    pub late: u64,
    /// In per cent; `None` when the show is silent.
    pub volume: Option<u8>,
    pub state: PlayState,
    /// What the lights show while no show is on.
    pub stands: Option<Standing>,
    pub outlet: Outlet,
    /// In the rig's order.
    pub channels: Vec<ChannelStatus>,
}

impl Scene {
    /// The same, in words that steer no terminal: it may come from a sheet of anybody's, or another process.
    #[must_use]
    pub fn printable(self) -> Self {
        let stands = self.stands.map(|stands| match stands {
            Standing::Look(name) => Standing::Look(printable(&name)),
            Standing::Show(name) => Standing::Show(printable(&name)),
        });
        let channels = self
            .channels
            .into_iter()
            .map(|channel| ChannelStatus {
                name: printable(&channel.name),
                address: printable(&channel.address),
                ..channel
            })
            .collect();
        Self {
            title: printable(&self.title),
            show: printable(&self.show),
            bar_beat: self.bar_beat.map(|place| printable(&place)),
            stands,
            channels,
            ..self
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PlayState {
    /// No show is on.
    Idle,
    /// For the sound to be heard.
    Waiting,
    Playing,
    Paused,
    /// Dark, while time goes on.
    Blackout,
    FadingOut,
}

impl PlayState {
    pub const ALL: [Self; 6] =
        [Self::Idle, Self::Waiting, Self::Playing, Self::Paused, Self::Blackout, Self::FadingOut];

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

/// What stands between shows, by its name; nothing where it is dark.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Of the schedule's looks.
    Look(String),
    /// A show that is repeated without its sound.
    Show(String),
}

impl Standing {
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Look(name) | Self::Show(name) => name,
        }
    }

    /// `look` or `show`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Look(_) => "look",
            Self::Show(_) => "show",
        }
    }

    /// What [`kind`](Self::kind) and [`name`](Self::name) told; `None` for any other kind.
    #[must_use]
    pub fn of(kind: &str, name: &str) -> Option<Self> {
        let name = name.to_owned();
        [Self::Look(name.clone()), Self::Show(name)].into_iter().find(|standing| standing.kind() == kind)
    }
}

/// `look dusk`.
impl std::fmt::Display for Standing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.kind(), self.name())
    }
}

/// Where the levels go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outlet {
    Gpio,
    Simulated,
}

impl Outlet {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gpio => "gpio",
            Self::Simulated => "sim",
        }
    }
}

/// A channel as it shines now.
#[derive(Clone, PartialEq, Debug)]
pub struct ChannelStatus {
    pub name: String,
    pub kind: Kind,
    /// Where it is, in words: `GPIO 18`, `sim 41`.
    pub address: String,
    /// The line of the header that it is on.
    pub line: Option<Line>,
    pub level: Level,
}

impl Scene {
    /// `1:12 of 3:00`.
    #[must_use]
    pub fn progress(&self) -> String {
        match self.length {
            Some(length) => format!("{} of {}", self.time.to_minutes(), length.to_minutes()),
            None => self.time.to_minutes(),
        }
    }

    #[must_use]
    pub const fn leader_name(&self) -> &'static str {
        match self.leader {
            Leader::SoundCard => "sound card leads",
            Leader::Machine => "machine's clock leads",
        }
    }

    #[must_use]
    pub const fn outlet_name(&self) -> &'static str {
        match self.outlet {
            Outlet::Gpio => "GPIO",
            Outlet::Simulated => "simulated",
        }
    }
}
