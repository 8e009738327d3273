//! Times as people write them elsewhere, and how a cue sheet has them. Knows no lines.

use crate::time;

use super::words::is_digits;

/// `1-8`, by the music and by the clock: both are bars, or both are seconds. What ends before it begins is no range:
/// `9-1` is a bar and a beat, and `1-05` minutes and seconds.
pub(super) fn dashed(text: &str) -> Option<(Option<String>, Vec<String>)> {
    let (start, end) = text.split_once(['-', '–', '—'])?;
    let (first, last): (u32, u32) = (start.parse().ok()?, end.parse().ok()?);
    let minutes = format!("{start}:{end}");
    let minutes = (end.len() == 2 && time::parse_clock_time(&minutes).is_ok()).then_some(minutes);
    if last <= first {
        let beat = (1..=4).contains(&last).then(|| format!("{first}.{last}"));
        let by_clock = minutes.unwrap_or_else(|| format!("{first}:{last:02}"));
        return Some((beat, vec![by_clock])).filter(|_| last < 60);
    }
    // There is no bar 0 to begin with in most shows.
    let bars = (first > 0).then(|| format!("{first}.1 to {last}.1"));
    Some((bars, minutes.into_iter().chain([format!("{first} s to {last} s")]).collect()))
}

/// `1;30` as `1:30`, `5|1` and `5/1` as `5.1`, and `5.1.3` as `5.1&`: the third number counts quarters of a beat in other programs.
pub(super) fn with_other_sign(text: &str) -> Option<String> {
    let minutes = text.replacen(';', ":", 1);
    if time::parse_clock_time(&minutes).is_ok() {
        return Some(minutes);
    }
    let numbers: Vec<&str> = text.split(['|', '/', '.']).collect();
    if !numbers.iter().all(|number| is_digits(number)) {
        return None;
    }
    match numbers[..] {
        [bar, beat] if !text.contains('.') => Some(format!("{bar}.{beat}")),
        [bar, beat, quarter] => {
            let past = match quarter.trim_start_matches('0') {
                "" | "1" => "",
                "2" => "e",
                "3" => "&",
                "4" => "a",
                _ => return None,
            };
            Some(format!("{bar}.{beat}{past}"))
        }
        _ => None,
    }
}

/// `0:75` as `1:15`, `1:60:00` as `2:00:00`.
pub(super) fn carried(text: &str) -> Option<String> {
    let (whole, part) = text.split_once('.').map_or((text, None), |(whole, part)| (whole, Some(part)));
    let numbers: Option<Vec<u64>> = whole.split(':').map(|number| number.parse().ok()).collect();
    let (hours, minutes, seconds) = match numbers?[..] {
        [minutes, seconds] => (0, minutes, seconds),
        [hours, minutes, seconds] => (hours, minutes, seconds),
        _ => return None,
    };
    let all = hours.checked_mul(3_600)?.checked_add(minutes.checked_mul(60)?)?.checked_add(seconds)?;
    let (hours, minutes, seconds) = (all / 3_600, all / 60 % 60, all % 60);
    let part = part.map_or(String::new(), |part| format!(".{part}"));
    Some(match hours {
        0 => format!("{minutes}:{seconds:02}{part}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}{part}"),
    })
}
