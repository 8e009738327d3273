//! What the service does by itself: the shows that the schedule brings, and what stands between them.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::{Extent, Passes};
use crate::ipc::Standing;
use crate::level::Level;
use crate::loading::LoadedShow;
use crate::schedule::{Booking, Idle, Look, PlayingShow, ShowFacts};
use crate::service::clock_check::ClockReading;
use crate::service::hooks::{HookContext, HookEvent};
use crate::show::{Action, Cue};
use crate::time::{LoopRange, ShowTime};

use super::action::InstanceAction;
use super::event::Trouble;
use super::machine::StateMachine;
use super::play_request::{PlayRequest, Rank};
use super::scheduler::Wanted;
use super::waiting::Purpose;

/// A look stands until something else comes; then it stands again.
const LOOK_LENGTH: ShowTime = ShowTime::MAX;

impl StateMachine {
    /// Once a second: what the clock, the files and the schedule have to say. Does nothing but for the service.
    pub(super) fn ask_schedule(&mut self, wall: Option<Result<ClockReading, String>>) {
        let at = self.now.at;
        let Some(scheduler) = self.scheduler.as_mut().filter(|scheduler| scheduler.is_due(at)) else {
            return;
        };
        scheduler.note_asked(at);
        let files = scheduler.files_to_look_at(at);
        let news = match &wall {
            Some(Ok(glance)) => scheduler.look_at_clock(glance),
            _ => None,
        };
        self.act(files.map(InstanceAction::LookAtFiles));
        if let Some(news) = news {
            self.notice(news);
        }
        let words = self.words_for_systemd();
        self.act([InstanceAction::TellSystemd(words)]);
        let plays = self.current.as_ref().is_some_and(|current| !current.request.is_idle());
        match (wall, plays) {
            (None, _) => {}
            (Some(Ok(glance)), true) => self.attend_show(&glance),
            (Some(Ok(glance)), false) => self.attend_idle(&glance),
            (Some(Err(why)), true) => self.notice(why),
            (Some(Err(why)), false) => self.notice(format!("the schedule cannot go on: {why}")),
        }
    }

    fn words_for_systemd(&self) -> String {
        let next = self.next_scheduled();
        match &self.current {
            None => next.unwrap_or_else(|| "idle".to_owned()),
            Some(current) => match &current.request.stands {
                Some(stands) => next.unwrap_or_else(|| format!("idle: {stands}")),
                None => format!("plays {}", current.name_and_position(self.now.position)),
            },
        }
    }

    /// A show of the schedule goes on at the schedule's volume, or is over.
    fn attend_show(&mut self, glance: &ClockReading) {
        let (at, time, fade, position) = (self.now.at, self.time, self.rig.stop_fade, self.now.position);
        let (Some(scheduler), Some(current)) = (&mut self.scheduler, &mut self.current) else { return };
        let left = current.request.loaded.length.saturating_sub(position.as_duration()).as_duration();
        let playing = PlayingShow { booking: current.request.booking.as_ref(), left };
        scheduler.look_ahead(&glance.now, at, playing);
        let Some(booking) = &mut current.request.booking else { return };
        match scheduler.volume_now(booking, &glance.now, at) {
            Some(volume) if booking.volume != volume => {
                booking.volume = volume;
                current.request.volume = Some(volume.percent());
                self.change_current();
            }
            Some(_) => {}
            None => {
                let stop = current.end(fade, time);
                self.act(stop);
            }
        }
    }

    fn attend_idle(&mut self, glance: &ClockReading) {
        let somebody_comes = !self.newcomers.is_empty() || !self.interrupted.is_empty() || self.is_loading();
        let is_busy = self.preparing.is_some() || self.booked.is_some() || self.following.is_some();
        let is_busy = is_busy || self.is_rig_pending();
        if self.is_ending || somebody_comes || is_busy {
            return;
        }
        let (at, time) = (self.now.at, self.time);
        let Some(scheduler) = &mut self.scheduler else { return };
        match scheduler.call(&glance.now, at) {
            Wanted::Nothing => {}
            Wanted::Show(booking) => {
                let rotation = scheduler.rotation().cloned();
                self.act(rotation.map(|rotation| InstanceAction::KeepRotation(Box::new(rotation))));
                self.load(booking.show.clone(), Purpose::Booked(booking));
            }
            Wanted::AnotherIdle => {
                // A look that fades out already takes its time.
                let stands = self.current.as_mut().filter(|current| !current.is_ending());
                let stop = stands.and_then(|current| current.end(Duration::ZERO, time));
                self.act(stop);
                self.act([InstanceAction::Settle]);
            }
        }
    }

