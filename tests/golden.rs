//! The two shows as pictures: what every channel shows, eighth by eighth, and a sum over every edge. And the light of one
//! at random times, to which the page of `preview` is held.
//!
//! A change of the language, the effects or the shows is seen here. When it is meant, take the new
//! pictures with `STARCOURT_GOLDEN=take cargo test --test golden`.

#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use starcourt::diagnosis::Diagnoses;
use starcourt::level::Level;
use starcourt::preview::ShowData;
use starcourt::random::Random;
use starcourt::rig::{self, Rig};
use starcourt::show;
use starcourt::time::ShowTime;
use starcourt::timeline::{Timeline, compile};

fn in_the_tree(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// One character for a level, as in steps: `x`, `.`, tenths between; `'` for less than a tenth.
fn glyph(level: Level) -> char {
    match level.hundredths() {
        0 => '.',
        10_000 => 'x',
        1..1_000 => '\'',
        lit => char::from_digit(u32::from(lit / 1_000), 10).unwrap(),
    }
}

/// FNV-1a over time, channel and level of every edge: one microsecond more is another sum.
fn sum(timeline: &Timeline) -> (usize, u64) {
    let edges = timeline.tracks().iter().enumerate().flat_map(|(channel, track)| {
        track.edges().map(move |(time, level)| (channel as u64, time.micros(), u64::from(level.hundredths())))
    });
    edges.fold((0, 0xcbf2_9ce4_8422_2325), |(count, sum), (channel, time, level)| {
        let bytes = [channel, time, level].into_iter().flat_map(u64::to_le_bytes);
        (count + 1, bytes.fold(sum, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)))
    })
}

/// Two bars a block, one row a channel, one column an eighth at the show's first tempo.
fn picture(timeline: &Timeline, rig: &Rig, eighth_us: u64, first_us: u64, length: ShowTime) -> String {
    const COLUMNS: u64 = 16;
    let mut text = String::new();
    let (edges, sum) = sum(timeline);
    writeln!(text, "{edges} edges, sum {sum:016x}").unwrap();
    let columns = length.micros().saturating_sub(first_us).div_ceil(eighth_us);
    for block in 0..columns.div_ceil(COLUMNS) {
        writeln!(text, "\n{}.1", block * 2 + 1).unwrap();
        for (channel, id) in rig.channels.iter().zip(rig.channel_ids()) {
            let row: String = (block * COLUMNS..(block + 1) * COLUMNS)
                // In the middle of the eighth, so that no rounding of a beat matters.
                .map(|column| ShowTime::from_micros(first_us + column * eighth_us + eighth_us / 2))
                .map(|time| glyph(timeline.level_at(id, time)))
                .collect();
            writeln!(text, "{:>12}  {} {}", channel.name, &row[..8], &row[8..]).unwrap();
        }
    }
    text
}

/// The show `name` looks as it did when its picture was taken.
#[track_caller]
fn check(name: &str, bpm: u64, first_us: u64, length_ms: u64) {
    let (rig, _) = rig::load(&in_the_tree("shows/rig.toml")).unwrap();
    let (show, _) = show::load(&in_the_tree(&format!("shows/{name}.show")), &rig).unwrap();
    let timeline = compile(&show, &rig).timeline;
    let length = ShowTime::from_micros(length_ms * 1_000);
    let picture = picture(&timeline, &rig, 30_000_000 / bpm, first_us, length);
    check_file(&format!("tests/golden/{name}.txt"), &picture);
}

/// The file has this text.
#[track_caller]
fn check_file(path: &str, picture: &str) {
    let path = in_the_tree(path);
    if std::env::var("STARCOURT_GOLDEN").is_ok_and(|wish| wish == "take") {
        std::fs::write(&path, picture).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap();
    for (line, (now, then)) in picture.lines().zip(golden.lines()).enumerate() {
        assert_eq!(now, then, "{}:{}", path.display(), line + 1);
    }
    assert_eq!(picture.lines().count(), golden.lines().count());
}

#[test]
fn demo_looks_as_it_did() {
    check("demo", 120, 0, 15_000);
}

#[test]
fn starcourt_looks_as_it_did() {
    check("starcourt", 112, 420_000, 77_000);
}

/// What the page gets of the light of `starcourt`, and rows of channel, time (µs) and level.
fn levels_for_the_page() -> String {
    const ROWS: usize = 2_000;
    let (rig, _) = rig::load(&in_the_tree("shows/rig.toml")).unwrap();
    let (show, _) = show::load(&in_the_tree("shows/starcourt.show"), &rig).unwrap();
    let length = ShowTime::from_micros(77_000_000);
    let data = serde_json::to_value(ShowData::of(&show, &rig, length, &Diagnoses::default())).unwrap();
    let channels = data["channels"].as_array().unwrap().iter().map(|channel| {
        let (name, lead, light) = (&channel["name"], &channel["lead_us"], &channel["light"]);
        format!("{{\"name\":{name},\"lead_us\":{lead},\"light\":{light}}}")
    });
    let channels: Vec<_> = channels.collect();
    let timeline = compile(&show, &rig).timeline;
    let ids: Vec<_> = rig.channel_ids().collect();
    let mut random = Random::new(&[b"levels for the page"]);
    let levels: Vec<_> = (0..ROWS)
        .map(|row| {
            let channel = row % ids.len();
            let lead = rig.channels[channel].lead.as_micros() as u64;
            let time = random.below(length.micros());
            // A lamp shows at a time what its signal was so much earlier.
            let level = timeline.level_at(ids[channel], ShowTime::from_micros(time));
            format!("[{channel},{},{}]", time + lead, level.hundredths())
        })
        .collect();
    format!(
        "{{\n\"channels\": [\n{}\n],\n\"levels\": [\n{}\n]\n}}\n",
        channels.join(",\n"),
        levels.join(",\n")
    )
}

#[test]
fn the_levels_to_which_the_page_is_held_are_those_of_the_program() {
    check_file("tests/page/data/levels.json", &levels_for_the_page());
}
