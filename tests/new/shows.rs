//! `starcourt new SONG`, as a person types it.

use std::fs;
use std::path::PathBuf;

use crate::common::folder::Folder;
use crate::common::launch::{Ended, Launch};

const RIG: &str = "[channels]\nporch = { pin = 4, kind = \"relay\", active = \"low\" }\n\
                   star = { pin = 17, kind = \"pwm\" }\n[groups]\nboth = [\"porch\", \"star\"]\n";

fn sound(suffix: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/sounds/chirp.{suffix}"))
}

/// With these files of three seconds of sound.
fn folder(songs: &[&str]) -> Folder {
    let folder = Folder::new(RIG);
    for song in songs {
        fs::create_dir_all(folder.path(song).parent().unwrap()).unwrap();
        fs::copy(sound(song.rsplit_once('.').unwrap().1), folder.path(song)).unwrap();
    }
    folder
}

fn run(folder: &Folder, words: &[&str]) -> Ended {
    let mut command = folder.command("");
    command.args(words).env("STARCOURT_RIG", folder.path("rig.toml"));
    Launch::of(command).end()
}

/// `check` says only that the show is fine.
#[track_caller]
fn assert_fine(folder: &Folder, show: &str) {
    let said = run(folder, &["check", show, "--output", "sim"]).with(0, &["5 cues, fine"]).said;
    assert_eq!(said.lines().count(), 2, "{said}");
}

