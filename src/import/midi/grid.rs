//! Bars and beats of a MIDI file as a sheet can write them, and how far off that is from the file's own clock. Knows no
//! notes.

use std::time::Duration;

use super::reader::TickDivision;
use super::song::MidiSong;
use super::tick_clock::{TickClock, USUAL_TEMPO};
use crate::import::beat_words;
use crate::import::imported::ImportedTempo;
use crate::show::Measure;
use crate::time::ShowTime;

/// A place that is farther off than this is written by the clock.
const NEAR: Duration = Duration::from_micros(250);
/// A person reads no more tempo lines.
const MOST_LINES: usize = 64;
/// With a beat map, each change of the measure is a line.
const MOST_MEASURES: usize = 512;
/// Fractions of a beat that a person reads.
const PARTS: [u64; 11] = [1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 24];
/// As `Measure` and tempo lines allow.
const PACES: std::ops::RangeInclusive<u64> = 10_000..=1_000_000; // beats a minute, in thousandths
/// Of more beats no map is made.
const MOST_BEATS: u64 = 100_000;
const USUAL_MEASURE: (u8, u32) = (4, 4);

/// A way to count the beats of a file.
#[derive(Clone, Debug)]
pub(super) struct MidiGrid {
    pub(super) tempo: Option<ImportedTempo>,
    measures: Vec<MeasureStretch>,
    /// When each beat is by the sheet, in microseconds: of a beat map, or of tempo lines.
    paces: Vec<(f64, f64, f64)>,
    quarter: u64,
}

/// From beat `beat` on, which begins bar `bar`.
#[derive(Clone, Copy, Debug)]
struct MeasureStretch {
    tick: u64,
    beat: u64,
    bar: u64,
    beats: u64,
    note: u64,
}

impl MidiGrid {
    /// The ways of `song`, the best first; the last is the clock alone.
    pub(super) fn ways(song: &MidiSong, clock: &TickClock) -> Vec<Self> {
        let none = Self { tempo: None, measures: Vec::new(), paces: Vec::new(), quarter: 0 };
        let TickDivision::Quarter(quarter) = song.division else { return vec![none] };
        let quarter = u64::from(quarter);
        let mut ways = Vec::new();
        if let Some(measures) = stretches(&song.measures, quarter) {
            ways.extend(lines(song, clock, &measures, quarter));
            ways.extend(map(song, clock, &measures, quarter));
        }
        ways.push(none);
        ways
    }

    /// `tick` as a sheet writes it, if it is a bar and beat there that is at `time`.
    pub(super) fn place(&self, tick: u64, time: ShowTime) -> Option<String> {
        let stretch = self.stretch_at(tick)?;
        let (count, of) = ((tick - stretch.tick) * stretch.note, 4 * self.quarter);
        let (beats, rest) = (count / of, count % of);
        let written = self.time_of((stretch.beat + beats) as f64 + rest as f64 / of as f64)?;
        if (written - time.micros() as f64).abs() > NEAR.as_micros() as f64 {
            return None;
        }
        let parts = PARTS.into_iter().find(|parts| (rest * parts).is_multiple_of(of))?;
        let past = match (rest * parts / of, parts) {
            (0, _) => String::new(),
            (1, 4) => "e".to_owned(),
            (1, 2) => "&".to_owned(),
            (3, 4) => "a".to_owned(),
            (count, parts) => format!("+{count}/{parts}"),
        };
        Some(format!("{}.{}{past}", stretch.bar + beats / stretch.beats, beats % stretch.beats + 1))
    }

    /// From tick `from` to tick `to` as a length in beats, if a person can read it.
    pub(super) fn length(&self, from: u64, to: u64) -> Option<String> {
        if !self.has_same_beats(from, to) {
            return None;
        }
        let note = self.stretch_at(from)?.note;
        let (count, of) = ((to - from) * note, 4 * self.quarter);
        let parts = PARTS.into_iter().find(|parts| (count * parts).is_multiple_of(of))?;
        beat_words::length((count * parts / of) as f64 / parts as f64)
    }

    fn stretch_at(&self, tick: u64) -> Option<&MeasureStretch> {
        let begun = self.measures.partition_point(|stretch| stretch.tick <= tick);
        self.measures.get(begun.checked_sub(1)?)
    }

    /// Whether beats are of the same notes from tick `from` to tick `to`.
    pub(super) fn has_same_beats(&self, from: u64, to: u64) -> bool {
        let begun = |tick| self.measures.partition_point(|stretch| stretch.tick <= tick);
        let stretches = &self.measures[begun(from).saturating_sub(1)..begun(to)];
        stretches.windows(2).all(|pair| pair[0].note == pair[1].note)
    }

    fn time_of(&self, beat: f64) -> Option<f64> {
        let begun = self.paces.partition_point(|(begin, ..)| *begin <= beat);
        let (begin, at, each) = self.paces.get(begun.checked_sub(1)?)?;
        Some(at + (beat - begin) * each)
    }
}

