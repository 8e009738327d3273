//! What a launch on a Pi takes for granted, and what it refuses before it touches a pin.

use crate::common::launch::Launch;
use crate::fake_pi::FakePi;
use crate::setup::{RIG, Setup};

const SHORT: &str = "play cues --silent --lock-dir lock --from 0:01";

fn short(options: &str) -> String {
    format!("{SHORT} {options}")
}

#[test]
fn on_a_pi_the_pins_are_played_without_being_asked_for() {
    let setup = Setup::new();
    let ended = setup.run(&short("--rig rig.toml")).with(0, &["4 channels, GPIO", "has played to its end"]);
    assert!(!ended.said.contains("simulated"), "{}", ended.said);
    assert_eq!(setup.events_of(ended.pid), setup.pi.events());
    setup.assert_safe();
}

#[test]
fn on_a_pi_lines_may_be_simulated_and_no_pin_is_touched() {
    let setup = Setup::new();
    setup.run(&short("--rig rig.toml --output sim")).with(0, &["4 channels, simulated"]);
    setup.assert_untouched();
}

#[test]
fn a_rig_is_found_where_the_variable_says() {
    let setup = Setup::new();
    let mut command = setup.command(SHORT);
    command.env("STARCOURT_RIG", "rig.toml");
    Launch::of(command).end().with(0, &["GPIO"]);
    setup.assert_safe();
}

#[test]
fn an_installed_rig_is_found() {
    let setup = Setup::on(FakePi::new().with_rig(RIG), "no rig at all");
    setup.run(SHORT).with(0, &["GPIO"]);
    setup.assert_safe();
}

/// `words` end with `code` and tell `told`; no register is written, and the next launch is told the
/// same: nobody holds the lock.
#[track_caller]
fn check_refusal(setup: &Setup, options: &str, code: i32, told: &[&str]) {
    for _ in 0..2 {
        setup.run_without_rights(&short(options)).with(code, told);
        setup.assert_untouched();
    }
    setup.folder.run("status --lock-dir lock").with(3, &["nothing is playing"]);
}

#[test]
fn a_sample_rig_beside_the_shows_never_drives_a_pin() {
    let setup = Setup::new();
    setup.folder.write("shows/rig.toml", RIG);
    check_refusal(&setup, "", 65, &["--rig", "STARCOURT_RIG", "/etc/starcourt/rig.toml"]);
}

#[test]
fn a_rig_with_a_reserved_pin_drives_none() {
    let setup = Setup::on(FakePi::new(), &format!("{RIG}[reserved]\npins = [22]\n"));
    check_refusal(&setup, "--rig rig.toml", 65, &["rig.toml:5", "garden", "reserved"]);
}

#[test]
fn a_show_with_a_mistake_drives_no_pin() {
    let setup = Setup::new();
    setup.folder.write("shows/cues.show", "length 0:05\n0:01 nein on\n");
    check_refusal(&setup, "--rig rig.toml", 65, &["cues.show:2", "did you mean `neon`?"]);
}

#[test]
fn who_may_not_open_the_pins_is_told_how_to_join_the_group() {
    let setup = Setup::on(FakePi::new().locked_up(), RIG);
    check_refusal(&setup, "--rig rig.toml", 77, &["/dev/gpiomem", "sudo usermod -aG gpio $USER"]);
}

#[test]
fn chips_that_are_numbered_from_11_come_with_the_command_that_mends_it() {
    let setup = Setup::on(FakePi::new().with_device("gpiochip0", "gpiochip11"), RIG);
    check_refusal(&setup, "--rig rig.toml", 69, &["sudo ln -s gpiochip11 /dev/gpiochip0"]);
}

#[test]
fn missing_devices_are_named() {
    let setup = Setup::on(FakePi::new().with_device("gpiomem", ""), RIG);
    check_refusal(&setup, "--rig rig.toml", 69, &["/dev/gpiomem"]);
}

#[test]
fn another_machine_has_no_pins_to_play() {
    let setup = Setup::on(FakePi::new().of_another_make(), RIG);
    check_refusal(&setup, "--rig rig.toml --output gpio", 69, &["not a Raspberry Pi", "--output sim"]);
}

#[test]
fn a_pins_file_goes_with_simulated_lines_only() {
    check_refusal(&Setup::new(), "--rig rig.toml --pins pins", 2, &["--pins", "--output sim"]);
}
