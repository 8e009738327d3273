//! The instance's thread: takes what arrives, tells the state machine, has its actions carried out, and looks after
//! what has to be looked after. Each wait has a limit: the inbox, the lights (100 ms), a sound device that closes (1 s).

use std::collections::VecDeque;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use crate::buttons;
use crate::clock::monotonic;
use crate::engine::EngineReport;
use crate::faults;
use crate::ipc::ConnectionEvent;
use crate::rig::Kind;
use crate::service::clock_check::ClockReading;
use crate::service::wall_time::time_for;
use crate::signals::{self, Request};
use crate::stage::{Key, Switched, Wish};

use super::super::state::{EndRequest, InstanceEvent, JobId, ObserverOrder, PlayRequest};
use super::file_reader::FilesRead;
use super::hook_runs::HookNews;
use super::loader::ShowRead;
use super::message::Message;
use super::observer::Direction;
use super::parts::{Remains, Runner};
use super::running_show::{LOOK, RunningShow, STANDING};
use super::save_watch::WatchNews;
use super::starter::Starter;

/// How often the lock's file tells the position.
const TELL: Duration = Duration::from_secs(1);
/// An output that refuses changes for longer than this is reported.
const REFUSED_FOR: Duration = Duration::from_secs(1);
impl Runner {
    /// Plays `principal` and whatever interrupts it, until the last of them is over.
    pub(crate) fn play(self, principal: PlayRequest) -> Remains {
        self.run(Some(Box::new(principal)))
    }

    /// Plays what the schedule and others order, until the service is to end. If the outputs cannot be taken, it ends
    /// at once, and `Remains::result` says why.
    pub(crate) fn serve(mut self) -> Remains {
        // All outputs are safe and driven from the start.
        match self.parts.patch.open() {
            Ok(drivers) => drop(drivers),
            Err(error) => return Remains { result: Err(error.into()), ..self.close() },
        }
        if let Some(service) = &mut self.parts.service {
            service.announce_ready();
        }
        self.run(None)
    }

    fn run(mut self, principal: Option<Box<PlayRequest>>) -> Remains {
        if let Some(observer) = &self.parts.observer {
            self.parts.console.name_keys(observer.keys());
        }
        self.feed(InstanceEvent::Begin(principal));
        while !self.is_finished {
            faults::point("performance");
            self.observe();
            self.tick();
            if self.is_finished {
                break;
            }
            self.show_status();
            if let Ok(message) = self.parts.inbox.recv_timeout(self.patience()) {
                self.take(message);
            }
            self.look_after_show();
            self.look_after_guardian();
            if self.lock_file_written.elapsed() >= TELL {
                self.lock_file_written = Instant::now();
                self.look_after_lock();
                self.look_after_socket();
                self.look_after_inputs();
            }
        }
        self.close()
    }

