//! Gives a terminal back after the process that had it has died. What that takes is kept in memory that another
//! process may share. Knows nothing of what was shown.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::sync::OnceLock;

use rustix::fs::{MemfdFlags, OFlags, memfd_create};
use rustix::termios::{
    InputModes, LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
};

use super::modes::stage_modes;

/// The end of a picture that was cut short, plain letters, the cursor, and the screen as it was before.
const GIVEN_BACK: &[u8] = b"\x1b[?2026l\x1b[0m\x1b[?25h\x1b[?1049l";

const TAKEN: u8 = 1;
const GIVEN_BACK_ALREADY: u8 = 0;
/// Whether the stage has it, then the modes that [`stage_modes`] changes, as they were.
const LENGTH: usize = 11; // bytes

/// The terminal of this process.
static TERMINAL: OnceLock<Terminal> = OnceLock::new();

struct Terminal {
    memory: File,
    device: OwnedFd,
}

/// Notes which terminal it will be. If there is no memory for that, the show plays all the same, and nothing gives
/// the terminal back.
pub(super) fn prepare(screen: &File) {
    let terminal = || -> io::Result<Terminal> {
        let memory: File = memfd_create("starcourt-terminal", MemfdFlags::CLOEXEC)?.into();
        memory.write_all_at(&[GIVEN_BACK_ALREADY; LENGTH], 0)?;
        Ok(Terminal { memory, device: screen.as_fd().try_clone_to_owned()? })
    };
    if TERMINAL.get().is_none()
        && let Ok(terminal) = terminal()
    {
        let _ = TERMINAL.set(terminal);
    }
}

/// From here on the terminal has to be given back, with these modes.
pub(super) fn set_taken(before: &Termios) {
    if let Some(terminal) = TERMINAL.get() {
        let mut text = [TAKEN; LENGTH];
        text[1..5].copy_from_slice(&before.local_modes.bits().to_ne_bytes());
        text[5..9].copy_from_slice(&before.input_modes.bits().to_ne_bytes());
        text[9] = before.special_codes[SpecialCodeIndex::VMIN];
        text[10] = before.special_codes[SpecialCodeIndex::VTIME];
        // Memory takes what it has room for.
        let _ = terminal.memory.write_all_at(&text, 0);
    }
}

/// From here on there is nothing to give back.
pub(super) fn set_given_back() {
    if let Some(terminal) = TERMINAL.get() {
        let _ = terminal.memory.write_all_at(&[GIVEN_BACK_ALREADY], 0);
    }
}

/// What another process needs to [`give_back`] this one's terminal; `None` if it has none.
#[must_use]
pub fn shared() -> Option<[BorrowedFd<'static>; 2]> {
    TERMINAL.get().map(|terminal| [terminal.memory.as_fd(), terminal.device.as_fd()])
}

