//! The driver of outputs that take a level by themselves. Knows no particular outputs.

use anyhow::Result;

use crate::rig::ChannelId;
use crate::time::Mono;

use super::channel_places::ChannelPlaces;
use super::driver::{Driver, DriverContext, LevelChange, LevelOutputs};

/// Drives channels on `outputs`.
pub struct ByLevel<O> {
    outputs: O,
    channels: Vec<ChannelId>,
    /// Which output each channel of the rig has.
    places: ChannelPlaces,
}

impl<O: LevelOutputs> ByLevel<O> {
    /// Drives `channels` on `outputs`, which are in the same order.
    pub fn new(outputs: O, channels: Vec<ChannelId>) -> Self {
        let places = ChannelPlaces::of(channels.iter().copied());
        Self { outputs, channels, places }
    }
}

impl<O: LevelOutputs> Driver for ByLevel<O> {
    fn channels(&self) -> Vec<ChannelId> {
        self.channels.clone()
    }

    fn take(&mut self) -> Result<()> {
        self.outputs.take()
    }

    fn set(&mut self, changes: &mut [LevelChange], context: &mut DriverContext<'_>) {
        for change in &mut *changes {
            let Some(output) = self.places.place(change.channel) else { continue };
            // Told below, once for all.
            change.written = self.outputs.write(output, change.level).then_some(context.now);
        }
        let written = context.clock();
        changes.iter_mut().filter_map(|change| change.written.as_mut()).for_each(|at| *at = written);
    }

    fn tick(&mut self, _context: &mut DriverContext<'_>) -> Option<Mono> {
        None
    }

    fn make_safe(&mut self) -> bool {
        self.outputs.make_safe()
    }
}
