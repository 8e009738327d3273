//! Which pins of the header keep a light dark while the Pi boots, and the pins that a person names. Knows no files.

use crate::rig::{Active, Line, Pull};

/// Safe for lights that are on when their pin is low. GPIO 2 and 3 come last: they are the I²C bus.
const FOR_LOW: [u8; 7] = [4, 5, 6, 7, 8, 2, 3];
/// Safe for lights that are on when their pin is high. First those that have no other job.
const FOR_HIGH: [u8; 19] = [17, 22, 23, 24, 25, 27, 16, 26, 12, 13, 18, 19, 20, 21, 9, 10, 11, 14, 15];
/// Beside a pin of 3.3 V or ground first, where a resistor is easy to fit.
const WITH_RESISTOR: [u8; 19] = [24, 22, 27, 10, 17, 23, 25, 18, 16, 20, 21, 26, 12, 13, 19, 9, 11, 14, 15];

/// What a pin does to its light while no program drives it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum PinSafety {
    Dark,
    /// Dark, if a resistor pulls it to this side.
    DarkWith(Pull),
    Never(&'static str),
}

/// A pin for a light.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LightPin {
    pub line: Line,
    /// The side to which a resistor pulls it.
    pub resistor: Option<Pull>,
}

/// What `line` does to a light that is on when the pin is `active`.
#[must_use]
pub(super) fn safety(line: Line, active: Active) -> PinSafety {
    if line.bcm() <= 1 {
        return PinSafety::Never("it changes while the Pi boots");
    }
    match (active, line.rests_high()) {
        (Active::Low, true) | (Active::High, false) => PinSafety::Dark,
        (Active::Low, false) => PinSafety::DarkWith(Pull::Up),
        (Active::High, true) if line.is_fixed_high() => {
            PinSafety::Never("a resistor on the Pi holds it high, and this light is on then")
        }
        (Active::High, true) => PinSafety::DarkWith(Pull::Down),
    }
}

/// `count` pins for such lights, none of the `taken` ones: safe ones first, and then ones with a resistor. Fewer where
/// the header has no more.
#[must_use]
pub fn proposed(count: usize, active: Active, taken: &[Line]) -> Vec<LightPin> {
    let (safe, others): (&[u8], &[u8]) = match active {
        Active::Low => (&FOR_LOW, &WITH_RESISTOR),
        Active::High => (&FOR_HIGH, &FOR_LOW[..5]),
    };
    let lines = safe.iter().chain(others).filter_map(|bcm| Line::new(*bcm));
    let free = lines.filter(|line| !taken.contains(line));
    let mut pins: Vec<LightPin> = free.map(|line| with_resistor(line, active)).take(count).collect();
    pins.sort_by_key(|pin| (pin.resistor.is_some(), pin.line));
    pins
}

fn with_resistor(line: Line, active: Active) -> LightPin {
    let resistor = match safety(line, active) {
        PinSafety::DarkWith(pull) => Some(pull),
        PinSafety::Dark | PinSafety::Never(_) => None,
    };
    LightPin { line, resistor }
}

/// `pins` as a person types them: `4,5,24r`.
#[must_use]
pub fn typed(pins: &[LightPin]) -> String {
    let word =
        |pin: &LightPin| format!("{}{}", pin.line.bcm(), if pin.resistor.is_some() { "r" } else { "" });
    pins.iter().map(word).collect::<Vec<_>>().join(",")
}

/// Reads GPIO numbers; `r` behind one says that its resistor is there.
///
/// # Errors
/// What is wrong with one of them, and what to type.
pub fn read_pins(text: &str, active: Active, taken: &[Line]) -> Result<Vec<LightPin>, String> {
    let mut pins: Vec<LightPin> = Vec::new();
    let words = text.split([',', ' ', ';', '\t']).filter(|word| !word.is_empty());
    for word in words {
        let lower = word.to_ascii_lowercase();
        let digits = lower.strip_prefix("gpio").unwrap_or(&lower);
        let (digits, has_resistor) =
            digits.strip_suffix('r').map_or((digits, false), |digits| (digits, true));
        let line = digits.parse().ok().and_then(Line::new);
        let line =
            line.ok_or_else(|| format!("`{word}` is no GPIO number: those go from 0 to 27, as in `4,5,6`"))?;
        let again = pins.iter().any(|pin| pin.line == line);
        if again || taken.contains(&line) {
            return Err(format!("{line} is used twice; each light needs a pin of its own"));
        }
        pins.push(match safety(line, active) {
            PinSafety::Dark => LightPin { line, resistor: None },
            PinSafety::DarkWith(pull) if has_resistor => LightPin { line, resistor: Some(pull) },
            PinSafety::DarkWith(pull) => return Err(lit_at_boot(line, active, pull)),
            PinSafety::Never(why) => return Err(format!("{line} is no pin for this light: {why}")),
        });
    }
    match pins.is_empty() {
        true => Err("name at least one pin, as in `4,5,6`".to_owned()),
        false => Ok(pins),
    }
}

fn lit_at_boot(line: Line, active: Active, pull: Pull) -> String {
    let (state, safe) = match active {
        Active::Low => ("low", "GPIO 2 to 8"),
        Active::High => ("high", "GPIO 9 to 27"),
    };
    let to = supply(pull);
    format!(
        "{line} is {state} while the Pi boots, and this light is on then; safe pins are {safe}, \
         or put a resistor of 4.7 kΩ from this pin to {to} and write `{}r`",
        line.bcm()
    )
}

/// Where the other end of a resistor goes.
#[must_use]
pub const fn supply(pull: Pull) -> &'static str {
    match pull {
        Pull::Down => "ground",
        Pull::Up | Pull::Off => "3.3 V",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_proposed_pin_is_one_that_may_be_typed() {
        for active in [Active::Low, Active::High] {
            for count in 1..=26 {
                let pins = proposed(count, active, &[]);
                assert_eq!(read_pins(&typed(&pins), active, &[]).as_ref(), Ok(&pins));
                let needs_resistor = pins.iter().any(|pin| pin.resistor.is_some());
                assert_eq!(needs_resistor, count > if active == Active::Low { 7 } else { 19 });
            }
        }
        assert_eq!(typed(&proposed(8, Active::Low, &[])), "2,3,4,5,6,7,8,24r");
    }

    #[test]
    fn a_pin_that_lights_at_boot_is_refused() {
        let read =
            |text: &str, active| read_pins(text, active, &[Line::new(9).unwrap()]).map(|pins| pins.len());
        assert_eq!(read("4, 5 GPIO6;24r", Active::Low), Ok(4));
        for (text, active, why) in [
            ("17", Active::Low, "write `17r`"),
            ("4", Active::High, "to ground and write `4r`"),
            ("2r", Active::High, "holds it high"),
            ("0", Active::Low, "changes while the Pi boots"),
            ("4,4", Active::Low, "used twice"),
            ("9", Active::High, "used twice"),
            ("28", Active::High, "from 0 to 27"),
            ("", Active::High, "at least one pin"),
            ("r", Active::High, "`r` is no GPIO number"),
        ] {
            let told = read(text, active).unwrap_err();
            assert!(told.contains(why), "{text}: {told}");
        }
    }
}
