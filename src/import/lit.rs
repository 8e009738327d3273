//! When a channel is lit and how brightly, within what the rig, eyes and contacts bear. Knows no format and no sheet.

use std::collections::BTreeMap;

use super::level_swing::LevelSwing;
use super::lit_span::LitSpan;
use super::restraint::{self, Restraint};
use crate::level::Level;
use crate::rig::Channel;
use crate::time::ShowTime;

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

/// What a channel shows of what it should.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct CalmedLight {
    /// In order, without overlaps.
    pub(super) stretches: Vec<LitStretch>,
    /// How many ends are later than they should be, because the rig says so.
    pub(super) lengthened: usize,
    /// All flashes, and those that are kept.
    pub(super) flashes: usize,
    pub(super) kept: usize,
    /// If these are fewer.
    pub(super) why: Option<Restraint>,
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

/// `stretches` of `channel`, which [are merged](merged), as its rests and limits allow them in a show of this `length`, where
/// `flash` is the rig's limit.
pub(super) fn calmed(
    stretches: &[LitStretch],
    channel: &Channel,
    flash: Option<u32>,
    length: ShowTime,
) -> CalmedLight {
    let mut lengthened = 0;
    let mut stretches = rested(stretches, channel, &mut lengthened);
    let flashes = flashes(&stretches);
    let spans: Vec<LitSpan> = flashes.iter().map(|flash| flash.span).collect();
    let (kept, why) = restraint::kept(&spans, channel, flash, length);
    let counts = flashes.iter().map(|flash| flash.stretches);
    let mut is_kept = kept.iter().zip(counts).flat_map(|(kept, count)| std::iter::repeat_n(*kept, count));
    stretches.retain(|_| is_kept.next().unwrap_or(true));
    CalmedLight {
        stretches,
        lengthened,
        flashes: spans.len(),
        kept: kept.iter().filter(|kept| **kept).count(),
        why: why.into_iter().last(),
    }
}

/// A rise, with the stretches after it that rise no more.
struct LitFlash {
    span: LitSpan,
    stretches: usize,
}

fn flashes(stretches: &[LitStretch]) -> Vec<LitFlash> {
    let mut flashes: Vec<LitFlash> = Vec::new();
    let (mut swing, mut end) = (LevelSwing::default(), ShowTime::ZERO);
    for stretch in stretches {
        if stretch.from.at > end {
            swing.rises_to(Level::OFF);
        }
        let rises = swing.rises_to(Level::from_percent(u16::from(stretch.level)));
        end = stretch.to.at;
        match flashes.last_mut().filter(|_| !rises) {
            Some(flash) => {
                flash.span.to = end;
                flash.stretches += 1;
            }
            None => {
                let span = LitSpan { from: stretch.from.at, to: end };
                flashes.push(LitFlash { span, stretches: 1 });
            }
        }
    }
    flashes
}

/// A stretch is as long as the light must be on, and a rest that is too short is no rest.
fn rested(stretches: &[LitStretch], channel: &Channel, lengthened: &mut usize) -> Vec<LitStretch> {
    let mut found: Vec<LitStretch> = Vec::with_capacity(stretches.len());
    for mut stretch in stretches.iter().copied() {
        if let Some(last) = found.last_mut()
            && stretch.from.at > last.to.at
            && stretch.from.at - last.to.at < channel.min_off
        {
            *lengthened += 1;
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
            *lengthened += 1;
            stretch.to = LitEnd { at: stretch.from.at + channel.min_on, tick: None };
        }
        found.push(stretch);
    }
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
        let found = calmed(&merged(&lit(stretches)), &rig.channels[0], rig.limits.flash, length);
        assert_eq!(times(&found.stretches), left);
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
        check("kind = \"ssr\"", &quick, 60, &[quick[0], quick[4]]);
        // What only goes on with a flash goes with it.
        let falling = [(0, 100, 90), (150, 200, 90), (200, 300, 40), (310, 320, 90), (330, 340, 90)];
        check("kind = \"pwm\"", &falling, 60, &[falling[0]]);
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
        let length = ShowTime::from_micros(20_000_000);
        let found = calmed(&lit(&many), &rig.channels[0], rig.limits.flash, length);
        assert!(found.stretches.len() <= 5, "{}", found.stretches.len());
        assert_eq!((found.flashes, found.kept), (40, found.stretches.len()));
    }
}
