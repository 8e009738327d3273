//! Simulated lines: what `--output sim` drives, in memory or in a pins file that outlives the process.
//! Behaves as the pins of a Pi do, and knows nothing of shows.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};

use super::board::Board;
use super::{Output, Signal, Taken, Wire};
use crate::rig::{Line, Release};

/// Simulated lines. Instances on different lines may share one pins file.
pub struct Sim {
    board: Arc<Board>,
    taken: Taken,
}

impl Sim {
    /// Takes `wires` on a board of its own, in memory.
    #[must_use]
    pub fn open(wires: &[Wire], release: Release) -> Self {
        Self::reach(wires, release).taken()
    }

    /// As [`open`](Self::open), but touches no line.
    #[must_use]
    pub fn reach(wires: &[Wire], release: Release) -> Self {
        Self::on(Board::in_memory(), wires, release)
    }

    /// Takes `wires` on the board in the file at `path`, which is made if it is not there. As with real
    /// pins, what others drive stays as it is.
    ///
    /// # Errors
    /// When the file cannot be opened, or made on a disk that is full, or is something else than a pins file;
    /// then it is left alone.
    pub fn open_file(path: &Path, wires: &[Wire], release: Release) -> Result<Self> {
        Ok(Self::reach_file(path, wires, release)?.taken())
    }

    /// As [`open_file`](Self::open_file), but touches no line.
    ///
    /// # Errors
    /// As [`open_file`](Self::open_file).
    pub fn reach_file(path: &Path, wires: &[Wire], release: Release) -> Result<Self> {
        let board = Board::in_file(path).with_context(|| format!("opening pins file {}", path.display()))?;
        Ok(Self::on(board, wires, release))
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
            self.board.set(wire.line, Some(wire.safe));
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
                self.board.set(*line, Some(*signal));
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
            taken.for_each(|wire| self.board.set(wire.line, None));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::board::SIZE;

    fn wire(bcm: u8, safe: Signal) -> Wire {
        Wire { line: Line::new(bcm).expect("a header line"), safe }
    }

    /// The first five lines of the pins file at `path`.
    fn pins(path: &Path) -> String {
        let text = std::fs::read_to_string(path).expect("the pins file is there");
        assert_eq!((text.len(), text.ends_with('\n')), (SIZE, true));
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
        let mut sim = Sim::open(&[wire(1, Signal::Low)], Release::Driven);
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
        let sim = Sim::open(&[wire(1, Signal::High)], Release::Input);
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
        for content in ["Dear Santa\n", "01.............................", &"x".repeat(SIZE)] {
            std::fs::write(&path, content).unwrap();
            let error = Sim::open_file(&path, &[wire(0, Signal::Low)], Release::Driven).err().unwrap();
            assert!(format!("{error:#}").contains("no pins file"), "{error:#}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), content);
        }
        assert!(Sim::open_file(folder.path(), &[], Release::Driven).is_err());
    }

    #[test]
    fn a_pins_file_that_is_cut_short_costs_no_process_its_life() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pins");
        let wires = [wire(1, Signal::Low), wire(3, Signal::Low)];
        let mut sim = Sim::open_file(&path, &wires, Release::Driven).unwrap();
        std::fs::write(&path, "").unwrap();
        assert_eq!(sim.board().signal(wires[0].line), None, "nobody can see it any more");
        sim.drive(&[(wires[0].line, Signal::High), (wires[1].line, Signal::High)]);
        assert_eq!(sim.board().signal(wires[0].line), Some(Signal::High));
        assert_eq!(std::fs::read(&path).unwrap(), [0, b'1', 0, b'1']);
        drop(sim);
        let _next = Sim::open_file(&path, &[wire(0, Signal::High)], Release::Driven).unwrap();
        assert_eq!(pins(&path), "10.0.");
    }

    #[test]
    fn a_pins_file_that_a_hand_made_is_filled() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pins");
        for content in [vec![], vec![0; SIZE]] {
            std::fs::write(&path, content).unwrap();
            let _sim = Sim::open_file(&path, &[wire(1, Signal::High)], Release::Driven).unwrap();
            assert_eq!(pins(&path), ".1...");
        }
    }

    #[test]
    fn instances_that_open_a_new_pins_file_at_once_take_no_line_from_each_other() {
        for is_there in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("pins");
            if is_there {
                std::fs::write(&path, "").unwrap();
            }
            let open = |bcm| Sim::open_file(&path, &[wire(bcm, Signal::High)], Release::Driven).unwrap();
            std::thread::scope(|scope| {
                let opening: Vec<_> = (0..5).map(|bcm| scope.spawn(move || open(bcm))).collect();
                let _all: Vec<_> = opening.into_iter().map(|one| one.join().unwrap()).collect();
                assert_eq!(pins(&path), "11111");
            });
        }
    }
}
