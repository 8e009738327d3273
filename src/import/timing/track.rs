//! A track of marks, and what it probably is: beats, bars, named parts, or notes for a person. Judges by the texts and the
//! distances of the marks. Knows no tempo.

use std::time::Duration;

use crate::time::ShowTime;

/// A point in a song, or a stretch of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::import) struct Mark {
    pub(in crate::import) from: ShowTime,
    /// As `from` at a point.
    pub(in crate::import) to: ShowTime,
    pub(in crate::import) text: String,
}

/// Marks that belong together, in order of time.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in crate::import) struct TimingTrack {
    pub(in crate::import) name: Option<String>,
    pub(in crate::import) marks: Vec<Mark>,
    /// The words of a song, which are no parts of it.
    pub(in crate::import) is_lyrics: bool,
    /// The words and sounds below the phrases of a lyric.
    pub(in crate::import) is_detail: bool,
}

/// What a track is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Use {
    Beats,
    Bars,
    Parts,
    Remarks,
}

/// What the texts of a track count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Counting {
    /// All texts are the same, or empty.
    Nothing,
    /// 1, 2, 3, 1, 2, 3: the beats of each bar.
    InBar,
    /// 1.1, 1.2, 1.3, 2.1: bars and beats.
    BarAndBeat,
    /// 1, 2, 3, 4, 5 and so on.
    Upward,
    /// They are words, or other numbers.
    Words,
}

/// Beats are no closer than 1000 bpm, as in a beat map.
const CLOSEST: Duration = Duration::from_millis(60);
/// Slower pulses are bars: 50 bpm.
const SLOWEST_BEAT: Duration = Duration::from_millis(1_200);
const LONGEST_BAR: Duration = Duration::from_secs(8);
/// More marks than this in a bar are no beats of it.
const MOST_IN_BAR: usize = 16;
/// A shorter stretch is no part of a song.
pub(super) const SHORTEST_PART: Duration = Duration::from_secs(1);

impl TimingTrack {
    /// With the name of its file, if it has none of its own.
    pub(in crate::import) fn named(self, file: &str) -> Self {
        Self { name: self.name.or_else(|| Some(file.to_owned())), ..self }
    }

    /// What it is, also by the name of its file, if the track has none.
    pub(super) fn usage(&self, file_name: &str) -> Use {
        let named = self.name.as_deref().unwrap_or(file_name).to_lowercase();
        let is_named = |words: &[&str]| words.iter().any(|word| named.contains(word));
        let counting = self.counting();
        let usual = self.usual_gap();
        let is_pulse = counting != Counting::Words
            && self.is_even()
            && usual.is_some_and(|usual| (CLOSEST..=LONGEST_BAR).contains(&usual));
        match counting {
            _ if is_named(&["onset", "note", "lyric", "word", "phoneme"]) || self.is_lyrics => Use::Remarks,
            Counting::InBar | Counting::BarAndBeat if is_pulse => Use::Beats,
            _ if is_pulse && is_named(&["bar", "measure", "takt"]) => Use::Bars,
            _ if is_pulse && is_named(&["beat"]) => Use::Beats,
            _ if is_pulse && usual >= Some(SLOWEST_BEAT) => Use::Bars,
            // Frames of a program, and not of music.
            _ if is_pulse && usual < Some(Duration::from_millis(200)) => Use::Remarks,
            _ if is_pulse => Use::Beats,
            _ if self.marks.iter().any(Mark::is_part) => Use::Parts,
            _ => Use::Remarks,
        }
    }

    pub(super) fn counting(&self) -> Counting {
        let mut texts = self.marks.iter().map(|mark| mark.text.trim());
        let Some(first) = texts.next() else { return Counting::Nothing };
        if texts.all(|text| text == first) {
            return match self.marks.len() {
                1 => Counting::Words,
                _ => Counting::Nothing,
            };
        }
        let counted: Option<Vec<_>> = self.marks.iter().map(|mark| bar_and_beat(&mark.text)).collect();
        if counted.is_some_and(|counted| goes_on(&counted)) {
            return Counting::BarAndBeat;
        }
        let numbers: Option<Vec<usize>> =
            self.marks.iter().map(|mark| mark.text.trim().parse().ok()).collect();
        let Some(numbers) = numbers else { return Counting::Words };
        let steps = || numbers.windows(2);
        let rises = steps().filter(|pair| pair[1] == pair[0].saturating_add(1)).count();
        let begins = steps().filter(|pair| pair[1] == 1 && pair[0] != 0).count();
        match () {
            // A few may have been moved or made by hand.
            () if (rises + begins) * 10 < steps().len() * 9 => Counting::Words,
            () if begins > 0 && numbers.iter().all(|number| (1..=MOST_IN_BAR).contains(number)) => {
                Counting::InBar
            }
            () if begins == 0 => Counting::Upward,
            () => Counting::Words,
        }
    }

