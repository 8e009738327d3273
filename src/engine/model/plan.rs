//! What the show wants of each channel, wherever the playhead is: by looking it up in the compiled show.

use std::time::Duration;

use crate::clock::Position;
use crate::engine::{Extent, Passes};
use crate::level::Level;
use crate::rig::{ChannelId, Kind, Rig};
use crate::time::ShowTime;
use crate::timeline::Timeline;

#[derive(Clone, Copy)]
pub(super) struct ShowPlan<'a> {
    pub(super) timeline: &'a Timeline,
    pub(super) rig: &'a Rig,
    pub(super) extent: Extent,
}

impl ShowPlan<'_> {
    pub(super) const fn begin(&self) -> Position {
        Position::at(self.extent.from)
    }

    pub(super) fn end(&self) -> Option<Position> {
        match self.extent.passes {
            Passes::Once(length) => Some(Position::at(length)),
            Passes::Loop(_) => None,
        }
    }

    /// The pass of a loop.
    pub(super) fn pass(&self, position: Position) -> i64 {
        self.place(position).0
    }

    pub(super) fn wanted(&self, index: usize, position: Position) -> Level {
        let level = self.timeline.level_at(ChannelId::new(index), self.place(position).1);
        if self.rig.channels[index].kind == Kind::Pwm { level } else { level.switched() }
    }

    /// For how long it is wanted from `position` on, as far as this pass goes.
    pub(super) fn ahead(&self, index: usize, position: Position) -> Duration {
        let here = self.place(position).1;
        let end = match self.extent.passes {
            Passes::Loop(range) => Some(range.end()),
            Passes::Once(_) => self.end().map(|end| self.place(end).1),
        };
        let next = self.timeline.tracks()[index].next_edge(here).into_iter().chain(end).min();
        next.map_or(Duration::MAX, |next| next - here)
    }

    fn place(&self, position: Position) -> (i64, ShowTime) {
        let mut micros = position.0 / 1_000;
        let mut pass = 0;
        if let Passes::Loop(range) = self.extent.passes {
            // One pass after another, not by the formula that is tested.
            while micros >= range.end().micros().cast_signed() {
                micros -= (range.end() - range.start()).as_micros() as i64;
                pass += 1;
            }
        }
        (pass, ShowTime::from_micros(micros.cast_unsigned()))
    }
}
