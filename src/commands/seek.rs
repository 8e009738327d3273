//! `starcourt seek`: the place that is meant, of the words that a person types for it. Knows no show.

use anyhow::anyhow;

use crate::cli::LockOptions;
use crate::ipc::{Order, Seek};

use super::outcome::{Failure, Outcome};
use super::remote;

/// Seeks in the instance that is meant; `words` are a place and perhaps a show.
pub(super) fn seek(words: &[&str], lock: &LockOptions) -> Result<(String, Outcome), Failure> {
    let (seek, show) = read(words).map_err(|why| Failure::bad_command_line(anyhow!(why)))?;
    let told = remote::order(&Order::Seek(seek), show, lock);
    told.map_err(|failure| match (failure.outcome, words) {
        (Outcome::Nobody, [minutes, seconds]) if is_number(minutes) && is_number(seconds) => {
            let why = format!("{}\n  for a time: `starcourt seek {minutes}:{seconds:0>2}`", failure.words());
            Failure::of(Outcome::Nobody, anyhow!(why))
        }
        _ => failure,
    })
}

/// The place, in up to three words, and the show behind it.
fn read<'a>(words: &[&'a str]) -> Result<(Seek, Option<&'a str>), String> {
    if let Some(way) = way_out(words) {
        return Err(way);
    }
    let sign = usize::from(matches!(words, ["+" | "-", _, ..]));
    let has_unit = words.get(sign + 1).is_some_and(|word| Seek::is_unit(word));
    let (place, rest) = words.split_at(words.len().min(1 + sign + usize::from(has_unit)));
    let seek = match place {
        [sign @ ("+" | "-"), step @ ..] => format!("{sign}{}", step.join(" ")),
        place => place.join(" "),
    }
    .parse()?;
    match rest {
        [] => Ok((seek, None)),
        [show] => Ok((seek, Some(show))),
        [.., _] => {
            Err("write a place and perhaps a show: `starcourt seek +10s`, `starcourt seek 1:20 porch`"
                .to_owned())
        }
    }
}

/// What to type instead of words that are no place; `None` if they may be one.
fn way_out(words: &[&str]) -> Option<String> {
    let is_place = |word: &str| word.parse::<Seek>().is_ok();
    match words {
        [count, unit @ ("bar" | "bars" | "beat" | "beats"), ..] if is_number(count) => Some(match *unit {
            "beat" | "beats" => format!("`starcourt seek +{count} {unit}` goes on, `starcourt seek -{count} {unit}` goes back"),
            _ => format!("`starcourt seek +{count} {unit}` goes on from here, `starcourt seek {count}.1` goes to bar {count}"),
        }),
        ["bar" | "bars", bar, ..] if is_number(bar) => {
            Some(format!("write bar {bar} as `starcourt seek {bar}.1`"))
        }
        [place, ..] if place.ends_with('%') => Some(
            "a place is a time or a bar: `starcourt seek 1:20`, `starcourt seek 84.1`; `starcourt status` shows how \
             long the show is"
                .to_owned(),
        ),
        ["back" | "backward" | "backwards" | "forward" | "ahead", step @ ..] if !step.is_empty() => {
            let sign = if words[0].starts_with("back") { '-' } else { '+' };
            let step = step.join(" ");
            format!("{sign}{step}").parse::<Seek>().is_ok().then(|| format!("write it as `starcourt seek {sign}{step}`"))
        }
        [show, place, ..] if !is_place(show) && !matches!(*show, "+" | "-") && is_place(place) => {
            Some(format!("write the place first: `starcourt seek {place} {show}`"))
        }
        _ => None,
    }
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_may_have_spaces_and_a_show_behind_it() {
        for (words, same, show) in [
            ("+10s", "+10s", None),
            ("-2 bars", "-2 bars", None),
            ("+ 2 bars", "+2 bars", None),
            ("- 10", "-10", None),
            ("- 10s porch", "-10s", Some("porch")),
            ("80 s porch", "80 s", Some("porch")),
            ("84.1 porch", "84.1", Some("porch")),
        ] {
            let words: Vec<&str> = words.split_whitespace().collect();
            assert_eq!(read(&words), Ok((same.parse().unwrap(), show)), "{words:?}");
        }
    }

    #[test]
    fn words_that_are_no_place_are_told_with_what_to_type() {
        for (words, way) in [
            ("2 bars", "`starcourt seek +2 bars`"),
            ("2 bars", "`starcourt seek 2.1`"),
            ("3 beats", "`starcourt seek -3 beats`"),
            ("bar 20", "`starcourt seek 20.1`"),
            ("50%", "`starcourt status`"),
            ("back 10s", "`starcourt seek -10s`"),
            ("forward 2 bars", "`starcourt seek +2 bars`"),
            ("carol 0:10", "`starcourt seek 0:10 carol`"),
            ("carol", "is not a time"),
            ("1:20 porch tree", "`starcourt seek 1:20 porch`"),
        ] {
            let told = read(&words.split_whitespace().collect::<Vec<_>>()).unwrap_err();
            assert!(told.contains(way), "{words}: {told}");
        }
    }
}
