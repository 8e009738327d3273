//! A part is looped, and the show plays on: at every moment each channel has the level that the compiled show has at the
//! place of the playhead, and that place goes on from where it was.

use super::seeking::random_track;
use super::*;
use crate::clock::Clock;
use crate::clock::wall::WallClock;
use crate::random::Random;

fn random_loop(dice: &mut Random) -> Passes {
    let start = dice.below(3_500);
    Passes::Loop(LoopRange::new(show(start), show(start + 100 + dice.below(1_000))))
}

#[test]
fn loops_begin_and_end_at_the_same_place_and_show_its_levels() {
    let whole = Extent { from: ShowTime::ZERO, passes: Passes::Once(show(5_000)) };
    let (mut begun, mut late_passes) = (0, 0);
    for seed in ["one", "two", "three"] {
        let mut dice = Random::new(&[seed.as_bytes()]);
        let tracks = [random_track(&mut dice), random_track(&mut dice)];
        let timeline = Arc::new(Timeline::new(tracks.to_vec()));
        let mut mixer = TestMixer::with(tracks, whole.passes, true);
        let clock = WallClock::start(Position(0), at(0));
        let (mut now, mut extent, mut is_paused) = (at(0), whole, false);
        for step in 0..300 {
            if dice.below(6) == 0 {
                is_paused = !is_paused;
                if is_paused { clock.pause(now) } else { clock.resume(now) }
            }
            let here = |clock: &WallClock, now| match clock.playhead(now) {
                Playhead::Running(course) => course.at(now),
                Playhead::Paused(position) => position,
                Playhead::Waiting => unreachable!("the machine's clock never waits"),
            };
            let position = here(&clock, now);
            let (pass, before) = extent.place(position);
            let is_late = extent.repeats().is_none() && before > show(4_000);
            if is_late {
                clock.seek(now, Position(dice.below(3_000) as i64 * MILLI));
            } else {
                let next = match extent.repeats() {
                    Some(_) => whole,
                    None => Extent { from: ShowTime::ZERO, passes: random_loop(&mut dice) },
                };
                let to = extent.carry_over(position, &next);
                clock.seek(now, to);
                let _before = mixer.mixer.take_up(Box::new(Plan::new(Arc::clone(&timeline), next)));
                let (first, place) = next.place(to);
                let is_over = next.repeats().is_some_and(|range| before >= range.end());
                let expected = if is_over { next.repeats().unwrap().start() } else { before };
                assert_eq!((first, place), (0, expected), "{seed} {step}: the place goes on");
                extent = next;
                begun += 1;
                late_passes += u32::from(pass > 0);
            }
            for _ in 0..dice.below(40) + 1 {
                let playhead = clock.playhead(now);
                mixer.tick(now, playhead, Orders::default());
                let (_, place) = extent.place(here(&clock, now));
                assert_eq!(mixer.state.show_time(), place, "{seed} {step}");
                for (channel, dims) in [(0, false), (1, true)] {
                    let level = timeline.level_at(ChannelId::new(channel), place);
                    let level = if dims { level } else { level.switched() };
                    let found = mixer.state.level(ChannelId::new(channel));
                    assert_eq!(found, level, "{seed} {step}: channel {channel} at {place}");
                }
                now = now.offset(17 * MILLI);
            }
        }
    }
    assert!(begun > 200 && late_passes > 20, "{begun} {late_passes}");
}
