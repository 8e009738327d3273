//! One grid of beats through all the tempi of a song, as a beat map can hold it. Knows no notes.
//!
//! Each section of a song has its own beginning and tempo. The grid has their beats at their exact times, and goes on in
//! the old tempo where no section plays. Sections that play at the same time with other beats are not in it.

use crate::time::ShowTime;

use super::song::TempoPart;

/// Closer beats are no beats for a beat map.
const CLOSEST: u64 = 60_000;
/// A beat rounded to a microsecond is off by at most this.
const ROUNDED: u64 = 1;

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct BeatGrid {
    /// In microseconds, rising; two at least.
    beats: Vec<u64>,
}

fn micros(seconds: f64) -> u64 {
    (seconds * 1e6).round() as u64
}

impl BeatGrid {
    /// `None` if the song has not two beats that a beat map can hold.
    pub(super) fn through(parts: &[TempoPart]) -> Option<Self> {
        let mut parts: Vec<&TempoPart> = parts.iter().filter(|part| micros(part.tempo) >= CLOSEST).collect();
        parts.sort_by(|one, other| one.start.total_cmp(&other.start));
        let mut beats: Vec<u64> = Vec::new();
        let mut tempo = 0.0;
        for part in parts {
            let first = micros(part.time_of(1));
            if let Some(last) = beats.last().copied() {
                if first < last + CLOSEST {
                    continue;
                }
                // On in the old tempo, as long as the first beat of this part is not nearer than half a beat.
                let steps = ((first - last) as f64 / (tempo * 1e6)).round().max(1.0) as u32;
                let on = (1..steps).map(|step| last + micros(f64::from(step) * tempo));
                beats.extend(on.filter(|beat| beat + CLOSEST <= first));
            }
            beats.extend((1..=part.beats).map(|beat| micros(part.time_of(beat))));
            beats.dedup();
            tempo = part.tempo;
        }
        // The last beat has its own length, too.
        beats.extend(beats.last().map(|last| last + micros(tempo)));
        let rise = beats.windows(2).all(|pair| pair[0] + CLOSEST <= pair[1]);
        (beats.len() >= 2 && rise).then_some(Self { beats })
    }

    pub(super) fn times(&self) -> Vec<ShowTime> {
        self.beats.iter().map(|beat| ShowTime::from_micros(*beat)).collect()
    }

    /// Where the first beat of `part` is in the grid, counted from 0, if all of its beats are.
    pub(super) fn first_of(&self, part: &TempoPart) -> Option<u32> {
        let first = micros(part.time_of(1));
        let at = self.beats.partition_point(|beat| beat + ROUNDED < first);
        let is_there = |beat: u32| {
            let there = self.beats.get(at + beat as usize - 1);
            there.is_some_and(|there| there.abs_diff(micros(part.time_of(beat))) <= ROUNDED)
        };
        (1..=part.beats).all(is_there).then(|| u32::try_from(at).ok()).flatten()
    }

    /// Which beat is at `time` exactly, counted from 0.
    pub(super) fn beat_at(&self, time: ShowTime) -> Option<u32> {
        self.beats.binary_search(&time.micros()).ok().and_then(|beat| u32::try_from(beat).ok())
    }

    /// The time of a place in the grid, in microseconds: `past` beats after the beat `beat`, counted from 0.
    pub(super) fn micros_at(&self, beat: u32, past: f64) -> f64 {
        let last_gap = self.beats.len() - 2;
        let place = f64::from(beat) + past;
        let whole = (place.floor() as usize).min(last_gap);
        let (from, to) = (self.beats[whole] as f64, self.beats[whole + 1] as f64);
        from + (place - whole as f64) * (to - from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(start: f64, tempo: f64, beats: u32) -> TempoPart<'static> {
        TempoPart { section: 0, start, tempo, beats, sequences: &[] }
    }

    #[test]
    fn beats_of_all_sections_are_in_the_grid_and_it_goes_on_between_them() {
        let parts = [part(1.0, 0.5, 4), part(4.7, 0.6, 2)];
        let grid = BeatGrid::through(&parts).unwrap();
        let beats = [1_000_000, 1_500_000, 2_000_000, 2_500_000, 3_000_000, 3_500_000, 4_000_000];
        assert_eq!(grid.beats, [&beats[..], &[4_700_000, 5_300_000, 5_900_000]].concat());
        assert_eq!((grid.first_of(&parts[0]), grid.first_of(&parts[1])), (Some(0), Some(7)));
        assert_eq!(grid.micros_at(7, 0.5), 5_000_000.0);
        assert_eq!(grid.micros_at(9, 1.0), 6_500_000.0);
    }

    #[test]
    fn a_section_that_plays_beside_another_is_not_in_the_grid_unless_its_beats_are() {
        let parts = [part(1.0, 0.5, 8), part(2.0, 0.7, 3), part(2.0, 0.5, 4)];
        let grid = BeatGrid::through(&parts).unwrap();
        assert_eq!((grid.first_of(&parts[1]), grid.first_of(&parts[2])), (None, Some(2)));
    }

    #[test]
    fn a_single_beat_has_its_length_and_too_quick_ones_are_no_beats() {
        assert_eq!(BeatGrid::through(&[part(1.0, 0.5, 1)]).unwrap().beats, [1_000_000, 1_500_000]);
        assert_eq!(BeatGrid::through(&[part(1.0, 0.05, 9)]), None);
    }
}
