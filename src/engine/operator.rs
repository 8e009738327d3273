//! Runs the show as a lighting operator does: sees the playhead and the orders, and decides which lines
//! change. Pure: it neither reads a clock nor drives a line; the thread does both.

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use crate::clock::{Playhead, Position};
use crate::output::Signal;
use crate::output::trace::{Record, Recorder};
use crate::rig::{Channel, ChannelId, Line, Rig};
use crate::time::{Mono, ShowTime};
use crate::timeline::Timeline;

use super::contact::Contacts;
use super::controls::Orders;
use super::fade_out::FadeOut;
use super::lamps::Lamps;
use super::rest::{Awaited, Wake};
use super::rundown::Rundown;
use super::state::State;
use super::strip::{Moment, Strip};
use super::{Ending, Run};

/// Orders, a pause and a jump of the playhead are seen at least this often.
const LOOK: Duration = Duration::from_millis(10);
/// Lights that stand still need no look: orders wake the thread. This often it shows that it lives, far within
/// the guardian's two seconds, and sees a pause, or that somebody else drove the lines.
const STILL_LOOK: Duration = Duration::from_millis(250);
/// In shows, whose position is told to the screen, something changes sooner than this; and no playhead jumps so far.
const FAR: Duration = Duration::from_secs(3_600);
/// As fine as the stairs of a fade in the show.
const FADE_STEP: Duration = Duration::from_millis(5);

pub(super) struct Operator {
    rundown: Rundown,
    strips: Vec<Strip>,
    lamps: Lamps,
    fade_out: Option<FadeOut>,
    /// Whether the last tick showed the show, and not what an order asked for.
    showed_show: bool,
    ending: Option<Ending>,
    last_look: Mono,
    place: (u64, ShowTime),
    signals: Vec<(Line, Signal)>,
    dimmed: Vec<(Line, Duration)>,
}

/// What is to be written to the output.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Changes<'a> {
    pub(super) signals: &'a [(Line, Signal)],
    /// How long a period is lit, for lines that the output dims by itself.
    pub(super) dimmed: &'a [(Line, Duration)],
}

impl Changes<'_> {
    pub(super) const fn is_empty(&self) -> bool {
        self.signals.is_empty() && self.dimmed.is_empty()
    }
}

impl Operator {
    /// `dims` tells which lines the output dims by itself.
    pub(super) fn new(
        timeline: Arc<Timeline>,
        rig: &Rig,
        run: Run,
        contacts: &Contacts,
        dims: impl Fn(Line) -> bool,
    ) -> Self {
        let strip = |channel: &Channel| Strip::of(channel, dims(channel.line), contacts.moved(channel.line));
        let mut strips: Vec<Strip> = rig.channels.iter().map(strip).collect();
        if rig.limits.on_at_once.is_some() {
            strips.iter_mut().for_each(|strip| strip.contact.hold_nothing_lit());
        }
        let are_lit = strips.iter().map(|strip| strip.safe.is_lit());
        Self {
            rundown: Rundown::new(timeline, run),
            lamps: Lamps::new(rig.pwm_period(), are_lit),
            fade_out: None,
            showed_show: true,
            ending: None,
            last_look: Mono::from_nanos(0),
            place: (0, run.from),
            signals: Vec::with_capacity(strips.len()),
            dimmed: Vec::with_capacity(strips.len()),
            strips,
        }
    }

    /// Leaves channels alone whose lines are not `driven` here: they are another show's.
    pub(super) fn leave_all_but(&mut self, driven: impl Fn(Line) -> bool) {
        self.strips.iter_mut().for_each(|strip| strip.is_driven = driven(strip.line));
    }

    /// What it plays. Everything else that it reads it touches a hundred times a second.
    pub(super) fn timeline(&self) -> Arc<Timeline> {
        self.rundown.timeline()
    }

