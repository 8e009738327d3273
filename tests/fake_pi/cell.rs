//! A mount namespace in which `/dev` and `/proc/cpuinfo` are a test's own.

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
    /// From where to where, in order.
    mounts: Vec<(CString, CString)>,
    /// For who is not root: root in a user namespace.
    maps: Vec<(CString, CString)>,
}

impl Cell {
    /// `folder` holds `dev` and `cpuinfo`.
    pub(super) fn new(folder: &Path) -> Self {
        let dev = folder.join("dev");
        for name in FILES {
            File::create(dev.join(name)).unwrap();
        }
        for name in FOLDERS {
            std::fs::create_dir_all(dev.join(name)).unwrap();
        }
        let real = Path::new("/dev");
        let devices = FILES.iter().chain(&FOLDERS).map(|name| (real.join(name), dev.join(name)));
        let others = [(dev.clone(), real.to_owned()), (folder.join("cpuinfo"), "/proc/cpuinfo".into())];
        let mounts = devices.chain(others).map(|(from, to)| (c_path(&from), c_path(&to))).collect();
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
        mount(None, c"/", libc::MS_REC | libc::MS_PRIVATE)?;
        self.mounts.iter().try_for_each(|(from, to)| mount(Some(from), to, libc::MS_BIND | libc::MS_REC))
    }
}

fn mount(from: Option<&CStr>, to: &CStr, flags: libc::c_ulong) -> io::Result<()> {
    let from = from.map_or(std::ptr::null(), CStr::as_ptr);
    // SAFETY: valid strings or none; these flags read no further argument.
    succeeded(unsafe { libc::mount(from, to.as_ptr(), std::ptr::null(), flags, std::ptr::null()) })
}

fn write(file: &CStr, text: &CStr) -> io::Result<()> {
    // SAFETY: valid strings; the descriptor is closed by the exec that follows.
    succeeded(unsafe {
        let fd = libc::open(file.as_ptr(), libc::O_WRONLY | libc::O_CLOEXEC);
        libc::write(fd, text.as_ptr().cast(), text.count_bytes()) as libc::c_int
    })
}

fn succeeded(outcome: libc::c_int) -> io::Result<()> {
    if outcome < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

fn c_path(path: &Path) -> CString {
    CString::new(path.as_os_str().as_bytes()).unwrap()
}
