//! Reads a Standard MIDI File, event by event (MIDI 1.0, RP-001): chunks, delta times, running status. Says at which byte it
//! is broken. Knows no notes that are on.

use crate::import::fault::{FilePlace, ImportFault};

/// What a tick is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TickDivision {
    /// So many ticks a quarter note; the tempo says how long that is.
    Quarter(u32),
    /// Ticks of SMPTE time: `ticks` in `seconds`.
    Clock { ticks: u32, seconds: u32 },
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct MidiFile<'a> {
    /// 0: one track; 1: tracks that sound together; 2: tracks one after the other.
    pub(super) format: u16,
    pub(super) division: TickDivision,
    pub(super) tracks: Vec<MidiTrack<'a>>,
}

/// The events of a track, which begin at byte `start` of the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct MidiTrack<'a> {
    bytes: &'a [u8],
    start: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum MidiEvent<'a> {
    NoteOn {
        channel: u8,
        key: u8,
        velocity: u8,
    },
    NoteOff {
        channel: u8,
        key: u8,
    },
    /// Microseconds a quarter note, at least 1.
    Tempo(u32),
    /// Beats a bar, and which note is one.
    Measure {
        beats: u8,
        note: u32,
    },
    Name(&'a [u8]),
    End,
    Other,
}

/// An event, and how many ticks it comes after the beginning of its track.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct TimedEvent<'a> {
    pub(super) tick: u64,
    pub(super) event: MidiEvent<'a>,
}

/// More tracks than any program writes.
const MOST_TRACKS: usize = 4_096;
const DAMAGED: &str = "the file is damaged or cut off; export it once more";

pub(in crate::import) fn is_midi(bytes: &[u8]) -> bool {
    bytes.starts_with(b"MThd") || (bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"RMID"))
}

/// # Errors
/// At the byte from which on it is no MIDI file.
pub(super) fn read(bytes: &[u8]) -> Result<MidiFile<'_>, ImportFault> {
    // Windows may put a wrapper around it.
    let mut at = if bytes.starts_with(b"RIFF") { 20 } else { 0 };
    let (id, header, start) = chunk(bytes, at)?;
    let [f0, f1, t0, t1, d0, d1, ..] = *header else {
        return Err(fault(start, "the header is shorter than 6 bytes"));
    };
    if id != *b"MThd" {
        return Err(fault(at, "the header of a MIDI file is missing"));
    }
    let (format, count) = (u16::from_be_bytes([f0, f1]), usize::from(u16::from_be_bytes([t0, t1])));
    if format > 2 {
        return Err(fault(start, format!("{format} is no format of a MIDI file, which are 0, 1 and 2")));
    }
    let division =
        division([d0, d1]).ok_or_else(|| fault(start + 4, "the file does not say what a tick is"))?;
    at = start + header.len();
    let mut tracks = Vec::new();
    while tracks.len() < count.min(MOST_TRACKS) {
        if at >= bytes.len() {
            let what = format!("the file says that it has {count} tracks, and it has {}", tracks.len());
            return Err(fault(at, what));
        }
        let (id, bytes, start) = chunk(bytes, at)?;
        if id == *b"MTrk" {
            tracks.push(MidiTrack { bytes, start });
        }
        at = start + bytes.len();
    }
    Ok(MidiFile { format, division, tracks })
}

fn division([high, low]: [u8; 2]) -> Option<TickDivision> {
    let ticks = u32::from(low);
    match high.cast_signed() {
        0.. => Some(u32::from(u16::from_be_bytes([high, low])))
            .filter(|ticks| *ticks > 0)
            .map(TickDivision::Quarter),
        _ if ticks == 0 => None,
        // 29 stands for 30 frames that are dropped to 29.97.
        -29 => Some(TickDivision::Clock { ticks: ticks * 30_000, seconds: 1_001 }),
        frames @ (-24 | -25 | -30) => {
            Some(TickDivision::Clock { ticks: ticks * u32::from(frames.unsigned_abs()), seconds: 1 })
        }
        _ => None,
    }
}

/// A chunk: its name, its bytes, and where they begin.
fn chunk(bytes: &[u8], at: usize) -> Result<([u8; 4], &[u8], usize), ImportFault> {
    let head = bytes.get(at..at + 8).ok_or_else(|| fault(bytes.len(), "the file ends within a chunk"))?;
    let id = [head[0], head[1], head[2], head[3]];
    let length = u32::from_be_bytes([head[4], head[5], head[6], head[7]]) as usize;
    let start = at + 8;
    let content = bytes.get(start..).and_then(|rest| rest.get(..length)).ok_or_else(|| {
        let there = bytes.len() - start;
        fault(at, format!("this chunk says that it has {length} bytes, and the file has {there} more"))
    })?;
    Ok((id, content, start))
}

fn fault(byte: usize, what: impl Into<String>) -> ImportFault {
    ImportFault::new(FilePlace::Byte(byte), what).advise(DAMAGED)
}

