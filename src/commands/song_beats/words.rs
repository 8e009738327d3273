//! What is said of beats and tempi. Knows no files.

use crate::beats::Beats;
use crate::commands::printed::counted;
use crate::show::Measure;
use crate::time::ShowTime;

/// Of 100 songs in which beats are surer than this, they are right in about 90; if surer than the second, in 80; else
/// in 60.
const SURE: f32 = 0.6;
pub(in crate::commands) const LIKELY: f32 = 0.45;

/// "120 bpm, the same all along; the taps say 119.98, give or take 0.03".
pub(in crate::commands) fn tempo(beats: &Beats) -> String {
    let pace = pace(beats);
    match beats.measured_bpm() {
        Some((measured, error)) if error >= 0.001 => {
            format!("{pace}; the taps say {measured:.2}, give or take {error:.2}")
        }
        _ => pace,
    }
}

/// "120 bpm, the same all along".
pub(in crate::commands) fn pace(beats: &Beats) -> String {
    if beats.is_steady() {
        return format!("{} bpm, the same all along", number(beats.bpm(), 3));
    }
    let (slow, fast) = beats.bpm_range();
    format!("{} bpm on the whole; it breathes from {slow:.0} to {fast:.0}", number(beats.bpm(), 1))
}

/// "the taps are 18 ms off their beats".
pub(in crate::commands) fn scatter(beats: &Beats) -> String {
    format!(
        "the taps are {} ms off their beats (standard deviation)",
        (beats.scatter().as_secs_f64() * 1e3).round()
    )
}

/// "64 taps count, 2 were dropped, 3 beats were missed".
pub(in crate::commands) fn taps(beats: &Beats) -> String {
    let verb = if beats.kept() == 1 { "counts" } else { "count" };
    let were = |count: usize| if count == 1 { "was" } else { "were" };
    let (dropped, missed) = (beats.dropped(), beats.missed() as usize);
    let taps = counted(beats.kept(), "tap");
    let missed_beats = counted(missed, "beat");
    format!("{taps} {verb}, {dropped} {} dropped, {missed_beats} {} missed", were(dropped), were(missed))
}

/// What makes the result doubtful: a third of the taps or more fit no beat.
pub(in crate::commands) fn doubt(beats: &Beats) -> Option<String> {
    let dropped = beats.dropped();
    (dropped * 3 >= beats.kept() + dropped).then(|| {
        format!(
            "{dropped} of {} taps fit no beat, so this may be wrong; if the sound stood still, tap again",
            beats.kept() + dropped
        )
    })
}

/// `tempo 120 bpm, 4/4, first beat at 0.420 s`.
pub(in crate::commands) fn steady_line(bpm: f64, measure: Measure, first: ShowTime) -> String {
    // No hand is more exact than a millisecond.
    let millis = (first.micros() + 500) / 1_000;
    let seconds = format!("{}.{:03}", millis / 1_000, millis % 1_000);
    format!("tempo {} bpm, {measure}, first beat at {seconds} s", number(bpm, 3))
}

/// `tempo map porch-beats.txt, 4/4`.
pub(in crate::commands) fn map_line(map: &str, measure: Measure) -> String {
    let is_plain = map.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '_' | '-'));
    match is_plain {
        true => format!("tempo map {map}, {measure}"),
        false => format!("tempo map \"{map}\", {measure}"),
    }
}

/// How sure what was heard is, from 0 to 1, in a word.
pub(in crate::commands) fn sureness(share: f32) -> &'static str {
    match share {
        SURE.. => "sure",
        LIKELY.. => "likely",
        _ => "doubtful",
    }
}

/// With so many decimals at most, and no zeros at the end.
pub(in crate::commands) fn number(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::beats::Tap;

    #[test]
    fn tempo_lines_are_as_exact_as_needed() {
        let common = Measure::of_beats(4);
        for (bpm, micros, line) in [
            (120.0, 420_000, "tempo 120 bpm, 4/4, first beat at 0.420 s"),
            (119.98, 1_000_501, "tempo 119.98 bpm, 4/4, first beat at 1.001 s"),
            (98.765, 0, "tempo 98.765 bpm, 4/4, first beat at 0.000 s"),
        ] {
            assert_eq!(steady_line(bpm, common, ShowTime::from_micros(micros)), line);
        }
        assert_eq!(map_line("a-beats.txt", common), "tempo map a-beats.txt, 4/4");
        assert_eq!(map_line("a b.txt", common), "tempo map \"a b.txt\", 4/4");
    }

    #[test]
    fn a_result_of_few_taps_among_many_is_doubted() {
        let tap = |millis: u64| Tap { at: ShowTime::from_micros(millis * 1_000), begins_bar: false };
        let steady = || (1..=24).map(|beat| tap(beat * 500));
        assert_eq!(doubt(&Beats::of(&steady().collect::<Vec<_>>()).unwrap()), None);
        // The sound stands still while somebody taps on.
        let stalled: Vec<Tap> = steady().chain((0..14).map(|late| tap(12_010 + late))).collect();
        let told = doubt(&Beats::of(&stalled).unwrap()).unwrap();
        assert_eq!(
            told,
            "14 of 38 taps fit no beat, so this may be wrong; if the sound stood still, tap again"
        );
    }

    #[test]
    fn one_of_anything_is_no_plural() {
        let tap = |beat: u64| Tap { at: ShowTime::from_micros(beat * 500_000), begins_bar: false };
        let tapped: Vec<Tap> = (2..20).filter(|beat| *beat != 9).map(tap).collect();
        let beats = Beats::of(&tapped).unwrap();
        assert_eq!(taps(&beats), "17 taps count, 0 were dropped, 1 beat was missed");
        assert_eq!(tempo(&beats), "120 bpm, the same all along");
    }
}
