//! Simulated outputs as the model sees them: what was last written to each, by whomever. Three drivers write to
//! them. Writes can fail, a bus can be full, and another process can write in the middle of a turn.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use crate::heartbeat::Heartbeat;
use crate::level::Level;
use crate::output::by_level::ByLevel;
use crate::output::drivers::Drivers;
use crate::output::on_off::OnOff;
use crate::output::{Driver, DriverContext, LevelChange, LevelOutputs, LineOutputs, Signal, Wire};
use crate::rig::{Channel, ChannelId, Line, Rig};
use crate::speed::Speed;
use crate::time::Mono;

use super::case::{Driving, RandomChannel};

/// So many changes wait for the bus at most.
const ROOM: usize = 2;
/// The bus takes so long for a change.
const BUS_DELAY: Duration = Duration::from_millis(3);

/// What an output carries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Carries {
    Signal(Signal),
    Level(Level),
}

/// A relay's contact that the timing thread moved.
#[derive(Clone, Copy, Debug)]
pub(super) struct RelayMove {
    pub(super) channel: usize,
    pub(super) to: Carries,
    /// Nanoseconds of rest after the move before.
    pub(super) after: i64,
}

#[derive(Debug)]
pub(super) struct ModelCell {
    pub(super) carries: Carries,
    pub(super) safe: Carries,
    pub(super) is_driven: bool,
    pub(super) moved: Option<Mono>,
    /// Since when no write has reached it.
    pub(super) failed: Option<Mono>,
    /// What the bus has taken and not brought yet.
    on_the_way: Option<Carries>,
}

impl ModelCell {
    /// What its driver was last told, and took.
    pub(super) fn shows(&self) -> Carries {
        self.on_the_way.unwrap_or(self.carries)
    }
}

#[derive(Debug)]
pub(super) struct ModelBoard {
    pub(super) now: Mono,
    /// How fast the show has passed since each of these instants.
    speeds: Vec<(Mono, Speed)>,
    /// In order of line, which is that of the rig's channels.
    pub(super) cells: Vec<ModelCell>,
    pub(super) moves: Vec<RelayMove>,
    /// So many writes of levels are to fail.
    pub(super) failing: u8,
    /// Another process intervenes at the next write: before it, or after.
    pub(super) intervenes: Option<bool>,
    /// Changes on their way over the bus, and when each arrives.
    bus: VecDeque<(Mono, usize)>,
}

impl ModelBoard {
    pub(super) fn of(rig: &Rig, random: &[RandomChannel], now: Mono) -> Self {
        let cells = rig.channels.iter().zip(random).map(|(channel, random)| {
            let safe = match random.driving.takes_levels() {
                true => Carries::Level(channel.safe),
                false => Carries::Signal(Wire::of(channel).expect("it is on a line").safe),
            };
            let is_driven = random.driving != Driving::ByAnother;
            ModelCell { carries: safe, safe, is_driven, moved: None, failed: None, on_the_way: None }
        });
        let (moves, bus) = (Vec::new(), VecDeque::new());
        let speeds = vec![(Mono::from_nanos(0), Speed::Normal)];
        Self { now, speeds, cells: cells.collect(), moves, failing: 0, intervenes: None, bus }
    }

    /// As a guardian does it, and the drivers.
    pub(super) fn make_safe(&mut self) {
        self.bus.clear();
        for channel in 0..self.cells.len() {
            self.write(channel, self.cells[channel].safe);
        }
    }

    /// For so many nanoseconds the output of `channel` has rested; none where it moved before the show.
    pub(super) fn rested(&self, channel: usize) -> Option<i64> {
        self.cells[channel].moved.map(|moved| self.rest_since(moved))
    }

    /// The lights come to know that the show passes at `speed` since `since`.
    pub(super) fn passes_at(&mut self, speed: Speed, since: Mono) {
        let (before, last) = self.speeds[self.speeds.len() - 1];
        if speed != last {
            self.speeds.push((since.max(before), speed));
        }
    }

    /// What a contact has rested since then: the time of the show, one stretch after another.
    pub(super) fn rest_since(&self, moved: Mono) -> i64 {
        let ends = self.speeds.iter().skip(1).map(|(since, _)| *since).chain([self.now]);
        let stretches = self.speeds.iter().zip(ends).map(|((since, speed), end)| {
            let passed = end.since(moved.max(*since)).max(0);
            match speed {
                Speed::Half => passed / 2,
                Speed::Normal => passed,
                Speed::Double => passed * 2,
            }
        });
        stretches.sum()
    }

    /// Whether every output carries what is safe.
    pub(super) fn is_safe(&self) -> bool {
        self.cells.iter().all(|cell| cell.carries == cell.safe)
    }

    /// The same, or it will be when the bus has brought everything.
    pub(super) fn comes_to_be_safe(&self) -> bool {
        self.cells.iter().all(|cell| cell.shows() == cell.safe)
    }

    /// What has arrived over the bus by `now`.
    pub(super) fn deliver(&mut self, now: Mono) {
        while let Some((_, channel)) = self.bus.pop_front_if(|(arrives, _)| *arrives <= now) {
            // A later change of the same output is told as well: only the last of them is kept.
            let cell = &mut self.cells[channel];
            if !self.bus.iter().any(|(_, other)| *other == channel)
                && let Some(carries) = cell.on_the_way.take()
            {
                cell.carries = carries;
            }
        }
    }

    fn write(&mut self, channel: usize, carries: Carries) {
        let now = self.now;
        let cell = &mut self.cells[channel];
        if cell.is_driven && cell.shows() != carries {
            cell.moved = Some(now);
        }
        if cell.is_driven {
            (cell.carries, cell.on_the_way) = (carries, None);
        }
        cell.failed = None;
    }

