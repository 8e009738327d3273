//! A relay's switchings are counted on real pins, from show to show.
#![cfg(target_arch = "x86_64")] // the fake Pi steps this processor
#![allow(clippy::unwrap_used)]

mod fake_pi;

use std::process::Command;

use fake_pi::FakePi;

const RIG: &str = r#"
[channels]
porch   = { pin = 4, kind = "relay", active = "low", min_on = "0 ms", min_off = "0 ms" }
arcade  = { pin = 16, kind = "ssr" }
"#;

/// Lights both twice; the second time until the show's end.
const SHOW: &str = "length 0:00.200\n0:00  all  on for 20 ms\n0:00.100  all  on\n";

#[test]
fn relays_are_counted_from_show_to_show_and_only_on_real_pins() {
    let (pi, folder) = (FakePi::new(), tempfile::tempdir().unwrap());
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("rig.toml"), RIG).unwrap();
    std::fs::write(path("demo.show"), SHOW).unwrap();
    let run = |mut command: Command, words: &str| {
        command.args(words.split(' ')).arg("--rig").arg(path("rig.toml")).arg("--shows").arg(folder.path());
        let output = command.env("STARCOURT_STATE", path("state")).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let program = env!("CARGO_BIN_EXE_starcourt");
    let lock = path("lock");
    let play = |kind: &str| {
        let mut command = pi.command(program);
        command.arg("play").arg("--lock-dir").arg(&lock);
        run(command, &format!("demo --silent --output {kind}"));
    };
    play("sim");
    assert!(!path("state").exists(), "simulated relays wear nothing");
    play("gpio");
    play("gpio");
    let list = run(Command::new(program), "list --output sim");
    assert!(list.ends_with("\nRELAY   SWITCHED\nporch          8\n"), "{list}");
}
