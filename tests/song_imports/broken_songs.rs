//! Broken and hostile files of each kind: each has its message with what is wrong and where, at once.

use std::time::{Duration, Instant};

use starcourt::rig::Rig;

use crate::dice::Dice;
use crate::rigs::rig;
use crate::shown::imported;

/// Generous: a debug build on a busy machine.
const SLOWEST: Duration = Duration::from_secs(20);

const SONG: &str = r#"{
  "title": "One", "artist": "Two", "mp3_file": "one.mp3",
  "sections": [
    {"name": "main", "start_time": 1.5, "tempo": 0.5, "total_beats": 8,
     "sequences": [{"all_beats": true, "actions": [{"type": "note", "channel": 2}]},
                   {"beats": [1, 2], "actions": [{"type": "phrase", "id": "a"}]}]}],
  "phrases": {"a": {"notes": [{"channel": 1, "delay_multiplier": 0.5}]}}
}"#;

const SEQUENCE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<sequence musicFilename="one.mp3">
 <channels>
  <channel name="Tree" centiseconds="600" unit="1" circuit="1" savedIndex="0">
   <effect type="intensity" startCentisecond="0" endCentisecond="100" intensity="100"/>
   <effect type="intensity" startCentisecond="100" endCentisecond="200" startIntensity="0" endIntensity="100"/>
  </channel>
 </channels>
 <timingGrids><timingGrid saveID="0" name="g" type="freeform"><timing centisecond="0"/></timingGrid></timingGrids>
</sequence>
"#;

fn two() -> Rig {
    rig(2, "ssr", "")
}

/// Why `bytes` cannot be imported.
#[track_caller]
fn told(bytes: &[u8]) -> String {
    let begun = Instant::now();
    let fault = imported(bytes, &two(), &[])
        .map(|imported| imported.cues)
        .expect_err("this file is broken")
        .to_string();
    assert!(begun.elapsed() < SLOWEST, "{:?}: {fault}", begun.elapsed());
    assert!(fault.chars().all(|letter| letter == '\n' || !letter.is_control()), "{fault:?}");
    fault
}

/// Sixty files that end too early, and sixty with damaged bytes: the first have a message, the others come to an end.
fn cut_and_damaged(whole: &str) {
    // What is behind the last bracket says nothing.
    let whole = whole.trim_end();
    for part in 0..60 {
        told(&whole.as_bytes()[..whole.len() * part / 60]);
    }
    let dice = &mut Dice::new(7);
    for _ in 0..60 {
        let mut bytes = whole.as_bytes().to_vec();
        for _ in 0..1 + dice.below(4) {
            let at = dice.below(bytes.len());
            match dice.below(3) {
                0 => bytes[at] = dice.below(256) as u8,
                1 => drop(bytes.remove(at)),
                _ => bytes.insert(at, b"0123456789\"<>{}[]&-.e"[dice.below(21)]),
            }
        }
        if let Err(fault) = imported(&bytes, &two(), &[]) {
            assert!(!fault.what.is_empty());
        }
    }
}

#[test]
fn files_that_were_cut_or_damaged_come_to_an_end_with_a_message() {
    assert!(
        imported(SONG.as_bytes(), &two(), &[]).is_ok() && imported(SEQUENCE.as_bytes(), &two(), &[]).is_ok()
    );
    cut_and_damaged(SONG);
    cut_and_damaged(SEQUENCE);
}

