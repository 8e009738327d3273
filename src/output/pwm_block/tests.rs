//! The block on a Pi of files.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::thread;

use tempfile::TempDir;

use super::*;
use crate::level::Level;
use crate::output::testing::{channel, rig_of};
use crate::rig::{Active, Address, Channel, Kind, Line};

const PI_4: &str = "fe20c000.pwm";

/// What the kernel shows below `/sys/class/pwm`.
struct Sysfs(TempDir);

impl Sysfs {
    /// Chips behind `devices`, numbered as they come.
    fn new(devices: &[&str]) -> Self {
        let sysfs = Self(tempfile::tempdir().unwrap());
        for (number, device) in devices.iter().enumerate() {
            let chip = sysfs.chip(number);
            fs::create_dir_all(&chip).unwrap();
            symlink(format!("../../../{device}"), chip.join("device")).unwrap();
            fs::write(chip.join("export"), "").unwrap();
        }
        sysfs
    }

    fn chip(&self, number: usize) -> PathBuf {
        self.0.path().join(format!("sys/class/pwm/pwmchip{number}"))
    }

    fn folder(&self, chip: usize, channel: u8) -> PathBuf {
        self.chip(chip).join(format!("pwm{channel}"))
    }

    /// A channel that is there already: period, duty, polarity, enable.
    fn with(self, chip: usize, channel: u8, state: [&str; 4]) -> Self {
        let folder = self.folder(chip, channel);
        fs::create_dir_all(&folder).unwrap();
        for (file, text) in FILES.into_iter().zip(state) {
            fs::write(folder.join(file), format!("{text}\n")).unwrap();
        }
        self
    }

    fn fresh(self, chip: usize, channel: u8) -> Self {
        self.with(chip, channel, ["0", "0", "normal", "0"])
    }

    #[track_caller]
    fn check(&self, chip: usize, channel: u8, state: [&str; 4]) {
        let found = FILES.map(|file| {
            let text = fs::read_to_string(self.folder(chip, channel).join(file)).unwrap();
            text.lines().next().unwrap().to_owned()
        });
        assert_eq!(found, state);
    }

    fn open(&self, channels: Vec<Channel>) -> anyhow::Result<PwmBlock> {
        let mut block = self.reach(channels);
        block.take()?;
        Ok(block)
    }

    fn reach(&self, channels: Vec<Channel>) -> PwmBlock {
        let rig = rig_of(channels);
        let dimmed = || rig.channels.iter().filter(|channel| matches!(channel.address, Address::PwmBlock(_)));
        let wires: Vec<DimmedWire> = dimmed().filter_map(DimmedWire::of).collect();
        PwmBlock::reach(self.0.path(), &wires, rig.pwm_period()).for_channels(dimmed())
    }
}

const FILES: [&str; 4] = ["period", "duty_cycle", "polarity", "enable"];

fn moon(bcm: u8, active: Active) -> Channel {
    Channel { address: Address::PwmBlock(Line::new(bcm).unwrap()), ..channel("moon", bcm, Kind::Pwm, active) }
}

#[test]
fn a_line_starts_dark_follows_and_stays_enabled_and_dark() {
    for (active, polarity) in [(Active::High, "normal"), (Active::Low, "inversed")] {
        let sysfs = Sysfs::new(&[PI_4]).fresh(0, 0);
        let moon = moon(18, active);
        let mut block = sysfs.open(vec![moon]).unwrap();
        sysfs.check(0, 0, ["5000000", "0", polarity, "1"]);
        assert!(block.write(0, Level::from_percent(20)));
        sysfs.check(0, 0, ["5000000", "1000000", polarity, "1"]);
        assert!(block.make_safe());
        sysfs.check(0, 0, ["5000000", "0", polarity, "1"]);
        assert!(block.write(0, Level::FULL));
        sysfs.check(0, 0, ["5000000", "5000000", polarity, "1"]);
        drop(block);
        sysfs.check(0, 0, ["5000000", "0", polarity, "1"]);
    }
}

#[test]
fn a_channel_that_rests_lit_is_lit_from_the_start_to_the_end() {
    let sysfs = Sysfs::new(&[PI_4]).fresh(0, 1);
    let exit = Channel { safe: Level::FULL, ..moon(13, Active::High) };
    drop(sysfs.open(vec![exit]).unwrap());
    sysfs.check(0, 1, ["5000000", "5000000", "normal", "1"]);
}

#[test]
fn what_a_kill_left_is_made_safe_whatever_its_period() {
    for before in ["5000000", "1000000", "20000000"] {
        let sysfs = Sysfs::new(&[PI_4]).with(0, 0, [before, "900000", "normal", "1"]);
        let _block = sysfs.open(vec![moon(18, Active::High)]).unwrap();
        sysfs.check(0, 0, ["5000000", "0", "normal", "1"]);
    }
}

