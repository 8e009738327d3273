//! Files that cannot be played: each is told by its name, with what mends it.

use std::fs;
use std::path::Path;
use std::process::Command;

use starcourt::audio::{SoundError, inspect, measure};

use crate::tools::Bench;

#[track_caller]
fn told(file: &Path) -> String {
    let error: SoundError = measure(file).map(|_| ()).unwrap_err();
    assert!(inspect(file).is_err());
    error.to_string()
}

/// `make` makes `name`, which is told as `format` with the command that converts it; and the command does.
#[track_caller]
fn check(make: &str, name: &str, format: &str) {
    let bench = Bench::new(48_000, 2, 48_000);
    bench.run(make);
    check_file(&bench, name, format);
}

#[track_caller]
fn check_file(bench: &Bench, name: &str, format: &str) {
    let file = bench.path(name);
    let told = told(&file);
    assert!(told.contains(&format!(" is {format}, which cannot be played here; convert it: ")), "{told}");
    let (_, command) = told.split_once("convert it: ").unwrap();
    let done = Command::new("sh").args(["-c", command]).output().unwrap();
    assert!(done.status.success(), "{command}: {}", String::from_utf8_lossy(&done.stderr));
    let made = ["flac", "wav", "converted.flac"].map(|ending| file.with_extension(ending));
    let made = made.iter().find(|made| **made != file && made.exists()).unwrap();
    let made = measure(made);
    assert!(made.unwrap().length.micros() > 900_000, "{command}");
}

#[test]
fn a_format_that_is_not_played_is_named_with_the_command_that_converts_it() {
    check("opusenc --quiet source.wav song.opus", "song.opus", "Opus");
    check("ffmpeg -v error -i source.wav -c:a wmav2 song.wma", "song.wma", "WMA");
    check("ffmpeg -v error -i source.wav song.caf", "song.caf", "CAF");
    check("ffmpeg -v error -i source.wav -f wav -c:a libmp3lame song.wav", "song.wav", "WAV with MP3 inside");
    check("ffmpeg -v error -i source.wav -c:a libopus song.webm", "song.webm", "WebM or Matroska");
    check("ffmpeg -v error -i source.wav -c:a flac song.ogg", "song.ogg", "FLAC in Ogg");
    check("ffmpeg -v error -i source.wav -c:a libopus -f mp4 song.m4a", "song.m4a", "Opus in MP4");
    check("ffmpeg -v error -i source.wav -c:a mp2 song.mp2", "song.mp2", "MPEG audio of layer I or II (MP2)");
    check("ffmpeg -v error -i source.wav song.w64", "song.w64", "Wave64");
    check("ffmpeg -v error -i source.wav song.wv", "song.wv", "WavPack");
    check("ffmpeg -v error -i source.wav song.au", "song.au", "AU");
    check("ffmpeg -v error -i source.wav -c:a ac3 song.ac3", "song.ac3", "AC-3");
    check(
        "ffmpeg -v error -i source.wav -c:a aac -movflags frag_keyframe+empty_moov song.m4a",
        "song.m4a",
        "MP4 in fragments",
    );
    check("lame --quiet --freeformat -b 200 source.wav song.mp3", "song.mp3", "an MP3 of free format");
}

#[test]
fn the_command_fits_a_name_that_a_shell_would_take_apart() {
    let bench = Bench::new(48_000, 1, 48_000);
    bench.run("opusenc --quiet source.wav song.opus");
    for name in ["Jingle Bells #2.opus", "it's (new).opus", "$HOME.opus", "song.flac"] {
        bench.write(name, &bench.read("song.opus"));
        check_file(&bench, name, "Opus");
    }
}

#[test]
fn aac_of_six_channels_is_named() {
    let bench = Bench::new(48_000, 6, 48_000);
    bench.run("ffmpeg -v error -i source.wav -c:a aac song.m4a");
    check_file(&bench, "song.m4a", "AAC with more than two channels");
}

/// No tool that is free makes it: one byte of a plain file says so.
#[test]
fn he_aac_is_named() {
    let bench = Bench::new(48_000, 2, 48_000);
    bench.run("ffmpeg -v error -i source.wav -c:a aac song.m4a");
    bench.edit("song.m4a", |bytes| {
        // AudioSpecificConfig of AAC-LC, 48 kHz, two channels.
        let place = bytes.windows(2).rposition(|pair| pair == [0x11, 0x90]).unwrap();
        bytes[place] = 5 << 3 | 1;
    });
    let told = told(&bench.path("song.m4a"));
    assert!(told.contains(" is HE-AAC, which cannot be played here"), "{told}");
}

#[test]
fn notes_and_videos_without_sound_are_named() {
    let bench = Bench::new(48_000, 2, 4_800);
    bench.write("song.mid", b"MThd\0\0\0\x06\0\x01\0\x02\0\x60MTrk");
    assert!(told(&bench.path("song.mid")).contains("is MIDI, notes and no sound"));
    bench.run("ffmpeg -v error -f lavfi -i color=c=blue:s=64x64:d=0.2 -an film.mp4");
    assert!(told(&bench.path("film.mp4")).contains("is a video without sound"));
}

#[test]
fn an_mp4_whose_tables_are_missing_is_told_as_not_whole() {
    let bench = Bench::new(48_000, 2, 48_000);
    bench.run("ffmpeg -v error -i source.wav -c:a aac song.m4a");
    bench.edit("song.m4a", |bytes| bytes.truncate(bytes.len() / 2));
    assert!(told(&bench.path("song.m4a")).contains("is not whole"));
}

#[test]
fn what_is_no_music_is_told_as_that() {
    let bench = Bench::new(48_000, 2, 4_800);
    bench.write("song.mp3", b"");
    assert!(told(&bench.path("song.mp3")).contains("is empty"));
    bench.write("letter.mp3", "a letter to grandmother\n".repeat(1_000).as_bytes());
    assert!(told(&bench.path("letter.mp3")).contains("is no sound that is known here"));
    bench.write(
        "noise.mp3",
        &(0..100_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect::<Vec<_>>(),
    );
    assert!(told(&bench.path("noise.mp3")).contains("is no sound that is known here"));
    bench.write("none.wav", &fs::read(bench.path("source.wav")).unwrap()[..44]);
    assert!(told(&bench.path("none.wav")).contains("holds no sound"));
}
