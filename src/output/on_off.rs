//! The driver of lines that are either low or high. It knows the polarity of each, and makes levels between off
//! and full by PWM in software. Knows no particular lines.

use anyhow::Result;

use crate::level::Level;
use crate::rig::{Active, Channel, ChannelId, Line};
use crate::time::Mono;

use super::channel_places::ChannelPlaces;
use super::dimmer::Dimmer;
use super::driver::{Driver, DriverContext, LevelChange, LineEdge};
use super::line::{LineOutputs, Signal};
use super::soft_pwm::SoftPwm;

/// Drives channels on `lines`.
pub struct OnOff {
    lines: Box<dyn LineOutputs>,
    channels: Vec<OnOffChannel>,
    /// Where each channel of the rig is in `channels`.
    places: ChannelPlaces,
    soft_pwm: SoftPwm,
    /// What is to be written. The room for it is there from the start.
    writes: Vec<(Line, Signal)>,
    /// Of which channels, in the same order.
    written: Vec<usize>,
}

#[derive(Clone, Copy, Debug)]
struct OnOffChannel {
    id: ChannelId,
    line: Line,
    active: Active,
    safe: Level,
    /// `None` for what can only be switched.
    dimmer: Option<Dimmer>,
    /// What its line carries: the only memory of it.
    carried: Signal,
}

impl OnOffChannel {
    const fn signal(&self, is_lit: bool) -> Signal {
        if is_lit { Signal::lit(self.active) } else { Signal::dark(self.active) }
    }
}

impl OnOff {
    /// Drives `channels`, which are on `lines`, with PWM of `period` nanoseconds.
    pub fn new(lines: Box<dyn LineOutputs>, channels: &[(ChannelId, Channel)], period: u64) -> Self {
        let on_off = |(id, channel): &(ChannelId, Channel)| {
            let safe = channel.safe.switched();
            let line = channel.address.line()?;
            let dimmer = channel.kind.dims().then(|| Dimmer::of(channel));
            let active = channel.active;
            let carried = if safe.is_lit() { Signal::lit(active) } else { Signal::dark(active) };
            Some(OnOffChannel { id: *id, line, active, safe, dimmer, carried })
        };
        let channels: Vec<OnOffChannel> = channels.iter().filter_map(on_off).collect();
        let places = ChannelPlaces::of(channels.iter().map(|channel| channel.id));
        let soft_pwm = SoftPwm::new(period, channels.iter().map(|channel| channel.safe.is_lit()));
        let (writes, written) = (Vec::with_capacity(channels.len()), Vec::with_capacity(channels.len()));
        Self { lines, channels, places, soft_pwm, writes, written }
    }

    /// Writes what the lines shall carry and do not. Returns the instant right after; `None` where it could not be
    /// written, which the next call does again.
    fn write(&mut self, context: &mut DriverContext<'_>) -> Option<Mono> {
        self.writes.clear();
        self.written.clear();
        for (place, channel) in self.channels.iter_mut().enumerate() {
            let signal = channel.signal(self.soft_pwm.is_lit(place));
            if signal != channel.carried {
                channel.carried = signal;
                self.writes.push((channel.line, signal));
                self.written.push(place);
            }
        }
        if self.writes.is_empty() {
            return Some(context.now);
        }
        if !self.lines.drive(&self.writes) {
            for place in &self.written {
                let carried = &mut self.channels[*place].carried;
                *carried = carried.inverted();
            }
            return None;
        }
        let written = context.clock();
        for place in &self.written {
            let OnOffChannel { id, carried, .. } = self.channels[*place];
            self.soft_pwm.note(*place, written);
            context.tell_edge(LineEdge { channel: id, signal: carried, written });
        }
        Some(written)
    }
}

impl Driver for OnOff {
    fn channels(&self) -> Vec<ChannelId> {
        self.channels.iter().map(|channel| channel.id).collect()
    }

