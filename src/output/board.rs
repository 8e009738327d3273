//! What simulated outputs carry: in memory, or in a pins file that outlives the process.
//!
//! A pins file has a character a line of the header, then a newline. Outputs beyond the header follow, one `name
//! level` a line, with the level in thousandths. Every level takes the same room, so that it is changed in place.
//!
//! The file is written in place and never mapped. If a mapped file is cut short, or the disk is full, the kernel
//! kills the process at its next write. Other programs may map it, and see each change at once. A file that was cut
//! short grows again with the next change.

use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};

use super::line::Signal;
use crate::file_access::{create_named, lock_within, why_unwritable};
use crate::level::Level;
use crate::rig::Line;

/// The part of the header's lines, with its newline.
pub(super) const HEADER_SIZE: usize = Line::COUNT + 1;
/// The room of a level: 0 to 1000, to the right.
const LEVEL_SIZE: usize = 4;

const LOW: u8 = b'0';
const HIGH: u8 = b'1';
const UNDRIVEN: u8 = b'.';
/// A byte that was not written yet, in a file that a person made.
const UNWRITTEN: u8 = 0;

/// Another instance that fills the same file is through in a thousandth of this.
const PATIENCE: Duration = Duration::from_secs(1);
const LOOK: Duration = Duration::from_millis(10);

/// The outputs of a simulated Pi.
pub struct Board {
    cells: Cells,
    layout: BoardLayout,
}

enum Cells {
    Memory(Vec<AtomicU8>),
    File(File),
}

/// What a board looks like while nothing is driven, and where the levels are in it.
struct BoardLayout {
    empty: Vec<u8>,
    /// Where the level of each output beyond the header begins.
    levels: Vec<usize>,
}

impl BoardLayout {
    fn of(names: &[String]) -> Self {
        let mut empty = vec![UNDRIVEN; Line::COUNT];
        empty.push(b'\n');
        let mut levels = Vec::with_capacity(names.len());
        for name in names {
            empty.extend(name.as_bytes());
            empty.push(b' ');
            levels.push(empty.len());
            empty.extend(level_text(None));
            empty.push(b'\n');
        }
        Self { empty, levels }
    }

    /// Whether `character` may be at `place`.
    fn allows(&self, place: usize, character: u8) -> bool {
        let is_level = || {
            let next = self.levels.partition_point(|level| *level <= place);
            next.checked_sub(1).is_some_and(|level| place < self.levels[level] + LEVEL_SIZE)
        };
        match character {
            UNWRITTEN => true,
            LOW | HIGH | UNDRIVEN if place < Line::COUNT => true,
            b'0'..=b'9' | b' ' | UNDRIVEN if place >= HEADER_SIZE && is_level() => true,
            _ => character == self.empty[place],
        }
    }
}

impl Board {
    /// With outputs called `names` beyond the header.
    pub(super) fn in_memory(names: &[String]) -> Self {
        let layout = BoardLayout::of(names);
        Self { cells: Cells::Memory(layout.empty.iter().copied().map(AtomicU8::new).collect()), layout }
    }

    /// In the file at `path`, which is made if it is not there. Several instances may share it.
    pub(super) fn in_file(path: &Path, names: &[String]) -> Result<Self> {
        let layout = BoardLayout::of(names);
        let file =
            create_named(path, &layout.empty).map_err(|error| anyhow!(why_unwritable(path, &error)))?;
        let content = read(&file, &layout)?;
        if content.contains(&UNWRITTEN) {
            fill(&file, &layout)?;
        }
        Ok(Self { cells: Cells::File(file), layout })
    }

    /// `None`: it is not driven. Whether that was written. Blocks no longer than a write into the machine's memory.
    pub(super) fn set(&self, line: Line, signal: Option<Signal>) -> bool {
        let character = match signal {
            Some(Signal::Low) => LOW,
            Some(Signal::High) => HIGH,
            None => UNDRIVEN,
        };
        self.write(line.index(), &[character])
    }

    /// The level of the output at `index` beyond the header. `None`: it is not driven. Blocks as
    /// [`set`](Self::set).
    pub(super) fn set_level(&self, index: usize, level: Option<Level>) -> bool {
        self.write(self.layout.levels[index], &level_text(level))
    }

