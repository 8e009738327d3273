//! A screen for tapping: a picture, and keys with the instant at which each was read. A thread of its own reads the keys
//! and does nothing else, so no picture makes one late. Knows nothing of beats.

use std::fs::File;
use std::io::{self, PipeReader, PipeWriter};
use std::os::fd::AsFd;
use std::sync::mpsc::Sender;
use std::thread;

use anyhow::{Context, Result};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, read};

use super::colours::Colours;
use super::keys::Keys;
use super::tap_view::TapView;
use super::tty::Tty;
use super::wish::Wish;
use super::{hold_log, variable};
use crate::logging;

/// An escape after which nothing has come for so long is the key of that name.
const ESCAPE_WAIT: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

/// A key, and what the clock said when it was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StampedKey<S> {
    pub wish: Wish,
    pub stamp: S,
}

/// A terminal in which beats are tapped. Dropping it gives the terminal back, and waits for a stalled one half a second at
/// most.
pub struct TapScreen {
    tty: Tty,
    colours: Colours,
    /// Dropped, it ends the thread that reads keys.
    _reading: PipeWriter,
}

impl TapScreen {
    /// Takes the terminal of standard input and output, which [hears keys](super::Stage::hears_keys). Each key goes to
    /// `keys` with what `stamp` returned right after the key was read.
    ///
    /// # Errors
    /// When the terminal is gone, or the system has no room for two small threads.
    pub fn open<S, M>(stamp: impl Fn() -> S + Send + 'static, keys: Sender<M>) -> Result<Self>
    where
        S: Send + 'static,
        M: From<StampedKey<S>> + Send + 'static,
    {
        let mut tty = Tty::open()?;
        let input = File::from(io::stdin().as_fd().try_clone_to_owned().context("opening the keyboard")?);
        let (over, reading) = io::pipe().context("opening the keyboard")?;
        tty.enter().context("taking the terminal")?;
        hold_log();
        let screen = Self { tty, colours: Colours::of(variable), _reading: reading };
        thread::Builder::new()
            .name("keys".into())
            .spawn(move || read_keys(&input, &over, &stamp, &keys))
            .context("reading the keyboard")?;
        Ok(screen)
    }

    /// Never waits for the terminal: one that is behind leaves pictures out.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn show(&mut self, view: &TapView) -> Result<()> {
        if !self.tty.is_busy() {
            self.tty.show(view.draw(self.colours, self.tty.window())).context("drawing")?;
        }
        Ok(())
    }

    /// Draws everything again with the next picture, and takes the keys again: another program may have had both.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn refresh(&mut self) -> Result<()> {
        self.tty.leave().and_then(|()| self.tty.enter()).context("taking the terminal again")
    }
}

impl Drop for TapScreen {
    fn drop(&mut self) {
        let _ = self.tty.leave();
        logging::release();
    }
}

/// Until the screen or the terminal is gone.
fn read_keys<S, M: From<StampedKey<S>>>(
    input: &File,
    over: &PipeReader,
    stamp: &impl Fn() -> S,
    inbox: &Sender<M>,
) {
    let mut keys = Keys::default();
    let mut bytes = [0; 64];
    let mut is_within = false;
    loop {
        let mut awaited = [PollFd::new(input, PollFlags::IN), PollFd::new(over, PollFlags::IN)];
        match poll(&mut awaited, is_within.then_some(&ESCAPE_WAIT)) {
            Ok(_) if !awaited[1].revents().is_empty() => return,
            Ok(0) => {
                is_within = false;
                if let Some(wish) = keys.end_sequence()
                    && inbox.send(StampedKey { wish, stamp: stamp() }.into()).is_err()
                {
                    return;
                }
                continue;
            }
            Ok(_) => {}
            Err(Errno::INTR) => continue,
            Err(_) => return,
        }
        match read(input, &mut bytes) {
            Ok(count @ 1..) => {
                for byte in &bytes[..count] {
                    // All bytes of one read came at once.
                    if let Some(wish) = keys.press(*byte)
                        && inbox.send(StampedKey { wish, stamp: stamp() }.into()).is_err()
                    {
                        return;
                    }
                }
                is_within = true;
            }
            Err(Errno::INTR) => {}
            // The terminal is gone. Whether that ends anything is decided elsewhere.
            Ok(_) | Err(_) => return,
        }
    }
}
