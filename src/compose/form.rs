//! The form of a song in the bars and beats of its sheet: its parts, how strong each is, and on which beats its drums
//! fall. Knows no lights.

use std::time::Duration;

use crate::analysis::{HeardBar, HeardBeat, HeardPart, HeardSong, MomentKind, PartRole};
use crate::beats::{BarGrid, BeatPlace};
use crate::time::ShowTime;

/// Parts with less energy than these, against the strongest of the song, are calm, steady and strong.
const CALM: f32 = 0.25;
const STEADY: f32 = 0.6;
const STRONG: f32 = 0.85;
/// A drum falls on a beat that has at least this share of the strongest one's onset.
const FALLS: f32 = 0.75;
/// If all beats have more than this share, no beat stands out.
const EVEN: f32 = 0.7;
/// On the mean, a tune stands out so much where it leads.
const LEADS: f32 = 0.5;
/// Between two changes of harmony that are seen.
const CHORD_BARS: i64 = 2;
const MOST_CHORDS: usize = 4;
/// A break of fewer beats is a breath, and one of more is a part.
const BREAK_BEATS: std::ops::RangeInclusive<i64> = 2..=8;
/// Fewer beats after the last chord are an echo or a noise.
const CODA_BEATS: i64 = 4;

/// In a song of fewer parts, long ones are divided into phrases.
const FEW_PARTS: usize = 3;
const PHRASE_BARS: i64 = 8;
/// A part of fewer phrases is not long.
const FEWEST_PHRASES: i64 = 3;
/// Phrases whose loudness differs by less are as loud, from 0 to 1.
const AS_LOUD: f32 = 0.08;

/// How much light a part wants.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Intensity {
    Calm,
    Steady,
    Strong,
    Full,
}

/// A song as its sheet counts it.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct SongForm {
    /// Beats of a bar.
    pub(super) in_bar: u32,
    /// A foot taps once in so many beats: no faster than lights may flash.
    pub(super) felt: u32,
    /// The usual length of a beat.
    pub(super) beat: Duration,
    /// One after another, by beats from the beginning of bar 1.
    pub(super) parts: Vec<FormPart>,
    /// Where the band stops for some beats in the middle of a part.
    pub(super) breaks: Vec<(i64, i64)>,
    /// Where the last sound begins, if it rings out, and when it is over.
    pub(super) ending: Option<(i64, ShowTime)>,
    /// What is heard after that.
    pub(super) coda: Option<SongCoda>,
}

/// Quiet music after the last chord.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct SongCoda {
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) at: ShowTime,
    pub(super) drums: DrumPattern,
}

#[derive(Clone, PartialEq, Debug)]
pub(super) struct FormPart {
    /// What is alike has the same: A, B, A'.
    pub(super) letter: String,
    pub(super) role: Option<PartRole>,
    /// The beats from the first to the one after the last; beat 0 begins bar 1.
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) at: ShowTime,
    pub(super) intensity: Intensity,
    /// Of the part before.
    pub(super) before: Option<Intensity>,
    pub(super) energy: f32,
    /// It comes in all at once.
    pub(super) enters: bool,
    /// From this beat on it grows into the next part.
    pub(super) rises: Option<i64>,
    /// The last of the strongest parts.
    pub(super) is_peak: bool,
    /// A voice or another tune leads.
    pub(super) has_tune: bool,
    /// At which of its beats the harmony is another one; far enough from each other to be seen.
    pub(super) chords: Vec<i64>,
    pub(super) drums: DrumPattern,
}

/// On which felt beats of a bar the low drums fall, and on which the higher ones.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct DrumPattern {
    pub(super) low: Vec<bool>,
    pub(super) high: Vec<bool>,
}

