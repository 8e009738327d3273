//! The timing thread's heartbeat, in memory that a second process can share: it counts up as long as the
//! thread runs, and tells whether every line is safe. The other process tells back that it drove
//! the lines. Knows neither the lines nor the other process.

use std::io::{self, ErrorKind};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

use memmap2::{MmapOptions, MmapRaw};
use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, fcntl_get_seals, fstat, ftruncate, memfd_create};

/// All of it is valid as zeros, which is how the kernel gives memory.
#[derive(Debug)]
#[repr(C)]
struct HeartbeatMemory {
    beats: AtomicU64,
    /// Not 0 where a line may be away from its safe signal.
    is_lit: AtomicU8,
    /// Odd while the other process drives the lines.
    interventions: AtomicU64,
}

/// Whether the other process drives the lines.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Intervention {
    None,
    UnderWay,
    /// It did since the last look.
    Over,
}

/// A heartbeat that is at rest until the timing thread begins.
#[derive(Debug)]
pub struct Heartbeat {
    memory: OwnedFd,
    page: MmapRaw,
}

/// Neither shorter nor longer, for good.
const FIXED: SealFlags = SealFlags::SHRINK.union(SealFlags::GROW);

impl Heartbeat {
    /// A new one, in memory of its own.
    ///
    /// # Errors
    /// When the system has no memory or no descriptor left.
    pub fn new() -> io::Result<Self> {
        let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
        let memory = memfd_create("starcourt-heartbeat", flags)?;
        ftruncate(&memory, size_of::<HeartbeatMemory>() as u64)?;
        // A process that made it shorter, through /proc, would kill both processes at their next access.
        fcntl_add_seals(&memory, FIXED | SealFlags::SEAL)?;
        Self::shared(memory)
    }

    /// The heartbeat of the process that `memory` comes from.
    ///
    /// # Errors
    /// When it is no such memory.
    pub fn shared(memory: OwnedFd) -> io::Result<Self> {
        let size = size_of::<HeartbeatMemory>();
        let is_fixed = fcntl_get_seals(&memory).is_ok_and(|seals| seals.contains(FIXED));
        if !is_fixed || fstat(&memory)?.st_size != size as i64 {
            return Err(io::Error::new(ErrorKind::InvalidData, "this is no heartbeat"));
        }
        let page = MmapOptions::new().len(size).map_raw(&memory)?;
        Ok(Self { memory, page })
    }

    fn page(&self) -> &HeartbeatMemory {
        // SAFETY: mapped as long as `self` lives, long enough and sealed so, and aligned to a page; any bytes are a valid
        // value, and all of it is touched through atomics only.
        unsafe { &*self.page.as_ptr().cast() }
    }

    /// Before a line leaves its safe signal.
    pub fn leaves_rest(&self) {
        self.page().is_lit.store(1, Ordering::SeqCst);
    }

    /// Every line is safe, and stays so until [`leaves_rest`](Self::leaves_rest).
    pub fn rests(&self) {
        self.page().is_lit.store(0, Ordering::SeqCst);
    }

    /// A tick of the timing thread is over.
    pub fn beat(&self) {
        self.page().beats.fetch_add(1, Ordering::SeqCst);
    }

    /// Whether every line is safe.
    #[must_use]
    pub fn is_at_rest(&self) -> bool {
        self.page().is_lit.load(Ordering::SeqCst) == 0
    }

    /// Grows while the timing thread runs: a hundred times a second and more, four times where the lights stand still.
    #[must_use]
    pub fn beats(&self) -> u64 {
        self.page().beats.load(Ordering::SeqCst)
    }

    /// Drives the lines in place of the timing thread, by `act`.
    pub fn intervene<T>(&self, act: impl FnOnce() -> T) -> T {
        let interventions = &self.page().interventions;
        // Odd and new, even if the last process that intervened died in the middle.
        let begun = (interventions.load(Ordering::SeqCst) + 1) | 1;
        interventions.store(begun, Ordering::SeqCst);
        let outcome = act();
        interventions.store(begun + 1, Ordering::SeqCst);
        outcome
    }

