//! Checks the lock directory, without which nothing plays. Takes no lock.

use super::finding::Finding;
use super::machine::{LockDirState, Machine};
use crate::printable::shell_word;

/// The group may write, and new files belong to the group.
const MODE: &str = "2775";

pub(super) fn examine(machine: &Machine) -> Vec<Finding> {
    let (path, person) = (shell_word(&machine.lock_path), &machine.person);
    let is_usual = !machine.is_lock_dir_named;
    let node = match &machine.lock_dir {
        LockDirState::There(node) => node,
        LockDirState::Missing if is_usual && !machine.is_pi() => {
            let what = format!("there is no {path}: simulated shows lock in $XDG_RUNTIME_DIR/starcourt");
            return vec![Finding::good(what)];
        }
        LockDirState::Missing if !is_usual && machine.is_own(&machine.lock_path) => {
            return vec![Finding::good(format!("the first show makes the lock directory {path}"))];
        }
        LockDirState::Missing if is_usual && person.is_root() => {
            let what = format!("{path} is missing: the first show makes it, and it is gone after each boot");
            return vec![Finding::advice(what).mend(make(machine))];
        }
        LockDirState::Missing => {
            let what = format!("the lock directory {path} is missing");
            return vec![Finding::wrong(what).mend(make(machine))];
        }
        LockDirState::Link => {
            let what = format!("{path} is a link: nobody can tell where the lock is");
            return vec![Finding::wrong(what).mend(format!("sudo rm {path}\n{}", make(machine)))];
        }
        LockDirState::NotADirectory => {
            let what = format!("{path} is in the way of the lock directory");
            return vec![Finding::wrong(what).mend(format!("sudo rm {path}\n{}", make(machine)))];
        }
    };
    let mut findings = Vec::new();
    let tighten = || match is_usual {
        true => format!("sudo chown root:gpio {path} && sudo chmod {MODE} {path}"),
        // The group of such a directory is its owner's affair.
        false => format!("sudo chmod o-w {path}"),
    };
    if node.mode & 0o002 != 0 {
        let what = format!("everybody may write to {path}, and with that take the lock away");
        findings.push(Finding::wrong(what).mend(tighten()));
    } else if !person.may_write(node) {
        let what = format!("{} may not write to {path}", person.name());
        let give = || match is_usual {
            true => tighten(),
            false => format!("sudo chown {} {path}", person.name()),
        };
        findings.push(Finding::wrong(what).mend(person.way_in(node).unwrap_or_else(give)));
    } else {
        findings.push(Finding::good(format!("the lock directory {path} may be used")));
    }
    if is_usual && !machine.lock_dir_comes_back {
        let what = format!("{path} is gone after the next boot");
        findings.push(Finding::advice(what).mend(make(machine)));
    }
    findings
}

/// The usual directory comes back at each boot. One that a person named is made once.
fn make(machine: &Machine) -> String {
    let path = shell_word(&machine.lock_path);
    if machine.is_lock_dir_named {
        let name = machine.person.name();
        return format!("sudo mkdir -p {path} && sudo chown {name} {path}");
    }
    format!(
        "echo 'd {path} {MODE} root gpio -' | sudo tee /etc/tmpfiles.d/starcourt.conf\n\
         sudo systemd-tmpfiles --create starcourt.conf"
    )
}
