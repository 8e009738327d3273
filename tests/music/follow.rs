//! What lights follow is the same in each format that keeps all of the sound, and nearly so in those that do not.

use starcourt::audio::song_envelope;
use starcourt::envelope::{FULL_STRENGTH, SongEnvelope, SoundBand};
use starcourt::time::ShowTime;

use crate::tools::Bench;

fn envelope(bench: &Bench, name: &str) -> SongEnvelope {
    song_envelope(&bench.path(name), ShowTime::MAX).unwrap()
}

#[test]
fn lights_follow_flac_as_they_follow_the_wav_that_it_was_made_of() {
    for (rate, channels) in
        [(8_000, 1), (22_050, 2), (44_100, 2), (48_000, 6), (96_000, 2), (192_000, 1), (44_100, 8)]
    {
        let bench = Bench::new(rate, channels, rate as usize * 3);
        bench.run("flac --silent --channel-map=none -o song.flac source.wav");
        let (wav, flac) = (envelope(&bench, "source.wav"), envelope(&bench, "song.flac"));
        assert_eq!(wav.steps(), 120);
        assert!(wav.strengths(SoundBand::Loudness).iter().any(|strength| *strength > FULL_STRENGTH / 2));
        assert!(wav == flac, "{rate} Hz, {channels} channels");
    }
}

#[test]
fn lights_follow_mp3_and_ogg_nearly_as_the_original() {
    let bench = Bench::new(44_100, 2, 44_100 * 6);
    bench.run("lame --quiet -b 192 source.wav song.mp3");
    bench.run("oggenc -Q -q 6 source.wav -o song.ogg");
    let original = envelope(&bench, "source.wav");
    for name in ["song.mp3", "song.ogg"] {
        let lossy = envelope(&bench, name);
        assert_eq!(lossy.steps(), original.steps(), "{name}");
        for band in [SoundBand::Loudness, SoundBand::Bass, SoundBand::Middle] {
            let pairs = || lossy.strengths(band).iter().zip(original.strengths(band));
            let off: u64 = pairs().map(|(lossy, original)| u64::from(lossy.abs_diff(*original))).sum();
            let mean = off / original.steps() as u64;
            assert!(mean < u64::from(FULL_STRENGTH) / 30, "{name}, {band:?}: {mean} off");
        }
    }
}
