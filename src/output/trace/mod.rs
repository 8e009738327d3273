//! Writes down what the lights did, and when, to a file: `--trace`. The timing thread only drops
//! records into a ring; a thread of its own writes them.

mod csv;
mod record;
mod tape;
mod vcd;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use rtrb::Consumer;

use crate::faults;
use crate::file_access::{create_named, why_unwritable};
use crate::rig::Rig;

pub use record::{Record, Recorder};
pub use tape::Tape;

use record::{TraceFormat, touched_ring};

/// How often the ring is emptied: rarely enough to cost nothing.
const EMPTYING: Duration = Duration::from_millis(20);

/// How a trace is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TraceForm {
    /// A line a level change.
    Csv,
    /// For logic-analyser viewers.
    Vcd,
}

impl TraceForm {
    /// The form that the ending of this file's name asks for.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "csv" => Some(Self::Csv),
            "vcd" => Some(Self::Vcd),
            _ => None,
        }
    }
}

/// A trace of level changes that nobody has played. The times of its records are counted from the show's beginning, and
/// edges of lines are left out.
///
/// # Panics
/// Never: memory takes everything.
#[must_use]
pub fn unplayed(form: TraceForm, rig: &Rig, changes: impl IntoIterator<Item = Record>) -> Vec<u8> {
    let mut format: Box<dyn TraceFormat> = match form {
        TraceForm::Csv => Box::new(csv::Csv::new(rig)),
        TraceForm::Vcd => Box::new(vcd::Vcd::of_levels()),
    };
    let write = || -> std::io::Result<Vec<u8>> {
        let mut text = Vec::new();
        format.begin(&mut text, rig)?;
        let levels = changes.into_iter().filter(|change| matches!(change, Record::Level { .. }));
        for change in levels {
            format.record(&mut text, &change)?;
        }
        Ok(text)
    };
    write().expect("memory takes everything")
}

/// A trace file that is being written.
#[derive(Debug)]
pub struct Trace {
    path: PathBuf,
    wants_edges: bool,
    /// Of the rig.
    channels: usize,
    lost: Arc<AtomicU64>,
    rings: Sender<Consumer<Record>>,
    writer: JoinHandle<std::io::Result<u64>>,
}

impl Trace {
    /// Begins the trace at `path`, whose ending says how: `.csv` or `.vcd`.
    ///
    /// # Errors
    /// When the ending is another one, or the file cannot be made, or is no regular file.
    pub fn create(path: &Path, rig: &Rig) -> Result<Self> {
        let Some(form) = TraceForm::of(path) else {
            bail!(
                "trace file {}: the name must end in .csv (a line a level change) \
                 or .vcd (for a logic-analyser viewer)",
                path.display()
            )
        };
        let (format, wants_edges): (Box<dyn TraceFormat>, bool) = match form {
            TraceForm::Csv => (Box::new(csv::Csv::new(rig)), false),
            TraceForm::Vcd => (Box::new(vcd::Vcd::new()), true),
        };
        let context = || format!("writing trace file {}", path.display());
        let file = create_named(path, b"")
            .map_err(|error| anyhow!(why_unwritable(path, &error)))
            .with_context(context)?;
        file.set_len(0).with_context(context)?; // an older trace
        Self::write_to(file, path, format, wants_edges, rig)
    }

    fn write_to(
        file: File,
        path: &Path,
        mut format: Box<dyn TraceFormat>,
        wants_edges: bool,
        rig: &Rig,
    ) -> Result<Self> {
        let context = || format!("writing trace file {}", path.display());
        let mut file = BufWriter::new(file);
        format.begin(&mut file, rig).with_context(context)?;
        let (rings, handed_in) = mpsc::channel();
        let writer = thread::Builder::new()
            .name("trace".to_owned())
            .spawn(move || write_down(handed_in, format, file))
            .with_context(context)?;
        Ok(Self {
            path: path.to_owned(),
            wants_edges,
            channels: rig.channels.len(),
            lost: Arc::default(),
            rings,
            writer,
        })
    }

    /// The end for a timing thread. What a second one records comes after all of the first.
    #[must_use]
    pub fn recorder(&self) -> Recorder {
        let (ring, consumer) = touched_ring(self.channels);
        // A writer that has died tells so in the end.
        let _ = self.rings.send(consumer);
        Recorder { ring, lost: Arc::clone(&self.lost), wants_edges: self.wants_edges }
    }

