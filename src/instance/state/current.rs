//! The show that is on, from its start to its last line safe: what is asked of it, and what it was told. Pure.
//!
//! Orders change how it shall be; [`CurrentShow::changes`] tells what that takes. So an order is obeyed while the show
//! is still being started, too, and what is ordered twice is done once.

use std::time::Duration;

use crate::outcome::Outcome;
use crate::time::{Mono, ShowTime};

use super::action::{InstanceAction, JobId, Settings, ShowChange, StartOrder};
use super::play_request::PlayRequest;

/// What comes closer together is one press: a key that repeats, a client that says again what it got no answer to.
const ONE_PRESS: Duration = Duration::from_millis(100);
/// A music file is open within milliseconds; a disk that wakes up takes some seconds.
pub(super) const START_WITHIN: Duration = Duration::from_secs(10);
/// The lights end within 10 ms after a fade, and the guardian steps in after 2 s.
const END_WITHIN: Duration = Duration::from_secs(10);

pub(super) struct CurrentShow {
    pub(super) job: JobId,
    pub(super) request: PlayRequest,
    phase: CurrentPhase,
    /// What the runner was last told.
    settings: Settings,
    /// What comes of it, as far as is known.
    pub(super) outcome: Outcome,
    /// It leaves for another show, and comes back.
    pub(super) gives_way: bool,
    /// When a person last asked for its end.
    pressed: Option<Mono>,
}

/// How far it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum CurrentPhase {
    /// `until`: how long that may take.
    Starting {
        until: Duration,
    },
    /// It is not wanted any more.
    Cancelled {
        is_overdue: bool,
    },
    Playing,
    /// Over `fade`; `until`: how long that may take.
    Ending {
        fade: Duration,
        until: Duration,
    },
    /// It did not end in that time.
    Stuck {
        fade: Duration,
    },
}

/// What of a show takes too long.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Overdue {
    Start,
    End,
}

impl CurrentShow {
    /// It is being started from now on, with `settings`; `time` is the machine's.
    pub(super) fn new(job: JobId, request: PlayRequest, settings: Settings, time: Duration) -> Self {
        Self {
            job,
            request,
            phase: CurrentPhase::Starting { until: time + START_WITHIN },
            settings,
            outcome: Outcome::Done,
            gives_way: false,
            pressed: None,
        }
    }

    /// `takes_sound`: the sound of the show before goes on in it.
    pub(super) fn start_order(&self, takes_sound: bool) -> StartOrder {
        let PlayRequest { loaded, extent, silent, stands, is_principal, .. } = &self.request;
        StartOrder {
            job: self.job,
            loaded: loaded.clone(),
            extent: *extent,
            silent: *silent,
            takes_sound,
            stands: stands.clone(),
            is_principal: *is_principal,
            settings: self.settings,
        }
    }

    /// It plays now. One that was given up too late ends at once.
    pub(super) fn note_started(&mut self, time: Duration) -> Option<InstanceAction> {
        let is_cancelled = matches!(self.phase, CurrentPhase::Cancelled { .. });
        self.phase = CurrentPhase::Playing;
        if is_cancelled { self.stop(Duration::ZERO, time) } else { None }
    }

    /// Whether its lines are taken: it has a position.
    pub(super) fn is_on(&self) -> bool {
        !matches!(self.phase, CurrentPhase::Starting { .. } | CurrentPhase::Cancelled { .. })
    }

    /// Whether it is on, and not about to be over.
    pub(super) fn is_playing(&self) -> bool {
        self.phase == CurrentPhase::Playing
    }

    pub(super) fn is_ending(&self) -> bool {
        !matches!(self.phase, CurrentPhase::Starting { .. } | CurrentPhase::Playing)
    }

    /// Whether its start has taken too long and was given up.
    pub(super) fn is_start_overdue(&self) -> bool {
        self.phase == CurrentPhase::Cancelled { is_overdue: true }
    }

