//! A line that gives an order: the order, and the id that its sender has given it. An order with an id can be said
//! again, on another connection too, without being obeyed twice. Knows the form of both, not what comes of them.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hasher};

use serde::{Deserialize, Deserializer, Serialize};

use super::order::Order;

/// The longest id, in bytes.
const LONGEST_ID: usize = 64;

/// What tells an order from every other order of its sender.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(transparent)]
pub struct OrderId(String);

impl OrderId {
    /// One that nobody else has: 128 bits of chance.
    fn random() -> Self {
        // The standard library's hash tables draw their keys from the system.
        let bits = || RandomState::new().build_hasher().finish();
        Self(format!("{:016x}{:016x}", bits(), bits()))
    }
}

impl<'de> Deserialize<'de> for OrderId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let is_plain = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        match is_plain && (1..=LONGEST_ID).contains(&text.len()) {
            true => Ok(Self(text)),
            false => Err(serde::de::Error::custom(format!(
                "\"id\" is 1 to {LONGEST_ID} letters, digits, `-` and `_`"
            ))),
        }
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An order as it is said.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(expecting = "an order")]
pub struct OrderLine {
    #[serde(flatten)]
    pub order: Order,
    /// Where the same id is said again, it is the same order.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "some_id")]
    pub id: Option<OrderId>,
}

/// What is there must be an id: `null` is none.
fn some_id<'de, D: Deserializer<'de>>(from: D) -> Result<Option<OrderId>, D::Error> {
    OrderId::deserialize(from).map(Some)
}

impl OrderLine {
    /// `order` with an id of its own: it may be said as often as it takes.
    #[must_use]
    pub fn repeatable(order: Order) -> Self {
        Self { order, id: Some(OrderId::random()) }
    }

    /// Reads a line.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn read(line: &[u8]) -> Result<Self, String> {
        let read: Self =
            serde_json::from_slice(line).map_err(|error| format!("this is no order: {error}"))?;
        match read.id.is_some() && read.order.is_of_its_connection() {
            true => {
                Err("this is no order: `hold`, `leave` and `play` with `attach` belong to their connection \
                         and have no `id`"
                    .to_owned())
            }
            false => Ok(read),
        }
    }

    /// The line, with its end.
    #[must_use]
    pub fn line(&self) -> Vec<u8> {
        super::order::line(self)
    }
}

impl From<Order> for OrderLine {
    fn from(order: Order) -> Self {
        Self { order, id: None }
    }
}

#[cfg(test)]
mod tests {
    use super::super::VolumeChange;
    use super::super::order::{LONGEST_LINE, Play};
    use super::*;

    #[test]
    fn an_order_may_have_an_id() {
        for (line, order, id) in [
            (r#"{"order":"stop","id":"a-1_B"}"#, Order::Stop {}, Some("a-1_B")),
            (
                r#"{"id":"7","order":"volume","change":-10}"#,
                Order::Volume(VolumeChange::By { change: -10 }),
                Some("7"),
            ),
            (r#"{"order":"play","id":"x","show":"demo"}"#, Order::Play(Play::show("demo")), Some("x")),
            (r#"{"order":"next"}"#, Order::Next {}, None),
        ] {
            let expected = OrderLine { order, id: id.map(|id| OrderId(id.to_owned())) };
            assert_eq!(OrderLine::read(line.as_bytes()), Ok(expected.clone()), "{line}");
            let written = expected.line();
            assert_eq!(OrderLine::read(written.trim_ascii_end()), Ok(expected), "{line}");
        }
    }

    #[test]
    fn an_id_that_is_none_is_told() {
        let long = format!(r#"{{"order":"stop","id":"{}"}}"#, "x".repeat(LONGEST_ID + 1));
        for (line, told) in [
            (r#"{"order":"stop","id":""}"#, "1 to 64 letters"),
            (r#"{"order":"stop","id":"a b"}"#, "1 to 64 letters"),
            (r#"{"order":"stop","id":"ä"}"#, "1 to 64 letters"),
            (r#"{"order":"stop","id":7}"#, "expected a string"),
            (r#"{"order":"stop","id":null}"#, "expected a string"),
            (r#"{"order":"stop","id":"a","id":"b"}"#, "duplicate field `id`"),
            (r#"{"order":"stop","id":"a","now":true}"#, "unknown field `now`"),
            (r#"{"order":"stop","order":"pause"}"#, "duplicate field `order`"),
            (r#"{"order":"hold","on":true,"id":"a"}"#, "belong to their connection"),
            (r#"{"order":"leave","id":"a"}"#, "belong to their connection"),
            (r#"{"order":"play","show":"demo","attach":true,"id":"a"}"#, "belong to their connection"),
            (long.as_str(), "1 to 64 letters"),
        ] {
            let error = OrderLine::read(line.as_bytes()).expect_err(line);
            assert!(error.starts_with("this is no order: ") && error.contains(told), "{line}: {error}");
        }
    }

    #[test]
    fn no_two_orders_have_the_same_id_by_chance() {
        let said: Vec<OrderLine> = (0..1_000).map(|_| OrderLine::repeatable(Order::Stop {})).collect();
        let mut ids: Vec<&str> = said.iter().filter_map(|said| said.id.as_ref()).map(|id| &*id.0).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 1_000);
        assert_eq!(OrderLine::read(said[0].line().trim_ascii_end()), Ok(said[0].clone()));
        assert!(said[0].line().len() <= LONGEST_LINE);
    }
}
