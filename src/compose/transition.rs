//! What leads from one part to the next, and how a show begins and ends. Times are beats of the song.

use std::time::Duration;

use super::form::{FormPart, Intensity, SongForm};
use super::line::{ComposedLine, CueLine, CueWhen};
use super::lookbook::{Lookbook, middle};
use super::naming::LightSet;
use crate::rig::ChannelId;
use crate::time::ShowTime;

/// A shorter part has no room for a lead to the next.
const LEADS_FROM: i64 = 4; // bars
const LONGEST_LEAD: i64 = 4; // bars
/// Music that begins so late has light before it.
const WAITS: ShowTime = ShowTime::from_micros(1_500_000);
/// The last sound rings so long, or it only stops.
const RINGS: Duration = Duration::from_millis(1_000);
/// So many relays go out one by one.
const ONE_BY_ONE: usize = 4;

/// So many beats at the end of `part` lead to `next`.
pub(super) fn lead_beats(form: &SongForm, part: &FormPart, next: Option<&FormPart>) -> i64 {
    let bar = i64::from(form.in_bar);
    let leads = next.is_some_and(|next| {
        next.from == part.to
            && next.intensity >= Intensity::Strong
            && (next.intensity > part.intensity || next.enters)
    });
    if !leads || part.beats() < LEADS_FROM * bar {
        return 0;
    }
    // As long as it grows, in whole bars.
    let grows = part.rises.map_or(bar, |from| (part.to - from) / bar * bar);
    grows.clamp(bar, LONGEST_LEAD * bar).min(part.beats() / 2 / bar * bar)
}

/// The `beats` before a stronger part: the background comes up, a row runs faster and faster, and for one beat all is
/// dark.
pub(super) fn lead(book: &Lookbook, part: &FormPart, next: &FormPart, beats: i64) -> Vec<ComposedLine> {
    let (bar, felt) = (i64::from(book.form.in_bar), i64::from(book.form.felt));
    let (from, to) = (part.to - beats, part.to);
    let dark = if felt < bar { to - felt } else { to };
    let mut lines = Vec::new();
    if book.are_alone() {
        lines.extend(book.relays_come((to - bar).max(from), dark));
    }
    if let Some(wash) = &book.lights.wash {
        let from_level = middle(part.intensity).map_or(String::new(), |level| format!("from {level} "));
        let what = format!("fade {from_level}to 90 % over {} ease-in", book.length(dark - from));
        lines.push(CueLine::new(CueWhen::At(from), &wash.who, what).why("it comes up").into());
    }
    let others: Vec<LightSet> = book.lights.tune.iter().chain(&book.lights.sparkle).cloned().collect();
    if let Some(others) = book.together(&others) {
        let what = format!("twinkle 20 to 70 % every {}", book.felt());
        lines.push(CueLine::new(CueWhen::Span(from, dark), &others.who, what).into());
    }
    if let Some(row) = book.rows_beside_wash().next() {
        let last = (dark - bar).max(from);
        if from < last {
            let what = format!("chase every {}", book.felt());
            lines.push(CueLine::new(CueWhen::Span(from, last), &row.who, what).into());
        }
        let what = format!("chase every {}", book.fill_step(row));
        lines.push(CueLine::new(CueWhen::Span(last, dark), &row.who, what).into());
    }
    if dark < to
        && let Some(all) = book.all()
    {
        let why = if next.intensity == Intensity::Full { "a beat of darkness" } else { "a breath" };
        // To the next part, and for good: nothing of this one shines through later.
        lines.push(CueLine::new(CueWhen::At(dark), &all.who, "off").why(why).into());
    }
    lines
}

