//! Where a person wants a show that plays to go on: at a time of the sheet, or so much later or earlier. Knows no clock
//! and no order.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::tempo::{Tempo, Ticks};
use super::{SheetTime, Show};
use crate::time::{ShowTime, StepSpan, TimeStep, micros_per_unit};

/// Where a show that plays shall go on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "a seek is \"to\": a time such as \"1:20\" or \"84.1\", or \"by\": \
    a step such as \"+10 s\" or \"-2 bars\""
)]
pub enum Seek {
    To { to: SheetTime },
    By { by: TimeStep },
}

impl Seek {
    /// Whether `word` may stand behind the number of a place: `bars`, `s`.
    #[must_use]
    pub fn is_unit(word: &str) -> bool {
        matches!(word, "bar" | "bars" | "beat" | "beats") || micros_per_unit(word).is_some()
    }
}

impl FromStr for Seek {
    type Err = String;

    /// # Errors
    /// What is wrong with `text`, and how a place is written.
    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim().starts_with(['+', '-']) {
            true => text.parse().map(|by| Self::By { by }),
            false => text.parse().map(|to| Self::To { to }),
        }
    }
}

impl Show {
    /// The time that lies `step` after `time`, or before it. Bars keep the place within the bar. Not before the show
    /// begins, and perhaps after it ends.
    ///
    /// # Errors
    /// When the step is in bars or beats and the show has no tempo. One plain sentence.
    pub fn step_from(&self, time: ShowTime, step: &TimeStep) -> Result<ShowTime, String> {
        let music = || {
            self.tempo.as_ref().ok_or_else(|| {
                format!("`{step}` needs a tempo, and {} has none; write a time such as `+10 s`", self.name)
            })
        };
        Ok(match step.span() {
            StepSpan::Micros(micros) => ShowTime::from_micros(time.micros().saturating_add_signed(micros)),
            StepSpan::Bars(bars) => music()?.bars_from(time, bars),
            StepSpan::Beats(beats) => music()?.beats_from(time, beats),
        }
        .min(ShowTime::MAX))
    }

    /// `84.1 (1:20)`, or only by the clock in a show without a tempo and before its first bar.
    #[must_use]
    pub fn short_place_of(&self, time: ShowTime) -> String {
        let bar = self.tempo.as_ref().map(|tempo| tempo.bar_beat_at(time)).filter(|(bar, _)| *bar >= 0);
        match bar {
            Some((bar, beat)) => format!("{bar}.{beat} ({})", time.to_minutes()),
            None => time.to_minutes(),
        }
    }
}

impl Tempo {
    /// So many bars later than `time`, at the same place in the bar; in a shorter bar not beyond its end.
    fn bars_from(&self, time: ShowTime, bars: i64) -> ShowTime {
        let (bar, into) = self.bar_at(self.nearest_tick(time));
        let (start, end) = (self.start_of(bar + bars), self.start_of(bar + bars + 1));
        self.time_or_begin(Ticks((start.0 + into.0).min(end.0 - 1)))
    }

    fn beats_from(&self, time: ShowTime, beats: i64) -> ShowTime {
        self.time_or_begin(Ticks(self.nearest_tick(time).0 + Ticks::beats(beats).0))
    }

    /// A beat's own tick where `time` is that of a beat: the clock has it to the microsecond only.
    pub(super) fn nearest_tick(&self, time: ShowTime) -> Ticks {
        let tick = self.tick_at(time);
        let beat = Ticks((tick.0 + Ticks::PER_BEAT / 2).div_euclid(Ticks::PER_BEAT) * Ticks::PER_BEAT);
        if self.time_of(beat) == Some(time) { beat } else { tick }
    }

