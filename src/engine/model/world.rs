//! A machine in virtual time around the timing thread's turns: its clock, its guardian, and wake-ups that come
//! late. Everything is as in the real thread but the sleep.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use crate::clock::{Course, Playhead, Position};
use crate::engine::Ending;
use crate::engine::controls::{Controls, Orders};
use crate::engine::mixer::{Followers, Mixer};
use crate::engine::plan::Plan;
use crate::engine::relay_dwell::RelayMoves;
use crate::engine::sleep_plan::{Awaited, Wake};
use crate::engine::state::State;
use crate::engine::tick::Ticker;
use crate::heartbeat::{Heartbeat, Intervention};
use crate::random::Random;
use crate::rig::Rig;
use crate::speed::Speed;
use crate::time::Mono;
use crate::timeline::Timeline;

use super::board::{self, ModelBoard};
use super::case::{Case, RandomEnd, RandomStep};
use super::lines_seen::LinesSeen;
use super::oracle::{IN_TIME, Oracle};
use super::plan::ShowPlan;

const MILLI: i64 = 1_000_000;
pub(super) const START: Mono = Mono::from_nanos(7_000_000_000);
/// A guardian acts when the heart has stood still for so long.
const PATIENCE_MS: u16 = 2_000;
/// The player waits as long for the lights to confirm that they are safe.
const SAFE_WITHIN_MS: u16 = 100;
/// How long a cue is waited for.
const A_WHILE_MS: u16 = 300;
/// A cue that was meant to be met is met to within the rounding of a course.
const EXACT: i64 = 2_000;

pub(super) struct World<'a> {
    case: &'a Case,
    plan: ShowPlan<'a>,
    timelines: &'a [Arc<Timeline>; 2],
    ticker: Ticker<'a>,
    oracle: Oracle<'a>,
    board: Arc<Mutex<ModelBoard>>,
    heartbeat: &'a Heartbeat,
    controls: Controls,
    state: &'a State,
    playhead: Playhead,
    speed: Speed,
    is_paused: bool,
    is_stopping: bool,
    now: Mono,
    wake: Wake,
    next: Mono,
    /// What the world did since the last turn may not be seen before the next.
    is_changed: bool,
    ending: Option<Ending>,
    dice: Random,
    pub(super) ticks: u64,
}

impl<'a> World<'a> {
    pub(super) fn new(
        case: &'a Case,
        rig: &'a Rig,
        timelines: &'a [Arc<Timeline>; 2],
        heartbeat: &'a Arc<Heartbeat>,
        state: &'a State,
    ) -> Self {
        let extent = case.extent();
        let timeline = &timelines[0];
        let plan = ShowPlan { timeline, rig, extent };
        let board = Arc::new(Mutex::new(ModelBoard::of(rig, &case.channels, START)));
        let drivers = board::drivers(&board, heartbeat, rig, &case.channels);
        let played = Plan::new(Arc::clone(timeline), extent);
        let mixer = Mixer::new(played, rig, &RelayMoves::default(), &drivers);
        let ticker = Ticker {
            mixer,
            drivers,
            heartbeat,
            followers: Followers { state, recorder: None },
            interventions: 0,
        };
        Self {
            case,
            ticker,
            plan,
            timelines,
            oracle: Oracle::new(plan, START),
            board,
            heartbeat,
            controls: Controls::new(state.clone()),
            state,
            playhead: Playhead::Waiting,
            speed: Speed::Normal,
            is_paused: false,
            is_stopping: false,
            now: START,
            wake: Wake { at: START, awaits: Awaited::Look },
            next: START,
            is_changed: true,
            ending: None,
            dice: Random::new(&[&case.seed.to_le_bytes()]),
            ticks: 0,
        }
    }

    /// Plays the whole case.
    pub(super) fn play(&mut self) -> Result<(), String> {
        self.rest(self.case.waits_ms)?;
        // The first sound is on its way for a moment.
        let begin = Position(self.plan.begin().0 - 5 * MILLI);
        self.put(Playhead::Running(Course::at_speed(self.now, begin, self.speed)));
        self.rest(20)?;
        for (step, rest_ms) in &self.case.steps {
            self.take(*step)?;
            self.rest(*rest_ms)?;
        }
        self.rest(300)
    }

    /// The board, which outlives this world.
    pub(super) fn shared_board(&self) -> Arc<Mutex<ModelBoard>> {
        Arc::clone(&self.board)
    }

