//! The driver of channels on a chain: what changes together is written together. Knows no lines.

use std::time::Duration;

use anyhow::Result;

use super::ShiftChain;
use super::word::ChainWord;
use crate::output::channel_places::ChannelPlaces;
use crate::output::driver::{Driver, DriverContext, LevelChange, LineEdge};
use crate::output::line::Signal;
use crate::rig::{Active, ChainOutput, Channel, ChannelId};
use crate::time::Mono;

/// While a show plays, each output is written anew after so long: the spark of a relay, or a supply that fails for a
/// moment, may change what a chip shows, and it cannot be asked.
const REFRESH: Duration = Duration::from_secs(1);

/// Drives channels on the outputs of a chain.
pub(in crate::output) struct ChainDriver {
    chain: ShiftChain,
    channels: Vec<ChainChannel>,
    /// Where each channel of the rig is in `channels`.
    places: ChannelPlaces,
    /// What the outputs carry, if `is_sure`: the only memory of it.
    carried: ChainWord,
    is_sure: bool,
    /// What they shall carry. The room for it is there from the start.
    wanted: ChainWord,
    /// When all of it is written anew.
    refresh: Option<Mono>,
}

#[derive(Clone, Copy, Debug)]
struct ChainChannel {
    id: ChannelId,
    output: ChainOutput,
    active: Active,
}

impl ChainDriver {
    /// Drives `channels`, which are on `chain`. Its other outputs stay safe.
    pub(in crate::output) fn new(chain: ShiftChain, channels: &[(ChannelId, Channel)]) -> Self {
        let chained = |(id, channel): &(ChannelId, Channel)| {
            let output = channel.address.chain_output()?;
            Some(ChainChannel { id: *id, output, active: channel.active })
        };
        let channels: Vec<ChainChannel> = channels.iter().filter_map(chained).collect();
        let places = ChannelPlaces::of(channels.iter().map(|channel| channel.id));
        let (carried, wanted) = (chain.safe().clone(), chain.safe().clone());
        Self { chain, channels, places, carried, is_sure: true, wanted, refresh: None }
    }

    /// Writes what the outputs shall carry. Returns the instant right after; `None` where it could not be written.
    fn write(&mut self, context: &mut DriverContext<'_>) -> Option<Mono> {
        if self.is_sure && self.wanted == self.carried {
            return Some(context.now);
        }
        self.is_sure = self.chain.show(&self.wanted);
        if !self.is_sure {
            // The engine sets it again, or something else: what was refused is not to come with that.
            self.wanted.copy_from(&self.carried);
            return None;
        }
        let written = context.clock();
        for ChainChannel { id, output, .. } in &self.channels {
            let signal = self.wanted.signal(*output);
            if signal != self.carried.signal(*output) {
                context.tell_edge(LineEdge { channel: *id, signal, written });
            }
        }
        self.carried.copy_from(&self.wanted);
        self.refresh = Some(after_refresh(context.now));
        Some(written)
    }
}

impl Driver for ChainDriver {
    fn channels(&self) -> Vec<ChannelId> {
        self.channels.iter().map(|channel| channel.id).collect()
    }

    fn take(&mut self) -> Result<()> {
        self.chain.take()
    }

    fn set(&mut self, changes: &mut [LevelChange], context: &mut DriverContext<'_>) {
        for change in &*changes {
            let Some(place) = self.places.place(change.channel) else { continue };
            let ChainChannel { output, active, .. } = self.channels[place];
            let signal = if change.level.is_lit() { Signal::lit(active) } else { Signal::dark(active) };
            self.wanted.set(output, signal);
        }
        let written = self.write(context);
        changes.iter_mut().for_each(|change| change.written = written);
    }

    fn tick(&mut self, context: &mut DriverContext<'_>) -> Option<Mono> {
        let now = context.now;
        match self.refresh {
            Some(refresh) if now < refresh => {}
            Some(_) => {
                self.is_sure = self.chain.show(&self.carried);
                self.refresh = Some(after_refresh(now));
            }
            None => self.refresh = Some(after_refresh(now)),
        }
        self.refresh
    }

    fn make_safe(&mut self) -> bool {
        // What may not have been written is written with the next change.
        self.is_sure = self.chain.make_safe();
        self.carried.copy_from(self.chain.safe());
        self.wanted.copy_from(self.chain.safe());
        self.is_sure
    }
}

fn after_refresh(now: Mono) -> Mono {
    now.offset(REFRESH.as_nanos() as i64)
}
