//! The tempo of a song by its marks of beats and bars. Knows no cues.

use std::collections::BTreeMap;
use std::time::Duration;

use super::track::{Mark, TimingTrack};
use crate::beats::{Beats, Tap};
use crate::import::imported::{Imported, ImportedTempo};
use crate::show::Measure;
use crate::time::ShowTime;

/// Two beats nearer than this are one, as in a beat map.
const CLOSEST: Duration = Duration::from_millis(60);
/// A bar mark is of the beat that is nearer than this.
const NEAR: Duration = Duration::from_millis(120);
/// A place this near to a beat is that beat: nobody sees the difference.
const ON_THE_BEAT: Duration = Duration::from_millis(25);
/// Nobody sees whether a beat is off by less.
const STEADY: Duration = Duration::from_millis(20);
/// Of more marks, a curve is not looked for.
const MOST_TAPS: usize = 10_000;
/// If nothing says how many beats a bar has.
const USUAL_BAR: u32 = 4;

/// The beats of a song in one of the ways in which a sheet can say them.
#[derive(Clone, Debug, Default)]
pub(super) struct WrittenBeats {
    /// The first begins bar 1. Empty without a tempo.
    beats: Vec<ShowTime>,
    measure: Option<Measure>,
    tempo: Option<ImportedTempo>,
    taken: Vec<String>,
    left: Vec<String>,
}

/// Beats as they are marked, and where bars begin.
struct MarkedBeats {
    at: Vec<ShowTime>,
    begins_bar: Vec<bool>,
    /// Where the bars come from.
    told: String,
}

impl WrittenBeats {
    /// The ways to say the beats of these tracks, the best first; the last is no tempo at all.
    pub(super) fn ways(beats: Option<&TimingTrack>, bars: Option<&TimingTrack>) -> Vec<Self> {
        let marked = match (beats, bars) {
            (Some(beats), bars) => Some(MarkedBeats::of(beats, bars)),
            (None, Some(bars)) => Some(MarkedBeats::within(bars)),
            (None, None) => None,
        };
        let Some(marked) = marked.filter(|marked| marked.at.len() >= 2) else { return vec![Self::default()] };
        let (measure, first, odd) = marked.measure();
        let taps: Vec<Tap> = marked
            .at
            .iter()
            .zip(&marked.begins_bar)
            .map(|(at, begins_bar)| Tap { at: *at, begins_bar: *begins_bar })
            .collect();
        let found = if taps.len() <= MOST_TAPS { Beats::of(&taps) } else { None };
        let mut ways = Vec::new();
        if let Some(found) = &found {
            ways.extend(marked.steady(found, measure));
        }
        ways.push(marked.exact(first, measure));
        if let Some(found) = &found {
            ways.push(marked.evened(found, measure));
        }
        for way in &mut ways {
            way.taken.push(marked.told.clone());
            if odd > 0 {
                let bars = if odd == 1 { "1 bar has".to_owned() } else { format!("{odd} bars have") };
                way.left.push(format!(
                    "{bars} more or fewer than {} beats in the file; the bars after it are counted on evenly",
                    measure.beats()
                ));
            }
        }
        ways.retain(|way| way.beats.len() >= 2);
        let told = "the beats: they are too far apart, or too uneven, for a beat map".to_owned();
        ways.push(Self { left: vec![told], ..Self::default() });
        ways
    }

    pub(super) fn tell(&self, imported: &mut Imported) {
        imported.tempo.clone_from(&self.tempo);
        imported.taken.extend(self.taken.iter().cloned());
        imported.left.extend(self.left.iter().cloned());
    }

    /// `time` as a sheet writes it: bar and beat if it is one, else by the clock.
    pub(super) fn place(&self, time: ShowTime) -> String {
        let (Some(measure), Some(beat)) = (self.measure, nearest(&self.beats, time, ON_THE_BEAT)) else {
            return time.to_string();
        };
        let in_bar = measure.beats() as usize;
        format!("{}.{}", beat / in_bar + 1, beat % in_bar + 1)
    }
}

impl MarkedBeats {
    /// Beats, with the bars that their own texts count, or that another track marks.
    fn of(beats: &TimingTrack, bars: Option<&TimingTrack>) -> Self {
        let counting = beats.counting();
        let mut at: Vec<ShowTime> = Vec::new();
        let mut begins_bar = Vec::new();
        for mark in &beats.marks {
            if at.last().is_none_or(|last| mark.from - *last >= CLOSEST) {
                at.push(mark.from);
                begins_bar.push(mark.beat_in_bar(counting) == Some(1));
            }
        }
        let mut told = "bars: as the marks of the beats count them".to_owned();
        if let Some(bars) = bars {
            let begins = |bar: &Mark| nearest(&at, bar.from, NEAR);
            let begun: Vec<usize> = bars.marks.iter().filter_map(begins).collect();
            if begun.len() * 2 >= bars.marks.len() {
                begins_bar.fill(false);
                begun.iter().for_each(|beat| begins_bar[*beat] = true);
                told = format!("bars: as {} marks them", called(bars, "the track of bars"));
            }
        }
        if !begins_bar.contains(&true) {
            begins_bar[0] = true;
            told = format!("bars: nothing marks them, so the first beat begins a bar of {USUAL_BAR}");
        }
        Self { at, begins_bar, told }
    }

