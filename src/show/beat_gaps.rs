//! Looks for beats that were missed or tapped twice in a beat map: for gaps that do not fit those around them. Knows no
//! bars. A tempo that changes is none of these: there only the gaps on one side are of another length.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use crate::diagnosis::{Diagnoses, Diagnosis, Help, Mend, Source};
use crate::time::ShowTime;

/// A beat, and its time in the source.
pub(super) type BeatAt = (ShowTime, Range<usize>);

/// So many gaps on each side tell what is usual.
const AROUND: usize = 4;
/// Where more beats are missing at once, the music probably pauses.
const MOST_MISSING: u64 = 7;
/// No more places than this are told one by one.
const TOLD: usize = 8;
/// A beat that is put back may show that another one is too many.
const ROUNDS: usize = 8;

/// Warnings of `beats`, which rise.
pub(super) fn doubts(source: &Arc<Source>, beats: &[BeatAt]) -> Diagnoses {
    let gaps = gaps(beats.iter().map(|(at, _)| *at));
    let mut told = Diagnoses::default();
    let (mut places, mut at) = (0, 0);
    while at < gaps.len() {
        let doubt = match missing(&gaps, at) {
            Some(count) => Some(missed(source, &beats[at], &beats[at + 1], count)),
            None if is_double(&gaps, at) => {
                at += 1;
                Some(doubled(source, &beats[at], gaps[at - 1], gaps[at - 1] + gaps[at]))
            }
            None => None,
        };
        if let Some(doubt) = doubt {
            places += 1;
            if places <= TOLD {
                told.push(doubt);
            }
        }
        at += 1;
    }
    if places > TOLD {
        let title = format!("{} more beats seem to be missing or too many", places - TOLD);
        told.push(
            Diagnosis::warning(source, title)
                .help(Help::advise("play the music again, and tap every beat once")),
        );
    }
    told
}

/// `beats`, which rise, as they probably are: without those that are one too many, and with even ones where some are
/// missing. Each with its place among `beats`; without a place, it was missing.
#[must_use]
pub fn mended_beats(beats: &[ShowTime]) -> Vec<(ShowTime, Option<usize>)> {
    let mut mended: Vec<(ShowTime, Option<usize>)> = beats.iter().copied().zip((0..).map(Some)).collect();
    for _ in 0..ROUNDS {
        let gaps = gaps(mended.iter().map(|(at, _)| *at));
        let mut next = Vec::with_capacity(mended.len());
        let (mut at, mut is_mended) = (0, false);
        while let Some(beat) = mended.get(at) {
            next.push(*beat);
            let missing = if at < gaps.len() { missing(&gaps, at) } else { None };
            if let Some(count) = missing {
                let part = |nth: u64| Duration::from_micros(gaps[at] * nth / (count + 1));
                next.extend((1..=count).map(|nth| (beat.0 + part(nth), None)));
            }
            let is_double = missing.is_none() && is_double(&gaps, at);
            is_mended |= missing.is_some() || is_double;
            at += if is_double { 2 } else { 1 };
        }
        mended = next;
        if !is_mended {
            break;
        }
    }
    mended
}

/// From each to the next, in microseconds.
fn gaps(times: impl Iterator<Item = ShowTime>) -> Vec<u64> {
    let times: Vec<ShowTime> = times.collect();
    times.windows(2).map(|pair| (pair[1] - pair[0]).as_micros() as u64).collect()
}

/// How long a gap usually is around those at `place`, if it is about the same on both sides.
fn usual(gaps: &[u64], place: Range<usize>) -> Option<u64> {
    let median = |side: &[u64]| {
        let mut side = side.to_vec();
        side.sort_unstable();
        side.get(side.len() / 2).copied()
    };
    let before = median(&gaps[place.start.saturating_sub(AROUND)..place.start])?;
    let after = median(&gaps[place.end.min(gaps.len())..(place.end + AROUND).min(gaps.len())])?;
    (before.abs_diff(after) * 4 <= before.max(after)).then_some(before.midpoint(after))
}

