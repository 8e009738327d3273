//! Channels on expanders, with the real program and simulated chips: played, told, claimed, and safe after a kill.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

mod common;

use rustix::process::Signal;

use common::folder::Folder;
use common::launch::{Launch, until};

/// Two chips. The second is a board whose relays are on when low.
const RIG: &str = r#"
[expanders]
board = { chip = "74hc595", data = 10, clock = 11, latch = 8, oe = 25, chained = 2 }

[channels]
neon = { pin = 4, kind = "relay", active = "low" }
tree = { out = "board.0", kind = "ssr" }
moon = { sim = 41, kind = "pwm" }
exit = { out = "board.7", kind = "ssr", safe = "100 %" }
gate = { out = "board.15", kind = "relay", active = "low" }
"#;

const SAFE: [&str; 4] = ["tree    0", "moon    0", "exit 1000", "gate    0"];
const LIT: [&str; 4] = ["tree 1000", "moon  600", "exit    0", "gate 1000"];

const HERE: &str = "--rig rig.toml --lock-dir lock --output sim";

fn folder(rig: &str) -> Folder {
    let cues = "0:00  neon, tree, gate  on\n0:00  moon  60 %\n0:00  exit  off\n";
    Folder::new(rig)
        .with_show("lit", "1:00", cues)
        .with_show("tree", "1:00", "0:00  tree  on\n")
        .with_show("gate", "1:00", "0:00  gate  on\n")
        .with_show("neon", "1:00", "0:00  neon  on\n")
}

fn shows(folder: &Folder, beyond: [&str; 4]) -> bool {
    folder.text("pins").lines().skip(1).eq(beyond)
}

fn play(folder: &Folder, show: &str, beyond: [&str; 4]) -> Launch {
    let launch = folder.launch(&format!("play {show} --silent --pins pins {HERE}"));
    until("lit", || shows(folder, beyond));
    launch
}

#[test]
fn a_simulated_chain_shows_its_channels_and_is_safe_after_a_kill() {
    let folder = folder(RIG);
    for _ in 0..3 {
        let launch = play(&folder, "lit", LIT);
        assert_eq!(folder.lines([4, 8, 10, 11, 25]), ['0', '0', '0', '0', '0'], "its lines are driven");
        launch.ends_on(Signal::KILL);
        until("safe", || shows(&folder, SAFE) && folder.lines([4]) == ['1']);
    }
    let launch = play(&folder, "lit", LIT);
    launch.ends_on(Signal::TERM).with(0, &["5 channels, simulated"]);
    assert!(shows(&folder, SAFE));
    folder.run(&format!("off --pins pins {HERE}")).with(0, &["5 channels are safe"]);
    assert!(shows(&folder, SAFE));
}

#[test]
fn a_channel_is_told_by_its_expander() {
    let folder = folder(RIG);
    let launch = play(&folder, "lit", LIT);
    let status = folder.run("status --json --lock-dir lock").with(0, &[]);
    let status: serde_json::Value = serde_json::from_str(&status.said).unwrap();
    let channels = status[0]["now"]["channels"].as_array().unwrap();
    let told: Vec<_> = channels.iter().map(|channel| channel["address"].as_str().unwrap()).collect();
    assert_eq!(told, ["GPIO 4", "board.0", "sim 41", "board.7", "board.15"]);
    assert!(channels[1].get("gpio").is_none());
    launch.ends_on(Signal::TERM);
    let walk = folder.run(&format!("test gate --seconds 1 {HERE}"));
    walk.with(0, &["gate: board.15 (relay)"]);
    folder.run("check --rig rig.toml --output sim").with(0, &["5 channels, fine"]);
}

#[test]
fn a_trace_has_a_wire_for_each_output_of_a_chain() {
    let folder = folder(RIG).with_show("brief", "0:00.3", "0:00.1  tree, gate  on\n");
    folder.run(&format!("play brief --silent --trace trace.vcd {HERE}")).with(0, &[]);
    let trace = folder.text("trace.vcd");
    assert_eq!(trace.matches("$var wire 1 ").count(), 4, "all but the moon");
    let times = |wire: &str| {
        let mut time = "";
        let changes = trace.lines().filter_map(|line| {
            time = if line.starts_with('#') { line } else { time };
            (line == wire).then_some(time)
        });
        changes.collect::<Vec<_>>()
    };
    let wire = |name: &str| {
        let line = trace.lines().find(|line| line.ends_with(&format!(" {name} $end"))).unwrap();
        line.split(' ').nth(3).unwrap().to_owned()
    };
    // The tree lights when its output is high, the gate when it is low; both at the same instant.
    let (tree, gate) = (times(&format!("1{}", wire("tree"))), times(&format!("0{}", wire("gate"))));
    assert_eq!((tree.len(), &tree), (1, &gate));
}

#[test]
fn no_two_instances_share_a_chain_or_a_line_that_one_hangs_on() {
    let folder = folder(&format!("lock = \"show\"\n{RIG}"));
    folder.write("other.toml", "lock = \"show\"\n[channels]\ngate = { pin = 11, kind = \"ssr\" }\n");
    let launch = play(&folder, "tree", ["tree 1000", "moon    .", "exit 1000", "gate    0"]);
    let refused = format!("is in use by another instance (PID: {}): show \"tree\" since ", launch.pid());
    folder.run(&format!("play gate --silent --pins pins {HERE}")).with(75, &["GPIO ", &refused]);
    let other = HERE.replace("rig.toml", "other.toml");
    folder.run(&format!("play gate --silent {other}")).with(75, &["GPIO 11 ", &refused]);
    let neon = folder.launch(&format!("play neon --silent --pins pins {HERE}"));
    until("lit beside it", || folder.lines([4]) == ['0']);
    launch.ends_on(Signal::KILL);
    until("safe", || shows(&folder, ["tree    0", "moon    .", "exit 1000", "gate    0"]));
    neon.ends_on(Signal::TERM).with(0, &[]);
}

