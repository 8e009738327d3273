//! The tempo of a song by its marks of beats and bars. Knows no cues.

use std::time::Duration;

use super::bars::{SongBars, USUAL_BAR};
use super::track::{Mark, TimingTrack};
use crate::beats::{Beats, Tap};
use crate::import::imported::{Imported, ImportedTempo};
use crate::show::mended_beats;
use crate::time::ShowTime;

/// Two beats nearer than this are one, as in a beat map.
const CLOSEST: Duration = Duration::from_millis(60);
/// A bar mark is of the beat that is nearer than this.
const NEAR: Duration = Duration::from_millis(120);
/// A place this near to a beat is that beat: nobody sees the difference.
const ON_THE_BEAT: Duration = Duration::from_millis(25);
/// Nobody sees whether a beat is off by less.
const STEADY: Duration = Duration::from_millis(20);
/// Of more marks, one tempo is not looked for.
const MOST_TAPS: usize = 10_000;

/// The beats of a song in one of the ways in which a sheet can say them.
#[derive(Clone, Debug, Default)]
pub(super) struct WrittenBeats {
    /// The first begins bar 1. Empty without a tempo.
    beats: Vec<ShowTime>,
    bars: Option<SongBars>,
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
    /// A track that says nothing of use.
    left: Option<String>,
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
        let mut ways: Vec<Self> = marked.steady().into_iter().collect();
        ways.push(marked.exact());
        ways.push(marked.mended());
        for way in &mut ways {
            way.taken.push(marked.told.clone());
            way.left.extend(marked.left.clone());
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
        match (&self.bars, nearest(&self.beats, time, ON_THE_BEAT)) {
            (Some(bars), Some(beat)) => bars.place(beat),
            _ => time.to_string(),
        }
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
        let (mut told, mut left) = ("bars: as the marks of the beats count them".to_owned(), None);
        if let Some(bars) = bars {
            let begins = |bar: &Mark| nearest(&at, bar.from, NEAR);
            let begun: Vec<usize> = bars.marks.iter().filter_map(begins).collect();
            let called = called(bars, "the track of bars");
            if begun.len() * 2 >= bars.marks.len() {
                begins_bar.fill(false);
                begun.iter().for_each(|beat| begins_bar[*beat] = true);
                told = format!("bars: as {called} marks them");
            } else {
                left = Some(format!("{called}: most of its bars begin beside the beats"));
            }
        }
        if !begins_bar.contains(&true) {
            begins_bar[0] = true;
            told = format!("bars: nothing marks them, so the first beat begins a bar of {USUAL_BAR}");
        }
        Self { at, begins_bar, told, left }
    }

    /// Beats that nobody marked: each bar has the usual number of them.
    fn within(bars: &TimingTrack) -> Self {
        let (mut at, mut begins_bar) = (Vec::new(), Vec::new());
        let marks: Vec<ShowTime> = bars.marks.iter().map(|mark| mark.from).collect();
        let marks: Vec<ShowTime> = mended_beats(&marks).into_iter().map(|(mark, _)| mark).collect();
        for pair in marks.windows(2) {
            let (from, bar) = (pair[0], pair[1] - pair[0]);
            if bar < CLOSEST * USUAL_BAR {
                continue;
            }
            for beat in 0..USUAL_BAR {
                at.push(from + bar * beat / USUAL_BAR);
                begins_bar.push(beat == 0);
            }
        }
        if let Some(last) = marks.last() {
            at.push(*last);
            begins_bar.push(true);
        }
        let told = format!(
            "beats: only bars are marked, in {}; each is {USUAL_BAR} even beats",
            called(bars, "the file")
        );
        Self { at, begins_bar, told, left: None }
    }

