//! The mixer at work: instants are numbers, and no thread runs.

mod looping;
mod relay_dwell;
mod seeking;
mod speeds;
mod stillness;
mod taking_up;

use std::sync::{Arc, Mutex};

use super::*;
use crate::clock::Course;
use crate::easing::Easing;
use crate::level::Level;
use crate::output::by_level::ByLevel;
use crate::output::on_off::OnOff;
use crate::output::sim::Sim;
use crate::output::testing::{channel, rig_of};
use crate::output::{Driver, DriverContext, LevelOutputs, Signal, Wire};
use crate::rig::{Active, Kind, Release};
use crate::time::LoopRange;
use crate::timeline::{Ramp, Timeline, Track};

use super::super::relay_dwell::RelayMoves;
use super::super::{Extent, Passes};

const MILLI: i64 = 1_000_000;

fn show(millis: u64) -> ShowTime {
    ShowTime::from_micros(millis * 1_000)
}

fn at(millis: i64) -> Mono {
    Mono::from_nanos(7_000_000_000).offset(millis * MILLI)
}

/// A playhead that was at 0 at `at(0)`.
fn running() -> Playhead {
    Playhead::Running(Course::by_machine(at(0), Position(0)))
}

fn dark() -> Orders {
    Orders { is_dark: true, ..Orders::default() }
}

fn stop(millis: u64) -> Orders {
    Orders { stop: Some(Duration::from_millis(millis)), ..Orders::default() }
}

/// A track that is lit in each of the stretches, in milliseconds.
fn lit(stretches: &[(u64, u64)]) -> Track {
    let mut track = Track::default();
    for (from, to) in stretches {
        track.hold(show(*from), Level::FULL);
        track.hold(show(*to), Level::OFF);
    }
    track
}

/// A mixer with a relay on GPIO 0 that lights on a low line, and a dimmed channel on GPIO 1.
struct TestMixer {
    mixer: Mixer,
    drivers: Drivers,
    state: State,
    /// Nanosecond, channel, signal.
    log: Vec<(i64, usize, Signal)>,
    /// Millisecond and level, of what takes levels by itself.
    levels: Vec<(i64, Level)>,
    written: Arc<Mutex<Vec<Level>>>,
    ticks: usize,
}

/// An output that takes levels, and keeps what it took.
struct KeptLevels(Arc<Mutex<Vec<Level>>>);

impl LevelOutputs for KeptLevels {
    fn take(&mut self) -> anyhow::Result<()> {
        Ok(())
    }

    fn write(&mut self, _index: usize, level: Level) -> bool {
        self.0.lock().unwrap().push(level);
        true
    }

    fn make_safe(&mut self) -> bool {
        true
    }
}

fn test_rig() -> Rig {
    rig_of(vec![channel("neon", 0, Kind::Relay, Active::Low), channel("windows", 1, Kind::Pwm, Active::High)])
}

/// Those channels of the rig that are `driven`, on lines.
fn on_lines(driven: impl Fn(usize) -> bool) -> Box<dyn Driver> {
    let rig = test_rig();
    let channels: Vec<_> = rig.channel_ids().zip(rig.channels.clone()).collect();
    let channels: Vec<_> = channels.into_iter().filter(|(id, _)| driven(id.index())).collect();
    let wires: Vec<Wire> = channels.iter().filter_map(|(_, channel)| Wire::of(channel)).collect();
    let period = rig.pwm_period().as_nanos() as u64;
    Box::new(OnOff::new(Box::new(Sim::open(&wires, Release::Driven)), &channels, period))
}

impl TestMixer {
    fn new(tracks: [Track; 2], passes: Passes) -> Self {
        Self::with(tracks, passes, false)
    }

    /// With a second channel that takes levels by itself, or does not.
    fn with(tracks: [Track; 2], passes: Passes, takes_levels: bool) -> Self {
        let written = Arc::default();
        let mut drivers = vec![on_lines(|channel| channel == 0 || !takes_levels)];
        if takes_levels {
            let outputs = KeptLevels(Arc::clone(&written));
            drivers.push(Box::new(ByLevel::new(outputs, vec![ChannelId::new(1)])));
        }
        Self { written, ..Self::driven_by(Drivers::new(drivers), tracks, passes) }
    }

    fn driven_by(drivers: Drivers, tracks: [Track; 2], passes: Passes) -> Self {
        let timeline = Arc::new(Timeline::new(tracks.into()));
        let extent = Extent { from: ShowTime::ZERO, passes };
        let relay_moves = RelayMoves::default();
        Self {
            mixer: Mixer::new(Plan::new(timeline, extent), &test_rig(), &relay_moves, &drivers),
            drivers,
            state: State::new([Level::OFF; 2].into_iter(), &relay_moves),
            log: Vec::new(),
            levels: Vec::new(),
            written: Arc::default(),
            ticks: 0,
        }
    }

