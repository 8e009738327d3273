//! Levels in memory that an instance shares with `starcourt net`. Neither waits for the other, and neither believes what
//! it finds there without a check. Knows no receivers.

use std::io::{self, ErrorKind};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::atomic::{AtomicU8, AtomicU16, AtomicU64, Ordering::SeqCst};

use memmap2::{MmapOptions, MmapRaw};
use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, fcntl_get_seals, fstat, ftruncate, memfd_create};

use crate::rig::Rig;
use crate::time::Mono;

/// Valid as zeros, which is how the kernel gives memory. The shares follow it.
#[derive(Debug)]
#[repr(C)]
struct LevelsHead {
    /// Odd while shares are being changed.
    version: AtomicU64,
    /// The last sign of life of the timing thread.
    signed: AtomicU64,
    /// Not 0 where everything is to be safe, for good.
    is_closed: AtomicU8,
}

/// The levels of some outputs, each a share of full light: 0 to [`FULL`](Self::FULL).
#[derive(Debug)]
pub struct NetLevels {
    memory: OwnedFd,
    pages: MmapRaw,
    count: usize,
}

/// What an instance wants at one instant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wishes {
    /// The levels of this version.
    Levels(u64),
    /// What was wanted was not changed to the end.
    Unreadable,
}

/// Neither shorter nor longer, for good.
const FIXED: SealFlags = SealFlags::SHRINK.union(SealFlags::GROW);
/// A change takes microseconds.
const READINGS: u32 = 1_000;

impl NetLevels {
    pub const FULL: u16 = u16::MAX;

    /// New ones, all dark.
    ///
    /// # Errors
    /// When the system has no memory or no descriptor left.
    pub fn new(count: usize) -> io::Result<Self> {
        let memory = memfd_create("starcourt-levels", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?;
        ftruncate(&memory, size_of_all(count) as u64)?;
        // A process that made it shorter would kill both at their next access.
        fcntl_add_seals(&memory, FIXED | SealFlags::SEAL)?;
        Self::shared(memory, count)
    }

    /// The levels of the process that `memory` comes from.
    ///
    /// # Errors
    /// When these are not `count` such levels.
    pub fn shared(memory: OwnedFd, count: usize) -> io::Result<Self> {
        let size = size_of_all(count);
        let is_fixed = fcntl_get_seals(&memory).is_ok_and(|seals| seals.contains(FIXED));
        if !is_fixed || count > Rig::MOST_CHANNELS || fstat(&memory)?.st_size != size as i64 {
            return Err(io::Error::new(ErrorKind::InvalidData, "these are no levels"));
        }
        let pages = MmapOptions::new().len(size).map_raw(&memory)?;
        Ok(Self { memory, pages, count })
    }

    fn head(&self) -> &LevelsHead {
        // SAFETY: mapped as long as `self` lives, long enough and sealed so, and aligned to a page; any bytes are a valid
        // value, and all of it is touched through atomics only.
        unsafe { &*self.pages.as_ptr().cast() }
    }

    fn shares(&self) -> &[AtomicU16] {
        // SAFETY: as for the head, behind which they begin; its size is a multiple of theirs.
        unsafe {
            let first = self.pages.as_ptr().add(size_of::<LevelsHead>()).cast();
            std::slice::from_raw_parts(first, self.count)
        }
    }

    /// Changes levels, all at once for whoever reads. Only one thread does. Neither blocks nor allocates.
    pub fn change(&self, change: impl FnOnce(&mut dyn FnMut(usize, u16))) {
        let (version, shares) = (&self.head().version, self.shares());
        // Odd, whatever the other process has written here.
        let begun = version.load(SeqCst) | 1;
        version.store(begun, SeqCst);
        change(&mut |place, share| {
            if let Some(found) = shares.get(place) {
                found.store(share, SeqCst);
            }
        });
        version.store(begun.wrapping_add(1), SeqCst);
    }

    /// The timing thread lives at `now`.
    pub fn sign(&self, now: Mono) {
        self.head().signed.store(now.nanos(), SeqCst);
    }

    /// Its last sign; `None` before the first.
    #[must_use]
    pub fn signed(&self) -> Option<Mono> {
        Some(self.head().signed.load(SeqCst)).filter(|signed| *signed > 0).map(Mono::from_nanos)
    }

    /// Everything is to be safe, for good.
    pub fn close(&self) {
        self.head().is_closed.store(1, SeqCst);
    }

    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.head().is_closed.load(SeqCst) != 0
    }

