//! The schedule and the rig are read anew. The schedule is followed at once. A new rig waits until nothing plays and
//! nothing is about to: a show that was read for one rig never plays on another. Reads nothing.

use std::time::Duration;

use crate::outcome::Outcome;

use super::super::fresh_files::{FreshFiles, FreshRig, FreshSchedule, ScheduleNews};
use super::action::{InstanceAction, JobId};
use super::event::Trouble;
use super::loading::LOAD_WITHIN;
use super::machine::StateMachine;
use super::reply::{Asker, Declined};
use super::waiting::{Loading, PendingRig, Purpose, Reading};

/// What stands between shows is dark within milliseconds; a reply waits no longer for it.
const CHANGED_WITHIN: Duration = Duration::from_secs(2);

impl StateMachine {
    /// Somebody orders to read the files anew: they have their reply when that is done.
    pub(super) fn order_reload(&mut self, asker: Asker) {
        let declined = if !self.is_service() {
            Some(Declined::new("only the service reads its files anew; a show reads its own when it begins"))
        } else if self.is_ending {
            Some(Declined::busy("this instance is ending"))
        } else if self.reading.is_some() {
            Some(Declined::busy("the files are being read already"))
        } else {
            None
        };
        if let Some(declined) = declined {
            return self.reply(asker, Err(declined));
        }
        let (job, schedule) = (self.new_job(), self.schedule());
        self.reading = Some(Reading { job, until: self.time + LOAD_WITHIN, asker });
        self.act([InstanceAction::ReadFiles { job, schedule }]);
    }

    /// The files were read, or have mistakes; nobody may wait for that any more.
    pub(super) fn handle_files_read(&mut self, job: JobId, read: Result<Box<FreshFiles>, Trouble>) {
        let Some(Reading { asker, .. }) = self.reading.take_if(|reading| reading.job == job) else { return };
        let fresh = match read {
            Ok(fresh) => *fresh,
            Err(trouble) => {
                let why = format!("{}\nnothing is changed: the service goes on as before", trouble.words);
                return self.reply(asker, Err(Declined { why, exit: trouble.outcome.code() }));
            }
        };
        let keeps_rig = self.keeps_rig();
        let words = words(&fresh, keeps_rig.as_deref());
        let FreshFiles { schedule, rig, schedule_file, rig_file, changed_shows, .. } = fresh;
        match schedule {
            ScheduleNews::Unchanged => self.act([InstanceAction::NoteFollowed(schedule_file.clone())]),
            ScheduleNews::Changed(schedule) => {
                self.follow_schedule(*schedule);
                self.act([InstanceAction::NoteFollowed(schedule_file.clone())]);
            }
            ScheduleNews::WaitsForRig => {}
        }
        for (show, found) in changed_shows {
            if let Some(scheduler) = &mut self.scheduler {
                // The reply tells it.
                let _ = scheduler.note_found(&show, found);
            }
        }
        // One that was read before and still waits is not wanted any more.
        if let Some((earlier, ..)) = self.pending_rig.take().and_then(|pending| pending.waits) {
            self.reply(earlier, Err(Declined::busy("the files were read anew once more")));
        }
        let Some(fresh) = rig else {
            self.act([InstanceAction::NoteFollowed(rig_file)]);
            self.report(words.clone());
            return self.reply(asker, Ok(words));
        };
        let waits = match keeps_rig {
            Some(_) => {
                self.report(words.clone());
                self.reply(asker, Ok(words));
                None
            }
            None => Some((asker, self.time + CHANGED_WITHIN, words)),
        };
        self.pending_rig = Some(PendingRig { fresh, rig_file, schedule_file, waits, is_under_way: false });
    }

    /// The show that has to end before the rig can change, if there is one.
    fn keeps_rig(&self) -> Option<String> {
        let current = self.current.iter().map(|current| &current.request).find(|show| !show.is_idle());
        let preparing = self.preparing.as_ref().map(|preparing| &preparing.request);
        let waiting = self.newcomers.last().or(self.interrupted.last());
        let waiting = waiting.or(self.following.as_ref()).or(self.booked.as_ref());
        let request = current.or(preparing).or(waiting).map(|request| request.name().to_owned());
        let is_to_play = |loading: &&Loading| !matches!(loading.purpose, Purpose::Stands);
        request.or_else(|| self.loading.iter().find(is_to_play).map(|loading| loading.name.clone()))
    }

    /// Whether a new rig waits for the end of a show, or is being taken.
    pub(crate) fn is_rig_pending(&self) -> bool {
        self.pending_rig.is_some()
    }

    /// Whether nothing may begin: the rig changes at this moment.
    pub(super) fn is_rig_changing(&self) -> bool {
        self.rewiring.is_some() || self.pending_rig.as_ref().is_some_and(|pending| pending.is_under_way)
    }

