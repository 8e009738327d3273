//! Turns on the stage, one after another and one in the middle of another, until nobody is left.

use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::engine::Ending;
use crate::faults;
use crate::guardian::GuardianNotice;
use crate::ipc::{PlayState, Status};
use crate::lock::{LockInfo, Refusal, Upkeep};
use crate::rig::Kind;
use crate::time::ShowTime;

use super::super::outcome::{Failure, Outcome};
use super::observer::Direction;
use super::play_request::{Rank, Turn};
use super::running_show::{RunningShow, channels};
use super::{House, STANDING};

/// How often the lock's file tells the position.
const TELL: Duration = Duration::from_secs(1);

/// How a turn ended.
enum Exit {
    /// It is over, by itself or by order.
    Over,
    /// Somebody else has the stage; it comes back here.
    Interrupted { at: ShowTime },
}

impl House {
    /// Plays `turn`, and whatever interrupts it, until the last of them is over. What comes of it is what
    /// came of `turn`.
    pub(in crate::commands) fn play_through(&mut self, turn: Turn) -> Result<Outcome, Failure> {
        let mut outcome = Ok(Outcome::Done);
        let mut on_stage = Some(Turn { is_principal: true, ..turn });
        while let Some(turn) = on_stage.take() {
            let is_principal = turn.is_principal;
            match self.perform(turn) {
                Err(failure) if !is_principal && !self.is_ending => {
                    self.front.notice(&failure.words());
                }
                Ok(_) if !is_principal => {}
                came_of_it => outcome = came_of_it,
            }
            self.later.append(&mut self.newcomers);
            on_stage = self.later.pop();
            if self.is_ending {
                self.later.clear();
                on_stage = None;
            }
        }
        outcome
    }

    /// Plays whatever comes, and stands between shows, until the service is to end.
    ///
    /// # Errors
    /// When the lines cannot be taken.
    pub(in crate::commands) fn serve(&mut self) -> Result<(), Failure> {
        // Safe from the start, and driven so.
        drop(self.patch.open()?);
        self.stand_down();
        if let Some(scheduler) = &mut self.scheduler {
            scheduler.announce_ready();
        }
        while !self.is_ending {
            match self.newcomers.pop().or_else(|| self.idle_turn()) {
                Some(turn) => {
                    if let Err(failure) = self.play_through(turn) {
                        self.front.notice(&failure.words());
                    }
                    self.stand_down();
                }
                None => self.stand(),
            }
        }
        Ok(())
    }

    /// A moment of nothing on the stage.
    fn stand(&mut self) {
        faults::point("performance");
        let state = if self.is_dark { PlayState::Blackout } else { PlayState::Idle };
        let channels = channels(self, |id| self.rig.channel(id).safe);
        let status = Status { state, channels, ..Status::idle(self.outlet) };
        self.publish(&status);
        self.front.show(status);
        if let Ok(message) = self.inbox.recv_timeout(STANDING) {
            self.hear(None, message);
        }
        self.look_after_loader(None);
        self.attend(None);
        self.look_after_guardian();
        if self.told.elapsed() >= TELL {
            self.told = Instant::now();
            let upkeep = self.lock.announce(self.lock.info().clone());
            self.tell_upkeep(upkeep);
            self.look_after_control();
            self.look_after_panel();
        }
    }

    /// Nothing is on: the lock tells so.
    fn stand_down(&mut self) {
        let info = LockInfo {
            show: None,
            started: Some(jiff::Timestamp::now()),
            position: None,
            length: None,
            timing: None,
            ..self.lock.info().clone()
        };
        let upkeep = self.lock.announce(info);
        self.tell_upkeep(upkeep);
    }

    fn perform(&mut self, turn: Turn) -> Result<Outcome, Failure> {
        let mut act = match RunningShow::begin(turn, self) {
            Ok(act) => act,
            Err((turn, failure)) => {
                self.cannot_begin(&turn, &failure);
                if failure.outcome == Outcome::Done {
                    // It was asked to end, and that has yet to be answered.
                    for message in self.inbox.drain() {
                        self.hear(None, message);
                    }
                }
                return Err(failure);
            }
        };
        *self.on_stage.lock().unwrap_or_else(std::sync::PoisonError::into_inner) =
            Some(act.player.controls());
        for notice in act.player.notices() {
            self.notice(Some(&act), notice);
        }
        self.announce(&act);
        self.told = Instant::now();
        while !act.player.is_over() {
            faults::point("performance");
            let time = act.player.show_time();
            let directions = act.turn.companion.as_mut().map(|companion| companion.look(time));
            self.follow(&mut act, directions.unwrap_or_default());
            let status = act.status(self);
            self.publish(&status);
            self.front.show(status);
            match self.inbox.recv_timeout(act.patience()) {
                Ok(message) => self.hear(Some(&mut act), message),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => unreachable!("the instance keeps a sender"),
            }
            for notice in act.sound.notices() {
                if notice.is_fatal() {
                    act.outcome = Outcome::NoDevice;
                    act.end(Duration::ZERO);
                }
                self.notice(Some(&act), &notice.to_string());
            }
            self.look_after_loader(Some(&mut act));
            self.attend(Some(&mut act));
            self.look_after_guardian();
            if self.told.elapsed() >= TELL {
                self.told = Instant::now();
                let upkeep = match act.turn.stands {
                    Some(_) => self.lock.announce(self.lock.info().clone()),
                    None => self.lock.publish(act.player.show_time()),
                };
                self.tell_upkeep(upkeep);
                self.look_after_control();
                self.look_after_panel();
            }
        }
        self.leave_stage(act)
    }

