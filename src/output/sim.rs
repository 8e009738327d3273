//! Simulated lines: what `--output sim` drives, in memory or in a pins file that outlives the process.
//! Behaves as the pins of a Pi do, and knows nothing of shows.

use std::fs::{File, OpenOptions};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use anyhow::{Context, Result, ensure};
use memmap2::{MmapOptions, MmapRaw};

use super::{Output, Signal, Taken, Wire};
use crate::rig::{Line, Release};

/// A character a line, then a newline.
const BOARD_SIZE: usize = Line::COUNT + 1;

const LOW: u8 = b'0';
const HIGH: u8 = b'1';
const UNDRIVEN: u8 = b'.';
/// A byte of a file that was just made long enough: nobody has written there yet.
const UNWRITTEN: u8 = 0;

/// Simulated lines. Instances on different lines may share one pins file.
pub struct Sim {
    board: Arc<Board>,
    taken: Taken,
}

impl Sim {
    /// Takes `wires` on a board of its own, in memory.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub fn open(wires: &[Wire], release: Release) -> Result<Self> {
        Ok(Self::reach(wires, release)?.taken())
    }

    /// As [`open`](Self::open), but touches no line.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn reach(wires: &[Wire], release: Release) -> Result<Self> {
        let map = MmapOptions::new().len(BOARD_SIZE).map_anon().context("mapping simulated pins")?;
        Ok(Self::on(Board::new(map.into()), wires, release))
    }

    /// Takes `wires` on the board in the file at `path`, which is made if it is not there. As with real
    /// pins, what others drive stays as it is.
    ///
    /// # Errors
    /// When the file cannot be opened, or is something else than a pins file; then it is left alone.
    pub fn open_file(path: &Path, wires: &[Wire], release: Release) -> Result<Self> {
        Ok(Self::reach_file(path, wires, release)?.taken())
    }

    /// As [`open_file`](Self::open_file), but touches no line.
    ///
    /// # Errors
    /// As [`open_file`](Self::open_file).
    pub fn reach_file(path: &Path, wires: &[Wire], release: Release) -> Result<Self> {
        let context = || format!("opening pins file {}", path.display());
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .with_context(context)?;
        prepare(&file).with_context(context)?;
        let map = MmapOptions::new().len(BOARD_SIZE).map_raw(&file).with_context(context)?;
        Ok(Self::on(Board::new(map), wires, release))
    }

    fn on(board: Board, wires: &[Wire], release: Release) -> Self {
        Self { board: Arc::new(board), taken: Taken::none_of(wires, release) }
    }

    fn taken(mut self) -> Self {
        self.take_lines();
        self
    }

    fn take_lines(&mut self) {
        for index in 0..self.taken.wires.len() {
            let wire = self.taken.wires[index];
            self.board.set(wire.line, character(wire.safe));
            self.taken.take(wire);
        }
    }

    /// A view of the lines that stays valid when this output is gone.
    #[must_use]
    pub fn board(&self) -> Arc<Board> {
        Arc::clone(&self.board)
    }
}

impl Output for Sim {
    fn take(&mut self) -> Result<()> {
        self.take_lines();
        Ok(())
    }

    fn drive(&mut self, changes: &[(Line, Signal)]) {
        for (line, signal) in changes {
            if self.taken.note(*line, *signal) {
                self.board.set(*line, character(*signal));
            }
        }
    }

    fn make_safe(&mut self) {
        for index in 0..self.taken.wires.len() {
            let wire = self.taken.wires[index];
            self.drive(&[(wire.line, wire.safe)]);
        }
    }

    fn signal(&self, line: Line) -> Option<Signal> {
        self.taken.signals[line.index()]
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        self.make_safe();
        if self.taken.release == Release::Input {
            let taken = self.taken.wires.iter().filter(|wire| self.taken.has(wire.line));
            taken.for_each(|wire| self.board.set(wire.line, UNDRIVEN));
        }
    }
}

/// Refuses what is no pins file before a byte of it is changed; gives a new one its length.
fn prepare(file: &File) -> Result<()> {
    use std::os::unix::fs::FileExt;

    let metadata = file.metadata()?;
    ensure!(metadata.is_file(), "it is not a regular file");
    if metadata.len() == 0 {
        return Ok(file.set_len(BOARD_SIZE as u64)?);
    }
    let mut content = [UNWRITTEN; BOARD_SIZE];
    let fits = metadata.len() == BOARD_SIZE as u64;
    if fits {
        file.read_exact_at(&mut content, 0)?;
    }
    let (end, lines) = content.split_last().expect("a board is never empty");
    ensure!(
        fits && matches!(*end, b'\n' | UNWRITTEN)
            && lines.iter().all(|line| matches!(*line, LOW | HIGH | UNDRIVEN | UNWRITTEN)),
        "it exists and is no pins file ({} characters `0`, `1` or `.` and a newline); name another file",
        Line::COUNT
    );
    Ok(())
}

const fn character(signal: Signal) -> u8 {
    match signal {
        Signal::Low => LOW,
        Signal::High => HIGH,
    }
}

/// The lines of a simulated Pi.
pub struct Board {
    map: MmapRaw,
}

