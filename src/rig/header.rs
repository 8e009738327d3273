//! The 40-pin header: the line at each contact, the state of each line before software runs, and the lines that
//! the chip's PWM block reaches. Reads no file.

use super::{Active, Channel, Line, Pull};

/// What a contact of the header carries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HeaderPin {
    Gpio(u8),
    Ground,
    Volts3,
    Volts5,
}

use HeaderPin::{Gpio, Ground, Volts3, Volts5};

/// Contacts 1 to 40, two a row as they lie on the board with the header at its upper right.
#[rustfmt::skip]
const HEADER: [HeaderPin; 40] = [
    Volts3,   Volts5,
    Gpio(2),  Volts5,
    Gpio(3),  Ground,
    Gpio(4),  Gpio(14),
    Ground,   Gpio(15),
    Gpio(17), Gpio(18),
    Gpio(27), Ground,
    Gpio(22), Gpio(23),
    Volts3,   Gpio(24),
    Gpio(10), Ground,
    Gpio(9),  Gpio(25),
    Gpio(11), Gpio(8),
    Ground,   Gpio(7),
    Gpio(0),  Gpio(1),
    Gpio(5),  Ground,
    Gpio(6),  Gpio(12),
    Gpio(13), Ground,
    Gpio(19), Gpio(16),
    Gpio(26), Gpio(20),
    Ground,   Gpio(21),
];

/// What contact `number` carries; `None` unless it is 1 to 40.
#[must_use]
pub fn contact(number: i64) -> Option<HeaderPin> {
    HEADER.get(usize::try_from(number).ok()?.checked_sub(1)?).copied()
}

impl Line {
    /// The place on the 40-pin header, 1 to 40.
    #[must_use]
    pub fn header_pin(self) -> u8 {
        let place = HEADER.iter().position(|contact| *contact == Gpio(self.bcm()));
        u8::try_from(place.expect("the header carries every line") + 1).expect("it has 40 contacts")
    }

    /// Whether the chip pulls the line up until software takes it; the others it pulls down
    /// (BCM2835 ARM Peripherals, alternative function table: GPIO 0-8 high, 9-27 low).
    #[must_use]
    pub const fn rests_high(self) -> bool {
        self.bcm() <= 8
    }

    /// Whether the board has a resistor of 1.8 kΩ from the line to 3.3 V, which no other resistor outweighs.
    #[must_use]
    pub const fn is_fixed_high(self) -> bool {
        matches!(self.bcm(), 2 | 3)
    }

    /// Which of the PWM block's two channels reaches the line, if any does.
    #[must_use]
    pub const fn pwm_channel(self) -> Option<u8> {
        match self.bcm() {
            12 | 18 => Some(0),
            13 | 19 => Some(1),
            _ => None,
        }
    }
}

impl Channel {
    /// Whether it is lit from power-on until a program sets its line, though its safe level is dark.
    #[must_use]
    pub fn lights_up_at_boot(&self) -> bool {
        let is_lit = |line| self.rests_high(line) == (self.active == Active::High);
        self.address.line().is_some_and(is_lit) && !self.safe.is_lit()
    }

    /// Whether its `line` is high until software takes it: by a resistor outside, or else by the chip.
    pub(super) fn rests_high(&self, line: Line) -> bool {
        match self.resistor {
            Some(resistor) if !line.is_fixed_high() => resistor == Pull::Up,
            _ => line.rests_high(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_on_the_header_once() {
        for line in Line::all() {
            assert_eq!(contact(line.header_pin().into()), Some(Gpio(line.bcm())));
        }
        assert_eq!(HEADER.iter().filter(|contact| matches!(contact, Gpio(_))).count(), Line::COUNT);
    }

    #[test]
    fn contacts_are_counted_from_1_to_40() {
        for (number, carries) in [(1, Some(Volts3)), (11, Some(Gpio(17))), (40, Some(Gpio(21)))] {
            assert_eq!(contact(number), carries);
        }
        for number in [i64::MIN, -1, 0, 41, i64::MAX] {
            assert_eq!(contact(number), None);
        }
    }
}
