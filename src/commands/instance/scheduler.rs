//! What the service has besides a instance: the schedule and how far it has come, the commands that go with
//! its shows, and systemd. Decides what comes next; the instance plays it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::ZonedDateTime;

use crate::clock::monotonic;
use crate::ipc::ConnectionId;
use crate::schedule::{Agenda, Booking, Decision, Hook, Idle, Loudness, Schedule, ShowFacts, ShowIndex, Why};
use crate::service::clock_check::{ClockCheck, ClockReading};
use crate::service::hooks::{self, HookContext, HookEvent, HookMessage, Jobs, Running};
use crate::service::notify::Notifier;
use crate::service::rotation_store::RotationStore;
use crate::service::watchdog::{Signs, Watchdog};

use super::super::files;
use super::admission::Preparing;
use super::file_watch::Lookout;
use super::play_request::Turn;
use super::progress::Progress;
use super::question::{Question, Questions};
use super::writer::Writer;

/// How often the schedule is asked, and the clock on the wall with it.
const ASK: Duration = Duration::from_secs(1);
/// How long commands may take to end with the service.
const LAST_ACTS: Duration = Duration::from_secs(5);

/// The schedule, and how far it has come.
pub(in crate::commands) struct Called {
    pub(super) agenda: Agenda,
    pub(super) shows: ShowIndex,
    progress: Progress,
    /// Shows that cannot be played, with why, as it was told.
    broken: BTreeMap<String, String>,
}

/// A service's scheduler.
pub(in crate::commands) struct Scheduler {
    pub(super) called: Option<Called>,
    pub(super) preparing: Option<Preparing>,
    pub(super) questions: Questions,
    /// What stands between shows, and why nothing plays.
    standing: Option<(Idle, Why, ZonedDateTime)>,
    /// What comes after the show that plays, in words.
    outlook: Option<String>,
    /// What cannot stand there; it is dark instead.
    unfit: Option<Idle>,
    /// The entry that `stop` has ended; nothing is called until another one rules.
    held: Option<Held>,
    asked: Option<Instant>,
    decision: crate::logging::Changing,
    pub(super) jobs: Jobs,
    notify: Notifier,
    pulse: Option<Watchdog>,
    doubt: ClockCheck,
    lookout: Option<Lookout>,
}

/// An entry that was stopped, with its start; nothing until it is known which one that is.
type Held = Option<(String, ZonedDateTime)>;

/// What the schedule wants of the instance.
pub(super) enum Wanted {
    Nothing,
    /// This show is its turn.
    Show(Booking),
    /// Something else is to stand between shows.
    AnotherIdle,
}

impl Called {
    /// With the shows that cannot be played, and why, as it was told.
    pub(in crate::commands) fn new(
        schedule: Schedule,
        shows: ShowIndex,
        broken: BTreeMap<String, String>,
        memory: RotationStore,
    ) -> Self {
        let agenda = Agenda::new(Arc::new(schedule), memory.rotation().clone());
        Self { agenda, shows, progress: Progress::new(memory), broken }
    }

    fn now(&self) -> anyhow::Result<ZonedDateTime> {
        files::time_for(self.agenda.schedule())
    }
}

impl Scheduler {
    pub(in crate::commands) fn new(
        called: Option<Called>,
        notify: Notifier,
        doubt: ClockCheck,
        lookout: Option<Lookout>,
    ) -> Self {
        let pulse = notify.interval().map(Watchdog::new);
        Self {
            called,
            preparing: None,
            questions: Questions::default(),
            standing: None,
            outlook: None,
            unfit: None,
            held: None,
            asked: None,
            decision: crate::logging::Changing::default(),
            jobs: Jobs::default(),
            notify,
            pulse,
            doubt,
            lookout,
        }
    }

    pub(super) fn schedule(&self) -> Option<&Arc<Schedule>> {
        self.called.as_ref().map(|called| called.agenda.schedule())
    }

    /// To be called at every turn of the main loop. Fails only where systemd has gone.
    pub(super) fn feed(&mut self, signs: Option<Signs>) {
        self.notify.catch_up();
        let is_due = self.pulse.as_mut().is_some_and(|pulse| pulse.take_due(Instant::now(), signs));
        if is_due {
            let _ = self.notify.feed();
        }
    }

    /// What systemd shows of it.
    pub(super) fn announce(&mut self, words: &str) {
        let _ = self.notify.status(words);
    }

    pub(in crate::commands) fn announce_ready(&mut self) {
        let _ = self.notify.ready();
    }

    /// Whether it is time to ask the schedule again.
    pub(super) fn take_due(&mut self) -> bool {
        let is_due = self.asked.is_none_or(|asked| asked.elapsed() >= ASK);
        if is_due {
            self.asked = Some(Instant::now());
        }
        is_due
    }

