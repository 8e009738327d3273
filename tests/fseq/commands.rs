//! Frames through the whole program: imported, checked, drawn, played, and followed while they play.

use std::fs;

use rustix::process::Signal;

use super::common::folder::Folder;
use super::common::launch::{Launch, until};
use super::writer::{Packing, Written};

const RIG: &str = "\
[channels]
early = { sim = 1, kind = \"pwm\" }
late  = { sim = 2, kind = \"pwm\" }
sign  = { sim = 3, kind = \"ssr\" }
";
const HERE: &str = "--rig rig.toml --shows shows --lock-dir lock --output sim";

fn folder(written: &Written) -> Folder {
    let folder = Folder::new(RIG);
    fs::write(folder.path("shows/song.fseq"), written.bytes()).unwrap();
    folder
}

/// Channel 2 and 4 of 5 do something.
fn written(packing: Packing) -> Written {
    let frame = |frame: u8| vec![0, frame * 6, 0, if (frame / 4).is_multiple_of(2) { 255 } else { 0 }, 0];
    Written { packing, ..Written::of((0..40).map(frame).collect()) }
}

#[test]
fn an_imported_file_is_a_show_that_check_finds_fine() {
    let folder = folder(&written(Packing::Zstd));
    let told =
        ["song.show", "40 frames of 25 ms (0:01), with 5 channels (FSEQ 2, zstd)", "do something: 2, 4"];
    folder.run("import shows/song.fseq --rig rig.toml --shows shows").with(0, &told);
    let sheet = folder.text("shows/song.show");
    assert!(sheet.contains("frames  song.fseq\nmap     2       early\nmap     4       late\n"), "{sheet}");
    assert!(sheet.contains("length  0:01.000\n"), "{sheet}");
    folder.run("check song --rig rig.toml --shows shows").with(0, &["0:01, 0 cues, 2 channels by frames"]);
    folder.run("list --rig rig.toml --shows shows").with(0, &["song"]);
    folder.run("import shows/song.fseq --rig rig.toml --shows shows").with(1, &["song.show"]);
    let mapped = "import shows/song.fseq --rig rig.toml --shows shows --name other --map 4=sign";
    folder.run(mapped).with(0, &["channels that no --map names: 2"]);
    assert!(folder.text("shows/other.show").contains("map     4       sign\n"));
    folder.run("check other --rig rig.toml --shows shows").with(0, &["fine"]);
}

#[test]
fn the_music_that_the_frames_name_is_looked_for_beside_them_only() {
    let mut written = written(Packing::None);
    written.texts = vec![(*b"mf", b"C:\\music\\Far\\demo.ogg\0".to_vec())];
    let folder = folder(&written);
    folder.run("import shows/song.fseq --rig rig.toml --print").with(0, &["length  0:01.000"]);
    fs::write(folder.path("shows/demo.ogg"), include_bytes!("../../shows/demo.ogg")).unwrap();
    folder.run("import shows/song.fseq --rig rig.toml").with(0, &["demo.ogg"]);
    assert!(folder.text("shows/song.show").contains("audio   demo.ogg\n"));
    folder.run("check song --rig rig.toml --shows shows").with(0, &["fine"]);
}

#[test]
fn what_cannot_be_imported_is_told_and_nothing_is_written() {
    let folder = folder(&written(Packing::None));
    folder.run("import shows/song.fseq --rig rig.toml --map 1=early").with(65, &["it has 2, 4"]);
    let dark = Written::of(vec![vec![0; 4]; 4]);
    fs::write(folder.path("shows/song.fseq"), dark.bytes()).unwrap();
    folder.run("import shows/song.fseq --rig rig.toml").with(65, &["every channel is dark in every frame"]);
    fs::write(folder.path("shows/song.fseq"), &dark.bytes()[..40]).unwrap();
    folder.run("import shows/song.fseq --rig rig.toml").with(65, &["cut short", "byte"]);
    assert_eq!(folder.path("shows").read_dir().unwrap().count(), 1);
}

#[test]
fn frames_whose_name_no_sheet_can_say_are_told_and_nothing_is_written() {
    let folder = folder(&written(Packing::None));
    for name in ["a \"b\" #c.fseq", "a\nb.fseq", "a\u{202e}b.fseq"] {
        fs::rename(folder.path("shows/song.fseq"), folder.path("shows/odd.fseq")).unwrap();
        fs::rename(folder.path("shows/odd.fseq"), folder.path(&format!("shows/{name}"))).unwrap();
        let mut command = folder.command("import --rig rig.toml --name new");
        command.arg(folder.path(&format!("shows/{name}")));
        Launch::of(command).end().with(65, &["no cue sheet can name this file", "rename it"]);
        assert_eq!(folder.path("shows").read_dir().unwrap().count(), 1);
        fs::rename(folder.path(&format!("shows/{name}")), folder.path("shows/song.fseq")).unwrap();
    }
    folder
        .run("import shows/song.fseq shows/song.fseq --rig rig.toml")
        .with(65, &["this is an FSEQ file", "import it alone"]);
}

#[test]
fn what_plays_is_what_is_in_each_frame() {
    let written = written(Packing::Zlib);
    let folder = folder(&written);
    folder.write("shows/song.show", "frames song.fseq\nmap 2 early\nmap 4 sign\n");
    folder.run(&format!("play song --silent --trace trace.csv {HERE}")).with(0, &[]);
    let mut expected = Vec::new();
    let mut before = vec![0; 5];
    for (frame, values) in written.frames.iter().enumerate() {
        for (place, name) in [(1, "early"), (3, "sign")] {
            if values[place] != before[place] {
                let hundredths = (f64::from(values[place]) / 0.0255).round();
                let permille = (hundredths / 10.0).round() as u32;
                expected.push((frame as u32 * 25_000, name.to_owned(), permille));
            }
        }
        before.clone_from(values);
    }
    let text = folder.text("trace.csv");
    let mut played: Vec<(u32, String, u32)> = Vec::new();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        played.push((fields[0].parse().unwrap(), fields[3].to_owned(), fields[4].parse().unwrap()));
    }
    played.retain(|(time, _, _)| *time < 1_000_000);
    // Lines are written dark before the show begins.
    let begun = played.iter().position(|(_, _, level)| *level > 0).unwrap();
    assert_eq!(played[begun..], expected, "{text}");
}

#[test]
fn new_frames_are_followed_while_the_show_plays() {
    let level = |value: u8| Written::of(vec![vec![value]; 4_000]);
    let folder = folder(&level(51));
    folder.write("shows/song.show", "frames song.fseq\nmap 1 early\n");
    let shown = || {
        folder
            .text("pins")
            .lines()
            .skip(1)
            .filter_map(|line| line.split_whitespace().nth(1)?.parse().ok())
            .next()
    };
    let launch = folder.launch(&format!("play song --watch --silent --pins pins {HERE}"));
    until("begun", || shown() == Some(200));
    let fresh = folder.path("shows/new.fseq");
    fs::write(&fresh, level(102).bytes()).unwrap();
    fs::rename(&fresh, folder.path("shows/song.fseq")).unwrap();
    until("followed", || shown() == Some(400));
    fs::write(&fresh, b"PSEQ").unwrap();
    fs::rename(&fresh, folder.path("shows/song.fseq")).unwrap();
    until("told", || format!("{}{}", launch.said(), launch.told()).contains("cut short within its header"));
    assert_eq!(shown(), Some(400), "the last text without mistakes plays on");
    launch.ends_on(Signal::INT).with(0, &["stopped at"]);
}
