//! The public tools that make music files, and the source that they are made from.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A folder in which one file of the corpus is made.
pub(crate) struct Bench {
    folder: tempfile::TempDir,
}

/// A xorshift generator (Marsaglia 2003): the same noise at every run.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64 * 2.0 - 1.0
    }
}

/// Sixteen-bit samples in which no two places are alike: a chirp, dull noise that comes and goes, and clicks.
pub(crate) fn source(rate: u32, channels: u16, frames: usize) -> Vec<i16> {
    let mut noise = Noise(0x2545_F491_4F6C_DD1D);
    let mut dull = [0.0; 8];
    let mut samples = Vec::with_capacity(frames * usize::from(channels));
    for frame in 0..frames {
        let time = frame as f64 / f64::from(rate);
        for (channel, dull) in dull.iter_mut().take(channels.into()).enumerate() {
            let pitch = 200.0 + 150.0 * channel as f64;
            let chirp = (std::f64::consts::TAU * (pitch + 130.0 * time) * time).sin();
            *dull += 0.12 * (noise.next() - *dull);
            let swell = (std::f64::consts::TAU * (1.7 + channel as f64) * time).sin().abs();
            let click = if frame % (rate as usize / 4) == 20 * (channel + 1) { 0.3 } else { 0.0 };
            let sample = 0.25 * chirp + 0.8 * *dull * swell + click;
            samples.push((sample.clamp(-1.0, 1.0) * 32_000.0) as i16);
        }
    }
    samples
}

fn wav(rate: u32, channels: u16, samples: &[i16]) -> Vec<u8> {
    let bytes = (samples.len() * 2) as u32;
    let mut wav = b"RIFF".to_vec();
    wav.extend((36 + bytes).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0\x01\0");
    wav.extend(channels.to_le_bytes());
    wav.extend(rate.to_le_bytes());
    wav.extend((rate * u32::from(channels) * 2).to_le_bytes());
    wav.extend((channels * 2).to_le_bytes());
    wav.extend(b"\x10\0data");
    wav.extend(bytes.to_le_bytes());
    wav.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    wav
}

impl Bench {
    /// With `source.wav` in it.
    pub(crate) fn new(rate: u32, channels: u16, frames: usize) -> Self {
        let bench = Self { folder: tempfile::tempdir().unwrap() };
        bench.write("source.wav", &wav(rate, channels, &source(rate, channels, frames)));
        bench
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// Changes a file that is there.
    pub(crate) fn edit(&self, name: &str, edit: impl FnOnce(&mut Vec<u8>)) {
        let mut bytes = self.read(name);
        edit(&mut bytes);
        self.write(name, &bytes);
    }

    /// Runs a program in the folder; its words are told apart at spaces.
    #[track_caller]
    pub(crate) fn run(&self, words: &str) {
        self.run_into(words, None);
    }

    /// The same, its standard output being the file `name`, through a pipe.
    #[track_caller]
    pub(crate) fn pipe(&self, words: &str, name: &str) {
        self.run_into(words, Some(name));
    }

    #[track_caller]
    fn run_into(&self, words: &str, into: Option<&str>) {
        let mut words = words.split_whitespace();
        let program = words.next().unwrap();
        let mut command = Command::new(program);
        command.current_dir(self.folder.path()).args(words).stdin(Stdio::null());
        let output = command.output().unwrap_or_else(|error| panic!("this test needs `{program}`: {error}"));
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
        if let Some(name) = into {
            self.write(name, &output.stdout);
        }
    }
}

/// What another program than ffmpeg decodes of `file`: 16 bits a sample.
fn by_another(program: &str, options: &[&str], file: &Path) -> Vec<f32> {
    let output = Command::new(program).args(options).arg(file).output();
    let bytes = output.unwrap_or_else(|error| panic!("this test needs `{program}`: {error}")).stdout;
    bytes
        .chunks_exact(2)
        .map(|sample| f32::from(i16::from_le_bytes([sample[0], sample[1]])) / 32_768.0)
        .collect()
}

/// What ffmpeg decodes of `file` through `filter`, as samples, interleaved.
pub(crate) fn by_ffmpeg(file: &Path, filter: &str) -> Vec<f32> {
    match filter {
        "oggdec" => return by_another("oggdec", &["-Q", "-R", "-o", "-"], file),
        "flac" => {
            let raw = ["-dFcs", "--force-raw-format", "--endian=little", "--sign=signed"];
            return by_another("flac", &raw, file);
        }
        _ => {}
    }
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "fatal", "-nostdin", "-i"]).arg(file);
    if !filter.is_empty() {
        command.args(["-af", filter]);
    }
    command.args(["-map", "0:a:0", "-f", "f32le", "-c:a", "pcm_f32le", "-"]);
    let output = command.output().expect("this test needs `ffmpeg`");
    output.stdout.chunks_exact(4).map(|sample| f32::from_le_bytes(sample.try_into().unwrap())).collect()
}
