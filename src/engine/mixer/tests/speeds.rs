//! A show at half and double speed: its lights are those of the place where the playhead is, each change comes once and in
//! its order, and relays rest in the time of the show.

use super::relay_dwell::resting;
use super::seeking::random_track;
use super::*;
use crate::clock::Clock;
use crate::clock::wall::WallClock;
use crate::random::Random;
use crate::speed::Speed;

const ALL: [Speed; 3] = [Speed::Half, Speed::Normal, Speed::Double];

fn any(dice: &mut Random) -> Speed {
    ALL[dice.below(3) as usize]
}

/// An edge of the relay: where the show was, and whether it is lit since.
type RelayEdge = (i64, bool);

/// Plays from `now` for `millis`, and wakes when the mixer wishes to; when that was.
fn play(
    mixer: &mut TestMixer,
    clock: &WallClock,
    now: Mono,
    millis: i64,
    orders: Orders,
) -> (Mono, Vec<RelayEdge>) {
    let until = now.offset(millis * MILLI);
    let (mut now, mut edges) = (now, Vec::new());
    while now < until && mixer.mixer.ending().is_none() {
        let (playhead, logged) = (clock.playhead(now), mixer.log.len());
        mixer.tick(now, playhead, orders);
        let position = match playhead {
            Playhead::Running(course) => course.at(now),
            Playhead::Paused(position) => position,
            Playhead::Waiting => unreachable!("the machine's clock never waits"),
        };
        let new = mixer.log[logged..].iter();
        edges.extend(new.map(|(.., signal)| (position.0, *signal == Signal::Low)));
        now = mixer.next_wake(now, playhead).at.max(now.offset(1)).min(until);
    }
    (now, edges)
}

#[test]
fn the_lights_are_those_of_the_place_at_any_speed_also_paused_dark_sought_and_looped() {
    let end = show(5_000);
    for passes in [Passes::Once(end), Passes::Loop(LoopRange::new(show(700), show(3_300)))] {
        let mut dice = Random::new(&[b"speeds"]);
        let tracks = [random_track(&mut dice), random_track(&mut dice)];
        let timeline = Timeline::new(tracks.to_vec());
        let mut mixer = TestMixer::with(tracks, passes, true);
        let clock = WallClock::start(Position(0), at(0));
        let (mut now, mut expected) = (at(0), 0);
        let (mut is_dark, mut is_paused, mut speed) = (false, false, Speed::Normal);
        for step in 0..400 {
            match dice.below(6) {
                0 => {
                    is_paused = !is_paused;
                    if is_paused { clock.pause(now) } else { clock.resume(now) }
                }
                1 => is_dark = !is_dark,
                2 => {
                    expected = dice.below(3_000_000) as i64 * 1_000;
                    clock.seek(now, Position(expected));
                }
                _ => {
                    speed = any(&mut dice);
                    clock.set_speed(now, speed);
                }
            }
            if expected > 4_800 * MILLI {
                expected = 0;
                clock.seek(now, Position(0));
            }
            let orders = Orders { is_dark, ..Orders::default() };
            for _ in 0..dice.below(8) + 1 {
                let playhead = clock.playhead(now);
                let position = match playhead {
                    Playhead::Running(course) => course.at(now),
                    Playhead::Paused(position) => position,
                    Playhead::Waiting => unreachable!("the machine's clock never waits"),
                };
                assert_eq!(position, Position(expected), "step {step}");
                mixer.tick(now, playhead, orders);
                let (_, place) = Extent { from: ShowTime::ZERO, passes }.place(position);
                assert_eq!(mixer.state.show_time(), place, "step {step}");
                for (channel, dims) in [(0, false), (1, true)] {
                    let level = timeline.level_at(ChannelId::new(channel), place);
                    let level = if dims { level } else { level.switched() };
                    let expected = if is_dark { Level::OFF } else { level };
                    let found = mixer.state.level(ChannelId::new(channel));
                    assert_eq!(found, expected, "step {step}: channel {channel} at {place}");
                }
                now = now.offset(6 * MILLI);
                expected += match speed {
                    _ if is_paused => 0,
                    Speed::Half => 3 * MILLI,
                    Speed::Normal => 6 * MILLI,
                    Speed::Double => 12 * MILLI,
                };
            }
        }
    }
}

/// A relay that rests 100 ms, lit and dark for 100 to 220 ms each, for 20 s.
fn stretches(dice: &mut Random) -> Vec<(u64, u64)> {
    let mut lit = Vec::new();
    let mut time = 0;
    while time < 19_500 {
        let from = time + 100 + dice.below(120);
        time = from + 100 + dice.below(120);
        lit.push((from, time));
    }
    lit
}

#[test]
fn each_edge_of_a_relay_comes_once_where_the_show_has_it_however_the_speed_changes() {
    for seed in ["one", "two", "three", "four"] {
        let mut dice = Random::new(&[seed.as_bytes()]);
        let lit_ms = stretches(&mut dice);
        let end = Passes::Once(show(20_000));
        let mut mixer = TestMixer::new([lit(&lit_ms), Track::default()], end);
        mixer.mixer.channels[0].dwell = resting(None);
        let clock = WallClock::start(Position(0), at(0));
        let (mut now, mut changes) = (at(0), 0);
        let mut edges: Vec<RelayEdge> = Vec::new();
        while mixer.mixer.ending().is_none() {
            let is_paused = dice.below(3) == 0;
            if is_paused {
                clock.pause(now);
            }
            let (then, new) = play(&mut mixer, &clock, now, dice.below(60) as i64 + 1, Orders::default());
            now = then;
            edges.extend(new);
            if is_paused {
                clock.resume(now);
            }
            clock.set_speed(now, any(&mut dice));
            changes += 1;
        }
        let due = lit_ms.iter().flat_map(|(from, to)| [(*from, true), (*to, false)]);
        let due: Vec<_> = due.map(|(millis, is_lit)| (millis as i64 * MILLI, is_lit)).collect();
        assert_eq!(edges.len(), due.len(), "{seed}");
        for (found, due) in edges.iter().zip(&due) {
            // Woken to the nanosecond, of which there are two in one at double speed.
            assert!(
                found.1 == due.1 && (0..=1).contains(&(found.0 - due.0)),
                "{seed}: {found:?} for {due:?}"
            );
        }
        assert!(changes > 200, "{changes}");
        assert_eq!(mixer.state.late(), 0, "{seed}");
    }
}

#[test]
fn after_an_order_a_relay_rests_in_the_time_of_the_show() {
    for (speed, goes_on) in [(Speed::Half, 300), (Speed::Normal, 200), (Speed::Double, 150)] {
        let mut mixer = TestMixer::relay(&[(0, 900)]);
        mixer.mixer.channels[0].dwell = resting(None);
        let clock = WallClock::start(Position(0), at(0));
        clock.set_speed(at(0), speed);
        let (now, _) = play(&mut mixer, &clock, at(0), 100, Orders::default());
        let (now, _) = play(&mut mixer, &clock, now, 20, dark());
        play(&mut mixer, &clock, now, 250, Orders::default());
        let [(0, true), (100, false), (back, true)] = mixer.neon()[..] else { panic!("{:?}", mixer.neon()) };
        assert!((goes_on..=goes_on + 10).contains(&back), "{speed:?}: {back}");
    }
}
