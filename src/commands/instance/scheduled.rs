//! The service's part of the instance: what the schedule brings is prepared and put on the stage, and what
//! systemd and the schedule's commands are to hear is told.

use std::time::Duration;

use crate::clock::Leader;
use crate::ipc::Standing;
use crate::level::Level;
use crate::schedule::{Booking, Idle, ShowFacts};
use crate::service::conditions;
use crate::service::hooks::{self, HookContext, HookEvent, HookMessage, HookOutcome};
use crate::service::watchdog::Signs;
use crate::time::ShowTime;

use super::super::files::{self, LoadedShow};
use super::super::made;
use super::super::outcome::Failure;
use super::House;
use super::admission::Preparing;
use super::file_watch::Found;
use super::loader::Purpose;
use super::message::Message;
use super::play_request::{Rank, Turn};
use super::question::{Question, Told};
use super::running_show::RunningShow;
use super::scheduler::{Scheduler, Wanted};

/// A look stands until something else comes; then it stands again.
const LOOK_LENGTH: ShowTime = ShowTime::MAX;

impl House {
    /// To be called at every turn of the main loop; does nothing but for the service.
    pub(super) fn attend(&mut self, act: Option<&mut RunningShow>) {
        let signs =
            act.as_deref().map(|act| Signs { beats: self.guardian.heartbeat().beats(), sound: heard(act) });
        let Some(scheduler) = &mut self.scheduler else { return };
        scheduler.feed(signs);
        if !scheduler.take_due() {
            return;
        }
        scheduler.look_after_files();
        if let Some(news) = scheduler.look_at_clock() {
            self.front.notice(&news);
        }
        scheduler.announce(&act.as_deref().map_or_else(
            || scheduler.next().unwrap_or_else(|| "idle".to_owned()),
            |act| match &act.turn.stands {
                Some(stands) => scheduler.next().unwrap_or_else(|| format!("idle: {stands}")),
                None => format!("plays {}", act.place()),
            },
        ));
        match act {
            Some(act) if act.turn.rank > Rank::IDLE => self.attend_show(act),
            act => self.attend_idle(act),
        }
    }

    fn attend_show(&mut self, act: &mut RunningShow) {
        if let Some(scheduler) = &mut self.scheduler {
            scheduler.look_ahead();
        }
        let (Some(scheduler), Some(booking)) = (&self.scheduler, &mut act.turn.booking) else { return };
        match scheduler.goes_on(booking) {
            Ok(Some(volume)) if booking.volume != volume => {
                booking.volume = volume;
                act.turn.volume = Some(volume.percent());
                act.sound.set_volume(volume.percent());
            }
            Ok(Some(_)) => {}
            Ok(None) => act.end(self.rig.stop_fade),
            Err(error) => self.front.notice(&format!("{error:#}")),
        }
    }

    fn attend_idle(&mut self, act: Option<&mut RunningShow>) {
        let somebody_comes = !self.newcomers.is_empty() || !self.later.is_empty() || self.loader.is_busy();
        if self.is_ending || somebody_comes {
            return;
        }
        let Some(scheduler) = &mut self.scheduler else { return };
        match scheduler.call(&mut self.writer) {
            Ok(Wanted::Nothing) => {}
            Ok(Wanted::Show(booking)) => self.book(booking),
            Ok(Wanted::AnotherIdle) => {
                if let Some(act) = act {
                    act.end(Duration::ZERO);
                }
                self.settle();
            }
            Err(error) => self.front.notice(&format!("the schedule cannot go on: {error:#}")),
        }
    }

    fn book(&mut self, booking: Booking) {
        let show = booking.show.clone();
        self.loader.read(&show, Purpose::Booked(booking));
    }

    /// The show that the schedule brings was read.
    pub(super) fn take_booked(&mut self, booking: Booking, loaded: Result<LoadedShow, Failure>) {
        let about = HookContext {
            show: booking.show.clone(),
            entry: Some(booking.slot.entry.name.clone()),
            event: HookEvent::Failed,
            reason: None,
        };
        match loaded {
            Ok(loaded) => {
                self.finds(&booking.show, Ok(files::show_facts(&loaded)));
                let rank = Rank::scheduled(booking.slot.entry.priority);
                let volume = Some(booking.volume.percent());
                self.prepare(Turn { volume, booking: Some(booking), ..Turn::of(loaded, rank) });
            }
            Err(failure) => {
                let reason = failure.words();
                self.finds(&booking.show, Err(reason.clone()));
                self.tell(&HookContext { reason: Some(reason), ..about });
                self.pass_over(Some(&booking));
            }
        }
    }

