//! Lights that follow the music, as a person writes them: `docs/cue-sheet.md` by the word. The music is made of whole
//! numbers here, so that every machine makes and hears the same.
//!
//! When a change of what is heard is meant, take the new levels with `STARCOURT_GOLDEN=take cargo test --test follow`.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

mod common;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use common::{PORCH, rig};
use starcourt::audio::song_envelope;
use starcourt::diagnosis::Diagnoses;
use starcourt::envelope::{SongEnvelope, SoundBand};
use starcourt::level::Level;
use starcourt::random::Random;
use starcourt::review;
use starcourt::rig::Rig;
use starcourt::show::{self, Show};
use starcourt::time::ShowTime;
use starcourt::timeline::{Timeline, compile};

const RATE: u32 = 44_100;
const SECONDS: usize = 8;

/// Frames of two channels: a drum each half second, a tune from the third second on, cymbals in the last two.
fn song() -> Vec<[i16; 2]> {
    let mut noise = 1_u32;
    let square = |frame: usize, hertz: usize, height: i32| {
        if (frame * hertz * 2 / RATE as usize).is_multiple_of(2) { height } else { -height }
    };
    let frames = SECONDS * RATE as usize;
    (0..frames)
        .map(|frame| {
            let second = frame / RATE as usize;
            let into_beat = frame % (RATE as usize / 2);
            let drum = square(into_beat, 60, 12_000 - (into_beat as i32 * 12_000 / 11_025).min(12_000));
            let tune = if second >= 3 { square(frame, 400 + 50 * (second % 3), 1_500) } else { 0 };
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let hiss = (noise >> 16) as i32 - 32_768;
            let cymbals = if second >= 6 && into_beat < 6_000 { hiss / 16 } else { 0 };
            [drum + tune, drum + cymbals].map(|sample| sample as i16)
        })
        .collect()
}

/// A WAV file of samples with so many bytes, the lower ones empty; or of floats.
fn wav(file: &Path, frames: &[[i16; 2]], bytes: u16, is_float: bool) {
    let data = (frames.len() * 2 * usize::from(bytes)) as u32;
    let mut wav = b"RIFF".to_vec();
    wav.extend((36 + data).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0");
    wav.extend(if is_float { 3_u16 } else { 1 }.to_le_bytes());
    wav.extend(2_u16.to_le_bytes());
    wav.extend(RATE.to_le_bytes());
    wav.extend((RATE * 2 * u32::from(bytes)).to_le_bytes());
    wav.extend((2 * bytes).to_le_bytes());
    wav.extend((8 * bytes).to_le_bytes());
    wav.extend(b"data");
    wav.extend(data.to_le_bytes());
    for sample in frames.iter().flatten() {
        match (is_float, bytes) {
            (true, _) => wav.extend((f32::from(*sample) / 32_768.0).to_le_bytes()),
            (false, 2) => wav.extend(sample.to_le_bytes()),
            (false, _) => {
                wav.extend(vec![0; usize::from(bytes) - 2]);
                wav.extend(sample.to_le_bytes());
            }
        }
    }
    std::fs::write(file, wav).unwrap();
}

/// A folder with the song as `song.wav`.
struct SongFolder(tempfile::TempDir);

impl SongFolder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        wav(&folder.path("song.wav"), &song(), 2, false);
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn envelope(&self, name: &str) -> SongEnvelope {
        song_envelope(&self.path(name), ShowTime::MAX).unwrap()
    }

    fn show(&self, rig: &Rig, cues: &str) -> (Show, Diagnoses) {
        let sheet = self.path("porch.show");
        std::fs::write(&sheet, format!("audio song.wav\nlength 0:20\ntempo 120 bpm, 4/4\n{cues}\n")).unwrap();
        let (mut show, told) = show::load(&sheet, rig).unwrap();
        assert!(show.follows_music());
        show.follow(&self.envelope("song.wav"));
        (show, told)
    }

    fn timeline(&self, cues: &str) -> Timeline {
        let rig = rig(PORCH);
        compile(&self.show(&rig, cues).0, &rig).timeline
    }
}

fn at(millis: u64) -> ShowTime {
    ShowTime::from_micros(millis * 1_000)
}

/// Of the channels of `PORCH`.
const RELAY: usize = 0;
const GARLAND: usize = 1;
const STAR: usize = 2;

/// Hundredths of a per cent.
fn level(timeline: &Timeline, channel: usize, millis: u64) -> u16 {
    timeline.tracks()[channel].level_at(at(millis)).hundredths()
}

