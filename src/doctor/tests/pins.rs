//! The rig's pins on boards that use them otherwise, and programs that drive them too.

use std::fs;
use std::os::unix::fs::symlink;

use super::tree::{Tree, rig_of};
use crate::doctor::Verdict;

#[test]
fn a_second_owner_of_the_pins_is_named() {
    let tree = Tree::pi_4();
    tree.write("proc/321/comm", "python3\n");
    tree.write("proc/321/cmdline", "python3\0lights.py\0");
    fs::create_dir_all(tree.path().join("proc/321/fd")).unwrap();
    symlink("/dev/gpiomem", tree.path().join("proc/321/fd/5")).unwrap();
    tree.check(Verdict::Wrong, "python3 lights.py (PID 321, by /dev/gpiomem)", "sudo kill 321");
}

#[test]
fn a_daemon_that_only_maps_the_registers_is_stopped_by_its_unit() {
    let tree = Tree::pi_4();
    tree.write("proc/99/comm", "pigpiod\n");
    tree.write("proc/99/maps", "7f00-7f10 rw-s fe200000 00:06 8                          /dev/mem\n");
    tree.write("proc/99/cgroup", "0::/system.slice/pigpiod.service\n");
    tree.check(
        Verdict::Wrong,
        "pigpiod (PID 99, by /dev/mem)",
        "sudo systemctl disable --now pigpiod.service",
    );
}

#[test]
fn starcourt_itself_is_no_rival() {
    let tree = Tree::pi_4();
    for (pid, comm) in [("50", "anything"), ("51", "starcourt")] {
        tree.write(&format!("proc/{pid}/comm"), comm);
        tree.write(&format!("proc/{pid}/maps"), "7f00-7f10 rw-s 0 00:06 8    /dev/gpiomem\n");
    }
    tree.assert_well(None);
}

#[test]
fn pins_with_another_job_are_named_with_their_channels() {
    for (config, channel, what, mend) in [
        (
            "dtparam=i2c_arm=on",
            "x = { pin = 2, kind = \"ssr\", active = \"low\" }",
            "the I²C bus",
            "do_i2c 1",
        ),
        ("dtparam=spi=on", "x = { pin = 7, kind = \"ssr\", active = \"low\" }", "the SPI bus", "do_spi 1"),
        ("enable_uart=1", "x = { pin = 15, kind = \"ssr\" }", "the serial port", "do_serial_hw 1"),
        ("dtoverlay=w1-gpio,gpiopin=22", "x = { pin = 22, kind = \"ssr\" }", "x (GPIO 22)", "#&"),
        ("dtoverlay=hifiberry-dac", "x = { pin = 19, kind = \"pwm\" }", "hifiberry-dac", "config.txt"),
        ("dtparam=strict_gpiod", "x = { pin = 22, kind = \"ssr\" }", "strict_gpiod", "#&"),
    ] {
        let tree = Tree::pi_4();
        tree.write("boot/firmware/config.txt", config);
        tree.check_with(Some(&rig_of(channel)), Verdict::Wrong, what, mend);
        tree.write("boot/firmware/config.txt", &format!("[pi5]\n{config}\n"));
        tree.assert_well(Some(&rig_of(channel)));
    }
}

#[test]
fn the_pins_of_an_expander_are_named_with_who_uses_them_too() {
    let rig = |oe: &str| {
        let board = format!("board = {{ chip = \"74hc595\", data = 10, clock = 11, latch = 17{oe} }}");
        rig_of(&format!("x = {{ out = \"board.3\", kind = \"ssr\" }}\n[expanders]\n{board}"))
    };
    let tree = Tree::pi_4();
    tree.assert_well(Some(&rig(", oe = 25")));
    tree.write("boot/firmware/config.txt", "dtparam=spi=on");
    let what = "the SPI bus uses the pins of board (GPIO 10, 11)";
    tree.check_with(Some(&rig(", oe = 25")), Verdict::Wrong, what, "do_spi 1");
    let tree = Tree::pi_4();
    tree.check_with(Some(&rig("")), Verdict::Advice, "any output of board may be on", "");
}