    /// News of the clock on the wall, if there are any.
    pub(super) fn look_at_clock(&mut self) -> Option<String> {
        let now = self.called.as_ref()?.now().ok()?;
        self.doubt.look(&ClockReading::at(now))
    }

    /// Looks at the files once a minute: a show that could not be played may have been mended.
    pub(super) fn look_after_files(&mut self) {
        if self.lookout.as_ref().is_some_and(Lookout::is_due) {
            self.look_at_files();
        }
    }

    fn look_at_files(&mut self) {
        let broken = self.called.iter().flat_map(|called| called.broken.keys().cloned()).collect();
        if let Some(lookout) = &mut self.lookout {
            lookout.ask(broken);
        }
    }

    /// A show can be played or cannot, as was found when it was read: what is to be told, when that has changed.
    pub(super) fn finds(&mut self, show: &str, found: Result<ShowFacts, String>) -> Option<String> {
        let Some(called) = &mut self.called else { return found.err() };
        match found {
            Ok(facts) => {
                called.shows.insert(show.to_owned(), facts);
                called.broken.remove(show).map(|_| format!("show {show} can be played now"))
            }
            Err(why) => {
                let before = called.broken.insert(show.to_owned(), why.clone());
                (before.as_ref() != Some(&why)).then(|| format!("show {show} cannot be played:\n{why}"))
            }
        }
    }

    /// What happens now that nothing of the schedule plays.
    pub(super) fn call(&mut self, writer: &mut Writer) -> anyhow::Result<Wanted> {
        if self.preparing.is_some() || !self.doubt.may_play() {
            return Ok(Wanted::Nothing);
        }
        let Some(called) = &mut self.called else { return Ok(Wanted::Nothing) };
        let now = called.now()?;
        if is_held(&mut self.held, called, &now) {
            return Ok(Wanted::Nothing);
        }
        self.outlook = None;
        self.decision.debug(|| called.agenda.explain(&now, monotonic::now(), &called.shows));
        match called.agenda.decide(&now, monotonic::now(), &called.shows) {
            Decision::Play(booking) => {
                log::debug!("schedule: {} is called for {}", booking.show, booking.slot.entry.name);
                called.progress.keep(called.agenda.rotation(), writer);
                Ok(Wanted::Show(booking))
            }
            Decision::Idle { idle, why, until } => {
                let is_another = self.standing.as_ref().is_none_or(|(before, ..)| *before != idle);
                self.standing = Some((idle, why, until));
                if is_another {
                    self.unfit = None;
                }
                Ok(if is_another { Wanted::AnotherIdle } else { Wanted::Nothing })
            }
        }
    }

    /// Whether a show of the schedule goes on, and how loud: nothing where it does not.
    pub(super) fn goes_on(&self, booking: &Booking) -> anyhow::Result<Option<Loudness>> {
        let Some(called) = &self.called else { return Ok(Some(booking.volume)) };
        let now = called.now()?;
        let schedule = called.agenda.schedule();
        let volume = schedule.volume_of(&booking.show, &schedule.at(&now));
        Ok(called.agenda.goes_on(&now, booking, &called.shows).then_some(volume))
    }

    /// What stands between shows.
    pub(super) fn idle(&self) -> &Idle {
        let standing = self.standing.as_ref().map(|(idle, ..)| idle);
        standing.filter(|idle| self.unfit.as_ref() != Some(*idle)).unwrap_or(&Idle::Dark)
    }

    /// What is to stand between shows, `name`, cannot, and is not tried again before something else was on.
    pub(super) fn cannot_stand(&mut self, name: &str) {
        let standing = self.standing.as_ref().map(|(idle, ..)| idle);
        self.unfit = standing.filter(|idle| idle.name() == name).cloned();
    }

    /// Sees what comes after the show that plays, as it is now: the clock goes on, and may be set, while it plays.
    pub(super) fn look_ahead(&mut self) {
        let Some(called) = &self.called else { return };
        let Ok(now) = called.now() else { return };
        if is_held(&mut self.held, called, &now) {
            return;
        }
        // On a copy: nothing is called yet.
        self.outlook = Some(match called.agenda.clone().decide(&now, monotonic::now(), &called.shows) {
            Decision::Play(Booking { show, slot, .. }) => {
                let (playlist, end) = (&slot.playlist.name, slot.end.strftime("%a %H:%M"));
                match (slot.once, *playlist == show) {
                    (true, _) => format!("{show} ({})", slot.entry.name),
                    (false, true) => format!("{show} until {end}"),
                    (false, false) => format!("{show} ({playlist} until {end})"),
                }
            }
            Decision::Idle { why, until, .. } => in_words(&why, &until),
        });
    }

    /// What comes next, in words.
    pub(super) fn next(&self) -> Option<String> {
        if let Some(words) = self.doubt.words().filter(|_| self.called.is_some()) {
            return Some(words.to_owned());
        }
        if self.held.is_some() {
            return Some("stopped; `starcourt resume` takes the schedule up again".to_owned());
        }
        if self.outlook.is_some() {
            return self.outlook.clone();
        }
        let (_, why, until) = self.standing.as_ref()?;
        Some(in_words(why, until))
    }

