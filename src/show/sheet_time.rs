//! A time in a show as a person writes it outside the sheet: by the clock (`1:20`, `80 s`, `80`) or by the music
//! (`84.1`). Knows no cues.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Show;
use super::length::{clock_time_meant, with_unit};
use super::reckon::Reckoning;
use super::when::{TimeAt, TimePlace, time_at};
use super::words::{SheetLine, is_digits};
use crate::diagnosis::any_of;
use crate::time::{ShowTime, TimeError, parse_duration};

const EXAMPLES: &str = "write `1:20` or `80 s`, or a bar and beat such as `84.1`";

/// A time in a show, as it was written. In bars, only the tempo of a show [says](Show::time_of) when it is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SheetTime {
    text: String,
    place: TimePlace,
}

impl FromStr for SheetTime {
    type Err = String;

    /// # Errors
    /// What is wrong with `text`, and how a time is written.
    fn from_str(text: &str) -> Result<Self, String> {
        let text = plain(text.trim());
        let place = match text.parse() {
            Ok(seconds @ 0_u32..) => by_seconds(seconds),
            Err(_) => by_sheet(&text),
        };
        Ok(Self { place: place?, text })
    }
}

/// By the clock.
impl From<ShowTime> for SheetTime {
    fn from(time: ShowTime) -> Self {
        Self { text: time.to_place(), place: TimePlace::Clock(time) }
    }
}

impl SheetTime {
    /// Whether it is a bar and a beat.
    #[must_use]
    pub fn is_in_bars(&self) -> bool {
        matches!(self.place, TimePlace::Music(_))
    }
}

fn by_seconds(seconds: u32) -> Result<TimePlace, String> {
    let since =
        parse_duration(&format!("{seconds} s")).map_err(|error: TimeError| format!("{error}; {EXAMPLES}"))?;
    Ok(TimePlace::Clock(ShowTime::ZERO + since))
}

fn by_sheet(text: &str) -> Result<TimePlace, String> {
    if matches!(text, "end" | "the end") {
        return Err(
            "a show plays to its end without `--to`; `starcourt next` ends the show that plays".to_owned()
        );
    }
    let mut line = SheetLine::new(text, 0).ok_or_else(|| format!("there is no time; {EXAMPLES}"))?;
    let time = time_at(&mut line).and_then(|time| line.finish("the time").map(|()| time.place));
    time.map_err(|mistake| {
        let mends = mistake.help.as_ref().map_or(&[][..], |help| help.own_mends());
        // Only a step begins with `+`.
        let times = mends.iter().map(|mend| &mend.text).filter(|time| by_sheet_is_right(time));
        let times: Vec<String> = times.map(|time| format!("`{time}`")).collect();
        let way = if times.is_empty() {
            EXAMPLES.to_owned()
        } else {
            format!("write {}", any_of(times.into_iter()))
        };
        match mistake.label.is_empty() {
            true => format!("{}; {way}", mistake.title),
            false => format!("{}: {}; {way}", mistake.title, mistake.label),
        }
    })
}

fn by_sheet_is_right(text: &str) -> bool {
    let read = SheetLine::new(text, 0)
        .map(|mut line| time_at(&mut line).and_then(|_| line.finish("the time")).is_ok());
    read == Some(true)
}

/// `text` as a cue sheet has it: `bar 5` as `5.1`, `1m30s` as `1:30`, `90sec` as `90 s`, `start` as `0:00`.
fn plain(text: &str) -> String {
    let bar = ["bar", "Bar", "BAR"].iter().find_map(|bar| text.strip_prefix(bar)).map(str::trim_start);
    match (text, bar) {
        ("start" | "beginning", _) => "0:00".to_owned(),
        (_, Some(bar)) if is_digits(bar) => format!("{bar}.1"),
        (_, Some(place)) if by_sheet_is_right(place) && place.contains('.') => place.to_owned(),
        _ => clock_time_meant(&text.replace(' ', ""))
            .filter(|_| !text.contains(':'))
            .or_else(|| with_unit(text))
            .unwrap_or_else(|| text.to_owned()),
    }
}

/// What `1.30` is by the clock, if it was meant so.
fn by_clock(text: &str) -> Option<String> {
    let (minutes, seconds) = text.split_once('.')?;
    let is_clock = seconds.len() == 2 && seconds.parse::<u8>().is_ok_and(|seconds| seconds < 60);
    is_clock.then(|| format!("for {minutes} min {seconds} s write `{minutes}:{seconds}`"))
}

