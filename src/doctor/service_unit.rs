//! What the files of systemd and ALSA say of the service: whether it is on, whether it runs, and which sound server
//! it would reach. Judges nothing.

use std::fs;
use std::path::Path;

pub(super) const UNIT: &str = "starcourt.service";

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