    /// Beats that nobody marked: each bar has the usual number of them.
    fn within(bars: &TimingTrack) -> Self {
        let (mut at, mut begins_bar) = (Vec::new(), Vec::new());
        for pair in bars.marks.windows(2) {
            let (from, bar) = (pair[0].from, pair[1].from - pair[0].from);
            if bar < CLOSEST * USUAL_BAR {
                continue;
            }
            for beat in 0..USUAL_BAR {
                at.push(from + bar * beat / USUAL_BAR);
                begins_bar.push(beat == 0);
            }
        }
        if let Some(last) = bars.marks.last() {
            at.push(last.from);
            begins_bar.push(true);
        }
        let told = format!(
            "beats: only bars are marked, in {}; each is {USUAL_BAR} even beats",
            called(bars, "the file")
        );
        Self { at, begins_bar, told }
    }

    /// The usual measure, the first beat that begins a bar, and how many bars are of another measure.
    fn measure(&self) -> (Measure, usize, usize) {
        let begun: Vec<usize> = (0..self.at.len()).filter(|beat| self.begins_bar[*beat]).collect();
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for pair in begun.windows(2) {
            *counts.entry(pair[1] - pair[0]).or_default() += 1;
        }
        let usual = counts.iter().max_by_key(|(_, count)| **count).map(|(beats, _)| *beats);
        let usual = usual.filter(|beats| (1..=64).contains(beats));
        let odd = counts.iter().filter(|(beats, _)| Some(**beats) != usual).map(|(_, count)| count).sum();
        let beats = usual.map_or(USUAL_BAR, |beats| beats as u32);
        (Measure::of_beats(beats), begun.first().copied().unwrap_or(0), odd)
    }

    /// One tempo, if no beat is farther from it than can be seen.
    fn steady(&self, found: &Beats, measure: Measure) -> Option<WrittenBeats> {
        let (first, last) = (*self.at.first()?, *self.at.last()?);
        let beats = found.over_song(measure.beats(), first, last);
        let is_near = |at: &&ShowTime| nearest(&beats, **at, STEADY).is_some() || **at < beats[0];
        let is_steady = found.is_steady()
            && found.dropped() == 0
            && beats.len() >= 2
            && self.at.iter().all(|at| is_near(&at));
        if !is_steady {
            return None;
        }
        let bpm = format!("{:.3}", found.bpm());
        let bpm = bpm.trim_end_matches('0').trim_end_matches('.');
        let micros = beats[0].micros();
        let seconds = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
        let seconds = seconds.strip_suffix("000").unwrap_or(&seconds);
        let line = format!("tempo   {bpm} bpm, {measure}, first beat at {seconds} s");
        let taken = vec![format!("beats: {} marks of a steady tempo of {bpm} bpm, {measure}", self.at.len())];
        let tempo = Some(ImportedTempo::Lines(vec![line]));
        Some(WrittenBeats { beats, measure: Some(measure), tempo, taken, left: Vec::new() })
    }

    /// Each beat where it is marked.
    fn exact(&self, first: usize, measure: Measure) -> WrittenBeats {
        let beats = self.at[first..].to_vec();
        let mut taken = vec![format!("beats: {} marks become a beat map, {measure}", beats.len())];
        if first > 0 {
            let before = if first == 1 { "1 mark".to_owned() } else { format!("{first} marks") };
            taken.push(format!("{before} before the first bar: these beats are counted back as bar 0"));
        }
        WrittenBeats::mapped(beats, measure, taken)
    }

    /// A smooth curve through the marks, with those that are missing.
    fn evened(&self, found: &Beats, measure: Measure) -> WrittenBeats {
        let mut beats = found.over_taps();
        let bar = measure.beats();
        let first = found.bar_begins_at(bar).rem_euclid(i64::from(bar)) as usize;
        beats.drain(..first.min(beats.len()));
        let taken = vec![format!(
            "beats: {} marks become a beat map, {measure}; {} were missing and {} were one too many or far from a beat, so \
             the beats are a smooth curve through them",
            found.kept(),
            found.missed(),
            found.dropped()
        )];
        WrittenBeats::mapped(beats, measure, taken)
    }
}

impl WrittenBeats {
    fn mapped(beats: Vec<ShowTime>, measure: Measure, taken: Vec<String>) -> Self {
        let tempo = Some(ImportedTempo::Beats { beats: beats.clone(), measure });
        Self { beats, measure: Some(measure), tempo, taken, left: Vec::new() }
    }
}

fn called(track: &TimingTrack, otherwise: &str) -> String {
    track
        .name
        .as_deref()
        .map_or_else(|| otherwise.to_owned(), |name| format!("the track {}", super::quoted(name)))
}

/// The place of the time in `times`, which rise, that is nearest to `at`, if it is as near as `within`.
fn nearest(times: &[ShowTime], at: ShowTime, within: Duration) -> Option<usize> {
    let after = times.partition_point(|time| *time < at);
    let around = after.checked_sub(1).into_iter().chain([after]).filter(|index| *index < times.len());
    let distance = |index: &usize| if times[*index] > at { times[*index] - at } else { at - times[*index] };
    around.min_by_key(distance).filter(|index| distance(index) <= within)
}