impl fmt::Display for SheetTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl TryFrom<String> for SheetTime {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<SheetTime> for String {
    fn from(time: SheetTime) -> Self {
        time.text
    }
}

impl Show {
    /// What to tell about seconds that may have been meant as a bar: `0:05; bar 5 is 5.1`. `None` if `time` has a unit
    /// or a colon, or if there is no such bar before `length`.
    #[must_use]
    pub fn seconds_or_bar(&self, time: &SheetTime, length: ShowTime) -> Option<String> {
        let number: u32 = time.text.parse().ok().filter(|number| *number > 0)?;
        let bar: SheetTime = format!("{number}.1").parse().ok()?;
        self.time_of(&bar).ok().filter(|begin| *begin < length)?;
        Some(format!("{}; bar {number} is {bar}", self.time_of(time).ok()?.to_minutes()))
    }

    /// When `time` is by the clock. The show may have ended by then.
    ///
    /// # Errors
    /// When it is in bars and the show has no tempo, or a bar has no such beat. One plain sentence.
    pub fn time_of(&self, time: &SheetTime) -> Result<ShowTime, String> {
        if time.is_in_bars() && self.tempo.is_none() {
            return Err(format!(
                "`{time}` is a bar and a beat, and {} has no tempo; write `1:20` or `80 s`",
                self.name
            ));
        }
        let written = time.text.clone();
        let reckoning = Reckoning { tempo: self.tempo.as_ref() };
        let at = TimeAt { place: time.place.clone(), span: (0..0).into() };
        let time = reckoning.place(&at, None).and_then(|moment| reckoning.time(moment, at.span));
        time.map_err(|mistake| {
            let by_clock = self::by_clock(&written).map_or_else(String::new, |clock| format!("; {clock}"));
            format!("{}: {}{by_clock}", mistake.title, mistake.label)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::Source;

    fn show(head: &str) -> Show {
        let rig =
            crate::rig::read(&Source::new("rig.toml", "[channels]\nneon = { pin = 17, kind = \"ssr\" }\n"));
        let sheet = Source::new("demo.show", format!("{head}\nlength 10:00\n0:00 neon on\n"));
        let no_map = |_: &str| unreachable!("it has no beat map");
        super::super::read("demo", &sheet, &rig.0.unwrap(), &no_map).unwrap().0
    }

    fn when(head: &str, time: &str) -> Result<u64, String> {
        show(head).time_of(&time.parse()?).map(ShowTime::micros)
    }

    #[test]
    fn a_time_is_by_the_clock_or_in_the_bars_of_the_show() {
        let head = "tempo 120 bpm, 4/4, first beat at 0.5 s";
        for (text, millis) in [
            ("1:20", 80_000),
            ("80 s", 80_000),
            ("80", 80_000),
            ("0.5 s", 500),
            ("250ms", 250),
            (".5 s", 500),
            ("bar 9", 16_500),
            ("bar9", 16_500),
            ("bar 9.2", 17_000),
            ("90sec", 90_000),
            ("90 seconds", 90_000),
            ("1m30", 90_000),
            ("1m30s", 90_000),
            ("1m 30s", 90_000),
            ("1 min 30 s", 90_000),
            ("start", 0),
            ("1.1", 500),
            ("9.2&", 17_250),
            (" 2.1 ", 2_500),
        ] {
            assert_eq!(when(head, text), Ok(millis * 1_000), "{text}");
        }
    }

    #[test]
    fn seconds_that_may_be_a_bar_are_told_with_the_bar() {
        let told =
            |show: &Show, text: &str| show.seconds_or_bar(&text.parse().unwrap(), show.length.unwrap());
        let bars = show("tempo 120 bpm, 4/4, first beat at 0.5 s");
        assert_eq!(told(&bars, "5"), Some("0:05; bar 5 is 5.1".into()));
        assert_eq!(told(&bars, "80"), Some("1:20; bar 80 is 80.1".into()));
        for text in ["0", "5 s", "0:05", "5.1", "500"] {
            assert_eq!(told(&bars, text), None, "{text}");
        }
        assert_eq!(told(&show(""), "5"), None);
    }

    #[test]
    fn what_is_no_time_of_this_show_is_explained() {
        let head = "tempo 120 bpm, 4/4";
        for (head, text, why) in [
            (head, "84.5", "bar 84 has 4 beats"),
            (head, "1.30", "write `1:30`"),
            (head, "soon", "`soon` is not a time"),
            (head, "-1:00", "write `1:20`"),
            (head, "1:2", "write `1:02` or `1.2`"),
            (head, "4 bars", "write `4.1`"),
            (head, "end", "without `--to`"),
            (head, "bar x", "write `1:20`"),
            (head, "2 beats", "write `1:20`"),
            (head, "99999999", "write `1:20`"),
            (head, "1:20 1:30", "not expected"),
            (head, "", "write `1:20`"),
            ("", "84.1", "demo has no tempo; write `1:20` or `80 s`"),
        ] {
            let told = when(head, text).unwrap_err();
            assert!(told.contains(why), "{text}: {told}");
        }
    }
}
