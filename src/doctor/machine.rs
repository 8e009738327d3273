//! The facts about this machine, read once. Judges nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::config::Config;
use super::person::{Node, Person, below};
use super::service_account::ServiceAccount;
use super::service_unit::{ServiceUnit, default_server};
use crate::clock::sound::cards::SoundCards;
use crate::lock::LockDir;

/// A `/dev/gpiochipN`.
#[derive(Clone, Debug)]
pub(super) struct Chip {
    pub(super) number: u32,
    pub(super) node: Node,
    /// The kernel driver behind it, such as `pinctrl-rp1`.
    pub(super) driver: Option<String>,
}

/// What there is at the path of the lock directory.
#[derive(Clone, Debug)]
pub(super) enum LockDirState {
    Missing,
    Link,
    NotADirectory,
    There(Node),
}

/// A process that has a device open.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Rival {
    pub(super) pid: u32,
    /// Of its program.
    pub(super) name: String,
    pub(super) command: String,
    pub(super) device: String,
    /// The systemd unit it belongs to.
    pub(super) unit: Option<String>,
}

/// A snapshot of everything that [`examine`](super::examine) looks at.
#[derive(Clone, Debug)]
pub struct Machine {
    pub(super) root: PathBuf,
    /// The board's own name; `None` if this is no Pi.
    pub(super) model: Option<String>,
    pub(super) kernel: String,
    pub(super) person: Person,
    pub(super) gpiomem: Vec<Node>,
    /// By number.
    pub(super) chips: Vec<Chip>,
    pub(super) config: Option<Config>,
    /// What the kernel was started with.
    pub(super) command_line: String,
    pub(super) lock_path: PathBuf,
    pub(super) lock_dir: LockDirState,
    /// Whether a person chose another lock directory than the usual one.
    pub(super) is_lock_dir_named: bool,
    /// Whether systemd-tmpfiles makes the lock directory at boot.
    pub(super) lock_dir_comes_back: bool,
    /// `None` without ALSA.
    pub(super) cards: Option<SoundCards>,
    /// Those who have a sound card open.
    pub(super) sound_users: Vec<Rival>,
    pub(super) sound_nodes: Vec<Node>,
    /// The sound server that ALSA's `default` leads to, if it leads to one.
    pub(super) sound_server: Option<String>,
    pub(super) service: ServiceUnit,
    pub(super) service_account: Option<ServiceAccount>,
    /// Whether the root file system keeps changes only in memory.
    pub(super) is_overlaid: bool,
    pub(super) rivals: Vec<Rival>,
    /// Whether a time server has set the clock since the machine was switched on, or a chip keeps it.
    pub(super) clock_is_kept: bool,
    /// Seconds since 1970 by this machine's clock.
    pub(super) unix_time: u64,
}

