//! The instance at work: owns lock, guardian, socket, player and hooks, gives the state machine its events and carries
//! out its actions. Decides nothing about shows.
//!
//! Its thread waits for nothing without a limit: shows are read, started and asked about beside it, files are written
//! beside it, and commands run beside it. What comes of each arrives in the inbox, like every order.

mod carry_out;
mod console;
mod file_watch;
mod hook_runs;
mod inputs;
mod loader;
mod message;
mod observer;
mod progress;
mod running_show;
mod service_ends;
mod show_clock;
mod starter;
mod upkeep;
mod writer;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::buttons;
use crate::clock::monotonic;
use crate::engine::{Controls, RelayDwells};
use crate::faults;
use crate::guardian::Guardian;
use crate::ipc::{Answer, Call, Control, Status};
use crate::lock::Lock;
use crate::outcome::{Failure, Outcome};
use crate::output::patch::Patch;
use crate::output::trace::Trace;
use crate::rig::{Kind, Line, Rig};
use crate::scene::{Outlet, Scene, State};
use crate::service::clock::Glance;
use crate::service::wall_time::time_for;
use crate::signals::{self, Request};
use crate::stage::{Key, Wish};
use crate::time::ShowTime;
use crate::wear::Wear;

use super::state::{
    EndRequest, InstanceEvent, JobId, Now, ObserverOrder, PlayRequest, Scheduler, StateMachine, Trouble,
};

pub(crate) use console::Console;
pub(crate) use file_watch::{FileWatch, Watched};
pub(crate) use hook_runs::{HookNews, HookRuns};
pub(crate) use inputs::Inputs;
pub(crate) use message::Message;
pub(crate) use observer::{Direction, Observer};
pub(crate) use progress::ScheduleProgress;
pub(crate) use service_ends::ServiceEnds;
pub(crate) use upkeep::count_switchings;
pub(crate) use writer::FileWriter;

use loader::Loader;
use running_show::{RunningShow, lamps};
use starter::Starter;

/// As often as the stage draws.
const LOOK: Duration = Duration::from_millis(50);
/// Nothing plays and nobody is kept waiting: an order wakes at once.
const STANDING: Duration = Duration::from_millis(500);
/// How often the lock's file tells the position.
const TELL: Duration = Duration::from_secs(1);
/// The lights confirm within 10 ms unless the machine is on its knees.
const SAFE_WITHIN: Duration = Duration::from_millis(100);

/// What an instance works with.
pub(crate) struct Parts {
    pub(crate) rig: Arc<Rig>,
    pub(crate) outlet: Outlet,
    /// Those of the rig that are driven; the lock has claimed them.
    pub(crate) lines: Vec<Line>,
    pub(crate) patch: Patch,
    /// Where shows are found.
    pub(crate) places: Vec<PathBuf>,
    /// Where the relays' switchings are counted.
    pub(crate) state_places: Vec<PathBuf>,
    /// In per cent.
    pub(crate) volume: u8,
    pub(crate) observer: Option<Box<dyn Observer>>,
    /// Of the service only.
    pub(crate) service: Option<(Scheduler, ServiceEnds)>,
    pub(crate) inbox: Receiver<Message>,
    pub(crate) tx: Sender<Message>,
    pub(crate) trace: Option<Trace>,
    pub(crate) console: Console,
    pub(crate) inputs: Inputs,
    pub(crate) guardian: Guardian,
    pub(crate) socket: Option<Control>,
    pub(crate) lock: Lock,
}

/// An instance. Its fields are dropped in this order: lines, then the guardian, the socket and the lock.
pub(crate) struct Runner {
    starter: Option<Starter>,
    show: Option<RunningShow>,
    machine: StateMachine,
    loader: Loader,
    hooks: HookRuns,
    service: Option<ServiceEnds>,
    observer: Option<Box<dyn Observer>>,
    rig: Arc<Rig>,
    outlet: Outlet,
    lines: Vec<Line>,
    patch: Patch,
    state_places: Vec<PathBuf>,
    inbox: Receiver<Message>,
    tx: Sender<Message>,
    /// Of the show that plays.
    controls: Arc<Mutex<Option<Controls>>>,
    /// Relays are spared from one show to the next.
    relay_dwells: RelayDwells,
    worn: Wear,
    writer: FileWriter,
    is_finished: bool,
    /// When the lock's file was last written.
    told: Instant,
    trace: Option<Trace>,
    console: Console,
    inputs: Inputs,
    guardian: Guardian,
    socket: Option<Control>,
    lock: Lock,
}

/// What is to be closed when an instance has ended, in this order; its lines are safe.
pub(crate) struct Remains {
    pub(crate) inputs: Inputs,
    pub(crate) hooks: HookRuns,
    pub(crate) service: Option<ServiceEnds>,
    pub(crate) writer: FileWriter,
    pub(crate) inbox: Receiver<Message>,
    pub(crate) tx: Sender<Message>,
    pub(crate) trace: Option<Trace>,
    pub(crate) console: Console,
    /// How the last show went.
    pub(crate) last_words: Option<String>,
    pub(crate) guardian: Guardian,
    pub(crate) socket: Option<Control>,
    pub(crate) lock: Lock,
    pub(crate) worn: Wear,
    pub(crate) outlet: Outlet,
    pub(crate) state_places: Vec<PathBuf>,
    pub(crate) result: Result<Outcome, Failure>,
}

