//! So much later or earlier in a show, as a person writes it: `+10 s`, `-2 bars`. Knows no show, and no music.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{ShowTime, TimeError, parse_duration};

/// So much later or earlier, as it was written.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeStep {
    text: String,
    span: StepSpan,
}

/// How far, and back where it is below zero.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StepSpan {
    Micros(i64),
    Bars(i64),
    Beats(i64),
}

/// No show has more.
const MOST_BEATS: i64 = 1_000_000;

impl TimeStep {
    #[must_use]
    pub const fn span(&self) -> StepSpan {
        self.span
    }
}

impl FromStr for TimeStep {
    type Err = String;

    /// # Errors
    /// What is wrong with `text`, and how a step is written.
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (is_back, step) = match (text.strip_prefix('-'), text.strip_prefix('+')) {
            (Some(step), _) => (true, step.trim_start()),
            (_, Some(step)) => (false, step.trim_start()),
            (None, None) => return Err(wrong(&text, "it begins with `+` or `-`")),
        };
        let span = span(step, if is_back { -1 } else { 1 }).map_err(|why| wrong(&text, &why))?;
        Ok(Self { text, span })
    }
}

fn wrong(text: &str, why: &str) -> String {
    format!("`{text}` is not a step: {why}; write `+10 s`, `-2 bars` or `+1 beat`")
}

fn span(step: &str, way: i64) -> Result<StepSpan, String> {
    let split = step.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(step.len());
    let (number, unit) = (&step[..split], step[split..].trim_start());
    let count = || {
        let whole: Result<i64, _> = number.parse().map_err(|_| "bars and beats are whole numbers".to_owned());
        whole.and_then(|count| match count <= MOST_BEATS {
            true => Ok(count * way),
            false => Err("no show is so long".to_owned()),
        })
    };
    match unit {
        "bar" | "bars" => count().map(StepSpan::Bars),
        "beat" | "beats" => count().map(StepSpan::Beats),
        _ => {
            let duration = if unit.is_empty() { format!("{number} s") } else { step.to_owned() };
            let duration = parse_duration(&duration).map_err(|error: TimeError| error.to_string())?;
            let micros = (ShowTime::ZERO + duration).min(ShowTime::MAX).micros();
            Ok(StepSpan::Micros(micros.cast_signed() * way))
        }
    }
}

impl fmt::Display for TimeStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl TryFrom<String> for TimeStep {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<TimeStep> for String {
    fn from(step: TimeStep) -> Self {
        step.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_goes_by_time_bars_or_beats_in_either_direction() {
        for (text, span) in [
            ("+10s", StepSpan::Micros(10_000_000)),
            ("-10 s", StepSpan::Micros(-10_000_000)),
            ("+10", StepSpan::Micros(10_000_000)),
            ("- 2  bars", StepSpan::Bars(-2)),
            ("+1 beat", StepSpan::Beats(1)),
        ] {
            assert_eq!(text.parse::<TimeStep>().unwrap().span(), span, "{text}");
        }
    }
}
