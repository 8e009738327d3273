//! Pieces of light in a row, and laying them over one another. Knows no cues.

use std::collections::BTreeSet;

use crate::level::Level;
use crate::time::ShowTime;

use super::shared_levels::SharedLevels;
use super::track::TrackPart;
use super::{Ramp, Track};

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum StretchShape {
    Hold(Level),
    Ramp(Ramp),
    Shared(SharedLevels),
    /// What lies below shows through.
    Through,
}

/// From `start` until the next stretch, `shape`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Stretch {
    pub(super) start: ShowTime,
    pub(super) shape: StretchShape,
}

impl Stretch {
    pub(super) const fn hold(start: ShowTime, level: Level) -> Self {
        Self { start, shape: StretchShape::Hold(level) }
    }
}

/// Something that lies over the base from its first stretch until `end`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Cover {
    /// In order of start; never empty.
    pub(super) stretches: Vec<Stretch>,
    pub(super) end: ShowTime,
}

impl Cover {
    /// Its stretches, each with its end, but for those through which the light below is seen.
    pub(super) fn opaque(&self) -> impl Iterator<Item = (&Stretch, ShowTime)> {
        let ends = self.stretches.iter().skip(1).map(|next| next.start).chain([self.end]);
        let stretches = self.stretches.iter().zip(ends).map(|(stretch, end)| (stretch, end.min(self.end)));
        stretches.filter(|(stretch, end)| stretch.shape != StretchShape::Through && stretch.start < *end)
    }
}

/// An unbroken piece of a cover that hides what is below.
struct Opaque {
    from: ShowTime,
    to: ShowTime,
    cover: usize,
}

/// The light of `base` with `covers` over it: of those that are there at a time, the one that began
/// last is seen; of several that began together, the later one in `covers`.
pub(super) fn overlay(base: &[Stretch], covers: &[Cover]) -> Track {
    let mut track = Track::default();
    for_each_top(covers, |from, until, top| match top {
        Some(cover) => paint(&mut track, &covers[cover].stretches, from, until),
        None => paint(&mut track, base, from, until),
    });
    track
}

/// Gives `seen`, span of time after span of time, the cover that is on top in it, if there is one. The last span has no
/// end.
pub(super) fn for_each_top(
    covers: &[Cover],
    mut seen: impl FnMut(ShowTime, Option<ShowTime>, Option<usize>),
) {
    let opaque = opaque_pieces(covers);
    let mut boundaries: Vec<(ShowTime, usize)> = Vec::with_capacity(2 * opaque.len());
    boundaries.extend(opaque.iter().enumerate().flat_map(|(piece, it)| [(it.from, piece), (it.to, piece)]));
    boundaries.sort_unstable();

    let mut present: BTreeSet<(ShowTime, usize)> = BTreeSet::new();
    let mut from = ShowTime::ZERO;
    let mut rest = &boundaries[..];
    loop {
        let top = present.last().map(|(_, cover)| *cover);
        let Some((until, _)) = rest.first().copied() else {
            seen(from, None, None);
            return;
        };
        if from < until {
            seen(from, Some(until), top);
        }
        let now = rest.iter().take_while(|(time, _)| *time == until).count();
        for (_, piece) in &rest[..now] {
            let Opaque { from, cover, .. } = opaque[*piece];
            let rank = (covers[cover].stretches[0].start, cover);
            if from == until {
                present.insert(rank)
            } else {
                present.remove(&rank)
            };
        }
        rest = &rest[now..];
        from = until;
    }
}

/// `track` with `covers` over it.
pub(super) fn cover_track(track: &Track, covers: &[Cover]) -> Track {
    let stretch = |(start, part): (ShowTime, TrackPart)| Stretch {
        start,
        shape: match part {
            TrackPart::Hold(level) => StretchShape::Hold(level),
            TrackPart::Ramp(ramp) => StretchShape::Ramp(ramp),
            TrackPart::Shared(levels) => StretchShape::Shared(levels),
        },
    };
    overlay(&track.parts().map(stretch).collect::<Vec<_>>(), covers)
}

