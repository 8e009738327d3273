//! A show's turn on the stage: which, how it is played, and before whom it has to step back. Pure.

use crate::engine::{Ending, EngineReport};
use crate::ipc::Standing;
use crate::ipc::{Answer, ConnectionId, Responder};
use crate::schedule::Booking;
use crate::service::hooks::{HookContext, HookEvent};
use crate::time::ShowTime;

use super::super::files::LoadedShow;
use super::observer::Companion;

/// Who may interrupt whom: a turn gives way to one of its own rank or a higher one, and comes back after it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(in crate::commands) struct Rank(u8);

impl Rank {
    /// What stands between shows: whoever asks may have the stage.
    pub(in crate::commands) const IDLE: Self = Self(0);
    /// A person's order: above all that the schedule brings.
    pub(in crate::commands) const ORDERED: Self = Self(u8::MAX);

    /// Of the schedule, by its priority.
    pub(in crate::commands) fn scheduled(priority: u8) -> Self {
        Self(priority.saturating_add(1).min(Self::ORDERED.0 - 1))
    }
}

/// A show's turn.
pub(in crate::commands) struct Turn {
    pub(in crate::commands) loaded: LoadedShow,
    pub(in crate::commands) from: ShowTime,
    pub(in crate::commands) looped: bool,
    pub(in crate::commands) silent: bool,
    /// In per cent; else that of the instance.
    pub(in crate::commands) volume: Option<u8>,
    pub(in crate::commands) rank: Rank,
    /// Whose show it is, where it ends with their connection.
    pub(in crate::commands) caller: Option<Responder>,
    pub(in crate::commands) companion: Option<Box<dyn Companion>>,
    /// Of the schedule, where that brings it.
    pub(in crate::commands) booking: Option<Booking>,
    /// It is no show that plays, but this, between shows; its rank is [`Rank::IDLE`] then.
    pub(in crate::commands) stands: Option<Standing>,
    /// It was interrupted while it was paused, and comes back so.
    pub(in crate::commands) is_paused: bool,
    /// Whose show it is holds it: their terminal is stopped.
    pub(in crate::commands) is_held: bool,
    /// What the instance was opened for: what comes of it is what the command ends with.
    pub(in crate::commands) is_principal: bool,
}

impl Turn {
    /// Once, from the beginning, at the instance's volume.
    pub(in crate::commands) fn of(loaded: LoadedShow, rank: Rank) -> Self {
        Self {
            loaded,
            from: ShowTime::ZERO,
            looped: false,
            silent: false,
            volume: None,
            rank,
            caller: None,
            is_paused: false,
            is_held: false,
            is_principal: false,
            companion: None,
            booking: None,
            stands: None,
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

    pub(super) fn is_of(&self, visitor: ConnectionId) -> bool {
        self.caller.as_ref().is_some_and(|caller| caller.id() == visitor)
    }

    /// How it went, when it is over.
    pub(super) fn summary(&self, report: &EngineReport, time: ShowTime) -> String {
        let title = &self.loaded.show.title;
        let how = match report.ending {
            Ending::Played => format!("{title} has played to its end"),
            Ending::Stopped => format!("{title} was ended at {}", time.to_minutes()),
        };
        let late = match report.late {
            0 => "none late".to_owned(),
            late => format!("{late} late, by {:.1} ms at worst", report.worst.as_secs_f64() * 1e3),
        };
        format!("{how}; the lights are safe ({} edges, {late})", report.edges)
    }

    /// Tells whoever is attached that the show is over.
    pub(super) fn tell_end(&self, how: &str, exit: u8) {
        if let Some(caller) = &self.caller {
            caller.tell(Answer::Ended { how: how.to_owned(), exit });
        }
    }
}
