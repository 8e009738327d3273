//! Pieces of light in a row, and laying them over one another. Knows no cues.

use std::collections::BTreeSet;

use crate::level::Level;
use crate::time::ShowTime;

use super::{Ramp, Track};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    Hold(Level),
    Ramp(Ramp),
    /// What lies below shows through.
    Through,
}

/// From `start` until the next stretch, `shape`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Stretch {
    pub(super) start: ShowTime,
    pub(super) shape: Shape,
}

impl Stretch {
    pub(super) const fn hold(start: ShowTime, level: Level) -> Self {
        Self { start, shape: Shape::Hold(level) }
    }
}

/// Something that lies over the base from its first stretch until `end`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Cover {
    /// In order of start; never empty.
    pub(super) stretches: Vec<Stretch>,
    pub(super) end: ShowTime,
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
    let opaque = opaque_pieces(covers);
    let mut boundaries: Vec<(ShowTime, usize)> =
        opaque.iter().enumerate().flat_map(|(piece, it)| [(it.from, piece), (it.to, piece)]).collect();
    boundaries.sort_unstable();

    let mut track = Track::default();
    let mut seen: BTreeSet<(ShowTime, usize)> = BTreeSet::new();
    let mut from = ShowTime::ZERO;
    let mut rest = &boundaries[..];
    loop {
        let top = seen.last().map(|(_, cover)| *cover);
        let Some((until, _)) = rest.first().copied() else {
            paint(&mut track, base, from, None);
            return track;
        };
        match top {
            Some(cover) => paint(&mut track, &covers[cover].stretches, from, Some(until)),
            None => paint(&mut track, base, from, Some(until)),
        }
        let now = rest.iter().take_while(|(time, _)| *time == until).count();
        for (_, piece) in &rest[..now] {
            let Opaque { from, cover, .. } = opaque[*piece];
            let rank = (covers[cover].stretches[0].start, cover);
            if from == until {
                seen.insert(rank)
            } else {
                seen.remove(&rank)
            };
        }
        rest = &rest[now..];
        from = until;
    }
}

fn opaque_pieces(covers: &[Cover]) -> Vec<Opaque> {
    let mut pieces = Vec::new();
    for (cover, Cover { stretches, end }) in covers.iter().enumerate() {
        let mut open = None;
        for stretch in stretches.iter().filter(|stretch| stretch.start < *end) {
            match (stretch.shape, open) {
                (Shape::Through, Some(from)) => {
                    pieces.push(Opaque { from, to: stretch.start, cover });
                    open = None;
                }
                (Shape::Through, None) | (_, Some(_)) => {}
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
    if until.is_some_and(|until| until <= from) {
        return;
    }
    let begun = stretches.partition_point(|stretch| stretch.start <= from);
    match begun.checked_sub(1) {
        Some(current) => add(track, from, stretches[current].shape),
        None => track.hold(from, Level::OFF),
    }
    for stretch in
        stretches[begun..].iter().take_while(|stretch| until.is_none_or(|until| stretch.start < until))
    {
        add(track, stretch.start, stretch.shape);
    }
}

fn add(track: &mut Track, start: ShowTime, shape: Shape) {
    match shape {
        Shape::Hold(level) => track.hold(start, level),
        Shape::Ramp(ramp) => track.ramp(start, ramp),
        Shape::Through => {}
    }
}
