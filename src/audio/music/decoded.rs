//! Music that is being decoded, packet by packet, from any place in it. Knows no format.

use std::path::{Path, PathBuf};

use super::codec::{CodecKind, Decoder};
use super::file::MusicFile;
use super::mix::Mix;
use super::not_opened::NotOpened;
use super::packets::{Packet, PacketFault, Packets};
use super::recognise::packets_of;
use crate::audio::{SoundError, Spec};
use crate::catch_panic::catch_panic;

/// Packets in a row that may be no sound before the file is taken for none: one that begins in the midst
/// of a frame has a few.
const MOST_UNDECODED: u32 = 32;

/// A sound file that is being decoded: as one or two channels, however many it has.
pub(crate) struct DecodedMusic {
    path: PathBuf,
    packets: Box<dyn Packets>,
    /// `None` before the first packet, and after one that was no sound.
    decoder: Option<Decoder>,
    pub spec: Spec,
    mix: Option<Mix>,
    bytes: Vec<u8>,
    decoded: Vec<f32>,
    /// What is ready to be read, and how much of it was.
    ready: Vec<f32>,
    taken: usize,
    /// Packets that were no sound, of all that were decoded.
    undecoded: u64,
}

/// What a whole file holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Contents {
    pub frames: u64,
    /// What the header speaks of, where that is more.
    pub promised: Option<u64>,
    /// What is wrong, and at which frame.
    pub faults: Vec<(u64, PacketFault)>,
}

impl DecodedMusic {
    /// Opens the regular file `path`; reads a small part of it, or all headers of its frames where the format
    /// has no other way.
    ///
    /// # Errors
    /// [`SoundError`].
    pub(crate) fn open(path: &Path) -> Result<Self, SoundError> {
        let file = MusicFile::open(path)?;
        let opened = catch_panic(|| packets_of(file)).unwrap_or(Err(NotOpened::NotSound));
        let packets = opened.map_err(|error| told(path, error))?;
        let channels = packets.codec().channels.clamp(1, 2);
        let spec = Spec { rate: packets.codec().rate, channels };
        let mut sound = Self {
            path: path.to_owned(),
            packets,
            decoder: None,
            spec,
            mix: None,
            bytes: Vec::new(),
            decoded: Vec::new(),
            ready: Vec::new(),
            taken: 0,
            undecoded: 0,
        };
        sound.try_out()?;
        Ok(sound)
    }

    /// Whether there is any sound that can be decoded.
    fn try_out(&mut self) -> Result<(), SoundError> {
        if Decoder::new(self.packets.codec()).is_none() {
            return Err(SoundError::NotSound(self.path.clone()));
        }
        let mut is_empty = true;
        for _ in 0..MOST_UNDECODED {
            let before = self.undecoded;
            let Some(packet) = self.decode_next()? else { break };
            is_empty &= packet.frames == 0;
            if self.undecoded == before && packet.frames > 0 {
                return self.rewind();
            }
        }
        Err(if is_empty {
            SoundError::Empty(self.path.clone())
        } else {
            SoundError::NotSound(self.path.clone())
        })
    }

    /// Back to the first frame.
    fn rewind(&mut self) -> Result<(), SoundError> {
        self.packets.rewind();
        self.forget();
        Ok(())
    }

    fn forget(&mut self) {
        (self.decoder, self.mix) = (None, None);
        self.ready.clear();
        self.taken = 0;
    }

    /// The next packet, without its bytes.
    fn pass(&mut self) -> Result<Option<Packet>, SoundError> {
        self.next(false)
    }

    /// The next packet, its bytes in `self.bytes` if they are wanted.
    fn next(&mut self, with_bytes: bool) -> Result<Option<Packet>, SoundError> {
        let (packets, bytes) = (&mut self.packets, &mut self.bytes);
        let next = catch_panic(|| packets.next(with_bytes.then_some(bytes))).unwrap_or(Ok(None));
        next.map_err(|error| SoundError::Unreadable(self.path.clone(), error))
    }

    /// Goes from wherever it is to `frame`, exactly, and tells where it is then: past the end, nothing is
    /// left to read. Decodes a few packets, and passes over those before them.
    pub(crate) fn skip_to(&mut self, frame: u64) -> Result<(), SoundError> {
        self.rewind()?;
        let (mut at, mut index) = (0, 0);
        while let Some(packet) = self.pass()? {
            if at + u64::from(packet.frames) > frame {
                break;
            }
            at += u64::from(packet.frames);
            index += 1;
        }
        self.rewind()?;
        let first_heard = index - self.packets.codec().kind.run_up().min(index);
        for _ in 0..first_heard {
            self.pass()?;
        }
        for _ in first_heard..index {
            self.decode_next()?;
        }
        self.ready.clear();
        self.taken = 0;
        self.decode_next()?;
        self.taken = self.ready.len().min(self.spec.samples((frame - at) as usize));
        Ok(())
    }

