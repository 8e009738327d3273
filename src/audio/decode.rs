//! The source as one endless run of frames: the sound file from any place, again and again where
//! the show loops. Knows no card and no clock.

use std::path::PathBuf;

use super::SoundError;
use super::music::DecodedMusic;
use super::spec::Spec;
use crate::time::{LoopRange, Position, ShowTime};

/// What is to be heard.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AudioSource {
    pub file: PathBuf,
    /// Where playing begins.
    pub from: ShowTime,
    /// The part that is heard again and again: at its end the sound goes on at its start. What the sound has more is
    /// cut, what it has less is silence. Without, the sound is heard once.
    pub repeat: Option<LoopRange>,
}

impl AudioSource {
    /// The rate and channels of its file.
    ///
    /// # Errors
    /// [`SoundError`] where the file is none.
    pub(crate) fn spec(&self) -> Result<Spec, SoundError> {
        Ok(DecodedMusic::open(&self.file)?.spec)
    }

    /// Its frames a second, and how many samples a frame has, as [`render`](Self::render) gives them.
    ///
    /// # Errors
    /// [`SoundError`] where the file is none.
    pub fn format(&self) -> Result<(u32, u16), SoundError> {
        self.spec().map(|spec| (spec.rate, spec.channels))
    }

    /// Decodes what is to be heard of it once, as fast as that goes, and gives it to `take` piece by piece:
    /// samples, interleaved, and how many a frame has, one or two.
    ///
    /// # Errors
    /// [`SoundError`] where the file is none, or has ended to be one.
    pub fn render(&self, mut take: impl FnMut(&[f32], u16)) -> Result<(), SoundError> {
        let once = Self { repeat: None, ..self.clone() };
        let mut sound = DecodedMusic::open(&once.file)?;
        let spec = sound.spec;
        let from = spec.frame_at(Position::at(self.from)).cast_unsigned();
        if from > 0 {
            sound.skip_to(from)?;
        }
        let mut samples = vec![0.0; spec.samples(1_024)];
        loop {
            match sound.read(&mut samples)? {
                0 => return Ok(()),
                read => take(&samples[..read], spec.channels),
            }
        }
    }
}

/// A place in the source from which frames are read one after another.
pub(crate) struct TrackDecoder {
    source: AudioSource,
    sound: DecodedMusic,
    /// The next frame, counted over all passes since the start of the show.
    frame: u64,
    /// Where this pass ends and the next begins, if it does.
    pass_end: Option<u64>,
    pass: u64,
    /// Frames of this pass that came from the file, those skipped included.
    heard: u64,
    end: Option<SourceEnd>,
}

/// How the sound ended when its last frame was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct SourceEnd {
    /// The frame after the last one.
    pub frame: u64,
    /// As the file's header has it, where that is later.
    pub promised: Option<u64>,
}

impl TrackDecoder {
    /// At `frame`, counted since the start of the show. Decodes what lies before where that is the
    /// only exact way.
    pub(crate) fn open(source: &AudioSource, frame: u64) -> Result<Self, SoundError> {
        let sound = DecodedMusic::open(&source.file)?;
        let mut decoder =
            Self { source: source.clone(), sound, frame, pass_end: None, pass: 0, heard: 0, end: None };
        decoder.heard = frame;
        if let Some(range) = decoder.source.repeat {
            let rate = u64::from(decoder.spec().rate);
            // Near enough by division, and then exactly by the same rounding as everywhere.
            decoder.pass = range.place(frame / rate * 1_000_000).0.saturating_sub(1);
            while decoder.pass_end(range) <= frame {
                decoder.pass += 1;
            }
            decoder.pass_end = Some(decoder.pass_end(range));
            if decoder.pass > 0 {
                decoder.heard = decoder.frame_of(range.start()) + frame - decoder.pass_start(range);
            }
        }
        decoder.sound.skip_to(decoder.heard)?;
        Ok(decoder)
    }

    pub(crate) fn spec(&self) -> Spec {
        self.sound.spec
    }

    /// How the sound ended, once its last frame was read. A source that repeats never ends.
    pub(crate) fn end(&self) -> Option<SourceEnd> {
        self.end.filter(|_| self.pass_end.is_none())
    }

    /// Fills `samples`, whole frames, and tells how many frames it filled; 0 when the source is over.
    pub(crate) fn read(&mut self, samples: &mut [f32]) -> Result<usize, SoundError> {
        let channels = usize::from(self.spec().channels);
        let mut wanted = samples.len() / channels;
        if let Some(end) = self.pass_end {
            wanted = wanted.min((end - self.frame) as usize);
        }
        let samples = &mut samples[..wanted * channels];
        let mut frames = if self.end.is_some() { 0 } else { self.sound.read(samples)? / channels };
        self.heard += frames as u64;
        if frames < wanted && self.end.is_none() {
            self.end = Some(SourceEnd { frame: self.heard, promised: self.promised() });
        }
        if self.pass_end.is_some() {
            samples[frames * channels..].fill(0.0);
            frames = wanted;
        }
        self.frame += frames as u64;
        if self.pass_end == Some(self.frame) {
            self.rewind()?;
        }
        Ok(frames)
    }

    fn rewind(&mut self) -> Result<(), SoundError> {
        if let Some(range) = self.source.repeat {
            self.pass += 1;
            self.pass_end = Some(self.pass_end(range));
            (self.heard, self.end) = (self.frame_of(range.start()), None);
            self.sound.skip_to(self.heard)?;
        }
        Ok(())
    }

    /// The frame at which this pass begins, as if the first one began at the range's start.
    fn pass_start(&self, range: LoopRange) -> u64 {
        self.frame_after(range.start(), self.pass, range)
    }