#[test]
fn a_drum_lights_the_bass_and_a_tune_the_middle() {
    let folder = SongFolder::new();
    let timeline = folder.timeline(
        "0:00 to 0:20  garland  follow bass rise 0 s fall 50 ms\n0:00 to 0:20  star  follow middle 20 to 60 %",
    );
    for beat in 0..16 {
        let (hit, rest) =
            (level(&timeline, GARLAND, beat * 500 + 60), level(&timeline, GARLAND, beat * 500 + 480));
        assert!(hit > 8_000 && rest < 2_000, "beat {beat}: {hit}, {rest}");
    }
    let between_beats = |second: u64| level(&timeline, STAR, second * 1_000 + 450);
    assert!(between_beats(2) < between_beats(3) && between_beats(5) <= 6_000);
    // The music is over.
    assert_eq!((level(&timeline, GARLAND, 9_000), level(&timeline, STAR, 12_000)), (0, 2_000));
    assert_eq!((level(&timeline, GARLAND, 20_000), level(&timeline, STAR, 20_000)), (0, 0));
}

#[test]
fn levels_change_only_at_steps_of_25_ms_and_stay_between_the_two() {
    let folder = SongFolder::new();
    for (cue, low, high) in [
        ("0:00.010 to 0:07.777  star  follow loudness 10 to 90 %", 1_000, 9_000),
        ("0:01 to 0:09  star  follow treble rise 0 s fall 0 s 90 to 30 %", 3_000, 9_000),
        ("1.2& to 5.1  star  follow middle fall 1 bar rise 1/8 12.5 to 13 %", 1_250, 1_300),
    ] {
        let timeline = folder.timeline(cue);
        let (show, _) = folder.show(&rig(PORCH), cue);
        let (start, end) = (show.cues[0].start, show.cues[0].end());
        let mut changes = 0;
        for (time, level) in timeline.tracks()[STAR].edges().filter(|(time, _)| *time < end) {
            assert!(time == start || time.micros().is_multiple_of(25_000), "{cue}: {time}");
            assert!((low..=high).contains(&level.hundredths()), "{cue}: {level} at {time}");
            changes += 1;
        }
        assert!(changes > 20, "{cue}: {changes}");
        assert_eq!(timeline.tracks()[STAR].level_at(end), Level::OFF, "{cue}");
    }
}

#[test]
fn a_relay_switches_where_a_dimmed_light_passes_half() {
    let folder = SongFolder::new();
    let timeline = folder.timeline("0:00 to 0:08  porch, star  follow bass");
    for millis in (0..8_000).step_by(5) {
        let expected = if level(&timeline, STAR, millis) >= 5_000 { 10_000 } else { 0 };
        assert_eq!(level(&timeline, RELAY, millis), expected, "at {millis} ms");
    }
    assert!(timeline.tracks()[RELAY].edges().count() >= 16);
}

#[test]
fn it_lies_over_the_base_and_under_what_begins_later() {
    let folder = SongFolder::new();
    let alone = folder.timeline("0:01 to 0:06  star  follow bass 10 to 100 %");
    let layered = folder.timeline(
        "0:00  star  30 %\n0:01 to 0:06  star  follow bass 10 to 100 %\n0:02 to 0:03  star  level 70 %\n\
         steps 0:04 to 0:05 by 500 ms\n  star  5_\n0:05.5  star  60 %",
    );
    for millis in (0..7_000).step_by(5) {
        let expected = match millis {
            0..1_000 => 3_000,
            2_000..3_000 => 7_000,
            4_000..4_500 => 5_000,
            6_000.. => 6_000,
            _ => level(&alone, STAR, millis),
        };
        assert_eq!(level(&layered, STAR, millis), expected, "at {millis} ms");
    }
}

#[test]
fn a_section_follows_the_music_wherever_it_is_played() {
    let folder = SongFolder::new();
    let whole = folder.timeline("0:00 to 0:20  star  follow middle");
    let played = folder.timeline(
        "0:01 to 0:09 every 2 s  play  breathe\nsection breathe\n  0:00 to 0:01  star  follow middle",
    );
    for millis in (0..9_000).step_by(5) {
        let expected = if millis / 1_000 % 2 == 1 { level(&whole, STAR, millis) } else { 0 };
        assert_eq!(level(&played, STAR, millis), expected, "at {millis} ms");
    }
}

