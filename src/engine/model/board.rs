//! Simulated lines as the model sees them: what was last written to each, by whomever. Writes can fail, and
//! somebody else can write in the middle of a turn.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use crate::heartbeat::Heartbeat;
use crate::output::{Output, Signal, Wire};
use crate::rig::{Line, Rig};
use crate::time::Mono;

use super::case::{Driving, RandomChannel};

/// What a line carries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Carries {
    Signal(Signal),
    /// Lit for so many nanoseconds of each period.
    Pulses(u64),
}

/// A relay's contact that the timing thread moved.
#[derive(Clone, Copy, Debug)]
pub(super) struct RelayMove {
    pub(super) channel: usize,
    pub(super) to: Carries,
    /// Nanoseconds after the move before.
    pub(super) after: i64,
}

#[derive(Debug)]
pub(super) struct ModelCell {
    pub(super) carries: Carries,
    pub(super) safe: Carries,
    pub(super) is_driven: bool,
    pub(super) moved: Option<Mono>,
    /// The last write did not reach it.
    pub(super) has_failed: bool,
}

#[derive(Debug)]
pub(super) struct ModelBoard {
    pub(super) now: Mono,
    /// In order of line, which is that of the rig's channels.
    pub(super) cells: Vec<ModelCell>,
    pub(super) moves: Vec<RelayMove>,
    /// So many writes of pulses are to fail.
    pub(super) failing: u8,
    /// Somebody intervenes at the next write: before it, or after.
    pub(super) intervenes: Option<bool>,
}

impl ModelBoard {
    pub(super) fn of(rig: &Rig, random: &[RandomChannel], now: Mono) -> Self {
        let cells = rig.channels.iter().zip(random).map(|(channel, random)| {
            let safe = match random.driving {
                Driving::ByOutput => Carries::Pulses(match channel.safe.is_lit() {
                    true => rig.pwm_period().as_nanos() as u64,
                    false => 0,
                }),
                _ => Carries::Signal(Wire::of(channel).safe),
            };
            let is_driven = random.driving != Driving::ByAnother;
            ModelCell { carries: safe, safe, is_driven, moved: None, has_failed: false }
        });
        Self { now, cells: cells.collect(), moves: Vec::new(), failing: 0, intervenes: None }
    }

    /// As a guardian does it, and the output.
    pub(super) fn make_safe(&mut self) {
        for channel in 0..self.cells.len() {
            self.write(channel, self.cells[channel].safe);
        }
    }

    /// Nanoseconds since the line of `channel` changed last; none where that was before the show.
    pub(super) fn rested(&self, channel: usize) -> Option<i64> {
        self.cells[channel].moved.map(|moved| self.now.since(moved))
    }

    pub(super) fn is_safe(&self) -> bool {
        self.cells.iter().all(|cell| cell.carries == cell.safe)
    }

    fn write(&mut self, channel: usize, carries: Carries) {
        let now = self.now;
        let cell = &mut self.cells[channel];
        if cell.is_driven && cell.carries != carries {
            (cell.carries, cell.moved) = (carries, Some(now));
        }
        cell.has_failed = false;
    }
}

/// The board as the timing thread's output.
pub(super) struct ModelLines {
    board: Arc<Mutex<ModelBoard>>,
    heartbeat: Arc<Heartbeat>,
}

impl ModelLines {
    pub(super) fn of(board: &Arc<Mutex<ModelBoard>>, heartbeat: &Arc<Heartbeat>) -> Self {
        Self { board: Arc::clone(board), heartbeat: Arc::clone(heartbeat) }
    }

    fn board(&self) -> MutexGuard<'_, ModelBoard> {
        self.board.lock().unwrap()
    }

    fn interrupted(&self, is_before: bool) {
        if self.board().intervenes == Some(is_before) {
            self.board().intervenes = None;
            self.heartbeat.intervene(|| self.board().make_safe());
        }
    }
}

impl Output for ModelLines {
    fn take(&mut self) -> anyhow::Result<()> {
        Ok(())
    }

    fn drive(&mut self, changes: &[(Line, Signal)]) {
        self.interrupted(true);
        for (line, signal) in changes {
            let mut board = self.board();
            let (channel, to) = (line.index(), Carries::Signal(*signal));
            assert!(board.cells[channel].is_driven, "{line} is another show's");
            let (before, after) = (board.cells[channel].carries, board.rested(channel));
            if let (true, Some(after)) = (before != to, after) {
                board.moves.push(RelayMove { channel, to, after });
            }
            board.write(channel, to);
        }
        self.interrupted(false);
    }

    fn dims(&self, line: Line) -> bool {
        matches!(self.board().cells[line.index()].safe, Carries::Pulses(_))
    }

    fn dim(&mut self, line: Line, lit: Duration) -> bool {
        let mut board = self.board();
        if board.failing > 0 {
            board.failing -= 1;
            board.cells[line.index()].has_failed = true;
            return false;
        }
        board.write(line.index(), Carries::Pulses(lit.as_nanos() as u64));
        true
    }

    fn make_safe(&mut self) {
        self.board().make_safe();
    }

    fn signal(&self, line: Line) -> Option<Signal> {
        match self.board().cells[line.index()] {
            ModelCell { carries: Carries::Signal(signal), is_driven: true, .. } => Some(signal),
            _ => None,
        }
    }
}