impl SongForm {
    /// The form of `heard` over the bars of `grid`. Lights flash at most once in `shortest_flash`.
    pub(super) fn of(heard: &HeardSong, grid: &BarGrid, shortest_flash: Duration) -> Self {
        let beat = usual_beat(grid.beats);
        let felt = felt(grid.in_bar, beat, shortest_flash);
        let ending = heard.moments.iter().rev().find(|moment| moment.kind == MomentKind::Ending);
        let ending = ending.map(|moment| (grid.beat_near(moment.from), moment.to));
        let end = ending.map_or(i64::MAX, |(from, _)| from);
        let mut parts: Vec<FormPart> =
            heard.parts.iter().filter_map(|part| Self::part(part, heard, grid, felt, end)).collect();
        if parts.is_empty() {
            parts.extend(whole(heard, grid, felt, end));
        }
        if parts.len() < FEW_PARTS {
            parts = parts.into_iter().flat_map(|part| phrases(part, heard, grid)).collect();
        }
        most_light_last(&mut parts);
        for place in 1..parts.len() {
            parts[place].before = Some(parts[place - 1].intensity);
        }
        let is_inside = |from: i64, to: i64| {
            parts.iter().any(|part| from > part.from && to < part.to && part.intensity > Intensity::Calm)
        };
        let breaks = heard.moments.iter().filter(|moment| moment.kind == MomentKind::Break);
        let breaks = breaks.map(|moment| (grid.beat_near(moment.from), grid.beat_near(moment.to)));
        let breaks = breaks.filter(|(from, to)| BREAK_BEATS.contains(&(to - from)) && is_inside(*from, *to));
        let coda = ending.and_then(|(_, rung)| SongCoda::of(heard, grid, felt, rung));
        Self { in_bar: grid.in_bar, felt, beat, breaks: breaks.collect(), ending, coda, parts }
    }

    fn part(part: &HeardPart, heard: &HeardSong, grid: &BarGrid, felt: u32, end: i64) -> Option<FormPart> {
        let (from, to) = (grid.beat_near(part.from).max(0), grid.beat_near(part.to).min(end));
        if to <= from {
            return None;
        }
        let near = |at: ShowTime| (grid.beat_near(at) - from).abs() <= i64::from(grid.in_bar) / 2;
        let enters = heard.moments.iter().any(|moment| moment.kind == MomentKind::Entry && near(moment.to));
        Some(FormPart {
            letter: part.name.clone(),
            role: part.role,
            from,
            to,
            at: grid.time_of(from),
            intensity: intensity(part),
            before: None,
            energy: part.energy,
            enters,
            rises: rise(heard, grid, to),
            is_peak: false,
            has_tune: has_tune(bars_in(heard, part.from, part.to)),
            chords: chords(bars_in(heard, part.from, part.to), grid, from, to),
            drums: DrumPattern::of(beats_in(heard, part.from, part.to), grid, felt),
        })
    }

    pub(super) fn place(&self, beat: i64) -> BeatPlace {
        BeatPlace::of(beat, self.in_bar)
    }

    /// The length of a bar in seconds, about.
    pub(super) fn bar_seconds(&self) -> f64 {
        self.beat.as_secs_f64() * f64::from(self.in_bar)
    }
}

impl SongCoda {
    /// Of what is heard from `rung` on, if that is more than a sound.
    fn of(heard: &HeardSong, grid: &BarGrid, felt: u32, rung: ShowTime) -> Option<Self> {
        let from = grid.beat_near(rung);
        let to = (from..=grid.beat_near(heard.last_sound)).rev();
        let to = to.into_iter().find(|beat| grid.time_of(*beat) <= heard.last_sound)?;
        let drums = DrumPattern::of(beats_in(heard, rung, heard.last_sound), grid, felt);
        (to - from >= CODA_BEATS).then(|| Self { from, to, at: grid.time_of(from), drums })
    }
}

/// Parts with the same have one look: they sound alike or similar, and are as strong.
pub(super) type LookKey<'a> = (&'a str, Intensity);

impl FormPart {
    pub(super) fn look_key(&self) -> LookKey<'_> {
        // A' is similar to A.
        (self.letter.trim_end_matches('\''), self.intensity)
    }

    pub(super) fn beats(&self) -> i64 {
        self.to - self.from
    }
}

