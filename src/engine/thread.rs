//! The timing thread itself: asks the clock, has the mixer decide, calls the drivers, sleeps.

use std::io;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::clock::{Clock, monotonic};
use crate::faults;

use super::controls::Controls;
use super::mixer::{Followers, Mixer};
use super::plan::Plan;
use super::setup::{Ending, Setup};
use super::sleep_plan::{Awaited, Sleeper, Wake};
use super::state::State;
use super::tick::Ticker;
use crate::realtime::{self, Duty};

/// Starts it, and waits until it is scheduled as it will be.
pub(super) fn spawn(
    setup: Setup,
    plan: Plan,
    controls: Controls,
    state: State,
) -> io::Result<JoinHandle<Ending>> {
    let Setup { rig, clock, drivers, heartbeat, recorder, relay_moves, .. } = setup;
    let mixer = Mixer::new(plan, &rig, &relay_moves, &drivers);
    let (is_entered, entered) = mpsc::channel();
    let thread = thread::Builder::new().name("lights".to_owned()).spawn(move || {
        // Declared first, so dropped last: the end is told only after the lines are safe and released.
        let _farewell = Farewell(state.clone());
        let drivers = drivers;
        state.entered(realtime::enter(Duty::Lights));
        controls.wake(thread::current());
        drop(is_entered);
        let followers = Followers { state: &state, recorder };
        let ticker = Ticker { mixer, drivers, heartbeat: &heartbeat, followers, interventions: 0 };
        play(ticker, &*clock, &controls)
    })?;
    // Nothing is sent: the sender's end is the message.
    let _disconnected = entered.recv() as Result<(), _>;
    Ok(thread)
}

struct Farewell(State);

impl Drop for Farewell {
    fn drop(&mut self) {
        self.0.finished();
    }
}

fn play(mut ticker: Ticker<'_>, clock: &dyn Clock, controls: &Controls) -> Ending {
    let mut sleeper = Sleeper::new(monotonic::now());
    loop {
        faults::point("lights");
        if let Some(plan) = controls.offered_plan() {
            controls.give_back(ticker.mixer.take_up(plan));
        }
        let now = monotonic::now();
        let playhead = clock.playhead(now);
        if let Some(ending) = ticker.tick(now, playhead, controls.orders(), &monotonic::now) {
            return ending;
        }
        wait(&mut sleeper, ticker.next_wake(now, playhead));
    }
}

fn wait(sleeper: &mut Sleeper, wake: Wake) {
    if wake.awaits == Awaited::Order {
        let patience = wake.at.since(monotonic::now()).max(0).unsigned_abs();
        return thread::park_timeout(Duration::from_nanos(patience));
    }
    let plan = sleeper.plan(monotonic::now(), wake);
    let mut now = monotonic::now();
    if let Some(instant) = plan.sleep_until {
        realtime::sleep_until(instant);
        now = monotonic::now();
        sleeper.woke(instant, now);
    }
    if plan.stay_awake {
        let from = now;
        while now.since(wake.at) < 0 {
            std::hint::spin_loop();
            now = monotonic::now();
        }
        sleeper.spent(from, now);
    }
}

