//! Parses the values of options. Knows no options.

use std::time::Duration;

use crate::chart::ColumnUnit;
use crate::rig::Line;
use crate::show::is_show_name;
use crate::speed::Speed;
use crate::time::{ShowTime, parse_clock_time, parse_duration};
use crate::volume::VolumeChange;

/// How many lights a new rig has. A header has no more pins for them.
pub(super) fn lights(text: &str) -> Result<u8, String> {
    let count = text.parse().ok().filter(|count| (1..=26).contains(count));
    count.ok_or_else(|| "write how many lights, in digits: 1 to 26".to_owned())
}

pub(super) fn days(text: &str) -> Result<u16, String> {
    let days = text.parse().ok().filter(|days| (1..=400).contains(days));
    days.ok_or_else(|| "expected 1 to 400 days".to_owned())
}

/// `beat`, `bar`, `0.5`, `250 ms`.
pub(super) fn column_unit(text: &str) -> Result<ColumnUnit, String> {
    let length = || parse_duration(text).or_else(|_| parse_duration(&format!("{text} s"))).ok();
    match text.to_lowercase().as_str() {
        "beat" | "beats" => Ok(ColumnUnit::Beat),
        "bar" | "bars" => Ok(ColumnUnit::Bar),
        _ => length()
            .filter(|length| *length >= Duration::from_millis(1))
            .map(ColumnUnit::Time)
            .ok_or_else(|| "write `beat`, `bar`, or seconds such as `0.5`, a thousandth at least".to_owned()),
    }
}

/// Of a server; not 0, which stands for any.
pub(super) fn port(text: &str) -> Result<u16, String> {
    let port = text.parse().ok().filter(|port| *port > 0);
    port.ok_or_else(|| "expected a number from 1 to 65535, such as `8123`".to_owned())
}

pub(super) fn width(text: &str) -> Result<usize, String> {
    let width = text.parse().ok().filter(|width| (20..=10_000).contains(width));
    width.ok_or_else(|| "expected 20 to 10000 columns".to_owned())
}

pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches('s').trim();
    let seconds = digits.parse().ok().filter(|seconds| (1..=600).contains(seconds));
    seconds.map(Duration::from_secs).ok_or_else(|| "expected 1 to 600 seconds".to_owned())
}

/// What makes chance another one.
pub(super) fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "expected a whole number, such as `2`".to_owned())
}

/// Beats a minute.
pub(super) fn bpm(text: &str) -> Result<f64, String> {
    let number = text.trim().trim_end_matches("bpm").trim().parse().ok();
    let bpm = number.filter(|bpm| (20.0..=400.0).contains(bpm));
    bpm.ok_or_else(|| "expected 20 to 400 beats a minute, such as `120` or `98.5`".to_owned())
}

/// A place in a song: `0:01.250`, `1.25 s` or `1.25`.
pub(super) fn place(text: &str) -> Result<ShowTime, String> {
    let said = || "expected a time in the song, such as `0:01.250` or `1.25`".to_owned();
    if text.contains(':') {
        return parse_clock_time(text).map_err(|_| said());
    }
    let time = parse_duration(text).or_else(|_| parse_duration(&format!("{text} s"))).map_err(|_| said())?;
    u64::try_from(time.as_micros()).map(ShowTime::from_micros).map_err(|_| said())
}

/// A length of at least a second: `0:30`, `90 s` or `1:02.500`.
pub(super) fn length(text: &str) -> Result<ShowTime, String> {
    let text = if text.parse::<u32>().is_ok() { &*format!("{text} s") } else { text };
    let time = match text.contains(':') {
        true => parse_clock_time(text).map_err(|error| error.to_string())?,
        false => match parse_duration(text) {
            Ok(duration) => ShowTime::from_micros(u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)),
            Err(error) => return Err(format!("{error}; a length is written as `0:30` or `30 s`")),
        },
    };
    let (least, most) = (ShowTime::from_micros(1_000_000), ShowTime::from_micros(86_400_000_000));
    match (least..=most).contains(&time) {
        true => Ok(time),
        false => Err("expected 0:01 to 24 hours".to_owned()),
    }
}

pub(super) fn line(text: &str) -> Result<Line, String> {
    let number = text.to_lowercase();
    let number = ["gpio", "bcm"].iter().find_map(|name| number.strip_prefix(name)).unwrap_or(&number).trim();
    number.parse().ok().and_then(Line::new).ok_or_else(|| "expected a BCM number, 0 to 27".to_owned())
}

pub(super) fn percent(text: &str) -> Result<u8, String> {
    if text.starts_with(['+', '-']) {
        let level = text.trim_start_matches(['+', '-']);
        return Err(format!(
            "this is a change, for a show that plays: `starcourt volume {text}`; write `{level}`"
        ));
    }
    let digits = text.trim_end_matches('%').trim();
    let percent = digits.parse().ok().filter(|percent| *percent <= 100);
    percent.ok_or_else(|| "expected 0 to 100 %".to_owned())
}

/// `half`, `0.5`.
pub(super) fn speed(text: &str) -> Result<Speed, String> {
    text.parse().map_err(|why: String| {
        match is_show_name(text) && text.starts_with(|c: char| c.is_alphabetic()) {
            true => format!("{why}; a show stands behind it: `starcourt speed half {text}`"),
            false => why,
        }
    })
}

/// `60`, `60%`, `+10` or `-10`.
pub(super) fn volume(text: &str) -> Result<VolumeChange, String> {
    VolumeChange::read(text).ok_or_else(|| "expected 0 to 100, or a change such as +10 or -10".to_owned())
}
