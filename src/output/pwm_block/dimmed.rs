//! One channel of the PWM block: a folder of small files that the kernel acts upon when they are written.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::Duration;

use crate::output::line::DimmedWire;
use crate::rig::Active;

/// Digits of the longest number, and a newline.
const LONGEST: usize = 21;

#[derive(Debug)]
pub(super) struct Dimmed {
    duty: File,
    period: Duration,
    safe: Duration,
}

impl Dimmed {
    /// Takes the channel in `folder`. If it runs already (a killed show left it so), it goes on without
    /// a gap; if it does not, its first pulse is a safe one.
    pub(super) fn open(folder: &Path, wire: DimmedWire, period: Duration) -> io::Result<Self> {
        let is = |file: &str, value: &str| Ok::<_, io::Error>(read(folder, file)? == value);
        // Turned round by the block, a line that is lit when low has duty 0 for dark as any other, and
        // no change of the period can make it flash.
        let polarity = match wire.active {
            Active::High => "normal",
            Active::Low => "inversed",
        };
        if !is("polarity", polarity)? {
            // Another program's setting: the kernel changes the polarity only of a channel that is off.
            if is("enable", "1")? {
                fs::write(folder.join("enable"), "0")?;
            }
            fs::write(folder.join("polarity"), polarity)?;
        }
        let safe = wire.safe(period);
        let duty = OpenOptions::new().write(true).open(folder.join("duty_cycle"))?;
        let mut dimmed = Self { duty, period, safe };
        // The kernel takes no duty longer than the period, and none at all before there is a period.
        let before: u128 = read(folder, "period")?.parse().unwrap_or(0);
        let fits = before > 0 && safe.as_nanos() <= before;
        if fits {
            dimmed.dim(safe)?;
        }
        if before != period.as_nanos() {
            fs::write(folder.join("period"), period.as_nanos().to_string())?;
        }
        if !fits {
            dimmed.dim(safe)?;
        }
        if !is("enable", "1")? {
            fs::write(folder.join("enable"), "1")?;
        }
        Ok(dimmed)
    }

    /// Writes it whatever was written before: another process may have written since.
    pub(super) fn dim(&mut self, lit: Duration) -> io::Result<()> {
        let mut text = [0; LONGEST];
        let mut rest = &mut text[..];
        writeln!(rest, "{}", lit.min(self.period).as_nanos())?;
        let length = LONGEST - rest.len();
        self.duty.write_all_at(&text[..length], 0)
    }

    /// Whether that was written, at the second try at the latest.
    pub(super) fn make_safe(&mut self) -> bool {
        self.dim(self.safe).or_else(|_| self.dim(self.safe)).is_ok()
    }
}

/// The first line of a file.
fn read(folder: &Path, file: &str) -> io::Result<String> {
    let text = fs::read_to_string(folder.join(file))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}
