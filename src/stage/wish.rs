//! What a person at the keyboard may wish.

/// By how much one press of a key makes it louder or softer, in per cent.
pub const LOUDER: i8 = 5;

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
    /// A key that has no meaning to the stage.
    Key(Key),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Key {
    /// A letter, digit or sign of ASCII.
    Char(char),
    /// The same with Alt held down.
    Alt(char),
    Enter,
    Up,
    Down,
    Left,
    Right,
}