    fn relay(stretches: &[(u64, u64)]) -> Self {
        Self::new([lit(stretches), Track::default()], Passes::Once(show(1_000)))
    }

    fn tick(&mut self, now: Mono, playhead: Playhead, orders: Orders) {
        let since = now.since(at(0));
        let log = &mut self.log;
        let mut tell_edge = |edge: LineEdge| log.push((since, edge.channel.index(), edge.signal));
        let clock = || now;
        let mut context = DriverContext::new(now, &clock, &mut tell_edge);
        let changes = self.mixer.decide(now, playhead, orders);
        if !changes.is_empty() {
            self.drivers.set(changes, &mut context);
        }
        self.drivers.tick(&mut context);
        self.levels.extend(self.written.lock().unwrap().drain(..).map(|level| (since / MILLI, level)));
        self.mixer.note(&mut Followers { state: &self.state, recorder: None });
        self.ticks += 1;
    }

    fn next_wake(&self, now: Mono, playhead: Playhead) -> Wake {
        self.mixer.next_wake(now, playhead, self.drivers.next_tick(), true)
    }

    fn note_made_safe(&mut self, millis: i64) {
        self.drivers.make_safe();
        let mut followers = Followers { state: &self.state, recorder: None };
        self.mixer.note_made_safe(at(millis), &self.drivers, &mut followers);
    }

    /// Wakes when the mixer wishes to, up to `until` milliseconds or the end of the show.
    fn run(&mut self, from: i64, until: i64, playhead: Playhead, orders: Orders) {
        let mut now = at(from);
        while now <= at(until) && self.mixer.ending().is_none() {
            self.tick(now, playhead, orders);
            now = self.next_wake(now, playhead).at.max(now.offset(1));
        }
    }

    /// The relay's edges: millisecond, lit.
    fn neon(&self) -> Vec<(i64, bool)> {
        let edges = self.log.iter().filter(|(_, channel, _)| *channel == 0);
        edges.map(|(nanos, _, signal)| (nanos / MILLI, *signal == Signal::Low)).collect()
    }

    /// How long the dimmed channel was lit up to `until`, in milliseconds.
    fn windows_lit(&self, until: i64) -> i64 {
        let edges: Vec<_> = self.log.iter().filter(|(_, channel, _)| *channel == 1).collect();
        let ends = edges.iter().skip(1).map(|(nanos, ..)| *nanos).chain([until * MILLI]);
        let lit = edges.iter().zip(ends).filter(|((.., signal), _)| *signal == Signal::High);
        lit.map(|((nanos, ..), end)| end - nanos).sum::<i64>() / MILLI
    }
}

#[test]
fn edges_come_when_they_are_due_and_the_show_ends_dark() {
    let mut mixer = TestMixer::relay(&[(100, 250), (900, 2_000)]);
    mixer.run(0, 5_000, running(), Orders::default());
    assert_eq!(mixer.neon(), [(100, true), (250, false), (900, true), (1_000, false)]);
    assert_eq!(mixer.mixer.ending(), Some(Ending::Played));
    assert_eq!((mixer.state.edges(), mixer.state.late()), (4, 0));
    assert_eq!(mixer.state.show_time(), show(1_000));
    assert_eq!(mixer.state.switchings(ChannelId::new(0)), 4);
}

#[test]
fn a_loop_begins_again_with_the_levels_at_its_start() {
    let mut mixer =
        TestMixer::new([lit(&[(0, 100)]), Track::default()], Passes::Loop(LoopRange::whole(show(300))));
    mixer.run(0, 450, running(), Orders::default());
    assert_eq!(mixer.neon(), [(0, true), (100, false), (300, true), (400, false)]);
    assert_eq!(mixer.state.show_time(), show(150));
}

#[test]
fn lights_wait_for_the_playhead_and_stay_as_they_are_in_a_pause() {
    let mut mixer = TestMixer::relay(&[(0, 100), (200, 300)]);
    mixer.run(0, 50, Playhead::Waiting, Orders::default());
    assert_eq!(mixer.neon(), []);
    mixer.run(50, 80, Playhead::Paused(Position::at(show(50))), Orders::default());
    mixer.run(80, 400, Playhead::Paused(Position::at(show(250))), Orders::default());
    assert_eq!(mixer.neon(), [(50, true)], "the stretch between is over, and the second has begun");
}

