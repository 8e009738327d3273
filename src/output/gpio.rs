//! The pins of a Raspberry Pi. The only file that names rppal; knows nothing of shows.

mod chips;
mod mode_lock;

use std::io;
use std::time::Duration;

use rppal::gpio::{Error as RppalError, Gpio as Registers, Mode, OutputPin};
use rppal::system::DeviceInfo;
use thiserror::Error;

use super::line::{LineOutputs, Signal, Wire};
use crate::rig::{Line, Release};

use mode_lock::ModeLock;

pub use chips::{HEADER_CHIPS, HeaderChip, numbering_gap};

/// The group whose members may use the pins and what belongs to them.
pub(crate) const GROUP: &str = "gpio";

/// Why outputs cannot be used; the text names the mend.
#[derive(Debug, Error)]
pub enum Unavailable {
    /// No Raspberry Pi, or one that rppal does not know.
    #[error("this machine is not a Raspberry Pi (up to model 5); use --output sim to play without pins")]
    NotAPi,
    /// This user may not open `device`, which belongs to `group`.
    #[error("not permitted to open {device}; run `sudo usermod -aG {group} $USER` and log in again")]
    NotPermitted { device: String, group: &'static str },
    /// A device that the pins are reached through is missing.
    #[error("{0}")]
    Missing(String),
    /// The line is driven by another part of this process.
    #[error("{0} is already driven by this program")]
    Busy(Line),
    /// The line is another program's, or the kernel's own.
    #[error("{line} is in use by \"{by}\"; end that, or wire the rig to another pin")]
    Taken { line: Line, by: String },
    #[error("opening the GPIO devices: {0}")]
    Io(io::Error),
}

/// The model of this Raspberry Pi; `None` on anything else. Opens no device.
#[must_use]
pub fn pi_model() -> Option<String> {
    DeviceInfo::new().ok().map(|device| device.model().to_string())
}

/// Lines of the 40-pin header, driven through the registers.
pub struct Gpio {
    registers: Registers,
    wires: Vec<Wire>,
    release: Release,
    /// Those that were taken, by BCM number.
    pins: [Option<OutputPin>; Line::COUNT],
    modes: ModeLock,
}

impl Gpio {
    /// Takes `wires`. Each has its safe signal before it becomes an output.
    ///
    /// # Errors
    /// [`Unavailable`], whose text names the mend; the other lines are driven and safe then.
    pub fn open(wires: &[Wire], release: Release) -> Result<Self, Unavailable> {
        let mut gpio = Self::reach(wires, release)?;
        gpio.take_lines()?;
        Ok(gpio)
    }

    /// Opens the registers, and touches no line.
    ///
    /// # Errors
    /// [`Unavailable`], whose text names the mend.
    pub fn reach(wires: &[Wire], release: Release) -> Result<Self, Unavailable> {
        if pi_model().is_some()
            && let Some(gap) = numbering_gap()
        {
            return Err(Unavailable::Missing(gap));
        }
        let registers = Registers::new().map_err(why)?;
        let pins = [const { None }; Line::COUNT];
        Ok(Self { registers, wires: wires.to_vec(), release, pins, modes: ModeLock::open() })
    }

    /// Keeps other processes from what takes several writes, until [`share`](Self::share). Waits `patience` at most, and
    /// does not sleep meanwhile. Whether it does.
    pub(super) fn keep_alone(&self, patience: Duration) -> bool {
        self.modes.try_hold(patience)
    }

    pub(super) fn share(&self) {
        self.modes.free();
    }

    fn take_lines(&mut self) -> Result<(), Unavailable> {
        let modes = std::mem::take(&mut self.modes);
        let taken = modes.hold(|| {
            // All of them, whatever comes of one: a lamp must not stay lit because another line is not to be had.
            let wires = 0..self.wires.len();
            wires.map(|index| self.take_one(self.wires[index])).fold(Ok(()), Result::and)
        });
        self.modes = modes;
        taken
    }

    fn take_one(&mut self, Wire { line, safe }: Wire) -> Result<(), Unavailable> {
        // Let go first: what another process made of the line is to be undone from the start.
        self.pins[line.index()] = None;
        let pin = self.registers.get(line.bcm()).map_err(why)?;
        let mut pin = match safe {
            Signal::Low => pin.into_output_low(),
            Signal::High => pin.into_output_high(),
        };
        // On its own rppal would turn the line back into an input, which floats.
        pin.set_reset_on_drop(false);
        self.pins[line.index()] = Some(pin);
        Ok(())
    }
}

impl LineOutputs for Gpio {
    fn take(&mut self) -> anyhow::Result<()> {
        Ok(self.take_lines()?)
    }

    fn drive(&mut self, changes: &[(Line, Signal)]) -> bool {
        for (line, signal) in changes {
            if let Some(pin) = &mut self.pins[line.index()] {
                match signal {
                    Signal::Low => pin.set_low(),
                    Signal::High => pin.set_high(),
                }
            }
        }
        // A register cannot refuse.
        true
    }

    fn make_safe(&mut self) -> bool {
        (0..self.wires.len()).all(|index| {
            let Wire { line, safe } = self.wires[index];
            self.drive(&[(line, safe)])
        })
    }
}

impl Drop for Gpio {
    fn drop(&mut self) {
        let _are_safe = self.make_safe();
        if self.release == Release::Input {
            self.modes.hold(|| {
                for pin in self.pins.iter_mut().filter_map(Option::take) {
                    let bcm = pin.pin();
                    drop(pin);
                    // Unlike `into_input`, this leaves the line's pull resistor as it was.
                    if let Ok(pin) = self.registers.get(bcm) {
                        pin.into_io(Mode::Input).set_reset_on_drop(false);
                    }
                }
            });
        }
    }
}

fn why(error: RppalError) -> Unavailable {
    match error {
        RppalError::UnknownModel => Unavailable::NotAPi,
        // It is tried where there is no /dev/gpiomem, and is root's: no group opens it.
        RppalError::PermissionDenied(device) if device == "/dev/mem" => missing(),
        RppalError::PermissionDenied(device) => Unavailable::NotPermitted { device, group: GROUP },
        RppalError::PinUsed(bcm) | RppalError::PinNotAvailable(bcm) => match Line::new(bcm) {
            Some(line) => Unavailable::Busy(line),
            None => Unavailable::Io(io::Error::other(format!("no GPIO {bcm}"))),
        },
        RppalError::Io(error) => match error.kind() {
            io::ErrorKind::NotFound => missing(),
            io::ErrorKind::PermissionDenied => {
                Unavailable::NotPermitted { device: "/dev/gpiomem".to_owned(), group: GROUP }
            }
            _ => Unavailable::Io(error),
        },
        RppalError::ThreadPanic => Unavailable::Io(io::Error::other("a thread of rppal ended in a panic")),
    }
}

fn missing() -> Unavailable {
    Unavailable::Missing(
        "the GPIO devices /dev/gpiomem and /dev/gpiochip0 are missing; \
         run `sudo modprobe raspberrypi-gpiomem`, or start Raspberry Pi OS's own kernel"
            .to_owned(),
    )
}