/// Light before the music has its first bar.
pub(super) fn opening(book: &Lookbook) -> Vec<ComposedLine> {
    let Some(first) = book.form.parts.first().filter(|first| first.at >= WAITS) else { return Vec::new() };
    let seconds = (first.at.micros() / 1_000_000).clamp(1, 8);
    let cue = match (&book.lights.wash, book.lights.marks.first()) {
        (Some(wash), _) => {
            CueLine::new(CueWhen::Start, &wash.who, format!("fade to 15 % over {seconds} s ease"))
        }
        (None, Some(mark)) => CueLine::new(CueWhen::Start, &mark.who, "on"),
        (None, None) => return Vec::new(),
    };
    vec![cue.why("before the music begins").into()]
}

/// Where the band stops, all is dark.
pub(super) fn breaks(book: &Lookbook) -> Vec<(i64, ComposedLine)> {
    let Some(all) = book.all() else { return Vec::new() };
    let dark = |(from, to): &(i64, i64)| {
        (*from, CueLine::new(CueWhen::Span(*from, *to), &all.who, "off").why("the band stops").into())
    };
    book.form.breaks.iter().map(dark).collect()
}

/// The end, in a song of this `length`.
pub(super) fn ending(book: &Lookbook, length: ShowTime) -> Vec<ComposedLine> {
    let form = book.form;
    let Some(last) = form.parts.last() else { return Vec::new() };
    let Some(all) = book.all() else { return Vec::new() };
    let (at, silent) = form.ending.unwrap_or((last.to, length));
    let begins = last.at + form.beat * u32::try_from(at - last.from).unwrap_or(u32::MAX);
    let rings = silent.min(length).as_duration().saturating_sub(begins.as_duration());
    let beats = (rings.as_secs_f64() / form.beat.as_secs_f64()).floor() as i64;
    let is_dimmed = |id: &ChannelId| book.rig.channel(*id).kind.dims();
    let (dimmed, switched): (Vec<ChannelId>, Vec<ChannelId>) =
        all.channels.iter().partition(|id| is_dimmed(id));
    if form.ending.is_none() || rings < RINGS || beats < 3 {
        let over = beats.clamp(0, i64::from(form.in_bar));
        let level = middle(last.intensity).map_or(String::new(), |level| format!("from {level} "));
        let fade = match over {
            0 => "off".to_owned(),
            over => format!("fade {level}to off over {}", book.length(over)),
        };
        let ends = [(dimmed, fade), (switched, "off".to_owned())];
        let ends =
            ends.into_iter().filter_map(|(channels, what)| Some((LightSet::of(book.rig, channels)?, what)));
        return ends.map(|(set, what)| CueLine::new(CueWhen::At(at), &set.who, what).into()).collect();
    }
    let mut lines = vec![CueLine::new(CueWhen::At(at), &all.who, "on").why("the last sound").into()];
    let mut fade = |set: &LightSet, over: i64, ease: &str| {
        let what = format!("fade to off over {}{ease}", book.length(over.max(1)));
        lines.push(CueLine::new(CueWhen::At(at + 1), &set.who, what).into());
    };
    let over = beats - 1;
    let marks = &book.lights.marks;
    if book.are_alone() {
        lines.extend(book.relays_go(at + 1, at + over));
        return lines;
    }
    let marks_together: Vec<ChannelId> = marks.iter().flat_map(|set| set.channels.clone()).collect();
    let quick: Vec<ChannelId> = switched.into_iter().filter(|id| !marks_together.contains(id)).collect();
    if let Some(set) = LightSet::of(book.rig, quick) {
        fade(&set, over / 2, "");
    }
    // A relay under a fade goes out half-way: one by one, as their fades differ.
    match marks.len() {
        2..=ONE_BY_ONE => {
            for (place, mark) in (1..).zip(marks) {
                fade(mark, over * place / marks.len() as i64, "");
            }
        }
        _ => LightSet::of(book.rig, marks_together).iter().for_each(|set| fade(set, over, "")),
    }
    if let Some(set) = LightSet::of(book.rig, dimmed) {
        fade(&set, over, " ease-out");
    }
    lines
}