impl Runner {
    pub(crate) fn new(parts: Parts) -> Self {
        let Parts { rig, outlet, lines, patch, places, state_places, volume, observer, service, .. } = parts;
        let Parts { inbox, tx, trace, console, inputs, guardian, socket, lock, .. } = parts;
        let (scheduler, service) = service.unzip();
        let now = Now { at: monotonic::now(), position: ShowTime::ZERO };
        let controls: Arc<Mutex<Option<Controls>>> = Arc::default();
        let present = Arc::clone(&controls);
        signals::before_death(move || {
            // Whoever has it at this moment is about to begin or has ended: the guardian sees to the rest.
            if let Some(controls) = present.try_lock().ok().and_then(|present| present.clone()) {
                let _ = controls.make_safe(SAFE_WITHIN);
            }
        });
        Self {
            starter: None,
            show: None,
            machine: StateMachine::new(Arc::clone(&rig), lines.clone(), volume, scheduler, now),
            loader: Loader::new(Arc::clone(&rig), places, tx.clone()),
            hooks: HookRuns::new(tx.clone()),
            service,
            observer,
            rig,
            outlet,
            lines,
            patch,
            state_places,
            inbox,
            controls,
            relay_dwells: RelayDwells::default(),
            worn: Wear::default(),
            writer: FileWriter::new(tx.clone()),
            tx,
            is_finished: false,
            told: Instant::now(),
            trace,
            console,
            inputs,
            guardian,
            socket,
            lock,
        }
    }

    /// Plays `principal` and whatever interrupts it, until the last of them is over.
    pub(crate) fn play(self, principal: PlayRequest) -> Remains {
        self.run(Some(Box::new(principal)))
    }

    /// Plays whatever comes, and stands between shows, until the service is to end.
    ///
    /// # Errors
    /// When the lines cannot be taken.
    pub(crate) fn serve(mut self) -> Remains {
        // Safe from the start, and driven so.
        match self.patch.open() {
            Ok(output) => drop(output),
            Err(error) => return Remains { result: Err(error.into()), ..self.close() },
        }
        if let Some(service) = &mut self.service {
            service.announce_ready();
        }
        self.run(None)
    }

    fn run(mut self, principal: Option<Box<PlayRequest>>) -> Remains {
        self.feed(InstanceEvent::Begin(principal));
        while !self.is_finished {
            faults::point("performance");
            self.observe();
            self.tick();
            if self.is_finished {
                break;
            }
            self.show_scene();
            if let Ok(message) = self.inbox.recv_timeout(self.patience()) {
                self.take(message);
            }
            self.look_after_show();
            self.look_after_guardian();
            if self.told.elapsed() >= TELL {
                self.told = Instant::now();
                self.look_after_lock();
                self.look_after_socket();
                self.look_after_inputs();
            }
        }
        self.close()
    }

    fn close(self) -> Remains {
        let Self { machine, hooks, service, inbox, tx, writer, worn, outlet, state_places, .. } = self;
        let Self { trace, console, inputs, guardian, socket, lock, .. } = self;
        let (result, last_words) = machine.into_result();
        let result =
            result.map_err(|Trouble { words, outcome }| Failure::of(outcome, anyhow::anyhow!(words)));
        Remains {
            inputs,
            hooks,
            service,
            writer,
            inbox,
            tx,
            trace,
            console,
            last_words,
            guardian,
            socket,
            lock,
            worn,
            outlet,
            state_places,
            result,
        }
    }

    fn now(&self) -> Now {
        let position = self.show.as_ref().map_or(ShowTime::ZERO, |show| show.player.show_time());
        Now { at: monotonic::now(), position }
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
            .map(|schedule| time_for(schedule).map(Glance::at).map_err(|error| format!("{error:#}")));
        self.feed(InstanceEvent::Tick { wall });
        if let Some(service) = &mut self.service {
            let signs = self.show.as_ref().map(|show| (self.guardian.heartbeat().beats(), show.callbacks()));
            service.feed_watchdog(signs);
        }
    }

