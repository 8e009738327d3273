//! What a timing thread wants of a bus, for the bus's worker to read. Neither waits for the other. Knows no registers.

use std::sync::atomic::{AtomicBool, AtomicU16, AtomicU64, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

use super::image::ChipImage;
use crate::rig::I2cChip;
use crate::time::Mono;

/// Until images that are being changed are read again.
const PAUSE: Duration = Duration::from_micros(50);

/// The images that the chips of a bus shall show, and what has become of that.
///
/// Everything is `SeqCst`: a bus brings a few hundred changes a second, and this is plainly right.
pub(super) struct SharedImages {
    /// Odd while the images are being changed.
    version: AtomicU64,
    /// The outputs of one chip after another.
    shares: Vec<AtomicU16>,
    /// How often all of it shall have been written anew.
    rewrites: AtomicU64,
    /// Until then it may be written.
    permitted_until: AtomicU64,
    /// The timing thread is done: the images stay, and are written a last time.
    is_closed: AtomicBool,
    /// The version that all chips show.
    shown: AtomicU64,
    /// A chip does not answer.
    is_failing: AtomicBool,
}

/// What is wanted at one instant.
pub(super) struct ImageSet {
    pub(super) version: u64,
    pub(super) rewrites: u64,
    pub(super) images: Vec<ChipImage>,
}

impl SharedImages {
    pub(super) fn new(images: &[ChipImage]) -> Self {
        let shares = images.iter().flat_map(|image| image.shares().map(AtomicU16::new)).collect();
        Self {
            version: AtomicU64::new(2),
            shares,
            rewrites: AtomicU64::new(0),
            permitted_until: AtomicU64::new(0),
            is_closed: AtomicBool::new(false),
            shown: AtomicU64::new(0),
            is_failing: AtomicBool::new(false),
        }
    }

    /// Changes images, all at once for whoever reads. Only one thread does. Neither blocks nor allocates.
    pub(super) fn change(&self, change: impl FnOnce(&mut dyn FnMut(usize, u8, u16))) {
        self.version.fetch_add(1, SeqCst);
        change(&mut |chip, number, share| {
            self.shares[chip * I2cChip::MOST_OUTPUTS + usize::from(number)].store(share, SeqCst);
        });
        self.version.fetch_add(1, SeqCst);
    }

    /// Has everything written anew, also what the worker thinks is shown.
    pub(super) fn rewrite(&self) {
        self.rewrites.fetch_add(1, SeqCst);
        self.change(|_| ());
    }

    /// The timing thread lives: until `instant` its wishes are carried out.
    pub(super) fn permit_until(&self, instant: Mono) {
        self.permitted_until.store(instant.nanos(), SeqCst);
    }

    pub(super) fn close(&self) {
        self.is_closed.store(true, SeqCst);
    }

    /// Whether a write at `now` is what the timing thread wants, and nobody else's business. When it is done, what was
    /// wanted before is not any more.
    pub(super) fn may_write(&self, now: Mono) -> bool {
        !self.is_closed() && now.nanos() < self.permitted_until.load(SeqCst)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.is_closed.load(SeqCst)
    }

    /// What is wanted now. Starts over while the other thread changes it, which takes that a few microseconds.
    pub(super) fn wanted(&self) -> ImageSet {
        loop {
            let version = self.version.load(SeqCst);
            let rewrites = self.rewrites.load(SeqCst);
            let chips = self.shares.chunks_exact(I2cChip::MOST_OUTPUTS);
            let images = chips.map(image_of).collect();
            if version.is_multiple_of(2) && self.version.load(SeqCst) == version {
                return ImageSet { version, rewrites, images };
            }
            // Not a mere yield: of two realtime threads on one core, the other may have to wait for this one.
            thread::sleep(PAUSE);
        }
    }

    /// All chips show what was wanted in `version`.
    pub(super) fn showed(&self, version: u64) {
        self.shown.store(version, SeqCst);
    }

    pub(super) fn is_settled(&self) -> bool {
        self.shown.load(SeqCst) == self.version.load(SeqCst)
    }

    pub(super) fn set_failing(&self, is_failing: bool) {
        self.is_failing.store(is_failing, SeqCst);
    }

    pub(super) fn is_failing(&self) -> bool {
        self.is_failing.load(SeqCst)
    }
}

fn image_of(shares: &[AtomicU16]) -> ChipImage {
    let mut image = ChipImage::default();
    for (number, share) in (0..).zip(shares) {
        image.set(number, share.load(SeqCst));
    }
    image
}
