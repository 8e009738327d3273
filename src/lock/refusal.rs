//! Why a lock was not given, in words for the person at the terminal. Knows what to do about each
//! case; decides nothing.

use std::fmt;
use std::io;
use std::path::PathBuf;

use super::group::GPIO;
use super::holder::{Holder, KnownBy};
use super::lock_info::SinceAndPosition;
use super::name::{BadName, Name};
use super::ways_out::{LockPurpose, LockRequest, ways_out};
use crate::rig::Address;

/// Why a lock was not given.
#[derive(Debug)]
pub enum Refusal {
    /// Another instance has it, or one that excludes it.
    Held {
        wanted: Name,
        holder: Box<Holder>,
    },
    /// Another instance drives one of the lines.
    OutputClaimed {
        output: Address,
        holder: Box<Holder>,
    },
    /// Something has had the launch mutex for longer than any launch takes.
    Blocked {
        directory: PathBuf,
    },
    /// The caller asked to wait no longer.
    Stopped,
    NotPermitted {
        path: PathBuf,
        mend: PermissionFix,
    },
    /// Its disk takes nothing new, whoever asks.
    ReadOnly {
        path: PathBuf,
    },
    UnsafeDirectory {
        path: PathBuf,
        flaw: DirectoryFlaw,
    },
    UnsafeFile {
        path: PathBuf,
        flaw: FileFlaw,
    },
    BadName(BadName),
    Io {
        doing: String,
        source: io::Error,
    },
}

impl Refusal {
    pub(super) fn io(doing: String, source: io::Error) -> Self {
        Self::Io { doing, source }
    }

    /// Whether waiting may help.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Held { .. } | Self::OutputClaimed { .. } | Self::Blocked { .. })
    }

    /// The whole message for who wanted this: what is so, and what helps.
    #[must_use]
    pub fn told(&self, wanted: &LockRequest) -> String {
        let mut wanted = wanted.clone();
        if let LockPurpose::Show { there, .. } = &mut wanted.purpose
            && !self.may_be_handed_over()
        {
            *there = None;
        }
        let ways = self.holder().map_or_else(String::new, |holder| ways_out(holder, &wanted));
        self.cause() + &ways
    }

    /// Whether the holder has all lines of what was wanted. One that plays another show beside others may not.
    fn may_be_handed_over(&self) -> bool {
        match self {
            Self::Held { wanted, holder } => {
                holder.name.as_ref().is_some_and(|name| *name == Name::MACHINE || name == wanted)
            }
            _ => false,
        }
    }

    /// What is so, without what helps against a holder.
    #[must_use]
    pub fn cause(&self) -> String {
        RefusalCause(self).to_string()
    }

    /// The instance in the way, where one is.
    #[must_use]
    pub fn holder(&self) -> Option<&Holder> {
        match self {
            Self::Held { holder, .. } | Self::OutputClaimed { holder, .. } => Some(holder),
            _ => None,
        }
    }
}

/// What makes a directory unfit for locks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DirectoryFlaw {
    Symlink,
    NotADirectory,
    WorldWritable,
    /// By this user, who is neither root nor us.
    OwnedBy(u32),
}

/// What makes a file unfit to be a lock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FileFlaw {
    Symlink,
    Directory,
    /// A pipe, a socket or a device.
    NotAFile,
}

/// The command that mends a missing permission.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PermissionFix {
    /// The directory, for the group that may use the pins.
    MakeShared(PathBuf),
    /// The directory, for this user: the system has no such group.
    MakeOwn(PathBuf),
    JoinGpio,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told(&LockRequest::UNKNOWN))
    }
}

/// What is so, without what helps against a holder.
struct RefusalCause<'a>(&'a Refusal);

