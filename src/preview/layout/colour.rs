//! The colour of a lamp: `#ffd9a0`, or one of a few names. Knows no lamps.

use std::fmt;

use serde::Serialize;
use serde::ser::Serializer;

/// Red, green and blue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Colour([u8; 3]);

/// The names of colours, with what they are.
pub(super) const NAMES: [(&str, Colour); 12] = [
    ("warm white", Colour([0xff, 0xd9, 0xa0])),
    ("white", Colour([0xff, 0xf4, 0xe5])),
    ("cold white", Colour([0xdf, 0xea, 0xff])),
    ("red", Colour([0xff, 0x3b, 0x30])),
    ("orange", Colour([0xff, 0x95, 0x2b])),
    ("amber", Colour([0xff, 0xb0, 0x00])),
    ("yellow", Colour([0xff, 0xe0, 0x3d])),
    ("green", Colour([0x3d, 0xe0, 0x6a])),
    ("cyan", Colour([0x3d, 0xe0, 0xe0])),
    ("blue", Colour([0x4a, 0x7d, 0xff])),
    ("purple", Colour([0xa8, 0x5c, 0xff])),
    ("pink", Colour([0xff, 0x6f, 0xb5])),
];

impl Colour {
    /// `#ffd9a0`, or a name; capitals do not matter.
    pub(super) fn of(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        let named = NAMES.iter().find(|(name, _)| *name == text).map(|(_, colour)| *colour);
        named.or_else(|| {
            let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
            let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            let number = u32::from_str_radix(digits, 16).ok().filter(|_| is_hex)?;
            let [_, red, green, blue] = number.to_be_bytes();
            Some(Self([red, green, blue]))
        })
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl Serialize for Colour {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_six_digits_or_a_name() {
        for (text, expected) in [
            ("#ffd9a0", Some("#ffd9a0")),
            (" #FFD9A0 ", Some("#ffd9a0")),
            ("Warm White", Some("#ffd9a0")),
            ("red", Some("#ff3b30")),
            ("#fff", None),
            ("#+12345", None),
            ("#ffd9a0;}", None),
            ("url(x)", None),
            ("", None),
        ] {
            assert_eq!(Colour::of(text).map(|colour| colour.to_string()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn the_page_knows_the_same_names_in_the_same_order() {
        let page = include_str!("../page/lamp_colour.js");
        let usual = format!("\"{}\"", NAMES[0].1);
        assert!(page.contains(&format!("LAMP_COLOUR = {usual};")));
        let page = page.replace("value: LAMP_COLOUR }", &format!("value: {usual} }}"));
        let told = NAMES.map(|(name, colour)| format!("  {{ name: \"{name}\", value: \"{colour}\" }},\n"));
        assert!(page.contains(&format!("LAMP_COLOURS = [\n{}];", told.concat())), "{told:?}");
    }
}