    /// One tempo, if no beat is farther from it than can be seen.
    fn steady(&self) -> Option<WrittenBeats> {
        if self.at.len() > MOST_TAPS {
            return None;
        }
        let taps = self.at.iter().zip(&self.begins_bar);
        let taps: Vec<Tap> = taps.map(|(at, begins_bar)| Tap { at: *at, begins_bar: *begins_bar }).collect();
        let found = Beats::of(&taps).filter(|found| found.is_steady() && found.dropped() == 0)?;
        // As the sheet says it.
        let bpm = (found.bpm() * 1_000.0).round() / 1_000.0;
        let first = found.time_of(0).unwrap_or(ShowTime::ZERO);
        let at = |beat: i64| first + Duration::from_secs_f64(beat as f64 * 60.0 / bpm);
        let mut beats: Vec<ShowTime> = found.tapped().map(at).collect();
        let numbers: Option<Vec<usize>> = self.at.iter().map(|at| nearest(&beats, *at, STEADY)).collect();
        let numbers = numbers?.into_iter().zip(&self.begins_bar);
        let begun: Vec<usize> = numbers.filter(|(_, begins)| **begins).map(|(number, _)| number).collect();
        let bars = SongBars::of(&begun);
        beats.drain(..begun.first().copied().unwrap_or(0));
        let first = beats.first()?.micros();
        let seconds = format!("{}.{:06}", first / 1_000_000, first % 1_000_000);
        let seconds = seconds.strip_suffix("000").unwrap_or(&seconds);
        let mut lines = Vec::new();
        for (bar, measure) in bars.measures() {
            lines.push(match bar {
                1 => format!("tempo   {bpm} bpm, {measure}, first beat at {seconds} s"),
                bar => format!("tempo   {measure} from {bar}.1"),
            });
        }
        let told = format!("beats: {} marks of a steady tempo of {bpm} bpm, {}", self.at.len(), bars.told());
        Some(WrittenBeats::of(beats, bars, ImportedTempo::Lines(lines), told))
    }

    /// Each beat where it is marked.
    fn exact(&self) -> WrittenBeats {
        let mut way = self.mapped(self.at.iter().copied().zip((0..).map(Some)).collect(), "");
        let first = self.begins_bar.iter().position(|begins| *begins).unwrap_or(0);
        if first > 0 {
            let before = if first == 1 { "1 mark".to_owned() } else { format!("{first} marks") };
            way.taken.push(format!("{before} before the first bar: these beats are counted back as bar 0"));
        }
        way
    }

    /// The same, without marks that are one too many, and with even beats where some are missing.
    fn mended(&self) -> WrittenBeats {
        let beats = mended_beats(&self.at);
        let kept = beats.iter().filter(|(_, mark)| mark.is_some()).count();
        let (missing, too_many) = (beats.len() - kept, self.at.len() - kept);
        let told =
            [(missing, "missing and put evenly between the others"), (too_many, "one too many and left out")];
        let told = told
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("; {count} {} {what}", if *count == 1 { "is" } else { "are" }));
        let told: String = told.collect();
        self.mapped(beats, &told)
    }

    /// A beat map of `beats`, each with its mark.
    fn mapped(&self, beats: Vec<(ShowTime, Option<usize>)>, mended: &str) -> WrittenBeats {
        let begins = |(_, mark): &(ShowTime, Option<usize>)| mark.is_some_and(|mark| self.begins_bar[mark]);
        let begun: Vec<usize> = (0..beats.len()).filter(|beat| begins(&beats[*beat])).collect();
        let bars = SongBars::of(&begun);
        let beats: Vec<ShowTime> =
            beats.into_iter().skip(begun.first().copied().unwrap_or(0)).map(|(at, _)| at).collect();
        let told = format!("beats: {} marks become a beat map, {}{mended}", self.at.len(), bars.told());
        let tempo = ImportedTempo::Beats { beats: beats.clone(), measures: bars.measures() };
        WrittenBeats::of(beats, bars, tempo, told)
    }
}

impl WrittenBeats {
    fn of(beats: Vec<ShowTime>, bars: SongBars, tempo: ImportedTempo, told: String) -> Self {
        let left = bars.left().into_iter().collect();
        Self { beats, bars: Some(bars), tempo: Some(tempo), taken: vec![told], left }
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
