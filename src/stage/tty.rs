//! A terminal: its size, its screen, its keyboard, and leaving it as it was. Knows nothing of what is shown.

use std::fs::File;
use std::io::{self, IsTerminal};
use std::os::fd::{AsFd, BorrowedFd};

use anyhow::{Context, Result};
use crossterm::cursor::{Hide, Show};
use crossterm::queue;
use crossterm::style::ResetColor;
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen,
};
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use rustix::io::{Errno, read};
use rustix::process::getpgrp;
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetpgrp, tcgetwinsize, tcsetattr};

use super::keys::Keys;
use super::modes::stage_modes;
use super::rescue;
use super::screen_writer::{PATIENCE, ScreenWriter};
use super::wish::Wish;

/// The terminal of standard output. Drop gives it back.
pub(super) struct Tty {
    screen: File,
    writer: ScreenWriter,
    /// The modes before the stage had it.
    before: Option<Termios>,
    keyboard: Option<Keyboard>,
    /// The picture on the screen; `None` while the stage does not have it.
    shown: Option<Buffer>,
}

impl Tty {
    /// # Errors
    /// When the process has no file descriptor left, or the system no room for a small thread.
    pub(super) fn open() -> Result<Self> {
        let screen = own(&io::stdout())?;
        rescue::prepare(&screen);
        let writer = ScreenWriter::open(&screen).context("opening the terminal")?;
        let keyboard = match io::stdin().is_terminal() {
            true => Some(Keyboard { input: own(&io::stdin())?, keys: Keys::default() }),
            false => None,
        };
        Ok(Self { screen, writer, before: None, keyboard, shown: None })
    }

    /// Whether this process may draw: not while a shell has it in the background. A terminal without job
    /// control may always be drawn on.
    pub(super) fn is_in_foreground(&self) -> bool {
        tcgetpgrp(&self.screen).map_or(true, |foreground| foreground == getpgrp())
    }

    pub(super) fn window(&self) -> Rect {
        let size = tcgetwinsize(&self.screen).ok().filter(|size| size.ws_col > 0 && size.ws_row > 0);
        // A serial console does not know its size; terminals had this one.
        size.map_or(Rect::new(0, 0, 80, 24), |size| Rect::new(0, 0, size.ws_col, size.ws_row))
    }

    pub(super) const fn has_keyboard(&self) -> bool {
        self.keyboard.is_some()
    }

    /// The keyboard to wait on, while the stage has the terminal.
    pub(super) fn keyboard(&self) -> Option<BorrowedFd<'_>> {
        self.keyboard.as_ref().filter(|_| self.is_entered()).map(|keyboard| keyboard.input.as_fd())
    }

    /// The wishes behind what was typed. Call it when [`keyboard`](Self::keyboard) is ready.
    pub(super) fn read_keys(&mut self) -> Vec<Wish> {
        let mut bytes = [0; 64];
        let Some(keyboard) = &mut self.keyboard else { return Vec::new() };
        match read(&keyboard.input, &mut bytes) {
            Ok(count @ 1..) => bytes[..count].iter().filter_map(|byte| keyboard.keys.press(*byte)).collect(),
            Err(Errno::INTR) => Vec::new(),
            // The terminal is gone. Whether the show ends is decided elsewhere.
            Ok(_) | Err(_) => {
                self.keyboard = None;
                Vec::new()
            }
        }
    }

    /// Nothing has been typed for a while.
    pub(super) fn no_key_came(&mut self) -> Option<Wish> {
        self.keyboard.as_mut().and_then(|keyboard| keyboard.keys.end_sequence())
    }

    /// Whether the terminal has yet to take what was written last.
    pub(super) fn is_busy(&self) -> bool {
        self.writer.is_busy()
    }

    pub(super) const fn is_entered(&self) -> bool {
        self.shown.is_some()
    }

    /// Takes the screen and the keys. Never waits for the terminal.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub(super) fn enter(&mut self) -> io::Result<()> {
        let before = tcgetattr(&self.screen)?;
        rescue::set_taken(&before);
        tcsetattr(&self.screen, OptionalActions::Now, &stage_modes(&before))
            .inspect_err(|_| rescue::set_given_back())?;
        self.before = Some(before);
        self.shown = Some(Buffer::empty(Rect::ZERO));
        let mut text = Vec::new();
        queue!(text, EnterAlternateScreen, Hide)?;
        self.writer.write(text)
    }

    /// Puts a picture on the screen that was entered, sending what differs from the last one. Never waits for the
    /// terminal.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub(super) fn show(&mut self, picture: Buffer) -> io::Result<()> {
        let Some(shown) = &mut self.shown else { return Ok(()) };
        let mut frame = Vec::new();
        queue!(frame, BeginSynchronizedUpdate)?;
        if shown.area != picture.area {
            *shown = Buffer::empty(picture.area);
            queue!(frame, ResetColor, Clear(ClearType::All))?;
        }
        CrosstermBackend::new(&mut frame).draw(shown.diff(&picture).into_iter())?;
        queue!(frame, EndSynchronizedUpdate)?;
        *shown = picture;
        self.writer.write(frame)
    }

    /// Gives screen and keys back. Waits for a stalled terminal half a second at most.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub(super) fn leave(&mut self) -> io::Result<()> {
        if self.shown.take().is_none() {
            return Ok(());
        }
        // Modes before text: a stalled terminal takes no text. A shell that has put us in the background
        // has set modes of its own.
        let modes = match self.before.take() {
            Some(before) if self.is_in_foreground() => tcsetattr(&self.screen, OptionalActions::Now, &before),
            _ => Ok(()),
        };
        let mut text = Vec::new();
        queue!(text, ResetColor, Show, LeaveAlternateScreen)?;
        self.writer.write(text)?;
        if self.writer.wait(PATIENCE)? {
            rescue::set_given_back();
        }
        Ok(modes?)
    }

    /// Writes lines on the screen that was given back. Waits for a stalled terminal half a second at most.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub(super) fn print(&mut self, lines: &[String]) -> io::Result<()> {
        let text: String = lines.iter().flat_map(|line| [line, "\n"]).collect();
        self.writer.write(text.into_bytes())?;
        self.writer.wait(PATIENCE).map(drop)
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        // Fails only where there is no terminal left to give back.
        let _ = self.leave();
    }
}

struct Keyboard {
    input: File,
    keys: Keys,
}

fn own(stream: &impl AsFd) -> Result<File> {
    Ok(stream.as_fd().try_clone_to_owned().context("opening the terminal")?.into())
}