    /// Whether most marks are as far apart as is usual here.
    fn is_even(&self) -> bool {
        let Some(usual) = self.usual_gap() else { return false };
        let is_usual = |gap: &Duration| gap.abs_diff(usual) * 3 <= usual;
        let (even, all) = (self.gaps().filter(is_usual).count(), self.gaps().count());
        even * 4 >= all * 3
    }

    fn usual_gap(&self) -> Option<Duration> {
        let mut gaps: Vec<Duration> = self.gaps().collect();
        gaps.sort_unstable();
        gaps.get(gaps.len() / 2).copied()
    }

    fn gaps(&self) -> impl Iterator<Item = Duration> + '_ {
        self.marks.windows(2).map(|pair| pair[1].from - pair[0].from)
    }
}

impl Mark {
    /// Whether it is a named stretch of a song.
    pub(super) fn is_part(&self) -> bool {
        self.to - self.from >= SHORTEST_PART && self.text.contains(char::is_alphabetic)
    }

    /// The beat that it says, counted from 1.
    pub(super) fn beat_in_bar(&self, counting: Counting) -> Option<usize> {
        match counting {
            Counting::InBar => self.text.trim().parse().ok(),
            Counting::BarAndBeat => bar_and_beat(&self.text).map(|(_, beat)| beat),
            _ => None,
        }
    }
}

/// `9.2`.
fn bar_and_beat(text: &str) -> Option<(usize, usize)> {
    let (bar, beat) = text.trim().split_once('.')?;
    let number = |digits: &str| {
        let is_small = digits.len() <= 5 && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_small.then(|| digits.parse::<usize>().ok())?
    };
    Some((number(bar)?, number(beat).filter(|beat| (1..=MOST_IN_BAR).contains(beat))?))
}

/// Whether most beats follow the one before: seconds with a point do not.
fn goes_on(counted: &[(usize, usize)]) -> bool {
    let follows = |pair: &[(usize, usize)]| {
        let ((bar, beat), next) = (pair[0], pair[1]);
        next == (bar, beat + 1) || next == (bar + 1, 1)
    };
    let steps = counted.windows(2);
    steps.clone().filter(|pair| follows(pair)).count() * 10 >= steps.len() * 9
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(marks: &[(u64, u64, &str)]) -> TimingTrack {
        let time = |millis: u64| ShowTime::from_micros(millis * 1_000);
        let mark = |(from, to, text): &(u64, u64, &str)| Mark {
            from: time(*from),
            to: time(*to),
            text: (*text).to_owned(),
        };
        TimingTrack { marks: marks.iter().map(mark).collect(), ..TimingTrack::default() }
    }

    fn every(millis: u64, texts: &[&str]) -> TimingTrack {
        let marks: Vec<(u64, u64, &str)> =
            (0..).zip(texts).map(|(index, text)| (index * millis, index * millis, *text)).collect();
        track(&marks)
    }

    #[test]
    fn a_track_is_known_by_its_texts_and_distances() {
        let cycle = ["2", "3", "1", "2", "3", "1", "2", "3", "1"];
        assert_eq!(every(400, &cycle).usage("a"), Use::Beats);
        assert_eq!(every(2_000, &cycle).usage("a"), Use::Beats, "they count beats, however slow");
        assert_eq!(every(500, &["1.1", "1.2", "2.1", "2.2"]).usage("a"), Use::Beats);
        assert_eq!(every(500, &["1", "2", "3", "4", "5"]).usage("a"), Use::Beats);
        assert_eq!(every(1_600, &["1", "2", "3", "4", "5"]).usage("a"), Use::Bars);
        assert_eq!(every(500, &["1", "2", "3"]).usage("song-bars.txt"), Use::Bars);
        assert_eq!(every(500, &["", "", ""]).usage("a"), Use::Beats);
        assert_eq!(every(50, &["", "", ""]).usage("a"), Use::Remarks);
        assert_eq!(every(500, &["", "", ""]).usage("onsets"), Use::Remarks);
        assert_eq!(every(500, &["0.1", "0.6", "1.1"]).usage("a"), Use::Remarks);
        assert_eq!(track(&[(0, 8_000, "verse"), (8_000, 16_000, "chorus")]).usage("a"), Use::Parts);
        assert_eq!(track(&[(0, 0, "here"), (9_000, 9_000, "there")]).usage("a"), Use::Remarks);
        assert_eq!(track(&[(0, 0, ""), (900, 900, ""), (9_000, 9_000, "")]).usage("a"), Use::Remarks);
    }
}
