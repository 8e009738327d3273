//! What a sheet must say besides the notes of a song, because its cues lie over one another and the notes of that player
//! do not. Knows no lines of a sheet.
//!
//! In a sheet a channel is lit as long as any of its notes lasts. In that player the note that started last decides. So
//! where only an older note goes on, the sheet needs an `off`.

use std::time::Duration;

use super::super::lit_span::LitSpan;
use super::lights::TimedNote;
use crate::time::ShowTime;

/// Musical times in a sheet are rounded by a microsecond or two: corrections reach further than that.
const MARGIN: Duration = Duration::from_millis(1);
/// Light that a sheet shows for no longer than this is a rounded time, and no light.
const ROUNDED: Duration = Duration::from_micros(3);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Correction {
    /// The base goes off.
    BaseOff(ShowTime),
    /// Dark, whatever lies below.
    Dark(LitSpan),
    /// Lit where two notes that follow each other leave a gap by rounding.
    Lit(LitSpan),
}

/// What must be added to `notes` of one channel, so that it is lit as in `wanted` in a show of this `length`.
pub(super) fn corrections(notes: &[TimedNote], wanted: &[LitSpan], length: ShowTime) -> Vec<Correction> {
    let mut found = Vec::new();
    let covers = covers(notes);
    let mut begun_covers = covers.iter().peekable();
    let mut last: Option<ShowTime> = None;
    let mut base = base(notes);
    let mut from = ShowTime::ZERO;
    let gaps = wanted.iter().map(Some).chain([None]).map(|next| {
        let gap = (from, next.map_or(ShowTime::MAX, |next| next.from));
        from = next.map_or(from, |next| next.to);
        gap
    });
    for (from, to) in gaps.collect::<Vec<_>>() {
        // Before the first note nothing is lit, and after the end nothing is seen.
        if from == ShowTime::ZERO || from >= length {
            continue;
        }
        // Base changes up to `from` have happened; those that switch it on come with a note, so not within the gap.
        let begun = base.partition_point(|(time, _)| *time <= from);
        if begun.checked_sub(1).is_some_and(|last| base[last].1) {
            found.push(Correction::BaseOff(from));
            base.insert(begun, (from, false));
        }
        while let Some(cover) = begun_covers.next_if(|cover| cover.from < to) {
            last = last.max(Some(cover.to));
        }
        if let Some(end) = last.filter(|end| *end > from + ROUNDED) {
            found.push(Correction::Dark(LitSpan { from, to: to.min(end + MARGIN) }));
        }
    }
    found.extend(cracks(&covers, &base, wanted));
    found
}

/// The notes that a sheet says with `on for`, in order.
fn covers(notes: &[TimedNote]) -> Vec<LitSpan> {
    let notes = notes.iter().filter(|note| !note.sets_base);
    let mut covers: Vec<LitSpan> =
        notes.filter_map(|note| Some(LitSpan { from: note.from, to: note.until? })).collect();
    covers.sort_unstable();
    covers
}

/// When the base changes, in order; at the same time `on` wins, and comes last.
fn base(notes: &[TimedNote]) -> Vec<(ShowTime, bool)> {
    let notes = notes.iter().filter(|note| note.sets_base);
    let mut base: Vec<(ShowTime, bool)> = notes
        .flat_map(|note| [Some((note.from, true)), note.until.map(|until| (until, false))])
        .flatten()
        .collect();
    base.sort_unstable();
    base
}

/// Gaps of less than [`MARGIN`] within what is lit.
fn cracks(covers: &[LitSpan], base: &[(ShowTime, bool)], wanted: &[LitSpan]) -> Vec<Correction> {
    let mut lit: Vec<LitSpan> = covers.to_vec();
    let mut since = None;
    for (time, is_on) in base {
        match (since, is_on) {
            (None, true) => since = Some(*time),
            (Some(from), false) => {
                lit.push(LitSpan { from, to: *time });
                since = None;
            }
            (None, false) | (Some(_), true) => {}
        }
    }
    lit.extend(since.map(|from| LitSpan { from, to: ShowTime::MAX }));
    lit.sort_unstable();
    let mut found = Vec::new();
    let mut until: Option<ShowTime> = None;
    for span in lit {
        if let Some(end) = until.filter(|end| *end < span.from && span.from - *end < MARGIN) {
            // They rise, and do not overlap.
            let around = wanted.partition_point(|wanted| wanted.to <= span.from);
            if wanted.get(around).is_some_and(|wanted| wanted.from < end) {
                found.push(Correction::Lit(LitSpan {
                    from: end.saturating_sub(MARGIN),
                    to: span.from + MARGIN,
                }));
            }
        }
        until = until.max(Some(span.to));
    }
    found
}