    fn write(&self, place: usize, text: &[u8]) -> bool {
        match &self.cells {
            Cells::Memory(cells) => {
                for (cell, character) in cells[place..].iter().zip(text) {
                    cell.store(*character, Ordering::Release);
                }
                true
            }
            // The bytes are there already, so this needs no room on the disk.
            Cells::File(file) => file.write_all_at(text, place as u64).is_ok(),
        }
    }
}

/// Does not allocate.
fn level_text(level: Option<Level>) -> [u8; LEVEL_SIZE] {
    let mut text = [b' '; LEVEL_SIZE];
    match level {
        Some(level) => write!(&mut text[..], "{:LEVEL_SIZE$}", level.permille()).expect("four digits fit"),
        None => text[LEVEL_SIZE - 1] = UNDRIVEN,
    }
    text
}

/// What is in a pins file, with [`UNWRITTEN`] for what is not. Refuses what is no pins file, before a byte
/// of it is changed.
fn read(file: &File, layout: &BoardLayout) -> Result<Vec<u8>> {
    let size = layout.empty.len();
    let mut content = vec![UNWRITTEN; size];
    let length = file.metadata()?.len();
    let written = usize::try_from(length).ok().and_then(|length| content.get_mut(..length));
    let fits = match written {
        Some(written) => {
            file.read_exact_at(written, 0)?;
            // A shorter one was cut short under a show, which has written to some of its outputs since; or it is of
            // a rig that had nothing beyond the header.
            let length = written.len();
            length == 0 || length == size || length == HEADER_SIZE || written.contains(&UNWRITTEN)
        }
        None => false,
    };
    let is_allowed = || content.iter().enumerate().all(|(place, byte)| layout.allows(place, *byte));
    let beyond = match layout.levels.len() {
        0 => String::new(),
        outputs => format!(", then a line `name level` for each of {outputs} outputs of this rig"),
    };
    ensure!(
        fits && is_allowed(),
        "it exists and is no pins file ({} characters `0`, `1` or `.` and a newline{beyond}); name another file",
        Line::COUNT
    );
    Ok(content)
}

/// Writes what was not written yet. Another instance may do the same and drive its outputs right after, so only
/// one reads and writes at a time.
fn fill(file: &File, layout: &BoardLayout) -> Result<()> {
    // Who keeps it locked for longer is not filling it: it may be one that can only read it.
    let _is_ours = lock_within(file, PATIENCE, LOOK);
    // Only these: the outputs of an instance that was here before may have been lit since they were read.
    let filled = read(file, layout).and_then(|content| {
        // At once at its full length, so that a reader sees that it is being filled.
        file.set_len(layout.empty.len() as u64).context("filling it")?;
        let mut from = 0;
        for stretch in content.chunk_by(|one, next| (*one == UNWRITTEN) == (*next == UNWRITTEN)) {
            let to = from + stretch.len();
            if stretch[0] == UNWRITTEN {
                file.write_all_at(&layout.empty[from..to], from as u64).context("filling it")?;
            }
            from = to;
        }
        Ok(())
    });
    let _of_ours = file.unlock();
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Board {
        /// What `line` carries; `None` when it is not driven.
        pub(crate) fn signal(&self, line: Line) -> Option<Signal> {
            match self.characters()[line.index()] {
                LOW => Some(Signal::Low),
                HIGH => Some(Signal::High),
                _ => None,
            }
        }

        /// The lines of the header as a pins file shows them, without the newline.
        pub(crate) fn text(&self) -> String {
            self.characters()[..Line::COUNT].iter().copied().map(char::from).collect()
        }

        /// The level of the output at `index` beyond the header, in thousandths; `None` when it is not driven.
        pub(crate) fn permille(&self, index: usize) -> Option<u16> {
            let place = self.layout.levels[index];
            std::str::from_utf8(&self.characters()[place..place + LEVEL_SIZE]).ok()?.trim().parse().ok()
        }

        fn characters(&self) -> Vec<u8> {
            match &self.cells {
                Cells::Memory(cells) => cells.iter().map(|cell| cell.load(Ordering::Acquire)).collect(),
                Cells::File(file) => {
                    let mut characters = self.layout.empty.clone();
                    // What cannot be read counts as not driven.
                    let _cut_short = file.read_at(&mut characters, 0);
                    characters
                }
            }
        }
    }
}