impl Board {
    fn new(map: MmapRaw) -> Self {
        let board = Self { map };
        // Another instance may be at the same: only what nobody has written is filled in.
        let fill = |cell: &AtomicU8, character| {
            let _written_by_another =
                cell.compare_exchange(UNWRITTEN, character, Ordering::AcqRel, Ordering::Acquire);
        };
        let (end, lines) = board.cells().split_last().expect("a board is never empty");
        lines.iter().for_each(|line| fill(line, UNDRIVEN));
        fill(end, b'\n');
        board
    }

    fn cells(&self) -> &[AtomicU8] {
        // SAFETY: the mapping is BOARD_SIZE bytes long, writable, lives as long as `self`, and is
        // touched only through these atomics.
        unsafe { std::slice::from_raw_parts(self.map.as_mut_ptr().cast::<AtomicU8>(), BOARD_SIZE) }
    }

    fn set(&self, line: Line, character: u8) {
        self.cells()[line.index()].store(character, Ordering::Release);
    }

    /// What `line` carries; `None` when nobody drives it.
    #[must_use]
    pub fn signal(&self, line: Line) -> Option<Signal> {
        match self.cells()[line.index()].load(Ordering::Acquire) {
            LOW => Some(Signal::Low),
            HIGH => Some(Signal::High),
            _ => None,
        }
    }

    /// The lines as a pins file shows them, without the newline.
    #[must_use]
    pub fn text(&self) -> String {
        Line::all().map(|line| self.cells()[line.index()].load(Ordering::Acquire) as char).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(bcm: u8, safe: Signal) -> Wire {
        Wire { line: Line::new(bcm).expect("a header line"), safe }
    }

    /// The first five lines of the pins file at `path`.
    fn pins(path: &Path) -> String {
        let text = std::fs::read_to_string(path).expect("the pins file is there");
        assert_eq!((text.len(), text.ends_with('\n')), (BOARD_SIZE, true));
        text[..5].to_owned()
    }

    #[test]
    fn lines_start_safe_follow_and_end_safe() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pins");
        let wires = [wire(1, Signal::High), wire(3, Signal::Low)];
        let mut sim = Sim::open_file(&path, &wires, Release::Driven).unwrap();
        assert_eq!(pins(&path), ".1.0.");
        sim.drive(&[(wires[0].line, Signal::Low), (wires[1].line, Signal::High)]);
        assert_eq!(pins(&path), ".0.1.");
        assert_eq!(sim.signal(wires[1].line), Some(Signal::High));
        drop(sim);
        assert_eq!(pins(&path), ".1.0.");
    }

    #[test]
    fn a_line_that_was_not_taken_is_never_driven() {
        let mut sim = Sim::open(&[wire(1, Signal::Low)], Release::Driven).unwrap();
        sim.drive(&[(wire(2, Signal::Low).line, Signal::High)]);
        assert_eq!(&sim.board().text()[..5], ".0...");
    }

    #[test]
    fn lines_that_were_only_reached_stay_as_another_has_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pins");
        let wires = [wire(1, Signal::High)];
        let mut player = Sim::open_file(&path, &wires, Release::Input).unwrap();
        player.drive(&[(wires[0].line, Signal::Low)]);
        let mut other = Sim::reach_file(&path, &wires, Release::Input).unwrap();
        other.make_safe();
        drop(other);
        assert_eq!(pins(&path), ".0...");
        let mut other = Sim::reach_file(&path, &wires, Release::Input).unwrap();
        for _ in 0..2 {
            player.drive(&[(wires[0].line, Signal::Low)]);
            other.take().unwrap();
            assert_eq!(pins(&path), ".1...");
        }
        drop(other);
        assert_eq!(pins(&path), ".....");
    }

    #[test]
    fn released_lines_are_driven_by_nobody() {
        let sim = Sim::open(&[wire(1, Signal::High)], Release::Input).unwrap();
        let board = sim.board();
        drop(sim);
        assert_eq!(board.text(), ".".repeat(Line::COUNT));
    }

    #[test]
    fn two_instances_share_a_pins_file_and_leave_each_others_lines_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pins");
        let mut porch = Sim::open_file(&path, &[wire(0, Signal::Low)], Release::Driven).unwrap();
        porch.drive(&[(wire(0, Signal::Low).line, Signal::High)]);
        let mall = Sim::open_file(&path, &[wire(4, Signal::High)], Release::Input).unwrap();
        assert_eq!(pins(&path), "1...1");
        drop(mall);
        assert_eq!(pins(&path), "1....");
        drop(porch);
        assert_eq!(pins(&path), "0....");
    }

    #[test]
    fn what_is_no_pins_file_is_refused_and_left_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("letter");
        for content in ["Dear Santa\n", "01.............................", &"x".repeat(BOARD_SIZE)] {
            std::fs::write(&path, content).unwrap();
            let error = Sim::open_file(&path, &[wire(0, Signal::Low)], Release::Driven).err().unwrap();
            assert!(format!("{error:#}").contains("no pins file"), "{error:#}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), content);
        }
        assert!(Sim::open_file(folder.path(), &[], Release::Driven).is_err());
    }
}
