//! When each lamp shall be lit: steadily, or in one pulse a period where it is dimmed. Pure: instants come in
//! as arguments. Knows nothing of levels, polarity, or what a line carries.
//!
//! All dimmed lamps share a period, so that they go on together at one wake-up and off one by one. A
//! wake-up comes late by tens of microseconds, as long as a whole pulse at the bottom of a fade. So
//! what a lamp got too much or too little of is settled with its next pulse. The same account gives
//! light below the shortest pulse, by leaving pulses out.

#[cfg(test)]
mod tests;

use crate::time::Mono;

/// Shorter pulses, and shorter gaps between them, are not worth the writes.
const SHORTEST_PULSE: u64 = 1_000;

/// The lamps of all channels, in the rig's order. All times are in nanoseconds.
#[derive(Clone, Debug)]
pub(super) struct SoftPwm {
    period: u64,
    /// When the present period began; none runs while every lamp is steady.
    start: Option<Mono>,
    lamps: Vec<Lamp>,
}

#[derive(Clone, Copy, Debug)]
struct Lamp {
    /// Lit time a period: 0 is dark, the whole period is lit, and between them pulses make it.
    on_time: u64,
    /// In a pulse, where it is dimmed.
    is_pulsing: bool,
    /// When the pulse ends, unless it lasts into the next period.
    off_at: Option<Mono>,
    /// How long the pulse was meant to be when it began.
    pulse: u64,
    /// It was lit in this period: a second pulse would be seen as a flicker.
    has_pulsed: bool,
    /// Since when it is lit, or since the period began.
    lit_since: Mono,
    /// Light given in this period before that.
    given: u64,
    /// Light it should be given in this period.
    promised: u64,
    /// Light it is still owed; negative when it got too much.
    owed: i64,
}

impl SoftPwm {
    /// SoftPwm that are steadily lit or not.
    pub(super) fn new(period: u64, are_lit: impl Iterator<Item = bool>) -> Self {
        let lamp = |is_lit| Lamp {
            on_time: if is_lit { period } else { 0 },
            is_pulsing: false,
            off_at: None,
            pulse: 0,
            has_pulsed: false,
            lit_since: Mono::from_nanos(0),
            given: 0,
            promised: 0,
            owed: 0,
        };
        Self { period, start: None, lamps: are_lit.map(lamp).collect() }
    }

    pub(super) const fn period(&self) -> u64 {
        self.period
    }

    /// Whether the lamp at `index` shall be lit.
    pub(super) fn is_lit(&self, index: usize) -> bool {
        self.lamps[index].is_lit(self.period)
    }

    /// From `now` on, the lamp at `index` is lit for `on_time` a period. Said again, it changes nothing.
    pub(super) fn set(&mut self, index: usize, on_time: u64, now: Mono) {
        let period = self.period;
        let on_time = on_time.min(period);
        if on_time == self.lamps[index].on_time {
            return;
        }
        let is_lit = self.lamps[index].is_lit(period);
        if on_time > 0 && on_time < period && self.start.is_none() {
            self.start = Some(now);
            // What was lit before this period was not lit in it.
            self.lamps.iter_mut().for_each(|lamp| lamp.begin_account(lamp.is_lit(period), now));
        }
        let lamp = &mut self.lamps[index];
        lamp.on_time = on_time;
        lamp.is_pulsing = is_lit;
        if !lamp.is_dimmed(period) {
            lamp.has_pulsed |= is_lit;
            (lamp.off_at, lamp.owed, lamp.promised) = (None, 0, 0);
            return;
        }
        let start = self.start.expect("a period runs while a lamp is dimmed");
        let end = after(start, period);
        let pulse = lamp.next_pulse(period);
        if is_lit {
            // One pulse, longer or shorter than was planned.
            let begun = lamp.lit_since.max(start);
            let off_at = after(begun, pulse);
            lamp.pulse = pulse;
            lamp.has_pulsed = true;
            if off_at <= now {
                lamp.promised = lamp.given_until(now);
                lamp.is_pulsing = false;
                lamp.off_at = None;
            } else {
                lamp.promised = lamp.on_time;
                lamp.off_at = (off_at < end).then_some(off_at);
            }
        } else if !lamp.has_pulsed && pulse > 0 {
            // Its first light comes on time, and not at the next period.
            lamp.light(now, pulse, end);
            lamp.promised = pulse.min(end.since(now).max(0).unsigned_abs());
        }
    }

