//! A trace as a table: one line a level change.

use std::io::{self, Write};

use super::record::{Record, TraceFormat};
use crate::rig::Rig;

pub(super) struct Csv {
    /// The channels' names in the rig's order.
    names: Vec<String>,
}

impl Csv {
    pub(super) fn new(rig: &Rig) -> Self {
        Self { names: rig.channels.iter().map(|channel| channel.name.clone()).collect() }
    }
}

impl TraceFormat for Csv {
    fn begin(&mut self, file: &mut dyn Write, _rig: &Rig) -> io::Result<()> {
        writeln!(file, "show_us,due_ns,mono_ns,channel,level")
    }

    fn record(&mut self, file: &mut dyn Write, record: &Record) -> io::Result<()> {
        let Record::Level { channel, level, show, due, written } = record else {
            return Ok(());
        };
        writeln!(
            file,
            "{},{},{},{},{}",
            show.micros(),
            due.nanos(),
            written.nanos(),
            self.names[channel.index()],
            level.permille()
        )
    }
}