#[test]
fn a_stall_skips_what_is_over_and_loses_no_off_edge() {
    let mut mixer = TestMixer::relay(&[(100, 150), (160, 170), (200, 300)]);
    mixer.tick(at(125), running(), Orders::default());
    mixer.tick(at(180), running(), Orders::default());
    mixer.tick(at(190), running(), Orders::default());
    mixer.tick(at(350), running(), Orders::default());
    assert_eq!(mixer.neon(), [(125, true), (180, false)]);
    assert_eq!((mixer.state.late(), mixer.state.noticeably_late()), (2, 1), "by 25 ms, and by 10 ms");
}

/// The playhead is `back` nanoseconds further back from 150 ms on.
fn falling_back(back: i64) -> Playhead {
    Playhead::Running(Course::by_machine(at(150), Position(150 * MILLI - back)))
}

#[test]
fn a_playhead_that_falls_back_takes_the_lights_with_it_and_cues_come_again() {
    let mut mixer = TestMixer::relay(&[(100, 200)]);
    mixer.run(0, 149, running(), Orders::default());
    mixer.run(150, 400, falling_back(100 * MILLI), Orders::default());
    assert_eq!(mixer.neon(), [(100, true), (150, false), (200, true), (300, false)]);
    assert_eq!(mixer.state.late(), 0);
}

#[test]
fn a_playhead_that_is_corrected_makes_no_edge_twice() {
    let mut mixer = TestMixer::relay(&[(149, 200)]);
    mixer.run(0, 149, running(), Orders::default());
    mixer.run(150, 400, falling_back(MILLI - 1), Orders::default());
    assert_eq!(mixer.neon(), [(149, true), (200, false)]);
}

#[test]
fn a_playhead_that_is_held_keeps_its_lights_and_is_looked_at_a_hundred_times_a_second() {
    let mut windows = Track::default();
    windows.hold(show(0), Level::from_percent(30));
    windows.hold(show(80), Level::OFF);
    for tracks in [[lit(&[(20, 80)]), Track::default()], [lit(&[(20, 80)]), windows]] {
        let is_dimmed = tracks[1] != Track::default();
        let mut mixer = TestMixer::new(tracks, Passes::Once(show(100 * 3_600_000)));
        let held = Course { until: Position(50 * MILLI), ..Course::by_machine(at(0), Position(0)) };
        mixer.run(0, 1_000, Playhead::Running(held), Orders::default());
        assert_eq!(mixer.neon(), [(20, true)]);
        let lit = mixer.windows_lit(1_000);
        assert!((lit - if is_dimmed { 300 } else { 0 }).abs() <= 2, "{lit}");
        assert!(mixer.ticks >= 100, "{}", mixer.ticks);
        let released = Course::by_machine(at(1_001), Position(50 * MILLI));
        mixer.run(1_001, 1_100, Playhead::Running(released), Orders::default());
        assert_eq!(mixer.neon(), [(20, true), (1_031, false)]);
    }
}

#[test]
fn a_jump_of_the_playhead_is_not_taken_for_lateness() {
    let mut mixer = TestMixer::relay(&[(100, 600)]);
    mixer.tick(at(99), running(), Orders::default());
    let ahead = Playhead::Running(Course::by_machine(at(100), Position(500 * MILLI)));
    mixer.tick(at(100), ahead, Orders::default());
    assert_eq!(mixer.neon(), [(100, true)]);
    assert!(mixer.state.worst() <= Duration::from_millis(1), "{:?}", mixer.state.worst());
}

#[test]
fn in_a_blackout_time_goes_on() {
    let mut mixer = TestMixer::relay(&[(100, 300), (500, 600)]);
    mixer.run(0, 150, running(), Orders::default());
    mixer.run(151, 550, running(), dark());
    assert!(mixer.mixer.is_dark());
    mixer.run(551, 700, running(), Orders::default());
    assert_eq!(mixer.neon(), [(100, true), (151, false), (551, true), (600, false)]);
}

#[test]
fn a_channel_of_another_show_is_left_alone() {
    let drivers = Drivers::new(vec![on_lines(|channel| channel == 1)]);
    let tracks = [lit(&[(100, 300)]), lit(&[(100, 300)])];
    let mut mixer = TestMixer::driven_by(drivers, tracks, Passes::Once(show(1_000)));
    mixer.run(0, 2_000, running(), Orders::default());
    assert_eq!((mixer.neon(), mixer.state.edges()), (vec![], 2));
    assert_eq!(mixer.state.switchings(ChannelId::new(0)), 0);
}

#[test]
fn a_stop_at_once_makes_dark_and_ends() {
    let mut mixer = TestMixer::relay(&[(0, 900)]);
    mixer.run(0, 100, running(), Orders::default());
    mixer.tick(at(101), running(), stop(0));
    assert_eq!(mixer.neon(), [(0, true), (101, false)]);
    assert_eq!(mixer.mixer.ending(), Some(Ending::Stopped));
}

