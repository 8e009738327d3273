//! Who is let onto the stage by order, and whose show leaves it by theirs. Knows no signal and no key.

use std::time::Duration;

use crate::ipc::{ConnectionId, Play, Responder};
use crate::service::hooks::Running;
use crate::time::parse_clock_time;

use super::super::files::LoadedShow;
use super::super::outcome::Failure;
use super::House;
use super::handle::{Declined, Reply, declined};
use super::loader::{Asker, Purpose, Read};
use super::play_request::{Rank, Turn};
use super::question::Question;
use super::running_show::RunningShow;
use super::scheduler::Scheduler;

/// So many shows may wait to go on after an interrupt: a button that is leaned on must not fill the memory.
const MOST_INTERRUPTED: usize = 16;

/// A show that is about to begin: its gates are asked, then its commands run.
pub(super) struct Preparing {
    pub(super) turn: Turn,
    /// What comes before it has begun: what comes after it is due.
    pub(super) is_let_in: bool,
    /// What is waited for.
    pub(super) question: Question,
    /// Ends when it is dropped.
    pub(super) running: Running,
}

impl House {
    pub(super) fn leave(
        &mut self,
        act: Option<&mut RunningShow>,
        caller: &Responder,
        at_once: bool,
    ) -> Reply {
        let id = caller.id();
        if let Some(act) = act.filter(|act| act.turn.is_of(id)) {
            act.end(if at_once { Duration::ZERO } else { self.rig.stop_fade });
            return Ok(format!("ends {}", act.place()));
        }
        let name = self.gives_up(id).ok_or_else(|| declined("no show of yours plays"))?;
        Ok(format!("{name} does not come back"))
    }

    /// A visitor's show is held, or goes on; one that waits for the stage will be so when it has it. Nothing else is
    /// touched.
    pub(super) fn hold(&mut self, act: Option<&mut RunningShow>, visitor: ConnectionId, on: bool) -> Reply {
        let words = |name: &str| if on { format!("holds {name}") } else { format!("{name} goes on") };
        if let Some(act) = act.filter(|act| act.turn.is_of(visitor)) {
            act.hold(on);
            return Ok(words(&act.place()));
        }
        let preparing = self.scheduler.as_mut().and_then(|scheduler| scheduler.preparing.as_mut());
        let mut waiting = self.newcomers.iter_mut().chain(&mut self.later);
        let turn = waiting
            .find(|turn| turn.is_of(visitor))
            .or_else(|| preparing.map(|preparing| &mut preparing.turn).filter(|turn| turn.is_of(visitor)));
        let turn = turn.ok_or_else(|| declined("no show of yours plays"))?;
        turn.is_held = on;
        Ok(words(turn.name()))
    }

    /// A show of this visitor's that waits for the stage does so no longer; its name.
    pub(super) fn gives_up(&mut self, visitor: ConnectionId) -> Option<String> {
        let how = "it was ended while another played";
        let waiting = [&mut self.newcomers, &mut self.later].into_iter().find_map(|turns| {
            let at = turns.iter().position(|turn| turn.is_of(visitor))?;
            Some(turns.remove(at))
        });
        if let Some(turn) = waiting {
            turn.tell_end(how, 0);
            self.see_off(&turn, None);
            return Some(turn.name().to_owned());
        }
        if let Some((name, caller)) = self.loader.give_up(visitor) {
            // They are gone; their place is kept until this answer.
            caller.refuse(how, 1);
            return Some(name);
        }
        let preparing = self.scheduler.as_mut()?.give_up(visitor)?;
        let name = preparing.turn.name().to_owned();
        self.call_off(preparing, how);
        Some(name)
    }

    /// Somebody orders a show: it is read, and then they are answered.
    pub(super) fn order_show(&mut self, act: Option<&mut RunningShow>, play: Play, asker: Asker) {
        let act = act.as_deref();
        if let Err(declined) = self.may_play(act, &play) {
            return self.answer(act, asker, Err(declined));
        }
        let name = play.show.clone();
        self.loader.read(&name, Purpose::Ordered { play, asker });
    }

