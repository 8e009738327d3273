//! The user who runs this, and their permissions. Reads `/proc/self` and `/etc` only.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Capabilities by their bit (`linux/capability.h`).
const CAP_DAC_OVERRIDE: u32 = 1;
const CAP_SYS_NICE: u32 = 23;

/// A file or directory, with its mode and owner.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// The path below `/`, whatever root the facts came from.
    pub(super) path: PathBuf,
    pub(super) mode: u32,
    pub(super) owner: u32,
    pub(super) group: u32,
}

impl Node {
    pub(super) fn at(root: &Path, path: impl Into<PathBuf>) -> Option<Self> {
        let path = path.into();
        let about = below(root, &path).metadata().ok()?;
        Some(Self { path, mode: about.mode(), owner: about.uid(), group: about.gid() })
    }
}

/// `path`, which begins with `/`, below `root`.
pub(super) fn below(root: &Path, path: &Path) -> PathBuf {
    root.join(path.strip_prefix("/").unwrap_or(path))
}

#[derive(Clone, Debug)]
struct UnixGroup {
    name: String,
    id: u32,
    members: Vec<String>,
}

/// The user of this process, and the groups of this machine.
#[derive(Clone, Debug, Default)]
pub(super) struct Person {
    pub(super) pid: u32,
    id: u32,
    name: Option<String>,
    /// The process's groups: those the user had when they logged in.
    groups: Vec<u32>,
    capabilities: u64,
    /// The highest realtime priority the user may ask for.
    pub(super) realtime: u32,
    known_groups: Vec<UnixGroup>,
}

impl Person {
    pub(super) fn gather(root: &Path) -> Self {
        let read = |path: &str| std::fs::read_to_string(root.join(path)).unwrap_or_default();
        let status = read("proc/self/status");
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
            line.unwrap_or_default().split_whitespace().map(str::to_owned).collect::<Vec<_>>()
        };
        let numbers = |name: &str| field(name).iter().filter_map(|n| n.parse().ok()).collect::<Vec<u32>>();
        // The numbers are real, effective, saved, file system. The effective one counts.
        let id = numbers("Uid").get(1).copied().unwrap_or(u32::MAX);
        let mut groups = numbers("Groups");
        groups.extend(numbers("Gid").get(1));
        let name = read("etc/passwd").lines().find_map(|line| {
            let mut columns = line.split(':');
            let name = columns.next()?;
            (columns.nth(1)?.parse() == Ok(id)).then(|| name.to_owned())
        });
        let capabilities = field("CapEff").first().and_then(|hex| u64::from_str_radix(hex, 16).ok());
        Self {
            pid: numbers("Pid").first().copied().unwrap_or(0),
            id,
            name,
            groups,
            capabilities: capabilities.unwrap_or(0),
            realtime: realtime_limit(&read("proc/self/limits")),
            known_groups: read("etc/group").lines().filter_map(group).collect(),
        }
    }

    pub(super) fn is_root(&self) -> bool {
        self.id == 0
    }

    /// For a command line. If the name is unknown, the shell fills it in.
    pub(super) fn name(&self) -> &str {
        self.name.as_deref().unwrap_or("$USER")
    }

    pub(super) fn may_raise_priority(&self) -> bool {
        self.has(CAP_SYS_NICE)
    }

    fn has(&self, capability: u32) -> bool {
        self.capabilities & (1 << capability) != 0
    }

    /// Whether the mode bits let this user read and write `node`. Access lists are ignored.
    pub(super) fn may_write(&self, node: &Node) -> bool {
        const READ_WRITE: u32 = 0o6;
        let bits = if node.owner == self.id {
            node.mode >> 6
        } else if self.groups.contains(&node.group) {
            node.mode >> 3
        } else {
            node.mode
        };
        self.is_root() || self.has(CAP_DAC_OVERRIDE) || bits & READ_WRITE == READ_WRITE
    }

    pub(super) fn group_name(&self, id: u32) -> Option<&str> {
        self.known_groups.iter().find(|group| group.id == id).map(|group| group.name.as_str())
    }

    pub(super) fn has_group_named(&self, name: &str) -> bool {
        self.known_groups.iter().any(|group| group.name == name)
    }

    /// Whether the user was added to the group of `node` after the login.
    fn joins_at_next_login(&self, node: &Node) -> bool {
        let Some(group) = self.known_groups.iter().find(|group| group.id == node.group) else { return false };
        self.name.as_ref().is_some_and(|name| group.members.contains(name))
    }

    /// The commands that let the user use `node`, if its group may use it.
    pub(super) fn way_in(&self, node: &Node) -> Option<String> {
        let group = self.group_name(node.group)?;
        let opens = group != "root" && (node.mode >> 3) & 0o6 == 0o6;
        opens.then(|| {
            if self.joins_at_next_login(node) {
                format!("exit    # and log in again: you are in group {group} from the next login on")
            } else {
                format!("sudo usermod -aG {group} {}\nexit    # and log in again", self.name())
            }
        })
    }
}

/// `name:password:id:member,member`.
fn group(line: &str) -> Option<UnixGroup> {
    let columns: Vec<&str> = line.split(':').collect();
    let [name, _, id, members] = columns[..] else { return None };
    Some(UnixGroup {
        name: name.to_owned(),
        id: id.parse().ok()?,
        members: members.split(',').map(str::to_owned).collect(),
    })
}

/// The soft limit of "Max realtime priority".
fn realtime_limit(limits: &str) -> u32 {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max realtime priority"));
    match line.and_then(|line| line.split_whitespace().next()) {
        Some("unlimited") => 99,
        Some(soft) => soft.parse().unwrap_or(0),
        None => 0,
    }
}