fn opaque_pieces(covers: &[Cover]) -> Vec<Opaque> {
    let mut pieces = Vec::new();
    for (cover, Cover { stretches, end }) in covers.iter().enumerate() {
        let mut open = None;
        for stretch in stretches.iter().filter(|stretch| stretch.start < *end) {
            match (&stretch.shape, open) {
                (StretchShape::Through, Some(from)) => {
                    pieces.push(Opaque { from, to: stretch.start, cover });
                    open = None;
                }
                (StretchShape::Through, None) | (_, Some(_)) => {}
                (_, None) => open = Some(stretch.start),
            }
        }
        if let Some(from) = open {
            pieces.push(Opaque { from, to: *end, cover });
        }
    }
    pieces
}

/// Copies onto `track` what `stretches` show from `from` until `until`.
fn paint(track: &mut Track, stretches: &[Stretch], from: ShowTime, until: Option<ShowTime>) {
    let begun = stretches.partition_point(|stretch| stretch.start <= from);
    match begun.checked_sub(1) {
        Some(current) => add(track, from, &stretches[current].shape),
        None => track.hold(from, Level::OFF),
    }
    for stretch in
        stretches[begun..].iter().take_while(|stretch| until.is_none_or(|until| stretch.start < until))
    {
        add(track, stretch.start, &stretch.shape);
    }
}

fn add(track: &mut Track, start: ShowTime, shape: &StretchShape) {
    match shape {
        StretchShape::Hold(level) => track.hold(start, *level),
        StretchShape::Ramp(ramp) => track.ramp(start, *ramp),
        StretchShape::Shared(levels) => track.share(start, levels.clone()),
        StretchShape::Through => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(second: u64) -> ShowTime {
        ShowTime::from_micros(second * 1_000_000)
    }

    /// A stretch a character, as in a steps grid, one second each, from `start` on.
    fn stretches(start: u64, strip: &str) -> Vec<Stretch> {
        let shape = |step| match step {
            '_' => StretchShape::Through,
            tenths => StretchShape::Hold(Level::from_percent(10 * (tenths as u16 - '0' as u16))),
        };
        strip
            .chars()
            .zip(start..)
            .map(|(step, at)| Stretch { start: second(at), shape: shape(step) })
            .collect()
    }

    /// `covers`, each from a second on, over `base`, look like `seen`, one character a second.
    #[track_caller]
    fn check(base: &str, covers: &[(u64, &str)], seen: &str) {
        let covers: Vec<Cover> = covers
            .iter()
            .map(|(start, strip)| Cover {
                stretches: stretches(*start, strip),
                end: second(start + strip.len() as u64),
            })
            .collect();
        let track = overlay(&stretches(0, base), &covers);
        let level = |at| track.level_at(second(at)).hundredths() / 1_000;
        let shown: String = (0..seen.len() as u64).map(|at| level(at).to_string()).collect();
        assert_eq!(shown, seen);
    }

    #[test]
    fn a_cover_hides_the_base_until_its_end() {
        check("123456789", &[], "123456789");
        check("123456789", &[(2, "000")], "120006789");
    }

    #[test]
    fn the_cover_that_began_last_is_seen_and_of_equals_the_later_one() {
        check("111111111", &[(3, "444"), (1, "222222")], "122444211");
        check("111111111", &[(1, "3333"), (1, "22")], "122331111");
        check("111111111", &[(1, "22"), (1, "3333")], "133331111");
    }

    #[test]
    fn where_a_cover_is_through_what_lies_below_is_seen_base_or_cover() {
        check("111111111", &[(0, "22222"), (1, "_3__4_")], "223224111");
        check("111111111", &[(2, "___")], "111111111");
    }

    #[test]
    fn a_cover_ends_though_its_stretches_would_go_on() {
        let cover = Cover { stretches: stretches(1, "5555"), end: second(2) };
        let edges: Vec<_> = overlay(&stretches(0, "1"), &[cover]).edges().map(|(time, _)| time).collect();
        assert_eq!(edges, [second(0), second(1), second(2)]);
    }
}
