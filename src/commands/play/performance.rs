//! The performance itself: what is asked from outside reaches the player, and what the show does reaches
//! the stage and the lock.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use crate::engine::{Ending, Report, Scheduling};
use crate::faults;
use crate::guardian::{Guardian, Notice};
use crate::lock::{Lock, Upkeep};
use crate::output::trace::Trace;
use crate::player::{Phase, Player};
use crate::rig::{Line, Rig};
use crate::show::Show;
use crate::signals::{self, Request};
use crate::stage::{Lamp, Outlet, Scene, Stage, State, Wish};
use crate::time::ShowTime;

use super::super::outcome::{Failure, Outcome};
use super::companion::{Companion, Direction};
use super::sound::Sound;

/// As often as the stage draws.
const LOOK: Duration = Duration::from_millis(50);
/// How often the lock's file tells the position.
const TELL: Duration = Duration::from_secs(1);
/// The lights confirm within 10 ms unless the machine is on its knees.
const SAFE_WITHIN: Duration = Duration::from_millis(100);

/// What somebody wants of the performance.
#[derive(Clone, Copy, Debug)]
pub(super) enum Message {
    Request(Request),
    Wish(Wish),
}

impl From<Request> for Message {
    fn from(request: Request) -> Self {
        Self::Request(request)
    }
}

impl From<Wish> for Message {
    fn from(wish: Wish) -> Self {
        Self::Wish(wish)
    }
}

/// A show that plays. Its fields are dropped in this order: lines first, then who guards them, the lock
/// last.
pub(super) struct Performance {
    pub(super) player: Player,
    pub(super) sound: Sound,
    pub(super) trace: Option<Trace>,
    pub(super) stage: Stage,
    pub(super) show: Show,
    pub(super) length: ShowTime,
    pub(super) rig: Arc<Rig>,
    /// Those of the rig that this show drives.
    pub(super) lines: Vec<Line>,
    pub(super) outlet: Outlet,
    pub(super) inbox: Receiver<Message>,
    pub(super) guardian: Guardian,
    pub(super) lock: Lock,
    pub(super) companion: Box<dyn Companion>,
}

impl Performance {
    /// Plays until the show is over or somebody ends it.
    pub(super) fn run(mut self) -> Result<Outcome, Failure> {
        let controls = self.player.controls();
        signals::before_death(move || {
            let _ = controls.make_safe(SAFE_WITHIN);
        });
        for notice in self.player.notices() {
            self.stage.notice(notice.as_str());
        }
        let mut outcome = Outcome::Done;
        let mut told = Instant::now();
        while !self.player.is_over() {
            faults::point("performance");
            let directions = self.companion.look(self.player.lights().show_time());
            self.follow(directions);
            self.stage.show(self.scene());
            match self.inbox.recv_timeout(LOOK) {
                Ok(message) => self.hear(message),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => unreachable!("the stage keeps a sender"),
            }
            for notice in self.sound.notices() {
                if notice.is_fatal() {
                    outcome = Outcome::NoDevice;
                    self.player.stop(Duration::ZERO);
                }
                self.stage.notice(notice.to_string());
            }
            let notice = self.guardian.look_after(&self.lock);
            self.tell_of_guardian(notice);
            if told.elapsed() >= TELL {
                told = Instant::now();
                self.tell_position();
            }
        }
        self.end(outcome)
    }

    fn hear(&mut self, message: Message) {
        match message {
            Message::Wish(Wish::Pause) => self.player.toggle_pause(),
            Message::Wish(Wish::Blackout) => self.player.toggle_blackout(),
            Message::Wish(Wish::Louder) => self.sound.louder(),
            Message::Wish(Wish::Softer) => self.sound.softer(),
            Message::Wish(Wish::Key(key)) => {
                let directions = self.companion.hear(key);
                self.follow(directions);
            }
            Message::Wish(Wish::Quit) | Message::Request(Request::Stop { fade: true }) => {
                self.player.stop(self.rig.stop_fade);
            }
            Message::Request(
                Request::Stop { fade: false } | Request::StopNow | Request::Hangup | Request::Panicked,
            ) => self.player.stop(Duration::ZERO),
            Message::Request(Request::Suspend) => self.suspend(),
            Message::Request(Request::Continued) => self.stage.refresh(),
            // Dies here if anybody still can; the thread that heard the signal does so anyway.
            Message::Request(Request::Kill) => self.stage.aside(|| signals::die()),
        }
    }

