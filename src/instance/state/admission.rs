//! Shows that are read: whether an ordered one may play, and what becomes of each when it was read.

use crate::ipc::Play;
use crate::loading::LoadedShow;
use crate::outcome::{Failure, Outcome};

use super::action::{InstanceAction, JobId};
use super::current::CurrentShow;
use super::event::Trouble;
use super::loading::LOAD_WITHIN;
use super::machine::StateMachine;
use super::part::part_of;
use super::play_request::{PlayRequest, Rank};
use super::reply::{Asker, Declined, Reply};
use super::waiting::{Loading, Purpose};

/// So many shows may wait to go on after an interrupt: a button that is leaned on must not fill the memory.
const MOST_INTERRUPTED: usize = 16;

impl StateMachine {
    /// Somebody orders a show: it is read, and then they have their reply.
    pub(super) fn order_show(&mut self, play: Play, asker: Asker) {
        match self.may_play(&play) {
            Ok(()) => self.load(play.show.clone(), Purpose::Ordered { play, asker }),
            Err(declined) => self.reply(asker, Err(declined)),
        }
    }

    /// A show was read; nobody may want it any more.
    pub(super) fn handle_loaded(&mut self, job: JobId, loaded: Result<LoadedShow, Failure>) {
        let Some(at) = self.loading.iter().position(|loading| loading.job == job) else { return };
        let loading = self.loading.remove(at);
        self.take_loaded(loading, loaded.map_err(Trouble::from));
    }

    pub(super) fn look_for_overdue_shows(&mut self) {
        let time = self.time;
        let late: Vec<_> = self.loading.extract_if(.., |loading| time >= loading.until).collect();
        if !late.is_empty() {
            self.act([InstanceAction::AbandonLoad]);
        }
        for loading in late {
            let name = &loading.name;
            let words = format!("{name} was not read within {} s: the disk may hang", LOAD_WITHIN.as_secs());
            self.take_loaded(loading, Err(Trouble { words, outcome: Outcome::Failed }));
        }
    }

    fn take_loaded(&mut self, loading: Loading, loaded: Result<LoadedShow, Trouble>) {
        match loading.purpose {
            Purpose::Ordered { play, asker } => {
                // Much may have happened while it was read.
                let reply = match (self.may_play(&play), loaded) {
                    (Err(declined), _) => Err(declined),
                    (Ok(()), Err(trouble)) => {
                        Err(Declined { why: trouble.words, exit: trouble.outcome.code() })
                    }
                    (Ok(()), Ok(loaded)) => self.play(&play, loaded, &asker),
                };
                self.reply(asker, reply);
            }
            Purpose::Booked(booking) => self.take_booked(*booking, loaded),
            Purpose::Stands => self.take_to_stand(&loading.name, loaded),
        }
    }

    /// Whether a show that somebody orders may play.
    fn may_play(&self, play: &Play) -> Result<(), Declined> {
        if self.is_ending {
            return Err(Declined::busy("this instance is ending"));
        }
        if let Some(preparing) = &self.preparing {
            return Err(Declined::busy(format!("{} is about to begin", preparing.request.name())));
        }
        if !play.interrupt
            && let Some(newcomer) = self.newcomers.last().or(self.following.as_ref())
        {
            return Err(Declined::busy(format!("{} begins already", newcomer.name())));
        }
        let plays = self.current.as_ref().filter(|current| !current.request.is_idle() && !play.interrupt);
        if let Some(current) = plays.filter(|_| self.what_ends_last().is_none()) {
            return Err(Declined::busy(match current.is_on() {
                true => format!("{} plays already", current.name_and_position(self.now.position)),
                false => format!("{} begins already", current.request.name()),
            }));
        }
        if self.newcomers.len() + self.interrupted.len() >= MOST_INTERRUPTED {
            return Err(Declined::busy(format!("{MOST_INTERRUPTED} shows wait already to go on")));
        }
        Ok(())
    }

    /// The show that is ending for good, if nothing comes after it: what is ordered now follows it.
    fn what_ends_last(&self) -> Option<&CurrentShow> {
        let ending =
            self.current.as_ref().filter(|current| current.is_ending() && !current.request.is_idle())?;
        let comes_more = ending.gives_way || !self.interrupted.is_empty() || self.booked.is_some();
        (self.is_service() && !comes_more).then_some(ending)
    }

    /// A show that somebody has ordered is to play, if this instance can play it.
    fn play(&mut self, play: &Play, loaded: LoadedShow, asker: &Asker) -> Reply {
        let outputs = loaded.show.channels().into_iter().map(|id| self.rig.channel(id).address);
        if let Some(foreign) = outputs.into_iter().find(|output| !self.outputs.contains(output)) {
            return Err(Declined::busy(format!(
                "{show} drives {foreign}, which is not this instance's (the rig says lock = \"show\")\n  \
                 starcourt play {show}    plays it side by side, where nobody drives its lines",
                show = play.show,
                foreign = self.rig.place(foreign)
            )));
        }
        let extent = part_of(&loaded, play.from.as_ref(), play.to.as_ref(), play.looped)
            .map_err(|why| Declined { why, exit: Outcome::BadCommandLine.code() })?;
        let owner = match asker {
            Asker::Connection(connection) if play.attach => Some(*connection),
            _ => None,
        };
        if let Some(scheduler) = &mut self.scheduler {
            scheduler.switch_on();
        }
        let request = PlayRequest {
            extent,
            silent: play.silent,
            volume: play.volume,
            owner,
            ..PlayRequest::of(loaded, Rank::ORDERED)
        };
        let ending = self.what_ends_last().filter(|_| !play.interrupt).map(|ending| ending.request.name());
        Ok(match ending.map(str::to_owned) {
            Some(ending) => {
                self.following = Some(request);
                format!("{} begins when {ending} has ended", play.show)
            }
            None => {
                self.prepare(request);
                format!("{} begins", play.show)
            }
        })
    }
}