#[test]
fn a_lead_sends_each_level_sooner() {
    let folder = SongFolder::new();
    let cues = "0:00 to 0:20  a, b  follow bass";
    let rig = rig(
        "[channels]\na = { pin = 17, kind = \"pwm\" }\nb = { pin = 27, kind = \"pwm\", lead = \"30 ms\" }\n",
    );
    let timeline = compile(&folder.show(&rig, cues).0, &rig).timeline;
    for millis in (0..9_000).step_by(5) {
        assert_eq!(level(&timeline, 1, millis), level(&timeline, 0, millis + 30), "at {millis} ms");
    }
}

#[test]
fn many_channels_have_their_levels_in_common() {
    let folder = SongFolder::new();
    let channels: String =
        (0..500).map(|number| format!("c{number} = {{ sim = {number}, kind = \"pwm\" }}\n")).collect();
    let rig = rig(&format!("[channels]\n{channels}"));
    let (show, _) = folder.show(&rig, "0:00 to 0:20  all  follow bass");
    let timeline = compile(&show, &rig).timeline;
    let ranges: BTreeSet<_> =
        timeline.memory().map(|range| (range.start as usize, range.end as usize)).collect();
    let bytes: usize = ranges.iter().map(|(start, end)| end - start).sum();
    // 320 steps of 16 bytes, and a few words for each channel.
    assert!(bytes < 320 * 16 + 500 * 100, "{bytes} bytes");
    assert!(timeline.tracks().iter().all(|track| track.edges().count() > 100));
}

#[test]
fn a_show_may_follow_its_music_with_many_channels_for_long() {
    let folder = SongFolder::new();
    let channels: String =
        (0..512).map(|number| format!("c{number} = {{ sim = {number}, kind = \"pwm\" }}\n")).collect();
    let rig = rig(&format!("[channels]\n{channels}"));
    folder.show(&rig, "0:00 to 5:00:00  all  follow bass");
    let sheet = folder.path("porch.show");
    for (cues, title) in [
        (
            "0:00 to 5:00:00  all  follow bass\n0:00 to 5:00:00  c1  follow treble",
            "more than a million times",
        ),
        ("0:00 to 6:00:01  all  follow bass", "only the first six hours"),
        ("0:00 to 0:09  all  follow bass rise 11 s", "so slowly no light follows music"),
    ] {
        std::fs::write(&sheet, format!("audio song.wav\n{cues}\n")).unwrap();
        let told = show::load(&sheet, &rig).unwrap_err().to_string();
        assert!(told.contains(title), "{told}");
    }
}

#[test]
fn check_warns_of_what_flashes_wears_and_cannot_be_shown() {
    let folder = SongFolder::new();
    let told = |cues: &str| {
        let rig = rig(PORCH);
        let (show, mut told) = folder.show(&rig, cues);
        told.extend(review::without_effect(&show, &rig));
        told.extend(review::strains(&show, &rig, at(20_000), &compile(&show, &rig).timeline));
        told.to_string()
    };
    let fine = told("0:00 to 0:08  star  follow middle\n0:09 to 0:10  porch  on");
    assert!(fine.is_empty(), "{fine}");
    let worn = told("0:00 to 0:08  porch  follow bass");
    assert!(worn.contains("the relay `porch` switches"), "{worn}");
    let rounded = told("0:00 to 0:08  porch  follow middle 10 to 40 %");
    assert!(
        rounded.contains("it is off all the time") && rounded.contains("write `follow middle`"),
        "{rounded}"
    );
    let covered = told("0:01 to 0:02  star  follow middle\n0:01 to 0:03  star  on");
    assert!(covered.contains("this cue has no effect"), "{covered}");
}

#[test]
fn samples_of_any_kind_that_are_the_same_sound_give_the_same_levels() {
    let folder = SongFolder::new();
    let expected = folder.envelope("song.wav");
    for (bytes, is_float) in [(3, false), (4, false), (4, true)] {
        wav(&folder.path("other.wav"), &song(), bytes, is_float);
        assert!(folder.envelope("other.wav") == expected, "{bytes} bytes, float: {is_float}");
    }
}

#[test]
fn of_music_that_is_cut_short_as_much_is_followed_as_there_is() {
    let folder = SongFolder::new();
    let bytes = std::fs::read(folder.path("song.wav")).unwrap();
    std::fs::write(folder.path("cut.wav"), &bytes[..44 + 4 * 3 * RATE as usize]).unwrap();
    let (cut, until) =
        (folder.envelope("cut.wav"), song_envelope(&folder.path("song.wav"), at(3_000)).unwrap());
    assert_eq!((cut.steps(), folder.envelope("song.wav").steps()), (120, 320));
    assert!(cut == until, "and what lies after the end of a show does not count");
}

