//! Somebody seeks: after each seek every channel has the level that the compiled show has there, wherever it was before.

use super::*;
use crate::clock::Clock;
use crate::clock::wall::WallClock;
use crate::random::Random;

pub(super) fn random_track(dice: &mut Random) -> Track {
    let mut track = Track::default();
    let mut time = 0;
    for _ in 0..60 {
        time += 20 + dice.below(150);
        track.hold(show(time), Level::from_hundredths((dice.below(5) * 2_500) as u16));
    }
    track
}

#[test]
fn after_each_of_two_hundred_seeks_the_lights_are_those_of_that_place_also_paused_dark_and_looped() {
    let end = show(5_000);
    for passes in [Passes::Once(end), Passes::Loop(LoopRange::new(show(700), show(3_300)))] {
        let mut dice = Random::new(&[b"lights"]);
        let tracks = [random_track(&mut dice), random_track(&mut dice)];
        let timeline = Timeline::new(tracks.to_vec());
        let mut mixer = TestMixer::with(tracks, passes, true);
        let clock = WallClock::start(Position(0), at(0));
        let mut now = at(0);
        let (mut is_dark, mut is_paused) = (false, false);
        for seek in 0..200 {
            if dice.below(4) == 0 {
                is_paused = !is_paused;
                if is_paused { clock.pause(now) } else { clock.resume(now) }
            }
            is_dark ^= dice.below(4) == 0;
            let last = match passes {
                Passes::Once(_) => 4_900_000,
                Passes::Loop(_) => 12_000_000,
            };
            let to = Position(dice.below(last) as i64 * 1_000);
            clock.seek(now, to);
            let orders = Orders { is_dark, ..Orders::default() };
            // The first tick after it, and some in which the show goes on from there.
            for tick in 0..3 {
                let playhead = clock.playhead(now);
                let position = match playhead {
                    Playhead::Running(course) => course.at(now),
                    Playhead::Paused(position) => position,
                    Playhead::Waiting => unreachable!("the machine's clock never waits"),
                };
                let expected = to.0 + if is_paused { 0 } else { tick * 7 * MILLI };
                assert_eq!(position.0, expected, "seek {seek}");
                mixer.tick(now, playhead, orders);
                let (_, place) = Extent { from: ShowTime::ZERO, passes }.place(position);
                assert_eq!(mixer.state.show_time(), place);
                for (channel, dims) in [(0, false), (1, true)] {
                    let level = timeline.level_at(ChannelId::new(channel), place);
                    let level = if dims { level } else { level.switched() };
                    let expected = if is_dark { Level::OFF } else { level };
                    let found = mixer.state.level(ChannelId::new(channel));
                    assert_eq!(found, expected, "channel {channel} after seek {seek} to {place}");
                }
                now = now.offset(7 * MILLI);
            }
        }
    }
}
