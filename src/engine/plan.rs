//! What the timing thread plays: a compiled show, and which part of it. Made on any other thread, for it takes memory;
//! the timing thread only takes it up.

use std::sync::Arc;

use crate::realtime::{self, LockedPages};
use crate::timeline::Timeline;

use super::cursor::Cursor;
use super::extent::Extent;

/// A compiled show that is kept from being paged out. Several plans may share it: pages are locked once, however often
/// that is asked for, and unlocked once.
#[derive(Clone, Debug)]
pub(super) struct HeldTimeline {
    timeline: Arc<Timeline>,
    _pages: Arc<LockedPages>,
}

/// A compiled show, which part of it is played, and how far that has come.
#[derive(Debug)]
pub struct Plan {
    pub(super) cursor: Cursor,
    held: HeldTimeline,
    /// Another plan that is over, too, until somebody frees both.
    behind: Option<Box<Self>>,
}

impl HeldTimeline {
    fn new(timeline: Arc<Timeline>) -> Self {
        let pages = Arc::new(realtime::hold(timeline.memory()));
        Self { timeline, _pages: pages }
    }

    /// How many channels it has levels of.
    pub(super) fn channels(&self) -> usize {
        self.timeline.tracks().len()
    }
}

impl Plan {
    /// Plays `extent` of `timeline`, which has a track for each channel of the rig.
    #[must_use]
    pub fn new(timeline: Arc<Timeline>, extent: Extent) -> Self {
        Self::of_part(HeldTimeline::new(timeline), extent)
    }

    pub(super) fn of_part(held: HeldTimeline, extent: Extent) -> Self {
        let cursor = Cursor::new(Arc::clone(&held.timeline), extent);
        Self { cursor, held, behind: None }
    }

    pub(super) const fn extent(&self) -> Extent {
        self.cursor.extent()
    }

    pub(super) fn timeline(&self) -> HeldTimeline {
        self.held.clone()
    }

    /// How many channels it has levels of.
    pub(super) fn channels(&self) -> usize {
        self.held.channels()
    }

    pub(super) fn put_before(&mut self, behind: Option<Box<Self>>) {
        self.behind = behind;
    }
}
