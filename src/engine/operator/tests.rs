//! The operator at work: instants are numbers, and no thread runs.

use super::*;
use crate::clock::Course;
use crate::easing::Easing;
use crate::level::Level;
use crate::output::testing::{channel, rig_of};
use crate::rig::{Active, Kind};
use crate::timeline::{Ramp, Track};

use super::super::Extent;
use super::super::contact::{Contact, Contacts};

const MILLI: i64 = 1_000_000;

fn show(millis: u64) -> ShowTime {
    ShowTime::from_micros(millis * 1_000)
}

fn at(millis: i64) -> Mono {
    Mono::from_nanos(7_000_000_000).offset(millis * MILLI)
}

/// A playhead that was at 0 at `at(0)`.
fn running() -> Playhead {
    Playhead::Running(Course { anchor: at(0), position: Position(0), rate_ppb: 0 })
}

fn dark() -> Orders {
    Orders { is_dark: true, stop: None }
}

fn stop(millis: u64) -> Orders {
    Orders { is_dark: false, stop: Some(Duration::from_millis(millis)) }
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

/// An operator with a relay on GPIO 0 that lights on a low line, and a dimmed channel on GPIO 1.
struct Desk {
    operator: Operator,
    state: State,
    /// Nanosecond, BCM number, signal.
    log: Vec<(i64, u8, Signal)>,
    /// Millisecond and how long a period is lit, of what the output dims.
    dimmed: Vec<(i64, Duration)>,
    ticks: usize,
}

impl Desk {
    fn new(tracks: [Track; 2], extent: Extent) -> Self {
        Self::with(tracks, extent, false)
    }

    /// With an output that dims the second channel by itself, or does not.
    fn with(tracks: [Track; 2], extent: Extent, output_dims: bool) -> Self {
        let rig = rig_of(vec![
            channel("neon", 0, Kind::Relay, Active::Low),
            channel("windows", 1, Kind::Pwm, Active::High),
        ]);
        let timeline = Arc::new(Timeline::new(tracks.into()));
        let run = Run { from: ShowTime::ZERO, extent };
        let contacts = Contacts::default();
        Self {
            operator: Operator::new(timeline, &rig, run, &contacts, |line| output_dims && line.bcm() == 1),
            state: State::new([Level::OFF; 2].into_iter(), &contacts),
            log: Vec::new(),
            dimmed: Vec::new(),
            ticks: 0,
        }
    }

    fn relay(stretches: &[(u64, u64)]) -> Self {
        Self::new([lit(stretches), Track::default()], Extent::Once(show(1_000)))
    }

    fn tick(&mut self, now: Mono, playhead: Playhead, orders: Orders) {
        let changes = self.operator.decide(now, playhead, None, orders);
        let since = now.since(at(0));
        self.log.extend(changes.signals.iter().map(|(line, signal)| (since, line.bcm(), *signal)));
        self.dimmed.extend(changes.dimmed.iter().map(|(_, lit)| (since / MILLI, *lit)));
        self.operator.note(now, &self.state, None);
        self.ticks += 1;
    }

    /// Wakes when the operator wishes to, up to `until` milliseconds or the end of the show.
    fn run(&mut self, from: i64, until: i64, playhead: Playhead, orders: Orders) {
        let mut now = at(from);
        while now <= at(until) && self.operator.ending().is_none() {
            self.tick(now, playhead, orders);
            now = self.operator.next_wake(now, playhead, None).at.max(now.offset(1));
        }
    }

    /// The relay's edges: millisecond, lit.
    fn neon(&self) -> Vec<(i64, bool)> {
        let edges = self.log.iter().filter(|(_, bcm, _)| *bcm == 0);
        edges.map(|(nanos, _, signal)| (nanos / MILLI, *signal == Signal::Low)).collect()
    }

    /// How long the dimmed channel was lit up to `until`, in milliseconds.
    fn windows_lit(&self, until: i64) -> i64 {
        let edges: Vec<_> = self.log.iter().filter(|(_, bcm, _)| *bcm == 1).collect();
        let ends = edges.iter().skip(1).map(|(nanos, ..)| *nanos).chain([until * MILLI]);
        let lit = edges.iter().zip(ends).filter(|((.., signal), _)| *signal == Signal::High);
        lit.map(|((nanos, ..), end)| end - nanos).sum::<i64>() / MILLI
    }
}

#[test]
fn edges_come_when_they_are_due_and_the_show_ends_dark() {
    let mut desk = Desk::relay(&[(100, 250), (900, 2_000)]);
    desk.run(0, 5_000, running(), Orders::default());
    assert_eq!(desk.neon(), [(100, true), (250, false), (900, true), (1_000, false)]);
    assert_eq!(desk.operator.ending(), Some(Ending::Played));
    assert_eq!((desk.state.edges(), desk.state.late()), (4, 0));
    assert_eq!(desk.state.show_time(), show(1_000));
    assert_eq!(desk.state.switchings(ChannelId::new(0)), 4);
}

#[test]
fn a_loop_begins_again_with_the_levels_at_its_start() {
    let mut desk = Desk::new([lit(&[(0, 100)]), Track::default()], Extent::Loop(show(300)));
    desk.run(0, 450, running(), Orders::default());
    assert_eq!(desk.neon(), [(0, true), (100, false), (300, true), (400, false)]);
    assert_eq!((desk.state.pass(), desk.state.show_time()), (1, show(150)));
}

#[test]
fn lights_wait_for_the_playhead_and_stay_as_they_are_in_a_pause() {
    let mut desk = Desk::relay(&[(0, 100), (200, 300)]);
    desk.run(0, 50, Playhead::Waiting, Orders::default());
    assert_eq!(desk.neon(), []);
    desk.run(50, 80, Playhead::Paused(Position::at(show(50))), Orders::default());
    desk.run(80, 400, Playhead::Paused(Position::at(show(250))), Orders::default());
    assert_eq!(desk.neon(), [(50, true)], "the stretch between is over, and the second has begun");
}

#[test]
fn a_stall_skips_what_is_over_and_loses_no_off_edge() {
    let mut desk = Desk::relay(&[(100, 150), (160, 170), (200, 300)]);
    desk.tick(at(120), running(), Orders::default());
    desk.tick(at(180), running(), Orders::default());
    desk.tick(at(190), running(), Orders::default());
    desk.tick(at(350), running(), Orders::default());
    assert_eq!(desk.neon(), [(120, true), (180, false)]);
    assert_eq!(desk.state.late(), 2);
}

#[test]
fn a_playhead_that_falls_back_makes_no_edge_twice() {
    let mut desk = Desk::relay(&[(100, 200)]);
    desk.run(0, 150, running(), Orders::default());
    let behind = Playhead::Running(Course { anchor: at(150), position: Position(50 * MILLI), rate_ppb: 0 });
    desk.run(150, 400, behind, Orders::default());
    assert_eq!(desk.neon(), [(100, true), (300, false)]);
}

#[test]
fn a_jump_of_the_playhead_is_not_taken_for_lateness() {
    let mut desk = Desk::relay(&[(100, 600)]);
    desk.tick(at(99), running(), Orders::default());
    let ahead = Playhead::Running(Course { anchor: at(100), position: Position(500 * MILLI), rate_ppb: 0 });
    desk.tick(at(100), ahead, Orders::default());
    assert_eq!(desk.neon(), [(100, true)]);
    assert!(desk.state.worst() <= Duration::from_millis(1), "{:?}", desk.state.worst());
}

#[test]
fn in_a_blackout_time_goes_on() {
    let mut desk = Desk::relay(&[(100, 300), (500, 600)]);
    desk.run(0, 150, running(), Orders::default());
    desk.run(151, 550, running(), dark());
    assert!(desk.state.is_dark());
    desk.run(551, 700, running(), Orders::default());
    assert_eq!(desk.neon(), [(100, true), (151, false), (551, true), (600, false)]);
}

/// A relay that rests 100 ms, and moved at `moved`.
fn resting(moved: Option<Mono>) -> Contact {
    let rests = Duration::from_millis(100);
    let neon = channel("neon", 0, Kind::Relay, Active::Low);
    Contact::of(&crate::rig::Channel { min_on: rests, min_off: rests, ..neon }, moved)
}

/// A blackout for each of `blackouts` breaks into what the relay, which rests 100 ms, is told by the show.
fn check_return(stretches: &[(u64, u64)], blackouts: &[(i64, i64)], neon: &[(i64, bool)]) {
    let mut desk = Desk::relay(stretches);
    desk.operator.strips[0].contact = resting(None);
    let mut now = 0;
    for (from, to) in blackouts {
        desk.run(now, from - 1, running(), Orders::default());
        desk.run(*from, to - 1, running(), dark());
        now = *to;
    }
    desk.run(now, 2_000, running(), Orders::default());
    check_neon(&desk, neon);
}

/// The relay's edges, each at most 10 ms later than `neon` tells: it is looked at that often.
#[track_caller]
fn check_neon(desk: &Desk, neon: &[(i64, bool)]) {
    assert_eq!(desk.neon().len(), neon.len(), "{:?}", desk.neon());
    for ((found, is_lit), (expected, should_be_lit)) in desk.neon().iter().zip(neon) {
        assert!((0..=10).contains(&(found - expected)), "{:?}", desk.neon());
        assert_eq!(is_lit, should_be_lit);
    }
    assert_eq!(desk.state.late(), 0, "what has to wait is not late");
}

#[test]
fn after_a_blackout_a_relay_rests_before_it_goes_on_again() {
    check_return(&[(0, 900)], &[(100, 130)], &[(0, true), (100, false), (200, true), (900, false)]);
    check_return(&[(0, 900)], &[(100, 500)], &[(0, true), (100, false), (500, true), (900, false)]);
    let nervous = [(100, 110), (120, 130), (140, 150)];
    check_return(&[(0, 900)], &nervous, &[(0, true), (100, false), (200, true), (900, false)]);
}

#[test]
fn after_a_blackout_a_relay_stays_dark_where_the_show_leaves_it_no_time() {
    check_return(&[(0, 250)], &[(100, 130)], &[(0, true), (100, false)]);
    let next = [(0, true), (100, false), (400, true), (600, false)];
    check_return(&[(0, 250), (400, 600)], &[(100, 130)], &next);
    check_return(&[(0, 2_000)], &[(850, 920)], &[(0, true), (850, false)]);
}

#[test]
fn a_blackout_waits_for_no_relay() {
    let expected = [(0, true), (20, false), (300, true), (310, false), (410, true), (900, false)];
    check_return(&[(0, 900)], &[(20, 300), (310, 320)], &expected);
}

/// A loop of 300 ms with a relay that rests 100 ms.
#[track_caller]
fn check_loop(stretches: &[(u64, u64)], neon: &[(i64, bool)]) {
    let mut desk = Desk::new([lit(stretches), Track::default()], Extent::Loop(show(300)));
    desk.operator.strips[0].contact = resting(None);
    desk.run(0, 700, running(), Orders::default());
    check_neon(&desk, neon);
}

#[test]
fn a_relay_rests_across_the_seam_of_a_loop() {
    let far_enough = [(50, true), (200, false), (350, true), (500, false), (650, true)];
    check_loop(&[(50, 200)], &far_enough);
    check_loop(&[(0, 240)], &[(0, true), (240, false), (340, true), (540, false), (640, true)]);
    // 40 ms into the show, and 60 ms before its end.
    check_loop(&[(20, 260)], &[(20, true), (260, false), (360, true), (560, false), (660, true)]);
}

#[test]
fn a_relay_that_goes_on_before_the_seam_stays_lit_for_as_long_as_it_rests() {
    let neon = [(260, true), (360, false), (560, true), (660, false)];
    check_loop(&[(260, 300)], &neon);
}

#[test]
fn a_relay_that_went_off_in_the_show_before_rests_first() {
    let mut desk = Desk::relay(&[(0, 900)]);
    desk.operator.strips[0].contact = resting(Some(at(-30)));
    desk.run(0, 2_000, running(), Orders::default());
    check_neon(&desk, &[(70, true), (900, false)]);
}

#[test]
fn where_contacts_moved_last_is_told_to_the_show_that_follows() {
    let mut desk = Desk::relay(&[(100, 250)]);
    desk.run(0, 2_000, running(), Orders::default());
    let [neon, windows] = [0, 1].map(|bcm| Line::new(bcm).unwrap());
    let contacts = desk.state.contacts();
    assert_eq!((contacts.moved(neon), contacts.moved(windows)), (Some(at(250)), None));
    let next = State::new([Level::OFF; 2].into_iter(), &contacts);
    assert_eq!(next.contacts(), contacts, "what it does not move stays known");
}

#[test]
fn a_playhead_that_jumps_brings_no_contact_back_too_soon() {
    let mut desk = Desk::relay(&[(0, 200), (350, 900)]);
    desk.operator.strips[0].contact = resting(None);
    desk.run(0, 210, running(), Orders::default());
    let ahead = Playhead::Running(Course { anchor: at(210), position: Position(350 * MILLI), rate_ppb: 0 });
    desk.run(211, 500, ahead, Orders::default());
    check_neon(&desk, &[(0, true), (200, false), (300, true)]);
}

#[test]
fn the_end_of_a_show_waits_for_no_relay() {
    let mut desk = Desk::relay(&[(960, 2_000)]);
    desk.operator.strips[0].contact = resting(None);
    desk.run(0, 2_000, running(), Orders::default());
    assert_eq!(desk.neon(), [(960, true), (1_000, false)]);
}

#[test]
fn a_stop_at_once_makes_dark_and_ends() {
    let mut desk = Desk::relay(&[(0, 900)]);
    desk.run(0, 100, running(), Orders::default());
    desk.tick(at(101), running(), stop(0));
    assert_eq!(desk.neon(), [(0, true), (101, false)]);
    assert_eq!(desk.operator.ending(), Some(Ending::Stopped));
}

#[test]
fn a_stop_that_fades_switches_relays_at_half_and_ends_when_all_is_dark() {
    let mut desk = Desk::new([lit(&[(0, 900)]), lit(&[(0, 900)])], Extent::Once(show(1_000)));
    desk.run(0, 100, running(), Orders::default());
    desk.run(101, 900, running(), stop(400));
    assert_eq!(desk.operator.ending(), Some(Ending::Stopped));
    let [_, (off, false)] = desk.neon()[..] else { panic!("{:?}", desk.neon()) };
    assert!((301..=310).contains(&off), "{off}");
    let lit = desk.windows_lit(600);
    assert!((290..=310).contains(&lit), "full for 101 ms, then half of 400 ms: {lit}");
}

#[test]
fn a_second_stop_skips_the_fade() {
    let mut desk = Desk::relay(&[(0, 900)]);
    desk.run(0, 100, running(), Orders::default());
    desk.run(101, 150, running(), stop(600));
    desk.tick(at(160), running(), stop(0));
    assert_eq!(desk.neon(), [(0, true), (160, false)]);
    assert_eq!(desk.operator.ending(), Some(Ending::Stopped));
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
        let mut desk = Desk::new([Track::default(), windows], Extent::Once(show(1_000)));
        desk.run(0, 1_000, running(), Orders::default());
        assert_eq!(desk.state.switchings(ChannelId::new(1)), 0, "nothing wears");
        let lit = desk.windows_lit(1_000);
        assert!((lit - expected).abs() <= 5, "{from:?} to {to:?}: {lit} ms");
    }
}

