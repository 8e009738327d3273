//! What whoever sits at the keyboard may wish.

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
}
