//! The 40-pin header as text, as it lies on the board. Knows no rig.

use super::pins::{PinSafety, safety};
use crate::rig::{Active, HeaderPin, Line, header_contact};

/// The header with a mark at each pin for lights that are on when their pin is `active`.
#[must_use]
pub fn header_picture(active: Active, taken: &[Line]) -> String {
    let mut text = String::new();
    for row in 0..20 {
        let (left, right) = (2 * row + 1, 2 * row + 2);
        let (words, mark) = contact(left, active, taken);
        let (other_words, other_mark) = contact(right, active, taken);
        text += &format!("{words:>17} {mark} {left:>2} | {right:<2} {other_mark} {other_words}\n");
    }
    text + "* safe for these lights: dark while the Pi boots   r safe with a resistor of 4.7 kΩ   - already used\n"
}

fn contact(number: i64, active: Active, taken: &[Line]) -> (String, char) {
    match header_contact(number) {
        Some(HeaderPin::Gpio(bcm)) => {
            let line = Line::new(bcm).expect("the header carries lines");
            let mark = match safety(line, active) {
                _ if taken.contains(&line) => '-',
                PinSafety::Dark => '*',
                PinSafety::DarkWith(_) => 'r',
                PinSafety::Never(_) => ' ',
            };
            let job = match bcm {
                2 | 3 => " (I²C)",
                14 | 15 => " (serial)",
                _ => "",
            };
            (format!("{line}{job}"), mark)
        }
        Some(HeaderPin::Ground) => ("ground".to_owned(), ' '),
        Some(HeaderPin::Volts3) => ("3.3 V".to_owned(), ' '),
        Some(HeaderPin::Volts5) => ("5 V".to_owned(), ' '),
        None => (String::new(), ' '),
    }
}
