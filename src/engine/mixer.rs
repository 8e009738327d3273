//! Runs the show: sees the playhead and the orders, and decides which channels show another level. Pure: it neither
//! reads a clock nor drives an output; the thread does both.

#[cfg(test)]
mod tests;

use std::time::Duration;

use crate::clock::{Playhead, Position};
use crate::output::drivers::Drivers;
use crate::output::trace::{Record, Recorder};
use crate::output::{LevelChange, LineEdge};
use crate::rig::{ChannelId, Rig};
use crate::time::{Mono, ShowTime};

use super::carried::Carried;
use super::channel_state::{ChannelState, DueTime};
use super::controls::Orders;
use super::fade_out::FadeOut;
use super::pending::PendingChannels;
use super::plan::Plan;
use super::relay_dwell::RelayMoves;
use super::rest_clock::RestClock;
use super::setup::Ending;
use super::sleep_plan::{Awaited, Wake};
use super::state::State;

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
    plan: Box<Plan>,
    channels: Vec<ChannelState>,
    pending: PendingChannels,
    /// How many channels are not safe for sure.
    unsafe_channels: usize,
    fade_out: Option<FadeOut>,
    /// Whether the last tick showed the show, and not what an order asked for.
    showed_show: bool,
    ending: Option<Ending>,
    last_look: Mono,
    rests: RestClock,
    place: ShowTime,
    changes: Vec<LevelChange>,
}

/// Those who are told what the channels show.
pub(super) struct Followers<'a> {
    pub(super) state: &'a State,
    pub(super) recorder: Option<Recorder>,
}

impl Mixer {
    /// Channels that `drivers` do not have are another show's, and are left alone.
    pub(super) fn new(plan: Plan, rig: &Rig, relay_moves: &RelayMoves, drivers: &Drivers) -> Self {
        let channels = rig.channel_ids().zip(&rig.channels);
        let state = |(id, channel)| ChannelState::of(channel, drivers.has(id), relay_moves.of(id));
        let mut channels: Vec<ChannelState> = channels.map(state).collect();
        if rig.limits.on_at_once.is_some() {
            channels.iter_mut().for_each(|channel| channel.dwell.hold_nothing_lit());
        }
        Self {
            pending: PendingChannels::new(channels.len()),
            unsafe_channels: 0,
            fade_out: None,
            showed_show: true,
            ending: None,
            last_look: Mono::from_nanos(0),
            rests: RestClock::new(),
            place: plan.extent().from,
            changes: Vec::with_capacity(channels.len()),
            channels,
            plan: Box::new(plan),
        }
    }

    /// Plays `plan` from the next decision on, where the playhead is; what it played before comes back. What the
    /// channels show stays as it is until then.
    #[must_use = "freeing it is for another thread"]
    pub(super) fn take_up(&mut self, mut plan: Box<Plan>) -> Box<Plan> {
        plan.cursor.take_over(&self.plan.cursor);
        std::mem::replace(&mut self.plan, plan)
    }

    /// Decides what the channels shall show at `now`; what is to be set for that.
    pub(super) fn decide(&mut self, now: Mono, playhead: Playhead, orders: Orders) -> &mut [LevelChange] {
        self.rests.follow(now, playhead);
        let has_leapt = self.follow(now, playhead);
        self.obey(now, orders, has_leapt);
        self.last_look = now;
        &mut self.changes
    }

