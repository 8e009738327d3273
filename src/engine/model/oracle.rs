//! What every line must carry, by the show, the orders and the rig's rules, written down as plainly as can be.
//! Shares no code with what it judges but the compiled show.

use std::time::Duration;

use crate::clock::{Playhead, Position};
use crate::engine::Ending;
use crate::level::Level;
use crate::output::Signal;
use crate::rig::{Active, Channel, ChannelId, Kind};
use crate::speed::Speed;
use crate::time::Mono;

use super::board::{Carries, ModelBoard, RelayMove};
use super::lines_seen::LinesSeen;
use super::plan::ShowPlan;

const MILLI: i64 = 1_000_000;
/// A playhead that comes back by less is being corrected: lights wait for it.
const CORRECTION: i64 = MILLI;
/// What the playhead came over so far at once may have begun long ago.
const LEAP: i64 = 60 * MILLI;
/// Turns further apart than this are no late wake-up any more.
const STALL: i64 = 12 * MILLI;

/// A write that failed is tried again within this, or a few times: the bus brings two changes in 3 ms.
const TRIED_WITHIN: i64 = 60 * MILLI;

/// Most wake-ups are no later.
pub(super) const IN_TIME: i64 = 80_000;

/// What is known of a channel from one turn to the next.
#[derive(Clone, Copy, Debug)]
struct KnownChannel {
    shown: Level,
    wanted: Level,
    wanted_since: Mono,
    before_stop: Level,
    /// At the turn before, it was not where it should be, and nothing excused it.
    is_overdue: bool,
    /// Light it should have got, and has got, since it was dimmed evenly.
    due_light: f64,
    light: f64,
    /// Nanoseconds by which the thread was late meanwhile, where that was much.
    late: f64,
}

pub(super) struct Oracle<'a> {
    plan: ShowPlan<'a>,
    known: Vec<KnownChannel>,
    /// How far the playhead has come since it jumped last.
    reached: Option<Position>,
    stopped: Option<Mono>,
    /// At the turn before: when that was, where the playhead was, whether it was dark by order.
    last: (Mono, Option<Position>, bool),
    speed: Speed,
    /// When something last happened that brings a contact out of step.
    disturbed: Mono,
    intervened: Option<Mono>,
    /// The playhead has leapt since the turn before, or the thread slept long.
    has_leapt: bool,
    /// Another plan was taken up since the playhead was seen last.
    has_new_plan: bool,
}

impl<'a> Oracle<'a> {
    pub(super) fn new(plan: ShowPlan<'a>, now: Mono) -> Self {
        let known = plan.rig.channels.iter().map(|channel| KnownChannel {
            shown: channel.safe,
            wanted: channel.safe,
            wanted_since: now,
            before_stop: channel.safe,
            is_overdue: false,
            due_light: 0.0,
            light: 0.0,
            late: 0.0,
        });
        let (known, last) = (known.collect(), (now, None, false));
        Self {
            plan,
            known,
            reached: None,
            stopped: None,
            last,
            speed: Speed::Normal,
            disturbed: now,
            intervened: None,
            has_leapt: false,
            has_new_plan: false,
        }
    }

    pub(super) fn take_up(&mut self, plan: ShowPlan<'a>) {
        (self.plan, self.has_new_plan) = (plan, true);
    }

    pub(super) const fn reached(&self) -> Option<Position> {
        self.reached
    }

    /// What is wrong, if anything is.
    pub(super) fn judge(&mut self, seen: &LinesSeen<'_>) -> Result<(), String> {
        self.look(seen);
        if seen.is_overruled {
            return Ok(());
        }
        self.judge_ending(seen)?;
        for index in 0..self.known.len() {
            if seen.board.cells[index].is_driven {
                let channel = &self.plan.rig.channels[index].name;
                self.judge_line(index, seen).map_err(|fault| format!("{channel}: {fault}"))?;
            }
        }
        for moved in seen.moves {
            self.judge_move(moved, seen)?;
        }
        if seen.hold.is_some_and(|hold| seen.state.obeyed_hold() >= hold) && !seen.board.is_safe() {
            return Err("the order is confirmed, and not every line is safe".to_owned());
        }
        if seen.is_at_rest && !seen.board.is_safe() {
            return Err("the guardian is told to rest, and not every line is safe".to_owned());
        }
        self.judge_supply(seen)
    }

