//! A trace as a Value Change Dump (IEEE 1364), which logic-analyser viewers read: the level of each channel in
//! thousandths, and for a channel that is high or low a wire with every edge, PWM included.

use std::fmt::{self, Write as _};
use std::io::{self, Write};

use super::record::{Record, TraceFormat};
use crate::output::line::Signal;
use crate::rig::{ChannelId, Rig};
use crate::time::Mono;

/// Identifiers are numbers whose digits are the printable characters from `!` to `~`.
const FIRST_DIGIT: u8 = b'!';
const DIGITS: usize = 94;

pub(super) struct Vcd {
    /// Times are told from the first record on.
    start: Option<Mono>,
    /// The time that was told last, in nanoseconds.
    told: u64,
    /// Whether the signals of lines are told, too.
    has_wires: bool,
}

impl Vcd {
    pub(super) const fn new() -> Self {
        Self { start: None, told: 0, has_wires: true }
    }

    /// Levels only, at times that are counted from 0.
    pub(super) const fn of_levels() -> Self {
        Self { start: Some(Mono::from_nanos(0)), told: 0, has_wires: false }
    }
}

impl TraceFormat for Vcd {
    fn begin(&mut self, file: &mut dyn Write, rig: &Rig) -> io::Result<()> {
        writeln!(file, "$version starcourt {} $end", env!("CARGO_PKG_VERSION"))?;
        writeln!(file, "$timescale 1 ns $end\n$scope module starcourt $end")?;
        for (id, channel) in rig.channel_ids().zip(&rig.channels) {
            let name = &channel.name;
            if self.has_wires && channel.address.is_wire() {
                writeln!(file, "$var wire 1 {} {name} $end", wire_of(id))?;
            }
            writeln!(file, "$var integer 16 {} {name}.level $end", level_of(id))?;
        }
        writeln!(file, "$upscope $end\n$enddefinitions $end\n#0\n$dumpvars")?;
        for (id, channel) in rig.channel_ids().zip(&rig.channels) {
            if self.has_wires && channel.address.is_wire() {
                writeln!(file, "{}{}", bit(Signal::safe(channel)), wire_of(id))?;
            }
            writeln!(file, "b{:b} {}", channel.safe.permille(), level_of(id))?;
        }
        writeln!(file, "$end")
    }

    fn record(&mut self, file: &mut dyn Write, record: &Record) -> io::Result<()> {
        let (Record::Level { written, .. } | Record::Edge { written, .. }) = record;
        let start = *self.start.get_or_insert(*written);
        let time = written.since(start).max(0).unsigned_abs();
        if time > self.told {
            writeln!(file, "#{time}")?;
            self.told = time;
        }
        match record {
            Record::Edge { channel, signal, .. } => writeln!(file, "{}{}", bit(*signal), wire_of(*channel)),
            Record::Level { channel, level, .. } => {
                writeln!(file, "b{:b} {}", level.permille(), level_of(*channel))
            }
        }
    }
}

/// The lowest digit first; no two numbers have the same text.
struct Identifier(usize);

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        loop {
            f.write_char(char::from(FIRST_DIGIT + (rest % DIGITS) as u8))?;
            match rest / DIGITS {
                0 => return Ok(()),
                higher => rest = higher - 1,
            }
        }
    }
}

const fn wire_of(channel: ChannelId) -> Identifier {
    Identifier(2 * channel.index())
}

const fn level_of(channel: ChannelId) -> Identifier {
    Identifier(2 * channel.index() + 1)
}

const fn bit(signal: Signal) -> u8 {
    match signal {
        Signal::Low => 0,
        Signal::High => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::level::Level;
    use crate::output::testing::rig;
    use crate::time::ShowTime;

    #[test]
    fn a_viewer_reads_lines_and_levels_from_the_first_record_on() {
        let mut text = Vec::new();
        let mut vcd = Vcd::new();
        vcd.begin(&mut text, &rig()).unwrap();
        let (windows, written) = (ChannelId::new(1), Mono::from_nanos(700));
        let level = Record::Level {
            channel: windows,
            level: Level::HALF,
            show: ShowTime::ZERO,
            due: written,
            written,
        };
        for record in [
            level,
            Record::Edge { channel: windows, signal: Signal::High, written },
            Record::Edge { channel: windows, signal: Signal::Low, written: Mono::from_nanos(900) },
        ] {
            vcd.record(&mut text, &record).unwrap();
        }
        let expected = format!(
            "$version starcourt {} $end
$timescale 1 ns $end
$scope module starcourt $end
$var wire 1 ! neon $end
$var integer 16 \" neon.level $end
$var wire 1 # windows $end
$var integer 16 $ windows.level $end
$upscope $end
$enddefinitions $end
#0
$dumpvars
1!
b0 \"
0#
b0 $
$end
b111110100 $
1#
#200
0#
",
            env!("CARGO_PKG_VERSION")
        );
        assert_eq!(String::from_utf8(text).unwrap(), expected);
    }

    #[test]
    fn thousands_of_channels_have_names_of_their_own() {
        let names: std::collections::BTreeSet<String> =
            (0..20_000).map(|number| Identifier(number).to_string()).collect();
        assert_eq!(names.len(), 20_000);
        assert!(names.iter().all(|name| name.len() <= 3 && name.bytes().all(|c| c.is_ascii_graphic())));
    }
}