/// The levels of the song in a line for each quarter of a second: ten steps each, in hundredths of a per cent.
fn golden(timeline: &Timeline) -> String {
    let mut text = String::new();
    for (channel, band) in SoundBand::ALL.iter().enumerate() {
        for row in 0..36 {
            write!(text, "{:>8} {:>5}", band.name(), row * 250).unwrap();
            (0..10).for_each(|step| {
                write!(text, " {:>5}", level(timeline, channel, row * 250 + step * 25)).unwrap()
            });
            text.push('\n');
        }
    }
    text
}

#[test]
fn a_song_is_followed_as_it_was_on_the_machine_that_wrote_the_levels_down() {
    let folder = SongFolder::new();
    let channels: String =
        (0..4).map(|number| format!("c{number} = {{ sim = {number}, kind = \"pwm\" }}\n")).collect();
    let rig = rig(&format!("[channels]\n{channels}"));
    let cues = "0:00 to 0:09  c0  follow loudness\n0:00 to 0:09  c1  follow bass 10 to 100 % fall 200 ms\n\
                0:00 to 0:09  c2  follow middle rise 0 s\n0:00 to 0:09  c3  follow treble 5 to 60 %";
    let levels = golden(&compile(&folder.show(&rig, cues).0, &rig).timeline);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/follow.txt");
    if std::env::var("STARCOURT_GOLDEN").is_ok_and(|wish| wish == "take") {
        std::fs::write(&path, &levels).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap();
    let differs = levels.lines().zip(written.lines()).find(|(now, then)| now != then);
    assert_eq!(differs, None, "now and then");
    assert_eq!(levels.lines().count(), written.lines().count());
}

#[test]
fn lines_of_chance_follow_within_their_levels() {
    let folder = SongFolder::new();
    let mut chance = Random::new(&[b"lines that follow"]);
    for _ in 0..40 {
        let mut cues = String::new();
        for _ in 0..=chance.below(5) {
            let start = chance.below(9_000);
            let end = start + 1 + chance.below(9_000);
            let who = ["porch", "garland", "star", "trees", "all"][chance.below(5) as usize];
            let band = SoundBand::ALL[chance.below(4) as usize].name();
            let low = 20 + chance.below(40);
            let high = low + 1 + chance.below(80 - low);
            let (rise, fall) = (chance.below(2_000), chance.below(2_000));
            writeln!(
                cues,
                "{start} ms to {end} ms  {who}  follow {band} {low} to {high} % rise {rise} ms fall {fall} ms"
            )
            .unwrap();
        }
        let timeline = folder.timeline(&cues);
        for track in &timeline.tracks()[GARLAND..] {
            let mut before = Level::OFF;
            for (time, level) in track.edges() {
                assert_ne!(level, before, "{cues}at {time}");
                assert!(
                    level == Level::OFF || (2_000..=8_000).contains(&level.hundredths()),
                    "{cues}at {time}: {level}"
                );
                before = level;
            }
            assert_eq!(before, Level::OFF, "{cues}");
        }
    }
}

#[test]
fn the_program_draws_and_checks_a_show_that_follows() {
    let folder = common::folder::Folder::new(PORCH);
    wav(&folder.path("shows/song.wav"), &song(), 2, false);
    let cue = "0:00 to 0:08  star  follow bass 10 to 100 %";
    folder.write("shows/a.show", &format!("audio song.wav\n{cue}\n"));
    folder.write("shows/b.show", &format!("length 0:08\n{cue}\n"));
    folder.run("check a --rig rig.toml --shows shows").with(0, &[]);
    folder
        .run("check b --rig rig.toml --shows shows")
        .with(65, &["this show has no music that lights could follow", "`audio song.ogg`"]);
    folder.run("render a --rig rig.toml --shows shows --output sim -o a.csv").with(0, &[]);
    let own = SongFolder::new();
    let expected = own.timeline(cue);
    let rows = folder.text("a.csv");
    let starts_of_star = rows.lines().filter(|row| row.contains(",star,")).count();
    let edges = expected.tracks()[STAR].edges().take_while(|(time, _)| *time < at(8_000)).count();
    assert!(starts_of_star > 100 && starts_of_star.abs_diff(edges) <= 1, "{starts_of_star} of {edges}");
    for row in rows.lines().filter(|row| row.contains(",star,")) {
        let words: Vec<_> = row.split(',').collect();
        let (time, shown) = (words[0].parse::<u64>().unwrap(), words[4].parse::<u16>().unwrap());
        if time < 8_000_000 {
            let level = expected.tracks()[STAR].level_at(ShowTime::from_micros(time));
            assert_eq!(shown, level.permille(), "{row}");
        }
    }
}