    /// Takes in where the playhead is and what was ordered.
    fn look(&mut self, seen: &LinesSeen<'_>) {
        let position = self.position(seen);
        let (then, before, was_dark) = self.last;
        let elapsed = seen.now.since(then);
        let (begin, was) = (self.plan.begin(), self.reached);
        // So far it has come at most.
        let way = elapsed + if self.speed.max(seen.speed) == Speed::Double { elapsed } else { 0 };
        self.speed = seen.speed;
        if let Some(position) = position {
            self.reached = match self.reached {
                Some(_) if self.has_new_plan => Some(position.max(begin)),
                None if position < begin => None,
                Some(reached) if position.0 > reached.0 - CORRECTION => Some(reached.max(position)),
                _ => Some(position.max(begin)),
            };
        }
        let has_jumped = match (before, position) {
            (Some(before), Some(position)) => {
                !(-CORRECTION..=way + CORRECTION).contains(&(position.0 - before.0))
            }
            (None, None) => false,
            _ => true,
        };
        self.has_leapt = before.zip(position).zip(was).is_some_and(|((before, position), was)| {
            position.0 - before.0 > LEAP || was.0 - position.0 > CORRECTION || self.has_new_plan
        });
        let is_other_pass =
            was.zip(self.reached).is_some_and(|(was, is)| self.plan.pass(was) != self.plan.pass(is));
        let is_stop = seen.stop.is_some() && self.stopped.is_none();
        if has_jumped
            || is_other_pass
            || is_stop
            || self.has_new_plan
            || elapsed > STALL
            || seen.was_intervened
            || seen.is_dark != was_dark
        {
            self.disturbed = seen.now;
        }
        for known in self.known.iter_mut().zip(&self.plan.rig.channels) {
            let (known, channel) = known;
            if seen.was_intervened {
                (known.shown, known.before_stop) = (channel.safe, channel.safe);
            }
            if is_stop {
                known.before_stop = known.shown;
            }
        }
        if seen.was_intervened {
            self.intervened = Some(seen.now);
        }
        if is_stop {
            self.stopped = Some(seen.now);
        }
        for index in 0..self.known.len() {
            let safe = self.plan.rig.channels[index].safe;
            let wanted = self.reached.map_or(safe, |position| self.plan.wanted(index, position));
            if self.known[index].wanted != wanted {
                (self.known[index].wanted, self.known[index].wanted_since) = (wanted, seen.now);
            }
        }
        self.has_new_plan &= position.is_none();
        self.last = (seen.now, position, seen.is_dark);
    }

    fn position(&self, seen: &LinesSeen<'_>) -> Option<Position> {
        match seen.playhead {
            Playhead::Waiting => None,
            Playhead::Paused(position) => Some(position),
            Playhead::Running(course) => Some(course.at(seen.now)),
        }
    }

    fn judge_ending(&self, seen: &LinesSeen<'_>) -> Result<(), String> {
        let is_at_end = self.last.1.zip(self.plan.end()).is_some_and(|(position, end)| position >= end);
        let fade_is_over = self.fade(seen).is_some_and(|gone| gone >= 1.0);
        match seen.ending {
            Some(_)
                if !seen.board.comes_to_be_safe()
                    && !seen.board.cells.iter().any(|cell| cell.failed.is_some()) =>
            {
                Err("the show has ended, and not every line is safe".to_owned())
            }
            Some(Ending::Played) if !is_at_end => Err("it ended before its end".to_owned()),
            Some(Ending::Stopped) if self.stopped.is_none() => Err("nobody stopped it".to_owned()),
            None if is_at_end => Err("it goes on beyond its end".to_owned()),
            None if fade_is_over => Err("it goes on though it was stopped".to_owned()),
            _ => Ok(()),
        }
    }

    /// How much of the fade of a stop is over.
    fn fade(&self, seen: &LinesSeen<'_>) -> Option<f64> {
        let (stopped, over) = self.stopped.zip(seen.stop)?;
        let gone = seen.now.since(stopped) as f64;
        Some(if over.is_zero() { 1.0 } else { (gone / over.as_nanos() as f64).min(1.0) })
    }