    /// Another process has made every output safe, by `now` at the latest, and so have the `drivers`. What the show
    /// wants is due now, and not when the show wanted it. A fade to the safe levels is over.
    pub(super) fn note_made_safe(&mut self, now: Mono, drivers: &Drivers, followers: &mut Followers<'_>) {
        for id in (0..self.channels.len()).map(ChannelId::new) {
            let channel = &mut self.channels[id.index()];
            if !channel.is_driven {
                continue;
            }
            if !channel.is_safe() {
                channel.dwell.move_aside(self.rests.at(now));
            }
            channel.before_stop = channel.safe;
            let carried = Carried { level: channel.safe, is_sure: drivers.was_made_safe(id) };
            self.carry(id, carried, DueTime { show: self.place, due: now }, now, followers);
        }
        self.showed_show = false;
        self.pending.add_all();
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
        let end = self.plan.cursor.end().filter(|end| *end <= position);
        let has_leapt = self.plan.cursor.come_to(end.map_or(position, |end| Position(end.0 - 1)));
        while let Some(change) = self.plan.cursor.take_due() {
            self.pending.add(change.channel);
            let channel = &mut self.channels[change.channel.index()];
            channel.wanted = change.level;
            channel.wanted_since = DueTime { show: change.show, due: due(change.position) };
        }
        (_, self.place) = self.plan.cursor.place(end.unwrap_or(position));
        if let Some(end) = end {
            self.ending = Some(Ending::Played);
            let due_time = DueTime { show: self.place, due: due(end) };
            self.pending.add_all();
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
        if has_leapt || self.fade_out.is_some() || shows_show != self.showed_show {
            self.pending.add_all();
        }
        let by_order = DueTime { show: self.place, due: now };
        self.changes.clear();
        for id in self.pending.sorted() {
            let channel = &mut self.channels[id.index()];
            if !channel.is_driven {
                continue;
            }
            let mut in_course = shows_show && self.showed_show && !channel.dwell.is_aside();
            if has_leapt {
                channel.dwell.step_aside();
            }
            let level = match self.fade_out {
                _ if orders.is_dark || self.ending.is_some() => channel.safe,
                Some(fade) => fade.level(channel.before_stop, channel.safe, now),
                None => {
                    let ahead = || self.plan.cursor.ahead(*id);
                    let (shown, wanted) = (channel.carried.level, channel.showable_wanted());
                    let due = if in_course { channel.wanted_since.due } else { now };
                    let rests = [now, due].map(|instant| self.rests.at(instant));
                    let follows = channel.dwell.follow(shown, wanted, rests, ahead);
                    in_course &= follows;
                    if follows { wanted } else { shown }
                }
            };
            let due_time = if in_course { channel.wanted_since } else { by_order };
            channel.aim_at(level, due_time);
            if !channel.is_settled() {
                let due = channel.news.unwrap_or(channel.wanted_since).due;
                self.changes.push(LevelChange { channel: *id, level: channel.target, due, written: None });
            }
        }
        self.showed_show = shows_show;
        let is_to_be_safe = |channel: &ChannelState| channel.target == channel.safe;
        let will_be_safe = || self.channels.iter().all(is_to_be_safe);
        if self.fade_out.is_some_and(|fade| fade.is_over(now) || will_be_safe()) {
            self.ending = self.ending.or(Some(Ending::Stopped));
        }
    }

    /// What [`decide`](Self::decide) asked for was written, or could not be: remembers it, and tells those who follow.
    pub(super) fn note(&mut self, followers: &mut Followers<'_>) {
        if !self.changes.is_empty() {
            let is_any_refused = self.changes.iter().any(|change| change.written.is_none());
            followers.state.refused(self.last_look, is_any_refused);
        }
        for index in 0..self.changes.len() {
            let LevelChange { channel: id, level, written, .. } = self.changes[index];
            let channel = &mut self.channels[id.index()];
            let Some(written) = written else {
                let unknown = Carried { is_sure: false, ..channel.carried };
                let due_time = channel.wanted_since;
                self.carry(id, unknown, due_time, self.last_look, followers);
                continue;
            };
            let due_time = channel.news.take().unwrap_or(channel.wanted_since);
            if level != channel.carried.level {
                // Only now: a contact whose write failed has not moved.
                match self.showed_show {
                    true => channel.dwell.moves(self.rests.at(written), self.rests.at(due_time.due)),
                    false => channel.dwell.move_aside(self.rests.at(written)),
                }
                followers.state.wrote(written.since(due_time.due));
            }
            self.carry(id, Carried { level, is_sure: true }, due_time, written, followers);
        }
        let (channels, shows_show) = (&self.channels, self.showed_show);
        self.pending.retain(|id| {
            let channel = &channels[id.index()];
            // A contact that is aside may go on when it has rested.
            channel.is_driven && (!channel.is_settled() || shows_show && channel.dwell.is_aside())
        });
        followers.state.at(self.place);
    }

    /// The channel shows `carried` since `written`, for what was due at `due_time`.
    fn carry(
        &mut self,
        id: ChannelId,
        carried: Carried,
        DueTime { show, due }: DueTime,
        written: Mono,
        followers: &mut Followers<'_>,
    ) {
        let channel = &mut self.channels[id.index()];
        let was_safe = channel.is_safe();
        let before = std::mem::replace(&mut channel.carried, carried);
        self.unsafe_channels += usize::from(was_safe);
        self.unsafe_channels -= usize::from(channel.is_safe());
        let level = carried.level;
        if level != before.level {
            followers.state.shows(id, level);
            if !channel.dims() {
                followers.state.switched(id, written);
            }
            followers.record(Record::Level { channel: id, level, show, due, written });
        }
    }

    /// Whether every channel is at its safe level by order.
    pub(super) const fn is_dark(&self) -> bool {
        !self.showed_show && self.fade_out.is_none() && self.unsafe_channels == 0
    }

    /// How the show ended, once it has.
    pub(super) const fn ending(&self) -> Option<Ending> {
        self.ending
    }

    /// When to look again. The drivers want to be called at `tick`, and have written everything or have not.
    pub(super) fn next_wake(
        &self,
        now: Mono,
        playhead: Playhead,
        tick: Option<Mono>,
        are_settled: bool,
    ) -> Wake {
        let after = |wait: Duration| now.offset(wait.as_nanos() as i64);
        let look = if self.fade_out.is_some() { FADE_STEP } else { LOOK };
        let mut wake = Wake { at: after(look), awaits: Awaited::Look };
        if let Some(tick) = tick.filter(|tick| *tick < wake.at) {
            wake.at = tick;
        }
        if let Playhead::Running(course) = playhead {
            let next = self.plan.cursor.next_due().into_iter().chain(self.plan.cursor.end()).min();
            // A cue beyond the end of the course has no instant yet: looks find it when it has.
            match next.map(|next| course.when(next)) {
                Some(Some(cue)) if cue <= wake.at => wake = Wake { at: cue, awaits: Awaited::Cue },
                Some(None) => {}
                cue if tick.is_none()
                    && are_settled
                    && self.stand_still()
                    && cue.flatten().is_none_or(|cue| cue > after(FAR)) =>
                {
                    wake = Wake { at: after(STILL_LOOK), awaits: Awaited::Order };
                }
                _ => {}
            }
        }
        wake
    }

    /// Whether every channel shows what it shall, and nothing but an order or a cue changes that.
    const fn stand_still(&self) -> bool {
        self.fade_out.is_none() && self.pending.is_empty()
    }
}

impl Followers<'_> {
    /// A line of a channel carries another signal.
    pub(super) fn tell_edge(&mut self, LineEdge { channel, signal, written }: LineEdge) {
        self.record(Record::Edge { channel, signal, written });
    }

    fn record(&mut self, record: Record) {
        if let Some(recorder) = &mut self.recorder {
            recorder.take(record);
        }
    }
}
