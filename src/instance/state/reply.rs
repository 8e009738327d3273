//! Who gives an order, and what they get back. Plain values.

use crate::ipc::ConnectionId;
use crate::outcome::Outcome;

/// Who gives an order, and has exactly one [`Reply`] to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Asker {
    Connection(ConnectionId),
    /// The button of this name.
    Button(String),
    Keyboard,
}

/// What was done, in words, or why not.
pub(crate) type Reply = Result<String, Declined>;

/// Why an order was not carried out; nothing has changed then.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Declined {
    pub(crate) why: String,
    /// The exit code of a command that asked.
    pub(crate) exit: u8,
}

impl Declined {
    pub(super) fn new(why: impl Into<String>) -> Self {
        Self { why: why.into(), exit: Outcome::Failed.code() }
    }

    /// It needs a show, and none is playing.
    pub(super) fn nobody(why: impl Into<String>) -> Self {
        Self { why: why.into(), exit: Outcome::Nobody.code() }
    }

    pub(super) fn busy(why: impl Into<String>) -> Self {
        Self { why: why.into(), exit: Outcome::Busy.code() }
    }
}

/// To an order for a show that is ending; `place` is its name and position.
pub(super) fn ending(place: String) -> Declined {
    Declined::new(format!("{place} is ending"))
}
