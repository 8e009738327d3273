//! MIDI files as programs write them, and what becomes of them.

use super::*;
use crate::diagnosis::Source;
use crate::import::ChannelMap;
use crate::import::{SheetNames, sheet_text};
use crate::rig::Rig;
use crate::show;

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
    let map = imported.tempo.as_ref().and_then(ImportedTempo::beat_map).unwrap_or_default();
    let text = sheet_text(imported, &names);
    let source = Source::new("song.show", &*text);
    let read = show::read("song", &source, &rig(), &|file| Ok(Source::new(file, &*map)));
    let (show, told) = read.unwrap_or_else(|told| panic!("{told}\n{text}"));
    assert!(told.is_empty(), "{told}");
    let mut starts: Vec<u64> = show.cues.iter().map(|cue| cue.start.micros()).collect();
    starts.sort_unstable();
    starts
}

/// The lines, with one space between their words.
fn squeezed(imported: &Imported) -> String {
    imported.cues.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ") + "\n").collect()
}

#[test]
fn without_a_rig_a_person_is_told_to_describe_the_lights() {
    let bytes = file(0, PPQ, &[vec![(0, b"\x90\x3c\x40"), (480, b"\x80\x3c\0")]]);
    let request = ImportRequest { file_name: "song.mid", rig: None, map: &ChannelMap::default() };
    let fault = import(&bytes, &request).unwrap_err().to_string();
    assert!(
        fault.contains("you have no rig yet\n  describe your lights first: `starcourt new --rig`"),
        "{fault}"
    );
}

/// So many notes, each with the ticks since the one before, and its length.
fn notes(notes: &[(u32, u8, u32)]) -> Vec<(u32, Vec<u8>)> {
    let of = |(after, key, length): &(u32, u8, u32)| {
        [(*after, vec![0x90, *key, 100]), (*length, vec![0x80, *key, 0])]
    };
    notes.iter().flat_map(of).collect()
}

#[track_caller]
fn lines(division: [u8; 2], map: &[&str], rows: &[(u32, u8, u32)]) -> (Vec<String>, Vec<u64>) {
    let events = notes(rows);
    let events: Vec<(u32, &[u8])> = events.iter().map(|(wait, event)| (*wait, &**event)).collect();
    let imported = imported(&file(0, division, &[events]), map).unwrap();
    let lines = squeezed(&imported).lines().skip(1).map(str::to_owned).collect();
    (lines, starts(&imported))
}

#[test]
fn even_notes_are_one_line() {
    // Quavers every beat, then a drum on two and four.
    let bell: Vec<(u32, u8, u32)> = (0..8).map(|note| (if note == 0 { 0 } else { 240 }, 60, 240)).collect();
    let drum: Vec<(u32, u8, u32)> = (0..4).map(|note| (if note == 0 { 720 } else { 950 }, 36, 10)).collect();
    let (lines, starts) = lines(PPQ, &["60=bell", "36=drums"], &[bell, drum].concat());
    assert_eq!(
        lines,
        ["1.1 to 3.1 every 1 beat bell on for 1/2 beat", "3.2 to 5.2 every 2 beats drums on for 50 ms"]
    );
    let beats: Vec<u64> = (0..8).chain([9, 11, 13, 15]).map(|beat| beat * 500_000).collect();
    assert_eq!(starts, beats);
}

#[test]
fn an_even_row_goes_through_changes_of_tempo_and_ends_where_beats_become_other_notes() {
    let quick = (0, b"\xff\x51\x03\x06\x1a\x80".to_vec()); // 150 bpm
    let slow = (240, b"\xff\x51\x03\x07\xa1\x20".to_vec());
    let row: Vec<(u32, u8, u32)> = (0..8).map(|note| (if note == 0 { 0 } else { 240 }, 60, 240)).collect();
    let mut events = notes(&row);
    events.insert(0, quick);
    events[9].0 = 0;
    events.insert(9, slow);
    // In 6/8 from bar 3 on.
    events.push((240, b"\xff\x58\x04\x06\x03\x18\x08".to_vec()));
    events.extend(notes(&row));
    let events: Vec<(u32, &[u8])> = events.iter().map(|(wait, event)| (*wait, &**event)).collect();
    let imported = imported(&file(0, PPQ, &[events]), &["60=bell"]).unwrap();
    let text = squeezed(&imported);
    assert!(text.contains("every 1 beat bell on for 1/2 beat"), "{text}");
    assert!(text.contains("every 2 beats bell on for 1 beat"), "{text}");
    let quick = (0..4).map(|beat| beat * 400_000);
    let slow = (0..12).map(|beat| 1_600_000 + beat * 500_000);
    assert_eq!(starts(&imported), quick.chain(slow).collect::<Vec<_>>());
}

#[test]
fn even_notes_of_film_time_are_one_line_by_the_clock() {
    let row: Vec<(u32, u8, u32)> = (0..5).map(|note| (if note == 0 { 100 } else { 300 }, 60, 100)).collect();
    let (lines, starts) = lines([0xe7, 40], &["60=bell"], &row);
    assert_eq!(lines, ["0:00.100 to 0:02.100 every 400 ms bell on for 100 ms"]);
    assert_eq!(starts, [100_000, 500_000, 900_000, 1_300_000, 1_700_000]);
}

#[test]
fn a_measure_that_changes_in_a_song_that_drifts_is_in_the_sheet() {
    let (mut events, last) = drifting();
    // 3/4 from bar 11 on.
    events.insert(40 * 3, (0, b"\xff\x58\x04\x03\x02\x18\x08".to_vec()));
    let first = events[40 * 3 + 1].0;
    events[40 * 3].0 = std::mem::replace(&mut events[40 * 3 + 1].0, 0);
    assert_eq!(first, 240);
    let events: Vec<(u32, &[u8])> = events.iter().map(|(wait, event)| (*wait, &**event)).collect();
    let imported = imported(&file(0, PPQ, &[events]), &["60=bell"]).unwrap();
    let Some(ImportedTempo::Beats { measures, .. }) = &imported.tempo else { panic!("{:?}", imported.taken) };
    let told: Vec<String> = measures.iter().map(|(bar, measure)| format!("{measure} from {bar}")).collect();
    assert_eq!(told, ["4/4 from 1", "3/4 from 11"]);
    assert!(squeezed(&imported).contains("every 1 beat bell on for 1/2 beat"), "{}", imported.cues);
    let starts = starts(&imported);
    assert!(starts[399].abs_diff(last) <= 1_000, "{} and {last}", starts[399]);
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
    assert!(squeezed(&imported).contains("1.1 to 1.2 drums on"), "{}", imported.cues);
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
    let cues = squeezed(&import(&bytes, &request).unwrap());
    assert!(cues.contains("bell 50 %"), "{cues}");
    assert!(cues.contains("drums on"), "{cues}");
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
