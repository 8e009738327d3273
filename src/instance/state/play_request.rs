//! A show that is to play: which, how, and before whom it has to step back. Pure.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::{Ending, EngineReport, Extent, NOTICEABLE, Passes};
use crate::ipc::{ConnectionId, Seek, Standing};
use crate::loading::LoadedShow;
use crate::schedule::Booking;
use crate::service::hooks::{HookContext, HookEvent};
use crate::speed::Speed;
use crate::time::{LoopRange, ShowTime};

/// Who may interrupt whom: a show gives way to one of its own rank or a higher one, and comes back after it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Rank(u8);

impl Rank {
    /// What stands between shows: every show may take its place.
    pub(crate) const IDLE: Self = Self(0);
    /// A person's order: above all that the schedule brings.
    pub(crate) const ORDERED: Self = Self(u8::MAX);

    /// Of the schedule, by its priority.
    pub(super) fn scheduled(priority: u8) -> Self {
        Self(priority.saturating_add(1).min(Self::ORDERED.0 - 1))
    }
}

/// What is left of a part at the edge of what is played is not looped if it is shorter: lights would flash.
const SHORTEST_PART: Duration = Duration::from_secs(1);

/// A show that is to play.
pub(crate) struct PlayRequest {
    pub(crate) loaded: Arc<LoadedShow>,
    /// Which part of it, once or again and again.
    pub(crate) extent: Extent,
    /// Where it was to begin, of a show that was interrupted: it comes back later than that.
    pub(crate) first_begin: Option<ShowTime>,
    /// Where it was to end, before somebody has looped a part of it.
    pub(crate) first_end: Option<ShowTime>,
    pub(crate) silent: bool,
    /// In per cent; else that of the instance.
    pub(crate) volume: Option<u8>,
    pub(crate) rank: Rank,
    /// Whose show it is, where it ends with their connection.
    pub(crate) owner: Option<ConnectionId>,
    /// Of the schedule, where that brings it.
    pub(crate) booking: Option<Booking>,
    /// It is no show that plays, but this, between shows; its rank is [`Rank::IDLE`] then.
    pub(crate) stands: Option<Standing>,
    /// It was interrupted while it was paused, and comes back so.
    pub(crate) is_paused: bool,
    /// How fast it passes, also when it comes back after an interruption.
    pub(crate) speed: Speed,
    /// Its owner holds it: their terminal is stopped.
    pub(crate) is_held: bool,
    /// What the instance was started for: what comes of it is what the command ends with.
    pub(crate) is_principal: bool,
}

impl PlayRequest {
    /// Once, from the beginning, at the instance's volume.
    pub(crate) fn of(loaded: LoadedShow, rank: Rank) -> Self {
        let extent = Extent { from: ShowTime::ZERO, passes: Passes::Once(loaded.length) };
        Self {
            loaded: Arc::new(loaded),
            extent,
            first_begin: None,
            first_end: None,
            silent: false,
            volume: None,
            rank,
            owner: None,
            booking: None,
            stands: None,
            is_paused: false,
            speed: Speed::Normal,
            is_held: false,
            is_principal: false,
        }
    }

    /// What commands are told of it.
    pub(super) fn about(&self, event: HookEvent) -> HookContext {
        let entry = self.booking.as_ref().map(|booking| booking.slot.entry.name.clone());
        HookContext { show: self.name().to_owned(), entry, event, reason: None }
    }

    pub(super) fn name(&self) -> &str {
        &self.loaded.show.name
    }

    pub(super) fn is_of(&self, connection: ConnectionId) -> bool {
        self.owner == Some(connection)
    }

    pub(super) fn is_idle(&self) -> bool {
        self.rank == Rank::IDLE
    }

    /// Whether there is music to be heard.
    pub(super) fn sounds(&self) -> bool {
        self.loaded.show.audio.is_some() && !self.silent
    }

    /// Where it begins, or began before it was interrupted.
    pub(super) fn begin(&self) -> ShowTime {
        self.first_begin.unwrap_or(self.extent.from)
    }

    /// What repeats from now on: the part of the show that plays at `position`, or all that is played if there is none.
    pub(super) fn loop_part(&mut self, position: ShowTime) -> LoopRange {
        let begin = self.begin();
        let end = match self.extent.passes {
            Passes::Once(end) => end,
            Passes::Loop(range) => return range,
        };
        let part = self.loaded.show.part_at(position, end).map(|(start, end)| (start.max(begin), end));
        let part = part.filter(|(start, end)| *end >= *start + SHORTEST_PART);
        let (start, part_end) = part.unwrap_or((begin, end));
        let range = LoopRange::new(start, part_end);
        self.first_end = Some(end);
        self.extent = Extent { from: begin, passes: Passes::Loop(range) };
        range
    }

    /// It plays on to its end, which is told.
    pub(super) fn end_loop(&mut self) -> ShowTime {
        let end = self.first_end.take().unwrap_or(self.loaded.length);
        self.extent = Extent { from: self.begin(), passes: Passes::Once(end) };
        end
    }

    /// What plays if it goes on as `extent` of another text: what a person has looped repeats further, if the text is
    /// long enough. With it, where the text was to end without the loop.
    pub(super) fn part_in(&self, extent: Extent) -> (Extent, Option<ShowTime>) {
        match (self.first_end.and(self.extent.repeats()), extent.passes) {
            (Some(range), Passes::Once(end)) if range.end() <= end => {
                (Extent { passes: Passes::Loop(range), ..extent }, Some(end))
            }
            _ => (extent, None),
        }
    }

    /// Where `seek` has it go on, from `position`.
    ///
    /// # Errors
    /// When the show has no such place. One plain sentence.
    pub(super) fn place_of(&self, seek: &Seek, position: ShowTime) -> Result<ShowTime, String> {
        let show = &self.loaded.show;
        let place = match seek {
            Seek::To { to } => show.time_of(to)?,
            Seek::By { by } => show.step_from(position, by)?,
        };
        let (begin, repeats) = (self.begin(), self.extent.repeats());
        let (start, end) = match self.extent.passes {
            Passes::Once(end) => (begin, end),
            Passes::Loop(range) => (begin.min(range.start()), range.end()),
        };
        match seek {
            Seek::To { to } if place > end || repeats.is_some() && place == end => Err(format!(
                "the show cannot go to {to}: {} ends at {}",
                if end == self.loaded.length { show.name.as_str() } else { "the part that plays" },
                show.place_of(end)
            )),
            // As if the pass had been played.
            Seek::By { .. } if place >= end => Ok(repeats.map_or(end, LoopRange::start)),
            _ => Ok(place.clamp(start, end)),
        }
    }

    /// How it went, when it is over.
    pub(super) fn summary(&self, report: &EngineReport, at: ShowTime) -> String {
        let title = &self.loaded.show.title;
        let how = match report.ending {
            Ending::Played => match self.extent.passes {
                Passes::Once(to) if to < self.loaded.length => {
                    format!("{title} has played to {}, as `--to` says", to.to_place())
                }
                _ => format!("{title} has played to its end"),
            },
            Ending::Stopped => format!("{title} stopped at {}", at.to_minutes()),
        };
        let safe = if report.is_safe { "the lights are safe" } else { "some lights may still be on" };
        let (bound, worst) = (NOTICEABLE.as_millis(), report.worst.as_millis());
        match report.noticeably_late {
            0 => format!("{how}; {safe}"),
            1 => format!("{how}; {safe}; 1 change came {worst} ms late"),
            late => {
                format!(
                    "{how}; {safe}; {late} changes came more than {bound} ms late, the latest by {worst} ms"
                )
            }
        }
    }
}
