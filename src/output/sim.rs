//! Simulated outputs: what `--output sim` drives, in memory or in a pins file that outlives the process. Lines of
//! the header behave as the pins of a Pi do; outputs beyond it take levels. Knows nothing of shows.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};

use super::board::Board;
use super::driver::LevelOutputs;
use super::line::{LineOutputs, Signal, Wire};
use super::safe_plan::{SimulatedBoard, SimulatedOutput};
use crate::level::Level;
use crate::rig::{Line, Release};

pub(super) const NOT_WRITTEN: &str = "the pins file cannot be written";

impl SimulatedBoard {
    pub(super) fn open(&self) -> Result<Board> {
        match &self.pins {
            Some(path) => {
                let path = Path::new(path);
                Board::in_file(path, &self.names)
                    .with_context(|| format!("opening pins file {}", path.display()))
            }
            None => Ok(Board::in_memory(&self.names)),
        }
    }
}

/// Simulated lines of the header. Instances on different lines may share one pins file.
pub struct Sim {
    board: Arc<Board>,
    wires: Vec<Wire>,
    release: Release,
    is_taken: bool,
}

impl Sim {
    /// Opens `board`, and touches no line.
    pub(super) fn reach(board: &SimulatedBoard, wires: &[Wire], release: Release) -> Result<Self> {
        Ok(Self { board: Arc::new(board.open()?), wires: wires.to_vec(), release, is_taken: false })
    }
}

impl LineOutputs for Sim {
    fn take(&mut self) -> Result<()> {
        self.is_taken = true;
        ensure!(self.make_safe(), NOT_WRITTEN);
        Ok(())
    }

    fn drive(&mut self, changes: &[(Line, Signal)]) -> bool {
        let is_taken = |line| self.is_taken && self.wires.iter().any(|wire| wire.line == line);
        let taken = changes.iter().filter(|(line, _)| is_taken(*line));
        all(taken, |(line, signal)| self.board.set(*line, Some(*signal)))
    }

    fn make_safe(&mut self) -> bool {
        let taken = self.wires.iter().filter(|_| self.is_taken);
        all(taken, |wire| self.board.set(wire.line, Some(wire.safe)))
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        let _are_safe = self.make_safe();
        if self.is_taken && self.release == Release::Input {
            let _are_released = all(self.wires.iter(), |wire| self.board.set(wire.line, None));
        }
    }
}

/// Simulated outputs beyond the header. Instances on different outputs may share one pins file.
pub struct SimLevels {
    board: Arc<Board>,
    outputs: Vec<SimLevel>,
    release: Release,
    is_taken: bool,
}

#[derive(Clone, Copy, Debug)]
struct SimLevel {
    /// Where it is on the board.
    place: usize,
    safe: Level,
}

impl SimLevels {
    /// Opens `board`, and touches no output.
    pub(super) fn reach(
        board: &SimulatedBoard,
        outputs: &[SimulatedOutput],
        release: Release,
    ) -> Result<Self> {
        let place = |output: &SimulatedOutput| {
            let place = board.names.iter().position(|name| *name == output.name);
            let place = place.with_context(|| format!("no simulated output is called {}", output.name))?;
            Ok(SimLevel { place, safe: if output.is_safe_lit { Level::FULL } else { Level::OFF } })
        };
        let outputs = outputs.iter().map(place).collect::<Result<_>>()?;
        Ok(Self { board: Arc::new(board.open()?), outputs, release, is_taken: false })
    }
}

impl LevelOutputs for SimLevels {
    fn take(&mut self) -> Result<()> {
        self.is_taken = true;
        ensure!(self.make_safe(), NOT_WRITTEN);
        Ok(())
    }

    fn write(&mut self, index: usize, level: Level) -> bool {
        !self.is_taken || self.board.set_level(self.outputs[index].place, Some(level))
    }

    fn make_safe(&mut self) -> bool {
        let taken = self.outputs.iter().filter(|_| self.is_taken);
        all(taken, |output| self.board.set_level(output.place, Some(output.safe)))
    }
}

impl Drop for SimLevels {
    fn drop(&mut self) {
        let _are_safe = self.make_safe();
        if self.is_taken && self.release == Release::Input {
            let _are_released = all(self.outputs.iter(), |output| self.board.set_level(output.place, None));
        }
    }
}

