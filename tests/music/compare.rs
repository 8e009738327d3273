//! One file, decoded by us and by ffmpeg.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Mutex;

use starcourt::audio::{AudioSource, Measured, inspect, measure};
use starcourt::time::ShowTime;

use crate::tools::by_ffmpeg;

/// How near both must be.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    /// Every sample is the same, up to the rounding of a float.
    Lossless,
    /// Decoders round differently.
    Lossy,
    /// There is something wrong with the file: its length and its places may be off by this, and `inspect`
    /// must tell.
    Damaged,
}

pub(crate) const NEAR_MILLIS: u64 = 50;

/// The worst of one kind of file.
#[derive(Default)]
struct Worst {
    files: usize,
    length: u64,
    place: u64,
    error: f32,
}

#[derive(Default)]
pub(crate) struct Table(Mutex<BTreeMap<&'static str, Worst>>);

impl Table {
    fn add(&self, format: &'static str, length: u64, place: u64, error: f32) {
        let mut rows = self.0.lock().unwrap();
        let worst = rows.entry(format).or_default();
        worst.files += 1;
        worst.length = worst.length.max(length);
        worst.place = worst.place.max(place);
        worst.error = worst.error.max(error);
    }

    pub(crate) fn text(&self) -> String {
        let mut text =
            String::from("format            files  worst length  worst place   worst sample (rms)\n");
        for (format, worst) in &*self.0.lock().unwrap() {
            let Worst { files, length, place, error } = worst;
            writeln!(text, "{format:16} {files:6} {length:9} frames {place:6} frames {error:12.6}").unwrap();
        }
        text
    }

    pub(crate) fn files(&self) -> usize {
        self.0.lock().unwrap().values().map(|worst| worst.files).sum()
    }
}

/// What is decoded of `file` from `from` on, `most` frames at most; and its channels.
fn decoded(file: &Path, from: ShowTime, most: usize) -> (Vec<f32>, u16) {
    let (mut all, mut channels) = (Vec::new(), 1);
    let source = AudioSource { file: file.to_owned(), from, repeat: None };
    let rendered = source.render(|samples, wide| {
        channels = wide;
        if all.len() < most * usize::from(wide) {
            all.extend_from_slice(samples);
        }
    });
    rendered.unwrap_or_else(|error| panic!("{error}"));
    all.truncate(most * usize::from(channels));
    (all, channels)
}

/// The root of the mean square of what differs.
fn difference(ours: &[f32], theirs: &[f32]) -> f32 {
    let sum: f64 = ours.iter().zip(theirs).map(|(a, b)| f64::from(a - b).powi(2)).sum();
    (sum / ours.len().min(theirs.len()).max(1) as f64).sqrt() as f32
}

/// By how many frames `ours` has to be moved to lie on `theirs` best, at most `most` each way.
fn shift(ours: &[f32], theirs: &[f32], place: usize, channels: usize, most: usize) -> u64 {
    let error = |by: i64| {
        let there = (place as i64 + by) * channels as i64;
        match usize::try_from(there).ok().and_then(|there| theirs.get(there..)) {
            Some(theirs) if theirs.len() >= ours.len() => difference(ours, theirs),
            _ => f32::INFINITY,
        }
    };
    if error(0) < 1e-3 {
        return 0;
    }
    (-(most as i64)..=most as i64)
        .min_by(|a, b| error(*a).total_cmp(&error(*b)).then(a.abs().cmp(&b.abs())))
        .unwrap()
        .unsigned_abs()
}

fn rate_of(file: &Path) -> u32 {
    let mut command = std::process::Command::new("ffprobe");
    command.args([
        "-v",
        "fatal",
        "-select_streams",
        "a:0",
        "-show_entries",
        "stream=sample_rate",
        "-of",
        "csv=p=0",
    ]);
    let output = command.arg(file).output().expect("this test needs `ffprobe`");
    let text = String::from_utf8(output.stdout).unwrap();
    text.trim()
        .trim_end_matches(',')
        .lines()
        .next()
        .unwrap_or_default()
        .parse()
        .unwrap_or_else(|_| panic!("rate {text:?}"))
}

/// Compares `file` with ffmpeg's decode of it through `filter`.
pub(crate) fn compare(table: &Table, format: &'static str, kind: Kind, file: &Path, filter: &str) {
    let theirs = by_ffmpeg(file, filter);
    let rate = rate_of(file);
    let (ours, channels) = decoded(file, ShowTime::ZERO, usize::MAX >> 8);
    let wide = usize::from(channels);
    let (frames, expected) = (ours.len() / wide, theirs.len() / wide);
    assert!(expected > 0, "ffmpeg hears nothing");
    let length = frames.abs_diff(expected) as u64;
    let near = u64::from(rate) * NEAR_MILLIS / 1_000;
    let most = if kind == Kind::Damaged { near } else { 0 };
    assert!(length <= most, "{frames} frames at {rate} Hz, {expected} by ffmpeg");

    let told: Measured = measure(file).unwrap();
    let length_told = ShowTime::from_micros((frames as u64 * 1_000_000).div_ceil(rate.into()));
    assert_eq!(told.length, length_told, "what is told is what is heard");
    let inspected = inspect(file).unwrap();
    assert_eq!(inspected.length, length_told, "what is told is what is heard");
    match kind {
        Kind::Damaged => assert!(!inspected.damage.is_empty(), "nothing is told of the damage"),
        _ => assert!(inspected.damage.is_empty(), "damage is told of a sound file: {:?}", inspected.damage),
    }

    let mut error = 0.0;
    if kind != Kind::Damaged {
        error = difference(&ours, &theirs);
        let bound = if kind == Kind::Lossless { 1e-6 } else { 1e-4 };
        assert!(error <= bound, "samples differ by {error} (rms)");
    }
    let mut worst_place = 0;
    const HEARD: usize = 1_500;
    for part in [1, 333, 500, 777, 900] {
        let place = expected.min(frames) * part / 1_000;
        if place + HEARD + 500 > expected.min(frames) {
            continue;
        }
        let from = ShowTime::from_micros((place as u64 * 1_000_000 + u64::from(rate) / 2) / u64::from(rate));
        let (there, _) = decoded(file, from, HEARD);
        let whole = &ours[place * wide..][..HEARD * wide];
        let off = difference(&there, whole);
        assert!(off < 1e-4, "from {from} (frame {place}) another sound is heard than in passing: {off}");
        let most = if kind == Kind::Damaged { near as usize } else { 40 };
        worst_place = worst_place.max(shift(&there, &theirs, place, wide, most));
    }
    assert!(worst_place <= most, "{worst_place} frames from the place sought");
    table.add(format, length, worst_place, error);
}