    /// The frame at which the next pass begins.
    fn pass_end(&self, range: LoopRange) -> u64 {
        self.frame_after(range.end(), self.pass, range)
    }

    /// Rounded anew for every pass, so that no error adds up over a night.
    fn frame_after(&self, time: ShowTime, passes: u64, range: LoopRange) -> u64 {
        let micros = passes.saturating_mul(range.period()).saturating_add(time.micros());
        self.frame_of(ShowTime::from_micros(micros.min(i64::MAX as u64 / 1_000)))
    }

    fn frame_of(&self, time: ShowTime) -> u64 {
        self.spec().frame_at(Position::at(time)).cast_unsigned()
    }

    /// What the header promised, where that is more than there was.
    fn promised(&self) -> Option<u64> {
        self.sound.promised_frames().filter(|promised| *promised > self.heard)
    }
}

#[cfg(test)]
mod tests {
    use super::super::wav;
    use super::*;

    /// Reads `frames` frames from `from` on, in odd pieces.
    fn read(source: &AudioSource, from: u64, frames: usize) -> Vec<f32> {
        let mut decoder = TrackDecoder::open(source, from).unwrap();
        let channels = usize::from(decoder.spec().channels);
        let mut all = Vec::new();
        let mut piece = vec![0.0; 700 * channels];
        while all.len() < frames * channels {
            match decoder.read(&mut piece).unwrap() {
                0 => break,
                filled => all.extend_from_slice(&piece[..filled * channels]),
            }
        }
        all.truncate(frames * channels);
        all
    }

    fn source(file: &std::path::Path, repeat: Option<u64>) -> AudioSource {
        let repeat = repeat.map(|length| LoopRange::whole(ShowTime::from_micros(length)));
        AudioSource { file: file.to_owned(), from: ShowTime::ZERO, repeat }
    }

    #[test]
    fn reading_from_a_place_gives_what_reading_from_the_start_gives_there() {
        for channels in [1, 2] {
            let (_folder, file) = wav::ramp(44_100, channels, 5 * 44_100);
            let source = source(&file, None);
            let all = read(&source, 0, usize::MAX >> 8);
            assert_eq!(all.len(), 5 * 44_100 * usize::from(channels));
            for from in [1, 44_100, 100_000, 150_001, 220_499] {
                let there = &all[from * usize::from(channels)..][..usize::from(channels)];
                assert_eq!(read(&source, from as u64, 1), there, "frame {from}");
            }
        }
    }

    #[test]
    fn every_format_is_entered_at_the_very_frame() {
        for name in ["chirp.flac", "chirp.ogg", "chirp.mp3"] {
            let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sounds").join(name);
            let source = source(&file, None);
            let all = read(&source, 0, usize::MAX >> 8);
            for from in [500_usize, 44_101, 60_000, 66_150] {
                let (there, part) = (&all[2 * from..][..2_000], read(&source, from as u64, 1_000));
                let off = part.iter().zip(there).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                assert!(off < 1e-4, "{name} from {from}: {off}");
            }
        }
    }

    #[test]
    fn a_sound_longer_than_the_show_is_cut_and_a_shorter_one_followed_by_silence() {
        let (_folder, file) = wav::ramp(48_000, 1, 48_000);
        for micros in [500_000, 1_250_000] {
            let source = source(&file, Some(micros));
            let length = (micros * 48 / 1_000) as usize;
            let all = read(&source, 0, 3 * length);
            for pass in 0..3 {
                let one = &all[pass * length..][..length];
                assert_eq!(one[..1_000], all[..1_000], "pass {pass}");
                assert!(one.iter().skip(48_000).all(|&sample| sample == 0.0), "pass {pass}");
            }
            let later = 2 * length + 77;
            assert_eq!(read(&source, later as u64, 1), all[later..=later]);
        }
    }

    #[test]
    fn a_part_is_heard_again_from_its_start_wherever_reading_begins() {
        let (_folder, file) = wav::ramp(48_000, 2, 48_000);
        let at = ShowTime::from_micros;
        let range = LoopRange::new(at(250_000), at(700_000));
        let source = AudioSource { repeat: Some(range), ..source(&file, None) };
        let once = read(&AudioSource { repeat: None, ..source.clone() }, 0, 48_000);
        let part = &once[2 * 12_000..2 * 33_600];
        let expected = [&once[..2 * 12_000], part, part, part].concat();
        let frames = expected.len() / 2;
        assert_eq!(read(&source, 0, frames), expected);
        for from in [1, 12_000, 33_599, 33_600, 40_000, 60_000] {
            assert_eq!(read(&source, from as u64, frames - from), expected[2 * from..], "frame {from}");
        }
    }

    #[test]
    fn passes_of_an_odd_length_do_not_drift() {
        let (_folder, file) = wav::ramp(44_100, 1, 1_000);
        let source = source(&file, Some(10_001));
        let start = (1_000.0_f64 * 10_001.0 * 44_100.0 / 1e6).round() as u64;
        assert_eq!(read(&source, start, 50), read(&source, 0, 50));
        assert_eq!(read(&source, 0, start as usize + 50)[start as usize..], read(&source, 0, 50));
    }

    #[test]
    fn a_file_that_ends_early_says_what_was_promised() {
        let (_folder, file) = wav::ramp(48_000, 1, 48_000);
        let bytes = std::fs::read(&file).unwrap();
        std::fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
        let mut decoder = TrackDecoder::open(&source(&file, None), 0).unwrap();
        while decoder.read(&mut [0.0; 512]).unwrap() > 0 {}
        let end = decoder.end().unwrap();
        assert_eq!(end.promised, Some(48_000));
        assert!((23_000..=24_000).contains(&end.frame), "{end:?}");
    }
}
