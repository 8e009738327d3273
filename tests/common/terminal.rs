//! A terminal for the program under test: the end that a person or an SSH connection sits at.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsFd, OwnedFd};

use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};
use rustix::termios::{Action, Winsize, tcflow, tcgetattr, tcsetwinsize};

/// What takes the whole screen, and what gives it back.
pub const ENTER: &str = "\x1b[?1049h";
pub const LEAVE: &str = "\x1b[?1049l";
const HIDE_CURSOR: &str = "\x1b[?25l";
const SHOW_CURSOR: &str = "\x1b[?25h";

/// Dropped, it hangs up.
pub struct Terminal {
    end: File,
    far_end: OwnedFd,
    heard: Vec<u8>,
    settings: String,
}

impl Terminal {
    /// A new terminal, and the end that a program has for its standard streams.
    pub fn open() -> (Self, OwnedFd) {
        // Closed on exec, or a program that another test starts meanwhile would hold the line.
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
        let end = openpt(flags).unwrap();
        grantpt(&end).unwrap();
        unlockpt(&end).unwrap();
        let far_end = ioctl_tiocgptpeer(&end, flags).unwrap();
        tcsetwinsize(&end, Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
        rustix::io::ioctl_fionbio(&end, true).unwrap();
        let settings = settings(&end);
        let given = far_end.try_clone().unwrap();
        (Self { end: end.into(), far_end, heard: Vec::new(), settings }, given)
    }

    pub fn types(&mut self, keys: &str) {
        self.end.write_all(keys.as_bytes()).unwrap();
    }

    /// Takes no more text, as when the network behind it is gone.
    pub fn stalls(&self) {
        tcflow(&self.far_end, Action::OOff).unwrap();
    }

    /// Takes text again.
    #[allow(dead_code, reason = "most stall for good")]
    pub fn goes_on(&self) {
        tcflow(&self.far_end, Action::OOn).unwrap();
    }

    /// Reads what there is.
    pub fn listen(&mut self) {
        let mut bytes = [0; 4_096];
        // Ends where there is nothing more, or nobody at the far end.
        while let Ok(count @ 1..) = self.end.read(&mut bytes) {
            self.heard.extend_from_slice(&bytes[..count]);
        }
    }

    pub fn said(&mut self) -> String {
        self.listen();
        String::from_utf8_lossy(&self.heard).into_owned()
    }

    /// The exit code, once the shell has told it.
    pub fn told_end(&self) -> Option<i32> {
        let heard = String::from_utf8_lossy(&self.heard);
        let (_, told) = heard.rsplit_once("ended ")?;
        told.split_once("\r\n")?.0.parse().ok()
    }

    /// Whether a program has the whole screen.
    pub fn is_taken(&self) -> bool {
        let heard = String::from_utf8_lossy(&self.heard);
        heard.rfind(ENTER) > heard.rfind(LEAVE)
    }

    /// The screen, the cursor and the keyboard are as they were before any program had them.
    #[track_caller]
    pub fn assert_as_before(&mut self) {
        let said = self.said();
        assert!(said.contains(ENTER) && said.contains(HIDE_CURSOR), "never on the stage: {said:?}");
        assert!(said.rfind(LEAVE) > said.rfind(ENTER), "still on the other screen: {said:?}");
        assert!(said.rfind(SHOW_CURSOR) > said.rfind(HIDE_CURSOR), "no cursor: {said:?}");
        assert_eq!(settings(&self.end), self.settings);
    }
}

fn settings(terminal: &impl AsFd) -> String {
    format!("{:?}", tcgetattr(terminal).unwrap())
}