impl<'a> MidiTrack<'a> {
    pub(super) fn events(self) -> MidiEvents<'a> {
        MidiEvents { track: self, at: 0, tick: 0, status: None, has_ended: false }
    }
}

/// The events of a track, in order. After a mistake there are no more.
pub(super) struct MidiEvents<'a> {
    track: MidiTrack<'a>,
    at: usize,
    tick: u64,
    status: Option<u8>,
    has_ended: bool,
}

impl<'a> Iterator for MidiEvents<'a> {
    type Item = Result<TimedEvent<'a>, ImportFault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.has_ended || self.at >= self.track.bytes.len() {
            return None;
        }
        let read = self.event();
        self.has_ended = matches!(read, Err(_) | Ok(TimedEvent { event: MidiEvent::End, .. }));
        Some(read)
    }
}

impl<'a> MidiEvents<'a> {
    fn event(&mut self) -> Result<TimedEvent<'a>, ImportFault> {
        self.tick += u64::from(self.number()?);
        let place = self.at;
        let status = match self.peek()? {
            0..0x80 => self.status.ok_or_else(|| {
                fault(self.track.start + place, "there is data here, and no event before it")
            })?,
            status => {
                self.at += 1;
                status
            }
        };
        let event = match status {
            0xff => {
                let kind = self.byte()?;
                let begun = self.at;
                let data = self.bytes()?;
                self.meta(kind, data, begun)?
            }
            0xf0 | 0xf7 => {
                self.bytes()?;
                MidiEvent::Other
            }
            0xf1 | 0xf3 => self.skipped(1)?,
            0xf2 => self.skipped(2)?,
            0xf4..=0xff => MidiEvent::Other,
            _ => {
                self.status = Some(status);
                self.message(status)?
            }
        };
        Ok(TimedEvent { tick: self.tick, event })
    }

    fn message(&mut self, status: u8) -> Result<MidiEvent<'a>, ImportFault> {
        let (kind, channel) = (status & 0xf0, status & 0x0f);
        let first = self.data()?;
        // Program changes and pressure of a channel have one byte.
        let second = if matches!(kind, 0xc0 | 0xd0) { 0 } else { self.data()? };
        Ok(match (kind, second) {
            (0x80, _) | (0x90, 0) => MidiEvent::NoteOff { channel, key: first },
            (0x90, velocity) => MidiEvent::NoteOn { channel, key: first, velocity },
            _ => MidiEvent::Other,
        })
    }

    fn meta(&self, kind: u8, data: &'a [u8], at: usize) -> Result<MidiEvent<'a>, ImportFault> {
        Ok(match (kind, data) {
            (0x03, name) => MidiEvent::Name(name),
            (0x2f, _) => MidiEvent::End,
            (0x51, [high, middle, low]) => match u32::from_be_bytes([0, *high, *middle, *low]) {
                0 => return Err(fault(self.track.start + at, "a quarter note has no length here")),
                micros => MidiEvent::Tempo(micros),
            },
            (0x58, [beats, note, ..]) if *beats > 0 && *note <= 6 => {
                MidiEvent::Measure { beats: *beats, note: 1 << note }
            }
            (0x51 | 0x58, _) => {
                return Err(fault(self.track.start + at, "a tempo or a time signature is damaged here"));
            }
            _ => MidiEvent::Other,
        })
    }

    fn skipped(&mut self, count: usize) -> Result<MidiEvent<'a>, ImportFault> {
        for _ in 0..count {
            self.data()?;
        }
        Ok(MidiEvent::Other)
    }

    /// A number of one to four bytes, seven bits each.
    fn number(&mut self) -> Result<u32, ImportFault> {
        let begun = self.at;
        let mut number = 0;
        for _ in 0..4 {
            let byte = self.byte()?;
            number = number << 7 | u32::from(byte & 0x7f);
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(fault(self.track.start + begun, "a number has more than four bytes here"))
    }

    /// As many bytes as the number before them says.
    fn bytes(&mut self) -> Result<&'a [u8], ImportFault> {
        let begun = self.at;
        let length = self.number()? as usize;
        let rest = &self.track.bytes[self.at..];
        let bytes = rest.get(..length).ok_or_else(|| {
            let what =
                format!("this event says that it has {length} bytes, and its track has {} more", rest.len());
            fault(self.track.start + begun, what)
        })?;
        self.at += length;
        Ok(bytes)
    }

    fn data(&mut self) -> Result<u8, ImportFault> {
        let begun = self.at;
        match self.byte()? {
            data @ 0..0x80 => Ok(data),
            _ => Err(fault(self.track.start + begun, "the data of an event is missing here")),
        }
    }

    fn byte(&mut self) -> Result<u8, ImportFault> {
        let byte = self.peek()?;
        self.at += 1;
        Ok(byte)
    }

    fn peek(&self) -> Result<u8, ImportFault> {
        self.track
            .bytes
            .get(self.at)
            .copied()
            .ok_or_else(|| fault(self.track.start + self.at, "a track ends within an event"))
    }
}
