//! What cues do over frames, how long the show lasts, and what the rig's rules make of it.

use starcourt::diagnosis::Source;
use starcourt::rig;
use starcourt::show::load;
use starcourt::time::ShowTime;
use starcourt::timeline::{compile, strain};

use super::Folder;
use super::writer::Written;

/// One channel with a value for each frame of 100 ms.
fn values(values: &[u8]) -> Vec<u8> {
    Written { step: 100, ..Written::of(values.iter().map(|value| vec![*value]).collect()) }.bytes()
}

/// Over frames of 100 ms with `values`, `cues` make these levels of `a`, in per cent, at these milliseconds.
#[track_caller]
fn check(frames: &[u8], cues: &str, levels: &[(u64, u16)]) {
    let folder = Folder::with(&values(frames));
    let show = folder.show(&format!("length 0:10\nmap 1 a\n{cues}"));
    let timeline = compile(&show, &folder.rig).timeline;
    for (millis, percent) in levels {
        let level = timeline.tracks()[0].level_at(ShowTime::from_micros(millis * 1_000));
        assert_eq!(level.hundredths(), percent * 100, "at {millis} ms with {cues}");
    }
}

/// 20, 20, 40, 40, 40, 100 per cent.
const FRAMES: &[u8] = &[51, 51, 102, 102, 102, 255];

#[test]
fn a_cue_sets_the_base_until_the_frames_change_it_again() {
    check(FRAMES, "0:00.250 a on", &[(0, 20), (249, 40), (250, 100), (499, 100), (500, 100), (600, 0)]);
    check(FRAMES, "0:00.050 a off", &[(49, 20), (50, 0), (199, 0), (200, 40)]);
}

#[test]
fn a_cue_wins_over_a_frame_at_the_same_time() {
    check(FRAMES, "0:00.200 a off", &[(199, 20), (200, 0), (499, 0), (500, 100)]);
    check(FRAMES, "0:00 a 70 %", &[(0, 70), (199, 70), (200, 40)]);
}

#[test]
fn effects_lie_over_the_frames_and_let_them_show_again() {
    check(FRAMES, "0:00.150 to 0:00.450 a off", &[(149, 20), (150, 0), (449, 0), (450, 40), (500, 100)]);
}

#[test]
fn a_fade_starts_at_the_level_of_the_frames_and_ends_at_their_next_change() {
    check(FRAMES, "0:00.300 a fade to off over 400 ms", &[(300, 40), (400, 30), (450, 25), (500, 100)]);
    check(FRAMES, "0:00.600 a fade from on to off over 1 s", &[(600, 100), (1_100, 50), (1_600, 0)]);
}

#[test]
fn a_channel_is_dark_when_the_frames_are_over() {
    check(FRAMES, "", &[(500, 100), (599, 100), (600, 0), (9_999, 0)]);
}

#[test]
fn a_show_lasts_as_long_as_its_line_says_or_else_its_frames() {
    let folder = Folder::with(&values(FRAMES));
    assert_eq!(folder.show("map 1 a").length, Some(ShowTime::from_micros(600_000)));
    assert_eq!(folder.show("map 1 a\nlength 0:07").length, Some(ShowTime::from_micros(7_000_000)));
    let music = include_bytes!("../../shows/demo.ogg");
    std::fs::write(folder.path("song.ogg"), music).unwrap();
    assert_eq!(folder.show("map 1 a\naudio song.ogg").length, None, "the music says it");
}

/// When the channels of `rig` come on or go off under frames of 100 ms that light them or not, in milliseconds.
fn switched(rig: &str, lit: &[u8]) -> Vec<Vec<u64>> {
    let rig = rig::read(&Source::new("rig.toml", rig)).0.unwrap();
    let folder = Folder::with(&values(lit));
    std::fs::write(folder.path("a.show"), "frames a.fseq\nmap 1 all\n").unwrap();
    let (show, told) = load(&folder.path("a.show"), &rig).unwrap();
    assert!(told.is_empty(), "{told}");
    let timeline = compile(&show, &rig).timeline;
    let edges = timeline.tracks().iter().map(|track| track.edges());
    edges.map(|edges| edges.map(|(time, _)| time.micros() / 1_000).collect()).collect()
}

#[test]
fn the_rules_of_the_rig_hold_for_frames() {
    let relay = "channels.a = { pin = 4, kind = \"relay\", active = \"low\", min_on = \"150 ms\", min_off = \"150 ms\" }";
    let lit = [255, 0, 255, 255, 255, 0, 0, 255, 255];
    assert_eq!(switched(relay, &lit), [[0, 150, 300, 500, 700, 900]]);
    let two = "channels.a = { pin = 4, kind = \"ssr\" }\nchannels.b = { pin = 5, kind = \"ssr\" }\nlimits.on_at_once = 1";
    assert_eq!(switched(two, &[0, 255, 0]), [vec![100, 200], vec![]], "only one may be lit");
}

#[test]
fn flashes_and_worn_relays_are_warned_of_at_the_line_that_maps_them() {
    let flicker: Vec<u8> = (0..200).map(|frame| if frame % 2 == 0 { 255 } else { 0 }).collect();
    let folder = Folder::with(&values(&flicker));
    let show = folder.show("map 1 a, e");
    let timeline = compile(&show, &folder.rig).timeline;
    let length = show.length.unwrap();
    assert_eq!(strain(&timeline, &folder.rig, length).len(), 3, "two flash, and one is worn");
    let told = starcourt::review::strains(&show, &folder.rig, length, &timeline).to_string();
    assert!(told.contains("a.show:2:1"), "{told}");
    assert!(told.contains("the relay `e` switches 200 times"), "{told}");
}

#[test]
fn a_fade_that_the_frames_end_is_warned_of() {
    let folder = Folder::with(&values(FRAMES));
    let told = |cue: &str| {
        let show = folder.show(&format!("map 1 a\n{cue}"));
        starcourt::review::without_effect(&show, &folder.rig).to_string()
    };
    let cut = told("0:00.300 a fade to off over 2 s");
    assert!(cut.contains("the frames end this fade at 0:00.500") && cut.contains("a.show:3:1"), "{cut}");
    for whole in [
        "0:00.300 a fade to off over 100 ms",
        "0:00.300 b fade to off over 2 s",
        "0:00.600 a fade to off over 2 s",
    ] {
        assert_eq!(told(whole), "", "{whole}");
    }
    assert_eq!(
        told("0:00.300 a fade to off over 2 s\n0:00.400 a on"),
        "",
        "a cue ends it, as its writer knows"
    );
}
