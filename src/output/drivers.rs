//! All drivers of a rig as one: each change goes to the driver that has its channel. Knows no particular driver.

use std::time::Duration;

use anyhow::Result;

use crate::rig::ChannelId;
use crate::time::Mono;

use super::driver::{Driver, DriverContext, LevelChange};
use super::safe_plan::SafePlan;

/// The drivers of a rig. Dropped, each makes its outputs safe and releases them, if it has taken them.
#[derive(Default)]
pub struct Drivers {
    slots: Vec<DriverSlot>,
    /// Which driver has each channel of the rig; `None` where another instance has it.
    by_channel: Vec<Option<usize>>,
}

struct DriverSlot {
    driver: Box<dyn Driver>,
    /// Its share of what is to be set. The room for it is there from the start.
    changes: Vec<LevelChange>,
    /// When it wants to be called next.
    next: Option<Mono>,
    is_sure: bool,
}

impl Drivers {
    /// No two of `drivers` have the same channel.
    #[must_use]
    pub fn new(drivers: Vec<Box<dyn Driver>>) -> Self {
        let mut by_channel = Vec::new();
        let mut slots = Vec::new();
        for (index, driver) in drivers.into_iter().enumerate() {
            let channels = driver.channels();
            for channel in &channels {
                by_channel.resize(by_channel.len().max(channel.index() + 1), None);
                by_channel[channel.index()] = Some(index);
            }
            let changes = Vec::with_capacity(channels.len());
            slots.push(DriverSlot { driver, changes, next: None, is_sure: true });
        }
        Self { slots, by_channel }
    }

    /// Takes all outputs, each safe before it is driven. What one driver cannot take keeps no other from taking its
    /// own.
    ///
    /// # Errors
    /// The first of what the drivers tell; all that was taken stays safe.
    pub fn take(&mut self) -> Result<()> {
        let taken: Vec<Result<()>> = self.slots.iter_mut().map(|slot| slot.driver.take()).collect();
        taken.into_iter().collect()
    }

    /// Whether one of the drivers has `channel`.
    #[must_use]
    pub fn has(&self, channel: ChannelId) -> bool {
        self.slot_of(channel).is_some()
    }

    fn slot_of(&self, channel: ChannelId) -> Option<usize> {
        self.by_channel.get(channel.index()).copied().flatten()
    }

    /// Gives each of `changes` to its driver. Afterwards each tells when it was written. Neither blocks nor allocates.
    pub fn set(&mut self, changes: &mut [LevelChange], context: &mut DriverContext<'_>) {
        if let [slot] = &mut self.slots[..] {
            return slot.set(changes, context);
        }
        self.slots.iter_mut().for_each(|slot| slot.changes.clear());
        for change in &*changes {
            if let Some(slot) = self.slot_of(change.channel) {
                self.slots[slot].changes.push(*change);
            }
        }
        for slot in self.slots.iter_mut().filter(|slot| !slot.changes.is_empty()) {
            let mut own = std::mem::take(&mut slot.changes);
            slot.set(&mut own, context);
            own.reverse();
            slot.changes = own;
        }
        // Each driver's share is in the order of all.
        for change in changes {
            if let Some(slot) = self.slot_of(change.channel) {
                change.written = self.slots[slot].changes.pop().and_then(|set| set.written);
            }
        }
    }

    /// Has the drivers do what is due. Neither blocks nor allocates.
    pub fn tick(&mut self, context: &mut DriverContext<'_>) {
        for slot in &mut self.slots {
            if slot.next.is_some_and(|next| next <= context.now) {
                slot.next = slot.driver.tick(context);
            }
        }
    }

    /// When a driver wants to be called next.
    #[must_use]
    pub fn next_tick(&self) -> Option<Mono> {
        self.slots.iter().filter_map(|slot| slot.next).min()
    }

    /// Every taken output to its safe level, now.
    pub fn make_safe(&mut self) {
        for slot in &mut self.slots {
            slot.is_sure = slot.driver.make_safe();
            slot.next = None;
        }
    }

    /// Whether [`make_safe`](Self::make_safe) surely made `channel` safe.
    #[must_use]
    pub fn was_made_safe(&self, channel: ChannelId) -> bool {
        self.slot_of(channel).is_some_and(|slot| self.slots[slot].is_sure)
    }

    /// Whether everything that was set has reached the outputs.
    #[must_use]
    pub fn are_settled(&self) -> bool {
        self.slots.iter().all(|slot| slot.driver.is_settled())
    }

    /// How long after it was written a change of the slowest driver may be seen.
    #[must_use]
    pub fn exactness(&self) -> Duration {
        self.slots.iter().map(|slot| slot.driver.exactness()).max().unwrap_or_default()
    }

    /// How another process makes all outputs safe.
    #[must_use]
    pub fn safe_plan(&self) -> SafePlan {
        SafePlan { parts: self.slots.iter().map(|slot| slot.driver.safe_plan()).collect() }
    }
}

impl DriverSlot {
    fn set(&mut self, changes: &mut [LevelChange], context: &mut DriverContext<'_>) {
        self.driver.set(changes, context);
        self.next = self.driver.tick(context);
    }
}