    /// Brings the lamps to where they should be at `now`.
    pub(super) fn advance(&mut self, now: Mono) {
        if let Some(start) = self.start {
            let periods = now.since(start).max(0).unsigned_abs() / self.period;
            if periods > 0 {
                self.begin_period(after(start, periods * self.period), now);
            }
        }
        for lamp in &mut self.lamps {
            if lamp.off_at.is_some_and(|off_at| off_at <= now) {
                lamp.is_pulsing = false;
                lamp.off_at = None;
            }
        }
    }

    fn begin_period(&mut self, start: Mono, now: Mono) {
        let period = self.period;
        let is_any_dimmed = self.lamps.iter().any(|lamp| lamp.is_dimmed(period));
        self.start = is_any_dimmed.then_some(start);
        for lamp in &mut self.lamps {
            if lamp.is_dimmed(period) {
                lamp.settle(period, start);
            }
            lamp.begin_account(lamp.is_lit(period), start);
            if !lamp.is_dimmed(period) {
                continue;
            }
            lamp.promised = lamp.on_time;
            match lamp.next_pulse(period) {
                0 => {
                    lamp.is_pulsing = false;
                    lamp.off_at = None;
                }
                pulse => {
                    let begun = if lamp.is_pulsing { start } else { now };
                    lamp.light(begun, pulse, after(start, period));
                }
            }
        }
    }

    /// The lamp at `index` changed as [`is_lit`](Self::is_lit) says, at `written`.
    pub(super) fn note(&mut self, index: usize, written: Mono) {
        let end = self.start.map(|start| after(start, self.period));
        let lamp = &mut self.lamps[index];
        if !lamp.is_lit(self.period) {
            lamp.given = lamp.given_until(written);
            return;
        }
        lamp.lit_since = written;
        if let (Some(end), true) = (end, lamp.is_dimmed(self.period)) {
            // A pulse that began late ends late: its length is what the eye sees.
            let off_at = after(written, lamp.pulse);
            lamp.off_at = (off_at < end).then_some(off_at);
        }
    }

    /// When [`advance`](Self::advance) has something to do next.
    pub(super) fn next_edge(&self) -> Option<Mono> {
        let off = self.lamps.iter().filter_map(|lamp| lamp.off_at).min();
        let end = self.start.map(|start| after(start, self.period));
        off.into_iter().chain(end).min()
    }
}

impl Lamp {
    const fn is_dimmed(&self, period: u64) -> bool {
        self.on_time > 0 && self.on_time < period
    }

    const fn is_lit(&self, period: u64) -> bool {
        if self.is_dimmed(period) { self.is_pulsing } else { self.on_time > 0 }
    }

    fn light(&mut self, begun: Mono, pulse: u64, end: Mono) {
        let off_at = after(begun, pulse);
        self.off_at = (off_at < end).then_some(off_at);
        self.pulse = pulse;
        self.is_pulsing = true;
        self.has_pulsed = true;
    }

    /// The length of the next pulse: what it should get and what it is owed.
    fn next_pulse(&self, period: u64) -> u64 {
        match self.on_time.saturating_add_signed(self.owed) {
            short if short < SHORTEST_PULSE => 0,
            long if long + SHORTEST_PULSE > period => period,
            pulse => pulse,
        }
    }

    fn given_until(&self, now: Mono) -> u64 {
        self.given + now.since(self.lit_since).max(0).unsigned_abs()
    }

    /// Closes the account of the period that ends at `end`, which may be several periods after its
    /// start when the thread was kept from running: that is forgiven, or the lamp would stay dark as
    /// long as it was lit too long.
    fn settle(&mut self, period: u64, end: Mono) {
        let given = if self.is_pulsing { self.given_until(end) } else { self.given };
        self.owed += self.promised.cast_signed() - given.cast_signed();
        let most = (self.on_time.min(period - self.on_time) / 2).max(2 * SHORTEST_PULSE).cast_signed();
        self.owed = self.owed.clamp(-most, most);
    }

    /// A period begins at `start`.
    fn begin_account(&mut self, is_lit: bool, start: Mono) {
        (self.has_pulsed, self.given, self.lit_since) = (is_lit, 0, start);
    }
}

fn after(instant: Mono, nanos: u64) -> Mono {
    instant.offset(nanos.cast_signed())
}
