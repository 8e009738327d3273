//! What an effect shows on one channel: pulse, strobe, chase, twinkle, follow, steps. Integers only.

use std::time::Duration;

use crate::easing::Easing;
use crate::level::Level;
use crate::random::Random;
use crate::show::{ChaseDirection, Effect, Levels, Step};
use crate::time::ShowTime;

use super::Ramp;
use super::shared_levels::SharedLevels;
use super::stretch::{Cover, Stretch, StretchShape};

/// Where in an effect a channel stands.
pub(super) struct Part<'a> {
    /// Its place in the cue's list of channels, and how many there are.
    pub(super) place: usize,
    pub(super) of: usize,
    pub(super) name: &'a str,
}

/// What `effect`, from `start` until `end`, shows on the channel that has `part` in it.
pub(super) fn cover(effect: &Effect, start: ShowTime, end: ShowTime, part: &Part) -> Cover {
    let mut stretches = match effect {
        Effect::Level(level) => vec![Stretch::hold(start, *level)],
        Effect::Pulse { levels, ticks } => pulse(*levels, ticks, end),
        Effect::Strobe { levels, ticks, lit } => strobe(*levels, ticks, *lit, end),
        Effect::Chase { levels, ticks, direction, wide } => {
            let level =
                |step| if is_chased(step, *direction, *wide, part) { levels.high } else { levels.low };
            ticks.iter().enumerate().map(|(step, tick)| Stretch::hold(*tick, level(step))).collect()
        }
        Effect::Twinkle { levels, every, seed } => {
            let chance =
                Random::new(&[&seed.to_le_bytes(), &start.micros().to_le_bytes(), part.name.as_bytes()]);
            twinkle(*levels, *every, start, end, chance)
        }
        Effect::Follow { levels, course, .. } => {
            let shared = SharedLevels::new(course, *levels);
            let shape = shared.map_or(StretchShape::Hold(levels.low), StretchShape::Shared);
            vec![Stretch { start, shape }]
        }
        Effect::Steps { strip, ticks } => steps(strip, ticks),
    };
    stretches.dedup_by(|next, last| next.shape == last.shape);
    Cover { stretches, end }
}

/// From each tick to the next; the last period lasts until `end`.
fn periods(ticks: &[ShowTime], end: ShowTime) -> impl Iterator<Item = (ShowTime, ShowTime)> {
    ticks.iter().copied().zip(ticks.iter().skip(1).copied().chain([end]))
}

fn pulse(Levels { low, high }: Levels, ticks: &[ShowTime], end: ShowTime) -> Vec<Stretch> {
    periods(ticks, end)
        .map(|(tick, next)| Stretch {
            start: tick,
            shape: StretchShape::Ramp(Ramp {
                start: tick,
                over: next - tick,
                from: high,
                to: low,
                easing: Easing::Linear,
            }),
        })
        .collect()
}

fn strobe(
    Levels { low, high }: Levels,
    ticks: &[ShowTime],
    lit: Option<Duration>,
    end: ShowTime,
) -> Vec<Stretch> {
    periods(ticks, end)
        .flat_map(|(tick, next)| {
            let lit = lit.unwrap_or((next - tick) / 2);
            let dark = (tick + lit < next).then(|| Stretch::hold(tick + lit, low));
            [Some(Stretch::hold(tick, high)), dark].into_iter().flatten()
        })
        .collect()
}

/// Whether the lights of a chase have reached the channel in its `step`th period.
fn is_chased(step: usize, direction: ChaseDirection, wide: usize, part: &Part) -> bool {
    let Part { place, of, .. } = *part;
    let wide = wide.min(of);
    match direction {
        ChaseDirection::Forward => (place + of - step % of) % of < wide,
        ChaseDirection::Reverse => (of - 1 - place + of - step % of) % of < wide,
        ChaseDirection::Bounce => {
            // The lights run as a block from one end to the other and back, at the ends only once.
            let last = of - wide;
            let round = (2 * last).max(1);
            let there = step % round;
            let first = if there <= last { there } else { round - there };
            (first..first + wide).contains(&place)
        }
    }
}

