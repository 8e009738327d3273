//! `status`: who plays, for people and for programs.

use rustix::process::Signal;
use serde_json::Value;

use crate::setup::{LIT, Setup};

const STATUS: &str = "status --lock-dir lock";
const JSON: &str = "status --json --lock-dir lock";

fn instances(setup: &Setup, code: i32) -> Vec<Value> {
    let said = setup.folder.run(JSON).with(code, &[]).said;
    serde_json::from_str::<Value>(&said).unwrap().as_array().unwrap().clone()
}

#[test]
fn without_an_instance_it_ends_with_3() {
    let setup = Setup::new("");
    setup.folder.run(STATUS).with(3, &["nothing is playing"]);
    assert_eq!(instances(&setup, 3), [] as [Value; 0]);
    assert!(!setup.folder.path("lock").exists(), "asking makes nothing");
}

#[test]
fn it_tells_show_position_and_process() {
    let setup = Setup::new("");
    let player = setup.play("mall", LIT);
    let pid = format!("PID       {}", player.pid());
    setup.folder.run(STATUS).with(0, &["show      mall", "of 10:00", &pid, "output    sim"]);

    let playing = instances(&setup, 0);
    assert_eq!(playing.len(), 1);
    let text = |key: &str| playing[0][key].as_str().unwrap().to_owned();
    assert_eq!((text("show"), text("pid")), ("mall".into(), player.pid().to_string()));
    assert_eq!(playing[0]["length_us"], 600_000_000);
    let path = |within: &str| setup.folder.path(within).display().to_string();
    assert_eq!((text("rig"), text("lock")), (path("rig.toml"), path("lock/starcourt.lock")));

    player.ends_on(Signal::KILL);
    assert!(instances(&setup, 3).is_empty(), "the dead play nothing");
}

#[test]
fn it_tells_whether_the_lights_are_scheduled_in_real_time() {
    let setup = Setup::new("");
    let _player = setup.play("mall", LIT);
    let timing = || instances(&setup, 0)[0]["timing"].clone();
    crate::common::launch::until("the timing is known", || !timing().is_null());
    let expected = if starcourt::realtime::permitted() { "realtime" } else { "ordinary" };
    assert_eq!(timing(), expected);
    setup.folder.run(STATUS).with(0, &[&format!("timing    {expected}")]);
}

#[test]
fn a_count_that_cannot_be_read_is_told_and_stands_in_nobody_s_way() {
    let setup = Setup::new("");
    std::fs::create_dir(setup.folder.path("state")).unwrap();
    setup.folder.write("state/switchings", "neon many\n");
    let _player = setup.play("mall", LIT);
    let words = "switchings are not known";
    setup.folder.run(STATUS).with(0, &["show      mall", words]);
    setup.folder.run("list --shows shows --rig rig.toml --output sim").with(0, &["porch", words]);
}

#[test]
fn switchings_of_real_relays_are_not_told_of_simulated_ones() {
    let setup = Setup::new("");
    std::fs::create_dir(setup.folder.path("state")).unwrap();
    setup.folder.write("state/switchings", "neon 7\n");
    let _player = setup.play("mall", LIT);
    assert_eq!(instances(&setup, 0)[0]["switchings"], serde_json::json!({}));
    let said = setup.folder.run(STATUS).with(0, &[]).said;
    assert!(!said.contains("switchings"), "{said}");
}

#[test]
fn it_tells_how_far_the_show_is_once_a_second() {
    let setup = Setup::new("");
    let _player = setup.play("mall --from 1:00", LIT);
    let position = || instances(&setup, 0)[0]["position_us"].as_u64().unwrap();
    crate::common::launch::until("a second further", || position() > 61_000_000);
    assert!(position() < 120_000_000);
}

#[test]
fn it_tells_every_show_that_plays_side_by_side() {
    let setup = Setup::new("lock = \"show\"\n");
    let _sign = setup.play("sign", ['0', '.', '.']);
    let _porch = setup.play("porch", ['0', '1', '0']);
    let mut shows: Vec<_> = instances(&setup, 0).iter().map(|it| it["show"].to_string()).collect();
    shows.sort();
    assert_eq!(shows, ["\"porch\"", "\"sign\""]);
}
