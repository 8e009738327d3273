//! Chips that do with each byte what their data sheets say, on a bus that may refuse, hang, or lose its power.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use crate::output::i2c::bus::I2cBus;
use crate::rig::{I2cChip, I2cModel};

/// What an output of a chip does to what hangs on it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Pin {
    /// It drives nothing: an input, or the weak current of a PCF8574 that is high.
    Open,
    Low,
    High,
    /// High for so many 4096ths of a period.
    Dimmed(u16),
}

/// A chip as it is after power-on, until it is written.
#[derive(Clone, Debug)]
pub(super) struct ModelChip {
    chip: I2cChip,
    registers: [u8; 256],
    /// Not reached by messages: what a PCF8574 shows.
    port: u8,
}

impl ModelChip {
    pub(super) fn new(chip: I2cChip) -> Self {
        let mut registers = [0; 256];
        match chip.model() {
            // All pins are inputs (table 3-5).
            I2cModel::Mcp23017 => registers[..2].fill(0xFF),
            I2cModel::Pcf8574 => {}
            // Asleep, and every output off (7.3.1, 7.3.3).
            I2cModel::Pca9685 { .. } => {
                (registers[0], registers[1], registers[0xFE]) = (0x11, 0x04, 0x1E);
                (0..16).for_each(|led| registers[0x06 + 4 * led + 3] = 0x10);
            }
        }
        Self { chip, registers, port: 0xFF }
    }

    fn write(&mut self, message: &[u8]) {
        match self.chip.model() {
            I2cModel::Pcf8574 => self.port = *message.last().expect("a message has a byte"),
            I2cModel::Mcp23017 => {
                for (register, byte) in (usize::from(message[0])..).zip(&message[1..]) {
                    assert!(register < 0x16, "there is no register {register:#x}");
                    // IOCON is one register at two addresses.
                    let also = if matches!(register, 0x0A | 0x0B) { register ^ 1 } else { register };
                    (self.registers[register], self.registers[also]) = (*byte, *byte);
                    assert_eq!(self.registers[0x0A] & 0xA0, 0, "registers in pairs, counting up");
                }
            }
            I2cModel::Pca9685 { .. } => {
                let mut register = usize::from(message[0]);
                for byte in &message[1..] {
                    let sleeps = self.registers[0] & 0x10 != 0;
                    // Its prescaler is protected while it is awake (7.3.5).
                    if register != 0xFE || sleeps {
                        self.registers[register] = *byte;
                    }
                    if self.registers[0] & 0x20 != 0 {
                        register = if register == 0x45 { 0 } else { register + 1 };
                    }
                }
            }
        }
    }

    pub(super) fn pin(&self, number: u8) -> Pin {
        let bit = |byte: u8, number: u8| byte >> (number % 8) & 1 == 1;
        match self.chip.model() {
            I2cModel::Pcf8574 => {
                if bit(self.port, number) {
                    Pin::Open
                } else {
                    Pin::Low
                }
            }
            I2cModel::Mcp23017 => {
                let port = usize::from(number / 8);
                match (bit(self.registers[port], number), bit(self.registers[0x14 + port], number)) {
                    (true, _) => Pin::Open,
                    (false, true) => Pin::High,
                    (false, false) => Pin::Low,
                }
            }
            I2cModel::Pca9685 { .. } => {
                let led = 0x06 + 4 * usize::from(number);
                let [on_low, on_high, off_low, off_high] = self.registers[led..led + 4].try_into().unwrap();
                assert_eq!((on_low, on_high & 0x0F), (0, 0), "a period begins lit");
                let share = u16::from(off_low) | u16::from(off_high & 0x0F) << 8;
                match (off_high & 0x10 != 0, on_high & 0x10 != 0, self.registers[0] & 0x10 != 0) {
                    (true, ..) => Pin::Low,
                    (false, true, _) => Pin::High,
                    (false, false, true) => Pin::Low,
                    (false, false, false) => Pin::Dimmed(share),
                }
            }
        }
    }

    pub(super) fn prescaler(&self) -> u8 {
        self.registers[0xFE]
    }
}

/// What becomes of messages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ChipFault {
    None,
    /// Nothing acknowledges the address.
    Silent,
    /// The chip has lost its supply: it is silent, and begins anew with [`ChipFault::None`].
    NoPower,
    /// Something holds the data wire low: every message seems to be heard, and none is.
    Held,
    /// Whoever writes to it waits, as on a bus whose wires something holds low.
    Hangs,
}

pub(super) struct ChipBusState {
    chips: Vec<(ModelChip, ChipFault)>,
    /// Every message that arrived, in order.
    pub(super) log: Vec<(u8, Vec<u8>)>,
    /// How many messages were tried, answered or not.
    pub(super) tries: usize,
}

/// A bus with chips, which outlives whoever writes to it.
#[derive(Clone)]
pub(super) struct ChipBus(Arc<Mutex<ChipBusState>>);

impl ChipBus {
    pub(super) fn new(chips: &[I2cChip]) -> Self {
        let chips = chips.iter().map(|chip| (ModelChip::new(*chip), ChipFault::None)).collect();
        Self(Arc::new(Mutex::new(ChipBusState { chips, log: Vec::new(), tries: 0 })))
    }

    pub(super) fn state(&self) -> MutexGuard<'_, ChipBusState> {
        self.0.lock().unwrap()
    }

    pub(super) fn break_chip(&self, place: usize, fault: ChipFault) {
        let (chip, before) = &mut self.state().chips[place];
        if *before == ChipFault::NoPower && fault != ChipFault::NoPower {
            *chip = ModelChip::new(chip.chip);
        }
        *before = fault;
    }

    pub(super) fn chip(&self, place: usize) -> ModelChip {
        self.state().chips[place].0.clone()
    }

    /// A spark, or a supply that failed for a moment: the chip is as after power-on, and nobody was told.
    pub(super) fn upset(&self, place: usize) {
        let chip = &mut self.state().chips[place].0;
        *chip = ModelChip::new(chip.chip);
    }
}

impl I2cBus for ChipBus {
    fn write(&mut self, address: u8, message: &[u8]) -> io::Result<()> {
        while self.state().chips.iter().any(|(_, fault)| *fault == ChipFault::Hangs) {
            thread::sleep(Duration::from_millis(1));
        }
        let mut state = self.state();
        state.tries += 1;
        if state.chips.iter().any(|(_, fault)| *fault == ChipFault::Held) {
            return Ok(());
        }
        let found = state.chips.iter_mut().find(|(chip, _)| chip.chip.address() == address);
        match found {
            Some((chip, ChipFault::None)) => chip.write(message),
            // As the kernel tells a message that nobody acknowledges.
            _ => return Err(io::Error::other("Remote I/O error")),
        }
        state.log.push((address, message.to_vec()));
        Ok(())
    }

    fn check_wires(&mut self) -> io::Result<()> {
        match self.state().chips.iter().any(|(_, fault)| *fault == ChipFault::Held) {
            true => Err(io::Error::other("held")),
            false => Ok(()),
        }
    }
}
