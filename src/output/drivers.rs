//! All drivers of a rig as one: each change goes to the driver that has its channel. Knows no particular driver.

use std::time::Duration;

use anyhow::Result;

use crate::rig::ChannelId;
use crate::time::Mono;

use super::driver::{Driver, DriverContext, LevelChange};

/// The drivers of a rig. Dropped, each makes its outputs safe and releases them, if it has taken them.
#[derive(Default)]
pub struct Drivers {
    slots: Vec<DriverSlot>,
    /// Which driver has each channel of the rig; `None` where another instance has it.
    by_channel: Vec<Option<usize>>,
}

/// Long ago: at the next tick.
const AT_ONCE: Mono = Mono::from_nanos(0);

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
            slots.push(DriverSlot { driver, changes, next: Some(AT_ONCE), is_sure: true });
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

    /// Every taken output to its safe level, now. Whether all of them surely are.
    pub fn make_safe(&mut self) -> bool {
        for slot in &mut self.slots {
            slot.is_sure = slot.driver.make_safe();
            slot.next = Some(AT_ONCE);
        }
        self.slots.iter().all(|slot| slot.is_sure)
    }

    /// Every taken output to its safe level, for good: first all that need not be waited for. Whether all of them surely
    /// are. Waits a second at most for each slow bus.
    pub fn release(&mut self) -> bool {
        self.make_safe();
        let settled = self.slots.iter_mut().map(|slot| slot.driver.await_safe(slot.is_sure));
        settled.fold(true, |all, is_safe| all & is_safe)
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
}

impl DriverSlot {
    fn set(&mut self, changes: &mut [LevelChange], context: &mut DriverContext<'_>) {
        self.driver.set(changes, context);
        self.next = self.driver.tick(context);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
    use std::sync::{Arc, Mutex};
    use std::thread::{self, JoinHandle};

    use super::*;
    use crate::level::Level;
    use crate::output::on_off::OnOff;
    use crate::output::sim::Sim;
    use crate::output::testing::rig;
    use crate::output::{Signal, Wire};
    use crate::rig::Release;

    const ROOM: usize = 2;

    /// A driver of a slow bus: a thread of its own brings each change, from a queue that has room for two.
    struct Bus {
        channel: ChannelId,
        queue: Option<SyncSender<LevelChange>>,
        thread: Option<JoinHandle<()>>,
        shared: Arc<BusState>,
    }

    #[derive(Default)]
    struct BusState {
        /// Changes that were taken and not brought yet.
        waiting: AtomicUsize,
        is_stuck: AtomicBool,
        brought: Mutex<Vec<Level>>,
    }

    fn bring(changes: &Receiver<LevelChange>, shared: &BusState) {
        for change in changes {
            while shared.is_stuck.load(Ordering::SeqCst) {
                thread::yield_now();
            }
            shared.brought.lock().unwrap().push(change.level);
            shared.waiting.fetch_sub(1, Ordering::SeqCst);
        }
    }

    impl Bus {
        fn new(channel: ChannelId, shared: &Arc<BusState>) -> Self {
            let (queue, changes) = sync_channel(ROOM);
            let theirs = Arc::clone(shared);
            let thread = Some(thread::spawn(move || bring(&changes, &theirs)));
            Self { channel, queue: Some(queue), thread, shared: Arc::clone(shared) }
        }
    }

    impl Driver for Bus {
        fn channels(&self) -> Vec<ChannelId> {
            vec![self.channel]
        }

        fn take(&mut self) -> Result<()> {
            Ok(())
        }

        fn set(&mut self, changes: &mut [LevelChange], context: &mut DriverContext<'_>) {
            let queue = self.queue.as_ref().expect("it is there until the end");
            for change in changes {
                self.shared.waiting.fetch_add(1, Ordering::SeqCst);
                match queue.try_send(*change) {
                    Ok(()) => change.written = Some(context.now),
                    Err(_) => _ = self.shared.waiting.fetch_sub(1, Ordering::SeqCst),
                }
            }
        }

        fn tick(&mut self, _context: &mut DriverContext<'_>) -> Option<Mono> {
            None
        }

        fn make_safe(&mut self) -> bool {
            false
        }

        fn is_settled(&self) -> bool {
            self.shared.waiting.load(Ordering::SeqCst) == 0
        }

        fn exactness(&self) -> Duration {
            Duration::from_millis(25)
        }
    }

    impl Drop for Bus {
        fn drop(&mut self) {
            self.queue = None;
            self.thread.take().map(JoinHandle::join);
            self.shared.brought.lock().unwrap().push(Level::OFF);
        }
    }

    const NOW: Mono = Mono::from_nanos(7_000);

    fn set(drivers: &mut Drivers, changes: &[(usize, Level)]) -> Vec<Option<Mono>> {
        let change = |(channel, level): &(usize, Level)| LevelChange {
            channel: ChannelId::new(*channel),
            level: *level,
            due: NOW,
            written: None,
        };
        let mut changes: Vec<LevelChange> = changes.iter().map(change).collect();
        let mut tell_edge = |_| ();
        drivers.set(&mut changes, &mut DriverContext::new(NOW, &|| NOW.offset(5), &mut tell_edge));
        changes.iter().map(|change| change.written).collect()
    }

    #[test]
    fn lines_and_a_bus_are_driven_at_once_and_a_stuck_bus_holds_up_nothing() {
        let rig = rig();
        let channels = vec![(ChannelId::new(0), rig.channels[0].clone())];
        let wires = [Wire::of(&rig.channels[0]).unwrap()];
        let (sim, shared) = (Sim::open(&wires, Release::Driven), Arc::<BusState>::default());
        let (board, neon) = (sim.board(), wires[0].line);
        let lines = OnOff::new(Box::new(sim), &channels, 5_000_000);
        let bus = Bus::new(ChannelId::new(1), &shared);
        let mut drivers = Drivers::new(vec![Box::new(lines), Box::new(bus)]);
        assert_eq!([0, 1, 2].map(|channel| drivers.has(ChannelId::new(channel))), [true, true, false]);
        assert_eq!(drivers.exactness(), Duration::from_millis(25));
        drivers.take().unwrap();

        shared.is_stuck.store(true, Ordering::SeqCst);
        // One is with the thread, or soon will be, and two wait: a fifth has no room however quick the thread is.
        let levels = [10, 20, 30, 40, 50].map(Level::from_percent);
        let mut changes: Vec<(usize, Level)> = levels.iter().map(|level| (1, *level)).collect();
        changes.insert(2, (0, Level::FULL));
        let written = set(&mut drivers, &changes);
        assert_eq!(board.signal(neon), Some(Signal::Low), "the relay is lit meanwhile");
        assert_eq!(written[2], Some(NOW.offset(5)), "each change is told by its own driver");
        assert_eq!((written[0], written[5]), (Some(NOW), None));
        assert!(!drivers.are_settled());

        shared.is_stuck.store(false, Ordering::SeqCst);
        while !drivers.are_settled() {
            thread::yield_now();
        }
        assert_eq!(set(&mut drivers, &[(1, levels[4])]), [Some(NOW)], "what had no room is said again");
        drivers.make_safe();
        assert_eq!([0, 1].map(|channel| drivers.was_made_safe(ChannelId::new(channel))), [true, false]);
        drop(drivers);
        assert_eq!(shared.brought.lock().unwrap()[..2], levels[..2]);
        assert_eq!(
            shared.brought.lock().unwrap()[..].iter().rev().take(2).collect::<Vec<_>>(),
            [&Level::OFF, &levels[4]]
        );
        assert_eq!(board.signal(neon), Some(Signal::High));
    }
}