    /// Reads the levels into `shares`. Waits for nobody.
    pub fn read(&self, shares: &mut Vec<u16>) -> Wishes {
        let head = self.head();
        for _ in 0..READINGS {
            let version = head.version.load(SeqCst);
            if !version.is_multiple_of(2) {
                std::hint::spin_loop();
                continue;
            }
            shares.clear();
            shares.extend(self.shares().iter().map(|share| share.load(SeqCst)));
            if head.version.load(SeqCst) == version {
                return Wishes::Levels(version);
            }
        }
        Wishes::Unreadable
    }
}

const fn size_of_all(count: usize) -> usize {
    size_of::<LevelsHead>() + count * size_of::<AtomicU16>()
}

/// The memory, to share it with another process.
impl AsFd for NetLevels {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.memory.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::thread;
    use std::time::Duration;

    use super::*;

    fn of_two_processes(count: usize) -> (NetLevels, NetLevels) {
        let ours = NetLevels::new(count).unwrap();
        let theirs = NetLevels::shared(ours.as_fd().try_clone_to_owned().unwrap(), count).unwrap();
        (ours, theirs)
    }

    #[test]
    fn what_one_process_wants_the_other_reads() {
        let (ours, theirs) = of_two_processes(3);
        let mut shares = Vec::new();
        assert_eq!((theirs.read(&mut shares), theirs.signed()), (Wishes::Levels(0), None));
        assert_eq!(shares, [0, 0, 0]);
        ours.change(|set| {
            set(0, 7);
            set(2, u16::MAX);
            set(3, 1);
        });
        ours.sign(Mono::from_nanos(9));
        assert_eq!(theirs.read(&mut shares), Wishes::Levels(2));
        assert_eq!((shares, theirs.signed()), (vec![7, 0, u16::MAX], Some(Mono::from_nanos(9))));
        assert!(!theirs.is_closed());
        ours.close();
        assert!(theirs.is_closed());
    }

    #[test]
    fn levels_that_change_together_are_read_together() {
        let (ours, theirs) = of_two_processes(64);
        let writer = thread::spawn(move || {
            for level in 1..2_000 {
                ours.change(|set| (0..64).for_each(|place| set(place, level)));
                thread::sleep(Duration::from_micros(10));
            }
        });
        let (mut shares, mut seen) = (Vec::new(), BTreeSet::new());
        while !writer.is_finished() {
            if let Wishes::Levels(_) = theirs.read(&mut shares) {
                assert!(shares.iter().all(|share| *share == shares[0]), "{shares:?}");
                seen.insert(shares[0]);
            }
        }
        writer.join().unwrap();
        assert!(seen.len() > 10, "it was read while it changed: {}", seen.len());
    }

    #[test]
    fn who_dies_over_a_change_is_not_waited_for() {
        let (ours, theirs) = of_two_processes(1);
        let killed = std::panic::AssertUnwindSafe(|| ours.change(|_| panic!("killed")));
        std::panic::catch_unwind(killed).unwrap_err();
        assert_eq!(theirs.read(&mut Vec::new()), Wishes::Unreadable);
        ours.change(|set| set(0, 5));
        assert_eq!(theirs.read(&mut Vec::new()), Wishes::Levels(2));
    }

    #[test]
    fn what_are_no_levels_or_could_be_made_shorter_is_refused() {
        assert!(NetLevels::shared(tempfile::tempfile().unwrap().into(), 1).is_err());
        let open = memfd_create("open", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING).unwrap();
        ftruncate(&open, size_of_all(1) as u64).unwrap();
        assert!(NetLevels::shared(open, 1).is_err());
        let ours = NetLevels::new(2).unwrap();
        assert!(ftruncate(&ours, 0).is_err() && ftruncate(&ours, 1 << 20).is_err());
        for wrong in [0, 1, 3, usize::MAX / 4] {
            let memory = ours.as_fd().try_clone_to_owned().unwrap();
            assert!(NetLevels::shared(memory, wrong).is_err(), "{wrong}");
        }
    }
}
