//! `status`: who plays, for people and for programs.

use rustix::process::Signal;
use serde_json::Value;

use crate::mall::{LIT, Mall};

const STATUS: &str = "status --lock-dir lock";
const JSON: &str = "status --json --lock-dir lock";

fn instances(mall: &Mall, code: i32) -> Vec<Value> {
    let said = mall.venue.run(JSON).with(code, &[]).said;
    serde_json::from_str::<Value>(&said).unwrap().as_array().unwrap().clone()
}

#[test]
fn without_an_instance_it_ends_with_3() {
    let mall = Mall::new("");
    mall.venue.run(STATUS).with(3, &["nobody plays"]);
    assert_eq!(instances(&mall, 3), [] as [Value; 0]);
    assert!(!mall.venue.path("lock").exists(), "asking makes nothing");
}

#[test]
fn it_tells_show_position_and_process() {
    let mall = Mall::new("");
    let player = mall.play("mall", LIT);
    let pid = format!("PID       {}", player.pid());
    mall.venue.run(STATUS).with(0, &["show      mall", "of 10:00", &pid, "output    sim"]);

    let playing = instances(&mall, 0);
    assert_eq!(playing.len(), 1);
    let text = |key: &str| playing[0][key].as_str().unwrap().to_owned();
    assert_eq!((text("show"), text("pid")), ("mall".into(), player.pid().to_string()));
    assert_eq!(playing[0]["length_us"], 600_000_000);
    let path = |within: &str| mall.venue.path(within).display().to_string();
    assert_eq!((text("rig"), text("lock")), (path("rig.toml"), path("lock/starcourt.lock")));

    player.ends_on(Signal::KILL);
    assert!(instances(&mall, 3).is_empty(), "the dead play nothing");
}

#[test]
fn it_tells_how_far_the_show_is_once_a_second() {
    let mall = Mall::new("");
    let _player = mall.play("mall --from 1:00", LIT);
    let position = || instances(&mall, 0)[0]["position_us"].as_u64().unwrap();
    crate::venue::until("a second further", || position() > 61_000_000);
    assert!(position() < 120_000_000);
}

#[test]
fn it_tells_every_show_that_plays_side_by_side() {
    let mall = Mall::new("lock = \"show\"\n");
    let _sign = mall.play("sign", ['0', '.', '.']);
    let _porch = mall.play("porch", ['0', '1', '0']);
    let mut shows: Vec<_> = instances(&mall, 0).iter().map(|it| it["show"].to_string()).collect();
    shows.sort();
    assert_eq!(shows, ["\"porch\"", "\"sign\""]);
}
