//! A channel's base: what levels and fades make of it before anything lies over them.

use crate::level::Level;
use crate::show::{Action, Cue};
use crate::time::ShowTime;

use super::Ramp;
use super::stretch::{Stretch, StretchShape};

/// The base that `cues` set, those of one channel in the order of the sheet, and its changes by `frames`, in order of time.
///
/// The latest start wins; of several that start together, the cue that leads highest. A cue wins over a frame.
pub(super) fn base<'a>(
    cues: impl Iterator<Item = &'a Cue>,
    frames: impl Iterator<Item = (ShowTime, Level)>,
) -> Vec<Stretch> {
    let setting = setting(cues.map(|cue| ((), cue)));
    let mut base: Vec<Stretch> = Vec::with_capacity(setting.len() + frames.size_hint().0);
    let mut frames = frames.map(|(start, level)| Stretch::hold(start, level)).peekable();
    for (at, ((), cue)) in setting.iter().enumerate() {
        let start = cue.start;
        if setting.get(at + 1).is_some_and(|(_, next)| next.start == start) {
            continue;
        }
        while let Some(frame) = frames.next_if(|frame| frame.start < start) {
            base.push(frame);
        }
        frames.next_if(|frame| frame.start == start);
        let shape = shape(cue, &base);
        base.push(Stretch { start, shape });
    }
    base.extend(frames);
    base
}

/// Those of `cues` that set the base, in the order of their start. Of several that start together, the last one wins.
pub(super) fn setting<'a, T>(cues: impl Iterator<Item = (T, &'a Cue)>) -> Vec<(T, &'a Cue)> {
    let mut setting: Vec<(T, &Cue)> = cues.filter(|(_, cue)| leads_to(cue).is_some()).collect();
    setting.sort_by_key(|(_, cue)| (cue.start, leads_to(cue)));
    setting
}

/// The level that `cue` brings the base to, if it sets the base.
pub(super) fn leads_to(cue: &Cue) -> Option<Level> {
    match cue.action {
        Action::Set(level) | Action::Fade { to: level, .. } => Some(level),
        Action::Over { .. } => None,
    }
}

/// What `cue` makes of the base, which has been `before` up to its start.
pub(super) fn shape(cue: &Cue, before: &[Stretch]) -> StretchShape {
    let start = cue.start;
    match cue.action {
        Action::Fade { from, to, over, easing } => {
            let from = from.unwrap_or_else(|| level_at(before, start));
            StretchShape::Ramp(Ramp { start, over, from, to, easing })
        }
        Action::Set(level) => StretchShape::Hold(level),
        Action::Over { .. } => StretchShape::Through,
    }
}

/// What the base, as far as it is known, shows at `time`.
fn level_at(base: &[Stretch], time: ShowTime) -> Level {
    match base.last().map(|stretch| &stretch.shape) {
        Some(StretchShape::Hold(level)) => *level,
        Some(StretchShape::Ramp(ramp)) => ramp.level_at(time),
        Some(StretchShape::Shared(levels)) => levels.level_at(time),
        Some(StretchShape::Through) | None => Level::OFF,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::easing::Easing;

    fn cue(second: u64, action: Action) -> Cue {
        Cue { start: seconds(second), channels: Arc::new([]), action, line: 0..0 }
    }

    fn seconds(seconds: u64) -> ShowTime {
        ShowTime::from_micros(seconds * 1_000_000)
    }

    fn set(percent: u16) -> Action {
        Action::Set(Level::from_percent(percent))
    }

    fn fade(from: Option<u16>, to: u16, over: u64) -> Action {
        let (from, to) = (from.map(Level::from_percent), Level::from_percent(to));
        Action::Fade { from, to, over: Duration::from_secs(over), easing: Easing::Linear }
    }

    /// `cues`, given with the second at which they start, make these levels, in per cent, at these seconds.
    #[track_caller]
    fn check(cues: &[(u64, Action)], levels: &[(u64, u16)]) {
        let cues: Vec<Cue> = cues.iter().map(|(second, action)| cue(*second, action.clone())).collect();
        let track = super::super::stretch::overlay(&base(cues.iter(), std::iter::empty()), &[]);
        for (second, percent) in levels {
            assert_eq!(track.level_at(seconds(*second)), Level::from_percent(*percent), "at {second} s");
        }
    }

    #[test]
    fn the_latest_start_wins_wherever_it_stands_in_the_sheet() {
        check(&[(5, set(50)), (2, set(20)), (9, set(90))], &[(1, 0), (2, 20), (5, 50), (9, 90)]);
    }

    #[test]
    fn of_several_starts_the_highest_lead_wins_and_of_equals_the_last() {
        check(&[(1, set(30)), (1, fade(None, 80, 10)), (1, set(0))], &[(1, 0), (6, 40), (11, 80)]);
        check(&[(1, fade(None, 80, 10)), (1, set(80))], &[(1, 80)]);
        check(&[(1, set(80)), (1, fade(Some(0), 80, 10))], &[(1, 0), (11, 80)]);
    }

    #[test]
    fn a_fade_begins_where_the_one_before_had_come() {
        check(&[(0, fade(None, 100, 10)), (5, fade(None, 0, 5))], &[(5, 50), (6, 40), (10, 0)]);
        check(&[(0, fade(None, 100, 2)), (5, fade(None, 0, 5))], &[(5, 100), (6, 80)]);
        check(&[(0, set(40)), (5, fade(Some(100), 0, 5))], &[(4, 40), (5, 100), (6, 80)]);
    }
}
