//! The boot-time service: whether it runs, and whether it can reach the rig's sound device. Knows nothing of what
//! it plays.

use std::fs;
use std::path::Path;

use crate::rig::Rig;

use super::finding::Finding;
use super::machine::Machine;

const UNIT: &str = "starcourt.service";

/// What systemd's files say of the service.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ServiceUnit {
    Missing,
    /// It is not started at boot.
    Off,
    /// It runs.
    Runs,
    /// It is enabled, and does not run.
    Down,
}

impl ServiceUnit {
    /// As the files below `root` tell. On a machine without systemd it is missing.
    pub(super) fn gather(root: &Path) -> Self {
        let is_there = |path: &str| root.join(path).symlink_metadata().is_ok();
        let units = ["etc/systemd/system", "usr/lib/systemd/system", "lib/systemd/system"];
        let runs = || {
            let groups = ["sys/fs/cgroup/system.slice", "sys/fs/cgroup/systemd/system.slice"];
            groups.iter().any(|group| {
                let members = fs::read_to_string(root.join(group).join(UNIT).join("cgroup.procs"));
                members.is_ok_and(|members| !members.trim().is_empty())
            })
        };
        if !is_there("run/systemd/system")
            || !units.iter().any(|folder| is_there(&format!("{folder}/{UNIT}")))
        {
            Self::Missing
        } else if runs() {
            Self::Runs
        } else if is_there(&format!("etc/systemd/system/multi-user.target.wants/{UNIT}")) {
            Self::Down
        } else {
            Self::Off
        }
    }
}

pub(super) fn examine(machine: &Machine, rig: Option<&Rig>) -> Vec<Finding> {
    let finding = match machine.service {
        // Shows are played over SSH here, or this is a laptop.
        ServiceUnit::Missing => return Vec::new(),
        ServiceUnit::Off => {
            Finding::good("the service is off: sudo systemctl enable --now starcourt starts it at boot")
        }
        ServiceUnit::Runs => Finding::good("the service runs"),
        ServiceUnit::Down => Finding::wrong("the service is enabled, and does not run")
            .mend("journalctl -u starcourt -n 20    # says why\nsudo systemctl restart starcourt"),
    };
    let sound =
        rig.filter(|_| machine.service != ServiceUnit::Off).and_then(|rig| sound_server(machine, rig));
    [Some(finding), sound].into_iter().flatten().collect()
}

/// A sound server belongs to a user who is logged in. At boot nobody is.
fn sound_server(machine: &Machine, rig: &Rig) -> Option<Finding> {
    let audio = &rig.audio;
    let is_servers = |name: &str| ["pulse", "pipewire", "jack"].contains(&name);
    let server = match audio.device.as_str() {
        "default" => machine.sound_server.as_deref()?,
        device => device.split(':').next().filter(|name| is_servers(name))?,
    };
    let what = format!(
        "the rig's sound device \"{}\" is a sound server's ({server}), which the service cannot reach",
        audio.device
    );
    let finding = if audio.required { Finding::wrong(what) } else { Finding::advice(what) };
    Some(finding.mend(
        "aplay -L | grep ^plughw    # names the cards themselves\n\
         sudoedit /etc/starcourt/rig.toml    # device = \"plughw:CARD=…\"\n\
         sudo systemctl restart starcourt",
    ))
}

/// The sound server that ALSA's `default` leads to by its configuration for the whole machine, if it leads to one.
pub(super) fn default_server(root: &Path) -> Option<String> {
    let own = [root.join("etc/asound.conf")];
    let parts = fs::read_dir(root.join("etc/alsa/conf.d")).into_iter().flatten().flatten();
    let paths = own.into_iter().chain(parts.map(|part| part.path()));
    let texts = paths.filter(|path| path.extension().is_some_and(|kind| kind == "conf"));
    let text: String = texts.filter_map(|path| fs::read_to_string(path).ok()).collect();
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let mut words = lines.flat_map(|line| line.split([' ', '\t', '{', '}', '"', ';', '=']));
    let is_default = |word: &str| matches!(word, "pcm.!default" | "pcm.default");
    words.find(|word| is_default(word))?;
    // Its type is the first word after `type`.
    words.find(|word| *word == "type")?;
    let kind = words.find(|word| !word.is_empty())?;
    ["pulse", "pipewire", "jack"].contains(&kind).then(|| kind.to_owned())
}