    fn board(&self) -> MutexGuard<'_, ModelBoard> {
        self.board.lock().unwrap()
    }

    fn take(&mut self, step: RandomStep) -> Result<(), String> {
        match step {
            RandomStep::Blackout(on) => {
                self.controls.blackout(on);
                self.wake_for_order();
            }
            RandomStep::Pause if !self.is_stopping => {
                self.is_paused = true;
                self.put(self.playhead.paused(self.now));
            }
            RandomStep::Resume if !self.is_stopping => {
                self.is_paused = false;
                self.put(self.playhead.resumed(self.now, self.speed));
            }
            RandomStep::Pause | RandomStep::Resume => {}
            RandomStep::Suspend(millis) => self.suspend(millis)?,
            RandomStep::Stop { fade_ms } => {
                self.is_stopping = true;
                self.controls.stop(Duration::from_millis(fade_ms.into()));
                self.wake_for_order();
            }
            RandomStep::Jump(millis) => self.move_to(Position(i64::from(millis) * MILLI)),
            RandomStep::Slew { micros } => {
                self.come_past_a_cue()?;
                if let Playhead::Running(course) = self.playhead {
                    self.move_to(Position(course.at(self.now).0 - i64::from(micros) * 1_000));
                }
            }
            RandomStep::HoldAfter(millis) => {
                if let Playhead::Running(course) = self.playhead {
                    let until = Position(course.at(self.now).0 + i64::from(millis) * MILLI);
                    self.put(Playhead::Running(Course { until, ..course }));
                }
            }
            RandomStep::Release => {
                if let Playhead::Running(course) = self.playhead {
                    self.move_to(course.at(self.now));
                }
            }
            RandomStep::Speed(speed) => {
                self.speed = speed;
                if let Playhead::Running(course) = self.playhead {
                    self.move_to(course.at(self.now));
                }
                self.wake_for_order();
            }
            RandomStep::TakeUp { is_other, end } => self.take_up(usize::from(is_other), end),
            RandomStep::Stall(millis) => self.stall(millis),
            RandomStep::Intervene => self.intervene(),
            RandomStep::InterveneFor { millis, is_finished } => self.intervene_for(millis, is_finished)?,
            RandomStep::InterveneWhileWriting { is_before } => self.board().intervenes = Some(is_before),
            RandomStep::FailWrites(count) => self.board().failing = count,
        }
        Ok(())
    }

    /// Goes on until the show wants something else, for a while at most.
    fn come_past_a_cue(&mut self) -> Result<(), String> {
        let wants = |world: &Self| {
            let position = world.oracle.reached()?;
            let channels = 0..world.case.channels.len();
            Some(channels.map(|index| world.plan.wanted(index, position)).collect::<Vec<_>>())
        };
        let before = wants(self);
        for _ in 0..A_WHILE_MS {
            self.rest(1)?;
            if wants(self) != before {
                break;
            }
        }
        Ok(())
    }

    fn take_up(&mut self, which: usize, end: RandomEnd) {
        let (timeline, extent) = (&self.timelines[which], self.case.extent_to(end));
        self.plan = ShowPlan { timeline, extent, ..self.plan };
        self.oracle.take_up(self.plan);
        self.controls.offer(Plan::new(Arc::clone(timeline), extent));
        self.wake_for_order();
    }

    fn put(&mut self, playhead: Playhead) {
        self.playhead = playhead;
        self.is_changed = true;
    }

    fn move_to(&mut self, position: Position) {
        self.put(match self.playhead {
            Playhead::Paused(_) => Playhead::Paused(position),
            _ => Playhead::Running(Course::at_speed(self.now, position, self.speed)),
        });
    }

    /// Who orders something wakes the thread where it awaits nothing else.
    fn wake_for_order(&mut self) {
        self.is_changed = true;
        if self.wake.awaits == Awaited::Order {
            self.next = self.next.min(self.now.offset(self.lateness()));
        }
    }

    /// As the player does it.
    fn suspend(&mut self, millis: u16) -> Result<(), String> {
        if !self.is_paused {
            self.put(self.playhead.paused(self.now));
        }
        // Sets the order; nobody else is there to obey while it waits.
        let _is_safe_already = self.controls.hold_safe(Duration::ZERO);
        self.wake_for_order();
        self.rest(SAFE_WITHIN_MS)?;
        let now = self.now;
        self.board().deliver(now);
        let can_be_safe = self.board().cells.iter().all(|cell| cell.failed.is_none());
        if self.ending.is_none() && can_be_safe && !self.board().is_safe() {
            return Err("suspended, and not every line is safe".to_owned());
        }
        self.stall(millis);
        self.controls.end_hold();
        self.wake_for_order();
        if !self.is_paused {
            self.put(self.playhead.resumed(self.now, self.speed));
        }
        Ok(())
    }

    fn stall(&mut self, millis: u16) {
        let end = self.now.offset(i64::from(millis) * MILLI);
        if millis > PATIENCE_MS && !self.heartbeat.is_at_rest() {
            self.now = self.now.offset(i64::from(PATIENCE_MS) * MILLI);
            self.intervene();
        }
        self.now = end;
        self.next = self.next.max(end);
        self.is_changed = true;
    }

    fn intervene(&mut self) {
        self.is_changed = true;
        self.board().now = self.now;
        self.heartbeat.intervene(|| self.board().make_safe());
    }

    /// The timing thread goes on while somebody drives its lines.
    fn intervene_for(&mut self, millis: u16, is_finished: bool) -> Result<(), String> {
        self.is_changed = true;
        let heartbeat = self.heartbeat;
        heartbeat.intervene(|| {
            self.board().make_safe();
            self.rest(millis)?;
            self.is_changed = true;
            if is_finished {
                self.board().now = self.now;
                self.board().make_safe();
            }
            Ok(())
        })
    }

    fn rest(&mut self, millis: u16) -> Result<(), String> {
        let until = self.now.offset(i64::from(millis) * MILLI);
        while self.next <= until && self.ending.is_none() {
            self.now = self.next;
            self.turn().map_err(|fault| {
                format!(
                    "after {:.3} ms, playhead {:?}: {fault}",
                    self.now.since(START) as f64 / 1e6,
                    self.playhead
                )
            })?;
        }
        self.now = until;
        Ok(())
    }

    fn turn(&mut self) -> Result<(), String> {
        let orders = self.controls.orders();
        self.judge_wake(orders)?;
        if let Some(plan) = self.controls.offered_plan() {
            self.controls.give_back(self.ticker.mixer.take_up(plan));
        }
        let now = self.now;
        self.board().now = now;
        self.board().deliver(now);
        if let Playhead::Running(course) = self.playhead {
            self.board().passes_at(self.speed, course.anchor);
        }
        self.oracle.pass(&self.board.lock().unwrap(), self.wake.at, now);
        let intervention = self.heartbeat.intervention(&mut self.ticker.interventions.clone());
        self.ending = self.ticker.tick(now, self.playhead, orders, &|| now);
        let is_overruled =
            self.heartbeat.intervention(&mut self.ticker.interventions.clone()) != Intervention::None;
        let moves = std::mem::take(&mut self.board().moves);
        let board = self.board.lock().unwrap();
        let seen = LinesSeen {
            now,
            playhead: self.playhead,
            speed: self.speed,
            is_dark: orders.is_dark || intervention == Intervention::UnderWay,
            stop: orders.stop,
            hold: orders.hold,
            was_intervened: intervention != Intervention::None,
            is_overruled,
            ending: self.ending,
            is_at_rest: self.heartbeat.is_at_rest(),
            board: &board,
            moves: &moves,
            state: self.state,
        };
        self.oracle.judge(&seen)?;
        drop(board);
        self.ticks += 1;
        self.wake = self.ticker.next_wake(now, self.playhead);
        self.wake.at = self.wake.at.max(now.offset(1));
        self.next = self.wake.at.offset(self.lateness());
        self.is_changed = false;
        Ok(())
    }

    /// Nothing that the show wants lies between the turn before and the instant at which this one was meant to
    /// be, where nobody has meddled.
    fn judge_wake(&self, orders: Orders) -> Result<(), String> {
        let Playhead::Running(course) = self.playhead else { return Ok(()) };
        if self.is_changed || orders != Orders::default() || self.ticks == 0 {
            return Ok(());
        }
        let (from, to) = (self.oracle.reached(), course.at(self.wake.at.offset(-EXACT)));
        let Some(from) = from.filter(|from| *from < to) else { return Ok(()) };
        let is_missed = |index: &usize| self.plan.wanted(*index, from) != self.plan.wanted(*index, to);
        match (0..self.case.channels.len()).find(is_missed) {
            Some(index) => Err(format!("lamp{index} has a cue before {to:?}, which was slept over")),
            None => Ok(()),
        }
    }

    /// Mostly some tens of microseconds, rarely milliseconds.
    fn lateness(&mut self) -> i64 {
        let most = match self.dice.below(2_000) {
            0 => 30 * MILLI,
            1..30 => 3 * MILLI,
            _ => IN_TIME,
        };
        self.dice.below(most.cast_unsigned()).cast_signed()
    }
}
