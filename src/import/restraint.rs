//! Which flashes of a channel are too many for eyes or contacts, and have to be left out. Knows no sheet and no format.
//!
//! It judges as `check` does, a little more strictly: what is kept makes no warning.

use std::time::Duration;

use super::lit_span::LitSpan;
use crate::rig::{Channel, ChannelId, Kind, Rig};
use crate::time::ShowTime;

/// Above one switching in two seconds on average a relay's contacts wear out.
const KINDEST_PACE: Duration = Duration::from_secs(2);
/// So few switchings wear nothing, however short a show is.
const FEW_SWITCHINGS: u64 = 10;
/// Times in a sheet may be rounded by this.
const ROUNDED: Duration = Duration::from_micros(10);
const SECOND: Duration = Duration::from_secs(1);
/// Of more names, the first ones and the number of the others are told.
const NAMES_TOLD: usize = 8;

/// What was left out of a channel.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Restraint {
    /// More than `most` flashes a second.
    Eyes { most: u32 },
    /// A relay would switch too often; what is kept is at least `apart`.
    Contacts { apart: Duration },
}

impl Restraint {
    /// Why only `kept` of `all` flashes are there on the lights that are `told`, and what to do.
    fn sentence(&self, all: usize, kept: usize, told: &str) -> String {
        let out = all - kept;
        match self {
            Self::Eyes { most } => format!(
                "{out} of {all} flashes on {told}: more than {most} a second can cause a seizure; `flash` under `[limits]` \
                 in the rig is the limit"
            ),
            Self::Contacts { apart } => format!(
                "{out} of {all} flashes on {told}: a relay that switches so often wears out, so they are at least {:.1} s \
                 apart; with an SSR (`kind = \"ssr\"` in the rig) import the file again, and all of them play",
                apart.as_secs_f64()
            ),
        }
    }
}

/// A light that may not do all that its file has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct RestrainedLight {
    pub(super) channel: ChannelId,
    /// How many flashes the file has, and how many are kept.
    pub(super) all: usize,
    pub(super) kept: usize,
    pub(super) why: Restraint,
}

/// Sentences about `lights`; equal ones together.
pub(super) fn told(lights: &[RestrainedLight], rig: &Rig) -> Vec<String> {
    let mut groups: Vec<(&RestrainedLight, Vec<&str>)> = Vec::new();
    for one in lights {
        let name = rig.channel(one.channel).name.as_str();
        let is_equal =
            |other: &RestrainedLight| (other.all, other.kept, &other.why) == (one.all, one.kept, &one.why);
        match groups.iter_mut().find(|(other, _)| is_equal(other)) {
            Some((_, names)) => names.push(name),
            None => groups.push((one, vec![name])),
        }
    }
    let sentence = |(one, names): (&RestrainedLight, Vec<&str>)| {
        let told = match names.len().checked_sub(NAMES_TOLD).filter(|more| *more > 0) {
            Some(more) => format!("{} and {more} more", names[..NAMES_TOLD].join(", ")),
            None => names.join(", "),
        };
        one.why.sentence(one.all, one.kept, &told)
    };
    groups.into_iter().map(sentence).collect()
}

/// Which of `lit` a show of this length may have on `channel`, where `flash` is the rig's limit; and why it is not all.
pub(super) fn kept(
    lit: &[LitSpan],
    channel: &Channel,
    flash: Option<u32>,
    length: ShowTime,
) -> (Vec<bool>, Vec<Restraint>) {
    let mut kept = vec![true; lit.len()];
    let mut why = Vec::new();
    if let Some(most) = flash {
        spare_eyes(lit, most, &mut kept);
        if kept.contains(&false) {
            why.push(Restraint::Eyes { most });
        }
    }
    if channel.kind == Kind::Relay {
        let switchings = (length.as_duration().as_micros() / KINDEST_PACE.as_micros()) as u64;
        // On and off.
        let most = (switchings.max(FEW_SWITCHINGS) / 2) as usize;
        if let Some(apart) = spare_contacts(lit, most, &mut kept) {
            why.push(Restraint::Contacts { apart });
        }
    }
    (kept, why)
}

