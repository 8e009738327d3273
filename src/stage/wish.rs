//! What a person at the keyboard may wish, and the order that it is.

use crate::ipc::Order;
use crate::speed::Speed;
use crate::volume::VolumeChange;

/// By how much one press of a key makes it louder or softer, in per cent.
const LOUDER: i8 = 5;

/// What a person at the keyboard wishes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wish {
    /// Pause, or go on when paused.
    Pause,
    /// Blackout, or the lights again.
    Blackout,
    Quit,
    /// Ends this show, and what comes after it plays.
    Next,
    Louder,
    Softer,
    /// A key that the stage itself has no use for. Some are orders for a show that plays.
    Key(Key),
}

/// What a key changes, as it is now.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Switched {
    pub is_paused: bool,
    pub is_dark: bool,
    /// A part of the show is played again and again.
    pub is_looped: bool,
    /// How fast time passes.
    pub speed: Speed,
}

impl Wish {
    /// The order for a show that is so now. `None` for what is no order of its own.
    #[must_use]
    pub fn order(self, now: Switched) -> Option<Order> {
        Some(match self {
            Self::Pause if now.is_paused => Order::Resume {},
            Self::Pause => Order::Pause {},
            Self::Blackout => Order::Blackout { on: !now.is_dark },
            Self::Next => Order::Next {},
            Self::Louder => Order::Volume(VolumeChange::By { change: LOUDER }),
            Self::Softer => Order::Volume(VolumeChange::By { change: -LOUDER }),
            Self::Key(Key::Char('l' | 'L')) => Order::Loop { on: !now.is_looped },
            // Without shift on many keyboards.
            Self::Key(Key::Char('<' | ',')) => Order::Speed { to: now.speed.slower() },
            Self::Key(Key::Char('>' | '.')) => Order::Speed { to: now.speed.faster() },
            Self::Key(key) => Order::Seek(place(key)?.parse().expect("it is a place")),
            Self::Quit => return None,
        })
    }
}

/// Where a key has the show go on.
const fn place(key: Key) -> Option<&'static str> {
    Some(match key {
        Key::Left => "-5 s",
        Key::Right => "+5 s",
        Key::ShiftLeft => "-1 bar",
        Key::ShiftRight => "+1 bar",
        Key::Char('r' | 'R') => "0:00",
        _ => return None,
    })
}

/// What a key does in one command only.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KeyMeaning {
    pub key: &'static str,
    /// In a word or two.
    pub short: &'static str,
    pub meaning: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Key {
    /// A letter, digit or sign of ASCII.
    Char(char),
    /// The same with Alt held down.
    Alt(char),
    Enter,
    Backspace,
    Escape,
    Up,
    Down,
    Left,
    Right,
    ShiftLeft,
    ShiftRight,
}
