//! A trace as a Value Change Dump (IEEE 1364), which logic-analyser viewers read: a wire a channel with
//! every edge of its line, PWM included, and its level in thousandths beside it.

use std::io::{self, Write};

use super::{Record, TraceFormat};
use crate::output::{Signal, Wire};
use crate::rig::{ChannelId, Rig};
use crate::time::Mono;

/// Identifiers are single printable characters: two for each of at most 28 channels.
const FIRST_WIRE: u8 = b'!';
const FIRST_LEVEL: u8 = b'a';

pub(super) struct Vcd {
    /// Times are told from the first record on.
    start: Option<Mono>,
    /// The time that was told last, in nanoseconds.
    told: u64,
}

impl Vcd {
    pub(super) const fn new() -> Self {
        Self { start: None, told: 0 }
    }
}

impl TraceFormat for Vcd {
    fn begin(&mut self, file: &mut dyn Write, rig: &Rig) -> io::Result<()> {
        writeln!(file, "$version starcourt {} $end", env!("CARGO_PKG_VERSION"))?;
        writeln!(file, "$timescale 1 ns $end\n$scope module starcourt $end")?;
        for (id, channel) in rig.channel_ids().zip(&rig.channels) {
            let name = &channel.name;
            writeln!(file, "$var wire 1 {} {name} $end", wire_of(id))?;
            writeln!(file, "$var integer 16 {} {name}.level $end", level_of(id))?;
        }
        writeln!(file, "$upscope $end\n$enddefinitions $end\n#0\n$dumpvars")?;
        for (id, channel) in rig.channel_ids().zip(&rig.channels) {
            writeln!(file, "{}{}", bit(Wire::of(channel).safe), wire_of(id))?;
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

fn wire_of(channel: ChannelId) -> char {
    char::from(FIRST_WIRE + channel.index() as u8)
}

fn level_of(channel: ChannelId) -> char {
    char::from(FIRST_LEVEL + channel.index() as u8)
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
$var integer 16 a neon.level $end
$var wire 1 \" windows $end
$var integer 16 b windows.level $end
$upscope $end
$enddefinitions $end
#0
$dumpvars
1!
b0 a
0\"
b0 b
$end
b111110100 b
1\"
#200
0\"
",
            env!("CARGO_PKG_VERSION")
        );
        assert_eq!(String::from_utf8(text).unwrap(), expected);
    }
}