    /// Decides what the lines carry at `now`; returns what changes.
    pub(super) fn decide(
        &mut self,
        now: Mono,
        playhead: Playhead,
        sound_end: Option<Position>,
        orders: Orders,
    ) -> Changes<'_> {
        self.dimmed.clear();
        self.lamps.advance(now);
        self.follow(now, playhead, sound_end);
        self.obey(now, sound_end, orders);
        self.last_look = now;
        self.signals.clear();
        for (index, strip) in self.strips.iter().enumerate() {
            let signal = strip.signal_for(self.lamps.is_lit(index));
            if signal != strip.signal {
                self.signals.push((strip.line, signal));
            }
        }
        Changes { signals: &self.signals, dimmed: &self.dimmed }
    }

    /// Somebody else has made every line safe: what was written before is to be written again.
    pub(super) fn were_made_safe(&mut self) {
        for strip in &mut self.strips {
            strip.is_safe_again(self.last_look);
        }
        // What comes back now was due now, and not when the show wanted it.
        self.showed_show = false;
    }

    /// Takes from the rundown what the playhead has come past.
    fn follow(&mut self, now: Mono, playhead: Playhead, sound_end: Option<Position>) {
        let position = match playhead {
            Playhead::Waiting => return,
            Playhead::Paused(position) => position,
            Playhead::Running(course) => course.at(now),
        };
        // The playhead cannot have wanted what it had not reached at the last look, though a course that
        // has jumped since may say so.
        let due = |position| match playhead {
            Playhead::Running(course) => {
                course.when(position).map_or(now, |due| due.max(self.last_look).min(now))
            }
            _ => now,
        };
        let end = self.rundown.end(sound_end).filter(|end| *end <= position);
        let until = end.map_or(position, |end| Position(end.0 - 1));
        while let Some(change) = self.rundown.take_due(until) {
            let strip = &mut self.strips[change.channel.index()];
            strip.wanted = change.level;
            strip.wanted_since = Moment { show: change.show, due: due(change.position) };
        }
        self.place = self.rundown.place(end.unwrap_or(position));
        if let Some(end) = end {
            self.ending = Some(Ending::Played);
            let (_, show) = self.place;
            let moment = Moment { show, due: due(end) };
            for strip in &mut self.strips {
                (strip.wanted, strip.wanted_since) = (strip.safe, moment);
            }
        }
    }

    /// Shows what the orders leave of the show.
    fn obey(&mut self, now: Mono, sound_end: Option<Position>, orders: Orders) {
        if let (Some(over), None) = (orders.stop, self.fade_out) {
            self.fade_out = Some(FadeOut { start: now, over });
            self.strips.iter_mut().for_each(|strip| strip.before_stop = strip.shown);
        }
        if let (Some(over), Some(fade)) = (orders.stop, &mut self.fade_out) {
            fade.over = over;
        }
        let shows_show = !orders.is_dark && self.fade_out.is_none();
        let by_order = Moment { show: self.place.1, due: now };
        let driven = self.strips.iter_mut().enumerate().filter(|(_, strip)| strip.is_driven);
        for (index, strip) in driven {
            let mut in_course = shows_show && self.showed_show && !strip.contact.is_aside();
            let level = match self.fade_out {
                _ if orders.is_dark || self.ending.is_some() => strip.safe,
                Some(fade) => fade.level(strip.before_stop, strip.safe, now),
                None => {
                    let ahead = || self.rundown.ahead(ChannelId::new(index), self.place.1, sound_end);
                    let (shown, wanted) = (strip.shown, strip.shows_of_wanted());
                    let at = if in_course { strip.wanted_since.due } else { now };
                    let follows = strip.contact.may_follow(shown, wanted, at, ahead);
                    in_course &= follows;
                    if follows { wanted } else { shown }
                }
            };
            let moment = if in_course { strip.wanted_since } else { by_order };
            if strip.show(level, moment) {
                match shows_show {
                    true => strip.contact.moves(moment.due),
                    false => strip.contact.move_aside(now),
                }
                let lit = strip.on_time(self.lamps.period());
                match strip.is_dimmed_by_output {
                    true => self.dimmed.push((strip.line, Duration::from_nanos(lit))),
                    false => self.lamps.set(index, lit, now),
                }
            }
        }
        self.showed_show = shows_show;
        let is_safe = self.strips.iter().all(|strip| strip.shown == strip.safe);
        if self.fade_out.is_some_and(|fade| fade.is_over(now) || is_safe) {
            self.ending = self.ending.or(Some(Ending::Stopped));
        }
    }

    /// What [`decide`](Self::decide) returned was written at `written`: tells it to those who follow.
    pub(super) fn note(&mut self, written: Mono, state: &State, mut recorder: Option<&mut Recorder>) {
        let mut record = |record| {
            if let Some(recorder) = &mut recorder {
                recorder.take(record);
            }
        };
        for (index, strip) in self.strips.iter_mut().enumerate() {
            let channel = ChannelId::new(index);
            if let Some(Moment { show, due }) = strip.news.take() {
                state.shows(channel, strip.shown);
                state.wrote(written.since(due));
                record(Record::Level { channel, level: strip.shown, show, due, written });
            }
            let signal = strip.signal_for(self.lamps.is_lit(index));
            if signal != strip.signal {
                strip.signal = signal;
                self.lamps.note(index, written);
                if !strip.dims() {
                    state.switched(channel, strip.line, written);
                }
                record(Record::Edge { channel, signal, written });
            }
        }
        state.at(self.place.0, self.place.1);
        state.ticked(self.is_dark());
    }

    /// Whether every channel is at its safe level by order.
    pub(super) const fn is_dark(&self) -> bool {
        !self.showed_show && self.fade_out.is_none()
    }

    /// How the show ended, once it has.
    pub(super) const fn ending(&self) -> Option<Ending> {
        self.ending
    }

    /// When to look again.
    pub(super) fn next_wake(&self, now: Mono, playhead: Playhead, sound_end: Option<Position>) -> Wake {
        let after = |wait: Duration| now.offset(wait.as_nanos() as i64);
        let look = if self.fade_out.is_some() { FADE_STEP } else { LOOK };
        let mut wake = Wake { at: after(look), awaits: Awaited::Look };
        if let Some(edge) = self.lamps.next_edge().filter(|edge| *edge < wake.at) {
            wake.at = edge;
        }
        if let Playhead::Running(course) = playhead {
            let next = self.rundown.next_due().into_iter().chain(self.rundown.end(sound_end)).min();
            // A cue beyond the end of the course has no instant yet: looks find it when it has.
            match next.map(|next| course.when(next)) {
                Some(Some(cue)) if cue <= wake.at => wake = Wake { at: cue, awaits: Awaited::Cue },
                Some(None) => {}
                cue if self.stand_still() && cue.flatten().is_none_or(|cue| cue > after(FAR)) => {
                    wake = Wake { at: after(STILL_LOOK), awaits: Awaited::Order };
                }
                _ => {}
            }
        }
        wake
    }

    /// Whether every lamp is steady, and shows what it is to show.
    fn stand_still(&self) -> bool {
        let is_settled = |strip: &Strip| {
            strip.shown == if self.showed_show { strip.shows_of_wanted() } else { strip.safe }
        };
        self.fade_out.is_none()
            && self.lamps.next_edge().is_none()
            && self.strips.iter().filter(|strip| strip.is_driven).all(is_settled)
    }
}