impl DrumPattern {
    fn of(beats: &[HeardBeat], grid: &BarGrid, felt: u32) -> Self {
        let places = (grid.in_bar / felt) as usize;
        let mut low = vec![0.0; places];
        let mut high = vec![0.0; places];
        for beat in beats {
            let in_bar = grid.beat_near(beat.at).rem_euclid(i64::from(grid.in_bar)) as u32;
            if in_bar.is_multiple_of(felt) {
                low[(in_bar / felt) as usize] += beat.low;
                high[(in_bar / felt) as usize] += beat.middle.max(beat.high);
            }
        }
        let (usual_low, usual_high) = Self::usual(places);
        Self { low: standing_out(&low).unwrap_or(usual_low), high: standing_out(&high).unwrap_or(usual_high) }
    }

    /// As most drummers play: the low drum on the first beat, and on every other one after it if they are even in
    /// number; the others higher.
    fn usual(places: usize) -> (Vec<bool>, Vec<bool>) {
        let is_low = |place: usize| place == 0 || places.is_multiple_of(2) && place.is_multiple_of(2);
        ((0..places).map(is_low).collect(), (0..places).map(|place| places == 1 || !is_low(place)).collect())
    }
}

/// Which of the values are near the largest; `None` if no value stands out.
fn standing_out(values: &[f32]) -> Option<Vec<bool>> {
    let most = values.iter().copied().fold(0.0, f32::max);
    let least = values.iter().copied().fold(f32::INFINITY, f32::min);
    (most > 0.0 && least < EVEN * most).then(|| values.iter().map(|value| *value >= FALLS * most).collect())
}

fn beats_in(heard: &HeardSong, from: ShowTime, to: ShowTime) -> &[HeardBeat] {
    let place = |time: ShowTime| heard.beats.partition_point(|beat| beat.at < time);
    &heard.beats[place(from)..place(to).max(place(from))]
}

fn bars_in(heard: &HeardSong, from: ShowTime, to: ShowTime) -> &[HeardBar] {
    let place = |time: ShowTime| heard.bars.partition_point(|bar| bar.from < time);
    &heard.bars[place(from)..place(to).max(place(from))]
}

fn has_tune(bars: &[HeardBar]) -> bool {
    bars.iter().map(|bar| bar.tune).sum::<f32>() > LEADS * bars.len() as f32
}

/// Where the harmony changes in a part from beat `from` to `to`, counted from its own first beat.
fn chords(bars: &[HeardBar], grid: &BarGrid, from: i64, to: i64) -> Vec<i64> {
    let mut found: Vec<i64> = Vec::new();
    let changed = bars.iter().filter(|bar| bar.changes_harmony).map(|bar| grid.beat_near(bar.from));
    for beat in changed.filter(|beat| (from + 1..to).contains(beat)) {
        let before = found.last().copied().unwrap_or(0);
        if beat - from - before >= CHORD_BARS * i64::from(grid.in_bar) && found.len() < MOST_CHORDS {
            found.push(beat - from);
        }
    }
    found
}

/// Where the rise begins that ends about at beat `to`.
fn rise(heard: &HeardSong, grid: &BarGrid, to: i64) -> Option<i64> {
    let rises = heard.moments.iter().filter(|moment| moment.kind == MomentKind::Rise);
    let mut spans = rises.map(|moment| (grid.beat_near(moment.from), grid.beat_near(moment.to)));
    spans.find(|(_, end)| (end - to).abs() <= i64::from(grid.in_bar)).map(|(from, _)| from)
}

fn usual_beat(beats: &[ShowTime]) -> Duration {
    let mut lengths: Vec<Duration> = beats.windows(2).map(|pair| pair[1] - pair[0]).collect();
    lengths.sort_unstable();
    // Of a band that breathes, near its fastest.
    lengths.get(lengths.len() / 10).copied().unwrap_or(Duration::from_millis(500))
}

