//! Lines become outputs and inputs one process at a time. Knows no line.
//!
//! Ten lines share a register that says what each of them is, and it is read, changed and written as a whole:
//! two processes at the same moment would undo each other's. (Levels have registers that are only written.)
//! So a process that changes a mode, or that shifts into a chain of registers, holds an flock on the device of the registers. Only processes that may
//! drive the lines can open that device, whatever lock directory they use.

use std::fs::{File, OpenOptions};
use std::hint;
use std::os::unix::fs::OpenOptionsExt;
use std::time::{Duration, Instant};

use rustix::fs::OFlags;

use crate::file_access::lock_within;

/// In this order, so that every process on a machine chooses the same.
const DEVICES: [&str; 4] = ["/dev/gpiomem", "/dev/gpiomem0", "/dev/gpiochip0", "/dev/mem"];
const POLL: Duration = Duration::from_micros(200); // 28 lines take a tenth of a millisecond
/// A process that holds it for longer is stuck, and lights must not stay on for that.
const PATIENCE: Duration = Duration::from_millis(100);

/// A way to the lock. Without a device there are no registers either.
#[derive(Debug, Default)]
pub(super) struct ModeLock {
    device: Option<File>,
}

impl ModeLock {
    /// Opens a device. Does not wait.
    pub(super) fn open() -> Self {
        let open = |path: &&str| {
            OpenOptions::new().read(true).custom_flags(OFlags::NONBLOCK.bits().cast_signed()).open(path).ok()
        };
        Self { device: DEVICES.iter().find_map(open) }
    }

    /// Does `act` while no other process changes a mode. Waits 100 ms at most, then does it all the same.
    pub(super) fn hold<T>(&self, act: impl FnOnce() -> T) -> T {
        let Some(device) = &self.device else { return act() };
        let is_held = lock_within(device, PATIENCE, POLL).unwrap_or(false);
        let outcome = act();
        if is_held {
            self.free();
        }
        outcome
    }

    /// Holds it until [`free`](Self::free), or for good. Waits `patience` at most, without sleeping: who has it is
    /// through in a fraction of a millisecond, or stuck. Whether it is held; without a device nobody else has it either.
    pub(super) fn try_hold(&self, patience: Duration) -> bool {
        let Some(device) = &self.device else { return true };
        let began = Instant::now();
        loop {
            match device.try_lock() {
                Ok(()) => return true,
                Err(_) if began.elapsed() < patience => hint::spin_loop(),
                Err(_) => return false,
            }
        }
    }

    pub(super) fn free(&self) {
        // Closing the device would free it as well.
        let _ = self.device.as_ref().map(File::unlock);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(path: &std::path::Path) -> ModeLock {
        ModeLock { device: Some(File::open(path).unwrap()) }
    }

    #[test]
    fn one_changes_modes_while_another_waits_and_who_is_stuck_is_passed() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let (ours, other) = (on(file.path()), on(file.path()));
        ours.hold(|| {
            let began = Instant::now();
            other.hold(|| ());
            assert!(began.elapsed() >= PATIENCE);
        });
        let began = Instant::now();
        other.hold(|| ours.device.as_ref().map(File::try_lock)).unwrap().unwrap_err();
        assert!(began.elapsed() < PATIENCE, "it is free when nobody changes a mode");
    }

    #[test]
    fn it_is_held_from_turn_to_turn_and_who_waits_gives_up_in_time() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let (ours, other) = (on(file.path()), on(file.path()));
        assert!(ours.try_hold(Duration::ZERO) && !other.try_hold(Duration::from_micros(300)));
        ours.free();
        assert!(other.try_hold(Duration::ZERO) && !ours.try_hold(Duration::ZERO));
        drop(other);
        assert!(ours.try_hold(Duration::ZERO), "it falls with who had it");
    }

    #[test]
    fn without_a_device_nothing_is_waited_for() {
        assert_eq!(ModeLock { device: None }.hold(|| 7), 7);
    }
}
