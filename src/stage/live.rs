//! The live stage: scenes become pictures on a terminal, keys become wishes.

use std::io;
use std::os::fd::BorrowedFd;
use std::time::Instant;

use anyhow::Result;
use ratatui::layout::Rect;

use super::board::{self, Margin};
use super::colours::Colours;
use super::render_thread::{FRAME, Frame, Place};
use super::tty::Tty;
use super::wish::Wish;
use crate::ipc::Status;

pub(super) struct Live {
    tty: Tty,
    colours: Colours,
    wish: Box<dyn Fn(Wish) + Send>,
    status: Option<Status>,
    /// All of them, with the show time each came at; the last one is on the board.
    notices: Vec<String>,
    /// The window that shows all of the above; `None` when something has changed since.
    shown_in: Option<Rect>,
    drawn: Option<Instant>,
    /// Whatever stands on the screen is to be drawn anew.
    anew: bool,
    /// The terminal is gone: nothing is drawn any more.
    dark: bool,
}

impl Live {
    pub(super) fn open(colours: Colours, wish: impl Fn(Wish) + Send + 'static) -> Result<Self> {
        Ok(Self {
            tty: Tty::open()?,
            colours,
            wish: Box::new(wish),
            status: None,
            notices: Vec::new(),
            shown_in: None,
            drawn: None,
            anew: false,
            dark: false,
        })
    }

    pub(super) fn play(&mut self, book: Frame) {
        if book.status.is_some() && book.status != self.status {
            self.status = book.status;
            self.shown_in = None;
        }
        if !book.notices.is_empty() {
            self.shown_in = None;
        }
        let show = self.status.as_ref().and_then(|status| status.show.as_ref());
        let time = show.map_or("0:00".to_owned(), |show| show.position.to_minutes());
        self.notices.extend(book.notices.iter().map(|notice| format!("{time}  {notice}")));
        self.anew |= book.anew;
        let outcome = match book.place {
            Place::OnStage => self.draw(),
            Place::Aside => self.tty.leave(),
            Place::Closed => self.bow(book.summary),
        };
        // A terminal that is gone is a hang-up, which is told elsewhere: here it only ends the drawing.
        self.dark |= outcome.is_err();
    }

    fn draw(&mut self) -> io::Result<()> {
        let Some(status) = &self.status else { return Ok(()) };
        let now = Instant::now();
        let too_soon = self.drawn.is_some_and(|drawn| now - drawn < FRAME * 4 / 5);
        // A terminal that takes no text is spared all but the newest.
        if self.dark || self.tty.is_busy() {
            return Ok(());
        }
        if std::mem::take(&mut self.anew) {
            self.tty.leave()?;
        }
        if too_soon || !self.tty.is_in_front() {
            return Ok(());
        }
        if !self.tty.is_entered() {
            self.tty.enter()?;
            self.shown_in = None;
        }
        let window = self.tty.window();
        if self.shown_in != Some(window) {
            let margin =
                Margin { notice: self.notices.last().map(String::as_str), keys: self.tty.has_keyboard() };
            self.tty.show(board::draw(status, &margin, self.colours, window))?;
            self.shown_in = Some(window);
            self.drawn = Some(now);
        }
        Ok(())
    }

    /// The screen that comes back has none of what was said meanwhile.
    fn bow(&mut self, summary: Option<String>) -> io::Result<()> {
        self.tty.leave()?;
        self.notices.extend(summary);
        if self.dark { Ok(()) } else { self.tty.print(&self.notices) }
    }

    pub(super) fn keyboard(&self) -> Option<BorrowedFd<'_>> {
        self.tty.keyboard()
    }

    /// Hears what was typed, or that nothing was.
    pub(super) fn listen(&mut self, typed: bool) {
        let wishes = if typed { self.tty.typed() } else { self.tty.rested().into_iter().collect() };
        wishes.into_iter().for_each(&self.wish);
    }
}
