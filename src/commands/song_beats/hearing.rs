//! Hears the sound of a music file from its start, and shows on a terminal how far it is. Knows nothing of what is written.

use anyhow::anyhow;

use super::progress::Progress;
use super::target::Target;
use crate::analysis::{HeardSong, SongAnalyser, SongCorrection};
use crate::audio::{AudioSource, SoundError, TrackDecoder, measure};
use crate::commands::outcome::{Failure, Outcome};
use crate::printable::printable;
use crate::time::ShowTime;

/// What is later is not listened to: it would not fit into the memory of a small Pi (5 MB a minute).
const LONGEST: ShowTime = ShowTime::from_micros(30 * 60 * 1_000_000);
/// So many frames are decoded at once.
const PIECE: usize = 4_096;

/// What was heard in a music file.
pub(in crate::commands) struct HeardFile {
    pub(in crate::commands) song: HeardSong,
    /// How long its music is.
    pub(in crate::commands) length: ShowTime,
    /// If it is too long to be heard whole: up to where it was heard.
    pub(in crate::commands) heard_to: Option<ShowTime>,
}

/// Hears the whole song, as fast as it can be decoded, or its first 30 minutes. Blocks for seconds. `correction` is what a
/// person knows better.
///
/// # Errors
/// If the file is no music, or no beat is heard in it.
pub(in crate::commands) fn hear(target: &Target, correction: SongCorrection) -> Result<HeardFile, Failure> {
    let bad = |error: SoundError| Failure::bad_file(error.into());
    let length = measure(&target.music).map_err(bad)?.length;
    let end = length.min(LONGEST);
    let source = AudioSource { file: target.music.clone(), from: ShowTime::ZERO, repeat: None };
    let mut decoder = TrackDecoder::open(&source, 0).map_err(bad)?;
    let (rate, channels) = (decoder.spec().rate, usize::from(decoder.spec().channels));
    let frames = u64::try_from(u128::from(end.micros()) * u128::from(rate) / 1_000_000).unwrap_or(u64::MAX);
    let mut progress = Progress::on_terminal(format!("listening to {}", target.title));
    let mut analyser = SongAnalyser::new(rate).corrected(correction);
    let mut samples = vec![0.0; PIECE * channels];
    let mut mono = Vec::with_capacity(PIECE);
    let mut heard = 0;
    while heard < frames {
        let read = decoder.read(&mut samples).map_err(bad)?;
        if read == 0 {
            break;
        }
        let whole = samples[..read * channels].chunks_exact(channels);
        mono.clear();
        mono.extend(whole.map(|frame| frame.iter().sum::<f32>() / channels as f32));
        analyser.push(&mono);
        heard += read as u64;
        progress.show(heard as f64 / frames as f64);
    }
    progress.says(format!("finding the beats of {}", target.title));
    let song = analyser.finish();
    drop(progress);
    let heard_to = (end < length).then_some(end);
    song.map(|song| HeardFile { song, length, heard_to }).ok_or_else(|| unheard(target))
}

/// The failure that no beat was heard.
pub(in crate::commands) fn unheard(target: &Target) -> Failure {
    Failure::of(
        Outcome::Failed,
        anyhow!(
            "no beat is heard in {}; if it has one, tap it: `starcourt tap {}`",
            printable(&target.music.display().to_string()),
            target.typed
        ),
    )
}