/// The names of the files in the folder.
fn names(folder: &Folder, within: &str) -> Vec<String> {
    let entries = folder.path(within).read_dir().unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_song_gets_a_show_beside_it_that_check_finds_fine() {
    let folder = folder(&["shows/song.ogg", "elsewhere/Jingle Bells #2 Ä.mp3", "a,b%c 'd'.flac"]);
    for (song, show, words) in [
        ("song.ogg", "shows/song.show", "starcourt play song\n"),
        (
            "elsewhere/Jingle Bells #2 Ä.mp3",
            "elsewhere/jingle_bells_2_a.show",
            "starcourt play elsewhere/jingle_bells_2_a.show\n",
        ),
        ("a,b%c 'd'.flac", "a_b_c_d.show", "starcourt check a_b_c_d.show\n"),
    ] {
        run(&folder, &["new", song]).with(0, &[words, "0:03", "5 cues for 2 channels", "starcourt tap "]);
        assert!(folder.text(show).contains(" --write` finds it, and writes it into this file."), "{song}");
        assert_fine(&folder, show);
        let text = folder.text(show);
        assert!(
            text.contains("#   relays: porch\n") && text.contains("#   group both: porch, star\n"),
            "{text}"
        );
    }
    run(&folder, &["list", "--output", "sim"]).with(0, &["song    0:03"]);
}

#[test]
fn the_title_comes_from_the_tags() {
    let folder = Folder::new(RIG);
    let mut tag = b"TAG".to_vec();
    tag.extend(b"\x1b[2JSilent \"Night\" #1\n");
    tag.resize(128, 0);
    let song = [fs::read(sound("mp3")).unwrap(), tag].concat();
    fs::write(folder.path("shows/night.mp3"), song).unwrap();
    run(&folder, &["new", "night.mp3"]).with(0, &[]);
    assert!(folder.text("shows/night.show").contains("title   \"[2JSilent 'Night' #1\"\n"));
    assert_fine(&folder, "night");
}

#[test]
fn a_show_that_is_there_stays_as_it_is() {
    let folder = folder(&["shows/song.ogg", "shows/song.mp3"]);
    run(&folder, &["new", "song.ogg"]).with(0, &[]);
    let text = folder.text("shows/song.show");
    for song in ["song.ogg", "song.mp3"] {
        let hint = format!("starcourt new {song} --name song-2\n");
        run(&folder, &["new", song]).with(1, &["there is a show shows/song.show already", &hint]);
    }
    assert_eq!(folder.text("shows/song.show"), text);
    run(&folder, &["new", "song.mp3", "--name", "song-2"]).with(0, &["shows/song-2.show is written"]);
    assert_fine(&folder, "song-2");
    run(&folder, &["new", "song.mp3"]).with(1, &["--name song-3"]);
    // A link that leads to a file is a file that is there.
    fs::write(folder.path("precious"), "precious").unwrap();
    std::os::unix::fs::symlink(folder.path("precious"), folder.path("shows/link.show")).unwrap();
    run(&folder, &["new", "link", "--length", "0:10"]).with(1, &["already"]);
    assert_eq!(folder.text("precious"), "precious");
    assert_eq!(names(&folder, "shows").len(), 5, "{:?}", names(&folder, "shows"));
}

#[test]
fn a_show_without_music_has_a_name_and_a_length() {
    let folder = folder(&[]);
    run(&folder, &["new", "porch", "--length", "0:30"]).with(0, &["shows/porch.show is written: 5 cues"]);
    assert_fine(&folder, "porch");
    run(&folder, &["new", "Grüße an Öl", "--length", "90"]).with(0, &["shows/grusse_an_ol.show"]);
    assert_fine(&folder, "grusse_an_ol");
    assert!(folder.text("shows/grusse_an_ol.show").contains("title   Grüße an Öl\n"));
    run(&folder, &["new", "three.show", "--length", "3 s"]).with(0, &["shows/three.show"]);
    assert_fine(&folder, "three");
    run(&folder, &["new", "porch"]).with(2, &["`starcourt new porch --length 0:30`"]);
    run(&folder, &["new", "porch", "--length", "soon"]).with(2, &["--length"]);
    run(&folder, &["new", "porch", "--length", "0:00.500"]).with(2, &["expected 0:01 to 24 hours"]);
}

#[test]
fn a_length_is_for_a_show_without_music() {
    let folder = folder(&["song.ogg"]);
    for length in ["0:02", "0:03", "0:30"] {
        run(&folder, &["new", "song.ogg", "--length", length])
            .with(2, &["without music", "song.ogg is 0:03 long", "`starcourt new song.ogg`"]);
    }
    assert!(!folder.path("song.show").exists());
    run(&folder, &["new", "song.ogg"]).with(0, &["starcourt play song --shows .\n"]);
    run(&folder, &["check", "song", "--shows", ".", "--output", "sim"]).with(0, &["5 cues, fine"]);
}

#[test]
fn a_folder_of_shows_is_made_where_there_is_none() {
    let folder = folder(&[]);
    fs::remove_dir(folder.path("shows")).unwrap();
    run(&folder, &["new", "porch", "--length", "0:30", "--shows", "new folder"])
        .with(0, &["new folder/porch.show is written", "starcourt play porch --shows 'new folder'\n"]);
    run(&folder, &["check", "porch", "--shows", "new folder", "--output", "sim"]).with(0, &["5 cues, fine"]);
}

#[test]
fn what_cannot_be_is_refused_and_leaves_nothing() {
    let folder = folder(&["a\"b #1.ogg"]);
    fs::write(folder.path("text.ogg"), "no sound").unwrap();
    fs::write(folder.path("none.ogg"), "").unwrap();
    fs::create_dir(folder.path("folder.ogg")).unwrap();
    let before = names(&folder, "");
    for (words, code, told) in [
        (&["new"][..], 2, "starcourt new song.ogg"),
        (&["new", "nowhere.ogg"], 65, "there is no file nowhere.ogg"),
        (&["new", "text.ogg"], 65, "no sound that is known here"),
        (&["new", "none.ogg"], 65, "is empty"),
        (&["new", "folder.ogg"], 65, "there is no file"),
        (&["new", "a\"b #1.ogg"], 65, "mv -n 'a\"b #1.ogg' a_b_1.ogg"),
        (&["new", "a/b", "--length", "0:30"], 2, "--shows DIR"),
        (&["new", "porch", "--length", "0:30", "--name", "A b"], 2, "--name a_b"),
        (&["new", "porch", "--length", "0:30", "--board", "relay"], 2, "--board is for a rig"),
        (&["new", "porch", "--length", "0:30", "--rig"], 2, "--rig needs a file here"),
        (&["new", "porch", "--length", "0:30", "--rig", "nowhere.toml"], 65, "nowhere.toml"),
    ] {
        run(&folder, words).with(code, &[told]);
    }
    assert_eq!(names(&folder, ""), before);
    assert_eq!(names(&folder, "shows"), [""; 0]);
}

#[test]
fn without_a_rig_the_show_is_for_any() {
    let folder = folder(&["shows/song.ogg"]);
    fs::remove_file(folder.path("rig.toml")).unwrap();
    let mut command = folder.command("new song.ogg --output sim");
    command.env("STARCOURT_SHOWS", "shows");
    if PathBuf::from("/etc/starcourt/rig.toml").exists() {
        return;
    }
    Launch::of(command).end().with(0, &["any rig, because you have none yet", "starcourt new --rig\n"]);
    folder.run("new --rig --board relay --channels 4").with(0, &["shows/rig.toml is written: 4 channels"]);
    folder.run("check --output sim").with(0, &["rig shows/rig.toml: 4 channels, fine", "5 cues, fine"]);
}