impl fmt::Display for RefusalCause<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Refusal::Held { wanted, holder } => held(f, wanted, holder),
            Refusal::OutputClaimed { output, holder } => {
                write!(f, "{} is in use by another instance (PID: {})", output.claimed(), holder.pid)?;
                told(f, holder, true)
            }
            Refusal::Blocked { directory } => write!(
                f,
                "no launch can go on in {0}: something has locked that directory\n  \
                 find it with: sudo lsof {0}",
                quoted(directory)
            ),
            Refusal::Stopped => f.write_str("stopped waiting for the lock"),
            Refusal::NotPermitted { path, mend } => {
                write!(f, "not permitted to use {}\n  run: {mend}", path.display())
            }
            Refusal::ReadOnly { path } => write!(
                f,
                "{} cannot be used: its disk is read-only\n  \
                 give a lock directory on another disk, the same to every starcourt here: \
                 --lock-dir /run/starcourt",
                path.display()
            ),
            Refusal::UnsafeDirectory { path, flaw } => {
                write!(f, "{} cannot be the lock directory: {flaw}", path.display())?;
                match flaw {
                    DirectoryFlaw::WorldWritable => write!(f, "\n  run: sudo chmod o-w {}", quoted(path)),
                    _ => Ok(()),
                }
            }
            Refusal::UnsafeFile { path, flaw } => {
                write!(
                    f,
                    "{} cannot be a lock: {flaw}\n  see what it is: ls -l {}",
                    path.display(),
                    quoted(path)
                )
            }
            Refusal::BadName(error) => error.fmt(f),
            Refusal::Io { doing, source } => write!(f, "{doing}: {source}"),
        }
    }
}

/// It has no source: its own text tells everything, once.
impl std::error::Error for Refusal {}

fn held(f: &mut fmt::Formatter<'_>, wanted: &Name, holder: &Holder) -> fmt::Result {
    match wanted.show() {
        Some(show) if holder.name.as_ref() == Some(wanted) => {
            write!(f, "Show '{show}' is already running (PID: {})", holder.pid)?;
            told(f, holder, false)?;
        }
        _ => {
            write!(f, "Another instance is already running (PID: {})", holder.pid)?;
            told(f, holder, true)?;
        }
    }
    match holder.known_by {
        KnownBy::File => {
            let path = holder.path.display();
            write!(f, "\n  lock: {path} (never delete it, it frees itself)")?;
        }
        KnownBy::SecondAnchor => write!(
            f,
            "\n  lock: {} (its file is gone, but it is held all the same, and the PID is its own word; \
             never delete it, it frees itself)",
            holder.path.display()
        )?,
    }
    Ok(())
}

/// What the holder tells of itself, after its PID.
fn told(f: &mut fmt::Formatter<'_>, holder: &Holder, with_show: bool) -> fmt::Result {
    let show = holder.info.show.as_ref().filter(|_| with_show);
    let show = show.map(|show| format!("show \"{show}\""));
    let course = Some(SinceAndPosition(&holder.info).to_string()).filter(|course| !course.is_empty());
    if holder.info.service && holder.info.show.is_none() {
        return f.write_str(": the service, which plays nothing now");
    }
    let told: Vec<String> = [show, course].into_iter().flatten().collect();
    match (told.is_empty(), holder.info.service) {
        (true, _) => Ok(()),
        (false, true) => write!(f, ": the service, {}", told.join(" ")),
        (false, false) => write!(f, ": {}", told.join(" ")),
    }
}

impl fmt::Display for DirectoryFlaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Symlink => f.write_str("it is a symbolic link; give the directory itself"),
            Self::NotADirectory => f.write_str("it is not a directory"),
            Self::WorldWritable => f.write_str("everybody may write in it"),
            Self::OwnedBy(user) => {
                write!(f, "it belongs to user {user}; only root's or your own can be trusted")
            }
        }
    }
}

impl fmt::Display for FileFlaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Symlink => "it is a symbolic link",
            Self::Directory => "it is a directory",
            Self::NotAFile => "it is a pipe, a socket or a device",
        })
    }
}

impl fmt::Display for PermissionFix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MakeShared(path) => write!(f, "sudo install -d -m 2775 -g {GPIO} {}", quoted(path)),
            Self::MakeOwn(path) => write!(f, "sudo install -d -o \"$USER\" {}", quoted(path)),
            Self::JoinGpio => write!(f, "sudo usermod -aG {GPIO} \"$USER\"   (then log in again)"),
        }
    }
}

/// A path as a shell takes it.
fn quoted(path: &std::path::Path) -> String {
    crate::printable::shell_word(path)
}