impl Machine {
    /// Reads what there is below `root`, which is `/` outside tests. `lock_path` is the lock directory
    /// below `/`. What cannot be read counts as missing. Only text files are opened.
    #[must_use]
    pub fn gather(root: &Path, lock_path: &Path, now: SystemTime) -> Self {
        let read = |path: &str| fs::read_to_string(root.join(path)).ok();
        let person = Person::gather(root);
        let model = model(root);
        let config = ["/boot/firmware/config.txt", "/boot/config.txt"]
            .into_iter()
            .find_map(|path| Some((path, fs::read_to_string(below(root, Path::new(path))).ok()?)))
            .map(|(path, text)| Config::parse(path, &text, model.as_deref().and_then(generation)));
        Self {
            root: root.to_owned(),
            config,
            kernel: read("proc/sys/kernel/osrelease").unwrap_or_default().trim().to_owned(),
            gpiomem: nodes(root, "dev", |name| name.starts_with("gpiomem")),
            chips: chips(root),
            command_line: read("proc/cmdline").unwrap_or_default(),
            lock_path: lock_path.to_owned(),
            lock_dir: lock_dir(root, lock_path),
            lock_dir_comes_back: lock_dir_comes_back(root, lock_path),
            is_lock_dir_named: lock_path != Path::new(LockDir::DEFAULT),
            cards: SoundCards::gather(root),
            sound_users: holders(root, person.pid, sound_device),
            sound_nodes: nodes(root, "dev/snd", |name| {
                name.starts_with("pcm") || name.starts_with("control")
            }),
            sound_server: default_server(root),
            service: ServiceUnit::gather(root),
            service_account: ServiceAccount::gather(root),
            is_overlaid: read("proc/mounts").is_some_and(|mounts| is_overlaid(&mounts)),
            clock_is_kept: ["run/systemd/timesync/synchronized", "dev/rtc0"]
                .iter()
                .any(|path| root.join(path).exists()),
            rivals: rivals(root, person.pid),
            unix_time: now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()),
            model,
            person,
        }
    }

    /// As whom systemd runs the service, if the service is installed.
    #[must_use]
    pub fn service_account(&self) -> Option<&ServiceAccount> {
        self.service_account.as_ref().filter(|_| self.service != ServiceUnit::Missing)
    }

    /// Whether the doctor runs as root, who may become anybody.
    #[must_use]
    pub fn is_roots(&self) -> bool {
        self.person.is_root()
    }

    /// Who runs the doctor.
    #[must_use]
    pub fn person_name(&self) -> &str {
        self.person.name()
    }

    #[must_use]
    pub fn is_pi(&self) -> bool {
        self.model.is_some()
    }

    /// Whether an RP1 chip drives the header, as on the Pi 5.
    pub(super) fn has_rp1(&self) -> bool {
        self.model.as_deref().is_some_and(|model| ["Pi 5", "Module 5"].iter().any(|kin| model.contains(kin)))
    }
}

/// Whether the root file system in `/proc/mounts` is an overlay.
fn is_overlaid(mounts: &str) -> bool {
    let mut columns = mounts.lines().map(|line| line.split_whitespace().skip(1));
    columns.any(|mut columns| columns.next() == Some("/") && columns.next() == Some("overlay"))
}

fn model(root: &Path) -> Option<String> {
    let tree = fs::read_to_string(root.join("sys/firmware/devicetree/base/model")).ok();
    let named = tree.map(|model| model.trim_end_matches('\0').to_owned());
    let cpuinfo = fs::read_to_string(root.join("proc/cpuinfo")).unwrap_or_default();
    let field = |name: &str| {
        let line = cpuinfo.lines().find_map(|line| line.strip_prefix(name)?.trim_start().strip_prefix(':'));
        line.map(|value| value.trim().to_owned())
    };
    named.or_else(|| field("Model")).filter(|model| model.starts_with("Raspberry Pi"))
}

/// As `config.txt` filters by it: "pi4" of "Raspberry Pi 4 Model B".
fn generation(model: &str) -> Option<&'static str> {
    let generations = [("Pi 2", "pi2"), ("Pi 3", "pi3"), ("Pi 4", "pi4"), ("Pi 5", "pi5")];
    generations.into_iter().find(|(name, _)| model.contains(name)).map(|(_, filter)| filter)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

fn nodes(root: &Path, folder: &str, wanted: impl Fn(&str) -> bool) -> Vec<Node> {
    let names = names(&root.join(folder)).into_iter().filter(|name| wanted(name));
    names.filter_map(|name| Node::at(root, Path::new("/").join(folder).join(name))).collect()
}

fn chips(root: &Path) -> Vec<Chip> {
    let mut chips: Vec<Chip> = names(&root.join("dev"))
        .iter()
        .filter_map(|name| {
            let number = name.strip_prefix("gpiochip")?.parse().ok()?;
            Some(Chip {
                number,
                node: Node::at(root, Path::new("/dev").join(name))?,
                driver: driver(root, name),
            })
        })
        .collect();
    chips.sort_by_key(|chip| chip.number);
    chips
}

