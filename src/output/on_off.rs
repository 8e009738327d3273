//! The driver of lines that are either low or high. It knows the polarity of each, and makes levels between off
//! and full by PWM in software. Knows no particular lines.

use anyhow::Result;

use crate::level::Level;
use crate::rig::{Active, Channel, ChannelId, Line};
use crate::time::Mono;

use super::dimmer::Dimmer;
use super::driver::{Driver, DriverContext, LevelChange, LineEdge};
use super::line::{LineOutputs, Signal};
use super::soft_pwm::SoftPwm;

/// Drives channels on `lines`.
pub struct OnOff {
    lines: Box<dyn LineOutputs>,
    channels: Vec<OnOffChannel>,
    /// Where each channel of the rig is in `channels`.
    by_id: Vec<Option<usize>>,
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
        let most = channels.iter().map(|channel| channel.id.index() + 1).max().unwrap_or(0);
        let mut by_id = vec![None; most];
        for (place, channel) in channels.iter().enumerate() {
            by_id[channel.id.index()] = Some(place);
        }
        let soft_pwm = SoftPwm::new(period, channels.iter().map(|channel| channel.safe.is_lit()));
        let (writes, written) = (Vec::with_capacity(channels.len()), Vec::with_capacity(channels.len()));
        Self { lines, channels, by_id, soft_pwm, writes, written }
    }

    /// Writes what the lines shall carry and do not. Returns the instant right after.
    fn write(&mut self, context: &mut DriverContext<'_>) -> Mono {
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
            return context.now;
        }
        self.lines.drive(&self.writes);
        let written = context.clock();
        for place in &self.written {
            let OnOffChannel { id, carried, .. } = self.channels[*place];
            self.soft_pwm.note(*place, written);
            context.tell_edge(LineEdge { channel: id, signal: carried, written });
        }
        written
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
            let Some(place) = self.by_id.get(change.channel.index()).copied().flatten() else { continue };
            let on_time = match self.channels[place].dimmer {
                Some(dimmer) => dimmer.on_time(change.level, period),
                None if change.level.is_lit() => period,
                None => 0,
            };
            self.soft_pwm.set(place, on_time, context.now);
        }
        let written = self.write(context);
        changes.iter_mut().for_each(|change| change.written = Some(written));
    }

    fn tick(&mut self, context: &mut DriverContext<'_>) -> Option<Mono> {
        if self.soft_pwm.next_edge().is_some_and(|edge| edge <= context.now) {
            self.soft_pwm.advance(context.now);
            self.write(context);
        }
        self.soft_pwm.next_edge()
    }

    fn make_safe(&mut self) -> bool {
        self.lines.make_safe();
        let (period, channels) = (self.soft_pwm.period(), &mut self.channels);
        for channel in channels.iter_mut() {
            channel.carried = channel.signal(channel.safe.is_lit());
        }
        self.soft_pwm = SoftPwm::new(period, channels.iter().map(|channel| channel.safe.is_lit()));
        true
    }
}