/// Does `act` to each of `items`, also after one that failed. Whether all succeeded.
fn all<T>(items: impl Iterator<Item = T>, act: impl FnMut(T) -> bool) -> bool {
    items.map(act).filter(|is_done| !is_done).count() == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::board::HEADER_SIZE as SIZE;
    use crate::output::safe_plan::SimulatedPlace;

    impl Sim {
        /// Takes `wires` on a board of its own, in memory.
        pub(crate) fn open(wires: &[Wire], release: Release) -> Self {
            Self::reach(&SimulatedBoard::default(), wires, release).unwrap().taken()
        }

        /// Takes `wires` on the board in the file at `path`, which is made if it is not there.
        pub(crate) fn open_file(path: &Path, wires: &[Wire], release: Release) -> Result<Self> {
            Ok(Self::reach_file(path, wires, release)?.taken())
        }

        /// As [`open_file`](Self::open_file), but touches no line.
        pub(crate) fn reach_file(path: &Path, wires: &[Wire], release: Release) -> Result<Self> {
            let board = SimulatedBoard { pins: Some(path.as_os_str().to_owned()), names: Vec::new() };
            Self::reach(&board, wires, release)
        }

        fn taken(mut self) -> Self {
            self.take().unwrap();
            self
        }

        /// A view of the lines that stays valid when this output is gone.
        pub(crate) fn board(&self) -> Arc<Board> {
            Arc::clone(&self.board)
        }
    }

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
        assert!(sim.drive(&[(wires[0].line, Signal::Low), (wires[1].line, Signal::High)]));
        assert_eq!(pins(&path), ".0.1.");
        drop(sim);
        assert_eq!(pins(&path), ".1.0.");
    }

    #[test]
    fn a_line_that_was_not_taken_is_never_driven() {
        let mut sim = Sim::open(&[wire(1, Signal::Low)], Release::Driven);
        assert!(sim.drive(&[(wire(2, Signal::Low).line, Signal::High)]));
        assert_eq!(&sim.board().text()[..5], ".0...");
    }

    #[test]
    fn lines_that_were_only_reached_stay_as_another_has_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pins");
        let wires = [wire(1, Signal::High)];
        let mut player = Sim::open_file(&path, &wires, Release::Input).unwrap();
        assert!(player.drive(&[(wires[0].line, Signal::Low)]));
        let mut other = Sim::reach_file(&path, &wires, Release::Input).unwrap();
        assert!(other.make_safe());
        drop(other);
        assert_eq!(pins(&path), ".0...");
        let mut other = Sim::reach_file(&path, &wires, Release::Input).unwrap();
        for _ in 0..2 {
            assert!(player.drive(&[(wires[0].line, Signal::Low)]));
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
        assert!(porch.drive(&[(wire(0, Signal::Low).line, Signal::High)]));
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
        assert!(sim.drive(&[(wires[0].line, Signal::High), (wires[1].line, Signal::High)]));
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

    fn beyond(path: &Path, names: &[&str]) -> (SimulatedBoard, Vec<SimulatedOutput>) {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let output = |(name, number): (&String, u16)| SimulatedOutput {
            place: SimulatedPlace::Number(number),
            name: name.clone(),
            is_safe_lit: name.starts_with("exit"),
        };
        let outputs = names.iter().zip(28..).map(output).collect();
        (SimulatedBoard { pins: Some(path.into()), names }, outputs)
    }

    #[test]
    fn outputs_beyond_the_header_follow_it_in_the_file_a_name_and_a_level_a_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pins");
        let (board, outputs) = beyond(&path, &["exit", "star-1", "moon"]);
        let text = || std::fs::read_to_string(&path).unwrap().split_off(Line::COUNT);
        let mut sim = SimLevels::reach(&board, &outputs[..2], Release::Driven).unwrap();
        assert!(sim.write(0, Level::HALF) && text() == "\nexit    .\nstar-1    .\nmoon    .\n", "not taken");
        sim.take().unwrap();
        assert_eq!(text(), "\nexit 1000\nstar-1    0\nmoon    .\n");
        assert!(sim.write(1, Level::from_percent(7)) && sim.write(0, Level::HALF));
        assert_eq!(text(), "\nexit  500\nstar-1   70\nmoon    .\n");
        assert_eq!([0, 1, 2].map(|place| sim.board.permille(place)), [Some(500), Some(70), None]);
        let other = SimLevels::reach(&board, &outputs[2..], Release::Input);
        let mut other = other.expect("instances on other outputs share the file");
        other.take().unwrap();
        assert!(other.write(0, Level::FULL));
        assert_eq!(text(), "\nexit  500\nstar-1   70\nmoon 1000\n");
        drop(other);
        drop(sim);
        assert_eq!(text(), "\nexit 1000\nstar-1    0\nmoon    .\n");
    }

    #[test]
    fn a_pins_file_of_the_header_alone_grows_and_one_of_another_rig_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pins");
        let mut header = Sim::open_file(&path, &[wire(1, Signal::High)], Release::Driven).unwrap();
        let (board, outputs) = beyond(&path, &["star"]);
        let mut sim = SimLevels::reach(&board, &outputs, Release::Driven).unwrap();
        sim.take().unwrap();
        assert!(header.drive(&[(wire(1, Signal::High).line, Signal::Low)]));
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text, format!(".0{}\nstar    0\n", ".".repeat(26)));
        for names in [&["moon"][..], &["star", "moon"], &[]] {
            let (board, _) = beyond(&path, names);
            let error = Sim::reach(&board, &[], Release::Driven).err().expect("it is another rig's");
            assert!(format!("{error:#}").contains("no pins file"), "{error:#}");
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
}