    /// A show was read.
    pub(super) fn hear_read(&mut self, act: Option<&mut RunningShow>, read: Read) {
        if let Some((name, purpose, loaded)) = self.loader.answered(read) {
            self.take_read(act, &name, purpose, loaded);
        }
    }

    /// To be called now and then: a show that cannot be read in time is not waited for.
    pub(super) fn look_after_loader(&mut self, mut act: Option<&mut RunningShow>) {
        while let Some((name, purpose, failure)) = self.loader.overdue() {
            self.take_read(act.as_deref_mut(), &name, purpose, Err(failure));
        }
    }

    fn take_read(
        &mut self,
        mut act: Option<&mut RunningShow>,
        name: &str,
        purpose: Purpose,
        loaded: Result<LoadedShow, Failure>,
    ) {
        match purpose {
            Purpose::Ordered { play, asker } => {
                let owner = match &asker {
                    Asker::Caller(caller) if play.attach => Some(caller.clone()),
                    _ => None,
                };
                // Much may have happened while it was read.
                let answer = match (self.may_play(act.as_deref(), &play), loaded) {
                    (Err(declined), _) => Err(declined),
                    (Ok(()), Err(failure)) => Err(failed(&failure)),
                    (Ok(()), Ok(loaded)) => self.play(act.as_deref_mut(), &play, loaded, owner),
                };
                // Whoever asks for the status once this is answered sees what came of it.
                if let Some(act) = &act {
                    self.publish(&act.status(self));
                }
                self.answer(act.as_deref(), asker, answer);
            }
            Purpose::Booked(booking) => self.take_booked(booking, loaded),
            Purpose::Stands => self.take_to_stand(act.is_none(), name, loaded),
        }
    }

    /// Whether the stage is to be had for a show that somebody orders.
    fn may_play(&self, act: Option<&RunningShow>, play: &Play) -> Result<(), Declined> {
        let busy = |why| Err(Declined { why, exit: 75 });
        if self.is_ending {
            return busy("this instance is ending".to_owned());
        }
        if let Some(turn) = self.scheduler.as_ref().and_then(Scheduler::about_to_begin) {
            return busy(format!("{} is about to begin", turn.name()));
        }
        if !play.interrupt
            && let Some(turn) = self.newcomers.last()
        {
            return busy(format!("{} begins already", turn.name()));
        }
        if let Some(act) = act.filter(|act| act.turn.rank > Rank::IDLE && !play.interrupt) {
            return busy(format!("{} plays already", act.place()));
        }
        if self.newcomers.len() + self.later.len() >= MOST_INTERRUPTED {
            return busy(format!("{MOST_INTERRUPTED} shows wait already to go on"));
        }
        Ok(())
    }

    /// The stage for a show that somebody has ordered, if it is theirs to have.
    fn play(
        &mut self,
        act: Option<&mut RunningShow>,
        play: &Play,
        loaded: LoadedShow,
        caller: Option<Responder>,
    ) -> Reply {
        let outputs = loaded.show.channels().into_iter().map(|id| self.rig.channel(id).address);
        if let Some(foreign) = outputs.into_iter().find(|output| !self.outputs.contains(output)) {
            let why = format!(
                "{show} drives {foreign}, which is not this instance's (the rig says lock = \"show\")\n  \
                 starcourt play {show}    plays it side by side, where nobody drives its lines",
                show = play.show
            );
            return Err(Declined { why, exit: 75 });
        }
        let from = play.from.as_deref().and_then(|from| parse_clock_time(from).ok()).unwrap_or_default();
        if from >= loaded.length {
            let why = format!("{from} lies after the end of {} at {}", play.show, loaded.length);
            return Err(Declined { why, exit: 2 });
        }
        let words = format!("{} begins", play.show);
        self.prepare(Turn {
            from,
            looped: play.looped,
            silent: play.silent,
            volume: play.volume,
            caller,
            ..Turn::of(loaded, Rank::ORDERED)
        });
        if let Some(act) = act.filter(|_| !self.newcomers.is_empty()) {
            act.give_way();
        }
        Ok(words)
    }
}

fn failed(failure: &Failure) -> Declined {
    Declined { why: failure.words(), exit: failure.outcome.code() }
}