#[cfg(test)]
mod still_clock;

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::super::{Engine, Extent, Passes, RelayMoves};
    use super::still_clock::{BROKEN, StillClock};
    use super::*;
    use crate::heartbeat::Heartbeat;
    use crate::level::Level;
    use crate::output::board::Board;
    use crate::output::by_level::ByLevel;
    use crate::output::drivers::Drivers;
    use crate::output::patch::{Means, Patch};
    use crate::output::sim::Sim;
    use crate::output::testing::rig;
    use crate::output::{Driver, DriverContext, LevelChange, LevelOutputs, LineOutputs, Signal, Wire};
    use crate::rig::{ChannelId, Line, Release};
    use crate::time::{Mono, ShowTime};
    use crate::timeline::{Timeline, Track};

    /// Long enough for any machine under any load; a failure, not a delay, waits for it.
    const PATIENCE: Duration = Duration::from_secs(20);

    /// Neon, a relay on GPIO 0 that lights on a low line, is lit from 100 ms on, in a show of a second.
    struct TestShow {
        engine: Engine,
        clock: Arc<StillClock>,
        heartbeat: Arc<Heartbeat>,
        board: Arc<Board>,
        pins: PathBuf,
        _folder: tempfile::TempDir,
    }

    fn wires() -> Vec<Wire> {
        rig().channels.iter().filter_map(Wire::of).collect()
    }

    impl TestShow {
        fn start() -> Self {
            let mut neon = Track::default();
            neon.hold(ShowTime::from_micros(100_000), Level::FULL);
            let rig = Arc::new(rig());
            let folder = tempfile::tempdir().unwrap();
            let pins = folder.path().join("pins");
            let drivers = Patch::new(&Means::File(pins.clone()), &rig, |_| true).open().unwrap();
            let board = Sim::reach_file(&pins, &[], Release::Driven).unwrap().board();
            let clock = Arc::new(StillClock(AtomicI64::new(0)));
            let heartbeat = Arc::new(Heartbeat::new().unwrap());
            let engine = Engine::start(Setup {
                timeline: Arc::new(Timeline::new(vec![neon, Track::default()])),
                rig,
                clock: Arc::clone(&clock) as Arc<dyn Clock>,
                drivers,
                heartbeat: Arc::clone(&heartbeat),
                recorder: None,
                extent: Extent {
                    from: ShowTime::ZERO,
                    passes: Passes::Once(ShowTime::from_micros(1_000_000)),
                },
                relay_moves: RelayMoves::default(),
                is_dark: false,
            });
            Self { engine: engine.unwrap(), clock, heartbeat, board, pins, _folder: folder }
        }

        fn lit() -> Self {
            let show = Self::start();
            show.move_to(200);
            show.wait_for(true);
            show
        }

        fn move_to(&self, millis: i64) {
            self.clock.0.store(millis, Ordering::Relaxed);
        }

        fn is_lit(&self) -> bool {
            let line = Line::new(0).unwrap();
            self.board.signal(line) == Some(Signal::Low)
        }

        fn wait_for(&self, is_lit: bool) {
            let start = std::time::Instant::now();
            while self.is_lit() != is_lit {
                assert!(start.elapsed() < PATIENCE, "neon never came to be lit: {is_lit}");
                thread::yield_now();
            }
        }
    }

    #[test]
    fn the_lights_follow_the_playhead_to_the_end_and_are_safe_then() {
        let show = TestShow::lit();
        show.move_to(1_000);
        let TestShow { engine, board, .. } = show;
        let report = engine.join().unwrap();
        assert_eq!((report.ending, report.edges), (Ending::Played, 2));
        assert_eq!(&board.text()[..3], "10.");
    }

    #[test]
    fn an_order_is_obeyed_and_confirmed() {
        let show = TestShow::lit();
        let controls = show.engine.controls();
        assert!(controls.hold_safe(PATIENCE));
        assert!(!show.is_lit());
        controls.end_hold();
        show.wait_for(true);
        controls.blackout(true);
        show.wait_for(false);
        controls.blackout(false);
        show.wait_for(true);
        assert!(controls.make_safe(PATIENCE));
        assert!(!show.is_lit() && show.engine.state().is_finished());
        assert_eq!(show.engine.join().unwrap().ending, Ending::Stopped);
    }

    #[test]
    fn another_plan_is_taken_up_while_the_thread_sleeps_long_and_the_one_before_is_freed() {
        let mut show = TestShow::lit();
        let dark = Arc::new(Timeline::new(vec![Track::default(), Track::default()]));
        let extent = show.engine.extent();
        show.engine.take_up(Plan::new(Arc::clone(&dark), extent));
        show.wait_for(false);
        let mut lit = Track::default();
        lit.hold(ShowTime::ZERO, Level::FULL);
        let lit = Arc::new(Timeline::new(vec![lit, Track::default()]));
        for _ in 0..20 {
            show.engine.take_up(Plan::new(Arc::clone(&lit), extent));
            show.wait_for(true);
            show.engine.take_up(Plan::new(Arc::clone(&dark), extent));
            show.wait_for(false);
        }
        drop(show);
        assert_eq!((Arc::strong_count(&lit), Arc::strong_count(&dark)), (1, 1));
    }

    #[test]
    fn the_heart_beats_while_the_thread_runs_and_rests_when_every_line_is_safe() {
        let show = TestShow::lit();
        let heartbeat = Arc::clone(&show.heartbeat);
        let beats = heartbeat.beats();
        while heartbeat.beats() == beats {
            thread::yield_now();
        }
        assert!(!heartbeat.is_at_rest());
        assert!(show.engine.controls().hold_safe(PATIENCE));
        while !heartbeat.is_at_rest() {
            thread::yield_now();
        }
        show.engine.controls().end_hold();
        show.wait_for(true);
        assert!(!heartbeat.is_at_rest());
        drop(show.engine);
        assert!(heartbeat.is_at_rest());
    }

    #[test]
    fn lights_that_somebody_else_made_safe_come_back() {
        let show = TestShow::lit();
        for _ in 0..3 {
            show.heartbeat.intervene(|| {
                let mut other = Sim::reach_file(&show.pins, &wires(), Release::Driven).unwrap();
                other.take().unwrap();
            });
            show.wait_for(true);
        }
    }

    /// One channel whose output takes nothing any more.
    struct Stuck;

    impl LevelOutputs for Stuck {
        fn take(&mut self) -> anyhow::Result<()> {
            Ok(())
        }

        fn write(&mut self, _index: usize, _level: Level) -> bool {
            false
        }

        fn make_safe(&mut self) -> bool {
            false
        }
    }

    #[test]
    fn a_show_whose_lights_cannot_be_made_safe_says_so_and_its_heart_does_not_rest() {
        let mut neon = Track::default();
        neon.hold(ShowTime::ZERO, Level::FULL);
        let stuck = ByLevel::new(Stuck, vec![ChannelId::new(0)]);
        let heartbeat = Arc::new(Heartbeat::new().unwrap());
        let engine = Engine::start(Setup {
            timeline: Arc::new(Timeline::new(vec![neon, Track::default()])),
            rig: Arc::new(rig()),
            clock: Arc::new(StillClock(AtomicI64::new(0))),
            drivers: Drivers::new(vec![Box::new(stuck)]),
            heartbeat: Arc::clone(&heartbeat),
            recorder: None,
            extent: Extent { from: ShowTime::ZERO, passes: Passes::Once(ShowTime::from_micros(1_000_000)) },
            relay_moves: RelayMoves::default(),
            is_dark: false,
        })
        .unwrap();
        let state = engine.state();
        while state.refused_for(monotonic::now()).is_zero() {
            thread::yield_now();
        }
        assert!(!engine.controls().make_safe(PATIENCE), "it is over, and not safe");
        assert!(state.is_finished());
        assert!(!engine.join().unwrap().is_safe);
        assert!(!heartbeat.is_at_rest());
    }

    #[test]
    fn a_panic_leaves_the_lights_safe_and_is_told() {
        let show = TestShow::lit();
        show.move_to(BROKEN);
        show.wait_for(false);
        let error = show.engine.join().unwrap_err();
        assert!(error.to_string().contains("the clock broke"), "{error}");
    }

    /// A driver of nothing, whose lights come late.
    struct SlowDriver;

    impl Driver for SlowDriver {
        fn channels(&self) -> Vec<ChannelId> {
            Vec::new()
        }

        fn take(&mut self) -> anyhow::Result<()> {
            Ok(())
        }

        fn set(&mut self, _changes: &mut [LevelChange], _context: &mut DriverContext<'_>) {}

        fn tick(&mut self, _context: &mut DriverContext<'_>) -> Option<Mono> {
            None
        }

        fn make_safe(&mut self) -> bool {
            true
        }

        fn exactness(&self) -> Duration {
            Duration::from_millis(25)
        }
    }

    #[test]
    fn a_person_is_told_how_late_the_slowest_lights_may_change() {
        let quick = TestShow::start();
        assert!(!quick.engine.notices().iter().any(|notice| notice.contains("slowest lights")));
        let setup = Setup {
            timeline: Arc::new(Timeline::new(vec![Track::default(), Track::default()])),
            rig: Arc::new(rig()),
            clock: Arc::clone(&quick.clock) as Arc<dyn Clock>,
            drivers: Drivers::new(vec![Box::new(SlowDriver)]),
            heartbeat: Arc::new(Heartbeat::new().unwrap()),
            recorder: None,
            extent: Extent { from: ShowTime::ZERO, passes: Passes::Once(ShowTime::ZERO) },
            relay_moves: RelayMoves::default(),
            is_dark: false,
        };
        let notices = Engine::start(setup).unwrap().notices().to_vec();
        assert!(
            notices.contains(&"the slowest lights may change up to 25 ms late".to_owned()),
            "{notices:?}"
        );
    }

    #[test]
    fn an_engine_that_is_dropped_leaves_the_lights_safe() {
        let TestShow { engine, board, .. } = TestShow::lit();
        drop(engine);
        assert_eq!(&board.text()[..3], "10.");
    }
}