/// How many beats are missing in the gap `at`.
fn missing(gaps: &[u64], at: usize) -> Option<u64> {
    let usual = usual(gaps, at..at + 1)?;
    let times = (gaps[at] + usual / 2) / usual;
    let is_near = gaps[at].abs_diff(times * usual) * 4 <= usual;
    (is_near && (2..=MOST_MISSING + 1).contains(&times)).then(|| times - 1)
}

/// Whether the gap `at` and the next one are as long together as one, and nearer to that than the next one and its next.
fn is_double(gaps: &[u64], at: usize) -> bool {
    let off_by = |at: usize| {
        let usual = (at + 1 < gaps.len()).then(|| usual(gaps, at..at + 2)).flatten()?;
        let off_by = (gaps[at] + gaps[at + 1]).abs_diff(usual);
        (off_by * 5 <= usual).then_some(off_by)
    };
    off_by(at).is_some_and(|off| off_by(at + 1).is_none_or(|next| off <= next))
}

fn missed(source: &Arc<Source>, (before, _): &BeatAt, (beat, span): &BeatAt, count: u64) -> Diagnosis {
    let title = match count {
        1 => format!("a beat seems to be missing between {} and {}", before.to_millis(), beat.to_millis()),
        _ => format!(
            "{count} beats seem to be missing between {} and {}",
            before.to_millis(),
            beat.to_millis()
        ),
    };
    let gap = (*beat - *before).as_micros() as u64;
    let times = (1..=count).map(|nth| seconds(before.micros() + gap * nth / (count + 1)));
    let times: Vec<String> = times.collect();
    let has_tabs = source.text()[span.start..].lines().next().is_some_and(|line| line.contains('\t'));
    let lines =
        times.iter().map(|time| if has_tabs { format!("{time}\t{time}\n") } else { format!("{time}\n") });
    let mend = Mend { span: span.start..span.start, text: lines.collect() };
    let shown = times.iter().map(|time| format!("`{time}`")).collect::<Vec<_>>().join(", ");
    let lines = if count == 1 { "a line of its own" } else { "lines of their own" };
    Diagnosis::warning(source, title)
        .at(span.clone(), format!("{} times as long after the beat above as others are", count + 1))
        .help(
            Help::write_one_of(mend.span, [mend.text])
                .said(format!("if a tap was missed, write {shown} in {lines} above this")),
        )
}

fn doubled(source: &Arc<Source>, (beat, span): &BeatAt, gap: u64, usual: u64) -> Diagnosis {
    let title = format!("the beat at {} seems to be one too many", beat.to_millis());
    let label =
        format!("only {} s after the beat above; others come after {} s", seconds(gap), seconds(usual));
    let rest = &source.text()[span.start..];
    let line = span.start..span.start + rest.find('\n').map_or(rest.len(), |end| end + 1);
    Diagnosis::warning(source, title)
        .at(span.clone(), label)
        .help(Help::write(line, "").said("if the beat was tapped twice, remove this line"))
}

/// As a label file has it, to the millisecond.
fn seconds(micros: u64) -> String {
    let millis = (micros + 500) / 1_000;
    format!("{}.{:03}", millis / 1_000, millis % 1_000)
}

#[cfg(test)]
mod tests {
    use super::super::beat_map::beats;
    use super::*;

    /// A label file with gaps of so many milliseconds.
    fn map(gaps: &[u64]) -> String {
        let mut at = 1_000;
        let mut text = "1.000\t1.000\t\n".to_owned();
        for gap in gaps {
            at += gap;
            text += &format!("{0}.{1:03}\t{0}.{1:03}\t\n", at / 1_000, at % 1_000);
        }
        text
    }

