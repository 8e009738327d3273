//! The checks on whole machines.

mod pins;
mod service;
mod sound;
mod tree;

use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{Machine, Verdict, examine};
use tree::{LOCK_DIR, Tree, examined, rig_of, sample_rig};

#[test]
fn a_well_kept_pi_has_nothing_wrong() {
    Tree::pi_4().assert_well(Some(&sample_rig()));
    Tree::pi_5(0).assert_well(Some(&sample_rig()));
}

#[test]
fn a_pi_5_whose_chips_do_not_count_from_0_is_told_the_udev_rule() {
    let tree = Tree::pi_5(11);
    let rule = r#"DRIVERS=="pinctrl-rp1", SYMLINK+="gpiochip0""#;
    tree.check(Verdict::Wrong, "the header is /dev/gpiochip11", rule);
    symlink("gpiochip11", tree.path().join("dev/gpiochip0")).unwrap();
    tree.assert_well(None);
}

#[test]
fn a_gap_behind_the_headers_chip_does_no_harm() {
    let tree = Tree::pi_5(0);
    tree.chip(9, "other");
    tree.assert_well(None);
}

#[test]
fn a_laptop_is_told_about_simulated_lines_and_nothing_is_wrong() {
    let tree = Tree::bare();
    tree.write("proc/asound/cards", " 0 [PCH            ]: HDA-Intel - HDA Intel PCH\n");
    tree.write("proc/self/limits", "Max realtime priority     95                   95        \n");
    tree.assert_well(None);
    assert!(tree.findings_with(None)[0].what.contains("starcourt simulates the lights"));
}

#[test]
fn a_laptop_is_told_which_lights_come_on_while_the_pi_boots() {
    let rig = rig_of(
        "x = { pin = 17, kind = \"relay\", active = \"low\" }\ny = { pin = 5, kind = \"pwm\" }\n\
         z = { pin = 18, kind = \"pwm\" }",
    );
    let findings = Tree::bare().findings_with(Some(&rig));
    for what in [
        "while the Pi boots, x (GPIO 17) may light up: use GPIO 4 to 8, or a resistor of 4.7 kΩ from each pin to 3.3 V",
        "while the Pi boots, y (GPIO 5) may light up: use GPIO 9 to 27, or a resistor of 4.7 kΩ from each pin to ground",
    ] {
        assert!(findings.iter().any(|finding| finding.what == what), "{findings:#?}");
    }
    let pi = Tree::pi_4();
    pi.remove("boot/firmware/config.txt");
    let rig = rig_of("x = { pin = 17, kind = \"relay\", active = \"low\" }");
    pi.check_with(Some(&rig), Verdict::Advice, "x (GPIO 17) may light up", "");
}

#[test]
fn a_missing_register_device_names_the_kernel_module() {
    let tree = Tree::pi_4();
    tree.remove("dev/gpiomem");
    tree.check(Verdict::Wrong, "/dev/gpiomem is missing", "modprobe raspberrypi_gpiomem");
    let tree = Tree::pi_4();
    tree.remove("dev/gpiochip0");
    tree.check(Verdict::Wrong, "no /dev/gpiochip*", "");
}

#[test]
fn a_user_outside_the_group_is_told_to_join_it() {
    let tree = Tree::pi_4();
    tree.user(false);
    let findings = tree.findings_with(None);
    let mend = "sudo usermod -aG gpio pi\nexit    # and log in again";
    for device in ["/dev/gpiomem", "/dev/gpiochip0", "/run/starcourt", "/dev/snd/controlC0"] {
        let finding = findings.iter().find(|finding| finding.what.contains(device)).unwrap();
        assert_eq!((finding.verdict, finding.mend.as_deref()), (Verdict::Wrong, Some(mend)), "{device}");
    }
}

