//! The time in which an entry has shows to play. Knows not which show is next.

use std::sync::Arc;

use jiff::ZonedDateTime;
use jiff::civil::Date;

use super::{Entry, Playlist};

/// The time of an entry that has shows to play.
#[derive(Clone, PartialEq, Debug)]
pub struct Slot {
    pub entry: Arc<Entry>,
    pub playlist: Arc<Playlist>,
    /// The day on which it began, also after midnight.
    pub day: Date,
    pub start: ZonedDateTime,
    /// Excluded.
    pub end: ZonedDateTime,
    /// It plays one show at its start, instead of one after another.
    pub once: bool,
}
