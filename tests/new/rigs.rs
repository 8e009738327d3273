//! `starcourt new --rig`, with options and in a terminal.

use std::fs;
use std::process::Command;

use rustix::process::Signal;

use crate::common::folder::Folder;
use crate::common::launch::{Launch, until};

/// `check` says only that the rig is fine.
#[track_caller]
fn assert_fine(folder: &Folder, rig: &str, channels: &str) {
    let said = folder.run(&format!("check --rig {rig} --output sim")).with(0, &[]).said;
    assert_eq!(said, format!("rig {rig}: {channels}, fine\n"));
}

fn folder() -> Folder {
    let folder = Folder::new("");
    fs::remove_file(folder.path("rig.toml")).unwrap();
    folder
}

#[test]
fn options_say_it_all() {
    let folder = folder();
    for (words, channels) in [
        ("--board relay --channels 7", "7 channels"),
        ("--board relay --pins 2,3,4,5,6,7,8,24r", "8 channels"),
        ("--board relay --active high --channels 19", "19 channels"),
        ("--board mosfet --pins 17,27,22 --names left,middle,right", "3 channels"),
        ("--board ssr --pins 4r --active high", "1 channel"),
    ] {
        folder.run(&format!("new --rig {words}")).with(0, &["shows/rig.toml is written", channels]);
        assert_fine(&folder, "shows/rig.toml", channels);
        fs::remove_file(folder.path("shows/rig.toml")).unwrap();
    }
    folder.run("new --rig a.toml --board ssr --channels 2").with(0, &["a.toml is written"]);
    folder.run("new --rig -o b.toml --board ssr --channels 2").with(0, &["--rig b.toml\n"]);
    assert_eq!(folder.text("a.toml"), folder.text("b.toml"));
}

#[test]
fn what_cannot_be_is_refused_with_what_can() {
    let folder = folder();
    for (words, told) in [
        ("", "--board relay --channels 4"),
        ("--board relay", "this is no terminal"),
        ("--board relay --channels 8", "--pins 2,3,4,5,6,7,8,24r"),
        ("--board relay --pins 17", "write `17r`"),
        ("--board mosfet --pins 2r", "holds it high"),
        ("--board mosfet --channels 26", "only 24 pins"),
        ("--board ssr --channels 2 --pins 17", "--channels says 2, and --pins names 1 pin"),
        ("--board ssr --pins 17,17", "used twice"),
        ("--board ssr --pins 17,x", "`x` is no GPIO number"),
        ("--board ssr --channels 2 --names all,b", "all_light"),
        ("--board ssr --channels 2 --names a", "2 lights and 1 name"),
        ("--board ssr --channels 0", "in digits: 1 to 26"),
        ("--board candles --channels 1", "possible values: relay, ssr, mosfet"),
        ("x.txt --board ssr --channels 1", "ends in .toml"),
        ("x.toml -o y.toml --board ssr --channels 1", "keep one"),
        ("--board ssr --channels 1 --length 0:30", "--length is for a show"),
    ] {
        folder.run(&format!("new --rig {words}")).with(2, &[told]);
    }
    assert_eq!(folder.path("shows").read_dir().unwrap().count(), 0);
    // What is proposed works as it is printed.
    let told = folder.run("new --rig --board relay --channels 8").told;
    let command = told.lines().last().unwrap().trim().strip_prefix("starcourt ").unwrap().to_owned();
    folder.run(&command).with(0, &["8 channels"]);
    assert_fine(&folder, "shows/rig.toml", "8 channels");
}

#[test]
fn a_rig_that_is_there_stays_as_it_is() {
    let folder = folder();
    folder.write("shows/rig.toml", "mine");
    folder.run("new --rig --board ssr --channels 2").with(1, &["shows/rig.toml already", "-o my-rig.toml"]);
    assert_eq!(folder.text("shows/rig.toml"), "mine");
}

/// In a terminal of its own.
fn asked(folder: &Folder, words: &str) -> Launch {
    let mut command = Command::new("setsid");
    command.args(["-c", crate::common::launch::STARCOURT]);
    folder.isolate(&mut command);
    command.args(words.split_whitespace()).current_dir(folder.path(""));
    Launch::in_terminal(command)
}

/// Answers the next question, which begins like this, once it is asked.
#[track_caller]
fn answer(launch: &mut Launch, heard: &mut usize, question: &str, answer: &str) {
    until(question, || {
        let said = launch.terminal().unwrap().said();
        said[*heard..].contains(question) && said.ends_with(": ")
    });
    *heard = launch.terminal().unwrap().said().len();
    launch.terminal().unwrap().types(&format!("{answer}\n"));
}

