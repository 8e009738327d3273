//! When a channel is lit, and how to keep that within what eyes and contacts bear: what `check` warns of is left out before
//! it is written. Knows no format and no sheet.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::rig::{Channel, Kind, Limits};
use crate::time::ShowTime;

/// A rise of a tenth is a flash, as `check` counts them.
const FLASH_DEPTH: u8 = 10; // percent
/// Flashes are counted within a second, and a little more: the rig's rules may move an edge.
const SECOND: Duration = Duration::from_millis(1_050);
/// A relay may switch once in two seconds on average, and always so often in all.
const KINDEST_PACE: Duration = Duration::from_secs(2);
const FEW_SWITCHINGS: usize = 10;

/// A channel is lit at one level. The ends may have a place in their file, which says them better than the clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct LitStretch {
    pub(super) from: LitEnd,
    pub(super) to: LitEnd,
    /// In percent, 1 to 100.
    pub(super) level: u8,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct LitEnd {
    pub(super) at: ShowTime,
    pub(super) tick: Option<u64>,
}

/// What was changed for eyes and contacts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Calmed {
    pub(super) flashes: usize,
    pub(super) wearing: usize,
    pub(super) lengthened: usize,
}

/// `stretches` without overlaps, in order: where several overlap, the brightest counts.
pub(super) fn merged(stretches: &[LitStretch]) -> Vec<LitStretch> {
    let mut edges: Vec<(LitEnd, bool, u8)> = Vec::with_capacity(2 * stretches.len());
    for stretch in stretches.iter().filter(|stretch| stretch.to.at > stretch.from.at && stretch.level > 0) {
        edges.push((stretch.from, true, stretch.level));
        edges.push((stretch.to, false, stretch.level));
    }
    edges.sort_unstable();
    let mut lit: BTreeMap<u8, usize> = BTreeMap::new();
    let mut found: Vec<LitStretch> = Vec::new();
    let mut open: Option<(LitEnd, u8)> = None;
    let mut edges = edges.into_iter().peekable();
    while let Some((end, begins, level)) = edges.next() {
        let count = lit.entry(level).or_default();
        *count = if begins { *count + 1 } else { count.saturating_sub(1) };
        if *count == 0 {
            lit.remove(&level);
        }
        // All edges of an instant are one.
        if edges.peek().is_some_and(|(next, ..)| next.at == end.at) {
            continue;
        }
        let now = lit.last_key_value().map(|(level, _)| *level);
        if open.map(|(_, level)| level) != now {
            if let Some((from, level)) = open {
                found.push(LitStretch { from, to: end, level });
            }
            open = now.map(|level| (end, level));
        }
    }
    found
}

/// `stretches` of `channel`, which [are merged](merged), as its rests and the limits allow them in a show of this `length`.
pub(super) fn calmed(
    stretches: &[LitStretch],
    channel: &Channel,
    limits: &Limits,
    length: ShowTime,
) -> (Vec<LitStretch>, Calmed) {
    let mut told = Calmed::default();
    let rested = rested(stretches, channel, &mut told);
    let gentle = without_flashes(&rested, limits.flash, &mut told);
    (without_wear(gentle, channel, length, &mut told), told)
}

/// A stretch is as long as the light must be on, and a rest that is too short is no rest.
fn rested(stretches: &[LitStretch], channel: &Channel, told: &mut Calmed) -> Vec<LitStretch> {
    let mut found: Vec<LitStretch> = Vec::with_capacity(stretches.len());
    for mut stretch in stretches.iter().copied() {
        if let Some(last) = found.last_mut()
            && stretch.from.at > last.to.at
            && stretch.from.at - last.to.at < channel.min_off
        {
            told.lengthened += 1;
            last.to = stretch.from;
        }
        if let Some(last) = found.last_mut().filter(|last| last.to.at >= stretch.from.at) {
            stretch.from = last.to;
            if stretch.to.at <= stretch.from.at {
                continue;
            }
            if last.level == stretch.level || !channel.kind.dims() {
                last.to = stretch.to;
                continue;
            }
        }
        if stretch.to.at - stretch.from.at < channel.min_on {
            told.lengthened += 1;
            stretch.to = LitEnd { at: stretch.from.at + channel.min_on, tick: None };
        }
        found.push(stretch);
    }
    found
}

/// Leaves out what begins too soon after the flashes before it.
fn without_flashes(stretches: &[LitStretch], most: Option<u32>, told: &mut Calmed) -> Vec<LitStretch> {
    let Some(most) = most else { return stretches.to_vec() };
    let mut rises: VecDeque<ShowTime> = VecDeque::new();
    let mut found: Vec<LitStretch> = Vec::with_capacity(stretches.len());
    for stretch in stretches {
        let before = found.last().filter(|last| last.to.at == stretch.from.at).map_or(0, |last| last.level);
        if stretch.level >= before.saturating_add(FLASH_DEPTH) {
            while rises.front().is_some_and(|first| stretch.from.at - *first >= SECOND) {
                rises.pop_front();
            }
            if rises.len() >= most as usize {
                told.flashes += 1;
                continue;
            }
            rises.push_back(stretch.from.at);
        }
        found.push(*stretch);
    }
    found
}

