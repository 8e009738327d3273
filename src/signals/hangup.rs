//! Whether anybody still reads standard output. Without a terminal no SIGHUP comes when an SSH
//! connection drops, and a show must not play on for nobody.

use std::fs::{File, Metadata};
use std::io::{self, IsTerminal};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::FileTypeExt;

use anyhow::{Context, Result};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;

use crate::logging::is_journal;

/// What standard output leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Far {
    Terminal,
    /// A pipe or socket with somebody at the other end.
    Reader,
    /// The system's journal, which comes and goes as it is upgraded and takes no show with it.
    Journal,
    /// A file, or nothing at all.
    Nobody,
}

impl Far {
    /// `nohup` means that the terminal does not matter; a reader still does.
    const fn matters(self, survives_hangup: bool) -> bool {
        match self {
            Self::Terminal => !survives_hangup,
            Self::Reader => true,
            Self::Journal | Self::Nobody => false,
        }
    }
}

/// A handle on `stdout` of its own, where its far end can go away and that would matter.
///
/// # Errors
/// When the process has no file descriptor left.
pub(super) fn watchable(stdout: impl AsFd + IsTerminal, survives_hangup: bool) -> Result<Option<OwnedFd>> {
    let own = stdout.as_fd().try_clone_to_owned().context("watching standard output")?;
    let file = File::from(own);
    let about = file.metadata().context("examining standard output")?;
    let far = match stdout.is_terminal() {
        true => Far::Terminal,
        false if is_journal(&file) => Far::Journal,
        false => far_end(&about),
    };
    Ok(far.matters(survives_hangup).then(|| file.into()))
}

fn far_end(about: &Metadata) -> Far {
    let kind = about.file_type();
    match kind.is_fifo() || kind.is_socket() {
        true => Far::Reader,
        false => Far::Nobody,
    }
}

/// Blocks until the far end is gone.
///
/// # Errors
/// When the system cannot tell.
pub(super) fn wait(stdout: &OwnedFd) -> io::Result<()> {
    // No event is asked for: hang-up and error are reported unasked, and a terminal that has room for
    // more text wakes nobody. A peer that merely sends no more (POLLRDHUP) still reads.
    let mut watched = [PollFd::new(stdout, PollFlags::empty())];
    while let Err(error) = poll(&mut watched, None) {
        if error != Errno::INTR {
            return Err(error.into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::net::UnixStream;

    fn metadata_of(fd: impl Into<OwnedFd>) -> Metadata {
        File::from(fd.into()).metadata().unwrap()
    }

    #[test]
    fn a_pipe_and_a_socket_have_a_reader_and_a_file_has_nobody() {
        let (_end, pipe) = io::pipe().unwrap();
        let (_peer, socket) = UnixStream::pair().unwrap();
        assert_eq!(far_end(&metadata_of(pipe)), Far::Reader);
        assert_eq!(far_end(&metadata_of(socket)), Far::Reader);
        assert_eq!(far_end(&metadata_of(tempfile::tempfile().unwrap())), Far::Nobody);
    }

    #[test]
    fn whoever_ignores_hangups_outlives_the_terminal_but_not_the_reader() {
        assert!(Far::Terminal.matters(false) && !Far::Terminal.matters(true));
        assert!(Far::Reader.matters(false) && Far::Reader.matters(true));
        assert!(!Far::Journal.matters(false) && !Far::Nobody.matters(false));
    }

    #[test]
    fn a_pipe_whose_reader_leaves_ends_the_wait() {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        wait(&writer.into()).unwrap();
    }
}