    fn cannot_begin(&mut self, turn: &Turn, failure: &Failure) {
        match &mut self.scheduler {
            // Else it would be tried without a pause.
            Some(scheduler) if turn.rank == Rank::IDLE => {
                if let Some(stands) = &turn.stands {
                    scheduler.cannot_stand(stands.name());
                }
            }
            _ => self.see_off(turn, Some(failure.words())),
        }
    }

    pub(super) fn follow(&self, act: &mut RunningShow, directions: Vec<Direction>) {
        for direction in directions {
            match direction {
                Direction::Tell(text) => self.notice(Some(act), &text),
                Direction::Pause => act.player.pause(),
                Direction::Resume => act.player.resume(),
                Direction::Latency(latency) => act.sound.set_latency(latency),
                Direction::Stop => act.player.stop(Duration::ZERO),
            }
        }
    }

    /// Lines, then sound; what is left of the turn comes back later, or is over.
    fn leave_stage(&mut self, act: RunningShow) -> Result<Outcome, Failure> {
        let lights = act.player.lights();
        let time = lights.show_time();
        let RunningShow { player, sound, turn, outcome, gives_way, .. } = act;
        let is_paused = player.is_paused();
        let report = player.finish();
        *self.on_stage.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = None;
        drop(sound);
        self.relay_moves = lights.relay_moves();
        for (id, channel) in self.rig.channel_ids().zip(&self.rig.channels) {
            if channel.kind == Kind::Relay {
                self.worn.add(&channel.name, lights.switchings(id));
            }
        }
        let exit = match &report {
            Ok(report) if report.ending == Ending::Stopped && gives_way => Exit::Interrupted { at: time },
            _ => Exit::Over,
        };
        let words = match &report {
            Ok(report) => turn.summary(report, time),
            Err(_) => "the show broke off; the lights are safe".to_owned(),
        };
        match exit {
            Exit::Over => {
                turn.tell_end(&words, outcome.code());
                self.event(&turn, &words);
                let trouble = report.as_ref().err().map(|error| format!("{error:#}"));
                self.see_off(&turn, trouble.or_else(|| (outcome != Outcome::Done).then(|| words.clone())));
            }
            Exit::Interrupted { .. } if turn.rank == Rank::IDLE => {}
            Exit::Interrupted { at } => {
                self.front.event(&format!("{} is interrupted at {}", turn.name(), at.to_minutes()));
                self.later.push(Turn { from: at, is_paused, ..turn });
            }
        }
        self.panic_messages = Some(words);
        report?;
        Ok(outcome)
    }

    fn announce(&mut self, act: &RunningShow) {
        if let Some(scheduler) = &mut self.scheduler {
            scheduler.look_ahead();
        }
        let timing = Some(act.player.lights().scheduling());
        if act.turn.stands.is_some() {
            // No show plays, since a moment ago.
            let upkeep = self.lock.announce(LockInfo { timing, ..self.lock.info().clone() });
            return self.tell_upkeep(upkeep);
        }
        let show = LockInfo::of_show(act.turn.name());
        let info = LockInfo {
            timing,
            length: Some(act.turn.loaded.length),
            position: Some(act.turn.from),
            show: show.show,
            started: show.started,
            ..self.lock.info().clone()
        };
        let upkeep = self.lock.announce(info);
        self.tell_upkeep(upkeep);
        let length = act.turn.loaded.length.to_minutes();
        let words = match act.turn.from {
            ShowTime::ZERO => format!("{} begins ({length})", act.turn.name()),
            from => format!("{} begins at {} of {length}", act.turn.name(), from.to_minutes()),
        };
        self.event(&act.turn, &words);
    }

    /// What stands between shows is no event.
    fn event(&self, turn: &Turn, words: &str) {
        if turn.rank > Rank::IDLE {
            self.front.event(words);
        }
    }

    pub(super) fn tell_upkeep(&mut self, upkeep: Result<Upkeep, Refusal>) {
        match upkeep {
            Ok(Upkeep::Sound) => {}
            Ok(Upkeep::Mended) => {
                self.front.notice("the lock's file had been deleted; it is back");
                let notice = self.guardian.follow(&self.lock);
                self.tell_of_guardian(notice);
            }
            Err(refusal) => self.front.notice(&refusal.to_string()),
        }
    }

    pub(super) fn look_after_guardian(&mut self) {
        let notice = self.guardian.look_after(&self.lock);
        self.tell_of_guardian(notice);
    }

    fn tell_of_guardian(&mut self, notice: Option<GuardianNotice>) {
        match notice {
            None => {}
            Some(GuardianNotice::Replaced) => self.front.notice("the guardian of the lights had ended; it is replaced"),
            Some(GuardianNotice::Missing(why)) => self.front.notice(&format!(
                "nobody would make the lights safe if starcourt were killed now: no guardian can be started: {why}"
            )),
            Some(GuardianNotice::Intervened) => {
                // What it has said on this terminal.
                self.front.refresh();
                self.front.notice("the lights stood still for 2 s and were made safe meanwhile");
            }
        }
    }
}