/// Where more than `most` flashes begin within a second, the rest is at least so far apart that they do not.
fn spare_eyes(lit: &[LitSpan], most: u32, kept: &mut [bool]) {
    let Some(apart) = SECOND.checked_div(most) else { return kept.fill(false) };
    let most = most as usize;
    let mut is_crowded = vec![false; lit.len()];
    for first in 0..lit.len().saturating_sub(most) {
        if lit[first + most].from - lit[first].from < SECOND + ROUNDED {
            is_crowded[first..=first + most].fill(true);
        }
    }
    let mut begun: Vec<ShowTime> = Vec::new();
    for (index, span) in lit.iter().enumerate() {
        let is_near = begun.last().is_some_and(|last| span.from - *last < apart + ROUNDED);
        let is_one_too_many = begun.len() >= most && span.from - begun[begun.len() - most] < SECOND + ROUNDED;
        kept[index] = !(is_crowded[index] && is_near || is_one_too_many);
        if kept[index] {
            begun.push(span.from);
        }
    }
}

/// Keeps at most `most`, as evenly as they come; how far apart they are at least, if some had to go.
fn spare_contacts(lit: &[LitSpan], most: usize, kept: &mut [bool]) -> Option<Duration> {
    let begun: Vec<(usize, ShowTime)> = lit
        .iter()
        .enumerate()
        .filter(|(index, _)| kept[*index])
        .map(|(index, span)| (index, span.from))
        .collect();
    if begun.len() <= most {
        return None;
    }
    let apart_by = |apart: Duration| {
        let mut last = None;
        let far = move |time: &ShowTime| {
            let is_far = last.is_none_or(|last| *time - last >= apart);
            if is_far {
                last = Some(*time);
            }
            is_far
        };
        let mut far = far;
        begun.iter().filter(|(_, time)| far(time)).map(|(index, _)| *index).collect::<Vec<_>>()
    };
    // To the millisecond; a day apart only one is left.
    let (mut near, mut far) = (0, ShowTime::MAX.micros() / 1_000 + 1);
    while near + 1 < far {
        let middle = u64::midpoint(near, far);
        match apart_by(Duration::from_millis(middle)).len() > most {
            true => near = middle,
            false => far = middle,
        }
    }
    let apart = Duration::from_millis(far);
    kept.fill(false);
    apart_by(apart).into_iter().for_each(|index| kept[index] = true);
    Some(apart)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::Source;

    fn channel(kind: &str) -> Channel {
        let rig = format!("channels.a = {{ pin = 4, kind = \"{kind}\" }}\n");
        crate::rig::read(&Source::new("rig.toml", rig)).0.unwrap().channels.remove(0)
    }

    /// Flashes at these milliseconds.
    fn flashes(starts: impl Iterator<Item = u64>) -> Vec<LitSpan> {
        let at = |millis: u64| ShowTime::from_micros(millis * 1_000);
        starts.map(|start| LitSpan { from: at(start), to: at(start + 20) }).collect()
    }

    fn kept_at(starts: &[u64], kind: &str) -> Vec<u64> {
        let lit = flashes(starts.iter().copied());
        let (kept, _) = kept(&lit, &channel(kind), Some(3), ShowTime::from_micros(60_000_000));
        starts.iter().zip(kept).filter(|(_, kept)| *kept).map(|(start, _)| *start).collect()
    }

    #[test]
    fn few_flashes_are_all_kept() {
        let all = [0, 100, 200, 1_010, 1_300, 1_600, 2_020];
        assert_eq!(kept_at(&all, "ssr"), all);
        assert_eq!(kept_at(&[0, 2_000, 4_000], "relay"), [0, 2_000, 4_000]);
    }

    #[test]
    fn of_a_quick_row_the_flashes_are_a_third_of_a_second_apart_and_others_stay() {
        let row: Vec<u64> = (0..9).map(|flash| flash * 250).chain([9_000, 9_100]).collect();
        assert_eq!(kept_at(&row, "ssr"), [0, 500, 1_000, 1_500, 2_000, 9_000, 9_100]);
    }

    #[test]
    fn a_relay_keeps_every_so_many_of_even_flashes() {
        let row: Vec<u64> = (0..60).map(|flash| flash * 1_000).collect();
        let kept = kept_at(&row, "relay");
        // 30 switchings a minute.
        assert_eq!(kept.len(), 15);
        assert!(kept.windows(2).all(|pair| pair[1] - pair[0] == 4_000), "{kept:?}");
        assert_eq!(kept_at(&row, "ssr").len(), 60);
    }
}
