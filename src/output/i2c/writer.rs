//! Makes the chips of a bus show their images, and tries again what does not answer. Knows no threads: the time is an
//! argument.

use std::io;
use std::time::Duration;

use super::bus::I2cBus;
use super::image::ChipImage;
use super::registers::{self, ChipMessage};
use super::safe::SafeChip;
use super::shared_images::ImageSet;
use crate::rig::I2cChip;
use crate::time::Mono;

/// How often a chip that does not answer is tried.
const RETRY: Duration = Duration::from_millis(250);
/// How often a chip is written anew: the spark of a relay, or a supply that fails for a moment, may change what it
/// shows, and registers are never read.
const RESTORE: Duration = Duration::from_secs(1);
/// A chip that dims is written at most so often. That is once a period at its usual frequency, and leaves the bus free
/// for the others.
const DIMMED_PAUSE: Duration = Duration::from_millis(5);

/// What became of a chip, where a person wants to know.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum ChipNotice {
    Lost(I2cChip, String),
    Back(I2cChip),
}

/// The chips of a bus, and what they show as far as it is known.
pub(super) struct Writer {
    chips: Vec<ChipWriter>,
    /// How often all of it was written anew.
    rewrites: u64,
}

struct ChipWriter {
    chip: I2cChip,
    used: u16,
    /// `None` where it must be set up.
    carried: Option<ChipImage>,
    /// It did not answer.
    is_lost: bool,
    /// When it is written anew, or tried again.
    next: Mono,
    /// Changes wait until then.
    not_before: Mono,
}

/// What came of writing what was due.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct WritePass {
    /// Every chip shows what was wanted.
    pub(super) is_complete: bool,
    /// When the next pass is due, if nothing else is wanted until then.
    pub(super) next: Option<Mono>,
    pub(super) notices: Vec<ChipNotice>,
}

impl Writer {
    pub(super) fn new(chips: &[SafeChip]) -> Self {
        let chip = |safe: &SafeChip| ChipWriter {
            chip: safe.chip(),
            used: safe.used(),
            carried: None,
            is_lost: false,
            next: Mono::from_nanos(0),
            not_before: Mono::from_nanos(0),
        };
        Self { chips: chips.iter().map(chip).collect(), rewrites: 0 }
    }

    /// Writes what is wanted and due. `now` is asked before each message, and nothing is written any more once `may_write`
    /// denies it: see the module.
    pub(super) fn write_due(
        &mut self,
        bus: &mut dyn I2cBus,
        wanted: &ImageSet,
        now: &dyn Fn() -> Mono,
        may_write: &dyn Fn(Mono) -> bool,
    ) -> WritePass {
        if std::mem::replace(&mut self.rewrites, wanted.rewrites) != wanted.rewrites {
            self.chips.iter_mut().for_each(|chip| chip.next = now());
        }
        let mut notices = Vec::new();
        let mut guarded = GuardedBus { bus, now, may_write };
        if self.chips.iter().any(|chip| chip.is_due(now()))
            && let Err(error) = guarded.check_wires()
        {
            notices.extend(self.chips.iter_mut().filter_map(|chip| chip.lose(now(), &error)));
        }
        // What is lost last: it holds up the others on a bus that hangs.
        for is_lost in [false, true] {
            for (chip, image) in self.chips.iter_mut().zip(&wanted.images) {
                if chip.is_lost == is_lost {
                    notices.extend(chip.write(&mut guarded, image));
                }
            }
        }
        let is_shown = |(chip, image): (&ChipWriter, &ChipImage)| chip.carried.as_ref() == Some(image);
        let waits = |(chip, image): (&ChipWriter, &ChipImage)| {
            let is_late = !chip.is_lost && chip.carried.as_ref() != Some(image);
            if is_late { chip.not_before } else { chip.next }
        };
        WritePass {
            is_complete: self.chips.iter().zip(&wanted.images).all(is_shown),
            next: self.chips.iter().zip(&wanted.images).map(waits).min(),
            notices,
        }
    }

    /// Whether every chip has surely heard what was written: none seems to answer because the wires are held.
    pub(super) fn is_heard(&self, bus: &mut dyn I2cBus) -> bool {
        !self.is_any_lost() && bus.check_wires().is_ok()
    }

    /// Has what is lost tried again at once.
    pub(super) fn hurry(&mut self) {
        self.chips.iter_mut().filter(|chip| chip.is_lost).for_each(|chip| chip.next = Mono::from_nanos(0));
    }

    pub(super) fn is_any_lost(&self) -> bool {
        self.chips.iter().any(|chip| chip.is_lost)
    }
}

impl ChipWriter {
    fn is_due(&self, now: Mono) -> bool {
        self.next.since(now) <= 0
    }

    /// It does not answer.
    fn lose(&mut self, now: Mono, error: &io::Error) -> Option<ChipNotice> {
        self.carried = None;
        self.next = after(now, RETRY);
        let was_lost = std::mem::replace(&mut self.is_lost, true);
        (!was_lost).then(|| ChipNotice::Lost(self.chip, error.to_string()))
    }

    fn write(&mut self, bus: &mut GuardedBus<'_>, image: &ChipImage) -> Option<ChipNotice> {
        let now = (bus.now)();
        let is_due = self.is_due(now);
        let messages = match &self.carried {
            None if is_due => registers::set_up(self.chip, image, self.used),
            None => return None,
            Some(_) if is_due => registers::restore(self.chip, image, self.used),
            Some(carried) => match registers::change(self.chip, carried, image) {
                Some(_) if now.since(self.not_before) < 0 => return None,
                Some(change) => vec![change],
                None => return None,
            },
        };
        match bus.write(self.chip, &messages) {
            Ok(false) => {
                // Some of it may have been written.
                self.carried = None;
                self.next = now;
                None
            }
            Ok(true) => {
                let now = (bus.now)();
                self.carried = Some(*image);
                let pause = if self.chip.model().dims() { DIMMED_PAUSE } else { Duration::ZERO };
                self.not_before = after(now, pause);
                if is_due {
                    self.next = after(now, RESTORE);
                }
                std::mem::take(&mut self.is_lost).then_some(ChipNotice::Back(self.chip))
            }
            Err(error) => self.lose((bus.now)(), &error),
        }
    }
}

/// A bus that is asked whether it may be written before each message.
struct GuardedBus<'a> {
    bus: &'a mut dyn I2cBus,
    now: &'a dyn Fn() -> Mono,
    may_write: &'a dyn Fn(Mono) -> bool,
}

impl GuardedBus<'_> {
    fn check_wires(&mut self) -> io::Result<()> {
        if (self.may_write)((self.now)()) { self.bus.check_wires() } else { Ok(()) }
    }

    /// Whether all of it was written; `false` where that was not permitted.
    fn write(&mut self, chip: I2cChip, messages: &[ChipMessage]) -> io::Result<bool> {
        for message in messages {
            if !(self.may_write)((self.now)()) {
                return Ok(false);
            }
            self.bus.write(chip.address(), message)?;
        }
        Ok(true)
    }
}

fn after(now: Mono, pause: Duration) -> Mono {
    now.offset(pause.as_nanos() as i64)
}