#[test]
fn a_stop_that_fades_switches_relays_at_half_and_ends_when_all_is_dark() {
    let mut mixer = TestMixer::new([lit(&[(0, 900)]), lit(&[(0, 900)])], Passes::Once(show(1_000)));
    mixer.run(0, 100, running(), Orders::default());
    mixer.run(101, 900, running(), stop(400));
    assert_eq!(mixer.mixer.ending(), Some(Ending::Stopped));
    let [_, (off, false)] = mixer.neon()[..] else { panic!("{:?}", mixer.neon()) };
    assert!((301..=310).contains(&off), "{off}");
    let lit = mixer.windows_lit(600);
    assert!((290..=310).contains(&lit), "full for 101 ms, then half of 400 ms: {lit}");
}

#[test]
fn a_second_stop_skips_the_fade() {
    let mut mixer = TestMixer::relay(&[(0, 900)]);
    mixer.run(0, 100, running(), Orders::default());
    mixer.run(101, 150, running(), stop(600));
    mixer.tick(at(160), running(), stop(0));
    assert_eq!(mixer.neon(), [(0, true), (160, false)]);
    assert_eq!(mixer.mixer.ending(), Some(Ending::Stopped));
}

#[test]
fn a_dimmed_channel_gets_the_light_of_its_level_and_a_fade_its_mean() {
    for (from, to, expected) in [(30, 30, 300), (0, 100, 500), (100, 0, 500)] {
        let mut windows = Track::default();
        let (start, over) = (show(0), Duration::from_secs(1));
        let (from, to) = (Level::from_percent(from), Level::from_percent(to));
        if from == to {
            windows.hold(start, from);
        } else {
            windows.ramp(start, Ramp { start, over, from, to, easing: Easing::Linear });
        }
        let mut mixer = TestMixer::new([Track::default(), windows], Passes::Once(show(1_000)));
        mixer.run(0, 1_000, running(), Orders::default());
        assert_eq!(mixer.state.switchings(ChannelId::new(1)), 0, "nothing wears");
        let lit = mixer.windows_lit(1_000);
        assert!((lit - expected).abs() <= 5, "{from:?} to {to:?}: {lit} ms");
    }
}

#[test]
fn what_takes_levels_has_no_edges_and_gets_each_level_once() {
    let mut windows = Track::default();
    windows.hold(show(0), Level::from_percent(30));
    windows.hold(show(400), Level::FULL);
    let mut mixer = TestMixer::with([Track::default(), windows], Passes::Once(show(600)), true);
    mixer.run(0, 600, running(), Orders::default());
    assert_eq!(mixer.log, []);
    assert_eq!(mixer.levels, [(0, Level::from_percent(30)), (400, Level::FULL), (600, Level::OFF)]);
    assert_eq!(mixer.state.edges(), 3);
}

#[test]
fn what_somebody_else_made_safe_is_driven_again_and_was_due_then() {
    for takes_levels in [false, true] {
        let mut windows = Track::default();
        windows.hold(show(0), Level::from_percent(30));
        let mut mixer =
            TestMixer::with([lit(&[(100, 700)]), windows], Passes::Once(show(1_000)), takes_levels);
        mixer.run(0, 300, running(), Orders::default());
        let (switchings, dimmings) = (mixer.neon().len(), mixer.levels.len());
        mixer.note_made_safe(310);
        mixer.run(310, 500, running(), Orders::default());
        assert_eq!(mixer.neon()[switchings..], [(310, true)]);
        let again: Vec<i64> = mixer.levels[dimmings..].iter().map(|(at, _)| *at).collect();
        assert_eq!(again, if takes_levels { vec![310] } else { vec![] });
        mixer.run(510, 2_000, running(), Orders::default());
        assert_eq!(mixer.neon()[switchings..], [(310, true), (700, false)]);
        assert_eq!(mixer.state.late(), 0);
    }
}

#[test]
fn what_somebody_else_made_safe_stays_so_in_a_blackout() {
    let mut mixer = TestMixer::relay(&[(100, 700)]);
    mixer.run(0, 300, running(), dark());
    mixer.note_made_safe(310);
    mixer.run(310, 500, running(), dark());
    assert_eq!(mixer.neon(), []);
}

#[test]
fn an_idle_mixer_looks_a_hundred_times_a_second() {
    let mut mixer = TestMixer::relay(&[]);
    mixer.run(0, 900, running(), Orders::default());
    assert!((90..=92).contains(&mixer.ticks), "{}", mixer.ticks);
}
