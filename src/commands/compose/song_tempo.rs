//! The tempo of a composed show: as it was heard, or as a person knows it. Knows no lights.

use std::path::Path;
use std::time::Duration;

use super::super::outcome::Failure;
use super::super::song_beats::{HeardFile, Kept, Target, unheard, words};
use crate::analysis::SongCorrection;
use crate::beats::{Beats, Tap};
use crate::show::Measure;
use crate::time::ShowTime;

/// What the sheet says of time.
pub(super) struct SongTempo {
    /// At least two; the first begins bar 1.
    pub(super) beats: Vec<ShowTime>,
    pub(super) measure: Measure,
    /// For the sheet.
    pub(super) line: String,
    /// The band breathes: the sheet needs a beat map.
    pub(super) has_map: bool,
    /// For a person.
    pub(super) pace: String,
}

impl SongTempo {
    /// Of the song that was heard. `map` is where its beat map would be.
    pub(super) fn of(
        heard: &HeardFile,
        target: &Target,
        map: &Path,
        correction: SongCorrection,
    ) -> Result<Self, Failure> {
        let song = &heard.song;
        let measure = Measure::of_beats(song.measure.beats() as u32);
        let [first, .., last] = &*song.beats else { return Err(unheard(target)) };
        if let Some(bpm) = correction.bpm {
            let begins = song.beats.iter().find(|beat| beat.begins_bar).unwrap_or(first).at;
            let begins = correction.first_beat.unwrap_or(begins);
            return Ok(Self::even(bpm, measure, begins, (first.at, last.at)));
        }
        let taps: Vec<Tap> =
            song.beats.iter().map(|beat| Tap { at: beat.at, begins_bar: beat.begins_bar }).collect();
        let beats = Beats::of(&taps).ok_or_else(|| unheard(target))?;
        let mut kept = Kept::whole(&beats, target, measure, (first.at, last.at));
        let has_map = !beats.is_steady();
        if let (Some(known), false) = (correction.first_beat, has_map) {
            shift(&mut kept.beats, known);
        }
        let line = match has_map {
            true => words::map_line(&map.file_name().unwrap_or_default().to_string_lossy(), measure),
            false => words::steady_line(beats.bpm(), measure, kept.beats[0]),
        };
        Ok(Self { beats: kept.beats, measure, line, has_map, pace: words::pace(&beats) })
    }

    /// Beats that are even, one of them at `begins`, in a song that is heard from `first` to `last`.
    fn even(bpm: f64, measure: Measure, begins: ShowTime, (first, last): (ShowTime, ShowTime)) -> Self {
        let beat = |number: i64| begins.micros() as f64 + number as f64 * 60e6 / bpm;
        let bar = i64::from(measure.beats());
        let mut start = 0;
        while beat(start - bar) >= first.micros() as f64 - 60e6 / bpm / 2.0 && beat(start - bar) >= 0.0 {
            start -= bar;
        }
        let end = (last.micros() as f64).max(beat(start + 1));
        let beats = (start..).map(beat).take_while(|at| *at <= end + 1.0);
        let beats: Vec<ShowTime> = beats.map(|at| ShowTime::from_micros(at.round() as u64)).collect();
        let line = words::steady_line(bpm, measure, beats[0]);
        Self {
            beats,
            measure,
            line,
            has_map: false,
            pace: format!("{} bpm, as you say", words::number(bpm, 3)),
        }
    }
}

/// Moves all beats so that the nearest one is at `known`.
fn shift(beats: &mut [ShowTime], known: ShowTime) {
    let distance = |beat: &ShowTime| beat.micros().abs_diff(known.micros());
    let Some(nearest) = beats.iter().copied().min_by_key(distance) else { return };
    for beat in beats {
        *beat = match known > nearest {
            true => *beat + (known - nearest),
            false => beat.saturating_sub(Duration::from_micros(nearest.micros() - known.micros())),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> ShowTime {
        ShowTime::from_micros(millis * 1_000)
    }

    #[test]
    fn a_known_tempo_counts_its_bars_from_the_beginning_of_the_music() {
        let four = Measure::of_beats(4);
        let tempo = SongTempo::even(120.0, four, at(8_500), (at(510), at(20_000)));
        assert_eq!((tempo.beats[0], tempo.beats[1]), (at(500), at(1_000)));
        assert_eq!(tempo.line, "tempo 120 bpm, 4/4, first beat at 0.500 s");
        // A bar that would begin before the file does not exist.
        let tempo = SongTempo::even(120.0, four, at(1_500), (at(0), at(20_000)));
        assert_eq!(tempo.beats[0], at(1_500));
    }

    #[test]
    fn the_nearest_beat_is_moved_to_the_known_one_and_the_others_with_it() {
        let mut beats = vec![at(400), at(900), at(1_400)];
        shift(&mut beats, at(930));
        assert_eq!(beats, [at(430), at(930), at(1_430)]);
        shift(&mut beats, at(400));
        assert_eq!(beats, [at(400), at(900), at(1_400)]);
    }
}
