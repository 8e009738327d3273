//! `starcourt bench` keeps out of a show's way, and switches nothing that hangs on a pin.
#![allow(clippy::unwrap_used)]

#[cfg(target_arch = "x86_64")] // the log of writes is made by single steps of this processor
mod fake_pi;

use std::process::{Command, Output};

use starcourt::lock::{Lock, LockDir};
use tempfile::TempDir;

const RIG: &str = r#"
[channels]
porch   = { pin = 4, kind = "relay", active = "low" }
moon    = { pin = 18, kind = "pwm", hardware = true }
garland = { pin = 17, kind = "pwm", active = "low" }

[reserved]
pins = [2, 3]
"#;

/// A scratch folder with a rig in it.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("rig.toml"), RIG).unwrap();
        Self(folder)
    }

    fn dress<'a>(&self, command: &'a mut Command, arguments: &str) -> &'a mut Command {
        let (rig, lock) = (self.0.path().join("rig.toml"), self.0.path().join("lock"));
        command.arg("bench").args(arguments.split_whitespace());
        command.arg("--rig").arg(rig).arg("--lock-dir").arg(lock)
    }

    fn bench(&self, arguments: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_starcourt"));
        self.dress(&mut command, arguments).output().unwrap()
    }

    #[track_caller]
    fn check_refusal(&self, arguments: &str, code: i32, words: &str) {
        let output = self.bench(arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn nothing_is_measured_while_somebody_plays() {
    let place = Place::new();
    let dir = LockDir::open(place.0.path().join("lock")).unwrap();
    let name = "starcourt_demo".parse().unwrap();
    let claim = starcourt::lock::Claim { name, info: Default::default(), outputs: Vec::new() };
    let _playing = Lock::acquire(&dir, claim).unwrap();
    place.check_refusal("--output sim", 75, "already running");
    place.check_refusal("--output sim --pin 21", 75, "already running");
}

#[test]
fn a_pin_that_something_hangs_on_is_refused() {
    let place = Place::new();
    for (pin, words) in [(4, "the relay `porch`"), (2, "[reserved]"), (18, "the chip itself dims `moon`")] {
        place.check_refusal(&format!("--output sim --pin {pin}"), 2, words);
    }
}

#[test]
fn a_free_pin_is_turned_over_a_hundred_times_a_second_and_told() {
    let output = Place::new().bench("--output sim --pin 21 --seconds 1 --json");
    assert!(output.status.success(), "{output:?}");
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&told["pin"], &told["written"]["count"]), (&21.into(), &100.into()));
}

#[cfg(target_arch = "x86_64")]
#[test]
fn on_a_pi_one_pin_changes_and_no_other() {
    use fake_pi::FakePi;
    use fake_pi::Step::{BecameOutput, High, Low};

    let (place, pi) = (Place::new(), FakePi::new());
    let mut command = pi.command(env!("CARGO_BIN_EXE_starcourt"));
    let output = place.dress(&mut command, "--pin 17 --seconds 1").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    // The garland is lit when its line is low.
    let steps = pi.steps(17);
    assert_eq!(steps[..4], [High, BecameOutput, Low, High]);
    assert!(steps.len() > 100, "{}", steps.len());
    assert_eq!(pi.line(17), (true, true), "dark again, and still driven");
    for other in [4, 18, 21] {
        assert_eq!(pi.steps(other), []);
    }
}
