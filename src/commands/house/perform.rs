//! Turns on the stage, one after another and one in the middle of another, until nobody is left.

use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::engine::Ending;
use crate::faults;
use crate::guardian::Notice;
use crate::lock::{Playbill, Refusal, Upkeep};
use crate::rig::Kind;
use crate::time::ShowTime;

use super::super::outcome::{Failure, Outcome};
use super::act::Act;
use super::companion::Direction;
use super::turn::Turn;
use super::{House, LOOK};

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
        let mut on_stage = Some((turn, true));
        while let Some((turn, is_first)) = on_stage.take() {
            let came_of_it = self.perform(turn);
            on_stage = self.newcomer.take().or_else(|| self.later.pop()).map(|turn| (turn, false));
            match came_of_it {
                Err(failure) if !is_first && !self.is_ending => {
                    self.front.notice(&failure.message(false));
                }
                came_of_it if is_first || came_of_it.is_err() => outcome = came_of_it,
                Ok(Outcome::Done) => {}
                worse => outcome = worse,
            }
            if self.is_ending {
                self.later.clear();
                on_stage = None;
            }
        }
        outcome
    }

    fn perform(&mut self, turn: Turn) -> Result<Outcome, Failure> {
        let mut act = Act::begin(turn, self)?;
        *self.on_stage.lock().unwrap_or_else(std::sync::PoisonError::into_inner) =
            Some(act.player.controls());
        if self.is_dark {
            act.player.blackout(true);
        }
        for notice in act.player.notices() {
            self.notice(Some(&act), notice);
        }
        self.announce(&act);
        let mut told = Instant::now();
        while !act.player.is_over() {
            faults::point("performance");
            let time = act.player.lights().show_time();
            let directions = act.turn.companion.as_mut().map(|companion| companion.look(time));
            self.follow(&mut act, directions.unwrap_or_default());
            let scene = act.scene(self);
            self.publish(&scene);
            self.front.show(scene);
            match self.inbox.recv_timeout(LOOK) {
                Ok(message) => self.hear(Some(&mut act), message),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => unreachable!("the house keeps a sender"),
            }
            for notice in act.sound.notices() {
                if notice.is_fatal() {
                    act.outcome = Outcome::NoDevice;
                    act.player.stop(Duration::ZERO);
                }
                self.notice(Some(&act), &notice.to_string());
            }
            self.look_after_guardian();
            if told.elapsed() >= TELL {
                told = Instant::now();
                let upkeep = self.lock.publish(act.player.lights().show_time());
                self.tell_upkeep(upkeep);
                self.look_after_control();
            }
        }
        self.leave_stage(act)
    }

    pub(super) fn follow(&self, act: &mut Act, directions: Vec<Direction>) {
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
    fn leave_stage(&mut self, act: Act) -> Result<Outcome, Failure> {
        let lights = act.player.lights();
        let time = lights.show_time();
        let Act { player, sound, turn, outcome } = act;
        let report = player.finish();
        *self.on_stage.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = None;
        drop(sound);
        self.contacts = lights.contacts();
        for (id, channel) in self.rig.channel_ids().zip(&self.rig.channels) {
            if channel.kind == Kind::Relay {
                self.worn.add(&channel.name, lights.switchings(id));
            }
        }
        let exit = match &report {
            Ok(report) if report.ending == Ending::Stopped && self.newcomer.is_some() => {
                Exit::Interrupted { at: time }
            }
            _ => Exit::Over,
        };
        let words = match &report {
            Ok(report) => turn.summary(report, time),
            Err(_) => "the show broke off; the lights are safe".to_owned(),
        };
        match exit {
            Exit::Over => {
                turn.is_over(&words, outcome.code());
                self.front.event(&words);
            }
            Exit::Interrupted { at } => {
                self.front.event(&format!("{} is interrupted at {}", turn.name(), at.to_minutes()));
                self.later.push(Turn { from: at, ..turn });
            }
        }
        self.last_words = Some(words);
        report?;
        Ok(outcome)
    }

    fn announce(&mut self, act: &Act) {
        let show = Playbill::of_show(act.turn.name());
        let bill = Playbill {
            timing: Some(act.player.lights().scheduling()),
            length: Some(act.turn.loaded.length),
            position: Some(act.turn.from),
            show: show.show,
            started: show.started,
            ..self.lock.bill().clone()
        };
        let upkeep = self.lock.announce(bill);
        self.tell_upkeep(upkeep);
        if self.is_service() {
            let length = act.turn.loaded.length.to_minutes();
            self.front.event(&format!("{} begins ({length})", act.turn.name()));
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

    fn tell_of_guardian(&mut self, notice: Option<Notice>) {
        match notice {
            None => {}
            Some(Notice::Replaced) => self.front.notice("the guardian of the lights had ended; it is replaced"),
            Some(Notice::Missing(why)) => self.front.notice(&format!(
                "nobody would make the lights safe if starcourt were killed now: no guardian can be started: {why}"
            )),
            Some(Notice::Intervened) => {
                // What it has said on this terminal.
                self.front.refresh();
                self.front.notice("the lights stood still for 2 s and were made safe meanwhile");
            }
        }
    }
}