    /// Waits until all that the [`Recorder`]s took is in the file; they must be gone by now, or this waits
    /// for them. Returns how many records there are.
    ///
    /// # Errors
    /// When the file could not be written, or records were lost because it could not keep up.
    pub fn finish(self) -> Result<u64> {
        drop(self.rings);
        let records = self
            .writer
            .join()
            .map_err(|_| anyhow!("the thread that writes the trace ended in a panic"))?
            .with_context(|| format!("writing trace file {}", self.path.display()))?;
        match self.lost.load(Ordering::Relaxed) {
            0 => Ok(records),
            lost => bail!(
                "trace file {} lacks {lost} of {} records: the disk could not keep up",
                self.path.display(),
                records + lost
            ),
        }
    }
}

/// Runs until the last recorder is gone and its last record is in the file. After an error it goes on
/// emptying the rings, so that the error is told as what it is and not as lost records.
fn write_down(
    rings: Receiver<Consumer<Record>>,
    mut format: Box<dyn TraceFormat>,
    mut file: BufWriter<File>,
) -> std::io::Result<u64> {
    let mut outcome = Ok(0);
    for mut ring in rings {
        loop {
            faults::point("trace");
            // Asked before emptying: what comes in between is then met in the next round.
            let is_last_round = ring.is_abandoned();
            while let Ok(record) = ring.pop() {
                outcome = outcome.and_then(|count| {
                    format.record(&mut file, &record)?;
                    Ok(count + 1)
                });
            }
            if is_last_round {
                break;
            }
            thread::sleep(EMPTYING);
        }
    }
    outcome.and_then(|count| file.flush().map(|()| count))
}

#[cfg(test)]
mod tests {
    use rtrb::RingBuffer;

    use super::*;
    use crate::level::Level;
    use crate::output::line::Signal;
    use crate::output::testing::rig;
    use crate::rig::ChannelId;
    use crate::time::{Mono, ShowTime};

    #[test]
    fn every_record_is_in_the_file_when_the_trace_is_finished() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        let trace = Trace::create(&path, &rig()).unwrap();
        let mut recorder = trace.recorder();
        for micros in 0..1_000 {
            recorder.take(Record::Level {
                channel: ChannelId::new(1),
                level: Level::FULL,
                show: ShowTime::from_micros(micros),
                due: Mono::from_nanos(5),
                written: Mono::from_nanos(7),
            });
        }
        drop(recorder);
        assert_eq!(trace.finish().unwrap(), 1_000);
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().next(), Some("show_us,due_ns,mono_ns,channel,level"));
        assert_eq!(text.lines().last(), Some("999,5,7,windows,1000"));
        assert_eq!(text.lines().count(), 1_001);
    }

    #[test]
    fn one_show_after_another_is_in_the_same_file() {
        let folder = tempfile::tempdir().unwrap();
        let trace = Trace::create(&folder.path().join("a.csv"), &rig()).unwrap();
        let instant = Mono::from_nanos(1);
        let (channel, level, show) = (ChannelId::new(0), Level::FULL, ShowTime::ZERO);
        for _ in 0..3 {
            let record = Record::Level { channel, level, show, due: instant, written: instant };
            trace.recorder().take(record);
        }
        assert_eq!(trace.finish().unwrap(), 3);
    }

    #[test]
    fn records_that_found_no_room_are_told_at_the_end() {
        let (ring, _unread) = RingBuffer::new(1);
        let lost = Arc::new(AtomicU64::new(0));
        let mut recorder = Recorder { ring, lost: Arc::clone(&lost), wants_edges: true };
        let edge =
            Record::Edge { channel: ChannelId::new(0), signal: Signal::High, written: Mono::from_nanos(1) };
        (0..3).for_each(|_| recorder.take(edge));
        let writer = thread::spawn(|| Ok(1));
        let (rings, _handed_in) = mpsc::channel();
        let trace = Trace { path: "a.vcd".into(), wants_edges: true, channels: 1, lost, rings, writer };
        let error = trace.finish().unwrap_err();
        assert!(error.to_string().contains("lacks 2 of 3 records"), "{error}");
    }

    #[test]
    fn a_full_disk_is_told_at_the_end() {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let trace =
            Trace::write_to(full, Path::new("a.vcd"), Box::new(vcd::Vcd::new()), true, &rig()).unwrap();
        let mut recorder = trace.recorder();
        let edge =
            Record::Edge { channel: ChannelId::new(0), signal: Signal::High, written: Mono::from_nanos(1) };
        recorder.take(edge);
        drop(recorder);
        assert!(format!("{:#}", trace.finish().unwrap_err()).contains("No space left"));
    }

    #[test]
    fn another_ending_is_refused_before_a_file_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let error = Trace::create(&path, &rig()).unwrap_err();
        assert!(error.to_string().contains(".csv"), "{error}");
        assert!(!path.exists());
    }
}
