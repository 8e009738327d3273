//! Files that are wrong, too large, no files at all, or change under a show.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output};

use rustix::process::Signal;

use crate::common::setup::{LIT, Setup};

/// A show of `sheet` is refused with 65 and these words, and no line is touched.
#[track_caller]
fn check_refused(sheet: &str, words: &str) {
    let setup = Setup::lit();
    setup.write_show("porch", sheet);
    assert_refused(&setup, words);
}

#[track_caller]
pub(crate) fn assert_refused(setup: &Setup, words: &str) {
    let mut launch = setup.launch(setup.command_with_sound(&[], "porch"));
    let code = launch.code();
    let said = launch.said();
    assert!(code == 65 && said.contains(words), "{code}: {said}");
    assert_eq!(setup.pins(), "", "a line was touched");
    plays_next(setup);
}

#[track_caller]
pub(crate) fn plays_next(setup: &Setup) {
    let next = setup.command_with_sound(&[], "encore").status().unwrap();
    assert!(next.success() && setup.is_safe(), "{next}: {}", setup.pins());
}

#[test]
fn a_cue_sheet_of_a_gigabyte_is_not_read() {
    let setup = Setup::lit();
    File::create(setup.path("porch.show")).unwrap().set_len(1 << 30).unwrap();
    assert_refused(&setup, "1024 MiB is too large for a cue sheet");
}

#[test]
fn a_rig_of_a_gigabyte_is_not_read() {
    let setup = Setup::lit();
    let rig = fs::read_to_string(setup.path("rig.toml")).unwrap();
    File::create(setup.path("rig.toml")).unwrap().set_len(1 << 30).unwrap();
    let mut launch = setup.launch(setup.command());
    assert_eq!(launch.code(), 65, "{}", launch.said());
    assert_eq!(setup.pins(), "");
    fs::write(setup.path("rig.toml"), rig).unwrap();
    plays_next(&setup);
}

#[test]
fn sections_that_nest_too_deep_are_refused() {
    let sections = |at| format!("section a{at}\n  0:00  play  a{}\n", at + 1);
    let sections: String = (1..20_000).map(sections).collect();
    let words = "sections play one another 64 deep";
    check_refused(&format!("length 1:00\n0:00  play  a1\n{sections}section a20000\n  0:00 neon on\n"), words);
}

#[test]
fn a_show_that_is_too_large_is_refused() {
    let words = "this show is too large for a small Pi's memory";
    check_refused("length 24:00:00\n0:00 to 23:00:00 every 10 ms  garland  on for 1 ms\n", words);
}

#[test]
fn a_show_that_is_nearly_too_large_plays() {
    let setup = Setup::lit();
    setup.write_show(
        "porch",
        &format!("length 24:00:00\n{LIT}1:00 to 23:00:00 every 500 ms  moon  on for 1 ms\n"),
    );
    let mut launch = setup.play();
    launch.goes_safe_on_signal(Signal::TERM);
    launch.ends_with(0);
}

#[test]
fn a_rig_and_a_show_that_are_edited_while_they_play_play_on_as_they_were() {
    let setup = Setup::lit();
    let mut launch = setup.play();
    fs::write(setup.path("rig.toml"), "[channels\n").unwrap();
    setup.write_show("porch", "nonsense\n");
    launch.stays(std::time::Duration::from_millis(500), "lit", |launch| launch.setup.is_lit());
    launch.goes_safe_on_signal(Signal::TERM);
    assert_eq!(launch.code(), 0);
    setup.write_rig("");
    plays_next(&setup);
}

#[test]
fn a_rig_and_a_show_that_are_gone_are_told() {
    for (gone, code) in [("rig.toml", 65), ("porch.show", 65)] {
        let setup = Setup::lit();
        fs::remove_file(setup.path(gone)).unwrap();
        let mut launch = setup.launch(setup.command());
        assert_eq!(launch.code(), code, "{}", launch.said());
        assert_eq!(setup.pins(), "");
    }
}

