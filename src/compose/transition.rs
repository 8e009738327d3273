//! What leads from one part to the next, and how a show begins and ends. Times are beats of the song.

use std::time::Duration;

use super::background::follow;
use super::form::{FormPart, Intensity, SongCoda, SongForm};
use super::line::{ComposedLine, CueLine, CueWhen};
use super::lookbook::{Lookbook, middle};
use super::naming::LightSet;
use super::style::ShowStyle;
use crate::rig::ChannelId;
use crate::time::ShowTime;

/// A shorter part has no room for a lead to the next.
const LEADS_FROM: i64 = 4; // bars
const LONGEST_LEAD: i64 = 4; // bars
/// Music that begins so late has light before it.
const WAITS: ShowTime = ShowTime::from_micros(1_500_000);
/// The last sound rings so long, or it only stops.
const RINGS: Duration = Duration::from_millis(1_000);
/// A beat of which so little is missing is whole.
const ALMOST: f64 = 0.1;
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
        lines.extend(book.relays_come(from, dark));
    }
    lines.extend(background_comes(book, part, (from, dark)));
    let others: Vec<LightSet> = book.lights.tune.iter().chain(&book.lights.sparkle).cloned().collect();
    if let Some(others) = book.together(&others) {
        let effect = if book.style == ShowStyle::Beating { "pulse" } else { "twinkle" };
        let what = format!("{effect} 20 to 70 % every {}", book.felt());
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
    } else if let Some(drums) = book.together(&book.lights.drums) {
        let what = format!("pulse every {}", book.felt());
        lines.push(CueLine::new(CueWhen::Span(from, dark), &drums.who, what).into());
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

/// The background grows until beat `to`: as one, or its parts one after another.
fn background_comes(book: &Lookbook, part: &FormPart, (from, to): (i64, i64)) -> Vec<ComposedLine> {
    let Some(wash) = &book.lights.wash else { return Vec::new() };
    let bar = i64::from(book.form.in_bar);
    let fade = |set: &LightSet, at: i64, start: &str| {
        let what = format!("fade {start}to 90 % over {} ease-in", book.length(to - at));
        CueLine::new(CueWhen::At(at), &set.who, what)
    };
    let start = middle(part.intensity).map_or(String::new(), |level| format!("from {level} "));
    match &book.lights.answers {
        Some((call, answer)) if book.style == ShowStyle::Flowing && to - from > bar => {
            let sinks = format!("fade {start}to 10 % over {}", book.felt());
            // The second part has no more than half of the time.
            let second = to - ((to - from) / 2).max(1);
            vec![
                fade(call, from, "from 10 ").why("it comes up, one part after the other").into(),
                CueLine::new(CueWhen::At(from), &answer.who, sinks).into(),
                fade(answer, second, "").into(),
            ]
        }
        _ => vec![fade(wash, from, &start).why("it comes up").into()],
    }
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
    let beats = (rings.as_secs_f64() / form.beat.as_secs_f64() + ALMOST).floor() as i64;
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
    let over = beats - 1;
    let marks = &book.lights.marks;
    if dimmed.is_empty() {
        let sets: Vec<LightSet> = book.lights.drums.iter().chain(marks).cloned().collect();
        lines.extend(book.go_one_by_one(&sets, at, at + over));
        return lines;
    }
    let mut fade = |set: &LightSet, over: i64, ease: &str| {
        let what = format!("fade to off over {}{ease}", book.length(over.max(1)));
        lines.push(CueLine::new(CueWhen::At(at + 1), &set.who, what).into());
    };
    let marks_together: Vec<ChannelId> = marks.iter().flat_map(|set| set.channels.clone()).collect();
    let quick: Vec<ChannelId> = switched.into_iter().filter(|id| !marks_together.contains(id)).collect();
    if let Some(set) = LightSet::of(book.rig, quick) {
        fade(&set, over, "");
    }
    // A relay under a fade goes out half-way: one by one, as their fades differ; of many, some at a time.
    let steps = marks.len().min(ONE_BY_ONE);
    for step in 0..steps {
        let some = &marks[step * marks.len() / steps..(step + 1) * marks.len() / steps];
        let sets = book.together(some).map_or(some.to_vec(), |together| vec![together]);
        sets.iter().for_each(|set| fade(set, over * (step as i64 + 1) / steps as i64, ""));
    }
    if let Some(set) = LightSet::of(book.rig, dimmed) {
        fade(&set, over, " ease-out");
    }
    lines
}

/// Little light for quiet music after the last chord.
pub(super) fn quiet_music(book: &Lookbook, coda: &SongCoda) -> Vec<ComposedLine> {
    let beats = coda.to - coda.from;
    let lights = book.lights;
    let dimmed = lights.tune.as_ref().or(lights.sparkle.as_ref()).or(lights.wash.as_ref());
    let mut lines: Vec<ComposedLine> =
        dimmed.map(|set| follow(set, beats, "loudness 0 to 50 %").into()).into_iter().collect();
    lines.extend(book.quiet_drums(&coda.drums, beats));
    if lines.is_empty() {
        let one = lights.marks.first();
        lines.extend(one.map(|mark| CueLine::new(CueWhen::Span(0, beats), &mark.who, "on").into()));
    }
    lines.into_iter().map(|line| line.later(coda.from)).collect()
}