const BOARD: &str = "What switches the lights?";
const ACTIVE: &str = "Is a light on";
const COUNT: &str = "How many lights";
const PINS: &str = "Which GPIO numbers";
const NAMES: &str = "What are the lights called?";
const ANOTHER: &str = "Is there another board?";

#[test]
fn a_terminal_asks_again_until_an_answer_can_be_used() {
    let folder = folder();
    let mut heard = 0;
    let mut launch = asked(&folder, "new --rig");
    for (question, words) in [
        (BOARD, "candles"),
        (BOARD, "mosfet"),
        (ACTIVE, ""),
        (COUNT, "many"),
        (COUNT, "3"),
        (PINS, "17,27"),
        (PINS, "17,27,4"),
        (PINS, "17,27,22"),
        (NAMES, "Left,b,c"),
        (NAMES, "left,middle,right"),
        (ANOTHER, "perhaps"),
        (ANOTHER, "yes"),
        (BOARD, ""),
        (ACTIVE, "low"),
        (COUNT, "8"),
        (PINS, ""),
        (NAMES, ""),
        (ANOTHER, ""),
    ] {
        answer(&mut launch, &mut heard, question, words);
    }
    until("ended", || launch.has_ended());
    let said = launch.terminal().unwrap().said();
    assert_eq!(launch.code(), Some(0), "{said}");
    for words in [
        "`candles` is not known here",
        "`many` cannot be",
        "2 pins for 3 lights",
        "write `4r`",
        "`Left` cannot be the name",
        "`perhaps` is neither",
        "GPIO 17 - 11",
        "shows/rig.toml is written: 11 channels",
    ] {
        assert!(said.contains(words), "{words} is not in: {said}");
    }
    assert_fine(&folder, "shows/rig.toml", "11 channels");
}

#[test]
fn an_answer_is_taken_back_also_of_the_board_before() {
    let folder = folder();
    let mut heard = 0;
    let mut launch = asked(&folder, "new --rig");
    for (question, words) in [
        (BOARD, "back"),
        (BOARD, "mosfet"),
        (ACTIVE, ""),
        (COUNT, "3"),
        (PINS, "back"),
        (COUNT, "2"),
        (PINS, "17,27"),
        (NAMES, "left,right"),
        (ANOTHER, "yes"),
        (BOARD, "back"),
        (ANOTHER, "back"),
        (NAMES, "strip,star"),
        (ANOTHER, "yes"),
        (BOARD, "relay"),
        (ACTIVE, ""),
        (COUNT, "1"),
        (PINS, "4"),
        (NAMES, "tree"),
        (ANOTHER, "no"),
    ] {
        answer(&mut launch, &mut heard, question, words);
    }
    until("ended", || launch.has_ended());
    let said = launch.terminal().unwrap().said();
    assert_eq!(launch.code(), Some(0), "{said}");
    for words in [
        "`back` goes to the question before",
        "this is the first question",
        "How many lights does it have? [3]: ",
        "What are the lights called? [left,right]: ",
        "strip: GPIO 17",
        "star: GPIO 27",
        "tree: GPIO 4",
    ] {
        assert!(said.contains(words), "{words} is not in: {said}");
    }
    assert_fine(&folder, "shows/rig.toml", "3 channels");
}

#[test]
fn options_answer_some_of_the_questions() {
    let folder = folder();
    let mut heard = 0;
    let mut launch = asked(&folder, "new --rig --active high --pins 17,4 --names left,right");
    for (question, words) in [(BOARD, ""), (COUNT, "2"), (PINS, "17,27"), (ANOTHER, "no")] {
        answer(&mut launch, &mut heard, question, words);
    }
    until("ended", || launch.has_ended());
    let said = launch.terminal().unwrap().said();
    assert!(said.contains("write `4r`") && said.contains("right: GPIO 27"), "{said}");
    assert_fine(&folder, "shows/rig.toml", "2 channels");
}

#[test]
fn an_end_in_the_middle_leaves_nothing() {
    for key in ["\x03", "\x04"] {
        let folder = folder();
        fs::remove_dir(folder.path("shows")).unwrap();
        let mut heard = 0;
        let mut launch = asked(&folder, "new --rig");
        answer(&mut launch, &mut heard, BOARD, "relay");
        answer(&mut launch, &mut heard, ACTIVE, "");
        until("asked", || launch.terminal().unwrap().said().contains(COUNT));
        launch.terminal().unwrap().types(key);
        until("ended", || launch.has_ended());
        let said = launch.terminal().unwrap().said();
        let by_signal = 128 + Signal::INT.as_raw();
        assert_eq!(launch.code(), Some(if key == "\x03" { by_signal } else { 1 }), "{said}");
        assert_eq!(said.contains("nothing was written\r\n"), key == "\x04", "{said}");
        assert_eq!(folder.path("").read_dir().unwrap().count(), 0);
    }
}