    fn follow(&mut self, directions: Vec<Direction>) {
        for direction in directions {
            match direction {
                Direction::Tell(text) => self.stage.notice(text),
                Direction::Pause if !self.player.is_paused() => self.player.toggle_pause(),
                Direction::Resume if self.player.is_paused() => self.player.toggle_pause(),
                Direction::Pause | Direction::Resume => {}
                Direction::Latency(latency) => self.sound.set_latency(latency),
                Direction::Stop => self.player.stop(Duration::ZERO),
            }
        }
    }

    fn suspend(&mut self) {
        let Self { player, stage, .. } = self;
        let mut stopped = Ok(());
        let is_safe = player.aside(|| stopped = stage.aside(signals::suspend_self));
        if !is_safe {
            stage.notice("the lights did not confirm in time that they are safe");
        }
        if let Err(error) = stopped {
            stage.notice(format!("{error:#}"));
        }
    }

    fn tell_position(&mut self) {
        match self.lock.publish(self.player.lights().show_time()) {
            Ok(Upkeep::Sound) => {}
            Ok(Upkeep::Mended) => {
                self.stage.notice("the lock's file had been deleted; it is back");
                let notice = self.guardian.follow(&self.lock);
                self.tell_of_guardian(notice);
            }
            Err(refusal) => self.stage.notice(refusal.to_string()),
        }
    }

    fn tell_of_guardian(&mut self, notice: Option<Notice>) {
        match notice {
            None => {}
            Some(Notice::Replaced) => self.stage.notice("the guardian of the lights had ended; it is replaced"),
            Some(Notice::Missing(why)) => self.stage.notice(format!(
                "nobody would make the lights safe if starcourt were killed now: no guardian can be started: {why}"
            )),
            Some(Notice::Intervened) => {
                // What it has said on this terminal.
                self.stage.refresh();
                self.stage.notice("the lights stood still for 2 s and were made safe meanwhile");
            }
        }
    }

    fn scene(&self) -> Scene {
        let lights = self.player.lights();
        let time = lights.show_time();
        let channels = self.rig.channels.iter().zip(self.rig.channel_ids());
        let driven = channels.filter(|(channel, _)| self.lines.contains(&channel.line));
        let lamps = driven.map(|(channel, id)| Lamp {
            name: channel.name.clone(),
            kind: channel.kind,
            line: channel.line,
            level: lights.level(id),
        });
        Scene {
            title: self.companion.title().unwrap_or_else(|| self.show.title.clone()),
            show: self.show.name.clone(),
            time,
            length: Some(self.length),
            bar_beat: self.show.bar_beat_at(time),
            leader: self.player.leader(),
            realtime: lights.scheduling() == Scheduling::Realtime,
            late: lights.late(),
            volume: self.sound.volume(),
            state: match self.player.phase() {
                Phase::Waiting => State::Waiting,
                Phase::Playing => State::Playing,
                Phase::Paused => State::Paused,
                Phase::Blackout => State::Blackout,
                Phase::FadingOut => State::FadingOut,
            },
            outlet: self.outlet,
            lamps: lamps.collect(),
        }
    }

    /// Lines, then sound, then trace and terminal, then the guardian; the lock goes last.
    fn end(self, outcome: Outcome) -> Result<Outcome, Failure> {
        let time = self.player.lights().show_time();
        let report = self.player.finish();
        drop(self.sound);
        let traced = self.trace.map(Trace::finish).transpose();
        self.stage.close(match &report {
            Ok(report) => summary(&self.show, report, time),
            Err(_) => "the show broke off; the lights are safe".to_owned(),
        });
        drop(self.guardian);
        drop(self.lock);
        report?;
        traced?;
        Ok(outcome)
    }
}

fn summary(show: &Show, report: &Report, time: ShowTime) -> String {
    let how = match report.ending {
        Ending::Played => format!("{} has played to its end", show.title),
        Ending::Stopped => format!("{} was ended at {}", show.title, time.to_minutes()),
    };
    let late = match report.late {
        0 => "none late".to_owned(),
        late => format!("{late} late, by {:.1} ms at worst", report.worst.as_secs_f64() * 1e3),
    };
    format!("{how}; the lights are safe ({} edges, {late})", report.edges)
}
