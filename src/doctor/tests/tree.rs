//! A machine made of files in a folder, and what the doctor says of it.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use tempfile::TempDir;

use crate::diagnosis::Source;
use crate::doctor::{ExaminedRig, Finding, Machine, SoundTrial, Verdict, examine};
use crate::rig::{self, Rig};

pub(super) const LOCK_DIR: &str = "/run/starcourt";

/// A machine under construction. Its devices belong to whoever runs the tests; its user is somebody
/// else, who gets at them by their group.
pub(super) struct Tree(TempDir);

impl Tree {
    /// A machine of which nothing is known.
    pub(super) fn bare() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A well-kept Pi of this model, with the user `pi` in all groups.
    pub(super) fn pi(model: &str) -> Self {
        let tree = Self::bare();
        tree.write("sys/firmware/devicetree/base/model", &format!("{model}\0"));
        tree.write("proc/sys/kernel/osrelease", "6.6.51+rpt-rpi-v8\n");
        tree.write("proc/cmdline", "console=tty1 root=PARTUUID=1 rootwait\n");
        tree.write("boot/firmware/config.txt", "dtparam=audio=on\n[all]\n");
        tree.write("proc/asound/cards", " 0 [Headphones     ]: bcm2835 - bcm2835 Headphones\n");
        tree.write("etc/tmpfiles.d/starcourt.conf", "d /run/starcourt 2775 root gpio -\n");
        tree.write("proc/self/limits", "Max realtime priority     95                   95        \n");
        tree.write("run/systemd/timesync/synchronized", "");
        tree.user(true);
        tree.device("dev/gpiomem", 0o660);
        tree.device("dev/snd/controlC0", 0o660);
        fs::create_dir_all(tree.path().join("run/starcourt")).unwrap();
        tree.mode("run/starcourt", 0o2775);
        tree
    }

    pub(super) fn pi_4() -> Self {
        let tree = Self::pi("Raspberry Pi 4 Model B Rev 1.4");
        tree.chip(0, "pinctrl-bcm2835");
        tree
    }

    pub(super) fn pi_5(header: u32) -> Self {
        let tree = Self::pi("Raspberry Pi 5 Model B Rev 1.0");
        tree.device("dev/gpiomem0", 0o660);
        tree.chip(header, "pinctrl-rp1");
        tree.chip(header + 1, "brcmstb-gpio");
        tree
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(super) fn mode(&self, path: &str, mode: u32) {
        fs::set_permissions(self.path().join(path), fs::Permissions::from_mode(mode)).unwrap();
    }

    pub(super) fn device(&self, path: &str, mode: u32) {
        self.write(path, "");
        self.mode(path, mode);
    }

    pub(super) fn remove(&self, path: &str) {
        fs::remove_file(self.path().join(path)).unwrap();
    }

    pub(super) fn chip(&self, number: u32, driver: &str) {
        let name = format!("gpiochip{number}");
        self.device(&format!("dev/{name}"), 0o660);
        let device = self.path().join("sys/devices").join(driver);
        fs::create_dir_all(device.join(&name)).unwrap();
        fs::create_dir_all(self.path().join("sys/bus/gpio/devices")).unwrap();
        symlink(Path::new("../drivers").join(driver), device.join("driver")).unwrap();
        symlink(device.join(&name), self.path().join("sys/bus/gpio/devices").join(&name)).unwrap();
    }

    /// The user `pi`, whose session is in the group of the devices or not.
    pub(super) fn user(&self, in_group: bool) {
        let about = fs::metadata(self.path()).unwrap();
        let (id, devices) = (about.uid() + 1000, about.gid());
        let group = if in_group { devices } else { devices + 1000 };
        self.write(
            "proc/self/status",
            &format!(
                "Pid:\t50\nUid:\t{id}\t{id}\t{id}\t{id}\nGid:\t{group}\t{group}\nCapEff:\t0000000000000000\n"
            ),
        );
        self.write("etc/passwd", &format!("root:x:0:0::/root:/bin/sh\npi:x:{id}:{id}::/home/pi:/bin/sh\n"));
        self.write("etc/group", &format!("gpio:x:{devices}:other\n"));
    }

    pub(super) fn machine(&self, lock_dir: &str) -> Machine {
        let now = UNIX_EPOCH + Duration::from_secs(1_790_000_000);
        Machine::gather(self.path(), Path::new(lock_dir), now)
    }

    pub(super) fn findings_with(&self, rig: Option<&Rig>) -> Vec<Finding> {
        examine(&self.machine(LOCK_DIR), rig.map(examined), None)
    }

    /// Somebody has opened the rig's sound device, with this result.
    pub(super) fn findings_after(&self, rig: &Rig, trial: &SoundTrial) -> Vec<Finding> {
        examine(&self.machine(LOCK_DIR), Some(examined(rig)), Some(trial))
    }

    /// Checks that `rig` finds exactly one thing to say, with these words in it and in its mend.
    #[track_caller]
    pub(super) fn check_with(&self, rig: Option<&Rig>, verdict: Verdict, what: &str, mend: &str) {
        let findings = self.findings_with(rig);
        let said: Vec<&Finding> = findings.iter().filter(|f| f.verdict != Verdict::Good).collect();
        let [one] = said[..] else { panic!("one finding expected: {said:#?}") };
        assert_eq!(one.verdict, verdict);
        assert!(one.what.contains(what), "{one:#?}");
        assert!(one.mend.as_deref().unwrap_or_default().contains(mend), "{one:#?}");
    }

    #[track_caller]
    pub(super) fn check(&self, verdict: Verdict, what: &str, mend: &str) {
        self.check_with(None, verdict, what, mend);
    }

    #[track_caller]
    pub(super) fn assert_well(&self, rig: Option<&Rig>) {
        let findings = self.findings_with(rig);
        assert!(findings.iter().all(|finding| finding.verdict == Verdict::Good), "{findings:#?}");
    }
}

pub(super) fn examined(rig: &Rig) -> ExaminedRig<'_> {
    ExaminedRig { rig, path: Path::new("/etc/starcourt/rig.toml") }
}

pub(super) fn rig_of(channels: &str) -> Rig {
    let source = Source::new("rig.toml", format!("[channels]\n{channels}"));
    rig::read(&source).0.expect("a rig without mistakes")
}

pub(super) fn sample_rig() -> Rig {
    rig::read(&Source::new("rig.toml", include_str!("../../../shows/rig.toml"))).0.expect("the sample rig")
}
