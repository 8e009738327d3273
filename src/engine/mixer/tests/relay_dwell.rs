//! Relays that rest: after an order, across a seam, from one show to the next.

use super::*;

use crate::engine::relay_dwell::RelayDwell;

/// A relay that rests 100 ms, and moved at `moved`.
pub(super) fn resting(moved: Option<Mono>) -> RelayDwell {
    let rests = Duration::from_millis(100);
    let neon = channel("neon", 0, Kind::Relay, Active::Low);
    RelayDwell::of(&crate::rig::Channel { min_on: rests, min_off: rests, ..neon }, moved)
}

/// A blackout for each of `blackouts` breaks into what the relay, which rests 100 ms, is told by the show.
fn check_return(stretches: &[(u64, u64)], blackouts: &[(i64, i64)], neon: &[(i64, bool)]) {
    let mut mixer = TestMixer::relay(stretches);
    mixer.mixer.channels[0].dwell = resting(None);
    let mut now = 0;
    for (from, to) in blackouts {
        mixer.run(now, from - 1, running(), Orders::default());
        mixer.run(*from, to - 1, running(), dark());
        now = *to;
    }
    mixer.run(now, 2_000, running(), Orders::default());
    check_neon(&mixer, neon);
}

/// The relay's edges, each at most 10 ms later than `neon` tells: it is looked at that often.
#[track_caller]
fn check_neon(mixer: &TestMixer, neon: &[(i64, bool)]) {
    assert_eq!(mixer.neon().len(), neon.len(), "{:?}", mixer.neon());
    for ((found, is_lit), (expected, should_be_lit)) in mixer.neon().iter().zip(neon) {
        assert!((0..=10).contains(&(found - expected)), "{:?}", mixer.neon());
        assert_eq!(is_lit, should_be_lit);
    }
    assert_eq!(mixer.state.late(), 0, "what has to wait is not late");
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
    let mut mixer =
        TestMixer::new([lit(stretches), Track::default()], Passes::Loop(LoopRange::whole(show(300))));
    mixer.mixer.channels[0].dwell = resting(None);
    mixer.run(0, 700, running(), Orders::default());
    check_neon(&mixer, neon);
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
    let mut mixer = TestMixer::relay(&[(0, 900)]);
    mixer.mixer.channels[0].dwell = resting(Some(at(-30)));
    mixer.run(0, 2_000, running(), Orders::default());
    check_neon(&mixer, &[(70, true), (900, false)]);
}

#[test]
fn where_contacts_moved_last_is_told_to_the_show_that_follows() {
    let mut mixer = TestMixer::relay(&[(100, 250)]);
    mixer.run(0, 2_000, running(), Orders::default());
    let [neon, windows] = [0, 1].map(ChannelId::new);
    let relay_moves = mixer.state.relay_moves();
    assert_eq!((relay_moves.of(neon), relay_moves.of(windows)), (Some(at(250)), None));
    let next = State::new([Level::OFF; 2].into_iter(), &relay_moves);
    assert_eq!(next.relay_moves(), relay_moves, "what it does not move stays known");
}

#[test]
fn a_playhead_that_jumps_brings_no_contact_back_too_soon() {
    let mut mixer = TestMixer::relay(&[(0, 200), (350, 900)]);
    mixer.mixer.channels[0].dwell = resting(None);
    mixer.run(0, 210, running(), Orders::default());
    let ahead = Playhead::Running(Course::by_machine(at(210), Position(350 * MILLI)));
    mixer.run(211, 500, ahead, Orders::default());
    check_neon(&mixer, &[(0, true), (200, false), (300, true)]);
}

#[test]
fn the_end_of_a_show_waits_for_no_relay() {
    let mut mixer = TestMixer::relay(&[(960, 2_000)]);
    mixer.mixer.channels[0].dwell = resting(None);
    mixer.run(0, 2_000, running(), Orders::default());
    assert_eq!(mixer.neon(), [(960, true), (1_000, false)]);
}