    fn told(text: &str) -> Diagnoses {
        beats(&Source::new("beats.txt", text)).unwrap().1
    }

    /// The beat map with these gaps has these warnings, and none once each of them is followed.
    #[track_caller]
    fn check(gaps: &[u64], titles: &[&str]) {
        let mut text = map(gaps);
        let found: Vec<String> = told(&text).iter().map(|doubt| doubt.title().to_owned()).collect();
        assert_eq!(found, titles, "{gaps:?}");
        for _ in titles {
            let doubts = told(&text);
            let mend = &doubts.iter().next().unwrap().mends()[0];
            text.replace_range(mend.span.clone(), &mend.text);
        }
        assert!(told(&text).is_empty(), "{text}{}", told(&text));
        // All of them at once, too.
        let (beats, _) = beats(&Source::new("beats.txt", map(gaps))).unwrap();
        let mended: String = mended_beats(&beats)
            .iter()
            .map(|(at, _)| {
                format!("{0}.{1:06}\t{0}.{1:06}\t\n", at.micros() / 1_000_000, at.micros() % 1_000_000)
            })
            .collect();
        assert!(told(&mended).is_empty(), "{mended}{}", told(&mended));
        assert_eq!(mended.lines().count(), text.lines().count());
    }

    #[test]
    fn beats_that_are_put_back_have_no_place_and_others_keep_theirs() {
        let at = |millis: u64| ShowTime::from_micros(millis * 1_000);
        let beats = [0, 500, 1_000, 2_000, 2_500, 2_600, 3_000, 3_500, 4_000].map(at);
        let mended = mended_beats(&beats);
        let places: Vec<Option<usize>> = mended.iter().map(|(_, place)| *place).collect();
        assert_eq!(places, [Some(0), Some(1), Some(2), None, Some(3), Some(4), Some(6), Some(7), Some(8)]);
        assert_eq!(mended[3].0, at(1_500));
    }

    #[test]
    fn a_gap_of_two_or_three_beats_is_a_missed_tap_or_two() {
        check(&[500, 500, 1_000, 500, 500], &["a beat seems to be missing between 0:02.000 and 0:03.000"]);
        check(
            &[510, 480, 505, 1_540, 520, 490],
            &["2 beats seem to be missing between 0:02.495 and 0:04.035"],
        );
        check(
            &[500, 500, 500, 1_000, 500, 1_000, 500, 500, 500],
            &[
                "a beat seems to be missing between 0:02.500 and 0:03.500",
                "a beat seems to be missing between 0:04.000 and 0:05.000",
            ],
        );
    }

    #[test]
    fn two_gaps_that_make_one_are_a_double_tap() {
        check(&[500, 500, 250, 250, 500, 500], &["the beat at 0:02.250 seems to be one too many"]);
        check(&[500, 500, 80, 430, 500, 500], &["the beat at 0:02.080 seems to be one too many"]);
    }

    #[test]
    fn a_tempo_that_changes_is_no_doubt() {
        check(&[500, 500, 500, 500, 1_000, 1_000, 1_000, 1_000], &[]);
        check(&[500, 500, 500, 500, 250, 250, 250, 250], &[]);
        check(&[500, 520, 560, 620, 700, 800, 950, 1_200], &[]);
        check(&[1_200, 950, 800, 700, 620, 560, 520, 500], &[]);
        check(&[500, 540, 480, 510, 750, 500, 490, 520], &[]);
        check(&[500], &[]);
    }

    #[test]
    fn of_very_many_doubts_the_first_are_told_and_the_others_counted() {
        let gaps: Vec<u64> = (0..200).map(|gap| if gap % 6 == 5 { 1_260 } else { 630 }).collect();
        let doubts = told(&map(&gaps));
        assert_eq!(doubts.warnings(), TOLD + 1);
        let last = doubts.iter().last().unwrap().title();
        assert_eq!(last, "25 more beats seem to be missing or too many");
    }
}