    fn take(&mut self) -> Result<()> {
        self.lines.take()
    }

    fn set(&mut self, changes: &mut [LevelChange], context: &mut DriverContext<'_>) {
        self.soft_pwm.advance(context.now);
        let period = self.soft_pwm.period();
        for change in &*changes {
            let Some(place) = self.places.place(change.channel) else { continue };
            let on_time = match self.channels[place].dimmer {
                Some(dimmer) => dimmer.on_time(change.level, period),
                None if change.level.is_lit() => period,
                None => 0,
            };
            self.soft_pwm.set(place, on_time, context.now);
        }
        let written = self.write(context);
        changes.iter_mut().for_each(|change| change.written = written);
    }

    fn tick(&mut self, context: &mut DriverContext<'_>) -> Option<Mono> {
        if self.soft_pwm.next_edge().is_some_and(|edge| edge <= context.now) {
            self.soft_pwm.advance(context.now);
            // What is refused is written with the next edge.
            let _written = self.write(context);
        }
        self.soft_pwm.next_edge()
    }

    fn make_safe(&mut self) -> bool {
        let are_safe = self.lines.make_safe();
        for channel in &mut self.channels {
            let safe = channel.signal(channel.safe.is_lit());
            // What may not have been written is written again when it is set.
            channel.carried = if are_safe { safe } else { safe.inverted() };
        }
        self.soft_pwm.reset(self.channels.iter().map(|channel| channel.safe.is_lit()));
        are_safe
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::output::Wire;
    use crate::output::sim::Sim;
    use crate::output::testing::rig;
    use crate::rig::Release;

    /// Lines of which nothing can be written for a while.
    struct Refusing(Sim, Arc<AtomicBool>);

    impl LineOutputs for Refusing {
        fn take(&mut self) -> Result<()> {
            self.0.take()
        }

        fn drive(&mut self, changes: &[(Line, Signal)]) -> bool {
            !self.1.load(Ordering::Relaxed) && self.0.drive(changes)
        }

        fn make_safe(&mut self) -> bool {
            !self.1.load(Ordering::Relaxed) && self.0.make_safe()
        }
    }

    #[test]
    fn what_a_line_refuses_is_told_and_written_when_it_is_set_again() {
        let neon = rig().channels[0].clone();
        let wires = [Wire::of(&neon).unwrap()];
        let (sim, refuses) = (Sim::open(&wires, Release::Driven), Arc::new(AtomicBool::new(true)));
        let (board, line) = (sim.board(), wires[0].line);
        let lines = Refusing(sim, Arc::clone(&refuses));
        let mut driver = OnOff::new(Box::new(lines), &[(ChannelId::new(0), neon)], 5_000_000);
        let now = Mono::from_nanos(1);
        let set = |driver: &mut OnOff, level| {
            let channel = ChannelId::new(0);
            let mut changes = [LevelChange { channel, level, due: now, written: None }];
            let mut edges = 0;
            let mut tell_edge = |_| edges += 1;
            driver.set(&mut changes, &mut DriverContext::new(now, &|| now, &mut tell_edge));
            (changes[0].written, edges)
        };
        assert_eq!(set(&mut driver, Level::FULL), (None, 0));
        assert_eq!(board.signal(line), Some(Signal::High), "it is dark still");
        refuses.store(false, Ordering::Relaxed);
        assert_eq!(set(&mut driver, Level::FULL), (Some(now), 1));
        assert_eq!(board.signal(line), Some(Signal::Low));
        refuses.store(true, Ordering::Relaxed);
        assert!(!driver.make_safe());
        assert_eq!(set(&mut driver, Level::OFF), (None, 0), "it is lit still");
        refuses.store(false, Ordering::Relaxed);
        assert_eq!(set(&mut driver, Level::OFF), (Some(now), 1));
        assert_eq!(board.signal(line), Some(Signal::High));
    }
}