    fn judge_line(&mut self, index: usize, seen: &LinesSeen<'_>) -> Result<(), String> {
        let channel = &self.plan.rig.channels[index];
        let known = self.known[index];
        let is_shown = !seen.is_dark && seen.ending.is_none() && self.stopped.is_none();
        let level = match (seen.stop, self.stopped) {
            _ if seen.is_dark || seen.ending.is_some() => channel.safe,
            (Some(over), Some(stopped)) => {
                fading(known.before_stop, channel.safe, seen.now.since(stopped), over)
            }
            _ => known.wanted,
        };
        if let Some(failed) = seen.board.cells[index].failed {
            self.known[index].is_overdue = false;
            // What did not come to pass is not told.
            self.known[index].shown = seen.state.level(ChannelId::new(index));
            let since = seen.now.since(failed);
            // After a standstill this is the first turn that could try.
            return match since < TRIED_WITHIN || seen.board.failing > 0 || self.disturbed == seen.now {
                true => Ok(()),
                false => Err(format!("it was not tried again for {since} ns")),
            };
        }
        let shown = match channel.kind {
            Kind::Pwm | Kind::Dimmer => self.judge_light(index, level, seen)?,
            Kind::Relay if is_shown => self.judge_contact(index, level, seen)?,
            Kind::Relay | Kind::Ssr => {
                self.known[index].is_overdue = false;
                expect(level.switched(), lit(channel, seen.board.cells[index].shows()), &known)?
            }
        };
        self.known[index].shown = shown;
        let told = seen.state.level(ChannelId::new(index));
        if told != shown {
            return Err(format!("the state tells {told:?} and not {shown:?}"));
        }
        Ok(())
    }

    /// A relay where the show is shown: it is where the show wants it, but for the time it must rest, and where
    /// it came out of step and the show leaves it too little time.
    fn judge_contact(&mut self, index: usize, level: Level, seen: &LinesSeen<'_>) -> Result<Level, String> {
        let channel = &self.plan.rig.channels[index];
        let found = lit(channel, seen.board.cells[index].shows());
        let ahead = self.reached.map_or(Duration::MAX, |position| self.plan.ahead(index, position));
        let rest = if found.is_lit() { channel.min_on } else { channel.min_off };
        // Nobody knows when within a standstill somebody else moved it: it rests from its end on.
        let moved = seen.board.cells[index].moved.max(self.intervened);
        let is_resting = moved.is_some_and(|moved| seen.board.rest_since(moved) < rest.as_nanos() as i64);
        let known = &mut self.known[index];
        // Rests last twice as long at half speed.
        let while_disturbed = 2 * (channel.min_on + channel.min_off).as_nanos() as i64 + 100 * MILLI;
        let is_out_of_step = self.disturbed.since(known.wanted_since) >= -while_disturbed;
        let is_excused = found == level
            || is_resting && !(found.is_lit() && self.plan.rig.limits.on_at_once.is_some())
            || level.is_lit() && is_out_of_step && ahead < channel.min_on;
        if !is_excused && known.is_overdue {
            return expect(level, found, known);
        }
        known.is_overdue = !is_excused;
        Ok(found)
    }

    fn judge_light(&mut self, index: usize, level: Level, seen: &LinesSeen<'_>) -> Result<Level, String> {
        let channel = &self.plan.rig.channels[index];
        let period = self.plan.rig.pwm_period().as_nanos() as u64;
        let on_time = (period * u64::from(level.hundredths()) + 5_000) / 10_000;
        let cell = &seen.board.cells[index];
        let known = &mut self.known[index];
        let signal = match cell.shows() {
            Carries::Signal(signal) => signal,
            Carries::Level(shown) => return expect(level, shown, known),
        };
        let is_lit = signal == lit_signal(channel);
        let is_dimmed = on_time > 0 && on_time < period;
        if !is_dimmed {
            return expect(level, if is_lit { Level::FULL } else { Level::OFF }, known);
        }
        let is_steady = known.shown == level && self.disturbed != seen.now;
        if !is_steady {
            (known.due_light, known.light, known.late) = (0.0, 0.0, 0.0);
        }
        let off = (known.due_light - known.light).abs();
        // A late wake-up lights a channel too long; it is not kept dark for as long after that.
        if off > 0.9 * period as f64 + 1e6 + known.late {
            return Err(format!("{off} ns of light too much or too little, at {level:?}"));
        }
        Ok(level)
    }

