//! One show after another, and one in the middle of another: what is on next, how a show begins and how it leaves.

use std::time::Duration;

use crate::engine::{Ending, EngineReport, Extent};
use crate::outcome::Outcome;
use crate::time::ShowTime;

use super::action::{InstanceAction, JobId};
use super::current::{CurrentShow, START_WITHIN};
use super::event::{EndRequest, Trouble};
use super::machine::StateMachine;
use super::play_request::PlayRequest;

const NOT_SAFE: &str = "some lights could not be made safe and may still be on: their outputs refuse it, or cannot be \
                        reached. Those that are wired here their guardian tries again for ten seconds; then run `starcourt \
                        off`, or pull the plug";

impl StateMachine {
    pub(super) fn begin(&mut self, principal: Option<Box<PlayRequest>>) {
        match principal {
            Some(request) => self.newcomers.push(PlayRequest { is_principal: true, ..*request }),
            None => self.act([InstanceAction::AnnounceIdle]),
        }
    }

    /// Where nothing is on: what is on next, or the end.
    pub(super) fn go_on(&mut self) {
        if self.current.is_some() || self.is_over || self.is_rig_changing() {
            return;
        }
        if self.is_ending {
            return self.finish();
        }
        self.interrupted.append(&mut self.newcomers);
        match self.interrupted.pop().or_else(|| self.idle_request()) {
            Some(request) => self.start(request),
            None if self.is_service() => {}
            None => self.finish(),
        }
    }

    fn start(&mut self, request: PlayRequest) {
        let (job, settings) = (self.new_job(), self.settings_for(&request));
        let takes_sound = std::mem::take(&mut self.is_sound_kept) && request.is_principal;
        let current = CurrentShow::new(job, request, settings, self.time);
        self.act([InstanceAction::Start(Box::new(current.start_order(takes_sound)))]);
        self.current = Some(current);
    }

    /// Nothing is left to do.
    fn finish(&mut self) {
        self.is_ending = true;
        self.is_over = true;
        self.clear(EndRequest::AtOnce);
        self.act([InstanceAction::Finish]);
    }

    pub(super) fn handle_started(&mut self, job: JobId) {
        let time = self.time;
        let Some(current) = self.current.as_mut().filter(|current| current.job == job) else { return };
        let stop = current.note_started(time);
        let (name, from) = (current.request.name().to_owned(), current.request.extent.from);
        let (length, is_idle) = (current.request.loaded.length.to_minutes(), current.request.is_idle());
        self.act(stop);
        self.change_current();
        if !is_idle {
            if let Some(scheduler) = &mut self.scheduler {
                scheduler.ask_soon();
            }
            self.report(match from {
                ShowTime::ZERO => format!("{name} begins ({length})"),
                from => format!("{name} begins at {} of {length}", from.to_minutes()),
            });
        }
    }

    pub(super) fn handle_not_started(&mut self, job: JobId, trouble: Trouble) {
        let Some(current) = self.current.take_if(|current| current.job == job) else { return };
        let CurrentShow { request, .. } = current;
        self.tell_end(request.owner, &trouble.words, trouble.outcome.code());
        match (&request.stands, &mut self.scheduler) {
            // Else it would be tried without a pause.
            (Some(stands), Some(scheduler)) => scheduler.note_unfit(stands.name()),
            _ => self.see_off(&request, Some(trouble.words.clone())),
        }
        self.note_trouble(&request, trouble);
        self.note_left();
    }

    pub(super) fn handle_start_cancelled(&mut self, job: JobId) {
        let Some(current) = self.current.take_if(|current| current.job == job) else { return };
        if current.is_start_overdue() {
            let words =
                format!("the music was not opened within {} s: the disk may hang", START_WITHIN.as_secs());
            self.current = Some(current);
            return self.handle_not_started(job, Trouble { words, outcome: Outcome::Failed });
        }
        let CurrentShow { request, gives_way, .. } = current;
        if gives_way && !request.is_idle() && !self.is_ending {
            self.interrupted.push(request);
        } else if !request.is_idle() {
            let words = format!("{} was ended before it began", request.loaded.show.title);
            self.tell_end(request.owner, &words, 0);
            self.report(words.clone());
            self.see_off(&request, None);
            self.last_words = Some(words);
        }
        self.note_left();
    }

    pub(super) fn handle_sound_lost(&mut self) {
        let time = self.time;
        let stop = self.current.as_mut().and_then(|current| {
            current.outcome = Outcome::NoDevice;
            current.end(Duration::ZERO, time)
        });
        self.act(stop);
    }

    /// What is left of the show comes back later, or is over.
    pub(super) fn handle_ended(&mut self, at: ShowTime, report: Result<EngineReport, String>) {
        let Some(current) = self.current.take() else { return };
        let CurrentShow { request, gives_way, outcome, .. } = current;
        let words = match &report {
            Ok(report) => request.summary(report, at),
            Err(_) => "the show broke off; the lights are safe".to_owned(),
        };
        let comes_back = gives_way && report.as_ref().is_ok_and(|report| report.ending == Ending::Stopped);
        let (is_principal, is_idle) = (request.is_principal, request.is_idle());
        let result = match report {
            Ok(EngineReport { is_safe: true, .. }) => Ok(outcome),
            Ok(_) => Err(Trouble { words: NOT_SAFE.to_owned(), outcome: Outcome::Failed }),
            Err(why) => Err(Trouble { words: why, outcome: Outcome::Failed }),
        };
        if comes_back {
            if let Err(trouble) = result {
                self.notice(trouble.words);
            }
            let comes_back_at_once = is_principal && self.saved.is_some();
            if !is_idle {
                if !comes_back_at_once {
                    self.report(format!("{} is interrupted at {}", request.name(), at.to_minutes()));
                }
                let extent = Extent { from: at, ..request.extent };
                let first_begin = Some(request.begin());
                self.interrupted.push(PlayRequest { extent, first_begin, ..request });
            }
        } else {
            self.tell_end(request.owner, &words, outcome.code());
            if !is_idle {
                self.report(words.clone());
            }
            let trouble = result.as_ref().err().map(|trouble| trouble.words.clone());
            self.see_off(&request, trouble.or_else(|| (outcome != Outcome::Done).then(|| words.clone())));
            match result {
                Ok(outcome) if is_principal => self.result = Ok(outcome),
                Ok(_) => {}
                Err(trouble) => self.note_trouble(&request, trouble),
            }
        }
        self.last_words = Some(words);
        self.note_left();
    }

    /// A show could not be played: the command's own, or one that was ordered meanwhile.
    fn note_trouble(&mut self, request: &PlayRequest, trouble: Trouble) {
        match !self.is_service() && (request.is_principal || self.is_ending) {
            true => self.result = Err(trouble),
            false => self.notice(trouble.words),
        }
    }

    /// Nothing is on any more.
    fn note_left(&mut self) {
        let is_last = self.newcomers.is_empty() && self.interrupted.is_empty();
        if self.is_service() && (self.is_ending || is_last) {
            self.act([InstanceAction::AnnounceIdle]);
        }
    }
}