/// Whatever is not a file, by the words that tell of it.
const NO_FILES: [(&str, &str); 3] =
    [("pipe", "not a file but a named pipe"), ("zero", "a device"), ("folder", "a directory")];

/// Puts it at `path`, whatever was there.
fn put(kind: &str, path: &Path) {
    let _none = fs::remove_file(path).or_else(|_| fs::remove_dir(path));
    match kind {
        "pipe" => rustix::fs::mkfifoat(rustix::fs::CWD, path, 0o600.into()).unwrap(),
        "zero" => symlink("/dev/zero", path).unwrap(),
        _ => fs::create_dir(path).unwrap(),
    }
}

/// Ends by itself, with little memory, or has hung (124).
fn run(setup: &Setup, words: &[&str]) -> (Output, String) {
    let mut command = Command::new("timeout");
    command.args(["10", "sh", "-c", "ulimit -v 2000000; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_starcourt")]);
    command.args(words).env("STARCOURT_STATE", setup.path("state")).env("HOME", setup.path(""));
    let output = command.current_dir(setup.path("")).output().unwrap();
    let said = [&*output.stdout, b"\n", &*output.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    assert!(output.status.code().is_some_and(|code| code < 100), "{words:?}: {}: {said}", output.status);
    (output, said)
}

#[test]
fn a_rig_a_sheet_or_a_beat_map_that_is_no_file_is_told_and_never_waited_for() {
    for (kind, told) in NO_FILES {
        for file in ["rig.toml", "porch.show", "beats.txt"] {
            let setup = Setup::lit();
            if file == "beats.txt" {
                setup.write_show("porch", "tempo  map beats.txt\nlength 0:01\n1.1 neon on\n");
            }
            put(kind, &setup.path(file));
            for command in ["list", "check", "play"] {
                let mut words = vec![command, "--output", "sim", "--rig", "rig.toml", "--shows", "."];
                words.extend(["porch"].iter().filter(|_| command != "list"));
                words.extend(["--silent", "--lock-dir", "lock"].iter().filter(|_| command == "play"));
                let (_, said) = run(&setup, &words);
                let is_told = said.contains(told) || command == "list" && said.contains("cannot be played");
                assert!(is_told, "{file} as {kind}: {said}");
            }
        }
    }
}

/// The folder of the state is the group's: a member may lay anything there.
#[test]
fn switchings_that_are_no_file_are_told_and_never_waited_for() {
    for (kind, told) in
        NO_FILES.into_iter().chain([("zero", "a link")]).filter(|(_, told)| *told != "a device")
    {
        let setup = Setup::lit();
        fs::create_dir(setup.path("state")).unwrap();
        put(kind, &setup.path("state/switchings"));
        let (output, said) = run(&setup, &["status", "--lock-dir", "lock"]);
        assert_eq!(output.status.code(), Some(3), "{said}");
        assert!(said.contains("nothing is playing") && said.contains(told), "{kind}: {said}");
        let (_, said) = run(&setup, &["list", "--output", "sim", "--rig", "rig.toml", "--shows", "."]);
        assert!(said.contains("porch") && said.contains(told), "{kind}: {said}");
    }
}

#[test]
fn a_trace_or_a_pins_file_that_is_no_file_is_told_and_never_waited_for() {
    for (kind, told) in NO_FILES {
        for (option, name) in [("--trace", "trace.csv"), ("--pins", "pins")] {
            let setup = Setup::lit();
            put(kind, &setup.path(name));
            let words =
                ["play", "encore", "--silent", "--output", "sim", "--rig", "rig.toml", "--shows", "."];
            let (output, said) = run(&setup, &[&words[..], &["--lock-dir", "lock", option, name]].concat());
            assert!(output.status.code() == Some(1) && said.contains(told), "{option} {kind}: {said}");
        }
    }
}