#[test]
fn what_another_process_dims_is_left_alone_until_it_is_taken_and_as_often_as_it_is() {
    let sysfs = Sysfs::new(&[PI_4]).fresh(0, 0);
    let moon = moon(18, Active::High);
    let mut player = sysfs.open(vec![moon.clone()]).unwrap();
    let mut other =
        PwmBlock::reach(sysfs.0.path(), &[DimmedWire::of(&moon).unwrap()], Duration::from_millis(5));
    for (percent, lit) in [(20, "1000000"), (40, "2000000")] {
        assert!(player.write(0, Level::from_percent(percent)));
        assert!(other.make_safe());
        sysfs.check(0, 0, ["5000000", lit, "normal", "1"]);
        other.take().unwrap();
        sysfs.check(0, 0, ["5000000", "0", "normal", "1"]);
        other = PwmBlock::reach(sysfs.0.path(), &[DimmedWire::of(&moon).unwrap()], Duration::from_millis(5));
    }
}

#[test]
fn the_chip_is_found_by_its_device_and_the_channel_by_the_line() {
    let two = ["fe20c800.pwm", PI_4];
    let four = ["1f0009c000.pwm", "1f00098000.pwm"];
    for (devices, bcm, channel) in [
        (two, 12, 0),
        (two, 18, 0),
        (two, 13, 1),
        (two, 19, 1),
        (four, 12, 0),
        (four, 13, 1),
        (four, 18, 2),
        (four, 19, 3),
    ] {
        let sysfs = Sysfs::new(&devices).fresh(1, channel);
        let _block = sysfs.open(vec![moon(bcm, Active::High)]).unwrap();
        sysfs.check(1, channel, ["5000000", "0", "normal", "1"]);
    }
}

#[test]
fn a_channel_that_is_not_there_yet_is_asked_for_and_waited_for() {
    let sysfs = Sysfs::new(&[PI_4]);
    thread::scope(|scope| {
        scope.spawn(|| {
            while fs::read_to_string(sysfs.chip(0).join("export")).unwrap() != "1" {
                thread::yield_now();
            }
            let ready = Sysfs::new(&[]).fresh(0, 1);
            fs::rename(ready.folder(0, 1), sysfs.folder(0, 1)).unwrap();
        });
        drop(sysfs.open(vec![moon(19, Active::High)]).unwrap());
    });
    sysfs.check(0, 1, ["5000000", "0", "normal", "1"]);
}

#[test]
fn without_the_overlay_the_mend_and_its_price_are_named() {
    for sysfs in [Sysfs::new(&[]), Sysfs::new(&["fe20c800.pwm"])] {
        let error = sysfs.open(vec![moon(18, Active::High)]).unwrap_err();
        assert!(matches!(error.downcast_ref(), Some(Unavailable::Missing(_))), "{error:?}");
        let words = error.to_string();
        assert!(words.contains("dtoverlay=pwm-2chan") && words.contains("headphone jack"), "{words}");
    }
}

#[test]
fn lines_of_nobody_s_are_left_alone() {
    let sysfs = Sysfs::new(&[PI_4]).fresh(0, 0);
    let software = channel("windows", 18, Kind::Pwm, Active::High);
    drop(sysfs.open(vec![software]).unwrap());
    sysfs.check(0, 0, ["0", "0", "normal", "0"]);
}

#[test]
fn a_level_becomes_the_share_of_a_period_that_gives_its_light() {
    let sysfs = Sysfs::new(&[PI_4]).fresh(0, 0);
    let moon = Channel { ceiling: Level::from_percent(80), ..moon(18, Active::High) };
    let mut levels = sysfs.open(vec![moon]).unwrap();
    for (percent, duty) in [(0, "0"), (50, "2000000"), (100, "4000000")] {
        assert!(levels.write(0, Level::from_percent(percent)));
        sysfs.check(0, 0, ["5000000", duty, "normal", "1"]);
    }
    assert!(levels.make_safe());
    sysfs.check(0, 0, ["5000000", "0", "normal", "1"]);
}

#[test]
fn a_line_that_is_not_to_be_had_keeps_no_other_from_being_made_safe() {
    let sysfs = Sysfs::new(&[PI_4]).fresh(0, 0).with(0, 1, ["5000000", "900000", "normal", "1"]);
    fs::remove_file(sysfs.folder(0, 0).join("polarity")).unwrap();
    assert!(sysfs.open(vec![moon(18, Active::High), moon(19, Active::High)]).is_err());
    sysfs.check(0, 1, ["5000000", "0", "normal", "1"]);
}

#[test]
fn a_line_that_cannot_be_taken_anew_is_made_safe_as_far_as_it_was_taken() {
    let sysfs = Sysfs::new(&[PI_4]).fresh(0, 0);
    let mut block = sysfs.open(vec![moon(18, Active::High)]).unwrap();
    assert!(block.write(0, Level::FULL));
    fs::remove_file(sysfs.folder(0, 0).join("polarity")).unwrap();
    assert!(block.take().is_err());
    assert_eq!(fs::read_to_string(sysfs.folder(0, 0).join("duty_cycle")).unwrap().lines().next(), Some("0"));
}

#[test]
fn a_line_that_was_not_taken_is_left_alone() {
    let sysfs = Sysfs::new(&[PI_4]).fresh(0, 0);
    let mut block = sysfs.reach(vec![moon(18, Active::High)]);
    assert!(block.write(0, Level::FULL) && block.make_safe());
    drop(block);
    sysfs.check(0, 0, ["0", "0", "normal", "0"]);
}
