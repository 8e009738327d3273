//! A rig of 512 simulated channels, with the real program: it plays, is traced, told by `status`, and safe after a
//! kill; and real pins refuse it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

mod common;

use std::fmt::Write as _;

use rustix::process::Signal;

use common::folder::Folder;
use common::launch::until;

const CHANNELS: usize = 512;

/// All on simulated outputs but for a relay on GPIO 4. Every tenth is a relay, and the last is lit when it is safe.
fn rig() -> String {
    let mut rig = "[channels]\nneon = { pin = 4, kind = \"relay\" }\n".to_owned();
    for number in 0..CHANNELS - 1 {
        let kind = if number.is_multiple_of(10) { "relay" } else { "pwm" };
        let safe = if number == CHANNELS - 2 { ", safe = \"100 %\"" } else { "" };
        writeln!(rig, "star{number} = {{ sim = {number}, kind = \"{kind}\"{safe} }}").unwrap();
    }
    rig
}

const HERE: &str = "--rig rig.toml --lock-dir lock";

const LIT: &str = "0:00  all  60 %\n";

/// Of each output beyond the header, what the pins file tells.
fn levels(folder: &Folder) -> Vec<String> {
    let text = folder.text("pins");
    text.lines().skip(1).map(|line| line.split_whitespace().nth(1).unwrap().to_owned()).collect()
}

fn are_lit(folder: &Folder) -> bool {
    let levels = levels(folder);
    let expected = |number: usize| if number.is_multiple_of(10) { "1000" } else { "600" };
    levels.len() == CHANNELS - 1
        && levels.iter().enumerate().all(|(number, level)| level == expected(number))
        && folder.lines([4]) == ['1']
}

fn are_safe(folder: &Folder) -> bool {
    let levels = levels(folder);
    let (last, others) = levels.split_last().unwrap();
    others.iter().all(|level| level == "0") && last == "1000" && folder.lines([4]) == ['0']
}

#[test]
fn a_rig_of_512_channels_plays_and_is_told_by_status_and_trace() {
    let folder = Folder::new(&rig()).with_show("stars", "0:30", LIT);
    let play =
        folder.launch(&format!("play stars --silent {HERE} --output sim --pins pins --trace trace.vcd"));
    until("lit", || folder.path("pins").exists() && are_lit(&folder));
    // The instance renews its status twenty times a second.
    let mut channels: Vec<serde_json::Value> = Vec::new();
    until("told by `status`", || {
        let status = folder.run("status --json --lock-dir lock").with(0, &[]);
        let status: serde_json::Value = serde_json::from_str(&status.said).unwrap();
        channels = status[0]["now"]["channels"].as_array().unwrap().clone();
        channels[42]["level"] == 60.0
    });
    assert_eq!(channels.len(), CHANNELS);
    assert_eq!((&channels[0]["address"], &channels[0]["gpio"]), (&"GPIO 4".into(), &4.into()));
    assert_eq!((channels[42]["address"].as_str(), channels[42].get("gpio")), (Some("sim 41"), None));
    folder.run("stop --lock-dir lock").with(0, &[]);
    play.end().with(0, &[]);
    assert!(are_safe(&folder));
    let trace = folder.text("trace.vcd");
    assert_eq!(trace.matches("$var integer 16 ").count(), CHANNELS);
    assert_eq!(trace.matches("$var wire 1 ").count(), 1, "only the relay has a line");
}

#[test]
fn all_of_512_channels_are_safe_after_a_kill() {
    let folder = Folder::new(&rig()).with_show("stars", "0:30", LIT);
    let play = folder.launch(&format!("play stars --silent {HERE} --output sim --pins pins"));
    until("lit", || folder.path("pins").exists() && are_lit(&folder));
    play.ends_on(Signal::KILL);
    until("safe", || are_safe(&folder));
}

#[test]
fn real_pins_refuse_a_rig_with_simulated_outputs_before_anything_is_touched() {
    let folder = Folder::new(&rig()).with_show("stars", "0:01", LIT);
    let words = ["`star0` is on sim 0", "510 more channels", "pin = 17", "--output sim"];
    folder.run(&format!("play stars --silent {HERE} --output gpio")).with(65, &words);
}
