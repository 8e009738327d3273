//! `lock = "show"`: different shows at the same time, if no line is in both.

use rustix::process::Signal;

use crate::setup::{SAFE, Setup};

const BY_SHOW: &str = "lock = \"show\"\n";
const NOBODYS: char = '.';

#[test]
fn shows_on_different_lines_play_side_by_side_and_touch_only_their_own() {
    let setup = Setup::new(BY_SHOW);
    let sign = setup.play("sign", ['0', NOBODYS, NOBODYS]);
    let porch = setup.play("porch", ['0', '1', '0']);
    sign.ends_on(Signal::TERM).with(0, &["1 channel, simulated"]);
    assert_eq!(setup.lines(), ['1', '1', '0'], "the porch plays on");
    porch.ends_on(Signal::TERM).with(0, &["2 channels, simulated"]);
    assert_eq!(setup.lines(), SAFE);
}

#[test]
fn a_show_that_is_killed_goes_dark_and_its_neighbour_plays_on() {
    let setup = Setup::new(BY_SHOW);
    let sign = setup.play("sign", ['0', NOBODYS, NOBODYS]);
    let porch = setup.play("porch", ['0', '1', '0']);
    sign.ends_on(Signal::KILL);
    setup.comes_to_show(['1', '1', '0']);
    let sign = setup.play("sign", ['0', '1', '0']);
    porch.ends_on(Signal::KILL);
    setup.comes_to_show(['0', '0', '1']);
    setup.ends(sign);
}

#[test]
fn the_same_show_never_plays_twice() {
    let setup = Setup::new(BY_SHOW);
    let sign = setup.play("sign", ['0', NOBODYS, NOBODYS]);
    let already = format!("Show 'sign' is already running (PID: {}): since ", sign.pid());
    setup.run("sign").with(75, &[&already, "lock/starcourt_sign.lock", "never delete it"]);
}

#[test]
fn shows_that_share_a_line_are_kept_apart_by_it() {
    let setup = Setup::new(BY_SHOW);
    let porch = setup.play("porch", [NOBODYS, '1', '0']);
    let in_use =
        format!("GPIO 17 is in use by another instance (PID: {}): show \"porch\" since ", porch.pid());
    setup.run("trees").with(75, &[&in_use]);
    setup.run("mall").with(75, &[&in_use]);
    assert_eq!(setup.lines(), [NOBODYS, '1', '0']);
}

#[test]
fn a_rig_for_one_show_at_a_time_is_kept_out_by_any() {
    let setup = Setup::new(BY_SHOW);
    let sign = setup.play("sign", ['0', NOBODYS, NOBODYS]);
    setup.folder.write("rig.toml", &setup.folder.text("rig.toml").replace(BY_SHOW, ""));
    let already = format!("Another instance is already running (PID: {}): show \"sign\" since ", sign.pid());
    setup.run("porch").with(75, &[&already]);
}

#[test]
fn off_ends_every_show() {
    let setup = Setup::new(BY_SHOW);
    let sign = setup.play("sign", ['0', NOBODYS, NOBODYS]);
    let porch = setup.play("porch", ['0', '1', '0']);
    let ended = [sign.pid(), porch.pid()].map(|pid| format!("PID {pid} has ended"));
    let off = setup.folder.run("off --output sim --pins pins --rig rig.toml --lock-dir lock");
    off.with(0, &[&ended[0], &ended[1], "3 channels are safe"]);
    assert_eq!(setup.lines(), SAFE);
    sign.end().with(0, &[]);
    porch.end().with(0, &[]);
}

#[test]
fn a_name_that_is_too_long_for_a_lock_of_its_own_is_told_and_plays_under_the_machines() {
    let longest = "y".repeat(200);
    for (letters, code) in [(200, 0), (201, 65)] {
        let name = "y".repeat(letters);
        let setup = Setup::new(BY_SHOW);
        setup.folder.write(&format!("shows/{name}.show"), "length 0:00.1\n0:00 neon on\n");
        let told = match code {
            0 => longest.as_str(),
            _ => "the show's name has 201 letters",
        };
        let ended = setup.run(&name).with(code, &[told]);
        assert!(!ended.said.contains("panic"), "{}", ended.said);
        setup.folder.write("rig.toml", &setup.folder.text("rig.toml").replace(BY_SHOW, ""));
        setup.run(&name).with(0, &["has played to its end"]);
    }
}