    /// A show was read, or could not be: told when that has changed.
    fn finds(&mut self, show: &str, found: Result<ShowFacts, String>) {
        if let Some(told) = self.scheduler.as_mut().and_then(|scheduler| scheduler.finds(show, found)) {
            self.front.notice(&told);
        }
    }

    /// The lookout has looked.
    pub(super) fn hear_of_files(&mut self, found: Found) {
        for (show, found) in found.shows {
            self.finds(&show, found);
        }
        for notice in found.notices {
            self.front.notice(&notice);
        }
    }

    /// Asks the gates of a show that the schedule brings, and runs the commands before it; then it is the
    /// newcomer.
    pub(super) fn prepare(&mut self, turn: Turn) {
        let asks =
            |scheduler: &mut Scheduler| Some((scheduler.schedule().cloned()?, scheduler.questions.another()));
        let Some((schedule, question)) = self.scheduler.as_mut().and_then(asks) else {
            self.newcomers.push(turn);
            return;
        };
        let conditions = match &turn.booking {
            Some(_) => schedule.conditions(turn.name()).cloned().collect(),
            // A person's order needs no leave.
            None => Vec::new(),
        };
        let heard = self.hears(move |done| Told::Gate(question, done));
        let asked = conditions::ask(conditions, &turn.about(HookEvent::CanRun), heard);
        self.prepares(turn, false, question, asked);
    }

    /// The show that is about to begin does not.
    pub(super) fn call_off(&mut self, preparing: Preparing, how: &str) {
        let Preparing { turn, is_let_in, running, .. } = preparing;
        turn.tell_end(how, 0);
        let heard = self.overhears();
        let Some(scheduler) = &mut self.scheduler else { return };
        let schedule = scheduler.schedule().filter(|_| is_let_in);
        let after = schedule.map(|schedule| schedule.after(turn.name()).cloned().collect());
        // It may be at work still, and what comes after it undoes that. Nobody waits for it here: a command that
        // does not listen takes two seconds to end.
        if let Err(error) =
            scheduler.run_after(running, after.unwrap_or_default(), &turn.about(HookEvent::After), heard)
        {
            self.front.notice(&format!("no command can be run: {error}"));
        }
    }

    /// A command says something, or is through.
    pub(super) fn hear_script(&mut self, act: Option<&mut RunningShow>, told: Told) {
        match told {
            Told::Says(line) => self.front.event(&line),
            Told::Gate(question, done) => {
                if let Some(Preparing { turn, .. }) = self.answered(question) {
                    self.hear_gates(turn, &done);
                }
            }
            Told::Before(question, done) => {
                if let Some(Preparing { turn, .. }) = self.answered(question) {
                    self.hear_before(act, turn, &done);
                }
            }
        }
    }

    fn answered(&mut self, question: Question) -> Option<Preparing> {
        self.scheduler.as_mut()?.answered(question)
    }

    fn hear_gates(&mut self, turn: Turn, done: &HookOutcome) {
        if let Some(reason) = done.trouble() {
            return self.give_up(&turn, HookEvent::Blocked, reason);
        }
        let Some(scheduler) = &mut self.scheduler else { return };
        let question = scheduler.questions.another();
        let schedule = scheduler.schedule();
        let before = schedule.map(|schedule| schedule.before(turn.name()).cloned().collect());
        let heard = self.hears(move |done| Told::Before(question, done));
        let running =
            hooks::run_until_refused(before.unwrap_or_default(), &turn.about(HookEvent::Before), heard);
        self.prepares(turn, true, question, running);
    }

    fn hear_before(&mut self, act: Option<&mut RunningShow>, turn: Turn, done: &HookOutcome) {
        if let Some(trouble) = done.trouble() {
            self.run_after(&turn);
            return self.give_up(&turn, HookEvent::Failed, trouble);
        }
        self.tell(&turn.about(HookEvent::Start));
        self.newcomers.push(turn);
        if let Some(act) = act {
            act.give_way();
        }
    }

