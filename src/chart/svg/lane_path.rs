//! The light of one channel as an outline: as high as its level. Times become whole units of the picture, so that a show
//! of an hour makes no larger picture than one of a minute. Knows no colors.

use std::fmt::Write as _;

use crate::level::Level;
use crate::time::ShowTime;

use super::super::{Lane, Slope};

/// A level, or a straight line between two, over whole units.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct OutlinePart {
    start: usize,
    end: usize,
    /// In units of height.
    from: i64,
    to: i64,
}

/// The outline of `lane` from `from` to `to` over `width` units, `height` units high at full, above the line at 0. Empty
/// where the channel is dark all the time.
pub(super) fn outline(lane: &Lane, from: ShowTime, to: ShowTime, width: usize, height: u16) -> String {
    let mut path = String::new();
    // Where the pen is, and whether it draws.
    let mut pen = (0, 0);
    let mut is_open = false;
    let close = |path: &mut String, pen: &mut (usize, i64), is_open: &mut bool| {
        if *is_open {
            step(path, 'v', pen.1);
            path.push('z');
            (pen.1, *is_open) = (0, false);
        }
    };
    for run in runs(lane, from, to, width, height) {
        if run.from == 0 && run.to == 0 {
            close(&mut path, &mut pen, &mut is_open);
            continue;
        }
        if !is_open {
            let _always = write!(path, "M{} 0", run.start);
            (pen, is_open) = ((run.start, 0), true);
        }
        step(&mut path, 'v', pen.1 - run.from);
        let (right, up) = (run.end - run.start, run.to - run.from);
        let _always = match up {
            0 => write!(path, "h{right}"),
            up => write!(path, "l{right} {}", -up),
        };
        pen = (run.end, run.to);
    }
    close(&mut path, &mut pen, &mut is_open);
    path
}

fn step(path: &mut String, letter: char, by: i64) {
    if by != 0 {
        let _always = write!(path, "{letter}{by}");
    }
}

fn runs(lane: &Lane, from: ShowTime, to: ShowTime, width: usize, height: u16) -> Vec<OutlinePart> {
    let whole = u128::from((to - from).as_micros() as u64);
    let time =
        |unit: usize| from + std::time::Duration::from_micros((whole * unit as u128 / width as u128) as u64);
    let high = |level: Level| {
        let high = (i64::from(level.hundredths()) * i64::from(height) + 5_000) / 10_000;
        // Light is never drawn as darkness.
        if level.is_lit() { high.max(1) } else { 0 }
    };
    let mut runs: Vec<OutlinePart> = Vec::new();
    // The slope that the last run draws.
    let mut drawn: Option<usize> = None;
    let mut first = lane.slopes.partition_point(|slope| slope.end <= from);
    for unit in 0..width {
        let (start, end) = (time(unit), time(unit + 1));
        while lane.slopes.get(first).is_some_and(|slope| slope.end <= start) {
            first += 1;
        }
        let slopes = &lane.slopes[first.min(lane.slopes.len())..];
        let count = slopes.iter().take_while(|slope| slope.start < end).count();
        let middle = start + (end - start) / 2;
        let shown = slopes.iter().take(count).position(|slope| middle < slope.end);
        let (from, to, by) = match (count, shown) {
            (0, _) | (_, None) => (0, 0, None),
            // A line, or a step that is drawn at the nearer end of this unit.
            (1 | 2, Some(shown)) => {
                let Slope { start: begins, end: ends, .. } = slopes[shown];
                let level = |time: ShowTime| high(slopes[shown].level_at(time.clamp(begins, ends)));
                (level(start), level(end), Some(first + shown))
            }
            // Faster than can be drawn.
            _ => {
                let mean = match lane.kind.dims() {
                    true => lane.mean(start, end),
                    false => lane.mean(start, end).switched(),
                };
                (high(mean), high(mean), None)
            }
        };
        match runs.last_mut() {
            Some(last) if by.is_some() && by == drawn || [last.from, last.to, from, to] == [from; 4] => {
                (last.end, last.to) = (unit + 1, to);
            }
            _ => runs.push(OutlinePart { start: unit, end: unit + 1, from, to }),
        }
        drawn = by;
    }
    runs
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::super::testing::chart_of;
    use super::*;

    /// The outline of the channel called `name`, ten units a second and 100 units high.
    fn check(name: &str, cues: &str, expected: &str) {
        let chart = chart_of(&format!("length 0:10\n{cues}"));
        let lane = chart.lanes.iter().find(|lane| lane.name == name).unwrap();
        assert_eq!(outline(lane, chart.from, chart.to, 100, 100), expected);
    }

    #[test]
    fn a_lamp_is_a_block_while_it_is_lit() {
        check(
            "arcade",
            "0:01 arcade on\n0:03 arcade off\n0:05 arcade on for 1 s\n",
            "M10 0v-100h20v100zM50 0v-100h10v100z",
        );
        check("arcade", "0:00 arcade on\n", "M0 0v-100h100v100z");
    }

    #[test]
    fn a_fade_is_a_slope() {
        check(
            "windows",
            "0:01 windows fade to 80 % over 2 s\n0:05 windows 10 %\n",
            "M10 0l20 -80h20v70h50v10z",
        );
        check("windows", "0:01 windows 50 %\n0:02 windows fade to off over 1 s\n", "M10 0v-50h10l10 50z");
    }

    #[test]
    fn a_flash_that_is_shorter_than_a_unit_is_seen() {
        check("windows", "0:01.010 windows on for 50 ms\n", "M10 0v-50h1v50z");
    }

    #[test]
    fn a_picture_does_not_grow_with_the_changes_that_are_too_fast_for_it() {
        let many: String =
            (0..2_000).map(|n| format!("0:0{}.{:03} windows {} %\n", n / 400, n % 400 * 2, n % 90)).collect();
        let chart = chart_of(&format!("length 0:10\n{many}"));
        let path = outline(&chart.lanes[0], chart.from, chart.from + Duration::from_secs(10), 100, 100);
        assert!((100..1_200).contains(&path.len()), "{}: {path}", path.len());
    }
}
