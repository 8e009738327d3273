//! What a schedule must know about a show before it calls it. Reads no shows.

use std::collections::BTreeMap;
use std::time::Duration;

/// A show as it stands on the bill.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ShowFacts {
    pub length: Duration,
    /// It has music.
    pub sounds: bool,
}

/// The shows that can be played; one that is not among them is passed over.
pub type ShowIndex = BTreeMap<String, ShowFacts>;
