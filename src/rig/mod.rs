//! The rig: the channels wired to this Pi, their groups, limits and audio output.
//! Knows nothing of shows, threads or how a pin is driven.

mod address;
mod amend;
mod boot;
mod button;
mod chain;
mod chain_keys;
mod changes;
mod channel;
mod chip_address;
mod expander;
mod expander_keys;
mod expander_output;
mod find;
mod groups;
mod header;
mod host;
mod host_keys;
mod i2c;
mod i2c_keys;
mod line;
mod meant;
mod network;
mod network_checks;
mod network_keys;
mod network_output;
mod order;
mod output_givers;
mod read;
mod units;
mod wiring;
mod words;

pub use address::Address;
pub use amend::{AmendError, keep_latency};
pub use chain::{Chain, ChainOutput};
pub use changes::changes;
pub use expander::{Expander, ExpanderChip};
pub use find::{find_simulated, find_wired, load};
pub use header::{HeaderPin, contact as header_contact};
pub use host::{HostFlaw, NetworkHost};
pub use i2c::{I2cChip, I2cModel, I2cOutput};
pub use line::Line;
pub use network::{NetworkOutput, NetworkReceiver, Pixel, Receiver, SacnDestination};
pub use order::ButtonOrder;
pub use read::read;
pub use words::{RESERVED_WORDS, is_name, is_plain_name};
pub(crate) use words::{is_called, nearest_name};

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::config::{document, fields, report, tried};
use crate::level::Level;
use crate::time::Offset;

/// A channel by its place in [`Rig::channels`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ChannelId(u16);

impl ChannelId {
    /// # Panics
    /// Above 65,535; a rig has at most [`Rig::MOST_CHANNELS`].
    #[must_use]
    pub fn new(index: usize) -> Self {
        Self(u16::try_from(index).expect("a rig has fewer channels than 16 bits can count"))
    }

    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A mechanical relay: on or off, slow to move, worn by switching.
    Relay,
    /// A solid-state relay: on or off, never worn, not to be dimmed by PWM.
    Ssr,
    /// A dimmed output: LEDs behind a transistor or driver.
    Pwm,
    /// A light that is sent its level and dims by itself, such as pixels or a DMX dimmer.
    Dimmer,
}

impl Kind {
    pub const ALL: [Self; 4] = [Self::Relay, Self::Ssr, Self::Pwm, Self::Dimmer];

    /// Whether levels between off and full exist for it.
    #[must_use]
    pub const fn dims(self) -> bool {
        matches!(self, Self::Pwm | Self::Dimmer)
    }

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Relay => "relay",
            Self::Ssr => "ssr",
            Self::Pwm => "pwm",
            Self::Dimmer => "dimmer",
        }
    }
}

/// The line level that means "lit".
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Active {
    #[default]
    High,
    Low,
}

/// How a level becomes light on a dimmed channel.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Curve {
    /// Equal steps look equal (CIE 1931 lightness).
    #[default]
    Cie1931,
    /// Duty cycle equals level.
    Linear,
}

/// One light output.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Channel {
    pub name: String,
    pub address: Address,
    pub kind: Kind,
    pub active: Active,
    /// What it shows when nobody plays: [`Level::OFF`] or [`Level::FULL`], nothing between.
    pub safe: Level,
    /// Once lit, it stays lit at least this long (relays; zero for others unless the rig says so).
    pub min_on: Duration,
    /// Once dark, it stays dark at least this long.
    pub min_off: Duration,
    /// Edges are sent this much early, so that a slow contact closes on the beat.
    pub lead: Duration,
    pub curve: Curve,
    /// The dimmest level that still gives light: a level just above 0 starts here (dimmed channels only).
    pub floor: Level,
    /// The level sent for full (dimmed channels only).
    pub ceiling: Level,
    /// Where a resistor outside holds the line while no program drives it; `None` without one.
    pub resistor: Option<Pull>,
}

/// What holds a line that nothing drives: a button's while nobody presses it, or a channel's before a program runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Pull {
    #[default]
    Up,
    Down,
    /// A resistor outside does it.
    Off,
}

impl Pull {
    /// The side that a line pulled like this leaves when its button is pressed.
    #[must_use]
    pub const fn pressed(self) -> Active {
        match self {
            Self::Up | Self::Off => Active::Low,
            Self::Down => Active::High,
        }
    }

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Off => "off",
        }
    }
}

/// A push button, wired to a line of its own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Button {
    pub name: String,
    pub line: Line,
    pub pull: Pull,
    /// What the line is while it is pressed.
    pub active: Active,
    /// After a change nothing counts for so long: contacts bounce.
    pub debounce: Duration,
    /// Pressed this long, it is held.
    pub hold_after: Duration,
    pub press: Option<ButtonOrder>,
    pub hold: Option<ButtonOrder>,
    pub double: Option<ButtonOrder>,
    /// What stands for it in a simulation.
    pub key: Option<char>,
}

