//! Runs the show: sees the playhead and the orders, and decides which lines
//! change. Pure: it neither reads a clock nor drives a line; the thread does both.

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use crate::clock::{Playhead, Position};
use crate::output::Output;
use crate::output::trace::{Record, Recorder};
use crate::rig::{Channel, ChannelId, Line, Rig};
use crate::time::{Mono, ShowTime};
use crate::timeline::Timeline;

use super::carried::{By, Carried, Changes, Pulses};
use super::channel_state::{ChannelState, DueTime};
use super::controls::Orders;
use super::cursor::Cursor;
use super::fade_out::FadeOut;
use super::relay_dwell::RelayMoves;
use super::sleep_plan::{Awaited, Wake};
use super::soft_pwm::SoftPwm;
use super::state::State;
use super::{Ending, Extent};

/// Orders, a pause and a jump of the playhead are seen at least this often.
const LOOK: Duration = Duration::from_millis(10);
/// Lights that stand still need no look: orders wake the thread. This often it shows that it lives, far within
/// the guardian's two seconds, and sees a pause, or that another process drove the lines.
const STILL_LOOK: Duration = Duration::from_millis(250);
/// In shows, whose position is told to the screen, something changes sooner than this; and no playhead jumps so far.
const FAR: Duration = Duration::from_secs(3_600);
/// As fine as the stairs of a fade in the show.
const FADE_STEP: Duration = Duration::from_millis(5);

pub(super) struct Mixer {
    cursor: Cursor,
    channels: Vec<ChannelState>,
    soft_pwm: SoftPwm,
    fade_out: Option<FadeOut>,
    /// Whether the last tick showed the show, and not what an order asked for.
    showed_show: bool,
    ending: Option<Ending>,
    last_look: Mono,
    place: (u64, ShowTime),
    changes: Changes,
}

/// Those who are told what the lines carry.
pub(super) struct Followers<'a> {
    pub(super) state: &'a State,
    pub(super) recorder: Option<Recorder>,
}

impl Mixer {
    /// `dims` tells which lines the output dims by itself.
    pub(super) fn new(
        timeline: Arc<Timeline>,
        rig: &Rig,
        extent: Extent,
        relay_moves: &RelayMoves,
        dims: impl Fn(Line) -> bool,
    ) -> Self {
        let period = u64::try_from(rig.pwm_period().as_nanos()).expect("no period lasts for centuries");
        let channel = |channel: &Channel| {
            ChannelState::of(channel, dims(channel.line), relay_moves.moved(channel.line), period)
        };
        let mut channels: Vec<ChannelState> = rig.channels.iter().map(channel).collect();
        if rig.limits.on_at_once.is_some() {
            channels.iter_mut().for_each(|channel| channel.dwell.hold_nothing_lit());
        }
        let are_lit = channels.iter().map(|channel| channel.safe.is_lit());
        Self {
            cursor: Cursor::new(timeline, extent),
            soft_pwm: SoftPwm::new(period, are_lit),
            fade_out: None,
            showed_show: true,
            ending: None,
            last_look: Mono::from_nanos(0),
            place: (0, extent.from),
            changes: Changes::with_capacity(channels.len()),
            channels,
        }
    }

    /// For `output`; channels whose lines it has not are another show's, and are left alone.
    pub(super) fn of_output(
        timeline: Arc<Timeline>,
        rig: &Rig,
        extent: Extent,
        relay_moves: &RelayMoves,
        output: &dyn Output,
    ) -> Self {
        let mut mixer = Self::new(timeline, rig, extent, relay_moves, |line| output.dims(line));
        mixer.leave_all_but(|line| output.dims(line) || output.signal(line).is_some());
        mixer
    }

    /// Leaves channels alone whose lines are not `driven` here: they are another show's.
    pub(super) fn leave_all_but(&mut self, driven: impl Fn(Line) -> bool) {
        self.channels.iter_mut().for_each(|channel| channel.is_driven = driven(channel.line));
    }

    /// What it plays. Everything else that it reads it touches a hundred times a second.
    pub(super) fn timeline(&self) -> Arc<Timeline> {
        self.cursor.timeline()
    }

