//! How many beats each bar of a song has, by the beats that begin one. Knows no times.

use std::collections::BTreeMap;

use crate::show::Measure;

/// If nothing says how many beats a bar has.
pub(super) const USUAL_BAR: u32 = 4;
/// Where no bar begins for more beats, none is marked.
const LONGEST_BAR: usize = 16;
/// A sheet with more changes cannot be read by a person.
const MOST_CHANGES: usize = 64;
/// Of more changes, the first ones are told.
const TOLD: usize = 4;

/// The bars of a song. Its beats count from 0, the first of bar 1.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct SongBars {
    /// Never empty, in order.
    stretches: Vec<BarStretch>,
    /// How many bars are not as they are marked.
    odd: usize,
}

/// From `beat` on, which begins bar `bar`, bars have so many beats.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct BarStretch {
    beat: usize,
    bar: usize,
    beats: usize,
}

impl SongBars {
    /// By the beats that begin a bar, which rise. The first begins bar 1, whatever its number is.
    pub(super) fn of(begun: &[usize]) -> Self {
        let marked: Vec<usize> = begun.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let bars = with_unmarked(&marked);
        let mut changing = Self { stretches: Vec::new(), odd: 0 };
        let (mut beat, mut bar) = (0, 1);
        for equal in bars.chunk_by(|one, next| one == next) {
            changing.stretches.push(BarStretch { beat, bar, beats: equal[0] });
            (beat, bar) = (beat + equal[0] * equal.len(), bar + equal.len());
        }
        if (1..=MOST_CHANGES + 1).contains(&changing.stretches.len()) {
            return changing;
        }
        let usual = most_frequent(&bars).unwrap_or(USUAL_BAR as usize);
        let odd = bars.iter().filter(|beats| **beats != usual).count();
        Self { stretches: vec![BarStretch { beat: 0, bar: 1, beats: usual }], odd }
    }

    /// `beat` as a sheet writes it.
    pub(super) fn place(&self, beat: usize) -> String {
        let begun = self.stretches.partition_point(|stretch| stretch.beat <= beat);
        let BarStretch { beat: first, bar, beats } = self.stretches[begun.saturating_sub(1)];
        format!("{}.{}", bar + (beat - first) / beats, (beat - first) % beats + 1)
    }

    /// From which bar on bars are of which measure; the first is from bar 1.
    pub(super) fn measures(&self) -> Vec<(i64, Measure)> {
        let measure = |stretch: &BarStretch| (stretch.bar as i64, Measure::of_beats(stretch.beats as u32));
        self.stretches.iter().map(measure).collect()
    }

    /// "3/4, 4/4 from bar 9 on"
    pub(super) fn told(&self) -> String {
        let measures = self.measures();
        let told = measures.iter().take(1 + TOLD).map(|(bar, measure)| match bar {
            1 => measure.to_string(),
            bar => format!("{measure} from bar {bar} on"),
        });
        let told = told.collect::<Vec<_>>().join(", ");
        match measures.len().checked_sub(1 + TOLD).filter(|more| *more > 0) {
            Some(1) => told + ", and 1 more change",
            Some(more) => told + &format!(", and {more} more changes"),
            None => told,
        }
    }

    /// What is not as it is marked, if anything.
    pub(super) fn left(&self) -> Option<String> {
        let bars = match self.odd {
            0 => return None,
            1 => "1 bar has".to_owned(),
            odd => format!("{odd} bars have"),
        };
        Some(format!(
            "{bars} more or fewer than {} beats in the file, and a sheet changes its measure at most {MOST_CHANGES} times; the \
             bars after them are counted on evenly",
            self.stretches[0].beats
        ))
    }
}

/// How many beats the bars have that are `marked`: a single one as long as several of those beside it is several of them, and
/// where none is marked for long, they go on as before.
fn with_unmarked(marked: &[usize]) -> Vec<usize> {
    let mut bars: Vec<usize> = Vec::with_capacity(marked.len());
    for (at, beats) in marked.iter().copied().enumerate() {
        let next = marked.get(at + 1).copied();
        let beside = [bars.last().copied(), next, Some(USUAL_BAR as usize)];
        let usual = beside.into_iter().flatten().find(|beside| *beside <= LONGEST_BAR);
        let usual = usual.unwrap_or(USUAL_BAR as usize);
        let is_alone = bars.last() != Some(&beats) && next != Some(beats);
        if beats > LONGEST_BAR || (is_alone && marked.len() > 1 && beats.is_multiple_of(usual)) {
            bars.extend(std::iter::repeat_n(usual, beats / usual));
            bars.extend(Some(beats % usual).filter(|rest| *rest > 0));
        } else {
            bars.push(beats);
        }
    }
    bars
}

fn most_frequent(bars: &[usize]) -> Option<usize> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    bars.iter().for_each(|beats| *counts.entry(*beats).or_default() += 1);
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(beats, _)| beats)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bars with so many beats.
    #[track_caller]
    fn check(beats: &[usize], told: &str) {
        let mut at = 0;
        let begun = beats.iter().map(|beats| {
            at += beats;
            at
        });
        let begun: Vec<usize> = [0].into_iter().chain(begun).collect();
        assert_eq!(SongBars::of(&begun).told(), told, "{beats:?}");
    }

    #[test]
    fn a_measure_holds_until_bars_have_other_beats() {
        check(&[], "4/4");
        check(&[3], "3/4");
        check(&[6, 6, 6], "6/8");
        check(&[3, 3, 3, 4, 4], "3/4, 4/4 from bar 4 on");
        check(&[4, 4, 2, 4, 4], "4/4, 2/4 from bar 3 on, 4/4 from bar 4 on");
        check(
            &[3, 4].repeat(4),
            "3/4, 4/4 from bar 2 on, 3/4 from bar 3 on, 4/4 from bar 4 on, 3/4 from bar 5 on, and 3 more changes",
        );
    }

    #[test]
    fn a_bar_whose_mark_is_missing_is_no_change() {
        check(&[4, 4, 8, 4, 12, 4], "4/4");
        check(&[6, 3, 3], "3/4");
        check(&[4, 4, 101, 3, 3], "4/4, 1/4 from bar 28 on, 3/4 from bar 29 on");
        check(&[8, 8, 8, 4, 4, 4], "8/8, 4/4 from bar 4 on");
    }

    #[test]
    fn a_beat_has_its_place_in_every_measure() {
        let bars = SongBars::of(&[7, 10, 13, 17, 21]);
        let places: Vec<String> = [0, 2, 3, 6, 9, 10, 14].map(|beat| bars.place(beat)).to_vec();
        assert_eq!(places, ["1.1", "1.3", "2.1", "3.1", "3.4", "4.1", "5.1"]);
    }

    #[test]
    fn very_many_changes_are_one_measure() {
        let begun: Vec<usize> = (0..400)
            .scan(0, |at, bar| Some(std::mem::replace(at, *at + if bar % 3 == 0 { 3 } else { 4 })))
            .collect();
        let bars = SongBars::of(&begun);
        assert_eq!(bars.told(), "4/4");
        assert!(bars.left().is_some_and(|left| left.starts_with("133 bars have")), "{:?}", bars.left());
    }
}