/// A part of a bar in whole beats that is no shorter than `shortest`; else the bar.
fn felt(in_bar: u32, beat: Duration, shortest: Duration) -> u32 {
    // Eighths are felt in threes.
    let least = if in_bar == 6 { 3 } else { 1 };
    let parts = (least..in_bar).filter(|felt| in_bar.is_multiple_of(*felt));
    parts.into_iter().find(|felt| beat * *felt >= shortest).unwrap_or(in_bar)
}

fn intensity(part: &HeardPart) -> Intensity {
    let heard = match part.energy {
        energy if energy < CALM => Intensity::Calm,
        energy if energy < STEADY => Intensity::Steady,
        energy if energy < STRONG => Intensity::Strong,
        _ => Intensity::Full,
    };
    match part.role {
        Some(PartRole::Break) => Intensity::Calm,
        Some(PartRole::Intro) => heard.min(Intensity::Steady),
        Some(PartRole::Chorus | PartRole::Finale) => heard.max(Intensity::Strong),
        Some(PartRole::Verse) => heard.clamp(Intensity::Steady, Intensity::Strong),
        None => heard,
    }
}

/// A long part of a song in which few parts are heard: its louder phrases have more light, and if none is louder, every
/// second one. Else a whole song would look as it begins.
fn phrases(part: FormPart, heard: &HeardSong, grid: &BarGrid) -> Vec<FormPart> {
    let phrase = PHRASE_BARS * i64::from(grid.in_bar);
    let count = part.beats() / phrase;
    if count < FEWEST_PHRASES {
        return vec![part];
    }
    // What is left at the end belongs to the last phrase.
    let place = |number: i64| if number == count { part.to } else { part.from + number * phrase };
    let bars = |number: i64| bars_in(heard, grid.time_of(place(number)), grid.time_of(place(number + 1)));
    let loudness = |number: i64| {
        let bars = bars(number);
        bars.iter().map(|bar| bar.loudness).sum::<f32>() / bars.len().max(1) as f32
    };
    let all: Vec<f32> = (0..count).map(loudness).collect();
    let (least, most) =
        all.iter().fold((1.0_f32, 0.0_f32), |(least, most), one| (least.min(*one), most.max(*one)));
    let is_strong = |number: i64| {
        if most - least < AS_LOUD {
            // The last is one of them.
            (count - number) % 2 == 1
        } else {
            all[number as usize] > (least + most) / 2.0
        }
    };
    let of = |number: i64| FormPart {
        from: place(number),
        to: place(number + 1),
        at: grid.time_of(place(number)),
        intensity: if is_strong(number) { Intensity::Strong } else { Intensity::Steady },
        enters: part.enters && number == 0,
        rises: part.rises.filter(|_| number + 1 == count),
        has_tune: has_tune(bars(number)),
        chords: chords(bars(number), grid, place(number), place(number + 1)),
        ..part.clone()
    };
    (0..count).map(of).collect()
}

/// The last of the strongest parts has all the light there is.
fn most_light_last(parts: &mut [FormPart]) {
    let Some(most) = parts.iter().map(|part| part.intensity).max() else { return };
    if let Some(last) = parts.iter_mut().rev().find(|part| part.intensity == most) {
        last.intensity = Intensity::Full;
        last.is_peak = true;
    }
}

/// A song in which no parts are told is one.
fn whole(heard: &HeardSong, grid: &BarGrid, felt: u32, end: i64) -> Option<FormPart> {
    let (first, last) = (heard.beats.first()?, heard.beats.last()?);
    let (from, to) = (grid.beat_near(first.at).max(0), (grid.beat_near(last.at) + 1).min(end));
    (to > from).then(|| FormPart {
        letter: "A".to_owned(),
        role: None,
        from,
        to,
        at: grid.time_of(from),
        intensity: Intensity::Strong,
        before: None,
        energy: 1.0,
        enters: false,
        rises: None,
        is_peak: false,
        has_tune: has_tune(&heard.bars),
        chords: Vec::new(),
        drums: DrumPattern::of(&heard.beats, grid, felt),
    })
}