    fn note_move(&mut self, channel: usize, to: Carries) {
        let after = self.rested(channel);
        if let (true, Some(after)) = (self.cells[channel].shows() != to, after) {
            self.moves.push(RelayMove { channel, to, after });
        }
    }

    fn fail(&mut self, channel: usize) {
        let now = self.now;
        self.cells[channel].failed.get_or_insert(now);
    }
}

/// All drivers of `board`.
pub(super) fn drivers(
    board: &Arc<Mutex<ModelBoard>>,
    heartbeat: &Arc<Heartbeat>,
    rig: &Rig,
    random: &[RandomChannel],
) -> Drivers {
    let channels = |wanted: &dyn Fn(Driving) -> bool| -> Vec<(ChannelId, Channel)> {
        let all = rig.channel_ids().zip(&rig.channels).zip(random);
        let wanted = all.filter(|(_, random)| wanted(random.driving));
        wanted.map(|((id, channel), _)| (id, channel.clone())).collect()
    };
    let ids = |wanted: &dyn Fn(Driving) -> bool| -> Vec<ChannelId> {
        channels(wanted).into_iter().map(|(id, _)| id).collect()
    };
    let lines = ModelLines { board: Arc::clone(board), heartbeat: Arc::clone(heartbeat) };
    let on_lines = channels(&|driving| !driving.takes_levels() && driving != Driving::ByAnother);
    let period = rig.pwm_period().as_nanos() as u64;
    let dimmed = ids(&|driving| driving == Driving::ByOutput);
    let levels = ModelLevels { board: Arc::clone(board), channels: dimmed.clone() };
    let bus = ModelBus { board: Arc::clone(board), channels: ids(&Driving::is_on_bus) };
    Drivers::new(vec![
        Box::new(OnOff::new(Box::new(lines), &on_lines, period)),
        Box::new(ByLevel::new(levels, dimmed)),
        Box::new(bus),
    ])
}

/// The board's lines.
struct ModelLines {
    board: Arc<Mutex<ModelBoard>>,
    heartbeat: Arc<Heartbeat>,
}

impl ModelLines {
    fn board(&self) -> MutexGuard<'_, ModelBoard> {
        self.board.lock().unwrap()
    }

    fn interrupt(&self, is_before: bool) {
        if self.board().intervenes == Some(is_before) {
            self.board().intervenes = None;
            self.heartbeat.intervene(|| self.board().make_safe());
        }
    }
}

impl LineOutputs for ModelLines {
    fn take(&mut self) -> anyhow::Result<()> {
        Ok(())
    }

    fn drive(&mut self, changes: &[(Line, Signal)]) -> bool {
        self.interrupt(true);
        for (line, signal) in changes {
            let mut board = self.board();
            let (channel, to) = (line.index(), Carries::Signal(*signal));
            assert!(board.cells[channel].is_driven, "{line} is another show's");
            board.note_move(channel, to);
            board.write(channel, to);
        }
        self.interrupt(false);
        true
    }

    fn make_safe(&mut self) -> bool {
        self.board().make_safe();
        true
    }
}

/// The board's outputs that take levels. A write may fail.
struct ModelLevels {
    board: Arc<Mutex<ModelBoard>>,
    channels: Vec<ChannelId>,
}

impl LevelOutputs for ModelLevels {
    fn take(&mut self) -> anyhow::Result<()> {
        Ok(())
    }

    fn write(&mut self, index: usize, level: Level) -> bool {
        let mut board = self.board.lock().unwrap();
        let channel = self.channels[index].index();
        if board.failing > 0 {
            board.failing -= 1;
            board.fail(channel);
            return false;
        }
        board.write(channel, Carries::Level(level));
        true
    }

    fn make_safe(&mut self) -> bool {
        self.board.lock().unwrap().make_safe();
        true
    }
}

/// A bus with a thread of its own, which brings each change a while later. It has little room.
struct ModelBus {
    board: Arc<Mutex<ModelBoard>>,
    channels: Vec<ChannelId>,
}

impl Driver for ModelBus {
    fn channels(&self) -> Vec<ChannelId> {
        self.channels.clone()
    }

    fn take(&mut self) -> anyhow::Result<()> {
        Ok(())
    }

    fn set(&mut self, changes: &mut [LevelChange], context: &mut DriverContext<'_>) {
        let mut board = self.board.lock().unwrap();
        for change in changes {
            let (channel, to) = (change.channel.index(), Carries::Level(change.level));
            if board.bus.len() >= ROOM {
                board.fail(channel);
                continue;
            }
            board.note_move(channel, to);
            if board.cells[channel].shows() != to {
                board.cells[channel].moved = Some(context.now);
            }
            board.cells[channel].on_the_way = Some(to);
            board.cells[channel].failed = None;
            board.bus.push_back((context.now.offset(BUS_DELAY.as_nanos() as i64), channel));
            change.written = Some(context.now);
        }
    }

    fn tick(&mut self, _context: &mut DriverContext<'_>) -> Option<Mono> {
        None
    }

    fn make_safe(&mut self) -> bool {
        self.board.lock().unwrap().make_safe();
        true
    }

    fn is_settled(&self) -> bool {
        self.board.lock().unwrap().bus.is_empty()
    }

    fn exactness(&self) -> Duration {
        BUS_DELAY
    }
}

impl Drop for ModelBus {
    fn drop(&mut self) {
        let _is_safe = self.make_safe();
    }
}
