//! A channel's base: what levels and fades make of it before anything lies over them.

use crate::level::Level;
use crate::show::{Action, Cue};
use crate::time::ShowTime;

use super::Ramp;
use super::stretch::{Shape, Stretch};

/// The base that `cues` set, those of one channel in the order of the sheet.
///
/// The latest start wins; of several that start together, the one that leads highest.
pub(super) fn base<'a>(cues: impl Iterator<Item = &'a Cue>) -> Vec<Stretch> {
    let mut setting: Vec<(ShowTime, Level, &Action)> = cues
        .filter_map(|cue| match &cue.action {
            action @ (Action::Set(level) | Action::Fade { to: level, .. }) => {
                Some((cue.start, *level, action))
            }
            Action::Over { .. } => None,
        })
        .collect();
    setting.sort_by_key(|(start, leads_to, _)| (*start, *leads_to));
    let mut base: Vec<Stretch> = Vec::with_capacity(setting.len());
    for (at, (start, _, action)) in setting.iter().enumerate() {
        if setting.get(at + 1).is_some_and(|(next, ..)| next == start) {
            continue;
        }
        let shape = match action {
            Action::Fade { from, to, over, easing } => {
                let from = from.unwrap_or_else(|| level_at(&base, *start));
                Shape::Ramp(Ramp { start: *start, over: *over, from, to: *to, easing: *easing })
            }
            Action::Set(level) => Shape::Hold(*level),
            Action::Over { .. } => Shape::Through,
        };
        base.push(Stretch { start: *start, shape });
    }
    base
}

/// What the base, as far as it is known, shows at `time`.
fn level_at(base: &[Stretch], time: ShowTime) -> Level {
    match base.last().map(|stretch| stretch.shape) {
        Some(Shape::Hold(level)) => level,
        Some(Shape::Ramp(ramp)) => ramp.level_at(time),
        Some(Shape::Through) | None => Level::OFF,
    }
}
