//! Instances in a PID namespace of their own, as in a container: numbers mean something else there, and nobody
//! is ended who only has the same one.

use std::fs;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use crate::common::launch::{Launch, STARCOURT, until};
use crate::setup::{LIT, SAFE, Setup};

const OFF: &str = "off --output sim --pins pins --rig rig.toml --lock-dir lock";

/// Only root makes such a namespace without being another user in it.
fn is_root() -> bool {
    // SAFETY: takes nothing and cannot fail.
    unsafe { libc::geteuid() == 0 }
}

/// `words` of a shell in a container, of which `$0` is the program.
fn contained(setup: &Setup, script: &str) -> Launch {
    let mut command = Command::new("unshare");
    command.args(["-fp", "--mount-proc", "--kill-child", "sh", "-c", script, STARCOURT]);
    setup.folder.dress(&mut command, "");
    Launch::of(command)
}

/// Processes of this machine that have nothing to do with it, with the numbers that a container's have.
struct Bystanders(Vec<Child>);

impl Bystanders {
    fn new() -> Self {
        Self((0..20).map(|_| Command::new("sleep").arg("600").spawn().unwrap()).collect())
    }

    fn first(&self) -> u32 {
        self.0[0].id()
    }

    #[track_caller]
    fn live(&mut self) {
        for child in &mut self.0 {
            assert!(child.try_wait().unwrap().is_none(), "a bystander was ended");
        }
    }
}

impl Drop for Bystanders {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

#[test]
fn a_stuck_guardian_in_a_container_has_nobody_ended_who_has_its_number_here() {
    if !is_root() {
        return;
    }
    let setup = Setup::new("");
    let mut bystanders = Bystanders::new();
    let script = format!(
        "echo {} >/proc/sys/kernel/ns_last_pid; $0 {} & p=$!; \
         while [ ! -s lock/guardian_starcourt.lock ]; do sleep 0.01; done; sleep 0.3; \
         g=$(sed -n 's/^pid //p' lock/guardian_starcourt.lock); kill -STOP $p; kill -STOP $g; kill -KILL $p; \
         touch ready; sleep 600",
        bystanders.first(),
        Setup::words("mall")
    );
    let container = contained(&setup, &script);
    until("killed", || setup.folder.path("ready").exists());
    assert_eq!(setup.lines(), LIT, "nobody could make them safe");
    let told = fs::read_to_string(setup.folder.path("lock/guardian_starcourt.lock")).unwrap();
    let number: u32 = told.lines().next().and_then(|line| line.strip_prefix("pid ")?.parse().ok()).unwrap();
    assert!(bystanders.0.iter().any(|child| child.id() == number), "{number} is nobody's here");
    setup.folder.run(OFF).with(0, &["3 channels are safe"]);
    bystanders.live();
    assert_eq!(setup.lines(), SAFE);
    drop(container);
}

#[test]
fn a_player_in_a_container_is_ended_by_its_number_here() {
    if !is_root() {
        return;
    }
    let setup = Setup::new("");
    let mut bystanders = Bystanders::new();
    let script = format!(
        "echo {} >/proc/sys/kernel/ns_last_pid; exec $0 {}",
        bystanders.first(),
        Setup::words("mall")
    );
    // The first of a container has the number 1 there, and is deaf to what it does not listen for.
    let script = format!("sh -c '{script}' $0");
    let container = contained(&setup, &script);
    setup.comes_to_show(LIT);
    setup.folder.run(OFF).with(0, &[" has ended", "3 channels are safe"]);
    until("ended", || container.has_ended());
    bystanders.live();
    assert_eq!(setup.lines(), SAFE);
}

#[test]
fn a_player_outside_of_a_container_is_asked_over_its_socket_from_within() {
    if !is_root() {
        return;
    }
    let setup = Setup::new("");
    let player = setup.play("mall", LIT);
    let start = Instant::now();
    contained(&setup, &format!("$0 {OFF}")).end().with(0, &["was asked to stop", "3 channels are safe"]);
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    until("ended", || player.has_ended());
    assert_eq!(setup.lines(), SAFE);
}