#[test]
fn a_broken_song_says_what_is_wrong_and_where() {
    let with = |old: &str, new: &str| SONG.replacen(old, new, 1);
    for (song, told_of) in [
        (with("0.5,", "0,"), "section `main`, which starts at 1.5 s: the tempo 0 is none"),
        (with("0.5,", "-1,"), "the tempo -1 is none"),
        (with("0.5,", "1e300,"), "the tempo"),
        (with("0.5,", "1e999,"), "line 4, column"),
        (with("0.5,", "NaN,"), "line 4, column"),
        (with("0.5,", "\"fast\","), "line 4, column"),
        (with("\"total_beats\": 8", "\"total_beats\": -8"), "line 4, column"),
        (with("\"total_beats\": 8", "\"total_beats\": 18446744073709551615"), "`total_beats` is too large"),
        (with("\"total_beats\": 8", "\"total_beats\": 20001"), "more than 20000 beats"),
        (with("\"total_beats\": 8", "\"total_beats\": 0"), "no section with beats"),
        (with("1.5,", "1e9,"), "nothing in a show is later than 24 hours"),
        (
            with("\"channel\": 2", "\"channel\": 2, \"delay\": 1e9"),
            "nothing in a show is later than 24 hours",
        ),
        (with("\"channel\": 2", "\"channel\": \"two\""), "line 5, column"),
        (with("\"channel\": 2", "\"channel\": 99999999999"), "line 5, column"),
        (with("[1, 2]", "[1, [2]]"), "line 6, column"),
        (with("[1, 2]", "{}"), "line 6, column"),
        (with("\"title\": \"One\"", "\"title\": \"a\u{1b}[2J\""), "line 2, column"),
        (with("\"title\": \"One\"", "\"title\": 7"), "line 2, column"),
        (format!("{}{}", "{\"sections\":", "[".repeat(100_000)), "line 1, column"),
        (
            format!("{{\"sections\":[],\"x\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000)),
            "no section with beats",
        ),
        (format!("{{\"sections\":[{}]}}", "{},".repeat(400_000)), "at most 512 KiB"),
        (
            with("\"type\": \"note\", \"channel\": 2", "\"type\": \"flash_mode\"").replacen(
                "\"id\": \"a\"",
                "\"id\": 9",
                1,
            ),
            "switches no channel",
        ),
    ] {
        let fault = told(song.as_bytes());
        assert!(fault.contains(told_of), "{told_of}: {fault}");
    }
}

#[test]
fn a_song_of_too_many_notes_is_refused_before_they_are_made() {
    let sequences = vec![r#"{"all_beats": true, "actions": [{"type": "all_channels"}]}"#; 5_000].join(",");
    let song = SONG.replacen("\"total_beats\": 8", "\"total_beats\": 20000", 1);
    let song = song.replacen("\"sequences\": [", &format!("\"sequences\": [{sequences},"), 1);
    assert!(told(song.as_bytes()).contains("more than 200000 notes"));
}

#[test]
fn a_broken_sequence_says_what_is_wrong_and_where() {
    let with = |old: &str, new: &str| SEQUENCE.replacen(old, new, 1);
    let bomb = "<!DOCTYPE sequence [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>\n<sequence>&b;</sequence>";
    let file = "<!DOCTYPE sequence SYSTEM \"file:///etc/passwd\"><sequence/>";
    for (sequence, told_of) in [
        (with("endCentisecond=\"100\"", "endCentisecond=\"-100\""), "line 5: `endCentisecond` is `-100`"),
        (with("endCentisecond=\"100\"", "endCentisecond=\"1e3\""), "line 5: `endCentisecond` is `1e3`"),
        (
            with("endCentisecond=\"100\"", ""),
            "line 5: an effect needs `startCentisecond` and `endCentisecond`",
        ),
        (
            with("endCentisecond=\"100\"", "endCentisecond=\"99999999999999999999\""),
            "line 5: `endCentisecond`",
        ),
        (with("endCentisecond=\"100\"", "endCentisecond=\"8640001\""), "later than 24 hours"),
        (
            with("intensity=\"100\"", "intensity=\"101\""),
            "line 5: `intensity` is 101; `intensity` goes from 0 to 100",
        ),
        (with("intensity=\"100\"", "intensity=100"), "line 5: the attributes of `effect` are broken"),
        (with("name=\"Tree\"", "name=\"&lol;\""), "line 4: the attribute `name` has an entity"),
        (with("</channel>", "</channels>"), "this is no XML"),
        (with("</sequence>", ""), "the file ends before its elements do"),
        (with("unit=\"1\"", "unit=\"one\""), "line 4: `unit` is `one`"),
        (with("centisecond=\"0\"", "centisecond=\"x\""), "line 9: `centisecond` is `x`"),
        (bomb.to_owned(), "line 1: the file has a DTD"),
        (file.to_owned(), "line 1: the file has a DTD"),
        (format!("<sequence>{}", "<a>".repeat(1_000_000)), "more than 64 elements lie in one another"),
        (
            "<sequence><SequenceProps><SeqProp name='a'/></SequenceProps></sequence>".to_owned(),
            "export it as .lms",
        ),
        ("<sequence></sequence>".to_owned(), "no channel of this sequence has an effect"),
        ("<other><sequence/></other>".to_owned(), "this is XML with the root `other`"),
    ] {
        let fault = told(sequence.as_bytes());
        assert!(fault.contains(told_of), "{told_of}: {fault}");
    }
}

#[test]
fn a_name_in_a_file_cannot_write_a_line_of_the_sheet() {
    let harm = "x\\n0:00.000  all  on\\u001b[2J";
    let song =
        SONG.replacen("\"Two\"", &format!("\"{harm}\""), 1).replacen("\"main\"", &format!("\"{harm}\""), 1);
    let cues = imported(song.as_bytes(), &two(), &[]).unwrap().cues;
    let xml = SEQUENCE.replacen("\"Tree\"", "\"x&#10;0:00.000  all  on&#27;[2J\"", 1);
    let sequence = imported(xml.as_bytes(), &two(), &[]).unwrap().cues;
    for text in [cues, sequence] {
        assert!(!text.lines().any(|line| line.trim_start().starts_with("0:00.000  all")), "{text}");
        assert!(text.chars().all(|letter| letter == '\n' || !letter.is_control()), "{text:?}");
    }
}

#[test]
fn a_sequence_of_too_many_effects_is_refused_with_its_line() {
    let effect =
        "<effect type='intensity' startCentisecond='0' endCentisecond='9' intensity='9'/>\n".repeat(50_001);
    let file = format!("<sequence><channels><channel name='a'>\n{effect}</channel></channels></sequence>");
    assert!(told(file.as_bytes()).contains("line 50002: the sequence has more than 50000 effects"));
}
