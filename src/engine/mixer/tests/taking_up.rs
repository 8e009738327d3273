//! A show that plays takes up another plan.

use super::relay_dwell::resting;
use super::*;

fn plan(stretches: &[(u64, u64)], passes: Passes) -> Box<Plan> {
    let timeline = Arc::new(Timeline::new(vec![lit(stretches), Track::default()]));
    Box::new(Plan::new(timeline, Extent { from: ShowTime::ZERO, passes }))
}

fn to(millis: u64) -> Passes {
    Passes::Once(show(millis))
}

#[test]
fn the_new_plan_holds_from_the_next_tick_on_and_nothing_else_changes() {
    let mut mixer = TestMixer::relay(&[(100, 900)]);
    mixer.run(0, 300, running(), Orders::default());
    let before = mixer.mixer.take_up(plan(&[(0, 350), (400, 450), (800, 2_000)], to(1_200)));
    assert_eq!(before.extent().passes, to(1_000));
    assert_eq!(mixer.neon(), [(100, true)]);
    mixer.run(301, 5_000, running(), Orders::default());
    let expected = [(100, true), (350, false), (400, true), (450, false), (800, true), (1_200, false)];
    assert_eq!(mixer.neon(), expected);
    assert_eq!(mixer.state.late(), 0, "what held before is not late");
}

#[test]
fn while_time_stands_still_the_lights_show_the_new_plan_at_once() {
    let mut mixer = TestMixer::relay(&[(100, 900)]);
    mixer.run(0, 300, running(), Orders::default());
    let paused = running().paused(at(300));
    mixer.run(301, 400, paused, Orders::default());
    let _before = mixer.mixer.take_up(plan(&[(0, 100)], to(1_000)));
    mixer.tick(at(401), paused, Orders::default());
    assert_eq!(mixer.neon(), [(100, true), (401, false)]);
    let _before = mixer.mixer.take_up(plan(&[(0, 900)], to(1_000)));
    mixer.run(402, 450, paused, dark());
    assert_eq!(mixer.neon(), [(100, true), (401, false)], "a blackout stays one");
}

#[test]
fn a_show_that_waits_or_is_about_to_begin_begins_with_the_new_plan() {
    for waiting in [Playhead::Waiting, Playhead::Running(Course::by_machine(at(0), Position(-50 * MILLI)))] {
        let mut mixer = TestMixer::relay(&[(0, 900)]);
        mixer.run(0, 40, waiting, Orders::default());
        let _before = mixer.mixer.take_up(plan(&[(10, 400)], to(1_000)));
        mixer.run(41, 45, waiting, Orders::default());
        assert_eq!(mixer.neon(), []);
        let begins = Playhead::Running(Course::by_machine(at(50), Position(0)));
        mixer.run(46, 2_000, begins, Orders::default());
        assert_eq!(mixer.neon(), [(60, true), (450, false)]);
    }
}

#[test]
fn a_show_whose_new_plan_is_over_there_has_ended() {
    let mut mixer = TestMixer::relay(&[(100, 900)]);
    mixer.run(0, 300, running(), Orders::default());
    let _before = mixer.mixer.take_up(plan(&[(0, 900)], to(200)));
    mixer.tick(at(301), running(), Orders::default());
    assert_eq!((mixer.mixer.ending(), mixer.neon()), (Some(Ending::Played), vec![(100, true), (301, false)]));
}

#[test]
fn a_relay_rests_also_if_one_plan_after_another_wants_it_to_move() {
    let mut mixer = TestMixer::relay(&[(100, 900)]);
    mixer.mixer.channels[0].dwell = resting(None);
    mixer.run(0, 110, running(), Orders::default());
    let mut now = 110;
    for is_lit in [false, true, false, true, false].into_iter().cycle().take(50) {
        let _before = mixer.mixer.take_up(plan(if is_lit { &[(0, 900)] } else { &[] }, to(1_000)));
        mixer.run(now + 1, now + 7, running(), Orders::default());
        now += 7;
    }
    let moves: Vec<i64> = mixer.neon().iter().map(|(at, _)| *at).collect();
    assert!(moves.len() > 2 && moves.windows(2).all(|pair| pair[1] - pair[0] >= 99), "{moves:?}");
}

#[test]
fn a_part_that_is_looped_from_now_on_ends_where_the_loop_is_taken_away() {
    let mut mixer = TestMixer::relay(&[(100, 200), (500, 600)]);
    mixer.run(0, 150, running(), Orders::default());
    let part = Passes::Loop(LoopRange::new(show(50), show(250)));
    let _before = mixer.mixer.take_up(plan(&[(100, 200), (500, 600)], part));
    mixer.run(151, 460, running(), Orders::default());
    // At 60 ms of the show, in its third pass: the clock is put there in the first.
    let back = Playhead::Running(Course::by_machine(at(460), Position(60 * MILLI)));
    mixer.run(461, 470, back, Orders::default());
    let _before = mixer.mixer.take_up(plan(&[(100, 200), (500, 600)], to(1_000)));
    mixer.run(471, 5_000, back, Orders::default());
    let passes = [(100, true), (200, false), (300, true), (400, false), (500, true), (600, false)];
    assert_eq!(mixer.neon(), [&passes[..], &[(900, true), (1_000, false)]].concat());
}
