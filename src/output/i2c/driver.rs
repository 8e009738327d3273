//! The driver of channels on the chips of a bus: hands images to the bus's worker. Knows no registers.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;

use super::bus::{DeviceBus, I2cBus, check_free};
use super::image::ChipImage;
use super::safe::SafeBus;
use super::shared_images::SharedImages;
use super::worker::{OpenBus, Worker};
use super::{PERMIT, SIGN};
use crate::clock::monotonic;
use crate::level::Level;
use crate::output::channel_places::ChannelPlaces;
use crate::output::dimmer::Dimmer;
use crate::output::driver::{Driver, DriverContext, LevelChange};
use crate::output::line::Signal;
use crate::rig::{Active, Channel, ChannelId};
use crate::time::Mono;

/// Nine bits at 100 kHz, the slowest clock that is usual.
const BYTE: Duration = Duration::from_micros(90);
/// A fade is written once in a period of 5 ms, see the writer.
const DIMMED: Duration = Duration::from_millis(5);

/// Drives channels on the chips of a bus.
pub(in crate::output) struct BusDriver {
    safe: SafeBus,
    channels: Vec<BusChannel>,
    /// Where each channel of the rig is in `channels`.
    places: ChannelPlaces,
    shared: Arc<SharedImages>,
    open: OpenBus,
    /// Once taken.
    worker: Option<Worker>,
    /// When all of it was to be safe; `None` where something else was wanted since.
    made_safe: Option<Mono>,
}

#[derive(Clone, Copy, Debug)]
struct BusChannel {
    id: ChannelId,
    /// Which chip of the bus, and which output of that.
    chip: usize,
    output: u8,
    active: Active,
    /// `None` for what can only be switched.
    dimmer: Option<Dimmer>,
}

impl BusChannel {
    /// For how many 4096ths of the time its output is high at `level`.
    fn share(&self, level: Level) -> u16 {
        let lit = match self.dimmer {
            Some(dimmer) => dimmer.on_time(level, ChipImage::ALWAYS.into()) as u16,
            None => ChipImage::all(if level.is_lit() { Signal::High } else { Signal::Low }),
        };
        match self.active {
            Active::High => lit,
            Active::Low => ChipImage::ALWAYS - lit,
        }
    }
}

impl BusDriver {
    /// Drives `channels`, which are on chips of `safe`, and touches nothing yet.
    pub(in crate::output) fn new(safe: &SafeBus, channels: &[(ChannelId, Channel)]) -> Self {
        let open = |safe: &SafeBus| {
            safe.chips().iter().try_for_each(|chip| check_free(chip.chip()))?;
            Ok(Box::new(DeviceBus::open(safe.number())?) as Box<dyn I2cBus>)
        };
        Self::on(safe, channels, Arc::new(open))
    }

    /// As [`new`](Self::new), on the bus that `open` opens.
    pub(super) fn on(safe: &SafeBus, channels: &[(ChannelId, Channel)], open: OpenBus) -> Self {
        let on_bus = |(id, channel): &(ChannelId, Channel)| {
            let output = channel.address.i2c_output()?;
            let chip = safe.chips().iter().position(|chip| chip.chip() == output.chip())?;
            let dimmer = channel.kind.dims().then(|| Dimmer::of(channel));
            Some(BusChannel { id: *id, chip, output: output.number(), active: channel.active, dimmer })
        };
        let channels: Vec<BusChannel> = channels.iter().filter_map(on_bus).collect();
        let places = ChannelPlaces::of(channels.iter().map(|channel| channel.id));
        let images: Vec<ChipImage> = safe.chips().iter().map(|chip| chip.image()).collect();
        let shared = Arc::new(SharedImages::new(&images));
        Self { safe: safe.clone(), channels, places, shared, open, worker: None, made_safe: None }
    }

    fn permit(&self, now: Mono) {
        self.shared.permit_until(now.offset(PERMIT.as_nanos() as i64));
    }

    /// Has the worker look at what is wanted.
    fn wake(&self) {
        if let Some(worker) = &self.worker {
            worker.wake();
        }
    }

    fn want_safe(&self) {
        self.shared.change(|set| {
            for (place, chip) in self.safe.chips().iter().enumerate() {
                for (number, share) in (0..).zip(chip.image().shares()) {
                    set(place, number, *share);
                }
            }
        });
        self.shared.rewrite();
    }

    /// Makes the chips safe for good, and ends the worker. Whether all of them surely are; waits a second at most.
    fn release(&mut self) -> bool {
        let Some(worker) = self.worker.take() else { return true };
        self.want_safe();
        self.shared.close();
        worker.end()
    }
}

impl Driver for BusDriver {
    fn channels(&self) -> Vec<ChannelId> {
        self.channels.iter().map(|channel| channel.id).collect()
    }

    /// Waits a second at most. The error is [`Unavailable`], whose text names the mend.
    fn take(&mut self) -> Result<()> {
        self.permit(monotonic::now());
        let worker = Worker::start(Arc::clone(&self.open), &self.safe, Arc::clone(&self.shared))?;
        let first = worker.await_first_pass();
        // Also where a chip does not answer: the others are driven, and are to be safe at the end.
        self.worker = Some(worker);
        Ok(first?)
    }

    fn set(&mut self, changes: &mut [LevelChange], context: &mut DriverContext<'_>) {
        self.made_safe = None;
        self.permit(context.now);
        self.shared.change(|set| {
            for change in &*changes {
                let Some(place) = self.places.place(change.channel) else { continue };
                let channel = self.channels[place];
                set(channel.chip, channel.output, channel.share(change.level));
            }
        });
        self.wake();
        let handed_over = context.clock();
        changes.iter_mut().for_each(|change| change.written = Some(handed_over));
    }

    fn tick(&mut self, context: &mut DriverContext<'_>) -> Option<Mono> {
        self.permit(context.now);
        Some(context.now.offset(SIGN.as_nanos() as i64))
    }

    fn make_safe(&mut self) -> bool {
        if self.worker.is_none() {
            return true;
        }
        let now = monotonic::now();
        // While a guardian intervenes this is asked again and again, and the bus is to be free for it.
        let is_new = self.made_safe.is_none_or(|made_safe| now.since(made_safe) >= SIGN.as_nanos() as i64);
        if is_new {
            self.made_safe = Some(now);
            self.want_safe();
        }
        // Only then: what was wanted before is not to be written any more.
        self.permit(now);
        self.wake();
        !self.shared.is_failing()
    }

    fn await_safe(&mut self, _is_sure: bool) -> bool {
        self.release()
    }

    fn is_settled(&self) -> bool {
        self.worker.is_none() || self.shared.is_settled()
    }

    fn exactness(&self) -> Duration {
        let chip = |chip: &super::SafeChip| {
            let model = chip.chip().model();
            // Its address, a register, and its outputs: four registers each, or a bit.
            let bytes = if model.dims() { 2 + 4 * u32::from(model.outputs()) } else { 4 };
            BYTE * bytes
        };
        let pause = if self.safe.chips().iter().any(|chip| chip.chip().model().dims()) {
            DIMMED
        } else {
            Duration::ZERO
        };
        self.safe.chips().iter().map(chip).sum::<Duration>() + pause
    }
}

impl Drop for BusDriver {
    fn drop(&mut self) {
        let _is_safe = self.release();
    }
}
