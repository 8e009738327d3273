//! Who else is at the pins: a second launch, `off`, another program.

use rustix::process::{Pid, Signal, kill_process};

use crate::common::launch::{Launch, STARCOURT};
use crate::fake_pi::FakePi;
use crate::setup::{RIG, Setup};

const HERE: &str = "--rig rig.toml --lock-dir lock";

fn here(words: &str) -> String {
    format!("{words} {HERE}")
}

#[test]
fn a_second_launch_is_told_who_plays_and_writes_no_register() {
    let setup = Setup::new();
    let first = setup.play();
    let already = format!("Another instance is already running (PID: {}): show \"lit\" since ", first.pid());
    for words in ["play cues --silent", "play lit", "play cues --silent --wait=50ms"] {
        let second = setup.run(&here(words)).with(75, &[&already, "never delete it"]);
        assert_eq!(setup.events_of(second.pid), []);
    }
    setup.comes_to_be_lit();
    assert!(!first.has_ended());
    first.ends_on(Signal::TERM).with(0, &[]);
    setup.assert_safe();
}

/// Kills the show and its guardian, so that nobody makes the lines safe; the PID of the show.
fn kill_both(setup: &Setup) -> u32 {
    let player = setup.play();
    let guardian = Pid::from_raw(setup.guardian().cast_signed()).unwrap();
    // First, because it would replace its guardian.
    player.signal(Signal::STOP);
    player.wait_until_stopped();
    kill_process(guardian, Signal::KILL).unwrap();
    let killed = player.ends_on(Signal::KILL).pid;
    setup.comes_to_be_lit();
    killed
}

#[test]
fn off_makes_lines_safe_that_a_kill_left_lit() {
    let setup = Setup::new();
    let killed = kill_both(&setup);
    let off = setup.run(&here("off")).with(0, &["4 channels are safe"]);
    setup.assert_safe();
    let by_off: Vec<_> = setup.events_of(off.pid);
    assert!(!by_off.is_empty() && killed != off.pid);
}

#[test]
fn off_if_free_makes_lines_safe_that_a_kill_left_lit() {
    let setup = Setup::new();
    kill_both(&setup);
    setup.run(&here("off --if-free")).with(0, &["4 channels are safe"]);
    setup.assert_safe();
}

#[test]
fn off_ends_whoever_plays_and_the_lines_stay_safe() {
    let setup = Setup::new();
    let player = setup.play();
    let ended = format!("PID {} has ended", player.pid());
    setup.run(&here("off")).with(0, &[&ended, "4 channels are safe"]);
    setup.assert_safe();
    player.end().with(0, &["the lights are safe"]);
    setup.assert_safe();
    setup.run(&here("play cues --silent --from 0:01")).with(0, &[]);
}

#[test]
fn off_if_free_leaves_a_show_alone() {
    let setup = Setup::new();
    let player = setup.play();
    let alone = format!("PID {} plays; left alone", player.pid());
    let off = setup.run(&here("off --if-free")).with(0, &[&alone]);
    assert_eq!(setup.events_of(off.pid), []);
    setup.comes_to_be_lit();
    player.ends_on(Signal::TERM).with(0, &[]);
}

#[test]
fn off_needs_no_lock_to_make_the_lines_safe() {
    let setup = Setup::new();
    kill_both(&setup);
    setup.folder.write("no-directory", "");
    let words = "off --rig rig.toml --lock-dir no-directory";
    setup.run(words).with(0, &["not a directory", "4 channels are safe"]);
    setup.assert_safe();
}

/// The doctor says `told`, and ends with 1 if it says that anything is wrong. It sees the programs of
/// every fake Pi, so that other tests may give it more to say.
#[track_caller]
fn check_doctor(setup: &Setup, told: &[&str]) {
    let ended = setup.run(&here("doctor"));
    let is_wrong = ended.said.lines().any(|line| line.starts_with("wrong "));
    ended.with(is_wrong.into(), told);
}

#[test]
fn the_doctor_knows_the_board_and_its_pins() {
    let board = ["Raspberry Pi 4 Model B Rev 1.1", "/dev/gpiomem may be used", "/dev/gpiochip0 may be used"];
    let setup = Setup::new();
    check_doctor(&setup, &board);
    check_doctor(&setup, &["the rig rig.toml has 4 channels", "no show is playing"]);
    setup.assert_untouched();
}

#[test]
fn the_doctor_says_what_keeps_starcourt_from_the_pins() {
    let setup = Setup::on(FakePi::new().with_device("gpiochip0", "gpiochip11"), RIG);
    check_doctor(
        &setup,
        &["wrong   the header is /dev/gpiochip11", "/dev/gpiochip0 is missing", "SYMLINK+=\"gpiochip0\""],
    );
    let setup = Setup::on(FakePi::new().with_device("gpiomem", ""), RIG);
    check_doctor(&setup, &["wrong   /dev/gpiomem is missing", "sudo modprobe raspberrypi_gpiomem"]);
}

#[test]
fn the_doctor_tells_who_plays() {
    let setup = Setup::new();
    let player = setup.play();
    let plays = format!("an instance plays (PID {})", player.pid());
    check_doctor(&setup, &[&plays]);
}

#[test]
fn the_doctor_names_another_program_at_the_pins() {
    let setup = Setup::new();
    let script = format!("exec 3</dev/gpiomem; {STARCOURT} {}; exit $?", here("doctor"));
    let mut shell = setup.command_of("sh", "-c");
    shell.arg(script);
    let shell = Launch::of(shell);
    let mend = format!("sudo kill {}", shell.pid());
    shell.end().with(1, &["another program may drive the same pins: ", "sh -c", "by /dev/gpiomem", &mend]);
}
