//! What is not on yet: shows that are read, the one that is prepared, and files that are read anew. Plain values.

use std::time::Duration;

use crate::ipc::Play;
use crate::schedule::Booking;

use super::super::fresh_files::{FollowedFile, FreshRig};
use super::action::JobId;
use super::play_request::PlayRequest;
use super::reply::Asker;

/// A show that is being read.
pub(super) struct Loading {
    pub(super) job: JobId,
    pub(super) name: String,
    pub(super) until: Duration,
    pub(super) purpose: Purpose,
}

/// What a show is read for.
pub(super) enum Purpose {
    /// Somebody has ordered it, and waits for a reply.
    Ordered { play: Play, asker: Asker },
    /// The schedule brings it.
    Booked(Box<Booking>),
    /// It is to stand between shows.
    Stands,
}

impl Loading {
    /// Whether its show is to end with the connection of `asker`, who waits for a reply.
    pub(super) fn is_attached_to(&self, asker: &Asker) -> bool {
        matches!(&self.purpose, Purpose::Ordered { play, asker: who } if play.attach && who == asker)
    }
}

/// A show that is about to begin: its conditions are asked, then its commands run.
pub(super) struct Preparing {
    pub(super) request: PlayRequest,
    pub(super) job: JobId,
    pub(super) step: PreparingStep,
    pub(super) until: Duration,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum PreparingStep {
    Conditions,
    /// `before` runs or has run, so `after` must run.
    Before,
}

/// The files are being read.
pub(super) struct Reading {
    pub(super) job: JobId,
    pub(super) until: Duration,
    pub(super) asker: Asker,
}

/// A rig that is to be followed when nothing plays.
pub(super) struct PendingRig {
    pub(super) fresh: FreshRig,
    pub(super) rig_file: FollowedFile,
    pub(super) schedule_file: FollowedFile,
    /// Who waits for a reply, until when, and what it is if all goes well.
    pub(super) waits: Option<(Asker, Duration, String)>,
    /// The runner has been told.
    pub(super) is_under_way: bool,
}