    /// What has to be done so that it is as it shall be.
    pub(super) fn changes(&mut self, shall: Settings) -> Vec<ShowChange> {
        if !self.is_on() {
            return Vec::new();
        }
        let is = std::mem::replace(&mut self.settings, shall);
        let mut changes = Vec::new();
        if is.is_paused != shall.is_paused {
            changes.push(if shall.is_paused { ShowChange::Pause } else { ShowChange::Resume });
        }
        if is.is_held != shall.is_held {
            changes.push(if shall.is_held { ShowChange::Hold } else { ShowChange::EndHold });
        }
        if is.is_dark != shall.is_dark {
            changes.push(ShowChange::Blackout { on: shall.is_dark });
        }
        if is.volume != shall.volume {
            changes.push(ShowChange::Volume(shall.volume));
        }
        if is.speed != shall.speed {
            changes.push(ShowChange::Speed(shall.speed));
        }
        changes
    }

    /// It ends for good, over `fade`, also if it was about to come back. Of several calls the shortest fade counts.
    #[must_use]
    pub(super) fn end(&mut self, fade: Duration, time: Duration) -> Option<InstanceAction> {
        self.gives_way = false;
        self.stop(fade, time)
    }

    /// A person wants it to end: the first time over `fade`, the second time at once.
    #[must_use]
    pub(super) fn ask_to_end(&mut self, fade: Duration, at: Mono, time: Duration) -> Option<InstanceAction> {
        let last = self.pressed.replace(at);
        let is_again = last.is_some_and(|last| at.since(last) >= ONE_PRESS.as_nanos() as i64);
        self.end(if is_again { Duration::ZERO } else { fade }, time)
    }

    /// Leaves for another show: at once, since it is dark for as long as that takes to begin, whatever the fade. One
    /// that is ending already does not come back.
    #[must_use]
    pub(super) fn give_way(&mut self, time: Duration) -> Option<InstanceAction> {
        self.gives_way |= !self.is_ending();
        self.stop(Duration::ZERO, time)
    }

    /// One that plays leaves and comes back at once. If it `keeps_sound`, only its lights leave.
    #[must_use]
    pub(super) fn begin_anew(&mut self, keeps_sound: bool, time: Duration) -> InstanceAction {
        self.gives_way = true;
        self.phase = CurrentPhase::Ending { fade: Duration::ZERO, until: time + END_WITHIN };
        InstanceAction::Change(ShowChange::Leave { keeps_sound })
    }

    fn stop(&mut self, fade: Duration, time: Duration) -> Option<InstanceAction> {
        let until = time + fade + END_WITHIN;
        let (phase, is_news) = match self.phase {
            CurrentPhase::Starting { .. } => {
                self.phase = CurrentPhase::Cancelled { is_overdue: false };
                return Some(InstanceAction::CancelStart(self.job));
            }
            CurrentPhase::Cancelled { .. } => return None,
            CurrentPhase::Playing => (CurrentPhase::Ending { fade, until }, true),
            // Of several the shortest wins, and none has more time than the one before it.
            CurrentPhase::Ending { fade: before, until: earlier } => {
                (CurrentPhase::Ending { fade: fade.min(before), until: until.min(earlier) }, fade < before)
            }
            CurrentPhase::Stuck { fade: before } => {
                (CurrentPhase::Ending { fade: fade.min(before), until }, fade < before)
            }
        };
        self.phase = phase;
        is_news.then_some(InstanceAction::Change(ShowChange::Stop { fade }))
    }

    /// What takes too long of it, told once; a start is given up.
    pub(super) fn note_overdue(&mut self, time: Duration) -> Option<Overdue> {
        match self.phase {
            CurrentPhase::Starting { until } if time >= until => {
                self.phase = CurrentPhase::Cancelled { is_overdue: true };
                Some(Overdue::Start)
            }
            CurrentPhase::Ending { fade, until } if time >= until => {
                self.phase = CurrentPhase::Stuck { fade };
                Some(Overdue::End)
            }
            _ => None,
        }
    }

    /// `demo at 0:12`, or what stands between shows: `look dusk`. `position` is where it is if it is on.
    pub(super) fn name_and_position(&self, position: ShowTime) -> String {
        if let Some(stands) = &self.request.stands {
            return stands.to_string();
        }
        let position = if self.is_on() { position } else { self.request.extent.from };
        format!("{} at {}", self.request.name(), position.to_minutes())
    }
}
