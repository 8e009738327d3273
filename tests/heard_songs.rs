//! What is heard in whole songs that are made from a seed, and in sound that is no music.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

mod songs;

use songs::{Piece, RATE, Song, Sound, applause, chance, random, speech};
use starcourt::analysis::{HeardSong, SongAnalyser};

fn hear(sound: &Sound) -> Option<HeardSong> {
    let mut analyser = SongAnalyser::new(RATE);
    analyser.push(&sound.0);
    analyser.finish()
}

#[test]
fn no_beat_is_heard_in_speech_applause_and_noise() {
    let mut random = random(99, 0);
    let mut noise = Sound::silence(20.0);
    noise.0.iter_mut().for_each(|sample| *sample = 0.4 * chance(&mut random) as f32 - 0.2);
    assert_eq!(hear(&noise), None, "noise");
    assert_eq!(hear(&applause(20.0, 0.3, &mut random)), None, "applause");
    assert_eq!(hear(&speech(20.0, 0.3, &mut random)), None, "speech");
}

#[test]
fn a_voice_before_a_song_and_applause_after_it_are_left_out() {
    let mut random = random(98, 0);
    let song = Song::new(Piece::Waltz, 500);
    let (before, after) = (8.0, 8.0);
    let mut sound = Sound::silence(before + song.sound.seconds() + after);
    sound.add_sound(before, &song.sound);
    sound.add_sound(0.0, &speech(before - 0.3, 0.25, &mut random));
    sound.add_sound(before + song.end + 1.0, &applause(after, 0.3, &mut random));
    let heard = hear(&sound).unwrap();
    let seconds = |at: starcourt::time::ShowTime| at.as_duration().as_secs_f64();
    let beat = song.beats[1] - song.beats[0];
    let (first, last) = (song.beats[0] + before, song.beats[song.beats.len() - 1] + before);
    let (from, to) = (seconds(heard.beats[0].at), seconds(heard.beats[heard.beats.len() - 1].at));
    assert!((from - first).abs() < 2.0 * beat, "begins at {from}, not at {first}");
    assert!((to - last).abs() < 4.0 * beat, "ends at {to}, not at {last}");
    assert!((seconds(heard.first_sound) - first).abs() < 2.0 * beat, "{:?}", heard.first_sound);
    assert!((seconds(heard.last_sound) - last).abs() < 5.0 * beat, "{:?}", heard.last_sound);
}

#[test]
fn parts_begin_within_a_bar_of_where_they_do_and_few_others_are_heard() {
    let (mut known, mut found, mut heard, mut right) = (0, 0, 0, 0);
    for piece in [Piece::Pop, Piece::Waltz, Piece::TempoChange] {
        let song = Song::new(piece, 501);
        let borders: Vec<f64> = song.sections[1..].iter().map(|(_, from)| *from).collect();
        let parts = hear(&song.sound).unwrap().parts;
        let begins: Vec<f64> = parts[1..].iter().map(|part| part.from.as_duration().as_secs_f64()).collect();
        let bar = song.bars[1] - song.bars[0];
        let with_one_near = |of: &[f64], others: &[f64]| {
            of.iter().filter(|at| others.iter().any(|other| (*at - other).abs() <= bar)).count()
        };
        known += borders.len();
        found += with_one_near(&borders, &begins);
        heard += begins.len();
        right += with_one_near(&begins, &borders);
    }
    assert!(found * 10 >= known * 8, "{found} of {known} are found");
    assert!(right * 10 >= heard * 8, "{right} of {heard} are right");
}
