//! What the stage shows and what it may be asked for. Plain values: a scene is complete in itself.

use crate::clock::Leader;
use crate::level::Level;
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
    pub state: State,
    pub outlet: Outlet,
    /// In the rig's order.
    pub lamps: Vec<Lamp>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// For the sound to be heard.
    Waiting,
    Playing,
    Paused,
    /// Dark, while time goes on.
    Blackout,
    FadingOut,
}

impl State {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting for sound",
            Self::Playing => "playing",
            Self::Paused => "paused",
            Self::Blackout => "blackout",
            Self::FadingOut => "fading out",
        }
    }
}

/// Where the levels go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outlet {
    Gpio,
    Simulated,
}

/// A channel as it shines now.
#[derive(Clone, PartialEq, Debug)]
pub struct Lamp {
    pub name: String,
    pub kind: Kind,
    pub line: Line,
    pub level: Level,
}

/// What a person at the keyboard wishes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wish {
    /// Pause, or go on when paused.
    Pause,
    /// Blackout, or the lights again.
    Blackout,
    Quit,
    Louder,
    Softer,
    /// A key that means nothing to the stage, for whoever it means something to.
    Key(Key),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Key {
    /// A letter, digit or sign of ASCII.
    Char(char),
    /// The same with Alt held down.
    Alt(char),
    Enter,
    Left,
    Right,
}

impl Scene {
    /// `1:12 of 3:00`.
    pub(super) fn progress(&self) -> String {
        match self.length {
            Some(length) => format!("{} of {}", self.time.to_minutes(), length.to_minutes()),
            None => self.time.to_minutes(),
        }
    }

    pub(super) const fn leader_name(&self) -> &'static str {
        match self.leader {
            Leader::SoundCard => "sound card leads",
            Leader::Machine => "machine's clock leads",
        }
    }

    pub(super) const fn outlet_name(&self) -> &'static str {
        match self.outlet {
            Outlet::Gpio => "GPIO",
            Outlet::Simulated => "simulated",
        }
    }
}