    /// The show that the schedule brings was read.
    pub(super) fn take_booked(&mut self, booking: Booking, loaded: Result<LoadedShow, Trouble>) {
        match loaded {
            Ok(loaded) => {
                self.note_found(&booking.show, Ok(loaded.facts()));
                let rank = Rank::scheduled(booking.slot.entry.priority);
                let volume = Some(booking.volume.percent());
                let request = PlayRequest { volume, booking: Some(booking), ..PlayRequest::of(loaded, rank) };
                self.booked = Some(request);
            }
            Err(trouble) => {
                let at = self.now.at;
                self.note_found(&booking.show, Err(trouble.words.clone()));
                self.tell_hooks(&HookContext {
                    show: booking.show.clone(),
                    entry: Some(booking.slot.entry.name.clone()),
                    event: HookEvent::Failed,
                    reason: Some(trouble.words),
                });
                if let Some(scheduler) = &mut self.scheduler {
                    scheduler.pass_over(Some(&booking), at);
                }
            }
        }
    }

    /// What waits for the end of a show is prepared: as soon as nothing plays, and nothing comes back.
    pub(super) fn prepare_waiting(&mut self) {
        let plays = self.current.as_ref().is_some_and(|current| !current.request.is_idle());
        let waits = !self.newcomers.is_empty() || !self.interrupted.is_empty();
        if plays || waits || self.preparing.is_some() {
            return;
        }
        // A person's order comes before the schedule.
        if let Some(request) = self.following.take().or_else(|| self.booked.take()) {
            self.prepare(request);
        }
    }

    /// A show was read, or could not be: told when that has changed.
    pub(super) fn note_found(&mut self, show: &str, found: Result<ShowFacts, String>) {
        let news = self.scheduler.as_mut().and_then(|scheduler| scheduler.note_found(show, found));
        if let Some(news) = news {
            self.notice(news);
        }
    }

    /// The show that is to stand between others was read; it does where nothing is on, and is read anew when it is
    /// wanted again.
    pub(super) fn take_to_stand(&mut self, name: &str, loaded: Result<LoadedShow, Trouble>) {
        match loaded {
            Ok(loaded) => {
                self.note_found(name, Ok(loaded.facts()));
                self.to_stand = Some(loaded).filter(|_| self.current.is_none());
            }
            Err(trouble) => {
                self.note_found(name, Err(trouble.words));
                if let Some(scheduler) = &mut self.scheduler {
                    scheduler.note_unfit(name);
                }
            }
        }
    }

    /// What stands between shows; nothing where it is dark, or not read yet.
    pub(super) fn idle_request(&mut self) -> Option<PlayRequest> {
        let (stands, loaded) = match self.scheduler.as_ref()?.idle() {
            Idle::Dark => return None,
            Idle::Look(look) => (Standing::Look(look.name.clone()), show_of(look)),
            Idle::Show(name) => {
                let name = name.clone();
                match self.to_stand.take() {
                    Some(loaded) if loaded.show.name == name => (Standing::Show(name), loaded),
                    // Dark, until it has been read.
                    _ => {
                        self.load_to_stand(&name);
                        return None;
                    }
                }
            }
        };
        let passes = Passes::Loop(LoopRange::whole(loaded.length));
        let idle = PlayRequest::of(loaded, Rank::IDLE);
        Some(PlayRequest {
            extent: Extent { passes, ..idle.extent },
            silent: true,
            stands: Some(stands),
            ..idle
        })
    }
}

/// A look as a show that does not end.
fn show_of(look: &Look) -> LoadedShow {
    let set = |(channel, level): &(_, Level)| Cue {
        start: ShowTime::ZERO,
        channels: Arc::new([*channel]),
        action: Action::Set(*level),
        line: 0..0,
    };
    let cues = look.levels.iter().map(set).collect();
    LoadedShow::made("idle", &look.name, cues, LOOK_LENGTH, None)
}