#[test]
fn a_user_who_has_just_joined_the_group_only_logs_in_again() {
    let tree = Tree::pi_4();
    tree.user(false);
    let about = fs::metadata(tree.path()).unwrap();
    tree.write("etc/group", &format!("gpio:x:{}:other,pi\n", about.gid()));
    let findings = tree.findings_with(None);
    let mends: Vec<&str> = findings.iter().filter_map(|finding| finding.mend.as_deref()).collect();
    assert!(mends.iter().all(|mend| mend.starts_with("exit") && !mend.contains("usermod")), "{mends:?}");
}

#[test]
fn devices_that_no_group_opens_get_a_rule() {
    let tree = Tree::pi_4();
    tree.mode("dev/gpiomem", 0o600);
    tree.check(
        Verdict::Wrong,
        "pi may not use /dev/gpiomem",
        r#"KERNEL=="gpiomem*|gpiochip*", GROUP="gpio""#,
    );
}

#[test]
fn a_lock_directory_that_is_open_to_everybody_is_wrong() {
    let tree = Tree::pi_4();
    tree.mode("run/starcourt", 0o777);
    tree.check(Verdict::Wrong, "everybody may write to /run/starcourt", "chmod 2775 /run/starcourt");
}

#[test]
fn a_lock_directory_that_is_not_there_or_no_directory_is_made() {
    let make = "d /run/starcourt 2775 root gpio -";
    let tree = Tree::pi_4();
    fs::remove_dir(tree.path().join("run/starcourt")).unwrap();
    tree.check(Verdict::Wrong, "/run/starcourt is missing", make);
    symlink("/tmp", tree.path().join("run/starcourt")).unwrap();
    tree.check(Verdict::Wrong, "/run/starcourt is a link", make);
    let tree = Tree::pi_4();
    tree.remove("etc/tmpfiles.d/starcourt.conf");
    tree.check(Verdict::Advice, "gone after the next boot", make);
}

#[test]
fn a_lock_directory_that_a_person_named_gets_no_line_for_the_boot() {
    let tree = Tree::pi_4();
    fs::create_dir_all(tree.path().join("tmp/my locks")).unwrap();
    for (name, verdict, what, mend) in [
        (
            "/tmp/my locks",
            Verdict::Wrong,
            "pi may not write to '/tmp/my locks'",
            "sudo chown pi '/tmp/my locks'",
        ),
        (
            "/tmp/new",
            Verdict::Wrong,
            "/tmp/new is missing",
            "sudo mkdir -p /tmp/new && sudo chown pi /tmp/new",
        ),
    ] {
        tree.mode("tmp", 0o700);
        let findings = examine(&tree.machine(name), None, None);
        let told = findings.iter().find(|finding| finding.what.contains(what)).unwrap();
        assert_eq!((told.verdict, told.mend.as_deref()), (verdict, Some(mend)));
        assert!(
            findings.iter().all(|finding| !format!("{finding:?}").contains("tmpfiles.d")),
            "{findings:#?}"
        );
    }
    tree.mode("tmp", 0o777);
    let findings = examine(&tree.machine("/tmp/new"), None, None);
    assert!(
        findings.iter().any(|finding| finding.what == "the first show makes the lock directory /tmp/new")
    );
}

#[test]
fn without_realtime_permission_there_is_a_limit_to_raise() {
    let tree = Tree::pi_4();
    tree.write("proc/self/limits", "Max realtime priority     0                    0         \n");
    tree.check(Verdict::Advice, "may not run in real time", "@gpio - rtprio 50");
}

#[test]
fn a_clock_that_believes_in_1970_is_wrong() {
    let tree = Tree::pi_4();
    let machine = Machine::gather(tree.path(), Path::new(LOCK_DIR), UNIX_EPOCH + Duration::from_secs(60));
    let findings = examine(&machine, None, None);
    let wrong: Vec<_> = findings.iter().filter(|finding| finding.verdict == Verdict::Wrong).collect();
    assert!(matches!(wrong[..], [one] if one.what.contains("clock")), "{wrong:#?}");
}

#[test]
fn this_machine_can_be_examined_whatever_it_is() {
    let machine = Machine::gather(Path::new("/"), Path::new(LOCK_DIR), SystemTime::now());
    assert!(!examine(&machine, Some(examined(&sample_rig())), None).is_empty());
}