#[test]
fn what_the_output_dims_has_no_edges_and_the_same_share_of_light() {
    let mut windows = Track::default();
    windows.hold(show(0), Level::from_percent(30));
    windows.hold(show(400), Level::FULL);
    let mut desk = Desk::with([Track::default(), windows], Extent::Once(show(600)), true);
    desk.run(0, 600, running(), Orders::default());
    assert_eq!(desk.log, []);
    let millis = |millis: f64| Duration::from_secs_f64(millis / 1e3);
    assert_eq!(desk.dimmed, [(0, millis(1.5)), (400, millis(5.0)), (600, millis(0.0))]);
    assert_eq!(desk.state.edges(), 3);
}

#[test]
fn what_somebody_else_made_safe_is_driven_again_and_was_due_then() {
    for output_dims in [false, true] {
        let mut windows = Track::default();
        windows.hold(show(0), Level::from_percent(30));
        let mut desk = Desk::with([lit(&[(100, 700)]), windows], Extent::Once(show(1_000)), output_dims);
        desk.run(0, 300, running(), Orders::default());
        let (switchings, dimmings) = (desk.neon().len(), desk.dimmed.len());
        desk.operator.were_made_safe();
        desk.run(310, 500, running(), Orders::default());
        assert_eq!(desk.neon()[switchings..], [(310, true)]);
        let again: Vec<i64> = desk.dimmed[dimmings..].iter().map(|(at, _)| *at).collect();
        assert_eq!(again, if output_dims { vec![310] } else { vec![] });
        desk.run(510, 2_000, running(), Orders::default());
        assert_eq!(desk.neon()[switchings..], [(310, true), (700, false)]);
        assert_eq!(desk.state.late(), 0);
    }
}

#[test]
fn what_somebody_else_made_safe_stays_so_in_a_blackout() {
    let mut desk = Desk::relay(&[(100, 700)]);
    desk.run(0, 300, running(), dark());
    desk.operator.were_made_safe();
    desk.run(310, 500, running(), dark());
    assert_eq!(desk.neon(), []);
}

#[test]
fn an_idle_operator_looks_a_hundred_times_a_second() {
    let mut desk = Desk::relay(&[]);
    desk.run(0, 900, running(), Orders::default());
    assert!((90..=92).contains(&desk.ticks), "{}", desk.ticks);
}
