//! What `make` installs on the machine of whoever builds starcourt, and what it must not take away for it:
//! `deploy/packages.sh`, with an apt that only writes down what it was asked.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

/// A machine on which nothing is installed, and whose apt would do what it is told to.
struct Machine {
    folder: tempfile::TempDir,
}

impl Machine {
    fn whose_apt_would(actions: &str) -> Self {
        let machine = Self { folder: tempfile::tempdir().unwrap() };
        fs::write(machine.path("would"), actions).unwrap();
        fs::write(machine.path("asked"), "").unwrap();
        let asked = "echo \"$*\" >>\"$MACHINE/asked\"\n";
        machine
            .has("apt-get", &format!("{asked}case \"$*\" in *--simulate*) cat \"$MACHINE/would\" ;; esac"));
        // Versions here are such as `sort` puts in the same order.
        let lower =
            "[ \"$2\" != \"$4\" ] && [ \"$(printf '%s\\n' \"$2\" \"$4\" | sort -V | head -n 1)\" = \"$2\" ]";
        machine.has(
            "dpkg",
            &format!("case $1 in --print-architecture) echo amd64 ;; --compare-versions) {lower} ;; esac"),
        );
        machine.has("dpkg-query", "exit 1");
        machine.has("cargo", "");
        machine.has("sudo", "exit 1");
        machine.user(0)
    }

    /// Whoever runs `make`.
    fn user(self, id: u32) -> Self {
        self.has("id", &format!("echo {id}"));
        self
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn has(&self, program: &str, script: &str) {
        let file = self.path(program);
        fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn wants(&self, packages: &[&str]) -> Output {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/packages.sh");
        let path = format!("{}:/usr/bin:/bin", self.folder.path().display());
        let mut command = Command::new(script);
        command.args(packages).env("PATH", path).env("MACHINE", self.folder.path());
        command.output().unwrap()
    }

    /// What apt was asked, but for what changes nothing.
    fn installed(&self) -> Vec<String> {
        let asked = fs::read_to_string(self.path("asked")).unwrap();
        asked
            .lines()
            .filter(|line| line.contains(" install ") && !line.contains("--simulate"))
            .map(str::to_owned)
            .collect()
    }

    fn refuses(&self, packages: &[&str], words: &[&str]) {
        let output = self.wants(packages);
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{told}");
        for word in words {
            assert!(told.contains(word), "{word:?} is missing in {told}");
        }
        assert_eq!(self.installed(), [""; 0], "{told}");
    }
}

const HARMLESS: &str = "Reading package lists...\nInst libflac12 [1.4.2] (1.4.3 Debian:12 [amd64])\n\
    Inst flac (1.4.2 Debian:12 [amd64])\nConf flac (1.4.2 Debian:12 [amd64])\n";

#[test]
fn what_is_missing_is_installed_where_nothing_is_lost() {
    let machine = Machine::whose_apt_would(HARMLESS);
    let output = machine.wants(&["flac", "lame"]);
    assert!(output.status.success(), "{output:?}");
    let installed = machine.installed();
    assert_eq!(installed.len(), 1, "{installed:?}");
    assert!(installed[0].ends_with("flac lame") && installed[0].contains("--no-remove"), "{installed:?}");
}

#[test]
fn nothing_is_installed_where_apt_would_remove_a_package_for_it() {
    let removal = format!("Remv pipewire-alsa [0.3.65-3]\n{HARMLESS}");
    Machine::whose_apt_would(&removal).refuses(
        &["flac"],
        &[
            "not installing flac",
            "remove pipewire-alsa",
            "No package was changed",
            "sudo apt-get install --no-install-recommends flac",
        ],
    );
}

#[test]
fn every_package_that_would_go_is_named() {
    let removals =
        "Remv pipewire-alsa [0.3.65]\nPurg pipewire [0.3.65]\nInst pulseaudio (16.1 Debian:12 [amd64])\n";
    Machine::whose_apt_would(removals)
        .refuses(&["pulseaudio"], &["remove pipewire-alsa", "remove pipewire\n"]);
}

#[test]
fn nothing_is_installed_where_apt_would_downgrade_a_package_for_it() {
    let downgrade = "Inst libc6 [2.36-9] (2.31-13 Debian:11 [amd64])\nInst gcc (12.2 Debian:12 [amd64])\n";
    Machine::whose_apt_would(downgrade).refuses(&["gcc"], &["downgrade libc6 from 2.36-9 to 2.31-13"]);
}

#[test]
fn whoever_may_not_install_is_not_told_to_run_what_removes_a_package() {
    let machine = Machine::whose_apt_would("Remv pipewire-alsa [0.3.65]\n").user(1_000);
    machine.refuses(&["pulseaudio"], &["remove pipewire-alsa"]);
    let machine = Machine::whose_apt_would(HARMLESS).user(1_000);
    machine.refuses(
        &["flac"],
        &["run this, then make again", "sudo apt-get install --no-install-recommends flac"],
    );
}

#[test]
fn the_tests_install_no_sound_server() {
    let makefile = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Makefile")).unwrap();
    let packages: Vec<&str> =
        makefile.lines().filter(|line| line.contains("_PACKAGES") && line.contains('=')).collect();
    assert!(packages.len() >= 3, "{packages:?}");
    for line in packages {
        for server in ["pulseaudio", "pipewire", "libasound2-plugins", "jack"] {
            assert!(!line.contains(server), "{line}");
        }
    }
}