    /// Fills `samples`, whole frames, as far as the sound goes and tells how many it filled.
    ///
    /// # Errors
    /// When the file cannot be read. What is broken in it is heard as silence.
    pub(crate) fn read(&mut self, samples: &mut [f32]) -> Result<usize, SoundError> {
        let mut filled = 0;
        while filled < samples.len() {
            if self.taken == self.ready.len() {
                self.ready.clear();
                self.taken = 0;
                if self.decode_next()?.is_none() {
                    break;
                }
                continue;
            }
            let count = (samples.len() - filled).min(self.ready.len() - self.taken);
            samples[filled..filled + count].copy_from_slice(&self.ready[self.taken..self.taken + count]);
            filled += count;
            self.taken += count;
        }
        Ok(filled)
    }

    /// Decodes the next packet and puts what is heard of it behind what is ready.
    fn decode_next(&mut self) -> Result<Option<Packet>, SoundError> {
        let Some(packet) = self.next(true)? else { return Ok(None) };
        if packet.begins_stream {
            (self.decoder, self.mix) = (None, None);
        }
        let (skip, frames) = (packet.skip as usize, packet.frames as usize);
        self.decoded.clear();
        if !self.decode(packet) {
            self.undecoded += 1;
            self.decoded.clear();
        }
        let codec_channels = usize::from(self.packets.codec().channels);
        // As many as the packet has, whatever the decoder made of it.
        self.decoded.resize((skip + frames) * codec_channels, 0.0);
        let mask = self.decoder.as_ref().map_or(0, |decoder| decoder.mask);
        let mix = self.mix.get_or_insert_with(|| Mix::new(codec_channels as u16, mask, self.spec.channels));
        mix.apply(&self.decoded[skip * codec_channels..], &mut self.ready);
        Ok(Some(packet))
    }

    fn decode(&mut self, packet: Packet) -> bool {
        let codec = self.packets.codec();
        if self.decoder.is_none() {
            self.decoder = Decoder::new(codec);
        }
        let Some(decoder) = &mut self.decoder else { return false };
        let frames = packet.skip + packet.frames;
        let expected = if let CodecKind::AdpcmIma(block) | CodecKind::AdpcmMs(block) = codec.kind {
            block
        } else {
            frames
        };
        if packet.is_broken {
            return false;
        }
        decoder.decode(&self.bytes, expected, codec.channels, &mut self.decoded).is_ok()
    }

    /// What the file holds, as far as it is certain without reading all of it.
    pub(crate) fn contents(&mut self) -> Result<Contents, SoundError> {
        let packets = &mut self.packets;
        let Some(frames) = catch_panic(|| packets.known_frames()).flatten() else {
            return self.inspect(false);
        };
        Ok(self.summed(frames))
    }

    /// What the file holds and what is wrong with it: reads all of it, and decodes nothing.
    pub(crate) fn inspected(&mut self) -> Result<Contents, SoundError> {
        self.inspect(true)
    }

    fn inspect(&mut self, thoroughly: bool) -> Result<Contents, SoundError> {
        self.rewind()?;
        let mut frames = 0;
        while let Some(packet) = self.next(thoroughly)? {
            frames += u64::from(packet.frames);
        }
        Ok(self.summed(frames))
    }

    /// The frames that the file's header speaks of, where it was meant to have them.
    pub(crate) fn promised_frames(&self) -> Option<u64> {
        self.packets.promised_frames()
    }

    fn summed(&self, frames: u64) -> Contents {
        let promised = self.promised_frames().filter(|promised| *promised > frames);
        Contents { frames, promised, faults: self.packets.faults().all().to_vec() }
    }
}

fn told(path: &Path, error: NotOpened) -> SoundError {
    let path = path.to_owned();
    match error {
        NotOpened::Unreadable(error) => SoundError::Unreadable(path, error),
        NotOpened::OtherFormat(format) => SoundError::OtherFormat { path, format },
        NotOpened::Empty => SoundError::Empty(path),
        NotOpened::CutBeforeTables => SoundError::NotWhole(path),
        NotOpened::NotSound => SoundError::NotSound(path),
    }
}
