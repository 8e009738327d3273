//! A playhead that one thread changes and others read without waiting. Knows nothing of what moves it.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::SeqCst};
use std::sync::{Mutex, PoisonError};

use super::{Course, Playhead, Position};
use crate::time::Mono;

/// The playhead, twice: readers use one copy while the next is written into the other.
///
/// A reader starts over only when a whole change went by while it read, so a writer that is
/// interrupted half-way (by a realtime reader on the same core, say) holds nobody up. Everything is
/// `SeqCst`: there are a few hundred accesses a second, and this is plainly right.
#[derive(Debug)]
pub(super) struct Published {
    /// How many changes there were; the copy that counts is `changes % 2`.
    changes: AtomicU64,
    copies: [Copy; 2],
    writers: Mutex<()>,
}

#[derive(Debug, Default)]
struct Copy {
    kind: AtomicU64,
    anchor: AtomicU64,
    position: AtomicI64,
    rate_ppb: AtomicI64,
    from: AtomicI64,
    until: AtomicI64,
}

const WAITING: u64 = 0;
const PAUSED: u64 = 1;
const RUNNING: u64 = 2;

impl Published {
    pub(super) fn new(playhead: Playhead) -> Self {
        let published =
            Self { changes: AtomicU64::new(0), copies: Default::default(), writers: Mutex::new(()) };
        published.copies[0].store(playhead);
        published
    }

    /// Never waits for a writer and never allocates.
    pub(super) fn read(&self) -> Playhead {
        loop {
            let changes = self.changes.load(SeqCst);
            let playhead = self.copies[(changes % 2) as usize].load();
            if self.changes.load(SeqCst) == changes {
                return playhead;
            }
        }
    }

    /// Replaces the playhead by what `change` makes of it; writers take turns.
    pub(super) fn update(&self, change: impl FnOnce(Playhead) -> Playhead) {
        let _turn = self.writers.lock().unwrap_or_else(PoisonError::into_inner);
        let changes = self.changes.load(SeqCst);
        let playhead = change(self.copies[(changes % 2) as usize].load());
        self.copies[((changes + 1) % 2) as usize].store(playhead);
        self.changes.store(changes + 1, SeqCst);
    }
}

impl Copy {
    fn store(&self, playhead: Playhead) {
        let (kind, course) = match playhead {
            Playhead::Waiting => (WAITING, standing(Position(0))),
            Playhead::Paused(position) => (PAUSED, standing(position)),
            Playhead::Running(course) => (RUNNING, course),
        };
        self.kind.store(kind, SeqCst);
        self.anchor.store(course.anchor.nanos(), SeqCst);
        self.position.store(course.position.0, SeqCst);
        self.rate_ppb.store(course.rate_ppb.into(), SeqCst);
        self.from.store(course.from.0, SeqCst);
        self.until.store(course.until.0, SeqCst);
    }

    /// A mixture of two playheads when a writer is at this copy; the caller finds out.
    fn load(&self) -> Playhead {
        let position = Position(self.position.load(SeqCst));
        match self.kind.load(SeqCst) {
            WAITING => Playhead::Waiting,
            PAUSED => Playhead::Paused(position),
            _ => Playhead::Running(Course {
                anchor: Mono::from_nanos(self.anchor.load(SeqCst)),
                position,
                rate_ppb: self.rate_ppb.load(SeqCst) as i32,
                from: Position(self.from.load(SeqCst)),
                until: Position(self.until.load(SeqCst)),
            }),
        }
    }
}

/// Fills the places that a playhead without a course leaves empty.
const fn standing(position: Position) -> Course {
    Course::by_machine(Mono::from_nanos(0), position)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_playhead_is_read_as_it_was_written() {
        let anchor = Mono::from_nanos(7);
        let course = Course {
            anchor,
            position: Position(-3),
            rate_ppb: -300_000,
            from: Position(-2),
            until: Position(20_000_000),
        };
        for playhead in [Playhead::Waiting, Playhead::Paused(Position(5)), Playhead::Running(course)] {
            let published = Published::new(Playhead::Waiting);
            published.update(|_| playhead);
            assert_eq!(published.read(), playhead);
        }
    }

    #[test]
    fn a_reader_never_sees_half_a_change() {
        const CHANGES: u32 = 20_000;
        let running = |step: u32| {
            let (nanos, rate_ppb) = (u64::from(step), step.cast_signed());
            Playhead::Running(Course {
                anchor: Mono::from_nanos(nanos),
                position: Position(rate_ppb.into()),
                rate_ppb,
                from: Position(rate_ppb.into()),
                until: Position(rate_ppb.into()),
            })
        };
        let published = Published::new(running(0));
        std::thread::scope(|scope| {
            scope.spawn(|| (1..=CHANGES).for_each(|step| published.update(|_| running(step))));
            let mut last = 0;
            while last < CHANGES {
                let Playhead::Running(course) = published.read() else { panic!("it runs") };
                let step = course.rate_ppb.cast_unsigned();
                assert_eq!(Playhead::Running(course), running(step));
                assert!(step >= last, "went back from {last} to {step}");
                last = step;
            }
        });
    }
}
