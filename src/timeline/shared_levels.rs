//! Levels one after another that several channels show: kept once, however many they are. Knows no cues.

use std::sync::Arc;
use std::time::Duration;

use crate::level::Level;
use crate::show::Levels;
use crate::time::ShowTime;

/// Times and levels, rising in time, no level twice in a row. The first holds before its time, the last for ever.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct SharedLevels {
    levels: Arc<[(ShowTime, Level)]>,
    /// Those that all of them lie between.
    pub(super) between: Levels,
    /// All of them come so much sooner.
    lead: Duration,
}

impl SharedLevels {
    /// `None` if there are no levels.
    pub(super) fn new(levels: &Arc<[(ShowTime, Level)]>, between: Levels) -> Option<Self> {
        (!levels.is_empty()).then(|| Self { levels: Arc::clone(levels), between, lead: Duration::ZERO })
    }

    pub(super) fn level_at(&self, time: ShowTime) -> Level {
        self.levels[self.begun(time).saturating_sub(1)].1
    }

    /// The changes after `after`, in order of time.
    pub(super) fn changes_after(&self, after: ShowTime) -> impl Iterator<Item = (ShowTime, Level)> + '_ {
        // What holds before its time is no change.
        let rest = &self.levels[self.begun(after).max(1)..];
        rest.iter().map(|(time, level)| (time.saturating_sub(self.lead), *level))
    }

    #[must_use]
    pub(super) fn earlier(&self, lead: Duration) -> Self {
        Self { levels: Arc::clone(&self.levels), between: self.between, lead: self.lead + lead }
    }

    pub(super) fn memory(&self) -> std::ops::Range<*const u8> {
        let range = self.levels.as_ptr_range();
        range.start.cast()..range.end.cast()
    }

    /// How many have begun by `time`.
    fn begun(&self, time: ShowTime) -> usize {
        let time = time + self.lead;
        self.levels.partition_point(|(start, _)| *start <= time)
    }
}