#[test]
fn chips_on_the_i2c_bus_are_meant_to_be_there_and_lights_on_its_pins_are_not() {
    let tree = Tree::pi_4();
    tree.write("boot/firmware/config.txt", "dtparam=i2c_arm=on");
    let chip = "[expanders]\nroof = { chip = \"mcp23017\", address = 0x20 }";
    tree.assert_well(Some(&rig_of(&format!("x = {{ out = \"roof.A3\", kind = \"ssr\" }}\n{chip}"))));
    tree.write("boot/firmware/config.txt", "dtparam=i2c_arm=on\ndtoverlay=gpio-shutdown");
    let rig = rig_of(&format!("x = {{ out = \"roof.A3\", kind = \"ssr\" }}\n{chip}"));
    tree.check_with(Some(&rig), Verdict::Wrong, "gpio-shutdown uses the pins of roof (GPIO 3)", "#&");
}

#[test]
fn a_console_on_the_header_talks_through_the_rigs_pins() {
    let rig = rig_of("x = { pin = 14, kind = \"ssr\" }");
    let tree = Tree::pi_4();
    tree.write("proc/cmdline", "console=ttyS0,115200 console=tty1 root=PARTUUID=1");
    tree.check_with(Some(&rig), Verdict::Wrong, "console (ttyS0)", "do_serial_cons 1");
    let tree = Tree::pi_5(0);
    tree.write("proc/cmdline", "console=serial0,115200 root=PARTUUID=1");
    tree.assert_well(Some(&rig));
}

#[test]
fn hardware_pwm_needs_its_overlay() {
    let rig = rig_of(
        "x = { pin = 12, kind = \"pwm\", hardware = true }\ny = { pin = 19, kind = \"pwm\", hardware = true }",
    );
    let tree = Tree::pi_4();
    tree.write("boot/firmware/config.txt", "dtoverlay=pwm-2chan\n");
    let overlay = "dtoverlay=pwm-2chan,pin=12,func=4,pin2=19,func2=2";
    tree.check_with(Some(&rig), Verdict::Wrong, "GPIO 12 and 19", overlay);
    tree.write("boot/firmware/config.txt", &format!("{overlay}\n"));
    tree.assert_well(Some(&rig));
    tree.write("boot/firmware/config.txt", &format!("dtparam=audio=on\n{overlay}\n"));
    tree.check_with(Some(&rig), Verdict::Advice, "the jack will not play", "audio=on");
}

#[test]
fn lights_that_come_on_at_boot_get_a_line_for_the_firmware() {
    let rig = rig_of("x = { pin = 17, kind = \"relay\", active = \"low\" }\ny = { pin = 4, kind = \"ssr\" }");
    let tree = Tree::pi_4();
    tree.check_with(Some(&rig), Verdict::Advice, "x (GPIO 17), y (GPIO 4)", r"gpio=17=op,dh\ngpio=4=op,dl");
    tree.write("boot/firmware/config.txt", "gpio=17=op,dh\ngpio=4=op,dl\n");
    tree.assert_well(Some(&rig));
}

#[test]
fn a_button_is_named_with_its_pull_and_with_who_uses_its_pin_too() {
    let rig = |button: &str| rig_of(&format!("x = {{ pin = 22, kind = \"ssr\" }}\n[buttons]\n{button}"));
    let start = rig("start = { pin = 23, press = \"next\" }");
    let tree = Tree::pi_4();
    let findings = tree.findings_with(Some(&start));
    let told = "button start is on GPIO 23 (header 16), pulled up, pressed when low";
    assert!(findings.iter().any(|finding| finding.what == told), "{findings:#?}");
    tree.write("boot/firmware/config.txt", "dtoverlay=w1-gpio,gpiopin=23");
    tree.check_with(Some(&start), Verdict::Wrong, "button start (GPIO 23)", "#&");
    let tree = Tree::pi_4();
    let pulled = rig("stop = { pin = 3, press = \"stop\", pull = \"down\" }");
    tree.check_with(Some(&pulled), Verdict::Wrong, "pulled up by the board", "pull = \"up\"");
}
