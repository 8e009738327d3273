//! What simulated lines carry: in memory, or in a pins file that outlives the process. A character a line,
//! then a newline.
//!
//! The file is written a byte at a time and never mapped. If a mapped file is cut short, or the disk is full,
//! the kernel kills the process at its next write. Other programs may map it, and see each change at once. A
//! file that was cut short grows again with the next change.

use std::fs::{File, TryLockError};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::atomic::{AtomicU8, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::Signal;
use crate::file_access::create_named;
use crate::rig::Line;

pub(super) const SIZE: usize = Line::COUNT + 1;

const LOW: u8 = b'0';
const HIGH: u8 = b'1';
const UNDRIVEN: u8 = b'.';
/// A byte that was not written yet, in a file that a person made.
const UNWRITTEN: u8 = 0;

/// No line is driven.
const EMPTY: [u8; SIZE] = {
    let mut empty = [UNDRIVEN; SIZE];
    empty[SIZE - 1] = b'\n';
    empty
};

/// Another instance that fills the same file is through in a thousandth of this.
const PATIENCE: u32 = 100;
const LOOK: Duration = Duration::from_millis(10);

/// The lines of a simulated Pi.
pub struct Board(Cells);

enum Cells {
    Memory([AtomicU8; SIZE]),
    File(File),
}

impl Board {
    pub(super) fn in_memory() -> Self {
        Self(Cells::Memory(EMPTY.map(AtomicU8::new)))
    }

    /// In the file at `path`, which is made if it is not there. Several instances may share it.
    pub(super) fn in_file(path: &Path) -> Result<Self> {
        let file = create_named(path, &EMPTY)?;
        let content = read(&file)?;
        if content.contains(&UNWRITTEN) {
            fill(&file)?;
        }
        Ok(Self(Cells::File(file)))
    }

    /// `None`: it is not driven. Blocks no longer than a write into the machine's memory.
    pub(super) fn set(&self, line: Line, signal: Option<Signal>) {
        let character = match signal {
            Some(Signal::Low) => LOW,
            Some(Signal::High) => HIGH,
            None => UNDRIVEN,
        };
        match &self.0 {
            Cells::Memory(cells) => cells[line.index()].store(character, Ordering::Release),
            Cells::File(file) => {
                // The byte is there already, so this needs no room on the disk. One that is lost to a broken
                // disk or to a hand that cut the file short is a simulated light, and its next change tries
                // again; to end a show for it would be worse.
                let _lost = file.write_all_at(&[character], line.index() as u64);
            }
        }
    }

    /// What `line` carries; `None` when it is not driven.
    #[must_use]
    pub fn signal(&self, line: Line) -> Option<Signal> {
        match self.characters()[line.index()] {
            LOW => Some(Signal::Low),
            HIGH => Some(Signal::High),
            _ => None,
        }
    }

    /// The lines as a pins file shows them, without the newline.
    #[must_use]
    pub fn text(&self) -> String {
        self.characters()[..Line::COUNT].iter().copied().map(char::from).collect()
    }

    fn characters(&self) -> [u8; SIZE] {
        match &self.0 {
            Cells::Memory(cells) => std::array::from_fn(|at| cells[at].load(Ordering::Acquire)),
            Cells::File(file) => {
                let mut characters = EMPTY;
                // What cannot be read counts as not driven.
                let _cut_short = file.read_at(&mut characters, 0);
                characters
            }
        }
    }
}

/// What is in a pins file, with [`UNWRITTEN`] for what is not. Refuses what is no pins file, before a byte
/// of it is changed.
fn read(file: &File) -> Result<[u8; SIZE]> {
    let mut content = [UNWRITTEN; SIZE];
    let length = file.metadata()?.len();
    let written = usize::try_from(length).ok().and_then(|length| content.get_mut(..length));
    let fits = match written {
        Some(written) => {
            file.read_exact_at(written, 0)?;
            // A shorter one was cut short under a show, which has written to some of its lines since.
            matches!(written.len(), 0 | SIZE) || written.contains(&UNWRITTEN)
        }
        None => false,
    };
    let (end, lines) = content.split_last().expect("a board is never empty");
    ensure!(
        fits && matches!(*end, b'\n' | UNWRITTEN)
            && lines.iter().all(|line| matches!(*line, LOW | HIGH | UNDRIVEN | UNWRITTEN)),
        "it exists and is no pins file ({} characters `0`, `1` or `.` and a newline); name another file",
        Line::COUNT
    );
    Ok(content)
}

/// Writes what was not written yet. Another instance may do the same and drive its lines right after, so only
/// one reads and writes at a time.
fn fill(file: &File) -> Result<()> {
    lock(file);
    // Only these: the lines of an instance that was here before may have been lit since they were read.
    let filled = read(file).and_then(|content| {
        // At once at its full length, so that a reader sees that it is being filled.
        file.set_len(SIZE as u64).context("filling it")?;
        let cells = content.iter().zip(EMPTY).enumerate();
        let mut unwritten = cells.filter(|(_, (character, _))| **character == UNWRITTEN);
        unwritten
            .try_for_each(|(at, (_, empty))| file.write_all_at(&[empty], at as u64))
            .context("filling it")
    });
    let _of_ours = file.unlock();
    filled
}

/// A process that keeps it locked for longer is not filling it. It may be one that can only read it.
fn lock(file: &File) {
    for _ in 0..PATIENCE {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => thread::sleep(LOOK),
            _ => return,
        }
    }
}
