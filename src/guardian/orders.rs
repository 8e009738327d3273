//! A guardian's orders as a text: what it gets from its instance, and what its file in the lock
//! directory tells whoever has to do it in its place. Knows no files and drives nothing.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::output::patch::{Patch, Way};
use crate::output::pwm_block::DimmedWire;
use crate::output::{Signal, Wire};
use crate::rig::{Active, Line, Release};

/// What stands before the path of a pins file. That comes last, because it may hold any byte.
const FILE: &[u8] = b"file ";

/// The text of `patch`, in plain lines.
#[must_use]
pub fn write(patch: &Patch) -> Vec<u8> {
    let mut text = format!("release {}\n", word(&RELEASES, patch.release));
    for wire in &patch.wires {
        text += &format!("line {}\n", wire_words(wire));
    }
    if let Way::Pins { dimmed, period } = &patch.way {
        for dimmed in dimmed {
            text += &format!("dimmed {} {}\n", wire_words(&dimmed.wire), word(&ACTIVES, dimmed.active));
        }
        text += &format!("period {}\n", period.as_nanos());
    }
    let mut text = text.into_bytes();
    match &patch.way {
        Way::Pins { .. } => text.extend(b"pins"),
        Way::Memory => text.extend(b"memory"),
        Way::File(path) => {
            text.extend(FILE);
            text.extend(path.as_os_str().as_bytes());
        }
    }
    text
}

/// Reads a text of [`write`].
///
/// # Errors
/// When it is none: this version's or another's.
pub fn read(text: &[u8]) -> Result<Patch> {
    let mut reading = OrdersReader { wires: Vec::new(), dimmed: Vec::new(), period: None, release: None };
    let mut rest = text;
    loop {
        if let Some(path) = rest.strip_prefix(FILE) {
            return reading.patch(Way::File(PathBuf::from(OsStr::from_bytes(path))));
        }
        let end = rest.iter().position(|byte| *byte == b'\n');
        let line = std::str::from_utf8(&rest[..end.unwrap_or(rest.len())]).context("a line is no text")?;
        match (line, end) {
            ("memory", None) => return reading.patch(Way::Memory),
            ("pins", None) => {
                let dimmed = std::mem::take(&mut reading.dimmed);
                let period = reading.period.context("there is no period")?;
                return reading.patch(Way::Pins { dimmed, period });
            }
            (_, None) => bail!("it ends with `{line}`"),
            (_, Some(end)) => {
                reading.line(line).with_context(|| format!("in `{line}`"))?;
                rest = &rest[end + 1..];
            }
        }
    }
}

/// What was read so far.
struct OrdersReader {
    wires: Vec<Wire>,
    dimmed: Vec<DimmedWire>,
    period: Option<Duration>,
    release: Option<Release>,
}

impl OrdersReader {
    fn line(&mut self, line: &str) -> Result<()> {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["release", release] => self.release = Some(meaning(&RELEASES, release)?),
            ["line", bcm, safe] => self.wires.push(wire(bcm, safe)?),
            ["dimmed", bcm, safe, active] => {
                let (wire, active) = (wire(bcm, safe)?, meaning(&ACTIVES, active)?);
                self.dimmed.push(DimmedWire { wire, active });
            }
            ["period", nanos] => self.period = Some(Duration::from_nanos(nanos.parse()?)),
            _ => bail!("this means nothing"),
        }
        Ok(())
    }

    fn patch(self, way: Way) -> Result<Patch> {
        Ok(Patch { way, wires: self.wires, release: self.release.context("how to release is missing")? })
    }
}

const RELEASES: [(&str, Release); 2] = [("driven", Release::Driven), ("input", Release::Input)];
const SIGNALS: [(&str, Signal); 2] = [("low", Signal::Low), ("high", Signal::High)];
const ACTIVES: [(&str, Active); 2] = [("active-low", Active::Low), ("active-high", Active::High)];

fn word<T: PartialEq>(words: &[(&'static str, T)], value: T) -> &'static str {
    words.iter().find(|(_, meaning)| *meaning == value).expect("there is a word for every value").0
}

fn meaning<T: Copy>(words: &[(&str, T)], word: &str) -> Result<T> {
    let found = words.iter().find(|(known, _)| *known == word);
    found.map(|(_, meaning)| *meaning).with_context(|| format!("`{word}` means nothing"))
}

fn wire_words(wire: &Wire) -> String {
    format!("{} {}", wire.line.bcm(), word(&SIGNALS, wire.safe))
}

fn wire(bcm: &str, safe: &str) -> Result<Wire> {
    let line = Line::new(bcm.parse()?).context("no header has such a line")?;
    Ok(Wire { line, safe: meaning(&SIGNALS, safe)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wires(wires: &[(u8, Signal)]) -> Vec<Wire> {
        wires.iter().map(|(bcm, safe)| Wire { line: Line::new(*bcm).unwrap(), safe: *safe }).collect()
    }

    fn check(patch: &Patch, text: &[u8]) {
        assert_eq!(String::from_utf8_lossy(&write(patch)), String::from_utf8_lossy(text));
        assert_eq!(read(text).unwrap(), *patch);
    }

    #[test]
    fn orders_read_as_they_were_written() {
        let wires = wires(&[(4, Signal::High), (17, Signal::Low)]);
        let head = b"release driven\nline 4 high\nline 17 low\n";
        for path in ["/run/pins", "/home/pi/my pins", "/odd\nfile /pins"] {
            let patch = Patch { way: Way::File(path.into()), wires: wires.clone(), release: Release::Driven };
            check(&patch, &[head, FILE, path.as_bytes()].concat());
        }
        let dimmed = vec![DimmedWire { wire: wires[1], active: Active::Low }];
        let way = Way::Pins { dimmed, period: Duration::from_millis(5) };
        let patch = Patch { way, wires: vec![wires[0]], release: Release::Input };
        check(&patch, b"release input\nline 4 high\ndimmed 17 low active-low\nperiod 5000000\npins");
        let patch = Patch { way: Way::Memory, wires: Vec::new(), release: Release::Driven };
        check(&patch, b"release driven\nmemory");
    }

    #[test]
    fn what_are_no_orders_is_refused() {
        for text in [
            "",
            "release driven",
            "release driven\n",
            "release driven\nline 4 high\n",
            "line 4 high\nfile /pins",
            "release never\nmemory",
            "release driven\nline 28 high\nmemory",
            "release driven\nline 4 on\nmemory",
            "release driven\nline 4\nmemory",
            "release driven\npins",
            "release driven\nmemory\n",
            "\u{fffd}\nmemory",
        ] {
            assert!(read(text.as_bytes()).is_err(), "{text}");
        }
        assert!(read(b"release driven\n\xff\nmemory").is_err());
    }
}