impl Button {
    /// Everything that it may order.
    pub fn orders(&self) -> impl Iterator<Item = &ButtonOrder> {
        [&self.press, &self.hold, &self.double].into_iter().flatten()
    }
}

/// Channels under one name, in the order in which effects run along them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    pub name: String,
    pub channels: Vec<ChannelId>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Audio {
    /// An ALSA device name.
    pub device: String,
    /// How much later the speaker sounds than the sound card thinks.
    pub latency: Offset,
    /// Silence before the music, for devices that swallow the first seconds of what they are given.
    pub lead_in: Duration,
    /// Without this device the show does not play.
    pub required: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// How many channels the power supply carries lit at once.
    pub on_at_once: Option<usize>,
    /// Flashes a second above which `check` warns; `None` where the rig's owner switched it off.
    pub flash: Option<u32>,
}

/// Which launches exclude each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum LockScope {
    /// One instance on this machine.
    #[default]
    Machine,
    /// One instance a show; no two share a line.
    Show,
}

/// What becomes of the lines when a show has ended and they are at their safe levels.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Release {
    /// They stay driven at the safe level.
    #[default]
    Driven,
    /// They become inputs, and float unless a resistor holds them.
    Input,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rig {
    /// At most [`Rig::MOST_CHANNELS`], each on an output of its own.
    pub channels: Vec<Channel>,
    pub groups: Vec<Group>,
    /// Each on lines of its own or on the lines of its bus, which carry no channel.
    pub expanders: Vec<Expander>,
    /// Each by one name.
    pub receivers: Vec<NetworkReceiver>,
    /// Each on a line of its own that carries no channel.
    pub buttons: Vec<Button>,
    pub audio: Audio,
    pub limits: Limits,
    /// Lines that something else on this Pi uses.
    pub reserved: Vec<Line>,
    /// Periods a second of all PWM, in software and in the chip, in hertz.
    pub pwm_frequency: u32,
    /// How long the first Ctrl-C or `stop` fades.
    pub stop_fade: Duration,
    pub release: Release,
    pub lock: LockScope,
}

impl Rig {
    /// Far more than a person writes into one file.
    pub const MOST_CHANNELS: usize = 4_096;

    /// How long one period of PWM lasts.
    #[must_use]
    pub fn pwm_period(&self) -> Duration {
        Duration::from_nanos(1_000_000_000 / u64::from(self.pwm_frequency.max(1)))
    }

    #[must_use]
    pub fn channel(&self, id: ChannelId) -> &Channel {
        &self.channels[id.index()]
    }

    #[must_use]
    pub fn channel_named(&self, name: &str) -> Option<ChannelId> {
        self.channels.iter().position(|channel| channel.name == name).map(ChannelId::new)
    }

    #[must_use]
    pub fn group_named(&self, name: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.name == name)
    }

    /// The channels that `name` means: all, one, or those of a group.
    #[must_use]
    pub fn channels_named(&self, name: &str) -> Option<Vec<ChannelId>> {
        match self.channel_named(name) {
            Some(channel) => Some(vec![channel]),
            None if name == "all" => Some(self.channel_ids().collect()),
            None => self.group_named(name).map(|group| group.channels.clone()),
        }
    }

    /// The names of all channels, then of all groups.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let channels = self.channels.iter().map(|channel| channel.name.as_str());
        channels.chain(self.groups.iter().map(|group| group.name.as_str()))
    }

    pub fn channel_ids(&self) -> impl Iterator<Item = ChannelId> + use<> {
        (0..self.channels.len()).map(ChannelId::new)
    }

    /// Where `address` is, in the words of this rig: `GPIO 17`, `board.31`, `roof.A3`, `wled.1-150` or `sim 41`.
    #[must_use]
    pub fn place(&self, address: Address) -> String {
        let output = match address {
            Address::Chain(output) => output.number().to_string(),
            Address::I2c(output) => output.label(),
            Address::Network(output) => {
                let is_its = |receiver: &&NetworkReceiver| receiver.receiver == output.receiver();
                return match self.receivers.iter().find(is_its) {
                    Some(receiver) => format!("{}.{}", receiver.name, output.label()),
                    None => address.to_string(),
                };
            }
            Address::Line(_) | Address::PwmBlock(_) | Address::Simulated(_) => return address.to_string(),
        };
        match self.expanders.iter().find(|expander| expander.chip.has(address)) {
            Some(expander) => format!("{}.{output}", expander.name),
            None => address.to_string(),
        }
    }

    /// Where the outputs of all channels are, in channel order.
    pub fn addresses(&self) -> impl Iterator<Item = Address> {
        self.channels.iter().map(|channel| channel.address)
    }
}