#[test]
fn a_chain_leaves_a_running_service_with_its_rig_and_comes_back() {
    let folder = folder(RIG);
    let service = folder.launch(&format!("serve --pins pins {HERE}"));
    until("safe", || shows(&folder, SAFE));
    // Its lines are a channel's now; a pins file has a place for each channel beyond the header.
    folder.write("rig.toml", &RIG.replace("latch = 8", "latch = 9").replace("board.0", "board.1"));
    folder.run("reload --lock-dir lock").with(0, &["is on board.1 (before: board.0)"]);
    until("on other lines", || folder.lines([9]) == ['0']);
    let _attached = folder.launch("play lit --lock-dir lock");
    until("lit", || shows(&folder, LIT));
    service.ends_on(Signal::KILL);
    until("safe", || shows(&folder, SAFE));
}

/// A chip of each kind on one bus.
const CHIPS: &str = r#"
lock = "show"

[expanders]
roof = { chip = "mcp23017", address = 0x20 }
shed = { chip = "pcf8574", address = 0x38 }
shop = { chip = "pca9685", address = 0x40 }

[channels]
tree = { out = "shop.3", kind = "pwm" }
moon = { out = "shop.4", kind = "pwm" }
exit = { out = "roof.B1", kind = "ssr", safe = "100 %" }
gate = { out = "shed.7", kind = "relay", active = "low" }
"#;

#[test]
fn simulated_chips_show_their_channels_and_no_two_instances_share_one() {
    let folder = folder(CHIPS).with_show("moon", "1:00", "0:00  moon  on\n");
    let nothing = ["tree    .", "moon    .", "exit    .", "gate    ."];
    let tree = play(&folder, "tree", ["tree 1000", nothing[1], nothing[2], nothing[3]]);
    let refused = format!("is in use by another instance (PID: {}): show \"tree\" since ", tree.pid());
    folder
        .run(&format!("play moon --silent --pins pins {HERE}"))
        .with(75, &["the PCA9685 at 0x40 on I²C bus 1 is in use", &refused]);
    let gate = play(&folder, "gate", ["tree 1000", nothing[1], nothing[2], "gate 1000"]);
    tree.ends_on(Signal::KILL);
    until("safe", || shows(&folder, ["tree    0", nothing[1], nothing[2], "gate 1000"]));
    gate.ends_on(Signal::TERM).with(0, &[]);
    folder.run(&format!("off --pins pins {HERE}")).with(0, &["4 channels are safe"]);
    assert!(shows(&folder, ["tree    0", "moon    0", "exit 1000", "gate    0"]));
}

/// One of each kind of output.
const EVERYTHING: &str = r#"
[expanders]
board = { chip = "74hc595", data = 10, clock = 11, latch = 8, oe = 25, chained = 2 }
roof  = { chip = "mcp23017", address = 0x20 }
shed  = { chip = "pcf8574", address = 0x38 }
shop  = { chip = "pca9685", address = 0x40 }

[channels]
neon = { pin = 4, kind = "relay", active = "low" }
glow = { pin = 18, kind = "pwm" }
tree = { out = "board.0", kind = "ssr" }
gate = { out = "board.15", kind = "relay", active = "low" }
path = { out = "roof.A3", kind = "ssr" }
bell = { out = "shed.7", kind = "relay", active = "low" }
moon = { out = "shop.4", kind = "pwm" }
star = { sim = 41, kind = "pwm" }
exit = { out = "roof.B1", kind = "ssr", safe = "100 %" }
"#;

/// A few kills; `STARCOURT_KILLS=500` asks for more.
#[test]
fn kills_leave_every_kind_of_output_safe() {
    let kills = std::env::var("STARCOURT_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(20);
    let cues = "0:00  neon, tree, gate, path, bell  on\n0:00 to 0:59  glow, moon, star  pulse every 0.7 s\n0:00  exit  off\n";
    let folder = Folder::new(EVERYTHING).with_show("lit", "1:00", cues);
    let names = ["tree", "gate", "path", "bell", "moon", "star", "exit"];
    let levels = |folder: &Folder| -> Vec<String> {
        let text = folder.text("pins");
        text.lines()
            .skip(1)
            .map(|line| line.split_whitespace().last().unwrap_or_default().to_owned())
            .collect()
    };
    for kill in 0..kills {
        let launch = folder.launch(&format!("play lit --silent --pins pins {HERE}"));
        until("lit", || {
            let levels = levels(&folder);
            folder.lines([4]) == ['0'] && levels[..4] == ["1000"; 4] && levels[6] == "0"
        });
        // Somewhere in the pulses.
        std::thread::sleep(std::time::Duration::from_millis(kill * 37 % 701));
        launch.ends_on(Signal::KILL);
        until("safe", || {
            let levels = levels(&folder);
            folder.lines([4, 18]) == ['1', '0'] && levels[..6] == ["0"; 6] && levels[6] == "1000"
        });
        assert_eq!(levels(&folder).len(), names.len());
    }
}