/// Gives back screen, cursor and keyboard of the terminal of a dead process, if its stage had the terminal and no
/// other program has taken it since. Does not wait for a terminal that takes no text. `shared` is what [`shared`]
/// returned there.
///
/// # Errors
/// When the terminal is gone, or takes no text.
pub fn give_back(shared: &[OwnedFd; 2]) -> io::Result<()> {
    let [memory, device] = shared;
    let mut text = [GIVEN_BACK_ALREADY; LENGTH];
    let memory = File::from(memory.try_clone()?);
    if memory.read_at(&mut text, 0)? < LENGTH || text[0] != TAKEN {
        return Ok(());
    }
    let four = |at: usize| u32::from_ne_bytes([text[at], text[at + 1], text[at + 2], text[at + 3]]);
    let now = tcgetattr(device)?;
    let mut before = now.clone();
    before.local_modes = LocalModes::from_bits_retain(four(1));
    before.input_modes = InputModes::from_bits_retain(four(5));
    before.special_codes[SpecialCodeIndex::VMIN] = text[9];
    before.special_codes[SpecialCodeIndex::VTIME] = text[10];
    // A shell that was quicker has set modes of its own.
    let staged = stage_modes(&before);
    if (now.local_modes, now.input_modes) == (staged.local_modes, staged.input_modes) {
        tcsetattr(device, OptionalActions::Now, &before)?;
    }
    // A description of our own: the terminal's other users shall go on waiting where they like to.
    let mut options = OpenOptions::new();
    options.write(true).custom_flags((OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed());
    let mut own = options.open(format!("/proc/self/fd/{}", device.as_raw_fd()))?;
    own.write_all(GIVEN_BACK)
}

#[cfg(test)]
mod tests {
    use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};
    use rustix::termios::{Action, tcflow};

    use super::*;

    /// A terminal: the end at which a person sits, and the program's.
    fn terminal() -> (OwnedFd, OwnedFd) {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
        let end = openpt(flags).unwrap();
        grantpt(&end).unwrap();
        unlockpt(&end).unwrap();
        let far_end = ioctl_tiocgptpeer(&end, flags).unwrap();
        rustix::io::ioctl_fionbio(&end, true).unwrap();
        (end, far_end)
    }

    fn taken(before: &Termios, state: u8) -> OwnedFd {
        let memory: File = memfd_create("test", MemfdFlags::CLOEXEC).unwrap().into();
        let mut text = [state; LENGTH];
        text[1..5].copy_from_slice(&before.local_modes.bits().to_ne_bytes());
        text[5..9].copy_from_slice(&before.input_modes.bits().to_ne_bytes());
        text[9..].copy_from_slice(&[
            before.special_codes[SpecialCodeIndex::VMIN],
            before.special_codes[SpecialCodeIndex::VTIME],
        ]);
        memory.write_all_at(&text, 0).unwrap();
        memory.into()
    }

    fn output(end: &OwnedFd) -> Vec<u8> {
        let mut bytes = [0; 256];
        rustix::io::read(end, &mut bytes).map_or_else(|_| Vec::new(), |count| bytes[..count].to_vec())
    }

    #[test]
    fn modes_and_screen_come_back_as_they_were() {
        let (end, far_end) = terminal();
        let before = tcgetattr(&far_end).unwrap();
        tcsetattr(&far_end, OptionalActions::Now, &stage_modes(&before)).unwrap();
        let shared = [taken(&before, TAKEN), far_end];
        give_back(&shared).unwrap();
        assert_eq!(format!("{:?}", tcgetattr(&shared[1]).unwrap()), format!("{before:?}"));
        assert_eq!(output(&end), GIVEN_BACK);
    }

    #[test]
    fn a_terminal_that_was_given_back_is_left_alone() {
        let (end, far_end) = terminal();
        let before = tcgetattr(&far_end).unwrap();
        tcsetattr(&far_end, OptionalActions::Now, &stage_modes(&before)).unwrap();
        let shared = [taken(&before, GIVEN_BACK_ALREADY), far_end];
        give_back(&shared).unwrap();
        assert!(!tcgetattr(&shared[1]).unwrap().local_modes.contains(LocalModes::ECHO));
        assert_eq!(output(&end), b"");
    }

    #[test]
    fn modes_that_a_shell_has_set_since_are_its_own() {
        let (end, far_end) = terminal();
        let before = tcgetattr(&far_end).unwrap();
        let mut shells = stage_modes(&before);
        shells.local_modes.remove(LocalModes::ISIG);
        tcsetattr(&far_end, OptionalActions::Now, &shells).unwrap();
        let shared = [taken(&before, TAKEN), far_end];
        give_back(&shared).unwrap();
        assert_eq!(format!("{:?}", tcgetattr(&shared[1]).unwrap()), format!("{shells:?}"));
        assert_eq!(output(&end), GIVEN_BACK, "the screen is nobody else's");
    }

    #[test]
    fn a_terminal_that_takes_no_text_is_not_waited_for() {
        let (_end, far_end) = terminal();
        let before = tcgetattr(&far_end).unwrap();
        tcflow(&far_end, Action::OOff).unwrap();
        assert!(give_back(&[taken(&before, TAKEN), far_end]).is_err());
    }
}
