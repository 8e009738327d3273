//! The second anchor: marks on the lock directory itself, which no `rm` of a file in it reaches. Knows who is
//! marked there; not files, and not what anybody plays.
//!
//! A mark is one byte of the directory, locked shared, by an open file description ("OFD" lock). It lives exactly as
//! long as the instance: the kernel frees it at any death, and unlike a POSIX lock it does not fall when something
//! else in the process lists the directory. The upper bits of the byte's offset tell what is marked, the lower ones
//! by which PID, so a mark names its owner even when every file is gone.
//!
//! A directory can only be locked shared, so two instances could mark the same thing. Hence the **launch mutex**: an
//! flock on the same directory, held from the look at the marks until one's own are made. A launch that finds a mark
//! is refused without the mutex.
//!
//! Not a shared flock for every instance, counted in `/proc/locks`: that table is read in pieces of 4 KiB between
//! which entries may shift unseen, a PID namespace leaves holders out of it, and a hardened service has no such file
//! at all. A mark is asked of the kernel directly.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::thread;
use std::time::{Duration, Instant};

use super::dir::LockDir;
use super::kernel::{self, LockedBytes};
use super::name::Name;
use super::pid::Pid;
use crate::rig::Address;

const PID_BITS: u32 = 22; // Linux gives no PID of 2^22 or more
// Slots: 0 to 27 the header's lines, 64 the machine, 2^20 to 2^21 outputs beyond the header (`Address::number`).
const MACHINE: u64 = 64;
const SHOWS: u64 = 1 << 40; // from here on a slot a show, as many again; all offsets stay below 2^63
/// A launch has the mutex for about as long.
pub(super) const LAUNCH_POLL: Duration = Duration::from_micros(500);

/// Something that at most one instance may have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Resource<'a> {
    Output(Address),
    Machine,
    Show(&'a str),
    /// Any show at all: only to look for, never to take.
    AnyShow,
}

impl<'a> Resource<'a> {
    pub(super) fn of(name: &'a Name) -> Self {
        name.show().map_or(Self::Machine, Self::Show)
    }

    fn slots(self) -> Range<u64> {
        let one = |slot| slot..slot + 1;
        match self {
            Self::Output(address) => one(address.number()),
            Self::Machine => one(MACHINE),
            Self::Show(show) => one(SHOWS + hash(show) % SHOWS),
            Self::AnyShow => SHOWS..2 * SHOWS,
        }
    }

    fn bytes(self) -> Range<u64> {
        let slots = self.slots();
        slots.start << PID_BITS..slots.end << PID_BITS
    }
}

/// This instance's marks. They fall when it is dropped.
#[derive(Debug)]
pub(super) struct SecondAnchor {
    directory: File,
    owner: Pid,
}

impl SecondAnchor {
    pub(super) fn on(dir: &LockDir) -> io::Result<Self> {
        Ok(Self { directory: dir.open_again()?, owner: Pid::own() })
    }

    /// Who else has `resource`.
    pub(super) fn owner_of(&self, resource: Resource) -> io::Result<Option<Pid>> {
        Ok(kernel::any_locked(&self.directory, &resource.bytes())?.map(|mark| owner(&mark)))
    }

    /// Everybody else who has marked `resource`, in no order: whoever may read the directory can mark it too.
    pub(super) fn owners_of(&self, resource: Resource) -> io::Result<Vec<Pid>> {
        self.owners_in(vec![resource.bytes()], &|_| false)
    }

    /// Everybody else who has the machine or a show, but for the owners of `known`; in no order.
    pub(super) fn owners_but(&self, known: &[Resource]) -> io::Result<Vec<Pid>> {
        let is_known = |byte| known.iter().any(|resource| resource.bytes().contains(&byte));
        self.owners_in(vec![Resource::Machine.bytes(), Resource::AnyShow.bytes()], &is_known)
    }

    fn owners_in(&self, mut unseen: Vec<Range<u64>>, is_known: &dyn Fn(u64) -> bool) -> io::Result<Vec<Pid>> {
        let mut pids = Vec::new();
        while let Some(bytes) = unseen.pop() {
            // The kernel tells one mark at a time: look again on both sides of it.
            if let Some(mark) = kernel::any_locked(&self.directory, &bytes)? {
                let pid = owner(&mark);
                if !is_known(mark.bytes.start) && !pids.contains(&pid) {
                    pids.push(pid);
                }
                let sides = [bytes.start..mark.bytes.start, mark.bytes.end..bytes.end];
                unseen.extend(sides.into_iter().filter(|side| !side.is_empty()));
            }
        }
        Ok(pids)
    }

    /// Gives up the mark of this instance on `resource`.
    pub(super) fn unmark(&self, resource: Resource) -> io::Result<()> {
        kernel::unmark(&self.directory, own_byte(resource))
    }

    /// Takes the launch mutex if nobody has it.
    pub(super) fn try_launch_mutex(&self) -> io::Result<Option<LaunchMutex<'_>>> {
        Ok(kernel::try_flock(&self.directory)?.then_some(LaunchMutex { anchor: self }))
    }

    /// Takes the launch mutex; `None` where somebody has it for longer than `patience`.
    pub(super) fn launch_mutex_within(&self, patience: Duration) -> io::Result<Option<LaunchMutex<'_>>> {
        let began = Instant::now();
        loop {
            match self.try_launch_mutex()? {
                None if began.elapsed() < patience => thread::sleep(LAUNCH_POLL),
                mutex => return Ok(mutex),
            }
        }
    }
}

