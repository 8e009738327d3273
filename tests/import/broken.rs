//! Sixty broken files of each kind: each is refused with what is wrong and where, and any bytes come to an end.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use starcourt::diagnosis::Source;
use starcourt::import::{ChannelMap, FilePlace, ImportFault, ImportRequest, Imported, import};
use starcourt::rig;

use super::MIXED;
use super::files::{beats, drums, timing, xsq};

/// Generous: a debug build on a busy machine.
const SLOWEST: Duration = Duration::from_secs(20);

fn read(bytes: &[u8]) -> Result<Imported, ImportFault> {
    let rig = rig::read(&Source::new("rig.toml", MIXED)).0.unwrap();
    let map = ChannelMap::default();
    let begun = Instant::now();
    let request = ImportRequest { file_name: "song", rig: Some(&rig), map: &map };
    let read = catch_unwind(AssertUnwindSafe(|| import(bytes, &request)));
    assert!(begun.elapsed() < SLOWEST, "{:?} for {} bytes", begun.elapsed(), bytes.len());
    read.unwrap_or_else(|_| panic!("a panic over {:?}", String::from_utf8_lossy(bytes)))
}

/// Each of 60 files or more is refused, with a place.
#[track_caller]
fn refused(files: &[Vec<u8>], is_placed: fn(&FilePlace) -> bool) {
    assert!(files.len() >= 60, "{}", files.len());
    for bytes in files {
        let Err(fault) = read(bytes) else { panic!("{:?} is taken", String::from_utf8_lossy(bytes)) };
        assert!(!fault.what.is_empty() && !fault.advice.is_empty(), "{fault}");
        let is_recognised = fault.place != FilePlace::Whole;
        assert!(!is_recognised || is_placed(&fault.place), "{fault}");
        assert!(!fault.to_string().contains(|letter: char| letter.is_control() && letter != '\n'), "{fault}");
    }
}

/// A xorshift generator (Marsaglia 2003): the same bytes at every run.
fn dice() -> impl FnMut(usize) -> usize {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    move |bound| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % bound as u64) as usize
    }
}

/// `good` with some bytes changed, 200 times.
fn flipped(good: &[u8]) -> Vec<Vec<u8>> {
    let mut dice = dice();
    let mut flip = || {
        let mut bytes = good.to_vec();
        for _ in 0..1 + dice(6) {
            let at = dice(bytes.len());
            bytes[at] = dice(256) as u8;
        }
        bytes
    };
    (0..200).map(|_| flip()).collect()
}

#[test]
fn broken_labels_are_refused_with_their_line() {
    const TIMES: [&str; 12] = [
        "nan",
        "NaN",
        "inf",
        "-1",
        "-0.5",
        "1e9",
        "0x10",
        "",
        "--",
        "1.2.3",
        "99999999999999999999",
        "\u{202e}\u{1b}[2J",
    ];
    let good = beats(20);
    let lines: Vec<&str> = good.lines().collect();
    let mut files = Vec::new();
    for (index, time) in (0..72).zip(TIMES.into_iter().cycle()) {
        let mut lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        lines[3 + index % 17] = match index % 2 {
            0 => format!("{time}\t9.0\ta \"b\" # c"),
            _ => format!("9.0\t{}\ta", if time.is_empty() { "x" } else { time }),
        };
        files.push(lines.join("\n").into_bytes());
    }
    refused(&files, |place| matches!(place, FilePlace::Line(4..)));
    flipped(good.as_bytes()).iter().for_each(|bytes| drop(read(bytes)));
}

#[test]
fn hostile_labels_become_harmless_remarks() {
    for text in [
        "\u{202e}evil",
        "\u{1b}]0;x\u{7}",
        "# #  # x",
        "\"",
        "0:01 all on",
        "section x",
        "\u{0}x",
        "a\u{2028}b",
    ] {
        let labels = format!("1\t1\tok\n3.3\t3.3\t{text}\n9\t12\t{text} a\n");
        if let Ok(imported) = read(labels.as_bytes()) {
            let harmful = |letter: char| (letter.is_control() && letter != '\n') || letter == '\u{202e}';
            assert!(!imported.cues.contains(harmful), "{:?}", imported.cues);
        }
    }
}

fn cut(good: &[u8], count: usize) -> Vec<Vec<u8>> {
    (1..=count).map(|part| good[..good.len() * part / (count + 1)].to_vec()).collect()
}

/// XML that no program of lights writes.
fn hostile_xml(root: &str) -> Vec<Vec<u8>> {
    let laughs: String = (1..10)
        .map(|level| format!("<!ENTITY l{level} \"{}\">", format!("&l{};", level - 1).repeat(10)))
        .collect();
    [
        format!("<!DOCTYPE x [<!ENTITY l0 \"lol\">{laughs}]><{root}>&l9;</{root}>"),
        format!("<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><{root}/>"),
        format!("<!DOCTYPE x [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><{root}>&x;</{root}>"),
        format!("<{root}>{}", "<a>".repeat(100_000)),
        format!("<{root}>{}{}</{root}>", "<a>".repeat(70), "</a>".repeat(70)),
        format!("<{root}>&#0;&nope;</{root}>"),
        format!("<{root} a=\"{}\">", "&lt;".repeat(100_000)),
        format!("<{root}><a></b></{root}>"),
    ]
    .map(String::into_bytes)
    .to_vec()
}

#[test]
fn broken_timing_tracks_are_refused_with_their_line() {
    let good =
        timing("Beats", &[&[(0, 500, "1"), (500, 1_000, "2"), (1_000, 1_500, "1"), (1_500, 2_000, "2")]]);
    let mut files = cut(good.trim_end().as_bytes(), 60);
    files.retain(|bytes| bytes.len() > "<timing".len());
    files.extend(hostile_xml("timing"));
    for time in ["-5", "NaN", "1e9", "", "x"] {
        files.push(good.replacen("\"1000\"", &format!("\"{time}\""), 1).into_bytes());
    }
    refused(&files, |place| matches!(place, FilePlace::Line(_)));
    flipped(good.as_bytes()).iter().for_each(|bytes| drop(read(bytes)));
}

#[test]
fn broken_sequences_are_refused_with_their_line() {
    let effects =
        "<Effect label=\"1\" startTime=\"0\" endTime=\"500\"/><Effect startTime=\"500\" endTime=\"900\"/>";
    let good = xsq("song.mp3", "30.0", effects);
    let mut files = cut(good.trim_end().as_bytes(), 64);
    files.retain(|bytes| bytes.len() > 60);
    files.extend(hostile_xml("xsequence"));
    for length in ["-5", "NaN", "1e9", "99999999", "x"] {
        files.push(xsq("song.mp3", length, effects).into_bytes());
    }
    refused(&files, |place| matches!(place, FilePlace::Line(_) | FilePlace::Words(_)));
    flipped(good.as_bytes()).iter().for_each(|bytes| drop(read(bytes)));
}

#[test]
fn broken_midi_files_are_refused_with_their_byte() {
    let good = drums(&[(0, 36, 480), (200, 38, 480), (0, 36, 10_000), (480, 40, 1)]);
    let mut files: Vec<Vec<u8>> = (0..good.len()).map(|length| good[..length].to_vec()).collect();
    // Counts that no file can keep.
    for at in [10, 18, 19] {
        let mut bytes = good.clone();
        bytes[at] = 0xff;
        files.push(bytes);
    }
    refused(&files, |place| matches!(place, FilePlace::Byte(_)));
    flipped(&good).iter().for_each(|bytes| drop(read(bytes)));
}