    /// Has a new rig taken, if there is one and nothing plays or is about to.
    pub(super) fn change_rig(&mut self) {
        // Files that are being read are compared with the rig as it is now.
        let is_reading = self.reading.is_some();
        if self.is_over || is_reading || self.is_rig_changing() || self.keeps_rig().is_some() {
            return;
        }
        let Some(pending) = &mut self.pending_rig else { return };
        let time = self.time;
        if let Some(stands) = &mut self.current {
            // A look that fades out already takes its time.
            let stop = if stands.is_ending() { None } else { stands.end(Duration::ZERO, time) };
            return self.act(stop);
        }
        pending.is_under_way = true;
        let rig = pending.fresh.rig.clone();
        let outputs = rig.addresses().collect();
        // What was read to stand between shows was read for the other rig.
        self.loading.clear();
        self.to_stand = None;
        self.act([InstanceAction::ChangeRig { rig, outputs }]);
    }

    /// The rig has changed, or could not be taken, and the one before it is followed still.
    pub(super) fn handle_rig_changed(&mut self, changed: Result<(), Trouble>) {
        let Some(PendingRig { fresh, rig_file, schedule_file, waits, .. }) = self.pending_rig.take() else {
            return;
        };
        let reply = match changed {
            Ok(()) => {
                let FreshRig { rig, schedule } = fresh;
                self.outputs = rig.addresses().collect();
                self.rig = rig;
                if let Some(scheduler) = &mut self.scheduler {
                    scheduler.forget_what_stands();
                }
                self.follow_schedule(schedule);
                self.act([rig_file, schedule_file].map(InstanceAction::NoteFollowed));
                let now = "the new rig is followed from now on";
                self.report(waits.as_ref().map_or_else(|| now.to_owned(), |(.., words)| words.clone()));
                Ok(())
            }
            Err(Trouble { words, outcome }) => {
                let why = format!("the rig stays as it was, since the new one cannot be taken: {words}");
                Err(Declined { why, exit: outcome.code() })
            }
        };
        match (waits, reply) {
            (Some((asker, _, words)), reply) => self.reply(asker, reply.map(|()| words)),
            (None, Err(declined)) => self.notice(declined.why),
            (None, Ok(())) => {}
        }
    }

    fn follow_schedule(&mut self, fresh: FreshSchedule) {
        let (is_gone, time) = (fresh.schedule.is_none(), self.time);
        if let Some(scheduler) = &mut self.scheduler {
            scheduler.follow(fresh);
        }
        // Nobody asks any more what is to stand between shows.
        let stands = self.current.as_mut().filter(|current| is_gone && current.request.is_idle());
        let stop =
            stands.filter(|stands| !stands.is_ending()).and_then(|current| current.end(Duration::ZERO, time));
        self.act(stop);
    }

    pub(super) fn look_for_overdue_reload(&mut self) {
        let time = self.time;
        if let Some(Reading { asker, .. }) = self.reading.take_if(|reading| time >= reading.until) {
            self.act([InstanceAction::AbandonFiles]);
            let seconds = LOAD_WITHIN.as_secs();
            let why = format!(
                "the files were not read within {seconds} s: the disk may hang; the service goes on as before"
            );
            self.reply(asker, Err(Declined { why, exit: Outcome::Failed.code() }));
        }
        let waits = self
            .pending_rig
            .as_mut()
            .and_then(|pending| pending.waits.take_if(|(_, until, _)| time >= *until));
        if let Some((asker, _, words)) = waits {
            self.reply(
                asker,
                Ok(format!("{words}\nthe lights do not end yet: the rig changes when they do")),
            );
        }
    }

    /// The instance ends: whoever waits is told so.
    pub(super) fn drop_reload(&mut self) {
        let reading = self.reading.take().map(|reading| reading.asker);
        let pending = self.pending_rig.take().and_then(|pending| pending.waits).map(|(asker, ..)| asker);
        for asker in reading.into_iter().chain(pending) {
            self.reply(asker, Err(Declined::busy("this instance is ending")));
        }
    }
}

/// What changes, and when.
fn words(fresh: &FreshFiles, keeps_rig: Option<&str>) -> String {
    let indented = |lines: &[String]| lines.iter().map(|line| format!("  {line}")).collect::<Vec<_>>();
    let mut lines = Vec::new();
    match &fresh.schedule {
        ScheduleNews::Unchanged => {}
        ScheduleNews::Changed(_) => lines.push("the new schedule is followed from now on:".to_owned()),
        ScheduleNews::WaitsForRig => {
            lines.push("the new schedule fits the new rig only, and is followed with it:".to_owned());
        }
    }
    lines.extend(indented(&fresh.schedule_changes));
    match (&fresh.rig, keeps_rig) {
        (None, _) => {}
        (Some(_), None) => lines.push("the new rig is followed from now on:".to_owned()),
        (Some(_), Some(show)) => lines.push(format!("the new rig is followed when {show} has ended:")),
    }
    lines.extend(indented(&fresh.rig_changes));
    // Of a show that is gone or has mistakes, a notice says more.
    let changed = fresh.changed_shows.iter().filter(|(_, found)| found.is_ok());
    let changed: Vec<&str> = changed.map(|(show, _)| show.as_str()).collect();
    if !changed.is_empty() {
        let shows = changed.join(", ");
        lines.push(match changed.len() {
            1 => format!("{shows} has changed, and is read anew when it begins"),
            _ => format!("these shows have changed, and are read anew when they begin: {shows}"),
        });
    }
    if lines.is_empty() {
        lines.push("nothing has changed in the schedule and the rig".to_owned());
    }
    lines.extend(fresh.notices.iter().cloned());
    lines.join("\n")
}
