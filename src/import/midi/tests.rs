//! MIDI files as programs write them, and what becomes of them.

use super::*;
use crate::diagnosis::Source;
use crate::import::ChannelMap;
use crate::import::{SheetNames, sheet_text};
use crate::rig::Rig;
use crate::show::{self, beat_map_text};

const RIG: &str = "[channels]\ndrums = { pin = 4, kind = \"ssr\" }\nbell = { pin = 18, kind = \"pwm\" }\n";

fn rig() -> Rig {
    crate::rig::read(&Source::new("rig.toml", RIG)).0.unwrap()
}

fn number(value: u32) -> Vec<u8> {
    let mut bytes = vec![(value & 0x7f) as u8];
    let mut rest = value >> 7;
    while rest > 0 {
        bytes.insert(0, (rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    bytes
}

fn file(format: u16, division: [u8; 2], tracks: &[Vec<(u32, &[u8])>]) -> Vec<u8> {
    let mut bytes = Vec::from(*b"MThd\0\0\0\x06");
    bytes.extend(format.to_be_bytes());
    bytes.extend((tracks.len() as u16).to_be_bytes());
    bytes.extend(division);
    for track in tracks {
        let mut events = Vec::new();
        for (wait, event) in track {
            events.extend(number(*wait));
            events.extend(*event);
        }
        events.extend(b"\0\xff\x2f\0");
        bytes.extend(b"MTrk");
        bytes.extend((events.len() as u32).to_be_bytes());
        bytes.extend(events);
    }
    bytes
}

/// 480 ticks a quarter.
const PPQ: [u8; 2] = [0x01, 0xe0];

fn imported(bytes: &[u8], map: &[&str]) -> Result<Imported, String> {
    let map = ChannelMap::read(map).unwrap();
    let rig = rig();
    let request = ImportRequest { file_name: "song.mid", rig: Some(&rig), map: &map };
    import(bytes, &request).map_err(|fault| fault.to_string())
}

/// The starts of all cues in microseconds, as the sheet is read.
fn starts(imported: &Imported) -> Vec<u64> {
    let names = SheetNames {
        origin: "song.mid",
        title: "song",
        music: None,
        length: imported.length,
        beat_map: "song-beats.txt",
    };
    let map = match &imported.tempo {
        Some(ImportedTempo::Beats { beats, measure }) => beat_map_text(beats, *measure),
        _ => String::new(),
    };
    let text = sheet_text(imported, &names);
    let source = Source::new("song.show", &*text);
    let read = show::read("song", &source, &rig(), &|file| Ok(Source::new(file, &*map)));
    let (show, told) = read.unwrap_or_else(|told| panic!("{told}\n{text}"));
    assert!(told.is_empty(), "{told}");
    show.cues.iter().map(|cue| cue.start.micros()).collect()
}

#[test]
fn notes_on_a_grid_are_bars_and_beats() {
    let bytes = file(
        0,
        PPQ,
        &[vec![
            (0, b"\xff\x51\x03\x07\xa1\x20"),
            (0, b"\x99\x24\x40"),
            (480, b"\x24\0"), // running status
            (720, b"\x24\x40"),
            (120, b"\x89\x24\0"),
            (1_081, b"\x99\x24\x40"),
            (480, b"\x24\0"),
        ]],
    );
    let imported = imported(&bytes, &["36=drums"]).unwrap();
    assert_eq!(
        imported.tempo,
        Some(ImportedTempo::Lines(vec!["tempo   120 bpm, 4/4, first beat at 0.000 s".to_owned()]))
    );
    assert!(imported.cues.contains("1.1 to 1.2                drums           on"), "{}", imported.cues);
    assert!(imported.cues.contains("1.3& to 1.3a "), "{}", imported.cues);
    assert!(imported.cues.contains("0:02.501042 to "), "a tick after the beat: {}", imported.cues);
    assert_eq!(starts(&imported), [0, 1_250_000, 2_501_042]);
}

/// The tempo drifts at every beat, as recorded ones do.
fn drifting() -> (Vec<(u32, Vec<u8>)>, u64) {
    let mut events = Vec::new();
    let mut micros = 0_u64;
    for beat in 0..400_u32 {
        let quarter = 480_000 + (beat * 7_919) % 41_003;
        let [_, high, middle, low] = quarter.to_be_bytes();
        events.push((if beat == 0 { 0 } else { 240 }, vec![0xff, 0x51, 0x03, high, middle, low]));
        events.push((0, vec![0x90, 60, 100]));
        events.push((240, vec![0x80, 60, 0]));
        if beat < 399 {
            micros += u64::from(quarter);
        }
    }
    (events, micros)
}

#[test]
fn the_last_note_is_exact_after_four_hundred_changes_of_tempo() {
    let (events, last) = drifting();
    let events: Vec<(u32, &[u8])> = events.iter().map(|(wait, event)| (*wait, &**event)).collect();
    for format in [0, 1] {
        let tracks = if format == 0 { vec![events.clone()] } else { vec![vec![], events.clone()] };
        let imported = imported(&file(format, PPQ, &tracks), &["60=bell"]).unwrap();
        assert!(matches!(imported.tempo, Some(ImportedTempo::Beats { .. })), "{:?}", imported.taken);
        let starts = starts(&imported);
        assert_eq!(starts.len(), 400);
        assert!(starts[399].abs_diff(last) <= 1_000, "{} and {last}", starts[399]);
    }
}

#[test]
fn a_tempo_that_no_line_can_write_becomes_a_map() {
    // 97.0001 bpm: a sheet would be 250 µs off within minutes.
    let quarter = [0xff, 0x51, 0x03, 0x09, 0x70, 0x01];
    let mut events: Vec<(u32, &[u8])> = vec![(0, &quarter)];
    for _ in 0..600 {
        events.extend([(0, &b"\x90\x3c\x40"[..]), (240, b"\x80\x3c\0"), (240, b"\x80\x3d\0")]);
    }
    let imported = imported(&file(0, PPQ, &[events]), &["60=bell"]).unwrap();
    let each = 0x0009_7001_u64;
    for (index, start) in starts(&imported).iter().enumerate() {
        assert!(start.abs_diff(index as u64 * each) <= 1_000, "{index}: {start}");
    }
}

#[test]
fn measures_change_at_bars_and_film_time_is_the_clock() {
    let waltz = file(
        1,
        PPQ,
        &[
            vec![(0, b"\xff\x58\x04\x04\x02\x18\x08"), (1_920, b"\xff\x58\x04\x03\x02\x18\x08")],
            vec![(1_920, b"\x90\x3c\x40"), (480, b"\x80\x3c\0")],
        ],
    );
    let waltz = imported(&waltz, &["60=bell"]).unwrap();
    let lines = ["tempo   120 bpm, 4/4, first beat at 0.000 s", "tempo   120 bpm, 3/4 from 2.1"];
    assert_eq!(waltz.tempo, Some(ImportedTempo::Lines(lines.map(str::to_owned).to_vec())));
    assert_eq!(starts(&waltz), [2_000_000]);
    // 25 frames of 40 ticks: a tick is a millisecond.
    let film = file(0, [0xe7, 40], &[vec![(1_234, b"\x90\x3c\x40"), (500, b"\x80\x3c\0")]]);
    let film = imported(&film, &[]).unwrap();
    assert_eq!((starts(&film), &film.tempo), (vec![1_234_000], &None));
}

#[test]
fn tracks_of_format_two_follow_one_another() {
    let track = || vec![(0, &b"\x90\x3c\x40"[..]), (480, b"\x80\x3c\0"), (480, b"\xff\x01\0")];
    let imported = imported(&file(2, PPQ, &[track(), track()]), &[]).unwrap();
    assert_eq!(starts(&imported), [0, 1_000_000]);
}

#[test]
fn velocities_are_levels_where_a_light_dims() {
    let bytes = file(
        0,
        PPQ,
        &[vec![(0, b"\x90\x3c\x40"), (480, b"\x80\x3c\0"), (0, b"\x90\x24\x01"), (480, b"\x24\0")]],
    );
    let map = ChannelMap::read(&["60=bell", "36=drums"]).unwrap().with_levels(true);
    let rig = rig();
    let request = ImportRequest { file_name: "song.mid", rig: Some(&rig), map: &map };
    let cues = import(&bytes, &request).unwrap().cues;
    assert!(cues.contains("bell            50 %"), "{cues}");
    assert!(cues.contains("drums           on"), "{cues}");
}

#[test]
fn a_broken_file_is_told_with_its_byte() {
    let good = file(0, PPQ, &[vec![(0, b"\x90\x3c\x40"), (480, b"\x80\x3c\0")]]);
    let with = |at: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[at] = byte;
        bytes
    };
    for (bytes, told) in [
        (good[..10].to_vec(), "byte 0: this chunk says that it has 6 bytes, and the file has 2 more"),
        (with(9, 7), "byte 8: 7 is no format"),
        (with(12, 0x80), "byte 12: the file does not say what a tick is"),
        (with(11, 2), "the file says that it has 2 tracks, and it has 1"),
        (with(23, 0x10), "there is data here, and no event before it"),
        (with(24, 0xf0), "the data of an event is missing here"),
        (file(0, PPQ, &[vec![(0, b"\xff\x51\x03\0\0\0")]]), "a quarter note has no length here"),
        (file(0, PPQ, &[vec![(0, b"\xff\x01\x7f")]]), "this event says that it has 127 bytes"),
        (file(0, PPQ, &[vec![(0, b"\xff\x01\xff\xff\xff\xff")]]), "more than four bytes"),
        (file(0, PPQ, &[vec![]]), "has no notes"),
    ] {
        let fault = imported(&bytes, &[]).unwrap_err();
        assert!(fault.contains(told), "{fault}");
    }
}
