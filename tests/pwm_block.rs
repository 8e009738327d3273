//! A rig whose channels the chip should dim, on a Pi whose chip was not told to.
#![cfg(target_arch = "x86_64")] // the fake Pi steps this processor
#![allow(clippy::unwrap_used)]

mod fake_pi;

use fake_pi::FakePi;
use fake_pi::Step::{BecameOutput, High};

const RIG: &str = r#"
[channels]
porch = { pin = 4, kind = "relay", active = "low" }
moon  = { pin = 18, kind = "pwm", hardware = true }
"#;

#[test]
fn without_the_overlay_nothing_plays_and_the_other_lights_are_safe() {
    let (pi, folder) = (FakePi::new(), tempfile::tempdir().unwrap());
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("rig.toml"), RIG).unwrap();
    std::fs::write(path("demo.show"), "length 0:01\n0:00  all  on\n").unwrap();
    let mut command = pi.command(env!("CARGO_BIN_EXE_starcourt"));
    command.args(["play", "demo", "--silent", "--shows"]).arg(folder.path());
    command.arg("--rig").arg(path("rig.toml")).arg("--lock-dir").arg(path("lock"));
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(69), "{said}");
    assert!(said.contains("dtoverlay=pwm-2chan"), "{said}");
    assert_eq!(pi.steps(4)[..3], [High, BecameOutput, High]);
    assert_eq!(pi.line(4), (true, true));
    assert_eq!(pi.steps(18), [], "it is not the timing thread's to drive");
}
