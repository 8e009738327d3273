//! An I²C bus, through the kernel's device. The only file that names i2cdev; knows no chip's registers.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::PathBuf;

use i2cdev::core::{I2CMessage, I2CTransfer};
use i2cdev::linux::{LinuxI2CBus, LinuxI2CMessage};

use crate::output::gpio::Unavailable;
use crate::rig::I2cChip;

/// What messages are written to.
pub(super) trait I2cBus: Send {
    /// Writes one message to the chip at `address`, whole or not at all. May block for as long as the kernel's driver
    /// waits for a bus that hangs: usually a second.
    ///
    /// # Errors
    /// When the chip does not answer, or the bus is not to be had.
    fn write(&mut self, address: u8, message: &[u8]) -> io::Result<()>;

    /// Asks where no chip can be, which nothing may answer. May block as a write does.
    ///
    /// # Errors
    /// When something holds the wires low, so that every chip seems to answer, or the bus is not to be had.
    fn check_wires(&mut self) -> io::Result<()>;
}

/// The last of those that the I²C specification keeps (UM10204, 3.1.12).
const NOBODYS_ADDRESS: u16 = 0x7F;

/// A bus of this machine.
pub(super) struct DeviceBus {
    number: u8,
    /// `None` after a failure: a bus that was taken away, such as an adapter that was pulled out, comes back as another
    /// device, and the kernel waits for the one before to be closed.
    device: Option<LinuxI2CBus>,
}

impl DeviceBus {
    /// Opens the device, and writes nothing.
    ///
    /// # Errors
    /// [`Unavailable`], whose text names the mend.
    pub(super) fn open(bus: u8) -> Result<Self, Unavailable> {
        let device = device(bus);
        let opened = LinuxI2CBus::new(&device);
        opened.map(|device| Self { number: bus, device: Some(device) }).map_err(|error| {
            let error = io::Error::from(error);
            match error.kind() {
                ErrorKind::NotFound => Unavailable::Missing(format!(
                    "there is no I²C bus {bus} ({}); {}",
                    device.display(),
                    how_to_enable(bus)
                )),
                ErrorKind::PermissionDenied => {
                    Unavailable::NotPermitted { device: device.display().to_string(), group: "i2c" }
                }
                kind => {
                    let told = format!("opening {}: {error}", device.display());
                    Unavailable::Io(io::Error::new(kind, told))
                }
            }
        })
    }
}

impl I2cBus for DeviceBus {
    fn write(&mut self, address: u8, message: &[u8]) -> io::Result<()> {
        self.transfer(&mut [LinuxI2CMessage::write(message).with_address(address.into())])
    }

    fn check_wires(&mut self) -> io::Result<()> {
        let mut byte = [0];
        match self.transfer(&mut [LinuxI2CMessage::read(&mut byte).with_address(NOBODYS_ADDRESS)]) {
            Ok(()) => Err(io::Error::other("something holds the data wire low")),
            Err(error) if is_silence(&error) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// Whether nothing has answered. Drivers of the kernel tell it in either way (Documentation/i2c/fault-codes).
fn is_silence(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EREMOTEIO | libc::ENXIO))
}

impl DeviceBus {
    fn transfer(&mut self, messages: &mut [LinuxI2CMessage<'_>]) -> io::Result<()> {
        let mut opened = match self.device.take() {
            Some(device) => device,
            None => LinuxI2CBus::new(device(self.number))?,
        };
        let outcome = opened.transfer(messages).map(drop).map_err(io::Error::from);
        // Where only a chip is silent, the bus is there.
        if outcome.as_ref().err().is_none_or(is_silence) {
            self.device = Some(opened);
        }
        outcome
    }
}

fn device(bus: u8) -> PathBuf {
    PathBuf::from(format!("/dev/i2c-{bus}"))
}

/// What switches `bus` on.
fn how_to_enable(bus: u8) -> String {
    match bus {
        1 => "run `sudo raspi-config nonint do_i2c 0`, and restart the Pi".to_owned(),
        0 => "add `dtparam=i2c_vc=on` to /boot/firmware/config.txt, and restart the Pi".to_owned(),
        _ => format!(
            "add the overlay of this bus to /boot/firmware/config.txt, such as `dtoverlay=i2c{bus}`, and restart the Pi"
        ),
    }
}

/// Refuses a chip that a driver of the kernel has: both would write it.
///
/// # Errors
/// [`Unavailable`], which names the driver.
pub(super) fn check_free(chip: I2cChip) -> Result<(), Unavailable> {
    match kernel_driver(chip) {
        Some(driver) => Err(Unavailable::Missing(format!(
            "the kernel's driver \"{driver}\" has the {chip}; take the line that loads it out of \
             /boot/firmware/config.txt, and restart the Pi"
        ))),
        None => Ok(()),
    }
}

fn kernel_driver(chip: I2cChip) -> Option<String> {
    let link = format!("/sys/bus/i2c/devices/{}-{:04x}/driver", chip.bus(), chip.address());
    Some(fs::read_link(link).ok()?.file_name()?.to_string_lossy().into_owned())
}

/// What became of a question to a chip.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ChipAnswer {
    /// Something answers at its address.
    There,
    Silent,
    /// This driver of the kernel has it.
    Kernels(String),
    /// The bus cannot be used; the text names the mend.
    NoBus(String),
}

/// Whether something answers at the address of `chip`: reads a byte, which changes nothing. May block as a write does.
#[must_use]
pub fn ask(chip: I2cChip) -> ChipAnswer {
    if let Some(driver) = kernel_driver(chip) {
        return ChipAnswer::Kernels(driver);
    }
    let mut bus = match DeviceBus::open(chip.bus()) {
        Ok(bus) => bus,
        Err(unavailable) => return ChipAnswer::NoBus(unavailable.to_string()),
    };
    if let Err(error) = bus.check_wires() {
        return ChipAnswer::NoBus(format!("I²C bus {} hangs: {error}", chip.bus()));
    }
    let mut byte = [0];
    match bus.transfer(&mut [LinuxI2CMessage::read(&mut byte).with_address(chip.address().into())]) {
        Ok(()) => ChipAnswer::There,
        Err(error) if is_silence(&error) => ChipAnswer::Silent,
        Err(error) => ChipAnswer::NoBus(format!("I²C bus {} hangs: {error}", chip.bus())),
    }
}