    /// Decides what the lines shall carry at `now`; what is to be written for that.
    pub(super) fn decide(&mut self, now: Mono, playhead: Playhead, orders: Orders) -> &mut Changes {
        self.soft_pwm.advance(now);
        let has_leapt = self.follow(now, playhead);
        self.obey(now, orders, has_leapt);
        self.last_look = now;
        self.compare();
        &mut self.changes
    }

    /// Another process has made every line safe, by `now` at the latest. What the show wants is due now, and not
    /// when the show wanted it. A fade to the safe levels is over.
    pub(super) fn note_made_safe(&mut self, now: Mono, followers: &mut Followers<'_>) {
        for (index, channel) in self.channels.iter_mut().enumerate().filter(|(_, channel)| channel.is_driven)
        {
            if !channel.is_safe() {
                channel.dwell.move_aside(now);
            }
            channel.before_stop = channel.safe;
            let due_time = DueTime { show: self.place.1, due: now };
            followers.tell(ChannelId::new(index), channel, channel.made_safe(), due_time, now);
        }
        self.showed_show = false;
    }

    /// Takes from the cursor what the playhead has come past, or come to. Whether it came by a leap.
    fn follow(&mut self, now: Mono, playhead: Playhead) -> bool {
        let position = match playhead {
            Playhead::Waiting => return false,
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
        let end = self.cursor.end().filter(|end| *end <= position);
        let has_leapt = self.cursor.come_to(end.map_or(position, |end| Position(end.0 - 1)));
        while let Some(change) = self.cursor.take_due() {
            let channel = &mut self.channels[change.channel.index()];
            channel.wanted = change.level;
            channel.wanted_since = DueTime { show: change.show, due: due(change.position) };
        }
        self.place = self.cursor.place(end.unwrap_or(position));
        if let Some(end) = end {
            self.ending = Some(Ending::Played);
            let (_, show) = self.place;
            let due_time = DueTime { show, due: due(end) };
            for channel in &mut self.channels {
                (channel.wanted, channel.wanted_since) = (channel.safe, due_time);
            }
        }
        has_leapt
    }

    /// What each channel shall show: what the orders leave of the show.
    fn obey(&mut self, now: Mono, orders: Orders, has_leapt: bool) {
        if let (Some(over), None) = (orders.stop, self.fade_out) {
            self.fade_out = Some(FadeOut { start: now, over });
            self.channels.iter_mut().for_each(|channel| channel.before_stop = channel.carried.level);
        }
        if let (Some(over), Some(fade)) = (orders.stop, &mut self.fade_out) {
            fade.over = over;
        }
        let shows_show = !orders.is_dark && self.fade_out.is_none();
        let by_order = DueTime { show: self.place.1, due: now };
        let driven = self.channels.iter_mut().enumerate().filter(|(_, channel)| channel.is_driven);
        for (index, channel) in driven {
            let mut in_course = shows_show && self.showed_show && !channel.dwell.is_aside();
            if has_leapt {
                channel.dwell.step_aside();
            }
            let level = match self.fade_out {
                _ if orders.is_dark || self.ending.is_some() => channel.safe,
                Some(fade) => fade.level(channel.before_stop, channel.safe, now),
                None => {
                    let ahead = || self.cursor.ahead(ChannelId::new(index));
                    let (shown, wanted) = (channel.carried.level, channel.shows_of_wanted());
                    let due = if in_course { channel.wanted_since.due } else { now };
                    let follows = channel.dwell.may_follow(shown, wanted, [now, due], ahead);
                    in_course &= follows;
                    if follows { wanted } else { shown }
                }
            };
            let due_time = if in_course { channel.wanted_since } else { by_order };
            if channel.aim_at(level, due_time, self.soft_pwm.period()) {
                match shows_show {
                    true => channel.dwell.moves(now, due_time.due),
                    false => channel.dwell.move_aside(now),
                }
            }
        }
        self.showed_show = shows_show;
        let will_be_safe = self.channels.iter().all(|channel| channel.shall == channel.safe);
        if self.fade_out.is_some_and(|fade| fade.is_over(now) || will_be_safe) {
            self.ending = self.ending.or(Some(Ending::Stopped));
        }
    }

    /// What differs between what the lines shall carry and what they carry.
    fn compare(&mut self) {
        let now = self.last_look;
        self.changes.clear();
        for (index, channel) in self.channels.iter().enumerate().filter(|(_, channel)| channel.is_driven) {
            if !channel.is_dimmed_by_output {
                self.soft_pwm.set(index, channel.on_time, now);
            }
            match channel.shall_carry(self.soft_pwm.is_lit(index)) {
                by if by == channel.carried.by => {}
                By::Signal(signal) => self.changes.signals.push((channel.line, signal)),
                By::Pulses(lit) => {
                    self.changes.pulses.push(Pulses { line: channel.line, lit, is_written: false })
                }
                By::Unknown => unreachable!("what a line shall carry is known"),
            }
        }
    }

    /// What [`decide`](Self::decide) asked for was written at `written`, or could not be: remembers it, and tells
    /// those who follow.
    pub(super) fn note(&mut self, written: Mono, followers: &mut Followers<'_>) {
        for (index, channel) in self.channels.iter_mut().enumerate().filter(|(_, channel)| channel.is_driven)
        {
            if channel.is_dimmed_by_output && self.changes.has_failed(channel.line) {
                channel.carried.by = By::Unknown;
                continue;
            }
            let carried =
                Carried { level: channel.shall, by: channel.shall_carry(self.soft_pwm.is_lit(index)) };
            if carried != channel.carried {
                let is_edge = matches!(carried.by, By::Signal(_)) && carried.by != channel.carried.by;
                let due_time = channel.news.take().unwrap_or(channel.wanted_since);
                if carried.level != channel.carried.level {
                    followers.state.wrote(written.since(due_time.due));
                }
                followers.tell(ChannelId::new(index), channel, carried, due_time, written);
                if is_edge {
                    self.soft_pwm.note(index, written);
                }
            }
        }
        followers.state.at(self.place.0, self.place.1);
    }

    /// Whether every channel is at its safe level by order.
    pub(super) fn is_dark(&self) -> bool {
        !self.showed_show && self.fade_out.is_none() && self.channels.iter().all(ChannelState::is_safe)
    }

    /// How the show ended, once it has.
    pub(super) const fn ending(&self) -> Option<Ending> {
        self.ending
    }

    /// When to look again.
    pub(super) fn next_wake(&self, now: Mono, playhead: Playhead) -> Wake {
        let after = |wait: Duration| now.offset(wait.as_nanos() as i64);
        let look = if self.fade_out.is_some() { FADE_STEP } else { LOOK };
        let mut wake = Wake { at: after(look), awaits: Awaited::Look };
        if let Some(edge) = self.soft_pwm.next_edge().filter(|edge| *edge < wake.at) {
            wake.at = edge;
        }
        if let Playhead::Running(course) = playhead {
            let next = self.cursor.next_due().into_iter().chain(self.cursor.end()).min();
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

    /// Whether every light is steady and shows what it shall show.
    fn stand_still(&self) -> bool {
        let is_settled = |channel: &ChannelState| {
            let level = if self.showed_show { channel.shows_of_wanted() } else { channel.safe };
            channel.shall == level && channel.is_settled()
        };
        self.fade_out.is_none()
            && self.soft_pwm.next_edge().is_none()
            && self.channels.iter().filter(|channel| channel.is_driven).all(is_settled)
    }
}

impl Followers<'_> {
    /// The line of `channel` carries `carried` since `written`, for what was due at `due_time`.
    fn tell(
        &mut self,
        id: ChannelId,
        channel: &mut ChannelState,
        carried: Carried,
        DueTime { show, due }: DueTime,
        written: Mono,
    ) {
        let before = std::mem::replace(&mut channel.carried, carried);
        let level = carried.level;
        if level != before.level {
            self.state.shows(id, level);
            self.record(Record::Level { channel: id, level, show, due, written });
        }
        if let (By::Signal(signal), true) = (carried.by, carried.by != before.by) {
            if !channel.dims() {
                self.state.switched(id, channel.line, written);
            }
            self.record(Record::Edge { channel: id, signal, written });
        }
    }

    fn record(&mut self, record: Record) {
        if let Some(recorder) = &mut self.recorder {
            recorder.take(record);
        }
    }
}