    /// Does what a message asks for, or tells the machine.
    fn take(&mut self, message: Message) {
        match message {
            Message::Request(request) => self.take_request(request),
            Message::Wish(Wish::Key(key)) => self.take_key(key),
            Message::Wish(wish) => self.feed(InstanceEvent::Key(wish)),
            Message::Button(buttons::Event::Pressed(pressed)) => {
                self.feed(InstanceEvent::Button { button: pressed.button, order: pressed.order });
            }
            Message::Button(buttons::Event::Deaf(why)) => {
                let told = self.inputs.mark_deaf(&why);
                self.notice(&told);
            }
            Message::Call(Call::Left(connection)) => self.feed(InstanceEvent::Left(connection)),
            Message::Call(Call::Order { order, caller }) => {
                self.feed(InstanceEvent::Order { order, asker: caller.id() });
            }
            Message::Hooks(HookNews::Says(line)) => self.console.report(&line),
            Message::Hooks(HookNews::Done(job, done)) => {
                self.hooks.note_done(job);
                self.feed(InstanceEvent::HooksDone { job, done });
            }
            Message::Notice(text) => self.console.notice(&text),
            Message::Read(read) => {
                let loader::ShowRead { job, loaded } = *read;
                self.feed(InstanceEvent::Loaded { job, loaded });
            }
            Message::Found(found) => {
                self.feed(InstanceEvent::FilesFound(found.shows));
                for notice in found.notices {
                    self.console.notice(&notice);
                }
            }
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
            Request::Continued => self.console.refresh(),
            // Dies here if anybody still can; the thread that heard the signal does so anyway.
            Request::Kill => self.console.aside(|| signals::die()),
        }
    }

    /// Whether the command's own show is on.
    fn has_principal(&self) -> bool {
        self.show.as_ref().is_some_and(|show| show.order.is_principal)
    }

    /// A show's observer first, then the buttons of a simulation.
    fn take_key(&mut self, key: Key) {
        if self.has_principal()
            && let Some(observer) = &mut self.observer
        {
            let directions = observer.handle_key(key);
            return self.follow(directions);
        }
        match (self.inputs.buttons(), key) {
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
        let directions = self.observer.as_mut().map(|observer| observer.observe(time));
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
        let console = &self.console;
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
        let Some(starter) = self.starter.take_if(|starter| starter.job() == job) else { return };
        let (order, started) = match starter.take() {
            Ok(started) => started,
            Err(starter) => {
                self.starter = Some(starter);
                return;
            }
        };
        match started {
            Ok((player, clock)) => {
                for notice in player.notices().to_vec() {
                    self.notice(&notice);
                }
                self.show = Some(RunningShow { player, clock, order });
                self.announce_show();
                self.told = Instant::now();
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
        if let Some(show) = self.show.take_if(|show| show.player.is_over()) {
            self.end_show(show);
        }
    }

    /// Lines, then sound.
    fn end_show(&mut self, show: RunningShow) {
        let RunningShow { player, clock, .. } = show;
        let lights = player.lights();
        let at = lights.show_time();
        let report = player.finish();
        *self.controls.lock().unwrap_or_else(PoisonError::into_inner) = None;
        drop(clock);
        self.relay_dwells = lights.contacts();
        for (id, channel) in self.rig.channel_ids().zip(&self.rig.channels) {
            if channel.kind == Kind::Relay {
                self.worn.add(&channel.name, lights.switchings(id));
            }
        }
        self.feed(InstanceEvent::Ended { at, report: report.map_err(|error| format!("{error:#}")) });
    }

    fn patience(&self) -> Duration {
        match (&self.show, &self.starter) {
            (Some(show), _) => show.patience(self.machine.is_current_ending()),
            (None, Some(_)) => LOOK,
            (None, None) => STANDING,
        }
    }

    /// What a person sees now. Nothing new while a show is being started.
    fn show_scene(&self) {
        if let Some(scene) = self.scene() {
            self.publish(&scene);
            self.console.show(scene);
        }
    }

    fn scene(&self) -> Option<Scene> {
        match (&self.show, &self.starter) {
            (Some(show), _) => {
                let lights = show.player.lights();
                let lamps = lamps(&self.rig, &self.lines, |id| lights.level(id));
                let observer = self.observer.as_ref().filter(|_| self.has_principal());
                Some(show.scene(observer.and_then(|observer| observer.title()), self.outlet, lamps))
            }
            (None, Some(_)) => None,
            (None, None) => {
                let state = if self.machine.is_dark() { State::Blackout } else { State::Idle };
                let lamps = lamps(&self.rig, &self.lines, |id| self.rig.channel(id).safe);
                Some(Scene { state, lamps, ..nothing_on(self.outlet) })
            }
        }
    }

    fn publish(&self, scene: &Scene) {
        let Some(socket) = &self.socket else { return };
        let (then, next) = (self.machine.waiting(), self.machine.next_scheduled());
        socket.publish(Status { service: self.lock.bill().service, then, next, ..Status::of(scene) });
    }

    /// What the person who runs the show should know: here, and in the terminal whose show is on.
    fn notice(&self, text: &str) {
        self.console.notice(text);
        if let (Some(owner), Some(socket)) = (self.machine.owner(), &self.socket) {
            socket.tell(owner, Answer::Notice(text.to_owned()));
        }
    }
}

/// An instance between shows.
pub(super) fn nothing_on(outlet: Outlet) -> Scene {
    Scene {
        title: "starcourt".to_owned(),
        show: String::new(),
        time: ShowTime::ZERO,
        length: None,
        bar_beat: None,
        leader: crate::clock::Leader::Machine,
        realtime: false,
        late: 0,
        volume: None,
        state: State::Idle,
        stands: None,
        outlet,
        lamps: Vec::new(),
    }
}