/// Leaves out what comes too soon after what is lit before it, until contacts bear the rest.
fn without_wear(
    stretches: Vec<LitStretch>,
    channel: &Channel,
    length: ShowTime,
    told: &mut Calmed,
) -> Vec<LitStretch> {
    if channel.kind != Kind::Relay {
        return stretches;
    }
    let kind = (length.as_duration().as_micros() / KINDEST_PACE.as_micros()) as usize;
    // Each switches on and off.
    let most = kind.max(FEW_SWITCHINGS) / 2;
    let far = |apart: Duration| {
        let mut last: Option<ShowTime> = None;
        let mut found = Vec::new();
        for stretch in &stretches {
            if last.is_none_or(|last| stretch.from.at >= last + apart) {
                last = Some(stretch.from.at);
                found.push(*stretch);
            }
        }
        found
    };
    let mut apart = Duration::ZERO;
    let mut found = far(apart);
    while found.len() > most {
        apart = apart + apart / 8 + Duration::from_millis(50);
        found = far(apart);
    }
    told.wearing = stretches.len() - found.len();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::Source;

    fn end(millis: u64) -> LitEnd {
        LitEnd { at: ShowTime::from_micros(millis * 1_000), tick: None }
    }

    fn lit(stretches: &[(u64, u64, u8)]) -> Vec<LitStretch> {
        stretches
            .iter()
            .map(|(from, to, level)| LitStretch { from: end(*from), to: end(*to), level: *level })
            .collect()
    }

    fn times(stretches: &[LitStretch]) -> Vec<(u64, u64, u8)> {
        let millis = |end: LitEnd| end.at.micros() / 1_000;
        stretches.iter().map(|stretch| (millis(stretch.from), millis(stretch.to), stretch.level)).collect()
    }

    #[track_caller]
    fn check(light: &str, stretches: &[(u64, u64, u8)], seconds: u64, left: &[(u64, u64, u8)]) {
        let text = format!("[channels]\na = {{ pin = 18, {light} }}\n");
        let rig = crate::rig::read(&Source::new("rig.toml", text)).0.unwrap();
        let length = ShowTime::from_micros(seconds * 1_000_000);
        let (found, _) = calmed(&merged(&lit(stretches)), &rig.channels[0], &rig.limits, length);
        assert_eq!(times(&found), left);
    }

    #[test]
    fn where_notes_overlap_the_brightest_counts() {
        for (stretches, whole) in [
            (&[(0, 2, 100), (1, 3, 100)][..], &[(0, 3, 100)][..]),
            (&[(0, 4, 50), (1, 2, 80)], &[(0, 1, 50), (1, 2, 80), (2, 4, 50)]),
            (&[(0, 1, 100), (1, 2, 100)], &[(0, 2, 100)]),
            (&[(0, 1, 40), (1, 2, 60)], &[(0, 1, 40), (1, 2, 60)]),
            (&[(3, 3, 100)], &[]),
        ] {
            assert_eq!(times(&merged(&lit(stretches))), whole);
        }
    }

    #[test]
    fn flashes_that_eyes_cannot_bear_are_left_out() {
        let quick: Vec<(u64, u64, u8)> = (0..6).map(|note| (note * 100, note * 100 + 50, 100)).collect();
        check("kind = \"ssr\"", &quick, 60, &quick[..3]);
        check("kind = \"pwm\"", &[(0, 9, 50), (9, 20, 55)], 60, &[(0, 9, 50), (9, 20, 55)]);
    }

    #[test]
    fn contacts_rest_and_do_not_wear() {
        let light = "kind = \"relay\", min_on = \"100 ms\", min_off = \"100 ms\"";
        check(light, &[(0, 30, 100)], 60, &[(0, 100, 100)]);
        check(light, &[(0, 200, 100), (250, 500, 100)], 60, &[(0, 500, 100)]);
        let many: Vec<(u64, u64, u8)> = (0..40).map(|note| (note * 500, note * 500 + 200, 100)).collect();
        let text = format!("[channels]\na = {{ pin = 4, {light} }}\n");
        let rig = crate::rig::read(&Source::new("rig.toml", text)).0.unwrap();
        let (found, told) =
            calmed(&lit(&many), &rig.channels[0], &rig.limits, ShowTime::from_micros(20_000_000));
        assert!(found.len() <= 5, "{}", found.len());
        assert_eq!(told.wearing, 40 - found.len());
    }
}
