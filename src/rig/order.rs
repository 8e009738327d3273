//! Reads what a button orders: `play demo`, `next`, `volume +5`. Knows not which shows there are.

use super::words::is_plain_name;
use crate::diagnosis::nearest;
use crate::time::{ShowTime, TimeStep, parse_clock_time};
use crate::volume::VolumeChange;

/// What a button has the instance do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ButtonOrder {
    /// Play this show, if nothing plays.
    Play(String),
    /// Play this show now, then continue what played before.
    Interrupt(String),
    Next,
    Stop,
    Pause,
    Resume,
    /// Switch the blackout on, or off again.
    Blackout,
    Volume(VolumeChange),
    /// The show that plays goes on so much later or earlier.
    Step(TimeStep),
    /// The show that plays goes on there.
    SeekTo(ShowTime),
}

const WORDS: [&str; 9] =
    ["play", "interrupt", "next", "stop", "pause", "resume", "blackout", "volume", "seek"];

/// What people call orders.
const OTHER_WORDS: [(&str, &str); 15] = [
    ("start", "play"),
    ("skip", "next"),
    ("off", "stop"),
    ("end", "stop"),
    ("quit", "stop"),
    ("unpause", "resume"),
    ("continue", "resume"),
    ("dark", "blackout"),
    ("mute", "volume 0"),
    ("louder", "volume +5"),
    ("quieter", "volume -5"),
    ("forward", "seek +10 s"),
    ("back", "seek -10 s"),
    ("rewind", "seek 0:00"),
    ("restart", "seek 0:00"),
];

impl ButtonOrder {
    /// Reads an order.
    ///
    /// # Errors
    /// What is wrong with `text`, and the order that was probably meant, if any.
    pub(super) fn read(text: &str) -> Result<Self, (String, Option<String>)> {
        let mut words = text.split_whitespace();
        let first = words.next().unwrap_or_default();
        if first == "seek" {
            return seek(&words.collect::<Vec<_>>().join(" "));
        }
        let second = words.next();
        if words.next().is_some() {
            return Err(("too many words for an order".to_owned(), None));
        }
        let alone = |order: Self| match second {
            None => Ok(order),
            Some(_) => Err((format!("nothing comes after `{first}`"), Some(first.to_owned()))),
        };
        match first {
            "play" => show(first, second).map(Self::Play),
            "interrupt" => show(first, second).map(Self::Interrupt),
            "next" => alone(Self::Next),
            "stop" => alone(Self::Stop),
            "pause" => alone(Self::Pause),
            "resume" => alone(Self::Resume),
            "blackout" => alone(Self::Blackout),
            "volume" => VolumeChange::read(second.unwrap_or_default()).map(Self::Volume).ok_or_else(|| {
                ("expected 0 to 100, or a step up to 100: `volume 40`, `volume +5`".to_owned(), None)
            }),
            other => {
                let expected = format!("expected {}", WORDS.join(", "));
                let plain = other.to_lowercase();
                let known = OTHER_WORDS.iter().find(|(word, _)| *word == plain).map(|(_, order)| *order);
                let meant = known.or_else(|| nearest(other, WORDS)).map(|near| match second {
                    Some(second) => format!("{near} {second}"),
                    None => near.to_owned(),
                });
                Err((expected, meant.filter(|order| Self::read(order).is_ok())))
            }
        }
    }

    /// The show that it names.
    #[must_use]
    pub fn show(&self) -> Option<&str> {
        match self {
            Self::Play(show) | Self::Interrupt(show) => Some(show),
            _ => None,
        }
    }
}

fn seek(place: &str) -> Result<ButtonOrder, (String, Option<String>)> {
    if let Ok(step) = place.parse() {
        return Ok(ButtonOrder::Step(step));
    }
    parse_clock_time(place).map(ButtonOrder::SeekTo).map_err(|_| {
        let later = format!("+{place}");
        let is_step = !place.contains('.') && later.parse::<TimeStep>().is_ok();
        let expected = "expected a step or a time: `seek +10 s`, `seek -2 bars`, `seek 1:20`";
        (expected.to_owned(), is_step.then(|| format!("seek {later}")))
    })
}

fn show(order: &str, name: Option<&str>) -> Result<String, (String, Option<String>)> {
    match name {
        None => Err((format!("which show? As in `{order} demo`"), None)),
        Some(name) if is_plain_name(name) => Ok(name.to_owned()),
        Some(name) => {
            let small =
                Some(name.trim_end_matches(".show").to_lowercase()).filter(|small| is_plain_name(small));
            let meant = small.map(|small| format!("{order} {small}"));
            Err(("the name of a show has only small letters, digits, `_` and `-`".to_owned(), meant))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_read_word_by_word() {
        for (text, order) in [
            ("play demo", Some(ButtonOrder::Play("demo".into()))),
            ("interrupt  finale-2", Some(ButtonOrder::Interrupt("finale-2".into()))),
            ("next", Some(ButtonOrder::Next)),
            ("volume 40", Some(ButtonOrder::Volume(VolumeChange::To { percent: 40 }))),
            ("volume 40%", Some(ButtonOrder::Volume(VolumeChange::To { percent: 40 }))),
            ("volume +5", Some(ButtonOrder::Volume(VolumeChange::By { change: 5 }))),
            ("volume -100", Some(ButtonOrder::Volume(VolumeChange::By { change: -100 }))),
            ("volume 101", None),
            ("volume +-5", None),
            ("volume", None),
            ("volume loud", None),
            ("seek +10s", Some(ButtonOrder::Step("+10s".parse().unwrap()))),
            ("seek  -2  bars", Some(ButtonOrder::Step("-2 bars".parse().unwrap()))),
            ("seek 0:00", Some(ButtonOrder::SeekTo(ShowTime::ZERO))),
            ("seek", None),
            ("seek 10 s", None),
            ("seek 84.1", None),
            ("seek 0:00 demo", None),
            ("play", None),
            ("play ../demo", None),
            ("play demo now", None),
            ("next demo", None),
            ("", None),
            ("dance", None),
        ] {
            assert_eq!(ButtonOrder::read(text).ok(), order, "{text}");
        }
    }

    #[test]
    fn what_was_probably_meant_is_an_order() {
        for (text, meant) in [
            ("seek 10 s", Some("seek +10 s")),
            ("seek 2 bars", Some("seek +2 bars")),
            ("seek 84.1", None),
            ("seek", None),
            ("seek soon", None),
            ("forward", Some("seek +10 s")),
            ("rewind", Some("seek 0:00")),
            ("sek +10s", Some("seek +10s")),
        ] {
            let (expected, found) = ButtonOrder::read(text).unwrap_err();
            assert_eq!(found.as_deref(), meant, "{text}: {expected}");
        }
    }
}