    /// The process that intervened has died in the middle: the timing thread does what was left undone.
    pub fn end_intervention(&self) {
        let interventions = &self.page().interventions;
        let now = interventions.load(Ordering::SeqCst);
        if !now.is_multiple_of(2) {
            // Left alone if another intervention has begun since.
            let _begun_anew =
                interventions.compare_exchange(now, now + 1, Ordering::SeqCst, Ordering::SeqCst);
        }
    }

    /// Whether the other process has intervened since `seen`, or does so right now. While one is under way the
    /// answer stays so: what is driven meanwhile may be overruled.
    #[must_use]
    pub fn intervention(&self, seen: &mut u64) -> Intervention {
        let now = self.page().interventions.load(Ordering::SeqCst);
        if !now.is_multiple_of(2) {
            return Intervention::UnderWay;
        }
        match std::mem::replace(seen, now) == now {
            true => Intervention::None,
            false => Intervention::Over,
        }
    }
}

/// The memory, to share it with another process.
impl AsFd for Heartbeat {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.memory.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_two_processes() -> (Heartbeat, Heartbeat) {
        let ours = Heartbeat::new().unwrap();
        let theirs = Heartbeat::shared(ours.as_fd().try_clone_to_owned().unwrap()).unwrap();
        (ours, theirs)
    }

    #[test]
    fn beats_and_rest_are_seen_by_the_other_process() {
        let (ours, theirs) = of_two_processes();
        assert!(theirs.is_at_rest() && theirs.beats() == 0);
        ours.leaves_rest();
        ours.beat();
        assert!(!theirs.is_at_rest() && theirs.beats() == 1);
        ours.rests();
        assert!(theirs.is_at_rest());
    }

    #[test]
    fn an_intervention_is_seen_as_long_as_it_lasts_and_once_after() {
        let (ours, theirs) = of_two_processes();
        let mut seen = 0;
        assert_eq!(ours.intervention(&mut seen), Intervention::None);
        theirs.intervene(|| {
            assert_eq!([0; 2].map(|_| ours.intervention(&mut seen)), [Intervention::UnderWay; 2]);
        });
        assert_eq!(ours.intervention(&mut seen), Intervention::Over);
        assert_eq!(ours.intervention(&mut seen), Intervention::None);
        theirs.intervene(|| ());
        assert_eq!(ours.intervention(&mut seen), Intervention::Over, "also where nobody looked meanwhile");
    }

    #[test]
    fn who_dies_over_an_intervention_does_not_hide_the_next() {
        let (ours, theirs) = of_two_processes();
        let mut seen = 0;
        std::panic::catch_unwind(|| theirs.intervene(|| panic!("killed"))).unwrap_err();
        theirs.intervene(|| assert_eq!(ours.intervention(&mut seen), Intervention::UnderWay));
        assert_eq!(ours.intervention(&mut seen), Intervention::Over);
        assert_eq!(ours.intervention(&mut seen), Intervention::None);
    }

    #[test]
    fn what_was_left_unfinished_can_be_ended() {
        let (ours, theirs) = of_two_processes();
        let mut seen = 0;
        std::panic::catch_unwind(|| theirs.intervene(|| panic!("killed"))).unwrap_err();
        assert_eq!(ours.intervention(&mut seen), Intervention::UnderWay);
        for expected in [Intervention::Over, Intervention::None] {
            ours.end_intervention();
            assert_eq!(ours.intervention(&mut seen), expected);
        }
    }

    #[test]
    fn what_is_no_heartbeat_or_could_be_made_shorter_is_refused() {
        assert!(Heartbeat::shared(tempfile::tempfile().unwrap().into()).is_err());
        let open = memfd_create("open", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING).unwrap();
        ftruncate(&open, size_of::<HeartbeatMemory>() as u64).unwrap();
        assert!(Heartbeat::shared(open).is_err());
        let ours = Heartbeat::new().unwrap();
        assert!(ftruncate(&ours, 0).is_err() && ftruncate(&ours, 1 << 20).is_err());
    }
}
