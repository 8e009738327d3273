//! The service, its clock, and where it writes.

use super::super::Verdict;
use super::tree::{Tree, sample_rig};

const UNIT: &str = "usr/lib/systemd/system/starcourt.service";
const ENABLED: &str = "etc/systemd/system/multi-user.target.wants/starcourt.service";
const RUNS: &str = "sys/fs/cgroup/system.slice/starcourt.service/cgroup.procs";
const PIPEWIRE: &str = "pcm.!default {\n    type pipewire\n    playback_node \"-1\"\n}\n";

/// A Pi on which the service is installed, with these files of systemd's besides.
fn with_service(files: &[(&str, &str)]) -> Tree {
    let tree = Tree::pi_4();
    tree.write("run/systemd/system/.there", "");
    tree.write(UNIT, "");
    for (path, text) in files {
        tree.write(path, text);
    }
    tree
}

#[test]
fn a_service_that_is_off_or_runs_is_well() {
    with_service(&[]).assert_well(Some(&sample_rig()));
    with_service(&[(ENABLED, ""), (RUNS, "812\n")]).assert_well(Some(&sample_rig()));
}

#[test]
fn an_enabled_service_that_does_not_run_is_told_where_the_reason_stands() {
    for files in [&[(ENABLED, "")][..], &[(ENABLED, ""), (RUNS, "")]] {
        with_service(files).check(Verdict::Wrong, "does not run", "journalctl -u starcourt");
    }
}

#[test]
fn a_service_is_told_that_it_reaches_no_sound_server() {
    let tree = with_service(&[(ENABLED, ""), (RUNS, "812\n")]);
    tree.write("etc/alsa/conf.d/50-pipewire.conf", "pcm.pipewire {\n    type pipewire\n}\n");
    tree.assert_well(Some(&sample_rig()));
    tree.write("etc/alsa/conf.d/99-pipewire-default.conf", PIPEWIRE);
    tree.check_with(Some(&sample_rig()), Verdict::Advice, "sound server's (pipewire)", "plughw:CARD=");
    let mut rig = sample_rig();
    rig.audio.required = true;
    tree.check_with(Some(&rig), Verdict::Wrong, "sound server's (pipewire)", "plughw:CARD=");
    rig.audio.device = "plughw:CARD=Headphones".to_owned();
    tree.assert_well(Some(&rig));
    rig.audio.device = "pulse".to_owned();
    tree.check_with(Some(&rig), Verdict::Wrong, "sound server's (pulse)", "restart starcourt");
}

#[test]
fn a_clock_that_nobody_has_set_is_told_how_to_be_and_a_chip_speaks_for_it() {
    let tree = Tree::pi_4();
    tree.remove("run/systemd/timesync/synchronized");
    tree.check(Verdict::Advice, "nobody has set the clock", "timedatectl set-ntp true");
    tree.device("dev/rtc0", 0o600);
    tree.assert_well(None);
}

#[test]
fn a_card_that_is_only_read_is_told_what_is_forgotten() {
    let tree = Tree::pi_4();
    tree.write("proc/mounts", "overlayroot / overlay rw,relatime,lowerdir=/ro 0 0\n");
    tree.check(Verdict::Advice, "forgotten", "disable_overlayfs");
}