fn driver(root: &Path, chip: &str) -> Option<String> {
    // An alias made by udev has no device of its own.
    let device = root.join("dev").join(chip).canonicalize().ok()?;
    let device = root.join("sys/bus/gpio/devices").join(device.file_name()?).canonicalize().ok()?;
    let driver = device.parent()?.join("driver").read_link().ok()?;
    Some(driver.file_name()?.to_string_lossy().into_owned())
}

fn lock_dir(root: &Path, path: &Path) -> LockDirState {
    match below(root, path).symlink_metadata() {
        Err(_) => LockDirState::Missing,
        Ok(about) if about.is_symlink() => LockDirState::Link,
        Ok(about) if !about.is_dir() => LockDirState::NotADirectory,
        Ok(_) => Node::at(root, path).map_or(LockDirState::Missing, LockDirState::There),
    }
}

fn lock_dir_comes_back(root: &Path, path: &Path) -> bool {
    let folders = ["etc/tmpfiles.d", "run/tmpfiles.d", "usr/lib/tmpfiles.d", "usr/local/lib/tmpfiles.d"];
    let makes = |text: String| {
        text.lines().any(|line| {
            let mut columns = line.split_whitespace();
            columns.next().is_some_and(|kind| kind.starts_with(['d', 'D']))
                && columns.next().is_some_and(|made| Path::new(made) == path)
        })
    };
    folders.iter().any(|folder| {
        let folder = root.join(folder);
        names(&folder).iter().any(|name| fs::read_to_string(folder.join(name)).is_ok_and(makes))
    })
}

/// Other programs that drive pins. Other instances and their guardians are excluded by the lock.
fn rivals(root: &Path, own: u32) -> Vec<Rival> {
    let mut rivals = holders(root, own, pin_device);
    rivals.retain(|rival| !["starcourt", crate::guardian::NAME].contains(&rival.name.as_str()));
    rivals
}

/// The other processes that have such a device open or mapped, as far as this user may see. Most GPIO libraries close
/// the device once it is mapped.
fn holders(root: &Path, own: u32, device_at: fn(&str) -> Option<String>) -> Vec<Rival> {
    let processes = root.join("proc");
    let pids = names(&processes).into_iter().filter_map(|name| name.parse::<u32>().ok());
    pids.filter(|pid| *pid != own)
        .filter_map(|pid| {
            let process = processes.join(pid.to_string());
            let read = |name: &str| fs::read_to_string(process.join(name)).unwrap_or_default();
            let opened = names(&process.join("fd"))
                .iter()
                .filter_map(|fd| process.join("fd").join(fd).read_link().ok())
                .find_map(|target| device_at(&target.to_string_lossy()));
            let device = opened.or_else(|| {
                read("maps").lines().filter_map(|line| line.split_whitespace().nth(5)).find_map(device_at)
            })?;
            let name = read("comm").trim().to_owned();
            let command = read("cmdline").replace('\0', " ").trim().to_owned();
            let unit = read("cgroup").lines().next().and_then(|line| {
                // A unit of a user's own is not systemd's to stop.
                let last = line.split_once("/system.slice/")?.1.rsplit('/').next()?;
                last.ends_with(".service").then(|| last.to_owned())
            });
            let command = if command.is_empty() { name.clone() } else { command };
            Some(Rival { pid, name, command, device, unit })
        })
        .collect()
}

fn sound_device(path: &str) -> Option<String> {
    (path.starts_with("/dev/snd/pcm") && path.ends_with('p')).then(|| path.to_owned())
}

fn pin_device(path: &str) -> Option<String> {
    let is_one = path == "/dev/mem" || ["/dev/gpiomem", "/dev/gpiochip"].iter().any(|p| path.starts_with(p));
    is_one.then(|| path.to_owned())
}