    /// For commands: their lines, and at last what came of them as `last` has it.
    fn hears(
        &self,
        last: impl Fn(HookOutcome) -> Told + Send + 'static,
    ) -> impl FnMut(HookMessage) + Send + 'static {
        let tx = self.tx.clone();
        move |word| {
            let told = match word {
                HookMessage::Output(line) => Told::Says(line),
                HookMessage::Finished(done) => last(done),
            };
            // A instance that no longer listens is closing.
            let _ = tx.send(Message::Script(told));
        }
    }

    /// For commands that nobody waits for.
    fn overhears(&self) -> impl FnMut(HookMessage) + Send + 'static {
        let tx = self.tx.clone();
        move |word| {
            let line = match word {
                HookMessage::Output(line) => Some(line),
                HookMessage::Finished(done) => done.trouble(),
            };
            let _ = line.map(|line| tx.send(Message::Script(Told::Says(line))));
        }
    }

    fn prepares(
        &mut self,
        turn: Turn,
        is_let_in: bool,
        question: Question,
        running: std::io::Result<hooks::Running>,
    ) {
        let Some(scheduler) = &mut self.scheduler else { return };
        match running {
            Ok(running) => scheduler.preparing = Some(Preparing { turn, is_let_in, question, running }),
            Err(error) => self.give_up(&turn, HookEvent::Failed, format!("no command can be run: {error}")),
        }
    }

    fn give_up(&mut self, turn: &Turn, event: HookEvent, reason: String) {
        self.front.notice(&format!("{} is not played: {reason}", turn.name()));
        turn.tell_end(&reason, 1);
        self.tell(&HookContext { reason: Some(reason), ..turn.about(event) });
        self.pass_over(turn.booking.as_ref());
    }

    /// A turn is over: what comes after a show comes always.
    pub(super) fn see_off(&mut self, turn: &Turn, trouble: Option<String>) {
        if self.scheduler.is_none() || turn.rank == Rank::IDLE {
            return;
        }
        self.run_after(turn);
        let event = if trouble.is_some() { HookEvent::Failed } else { HookEvent::End };
        self.tell(&HookContext { reason: trouble, ..turn.about(event) });
        match (event, &mut self.scheduler) {
            (HookEvent::Failed, _) => self.pass_over(turn.booking.as_ref()),
            (_, Some(scheduler)) => scheduler.note_played(turn.booking.as_ref()),
            (_, None) => {}
        }
    }

    fn run_after(&mut self, turn: &Turn) {
        let heard = self.overhears();
        let Some(scheduler) = &mut self.scheduler else { return };
        let Some(schedule) = scheduler.schedule().cloned() else { return };
        let after = schedule.after(turn.name()).cloned().collect();
        if let Err(error) = scheduler.run_all(after, &turn.about(HookEvent::After), heard) {
            self.front.notice(&format!("no command can be run: {error}"));
        }
    }

    fn tell(&mut self, about: &HookContext) {
        let heard = self.overhears();
        if let Some(Err(error)) = self.scheduler.as_mut().map(|scheduler| scheduler.tell(about, heard)) {
            self.front.notice(&format!("no command can be run: {error}"));
        }
    }

    fn pass_over(&mut self, booking: Option<&Booking>) {
        if let Some(scheduler) = &mut self.scheduler {
            scheduler.passes_over(booking);
        }
    }

    fn read_to_stand(&mut self, name: &str) {
        if !self.loader.reads_to_stand(name) {
            self.loader.read(name, Purpose::Stands);
        }
    }

    /// The show that is to stand between others was read; it does where the stage `is_free`, and is read anew when
    /// it is its turn again.
    pub(super) fn take_to_stand(&mut self, is_free: bool, name: &str, loaded: Result<LoadedShow, Failure>) {
        match loaded {
            Ok(loaded) => {
                self.finds(name, Ok(files::show_facts(&loaded)));
                self.to_stand = Some(loaded).filter(|_| is_free);
            }
            Err(failure) => {
                self.finds(name, Err(failure.words()));
                if let Some(scheduler) = &mut self.scheduler {
                    scheduler.cannot_stand(name);
                }
            }
        }
    }

    /// What stands between shows; nothing where it is dark, or not read yet.
    pub(in crate::commands) fn idle_turn(&mut self) -> Option<Turn> {
        let (stands, loaded) = match self.scheduler.as_ref()?.idle() {
            Idle::Dark => return None,
            Idle::Look(look) => {
                let set = |(channel, level): &(_, Level)| made::set(*channel, ShowTime::ZERO, *level);
                let cues = look.levels.iter().map(set).collect();
                let loaded = made::show("idle", &look.name, cues, LOOK_LENGTH, None);
                (Standing::Look(look.name.clone()), loaded)
            }
            Idle::Show(name) => {
                let name = name.clone();
                match self.to_stand.take() {
                    Some(loaded) if loaded.show.name == name => (Standing::Show(name), loaded),
                    // Dark, until it has been read.
                    _ => {
                        self.read_to_stand(&name);
                        return None;
                    }
                }
            }
        };
        Some(Turn { looped: true, silent: true, stands: Some(stands), ..Turn::of(loaded, Rank::IDLE) })
    }
}

/// How often the sound card has asked for sound, where it leads.
fn heard(act: &RunningShow) -> Option<u64> {
    (act.player.leader() == Leader::SoundCard).then(|| act.sound.callbacks()).flatten()
}
