//! When each light shall be lit: steadily, or in one pulse a period where it is dimmed. Pure: instants come in
//! as arguments. Knows nothing of levels, polarity, or what a line carries.
//!
//! All dimmed lights share a period, so that they go on together at one wake-up and off one by one. A
//! wake-up comes late by tens of microseconds, as long as a whole pulse at the bottom of a fade. So
//! what a light got too much or too little of is settled with its next pulse. The same account gives
//! light below the shortest pulse, by leaving pulses out.

#[cfg(test)]
mod tests;

use crate::time::Mono;

/// Shorter pulses, and shorter gaps between them, are not worth the writes.
const SHORTEST_PULSE: u64 = 1_000;

/// The lights of a driver's channels, in its order. All times are in nanoseconds.
#[derive(Clone, Debug)]
pub(super) struct SoftPwm {
    period: u64,
    /// When the present period began; none runs while every light is steady.
    start: Option<Mono>,
    lights: Vec<PwmLight>,
}

#[derive(Clone, Copy, Debug)]
struct PwmLight {
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
    /// Lights that are steadily lit or not.
    pub(super) fn new(period: u64, are_lit: impl Iterator<Item = bool>) -> Self {
        Self { period, start: None, lights: are_lit.map(|is_lit| PwmLight::steady(is_lit, period)).collect() }
    }

    /// The same lights, steadily lit or not. Does not allocate.
    pub(super) fn reset(&mut self, are_lit: impl Iterator<Item = bool>) {
        self.start = None;
        for (light, is_lit) in self.lights.iter_mut().zip(are_lit) {
            *light = PwmLight::steady(is_lit, self.period);
        }
    }

    pub(super) const fn period(&self) -> u64 {
        self.period
    }

    /// Whether the light at `index` shall be lit.
    pub(super) fn is_lit(&self, index: usize) -> bool {
        self.lights[index].is_lit(self.period)
    }

    /// From `now` on, the light at `index` is lit for `on_time` a period. Said again, it changes nothing.
    pub(super) fn set(&mut self, index: usize, on_time: u64, now: Mono) {
        let period = self.period;
        let on_time = on_time.min(period);
        if on_time == self.lights[index].on_time {
            return;
        }
        let is_lit = self.lights[index].is_lit(period);
        if on_time > 0 && on_time < period && self.start.is_none() {
            self.start = Some(now);
            // What was lit before this period was not lit in it.
            self.lights.iter_mut().for_each(|light| light.begin_account(light.is_lit(period), now));
        }
        let light = &mut self.lights[index];
        light.on_time = on_time;
        light.is_pulsing = is_lit;
        if !light.is_dimmed(period) {
            light.has_pulsed |= is_lit;
            (light.off_at, light.owed, light.promised) = (None, 0, 0);
            return;
        }
        let start = self.start.expect("a period runs while a light is dimmed");
        let end = after(start, period);
        let pulse = light.next_pulse(period);
        if is_lit {
            // One pulse, longer or shorter than was planned.
            let begun = light.lit_since.max(start);
            let off_at = after(begun, pulse);
            light.pulse = pulse;
            light.has_pulsed = true;
            if off_at <= now {
                light.promised = light.given_until(now);
                light.is_pulsing = false;
                light.off_at = None;
            } else {
                light.promised = light.on_time;
                light.off_at = (off_at < end).then_some(off_at);
            }
        } else if !light.has_pulsed && pulse > 0 {
            // Its first light comes on time, and not at the next period.
            light.light(now, pulse, end);
            light.promised = pulse.min(end.since(now).max(0).unsigned_abs());
        }
    }

    /// Brings the lights to where they should be at `now`.
    pub(super) fn advance(&mut self, now: Mono) {
        if let Some(start) = self.start {
            let periods = now.since(start).max(0).unsigned_abs() / self.period;
            if periods > 0 {
                self.begin_period(after(start, periods * self.period), now);
            }
        }
        for light in &mut self.lights {
            if light.off_at.is_some_and(|off_at| off_at <= now) {
                light.is_pulsing = false;
                light.off_at = None;
            }
        }
    }

    fn begin_period(&mut self, start: Mono, now: Mono) {
        let period = self.period;
        let is_any_dimmed = self.lights.iter().any(|light| light.is_dimmed(period));
        self.start = is_any_dimmed.then_some(start);
        for light in &mut self.lights {
            if light.is_dimmed(period) {
                light.settle(period, start);
            }
            light.begin_account(light.is_lit(period), start);
            if !light.is_dimmed(period) {
                continue;
            }
            light.promised = light.on_time;
            match light.next_pulse(period) {
                0 => {
                    light.is_pulsing = false;
                    light.off_at = None;
                }
                pulse => {
                    let begun = if light.is_pulsing { start } else { now };
                    light.light(begun, pulse, after(start, period));
                }
            }
        }
    }

    /// The light at `index` changed as [`is_lit`](Self::is_lit) says, at `written`.
    pub(super) fn note(&mut self, index: usize, written: Mono) {
        let end = self.start.map(|start| after(start, self.period));
        let light = &mut self.lights[index];
        if !light.is_lit(self.period) {
            light.given = light.given_until(written);
            return;
        }
        light.lit_since = written;
        if let (Some(end), true) = (end, light.is_dimmed(self.period)) {
            // A pulse that began late ends late: its length is what the eye sees.
            let off_at = after(written, light.pulse);
            light.off_at = (off_at < end).then_some(off_at);
        }
    }

    /// When [`advance`](Self::advance) has something to do next.
    pub(super) fn next_edge(&self) -> Option<Mono> {
        let off = self.lights.iter().filter_map(|light| light.off_at).min();
        let end = self.start.map(|start| after(start, self.period));
        off.into_iter().chain(end).min()
    }
}

impl PwmLight {
    const fn steady(is_lit: bool, period: u64) -> Self {
        Self {
            on_time: if is_lit { period } else { 0 },
            is_pulsing: false,
            off_at: None,
            pulse: 0,
            has_pulsed: false,
            lit_since: Mono::from_nanos(0),
            given: 0,
            promised: 0,
            owed: 0,
        }
    }

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
    /// start when the thread was kept from running: that is forgiven, or the light would stay dark as
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