fn twinkle(
    Levels { low, high }: Levels,
    every: Duration,
    start: ShowTime,
    end: ShowTime,
    mut chance: Random,
) -> Vec<Stretch> {
    let spread = u64::from(high.hundredths() - low.hundredths()) + 1;
    let every = (every.as_micros() as u64).max(1);
    let mut stretches = Vec::new();
    let mut time = start;
    while time < end {
        // Less than `spread`, which a level held.
        let above = chance.below(spread) as u16;
        stretches.push(Stretch::hold(time, Level::from_hundredths(low.hundredths() + above)));
        // Between half and one and a half of the pace, so that neighbours drift apart.
        time = time + Duration::from_micros((every / 2 + chance.below(every)).max(1));
    }
    stretches
}

fn steps(strip: &[Step], ticks: &[ShowTime]) -> Vec<Stretch> {
    ticks
        .iter()
        .zip(strip.iter().cycle())
        .map(|(tick, step)| Stretch {
            start: *tick,
            shape: step.map_or(StretchShape::Through, StretchShape::Hold),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chased(direction: ChaseDirection, wide: usize, of: usize, steps: usize) -> Vec<String> {
        let lamp = |step, place| {
            if is_chased(step, direction, wide, &Part { place, of, name: "" }) { 'x' } else { '.' }
        };
        (0..steps).map(|step| (0..of).map(|place| lamp(step, place)).collect()).collect()
    }

    #[test]
    fn a_chase_runs_along_the_channels_and_begins_again() {
        assert_eq!(chased(ChaseDirection::Forward, 1, 3, 4), ["x..", ".x.", "..x", "x.."]);
        assert_eq!(chased(ChaseDirection::Reverse, 1, 3, 4), ["..x", ".x.", "x..", "..x"]);
        assert_eq!(chased(ChaseDirection::Forward, 2, 4, 4), ["xx..", ".xx.", "..xx", "x..x"]);
    }

    #[test]
    fn a_bouncing_chase_turns_at_the_ends() {
        assert_eq!(chased(ChaseDirection::Bounce, 1, 3, 6), ["x..", ".x.", "..x", ".x.", "x..", ".x."]);
        assert_eq!(chased(ChaseDirection::Bounce, 2, 3, 4), ["xx.", ".xx", "xx.", ".xx"]);
        assert_eq!(chased(ChaseDirection::Bounce, 5, 2, 2), ["xx", "xx"]);
    }

    #[test]
    fn twinkling_is_the_same_every_night_and_different_on_each_channel() {
        let twinkle = |name, seed| {
            let levels = Levels { low: Level::from_percent(20), high: Level::from_percent(60) };
            let effect = Effect::Twinkle { levels, every: Duration::from_millis(500), seed };
            let (start, end) = (ShowTime::from_micros(7), ShowTime::from_micros(5_000_000));
            cover(&effect, start, end, &Part { place: 0, of: 1, name }).stretches
        };
        let first: Vec<_> = twinkle("stars", 0)
            .iter()
            .map(|stretch| match &stretch.shape {
                StretchShape::Hold(level) => (stretch.start.micros(), level.hundredths()),
                shape => panic!("{shape:?}"),
            })
            .take(3)
            .collect();
        // Written down once: another machine, compiler or year must find the same.
        assert_eq!(first, FIRST_TWINKLES);
        assert_eq!(twinkle("stars", 0), twinkle("stars", 0));
        assert_ne!(twinkle("stars", 0), twinkle("windows", 0));
        assert_ne!(twinkle("stars", 0), twinkle("stars", 1));
        assert!(first.iter().all(|(_, level)| (2_000..=6_000).contains(level)));
    }

    const FIRST_TWINKLES: [(u64, u16); 3] = [(7, 4_447), (715_995, 4_246), (1_329_851, 2_356)];
}