    /// Gives the machine an event, and what comes of its actions at once.
    fn feed(&mut self, event: InstanceEvent) {
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            for action in self.machine.handle(self.now(), event) {
                events.extend(self.carry_out(action));
            }
        }
    }

    fn tick(&mut self) {
        let wall = self
            .machine
            .wants_wall_time(monotonic::now())
            .map(|schedule| time_for(schedule).map(ClockReading::at).map_err(|error| format!("{error:#}")));
        self.feed(InstanceEvent::Tick { wall });
        if let Some(service) = &mut self.parts.service {
            let signs =
                self.show.as_ref().map(|show| (self.parts.guardian.heartbeat().beats(), show.callbacks()));
            service.feed_watchdog(signs);
        }
    }

    /// Does what a message asks for, or tells the machine.
    fn take(&mut self, message: Message) {
        match message {
            Message::Request(request) => {
                log::debug!("signal or terminal: {request:?}");
                self.take_request(request);
            }
            Message::Wish(wish) => {
                log::debug!("key: {wish:?}");
                match wish {
                    Wish::Key(key) if self.is_observed() || wish.order(Switched::default()).is_none() => {
                        self.take_key(key);
                    }
                    // Nothing comes after a show that was started by itself.
                    Wish::Next if self.parts.service.is_none() => self.take_key(Key::Char('n')),
                    wish => self.feed(InstanceEvent::Key(wish)),
                }
            }
            Message::Button(buttons::Event::Pressed(pressed)) => {
                self.feed(InstanceEvent::Button { button: pressed.button, order: pressed.order });
            }
            Message::Button(buttons::Event::Deaf(why)) => {
                let told = self.parts.inputs.mark_deaf(&why);
                self.notice(&told);
            }
            Message::Call(ConnectionEvent::Closed(connection)) => self.feed(InstanceEvent::Left(connection)),
            Message::Call(ConnectionEvent::Order { order, caller }) => {
                log::debug!("order: {order:?}");
                self.feed(InstanceEvent::Order { order, asker: caller.id() });
            }
            Message::Hooks(HookNews::Says(line)) => self.parts.console.report(&line),
            Message::Hooks(HookNews::Done(job, done)) => {
                self.hooks.note_done(job);
                self.feed(InstanceEvent::HooksDone { job, done });
            }
            Message::Notice(text) => self.parts.console.notice(&text),
            Message::Read(read) => {
                let ShowRead { job, loaded } = *read;
                self.feed(InstanceEvent::Loaded { job, loaded });
            }
            Message::FilesRead(read) => {
                let FilesRead { job, read } = read;
                self.feed(InstanceEvent::FilesRead { job, read });
            }
            Message::Found(found) => {
                if let Some(changed) = found.changed {
                    self.changed = changed;
                }
                self.feed(InstanceEvent::FilesFound(found.shows));
                for notice in found.notices {
                    self.parts.console.notice(&notice);
                }
            }
            Message::Watch(WatchNews::Saved(saved)) => {
                log::debug!("saved: {saved:?}");
                self.feed(InstanceEvent::Saved(saved));
            }
            Message::Watch(WatchNews::Notice(text)) => self.notice(&text),
            Message::Started(job) => self.take_started(job),
        }
    }

    fn take_request(&mut self, request: Request) {
        match request {
            Request::Stop { fade: true } => self.feed(InstanceEvent::End(EndRequest::Fade)),
            Request::Stop { fade: false } | Request::StopNow | Request::Hangup | Request::Panicked => {
                self.feed(InstanceEvent::End(EndRequest::AtOnce));
            }
            Request::Suspend => self.suspend(),
            Request::Continued => self.parts.console.refresh(),
            // Gives the terminal back and dies. If this thread hangs, the signal thread kills the process 200 ms later.
            Request::Kill => self.parts.console.aside(|| signals::die()),
        }
    }

    /// Whether a command looks on, which may have a use for every key.
    fn is_observed(&self) -> bool {
        self.has_principal() && self.parts.observer.is_some()
    }

    /// A show's observer first, then the buttons of a simulation.
    fn take_key(&mut self, key: Key) {
        if self.has_principal()
            && let Some(observer) = &mut self.parts.observer
        {
            let directions = observer.handle_key(key);
            return self.follow(directions);
        }
        match (self.parts.inputs.buttons(), key) {
            (Some(buttons), Key::Char(key)) => buttons.type_key(key),
            (Some(buttons), Key::Alt(key)) => buttons.hold_key(key),
            _ => {}
        }
    }

    fn observe(&mut self) {
        if !self.has_principal() {
            return;
        }
        let time = self.now().position;
        let directions = self.parts.observer.as_mut().map(|observer| observer.observe(time));
        self.follow(directions.unwrap_or_default());
    }

    fn follow(&mut self, directions: Vec<Direction>) {
        for direction in directions {
            match direction {
                Direction::Tell(text) => self.notice(&text),
                Direction::Latency(latency) => {
                    if let Some(show) = &self.show {
                        show.clock.set_latency(latency);
                    }
                }
                Direction::Pause => self.feed(InstanceEvent::Observer(ObserverOrder::Pause)),
                Direction::Resume => self.feed(InstanceEvent::Observer(ObserverOrder::Resume)),
                Direction::Stop => self.feed(InstanceEvent::Observer(ObserverOrder::Stop)),
            }
        }
    }

    fn suspend(&mut self) {
        let console = &self.parts.console;
        let mut stopped = Ok(());
        let is_safe = match &mut self.show {
            Some(show) => show.player.aside(|| stopped = console.aside(signals::suspend_self)),
            None => {
                stopped = console.aside(signals::suspend_self);
                true
            }
        };
        if !is_safe {
            console.notice("the lights did not confirm in time that they are safe");
        }
        if let Err(error) = stopped {
            console.notice(&format!("{error:#}"));
        }
    }

    /// The show that was to start plays, or cannot.
    fn take_started(&mut self, job: JobId) {
        let starter = self.starter.take_if(|starter| starter.job() == job);
        let Some((order, started)) = starter.and_then(Starter::take) else { return };
        match started {
            Ok((player, clock, lines)) => {
                for notice in player.notices().to_vec() {
                    self.notice(&notice);
                }
                self.show =
                    Some(RunningShow { player, clock, order, lines, is_leaving: false, keeps_sound: false });
                self.announce_show();
                self.lock_file_written = Instant::now();
                self.feed(InstanceEvent::Started { job });
            }
            Err(failure) => self.feed(InstanceEvent::NotStarted { job, trouble: failure.into() }),
        }
    }

    /// What has happened to the sound, and whether the show is over.
    fn look_after_show(&mut self) {
        let notices = self.show.as_ref().map(|show| show.clock.notices()).unwrap_or_default();
        for notice in notices {
            if notice.is_fatal() {
                self.feed(InstanceEvent::SoundLost);
            }
            self.notice(&notice.to_string());
        }
        if let Some(show) = &self.show {
            let is_refused = show.player.lights().refused_for(monotonic::now()) >= REFUSED_FOR;
            if is_refused && !std::mem::replace(&mut self.is_refusal_told, is_refused) {
                self.notice("a light does not obey: its output refuses what is written to it; starcourt goes on trying");
            }
        }
        if let Some(show) = self.show.take_if(|show| show.player.is_over()) {
            self.end_show(show);
        }
    }

    /// Lines, then sound.
    fn end_show(&mut self, show: RunningShow) {
        let RunningShow { player, clock, keeps_sound, .. } = show;
        let lights = player.lights();
        let at = lights.show_time();
        let report = player.finish();
        if let Ok(EngineReport { edges, late, worst, .. }) = &report {
            let worst = worst.as_secs_f64() * 1e3;
            log::debug!("{edges} edges, {late} of them more than 1 ms late, the latest by {worst:.1} ms");
        }
        *self.controls.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.kept_sound = Some(clock).filter(|_| keeps_sound);
        self.relay_moves = lights.relay_moves();
        for (id, channel) in self.parts.rig.channel_ids().zip(&self.parts.rig.channels) {
            if channel.kind == Kind::Relay {
                self.worn.add(&channel.name, lights.switchings(id));
            }
        }
        let report = report.map_err(|error| format!("{error:#}"));
        self.is_refusal_told = false;
        self.feed(InstanceEvent::Ended { at, report });
    }

    fn patience(&self) -> Duration {
        match (&self.show, &self.starter) {
            (Some(show), _) => show.patience(self.machine.is_current_ending()),
            (None, Some(_)) => LOOK,
            (None, None) => STANDING,
        }
    }
}
