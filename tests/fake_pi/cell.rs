//! A mount namespace in which `/dev`, `/run`, `/proc/cpuinfo` and `/etc/starcourt` are a test's own, and
//! `/sys/class` where the test has one.

use std::ffi::{CStr, CString};
use std::fs::File;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

/// What programs need of the real `/dev`.
const FILES: [&str; 6] = ["null", "zero", "full", "random", "urandom", "tty"];
const FOLDERS: [&str; 2] = ["pts", "shm"];

/// Everything is prepared before the fork: after it only system calls are allowed.
pub(super) struct Cell {
    /// In order.
    mounts: Vec<Mount>,
    /// For who is not root: root in a user namespace.
    maps: Vec<(CString, CString)>,
}

impl Cell {
    /// `folder` holds `dev`, `run`, `cpuinfo` and `etc/starcourt`, and may hold `class`.
    pub(super) fn new(folder: &Path) -> Self {
        let (dev, etc) = (folder.join("dev"), folder.join("etc"));
        for name in FILES {
            File::create(dev.join(name)).unwrap();
        }
        for name in FOLDERS {
            std::fs::create_dir_all(dev.join(name)).unwrap();
        }
        let real = Path::new("/dev");
        let devices = FILES.iter().chain(&FOLDERS).map(|name| Mount::bind(&real.join(name), &dev.join(name)));
        let mut mounts: Vec<Mount> = devices.collect();
        mounts.push(Mount::bind(&dev, real));
        mounts.push(Mount::bind(&folder.join("run"), Path::new("/run")));
        mounts.push(Mount::bind(&folder.join("cpuinfo"), Path::new("/proc/cpuinfo")));
        if folder.join("class").exists() {
            mounts.push(Mount::bind(&folder.join("class"), Path::new("/sys/class")));
        }
        // First laid over the real folder, so that there is a place to mount on.
        mounts.push(Mount::lay(&etc, Path::new("/etc")));
        mounts.push(Mount::bind(&etc.join("starcourt"), Path::new("/etc/starcourt")));
        // SAFETY: these calls only answer.
        let (user, group) = unsafe { (libc::geteuid(), libc::getegid()) };
        let map = |file: &str, text: String| (CString::new(file).unwrap(), CString::new(text).unwrap());
        let maps = match user {
            0 => Vec::new(),
            _ => vec![
                map("/proc/self/setgroups", "deny".to_owned()),
                map("/proc/self/uid_map", format!("0 {user} 1")),
                map("/proc/self/gid_map", format!("0 {group} 1")),
            ],
        };
        Self { mounts, maps }
    }

    /// Has `command` run in the cell.
    pub(super) fn confine(self, command: &mut Command) {
        // SAFETY: between fork and exec only system calls are made, on strings made before.
        unsafe { command.pre_exec(move || self.enter()) };
    }

    fn enter(&self) -> io::Result<()> {
        let user = if self.maps.is_empty() { 0 } else { libc::CLONE_NEWUSER };
        // SAFETY: takes flags only.
        succeeded(unsafe { libc::unshare(libc::CLONE_NEWNS | user) })?;
        for (file, text) in &self.maps {
            write(file, text)?;
        }
        mount(c"none", c"/", c"", libc::MS_REC | libc::MS_PRIVATE, c"")?;
        self.mounts.iter().try_for_each(Mount::make)
    }
}

struct Mount {
    source: CString,
    target: CString,
    kind: &'static CStr,
    flags: libc::c_ulong,
    options: CString,
}

impl Mount {
    /// `source` is seen at `target`.
    fn bind(source: &Path, target: &Path) -> Self {
        let flags = libc::MS_BIND | libc::MS_REC;
        Self { source: c_path(source), target: c_path(target), kind: c"", flags, options: c"".to_owned() }
    }

    /// What is in `source` is seen in `target` besides what was there; nobody can write in it.
    fn lay(source: &Path, target: &Path) -> Self {
        let options = format!("lowerdir={}:{}", source.display(), target.display());
        Self {
            source: c"overlay".to_owned(),
            target: c_path(target),
            kind: c"overlay",
            flags: libc::MS_RDONLY,
            options: CString::new(options).unwrap(),
        }
    }

    fn make(&self) -> io::Result<()> {
        mount(&self.source, &self.target, self.kind, self.flags, &self.options)
    }
}

fn mount(source: &CStr, target: &CStr, kind: &CStr, flags: libc::c_ulong, options: &CStr) -> io::Result<()> {
    // SAFETY: valid strings.
    succeeded(unsafe {
        libc::mount(source.as_ptr(), target.as_ptr(), kind.as_ptr(), flags, options.as_ptr().cast())
    })
}

fn write(file: &CStr, text: &CStr) -> io::Result<()> {
    // SAFETY: valid strings; the descriptor is closed by the exec that follows.
    succeeded(unsafe {
        let fd = libc::open(file.as_ptr(), libc::O_WRONLY | libc::O_CLOEXEC);
        libc::write(fd, text.as_ptr().cast(), text.count_bytes()) as libc::c_int
    })
}

pub(super) fn succeeded(outcome: libc::c_int) -> io::Result<()> {
    if outcome < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

fn c_path(path: &Path) -> CString {
    CString::new(path.as_os_str().as_bytes()).unwrap()
}
