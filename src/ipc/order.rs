//! Orders and answers, a line of JSON each. Knows their form and bounds, not what comes of them.

use serde::{Deserialize, Deserializer, Serialize};

use super::status::Status;
use crate::show::{Seek, SheetTime, is_show_name};
use crate::speed::Speed;
use crate::volume::{self, VolumeChange};

/// A line may have this many bytes, its end not counted. The longest order has about 300.
pub const LONGEST_LINE: usize = 1024;

/// What an instance is to do.
///
/// ```
/// use starcourt::ipc::{Order, VolumeChange};
///
/// let softer = Order::Volume(VolumeChange::By { change: -10 });
/// assert_eq!(softer.line(), b"{\"order\":\"volume\",\"change\":-10}\n");
/// let dark: Order = serde_json::from_str(r#"{"order":"blackout","on":true}"#)?;
/// assert_eq!(dark, Order::Blackout { on: true });
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "order", rename_all = "snake_case", deny_unknown_fields)]
pub enum Order {
    /// Tells what the instance does: once, or with `follow` from now on whenever that changes.
    Status {
        #[serde(default)]
        follow: bool,
    },
    Play(Play),
    /// Ends everything that plays, over the rig's fade; a second one skips the fade.
    Stop {},
    /// Freezes time, sound and lights.
    Pause {},
    /// Ends a pause.
    Resume {},
    /// Ends the show and goes on with what comes after it.
    Next {},
    /// Ends everything that plays at once, with every light at its safe level. Nothing of the schedule begins before
    /// somebody says `play` or `resume`.
    Off {},
    /// Reads the schedule and the rig anew. They are followed if they are right; of a service only.
    Reload {},
    /// Every light to its safe level while time goes on, or the show's levels again.
    Blackout {
        on: bool,
    },
    Volume(VolumeChange),
    /// The show that plays goes on somewhere else.
    Seek(Seek),
    /// The part that plays is played again and again. With `on: false` the show plays on to its end.
    Loop {
        on: bool,
    },
    /// The show that plays passes at another speed, without sound unless that is normal. For simulated lights.
    Speed {
        to: Speed,
    },
    /// Holds the show that was asked for on this connection: time stands still and its lights are safe, whatever
    /// else is ordered. With `on: false` it goes on.
    Hold {
        on: bool,
    },
    /// Ends the show that was asked for on this connection, over the rig's fade or at once.
    Leave {
        #[serde(default)]
        at_once: bool,
    },
}

/// Which show is to play, and how.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Play {
    #[serde(deserialize_with = "show_name")]
    pub show: String,
    /// Where it begins: `1:20`, or in bars, `84.1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<SheetTime>,
    /// Where it ends before its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<SheetTime>,
    /// Again and again, from `from` to `to`.
    #[serde(default, rename = "loop")]
    pub looped: bool,
    #[serde(default)]
    pub silent: bool,
    /// In per cent, for this show alone.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "volume::some_percent")]
    pub volume: Option<u8>,
    /// At once, even while another show plays; that one goes on afterwards from where it was.
    #[serde(default)]
    pub interrupt: bool,
    /// The show ends with this connection, which follows the status and is told how the show ends.
    #[serde(default)]
    pub attach: bool,
}

impl Play {
    /// `show` from its beginning, at the volume that is set, if no other plays.
    #[must_use]
    pub fn show(show: &str) -> Self {
        Self {
            show: show.to_owned(),
            from: None,
            to: None,
            looped: false,
            silent: false,
            volume: None,
            interrupt: false,
            attach: false,
        }
    }
}

/// What comes of an order, and what else is told on a connection.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The order was carried out: what was done, in words for people.
    Done(String),
    /// The order was not carried out, and nothing has changed. `exit` is the exit code of a command that asked.
    Refused {
        why: String,
        exit: u8,
    },
    Status(Box<Status>),
    /// To a connection with a show: something that the person who runs it should know.
    Notice(String),
    /// To a connection with a show: it is over. `exit` is the exit code of a command that played it.
    Ended {
        how: String,
        exit: u8,
    },
}

impl Order {
    /// Whether it asks for a show that ends with its connection.
    pub(super) fn attaches(&self) -> bool {
        matches!(self, Self::Play(play) if play.attach)
    }

    /// The line without an id, with its end.
    #[must_use]
    pub fn line(&self) -> Vec<u8> {
        line(self)
    }

    /// Whether it is about the show of the connection that it is said on: on another it is another order.
    pub(super) fn is_of_its_connection(&self) -> bool {
        match self {
            Self::Hold { .. } | Self::Leave { .. } => true,
            _ => self.attaches(),
        }
    }
}

impl Answer {
    /// To an order that came too late.
    pub(super) fn ending() -> Self {
        Self::Refused { why: "this instance is ending".to_owned(), exit: 75 }
    }

    /// Whether an order has its answer with this; each has exactly one.
    pub(super) fn is_to_an_order(&self) -> bool {
        matches!(self, Self::Done(_) | Self::Refused { .. })
    }

    /// An order that makes no sense as it stands.
    pub(super) fn not_understood(why: String) -> Self {
        Self::Refused { why, exit: 2 }
    }

