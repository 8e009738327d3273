//! Every frame of every kind of file against what plays. The frames come from `reader.py`, which shares nothing with
//! starcourt.

use std::path::Path;
use std::process::Command;

use starcourt::level::Level;
use starcourt::time::ShowTime;
use starcourt::timeline::compile;

use super::Folder;
use super::writer::{Packing, Written};

const CHANNELS: usize = 7;

/// Values that stay for some frames, and go through all from 0 to 255.
fn frames(count: usize) -> Vec<Vec<u8>> {
    let value = |frame: usize, channel: usize| match channel {
        0 => frame as u8,
        1 => (frame / 7 * 83) as u8,
        2 if frame % 50 < 25 => 0,
        3 => {
            if frame.is_multiple_of(2) {
                127
            } else {
                128
            }
        }
        4 => 255 - (frame / 3) as u8,
        5 => 0,
        channel => ((frame * frame) / (channel + 40)) as u8,
    };
    (0..count).map(|frame| (0..CHANNELS).map(|channel| value(frame, channel)).collect()).collect()
}

/// The frames of the file at `path`, by another reader.
fn read_by_python(path: &Path) -> Vec<Vec<u8>> {
    let reader = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fseq/reader.py");
    let output = Command::new("python3").arg(reader).arg(path).output().expect("python3 is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let hex = |line: &str| {
        let digits = line.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
        digits.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
    };
    String::from_utf8(output.stdout).unwrap().lines().map(hex).collect()
}

fn level(value: u8) -> Level {
    Level::from_hundredths((f64::from(value) / 255.0 * 10_000.0).round() as u16)
}

/// Plays `written` with its channels at `places` of a frame on `a` to `e`, which `map` says.
#[track_caller]
fn check(written: &Written, map: &str, places: [usize; 5]) {
    let folder = Folder::with(&written.bytes());
    let expected = read_by_python(&folder.path("a.fseq"));
    assert_eq!(expected, written.frames, "both readers and the writer speak of the same");
    let show = folder.show(map);
    let step = u64::from(written.step) * 1_000;
    assert_eq!(show.length, Some(ShowTime::from_micros(step * expected.len() as u64)));
    let timeline = compile(&show, &folder.rig).timeline;
    for (channel, place) in timeline.channel_ids().zip(places) {
        let dims = folder.rig.channel(channel).kind.dims();
        let shown = |value| if dims { level(value) } else { level(value).switched() };
        let mut edges = Vec::new();
        let mut before = Level::OFF;
        for (frame, values) in (0..).zip(&expected) {
            let (start, wanted) = (ShowTime::from_micros(frame * step), shown(values[place]));
            let last = ShowTime::from_micros((frame + 1) * step - 1);
            for time in [start, last] {
                assert_eq!(timeline.level_at(channel, time), wanted, "frame {frame}, place {place}, {time}");
            }
            if wanted != before {
                edges.push((start, wanted));
            }
            before = wanted;
        }
        let played: Vec<_> = timeline.tracks()[channel.index()].edges().collect();
        let (end, within) = match played.split_last() {
            Some((last, within)) if last.0 >= show.length.unwrap() => (Some(*last), within),
            _ => (None, &played[..]),
        };
        assert_eq!(within, edges, "nothing happens between frames, and equal frames add nothing");
        assert_eq!(end.map(|(_, level)| level), before.is_lit().then_some(Level::OFF), "dark at the end");
    }
}

const IN_ORDER: &str = "map 1-3 soft\nmap 4 d\nmap 5 e";
const PLACES: [usize; 5] = [0, 1, 2, 3, 4];

#[test]
fn version_1_plays_exactly() {
    let old = Written { major: 1, step: 50, ..Written::of(frames(300)) };
    check(&old, IN_ORDER, PLACES);
    check(&Written { magic: b"FSEQ", step: 1, ..old }, IN_ORDER, PLACES);
}

#[test]
fn version_2_uncompressed_plays_exactly() {
    check(&Written { step: 255, ..Written::of(frames(513)) }, IN_ORDER, PLACES);
}

#[test]
fn zlib_plays_exactly() {
    check(&Written { packing: Packing::Zlib, ..Written::of(frames(513)) }, IN_ORDER, PLACES);
}

#[test]
fn zstd_plays_exactly_with_several_frames_of_zstd_in_a_block() {
    for packing in [Packing::PlainZstd, Packing::Zstd] {
        check(&Written { packing, block: 100, ..Written::of(frames(513)) }, IN_ORDER, PLACES);
    }
}

#[test]
fn more_than_255_blocks_play_exactly() {
    check(&Written { packing: Packing::PlainZstd, block: 1, ..Written::of(frames(700)) }, IN_ORDER, PLACES);
}

#[test]
fn padding_blocks_and_tables_out_of_order_play_exactly() {
    for packing in [Packing::Zlib, Packing::Zstd] {
        let written = Written { packing, padding: 9, is_backward: true, ..Written::of(frames(95)) };
        check(&written, IN_ORDER, PLACES);
    }
}

#[test]
fn a_table_without_entries_is_one_block() {
    let written =
        Written { packing: Packing::Zstd, block: 200, has_empty_table: true, ..Written::of(frames(200)) };
    check(&written, IN_ORDER, PLACES);
}

#[test]
fn sparse_ranges_keep_the_numbers_of_their_channels() {
    for packing in [Packing::None, Packing::Zlib, Packing::Zstd] {
        let ranges = vec![(999, 2), (9, 4), (70_000, 1)];
        let written = Written { packing, ranges, ..Written::of(frames(120)) };
        check(&written, "map 70001 a\nmap 1000-1001 b, c\nmap 12 d\nmap 10 e", [6, 0, 1, 4, 2]);
    }
}

#[test]
fn one_channel_drives_a_whole_group() {
    check(&Written::of(frames(60)), "map 7 soft\nmap 2 d, e", [6, 6, 6, 1, 1]);
}

/// As the zstd program packs them, with references far back: `zstd -19` of each 100 frames, in one block of two zstd frames.
#[test]
fn what_the_zstd_library_packs_plays_exactly() {
    let bytes = include_bytes!("packed_by_zstd.fseq");
    let folder = Folder::with(bytes);
    let expected = read_by_python(&folder.path("a.fseq"));
    assert_eq!(expected, frames(400));
    let timeline = compile(&folder.show("map 1 a"), &folder.rig).timeline;
    for (frame, values) in (0..).zip(&expected) {
        let time = ShowTime::from_micros(frame * 25_000);
        assert_eq!(timeline.tracks()[0].level_at(time), level(values[0]), "frame {frame}");
    }
}
