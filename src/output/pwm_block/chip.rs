//! Which of the kernel's PWM chips reaches a line of the header, found by the device behind it: their
//! numbers change from kernel to kernel.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::output::gpio::{GROUP, Unavailable};
use crate::rig::Line;

/// udev hands new files to the group gpio a moment after they appear.
const PATIENCE: u32 = 200;
const LOOK: Duration = Duration::from_millis(5);

/// How the block's channels are led to the header.
#[derive(Clone, Copy)]
enum BlockLayout {
    /// BCM2835 and its kin, up to the Pi 4: channels 0 and 1, each on two lines.
    Two,
    /// RP1, on the Pi 5: a channel a line.
    Four,
}

/// Ends of device names: the block's address on the chip's bus, wherever that bus lies. A Pi 4 has a
/// second block for the headphone jack, and a Pi 5 one for its fan.
const BLOCKS: [(&str, BlockLayout); 2] =
    [("20c000.pwm", BlockLayout::Two), ("098000.pwm", BlockLayout::Four)];

impl BlockLayout {
    const fn channel(self, line: Line) -> Option<u8> {
        match (self, line.bcm()) {
            (Self::Two, _) => line.pwm_channel(),
            (Self::Four, 12) => Some(0),
            (Self::Four, 13) => Some(1),
            (Self::Four, 18) => Some(2),
            (Self::Four, 19) => Some(3),
            (Self::Four, _) => None,
        }
    }
}

/// The folder of the channel that reaches `line`; the kernel is asked to make it where it is missing.
pub(super) fn channel(root: &Path, line: Line) -> Result<PathBuf, Unavailable> {
    let (chip, layout) = find(root).ok_or_else(|| missing(line))?;
    let channel = layout.channel(line).ok_or_else(|| missing(line))?;
    let folder = chip.join(format!("pwm{channel}"));
    if !folder.exists() {
        fs::write(chip.join("export"), channel.to_string()).map_err(|error| why(line, error))?;
        await_files(&folder);
    }
    Ok(folder)
}

fn find(root: &Path) -> Option<(PathBuf, BlockLayout)> {
    let chips = fs::read_dir(root.join("sys/class/pwm")).ok()?;
    chips.flatten().map(|entry| entry.path()).find_map(|chip| {
        let device = fs::read_link(chip.join("device")).ok()?;
        let device = device.file_name()?.to_str()?;
        let (_, layout) = BLOCKS.into_iter().find(|(end, _)| device.ends_with(end))?;
        Some((chip, layout))
    })
}

/// Until its files are there and ours to write, or patience ends: then opening them tells what is wrong.
fn await_files(folder: &Path) {
    for _ in 0..PATIENCE {
        let is_ours = |name: &str| fs::OpenOptions::new().write(true).open(folder.join(name)).is_ok();
        if ["period", "duty_cycle", "polarity", "enable"].into_iter().all(is_ours) {
            return;
        }
        thread::sleep(LOOK);
    }
}

/// What a failure with the block of `line` means.
pub(super) fn why(line: Line, error: io::Error) -> Unavailable {
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            Unavailable::NotPermitted { device: format!("the PWM block for {line}"), group: GROUP }
        }
        io::ErrorKind::ResourceBusy => {
            Unavailable::Missing(format!("the PWM channel of {line} is used by the kernel (a fan, perhaps)"))
        }
        _ => Unavailable::Io(io::Error::new(error.kind(), format!("the PWM block for {line}: {error}"))),
    }
}

fn missing(line: Line) -> Unavailable {
    Unavailable::Missing(format!(
        "no PWM block reaches {line}: add `dtoverlay=pwm-2chan` to /boot/firmware/config.txt and restart \
         (on a Pi before the 5 the headphone jack falls silent then, for it needs the same block); \
         `starcourt doctor` tells the exact line"
    ))
}
