//! What happens in a song: where much less is heard and where much more, where it grows, and how it ends. Knows no parts.

use super::change::SoundChange;
use super::findings::{HeardMoment, MomentKind};
use super::last_chord::last_chord;
use super::onsets::Onsets;
use super::span::SoundSpan;
use super::spectrum::time_of;

/// So many beats before and after are compared.
const AROUND: usize = 4;
/// What has at most this share of what was heard before is a break.
const LITTLE: f32 = 0.6;
/// What has more than this share of it again ends the break.
const BACK: f32 = 0.8;
/// A break of more beats is a part.
const LONGEST_BREAK: usize = 32;
/// An entry brings so much more, against the loud beats of the song.
const MORE: f32 = 0.25;
/// A rise grows by so much, over so many bars.
const GROWN: f32 = 0.25;
const RISE_BARS: usize = 2;
/// A last sound that rings is at least this long.
const RINGS: f32 = 100.0; // frames

pub(super) fn moments(
    beats: &[f32],
    bars: &[f32],
    span: &SoundSpan,
    onsets: &Onsets,
    change: &SoundChange,
) -> Vec<HeardMoment> {
    let amounts = amounts(beats, &onsets.sounding);
    let mut found = breaks(beats, &amounts);
    found.extend(entries(beats, &amounts));
    found.extend(rises(bars, &self::amounts(bars, &onsets.sounding)));
    let last = beats[beats.len() - 1];
    if let Some((from, to)) = last_chord(beats, span.last, change) {
        found.push(moment(from, to, MomentKind::Ending));
    } else if span.last - last > RINGS {
        found.push(moment(last, span.last, MomentKind::Ending));
    }
    found.sort_by_key(|moment| (moment.from, moment.to));
    found
}

/// How much sounds from each of these frames to the next: 1 is much for this song.
fn amounts(frames: &[f32], sounding: &[f32]) -> Vec<f32> {
    let place = |at: f32| (at.round().max(0.0) as usize).min(sounding.len());
    let mean = |pair: &[f32]| {
        let heard = &sounding[place(pair[0])..place(pair[1]).max(place(pair[0]))];
        heard.iter().sum::<f32>() / heard.len().max(1) as f32
    };
    let means: Vec<f32> = frames.windows(2).map(mean).collect();
    let mut sorted = means.clone();
    sorted.sort_by(f32::total_cmp);
    let much = sorted.get(sorted.len() * 9 / 10).copied().unwrap_or(0.0).max(1e-6);
    means.into_iter().map(|mean| mean / much).collect()
}

fn mean(amounts: &[f32]) -> f32 {
    amounts.iter().sum::<f32>() / amounts.len().max(1) as f32
}

fn moment(from: f32, to: f32, kind: MomentKind) -> HeardMoment {
    HeardMoment { from: time_of(from), to: time_of(to), kind }
}

fn breaks(beats: &[f32], amounts: &[f32]) -> Vec<HeardMoment> {
    let mut found = Vec::new();
    let mut beat = AROUND;
    while beat < amounts.len() {
        let before = mean(&amounts[beat - AROUND..beat]);
        if amounts[beat] > LITTLE * before {
            beat += 1;
            continue;
        }
        let end = (beat..amounts.len()).find(|other| amounts[*other] > BACK * before);
        match end.filter(|end| end - beat <= LONGEST_BREAK) {
            Some(end) => {
                found.push(moment(beats[beat], beats[end], MomentKind::Break));
                beat = end + AROUND;
            }
            None => beat += 1,
        }
    }
    found
}

fn entries(beats: &[f32], amounts: &[f32]) -> Vec<HeardMoment> {
    let grows = |beat: usize| {
        let after = mean(&amounts[beat..(beat + AROUND).min(amounts.len())]);
        after - mean(&amounts[beat.saturating_sub(AROUND)..beat])
    };
    let grown: Vec<f32> = (0..amounts.len()).map(grows).collect();
    let is_most = |beat: &usize| {
        let around = &grown[beat.saturating_sub(AROUND)..(beat + AROUND + 1).min(grown.len())];
        *beat > 0 && grown[*beat] >= MORE && around.iter().all(|other| *other <= grown[*beat])
    };
    let beats_of = (0..grown.len()).filter(is_most);
    beats_of.map(|beat| moment(beats[beat], beats[beat], MomentKind::Entry)).collect()
}

/// Stretches of bars each of which has more than the one before.
fn rises(bars: &[f32], amounts: &[f32]) -> Vec<HeardMoment> {
    let mut found = Vec::new();
    let mut from = 0;
    for bar in 1..=amounts.len() {
        if bar < amounts.len() && amounts[bar] > amounts[bar - 1] {
            continue;
        }
        if bar - from > RISE_BARS && amounts[bar - 1] - amounts[from] > GROWN {
            found.push(moment(bars[from], bars[bar], MomentKind::Rise));
        }
        from = bar;
    }
    found
}