/// `None` if a measure changes within a bar, or is one that no sheet can write.
fn stretches(changes: &[(u64, (u8, u32))], quarter: u64) -> Option<Vec<MeasureStretch>> {
    let usual = changes.first().is_none_or(|(tick, _)| *tick > 0).then_some((0, USUAL_MEASURE));
    let mut found: Vec<MeasureStretch> = Vec::new();
    for (tick, (beats, note)) in usual.into_iter().chain(changes.iter().copied()) {
        let (beats, note) = (u64::from(beats), u64::from(note));
        if beats > 64 {
            return None;
        }
        let (beat, bar) = match found.last() {
            None => (0, 1),
            Some(last) => {
                let (count, of) = ((tick - last.tick) * last.note, 4 * quarter);
                if !count.is_multiple_of(of * last.beats) {
                    return None;
                }
                (last.beat + count / of, last.bar + count / of / last.beats)
            }
        };
        found.push(MeasureStretch { tick, beat, bar, beats, note });
    }
    Some(found)
}

/// Tempo lines, if they are few, and as exact as the ear.
fn lines(song: &MidiSong, clock: &TickClock, measures: &[MeasureStretch], quarter: u64) -> Option<MidiGrid> {
    let mut ticks: Vec<u64> = song.tempi.iter().map(|(tick, _)| *tick).collect();
    ticks.extend(measures.iter().map(|stretch| stretch.tick));
    ticks.sort_unstable();
    ticks.dedup();
    if ticks.len() > MOST_LINES {
        return None;
    }
    let mut grid = MidiGrid { tempo: None, measures: measures.to_vec(), paces: Vec::new(), quarter };
    let mut lines = Vec::new();
    for tick in ticks {
        let stretch = measures[measures.partition_point(|stretch| stretch.tick <= tick).checked_sub(1)?];
        let micros = song.tempi.iter().rev().find(|(begin, _)| *begin <= tick);
        let micros = u64::from(micros.map_or(USUAL_TEMPO, |(_, micros)| *micros));
        let (count, of) = ((tick - stretch.tick) * stretch.note, 4 * quarter);
        if !count.is_multiple_of(of) {
            return None; // within a beat
        }
        let beat = stretch.beat + count / of;
        // Beats a minute in thousandths, to the nearest.
        let (minute, length) = (60_000_000_000 * stretch.note, micros * 4);
        let bpm = (minute + length / 2) / length;
        if !PACES.contains(&bpm) {
            return None;
        }
        let at = if grid.paces.is_empty() {
            clock.time_of(tick).micros() as f64
        } else {
            grid.time_of(beat as f64)?
        };
        grid.paces.push((beat as f64, at, 60e9 / bpm as f64));
        let bpm = format!("{}.{:03}", bpm / 1_000, bpm % 1_000);
        let bpm = bpm.trim_end_matches('0').trim_end_matches('.');
        let measure = format!("{}/{}", stretch.beats, stretch.note);
        let within = count / of;
        let place = format!("{}.{}", stretch.bar + within / stretch.beats, within % stretch.beats + 1);
        lines.push(match (lines.is_empty(), tick == stretch.tick && tick > 0) {
            (true, _) => format!("tempo   {bpm} bpm, {measure}, first beat at 0.000 s"),
            (false, true) => format!("tempo   {bpm} bpm, {measure} from {place}"),
            (false, false) => format!("tempo   {bpm} bpm from {place}"),
        });
    }
    // A sheet counts in thousandths of a beat a minute: over a long song that may add up.
    let last = song.notes.iter().map(|note| note.to).max().unwrap_or(song.end);
    let stretch = measures.last()?;
    let beat = stretch.beat as f64
        + (last.max(stretch.tick) - stretch.tick) as f64 * stretch.note as f64 / (4 * quarter) as f64;
    let off = grid.time_of(beat)? - clock.time_of(last.max(stretch.tick)).micros() as f64;
    if off.abs() > NEAR.as_micros() as f64 {
        return None;
    }
    grid.tempo = Some(ImportedTempo::Lines(lines));
    Some(grid)
}

/// A beat map, one beat each, at the file's own times.
fn map(song: &MidiSong, clock: &TickClock, measures: &[MeasureStretch], quarter: u64) -> Option<MidiGrid> {
    let last = song.notes.iter().map(|note| note.to).max().unwrap_or(song.end);
    let begun = measures.partition_point(|stretch| stretch.tick <= last);
    let measures = &measures[..begun];
    if measures.len() > MOST_MEASURES {
        return None;
    }
    let mut beats: Vec<ShowTime> = Vec::new();
    for (stretch, next) in measures.iter().zip(1..) {
        if !(4 * quarter).is_multiple_of(stretch.note) {
            return None;
        }
        let each = 4 * quarter / stretch.note;
        // The next measure begins with a bar; the last beat has its length, too.
        let end = measures.get(next).map_or(last + 2 * each, |next| next.tick);
        let count = (end - stretch.tick) / each;
        if beats.len() as u64 + count > MOST_BEATS {
            return None;
        }
        beats.extend((0..count).map(|beat| clock.time_of(stretch.tick + beat * each)));
    }
    let paces = beats.windows(2).zip(0..);
    let paces = paces
        .map(|(pair, beat)| {
            let (at, next) = (pair[0].micros() as f64, pair[1].micros() as f64);
            (f64::from(beat), at, next - at)
        })
        .collect();
    let of_bar = |stretch: &MeasureStretch| {
        let measure: Measure = format!("{}/{}", stretch.beats, stretch.note).parse().ok()?;
        Some((stretch.bar as i64, measure))
    };
    let written = measures.iter().map(of_bar).collect::<Option<Vec<_>>>()?;
    let tempo = Some(ImportedTempo::Beats { beats, measures: written });
    Some(MidiGrid { tempo, measures: measures.to_vec(), paces, quarter })
}