impl Drop for SecondAnchor {
    fn drop(&mut self) {
        // Explicitly, because a forked child may still have the descriptor. That child, in turn, must not free what
        // is its parent's.
        if self.owner == Pid::own() {
            // Closing the directory, which follows, frees as much: a failure leaves nothing behind.
            let _ = kernel::unmark_all(&self.directory);
        }
    }
}

/// Only who has this makes marks.
#[derive(Debug)]
pub(super) struct LaunchMutex<'a> {
    anchor: &'a SecondAnchor,
}

impl LaunchMutex<'_> {
    pub(super) fn mark(&self, resource: Resource) -> io::Result<()> {
        kernel::mark(&self.anchor.directory, own_byte(resource))
    }
}

impl Drop for LaunchMutex<'_> {
    fn drop(&mut self) {
        kernel::unflock(&self.anchor.directory);
    }
}

/// Of `resource`, in the name of this process.
fn own_byte(resource: Resource) -> u64 {
    let number = Pid::own().number().expect("who marks something has a number here");
    resource.bytes().start | u64::from(number)
}

fn owner(mark: &LockedBytes) -> Pid {
    match mark.process {
        // No mark of ours: some program locks the directory as if it were a file.
        Some(stranger) => stranger,
        None if mark.bytes.end - mark.bytes.start > 1 => Pid::HIDDEN,
        None => Pid::new((mark.bytes.start % (1 << PID_BITS)) as u32),
    }
}

/// 64-bit FNV-1a: every version of starcourt must come to the same number for a name.
fn hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rig::Line;

    fn with_two(check: impl Fn(&SecondAnchor, &SecondAnchor)) {
        let scratch = tempfile::tempdir().expect("a scratch directory");
        let dir = LockDir::open(scratch.path().join("lock")).expect("a lock directory");
        check(&SecondAnchor::on(&dir).expect("an anchor"), &SecondAnchor::on(&dir).expect("an anchor"));
    }

    #[test]
    fn a_mark_is_seen_by_others_and_names_its_owner() {
        with_two(|ours, other| {
            let line = Resource::Output(Line::new(17).expect("a line").into());
            for resource in [line, Resource::Machine, Resource::Show("demo")] {
                assert_eq!(other.owner_of(resource).unwrap(), None);
                ours.try_launch_mutex().unwrap().expect("nobody launches").mark(resource).unwrap();
                assert_eq!(other.owner_of(resource).unwrap(), Some(Pid::own()));
                assert_eq!(ours.owner_of(resource).unwrap(), None);
            }
            assert_eq!(other.owner_of(Resource::AnyShow).unwrap(), Some(Pid::own()));
            assert_eq!(other.owner_of(Resource::Show("mall")).unwrap(), None);
            assert_eq!(other.owners_but(&[]).unwrap(), [Pid::own()]);
            assert_eq!(other.owners_but(&[Resource::Machine]).unwrap(), [Pid::own()]);
            assert_eq!(other.owners_but(&[Resource::Machine, Resource::Show("demo")]).unwrap(), []);
        });
    }

    #[test]
    fn a_program_that_locks_the_directory_keeps_everybody_out() {
        with_two(|program, other| {
            let everything = &program.directory;
            kernel::mark(everything, 0).unwrap();
            assert_eq!(other.owner_of(Resource::Machine).unwrap(), None);
            for resource in [Resource::Machine, Resource::AnyShow] {
                for byte in resource.bytes().take(2) {
                    kernel::mark(everything, byte).unwrap();
                }
                assert_eq!(other.owner_of(resource).unwrap(), Some(Pid::HIDDEN));
            }
            assert_eq!(other.owners_but(&[]).unwrap(), [Pid::HIDDEN]);
        });
    }

    #[test]
    fn all_who_mark_the_same_place_are_told() {
        with_two(|ours, other| {
            let line = Resource::Output(Line::new(17).expect("a line").into());
            ours.try_launch_mutex().unwrap().expect("nobody launches").mark(line).unwrap();
            // As whoever may read the directory can, in anybody's name.
            for forged in [1, 4_000_000] {
                kernel::mark(&ours.directory, line.bytes().start | forged).unwrap();
            }
            let mut owners: Vec<_> =
                other.owners_of(line).unwrap().into_iter().filter_map(Pid::number).collect();
            owners.sort_unstable();
            assert_eq!(owners, [1, std::process::id(), 4_000_000]);
        });
    }

    #[test]
    fn only_one_has_the_launch_mutex() {
        with_two(|ours, other| {
            let mutex = ours.try_launch_mutex().unwrap();
            assert!(mutex.is_some() && other.try_launch_mutex().unwrap().is_none());
            drop(mutex);
            assert!(other.try_launch_mutex().unwrap().is_some());
        });
    }

    #[test]
    fn no_two_resources_share_a_byte() {
        let mut resources: Vec<_> = Line::all()
            .map(Address::Line)
            .chain([0, 41, u16::MAX].map(Address::Simulated))
            .map(Resource::Output)
            .chain([Resource::Machine, Resource::AnyShow])
            .map(Resource::bytes)
            .collect();
        resources.sort_by_key(|bytes| bytes.start);
        assert!(resources.windows(2).all(|pair| pair[0].end <= pair[1].start));
        assert_eq!(resources.last().map(|bytes| bytes.end), Some(1 << 63));
    }

    #[test]
    fn a_show_keeps_its_byte_from_version_to_version() {
        assert_eq!(hash(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash("a"), 0xaf63_dc4c_8601_ec8c);
    }
}