    /// The show whose gates are asked or whose commands run.
    pub(super) fn about_to_begin(&self) -> Option<&Turn> {
        self.preparing.as_ref().map(|preparing| &preparing.turn)
    }

    /// The show that `question` was asked for, if its answer is still waited for.
    pub(super) fn answered(&mut self, question: Question) -> Option<Preparing> {
        self.preparing.take_if(|preparing| preparing.question == question)
    }

    /// Does not begin the show that is about to, if it is `visitor`'s.
    pub(super) fn give_up(&mut self, visitor: ConnectionId) -> Option<Preparing> {
        self.preparing.take_if(|preparing| preparing.turn.is_of(visitor))
    }

    /// Ends what the present entry of the schedule brings, and what stands between its shows.
    pub(super) fn hold(&mut self) {
        self.standing = None;
        self.held = Some(None);
    }

    /// Goes on with the schedule; whether it had been held.
    pub(super) fn take_up(&mut self) -> bool {
        self.asked = None;
        self.look_at_files();
        if let Some(called) = &mut self.called {
            called.agenda.try_again();
        }
        self.held.take().is_some()
    }

    /// A show is over; the schedule's with its booking.
    pub(super) fn note_played(&mut self, booking: Option<&Booking>) {
        self.unfit = None;
        if let (Some(called), Some(booking)) = (&mut self.called, booking) {
            called.agenda.note_played(booking, monotonic::now());
            self.asked = None;
        }
    }

    /// A show was blocked or failed; the schedule's is passed over, and the next one called at once.
    pub(super) fn passes_over(&mut self, booking: Option<&Booking>) {
        if let (Some(called), Some(booking)) = (&mut self.called, booking) {
            called.agenda.pass_over(booking, monotonic::now());
            self.asked = None;
        }
    }

    /// Runs the schedule's command for `about.event`, if it has one.
    pub(super) fn tell(
        &mut self,
        about: &HookContext,
        heard: impl FnMut(HookMessage) + Send + 'static,
    ) -> std::io::Result<()> {
        let Some(schedule) = self.schedule() else { return Ok(()) };
        let commands = &schedule.commands;
        let script = match about.event {
            HookEvent::Start => &commands.on_start,
            HookEvent::End => &commands.on_end,
            HookEvent::Blocked => &commands.on_blocked,
            HookEvent::Failed => &commands.on_failed,
            HookEvent::CanRun | HookEvent::Before | HookEvent::After => &None,
        };
        if let Some(script) = script.clone() {
            self.run_all(vec![script], about, heard)?;
        }
        Ok(())
    }

    /// Ends commands, and runs others when they have ended. Nobody waits for any of them.
    pub(super) fn run_after(
        &mut self,
        running: Running,
        hooks: Vec<Hook>,
        about: &HookContext,
        heard: impl FnMut(HookMessage) + Send + 'static,
    ) -> std::io::Result<()> {
        self.jobs.add(hooks::run_all_after(running, hooks, about, heard)?);
        Ok(())
    }

    /// Runs commands that nobody waits for.
    pub(super) fn run_all(
        &mut self,
        hooks: Vec<Hook>,
        about: &HookContext,
        heard: impl FnMut(HookMessage) + Send + 'static,
    ) -> std::io::Result<()> {
        self.jobs.add(hooks::run_all(hooks, about, heard)?);
        Ok(())
    }

    /// Writes down what must outlast the machine: between entries, and at the end.
    pub(super) fn settle(&self, writer: &mut Writer) {
        if let Some(called) = &self.called {
            called.progress.settle(writer);
        }
    }

    /// Waits for the last commands, and says farewell to systemd.
    pub(super) fn end(mut self, writer: &mut Writer) {
        let _ = self.notify.stopping();
        drop(self.preparing.take());
        std::mem::take(&mut self.jobs).finish(LAST_ACTS);
        self.settle(writer);
    }
}

fn in_words(why: &Why, until: &ZonedDateTime) -> String {
    format!("{why} until {}", until.strftime("%a %H:%M"))
}

/// Whether the entry that `stop` has ended still rules at `now`.
fn is_held(held: &mut Option<Held>, called: &Called, now: &ZonedDateTime) -> bool {
    let Some(entry) = held else { return false };
    let moment = called.agenda.schedule().at(now);
    let turn = moment.slot(called.agenda.rotation());
    let rules = turn.map(|turn| (turn.entry.name.clone(), turn.start.clone()));
    match entry {
        // Another one, or none, rules by now.
        Some(entry) if rules.as_ref() != Some(entry) => {
            *held = None;
            false
        }
        Some(_) => true,
        None => {
            *held = rules.map(Some);
            true
        }
    }
}