    /// Until `now` every line carries what it carries; the next turn was meant to be at `meant`.
    pub(super) fn pass(&mut self, board: &ModelBoard, meant: Mono, now: Mono) {
        let elapsed = now.since(self.last.0) as f64;
        let late = Some(now.since(meant)).filter(|late| *late > IN_TIME).unwrap_or(0) as f64;
        for ((known, channel), cell) in self.known.iter_mut().zip(&self.plan.rig.channels).zip(&board.cells) {
            known.late += late;
            known.due_light += elapsed * f64::from(known.shown.hundredths()) / 10_000.0;
            known.light += if cell.carries == Carries::Signal(lit_signal(channel)) { elapsed } else { 0.0 };
        }
    }

    /// A contact moves no sooner than it may, but to where it is safe. What came late by up to a fifth of the
    /// rest makes the next move not late.
    fn judge_move(&self, moved: &RelayMove, seen: &LinesSeen<'_>) -> Result<(), String> {
        let channel = &self.plan.rig.channels[moved.channel];
        let is_to_lit = lit(channel, moved.to).is_lit();
        let is_to_safe = is_to_lit == channel.safe.is_lit();
        let by_order = seen.is_dark || seen.ending.is_some() || self.stopped.is_some();
        let rest = match is_to_lit {
            true => channel.min_off,
            false if self.plan.rig.limits.on_at_once.is_some() => Duration::ZERO,
            false => channel.min_on,
        };
        let least = rest.as_nanos() as i64 * 4 / 5 - MILLI;
        if moved.after < least && !(by_order && is_to_safe) {
            return Err(format!("{} moves {} ns after its last move", channel.name, moved.after));
        }
        let ahead = self.reached.map_or(Duration::MAX, |position| self.plan.ahead(moved.channel, position));
        if is_to_lit && self.has_leapt && !by_order && ahead < channel.min_on {
            return Err(format!("{} goes on for {ahead:?} after a leap", channel.name));
        }
        Ok(())
    }

    /// The supply carries no more than it may.
    fn judge_supply(&self, seen: &LinesSeen<'_>) -> Result<(), String> {
        let Some(most) = self.plan.rig.limits.on_at_once else { return Ok(()) };
        let is_safe_lit = self.plan.rig.channels.iter().any(|channel| channel.safe.is_lit());
        let shown = self.known.iter().filter(|known| known.shown.is_lit()).count();
        match shown > most && !is_safe_lit && !seen.board.cells.iter().any(|cell| cell.failed.is_some()) {
            true => Err(format!("{shown} are lit, and the supply carries {most}")),
            false => Ok(()),
        }
    }
}

fn expect(level: Level, found: Level, known: &KnownChannel) -> Result<Level, String> {
    match level == found {
        true => Ok(found),
        false => Err(format!("the line gives {found:?} and not {level:?}; {known:?}")),
    }
}

const fn lit_signal(channel: &Channel) -> Signal {
    match channel.active {
        Active::High => Signal::High,
        Active::Low => Signal::Low,
    }
}

fn lit(channel: &Channel, carries: Carries) -> Level {
    match carries {
        Carries::Signal(signal) if signal == lit_signal(channel) => Level::FULL,
        Carries::Signal(_) => Level::OFF,
        Carries::Level(level) => level,
    }
}

/// On the way from `from` to `to`, `gone` nanoseconds after its start.
fn fading(from: Level, to: Level, gone: i64, over: Duration) -> Level {
    let over = i128::try_from(over.as_nanos()).unwrap();
    if i128::from(gone) >= over {
        return to;
    }
    let (from, to) = (i128::from(from.hundredths()), i128::from(to.hundredths()));
    Level::from_hundredths(u16::try_from(from + (to - from) * i128::from(gone) / over).unwrap())
}