    /// Reads a line.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn read(line: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(line).map_err(|error| error.to_string())
    }

    /// The line, with its end.
    #[must_use]
    pub fn line(&self) -> Vec<u8> {
        line(self)
    }
}

pub(super) fn line(value: &impl Serialize) -> Vec<u8> {
    let mut line = serde_json::to_vec(value).expect("texts and numbers always make JSON");
    line.push(b'\n');
    line
}

fn show_name<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let name = String::deserialize(from)?;
    match is_show_name(&name) && name.len() <= 200 {
        true => Ok(name),
        false => Err(serde::de::Error::custom(
            "a show is named as `starcourt list` does: small letters, digits, `_` and `-`",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::super::order_line::OrderLine;
    use super::*;

    fn read(line: &[u8]) -> Result<Order, String> {
        OrderLine::read(line).map(|line| line.order)
    }

    fn check(line: &str, expected: Order) {
        assert_eq!(read(line.as_bytes()), Ok(expected.clone()), "{line}");
        let written = expected.line();
        assert_eq!(read(written.trim_ascii_end()), Ok(expected));
        assert!(written.len() <= LONGEST_LINE);
    }

    #[test]
    fn each_order_is_a_line() {
        check(r#"{"order":"status"}"#, Order::Status { follow: false });
        check(r#"{"order":"status","follow":true}"#, Order::Status { follow: true });
        check(r#"{"order":"stop"}"#, Order::Stop {});
        check(r#" {"order": "pause"} "#, Order::Pause {});
        check(r#"{"order":"resume"}"#, Order::Resume {});
        check(r#"{"order":"next"}"#, Order::Next {});
        check(r#"{"order":"off"}"#, Order::Off {});
        check(r#"{"order":"reload"}"#, Order::Reload {});
        check(r#"{"order":"blackout","on":false}"#, Order::Blackout { on: false });
        check(r#"{"order":"volume","percent":40}"#, Order::Volume(VolumeChange::To { percent: 40 }));
        check(r#"{"order":"volume","change":-100}"#, Order::Volume(VolumeChange::By { change: -100 }));
        let seek = |place: &str| Order::Seek(place.parse().unwrap());
        check(r#"{"order":"seek","to":"84.1"}"#, seek("84.1"));
        check(r#"{"order":"seek","by":"-2 bars"}"#, seek("-2 bars"));
        check(r#"{"order":"loop","on":true}"#, Order::Loop { on: true });
        check(r#"{"order":"speed","to":"half"}"#, Order::Speed { to: Speed::Half });
        check(r#"{"order":"hold","on":true}"#, Order::Hold { on: true });
        check(r#"{"order":"leave"}"#, Order::Leave { at_once: false });
        check(r#"{"order":"play","show":"demo"}"#, Order::Play(Play::show("demo")));
        check(
            r#"{"order":"play","show":"demo","from":"1:20","to":"84.1","loop":true,"silent":true,"volume":7,"interrupt":true,"attach":true}"#,
            Order::Play(Play {
                from: Some("1:20".parse().unwrap()),
                to: Some("84.1".parse().unwrap()),
                looped: true,
                silent: true,
                volume: Some(7),
                interrupt: true,
                attach: true,
                ..Play::show("demo")
            }),
        );
    }

    #[test]
    fn what_is_no_order_is_told() {
        for (line, told) in [
            ("", "EOF"),
            ("hello", "expected value"),
            ("[]", "expected an order"),
            ("{}", "missing field `order`"),
            (r#"{"order":"dance"}"#, "unknown variant `dance`, expected one of `status`, `play`"),
            (r#"{"order":"stop","now":true}"#, "unknown field `now`"),
            (r#"{"order":"play"}"#, "missing field `show`"),
            (r#"{"order":"play","show":"../demo"}"#, "small letters, digits"),
            (r#"{"order":"play","show":"demo","from":"soon"}"#, "`soon` is not a time"),
            (r#"{"order":"play","show":"demo","volume":101}"#, "not within 0 to 100"),
            (r#"{"order":"play","show":"demo","pins":"/dev/mem"}"#, "unknown field `pins`"),
            (r#"{"order":"volume","percent":101}"#, "0 to 100"),
            (r#"{"order":"volume","change":1e9}"#, "-100 to 100"),
            (r#"{"order":"volume","percent":60,"change":5}"#, "0 to 100"),
            (r#"{"order":"seek"}"#, "a seek is"),
            (r#"{"order":"seek","to":"1:20","by":"+1 s"}"#, "a seek is"),
            (r#"{"order":"seek","by":"10 s"}"#, "a seek is"),
            (r#"{"order":"blackout"}"#, "missing field `on`"),
            (r#"{"order":"loop"}"#, "missing field `on`"),
            (r#"{"order":"speed"}"#, "missing field `to`"),
            (r#"{"order":"speed","to":"0.5"}"#, "expected one of `half`, `normal`, `double`"),
        ] {
            let error = read(line.as_bytes()).expect_err(line);
            assert!(error.contains(told), "{line}: {error}");
        }
        assert!(read(b"\xff\xfe\x00").is_err());
        let deep = "[".repeat(1_000);
        assert!(read(deep.as_bytes()).is_err());
    }
}