    fn time_or_begin(&self, tick: Ticks) -> ShowTime {
        self.time_of(tick).unwrap_or(ShowTime::ZERO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::Source;

    fn show(head: &str) -> Show {
        let rig = Source::new("rig.toml", "[channels]\nneon = { pin = 17, kind = \"ssr\" }\n");
        let rig = crate::rig::read(&rig).0.unwrap();
        let sheet = Source::new("demo.show", format!("{head}\nlength 10 min\n0:00  neon  on\n"));
        super::super::read("demo", &sheet, &rig, &|_| unreachable!("no beat map")).unwrap().0
    }

    #[test]
    fn a_seek_is_a_time_or_a_step_from_here() {
        for text in ["1:20", "84.1", "80", "80 s", "84.2&"] {
            assert!(matches!(text.parse(), Ok(Seek::To { .. })), "{text}");
        }
        for text in ["+10s", "-10 s", "+10", "-2 bars", "+1 beat", "- 2  bars", "+1.5 min", "+0:30"] {
            let found = text.parse::<Seek>();
            assert_eq!(matches!(found, Ok(Seek::By { .. })), text != "+0:30", "{text}: {found:?}");
        }
        for (text, told) in [
            ("+", "expected a number"),
            ("-bars", "whole numbers"),
            ("+1.5 bars", "whole numbers"),
            ("+10 weeks", "the unit is one of"),
            ("+2000000 beats", "no show is so long"),
            ("--2 s", "is not a step"),
            ("soon", "is not a time"),
            ("", "there is no time"),
        ] {
            let error = text.parse::<Seek>().unwrap_err();
            assert!(error.contains(told), "{text}: {error}");
        }
    }

    #[test]
    fn a_seek_is_written_as_it_was_given() {
        for (seek, json) in [("84.1", r#"{"to":"84.1"}"#), ("-2 bars", r#"{"by":"-2 bars"}"#)] {
            let seek: Seek = seek.parse().unwrap();
            assert_eq!(serde_json::to_string(&seek).unwrap(), json);
            assert_eq!(serde_json::from_str::<Seek>(json).unwrap(), seek);
        }
    }

    #[track_caller]
    fn check(show: &Show, from: &str, step: &str, to: &str) {
        let time = |text: &str| show.time_of(&text.parse().unwrap()).unwrap();
        assert_eq!(show.step_from(time(from), &step.parse().unwrap()), Ok(time(to)), "{from} {step}");
    }

    #[test]
    fn steps_go_by_the_clock_and_by_the_music() {
        let show = show("tempo 120 bpm, 4/4, first beat at 0.5 s");
        check(&show, "1:20", "+10 s", "1:30");
        check(&show, "1:20", "-90 s", "0:00");
        check(&show, "9:59", "+2 h", "2:09:59");
        check(&show, "84.3", "-2 bars", "82.3");
        check(&show, "84.3", "+16 bars", "100.3");
        check(&show, "84.3", "+2 beats", "85.1");
        check(&show, "2.1", "-9 bars", "0:00");
        // What lies within a beat stays so.
        check(&show, "2.700 s", "+1 bar", "4.700 s");
    }

    #[test]
    fn in_a_shorter_bar_the_place_is_within_it() {
        let show = show("tempo 120 bpm, 4/4\ntempo 120 bpm, 3/4 from 3.1");
        check(&show, "2.2", "+1 bar", "3.2");
        check(&show, "3.1", "-1 bar", "2.1");
        let late = show.time_of(&"2.4".parse().unwrap()).unwrap();
        let found = show.step_from(late, &"+1 bar".parse().unwrap()).unwrap();
        let (bar, beat) = show.tempo.as_ref().unwrap().bar_beat_at(found);
        assert!((bar, beat) == (3, 3) || (bar, beat) == (4, 1), "{bar}.{beat}");
    }

    #[test]
    fn bars_back_and_forth_come_to_the_very_same_beat() {
        let show = show("tempo 113.7 bpm, 7/8");
        let start = show.time_of(&"9.1".parse().unwrap()).unwrap();
        let mut time = start;
        for step in ["+1 bar", "-3 bars", "+5 bars", "-3 bars"].repeat(100) {
            time = show.step_from(time, &step.parse().unwrap()).unwrap();
        }
        assert_eq!(time, start);
    }

    #[test]
    fn a_show_without_a_tempo_says_what_to_write() {
        let told = show("").step_from(ShowTime::ZERO, &"+2 bars".parse().unwrap()).unwrap_err();
        assert_eq!(told, "`+2 bars` needs a tempo, and demo has none; write a time such as `+10 s`");
        assert_eq!(show("").short_place_of(ShowTime::from_micros(80_000_000)), "1:20");
        assert_eq!(show("tempo 120 bpm").short_place_of(ShowTime::from_micros(80_000_000)), "41.1 (1:20)");
    }
}
