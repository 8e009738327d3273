//! The live stage: a status becomes a picture on a terminal, keys become wishes.

use std::io;
use std::os::fd::BorrowedFd;
use std::time::{Duration, Instant};

use anyhow::Result;
use ratatui::layout::Rect;

use super::board::{self, View};
use super::colours::Colours;
use super::mailbox::{Frame, ScreenUse};
use super::tty::Tty;
use super::wish::{Key, KeyMeaning, Wish};
use crate::ipc::Status;

/// Twenty pictures a second: the eye takes a fade for smooth, and a Pi does not notice.
pub(super) const FRAME: Duration = Duration::from_millis(50);

pub(super) struct Live {
    tty: Tty,
    colours: Colours,
    wish: Box<dyn Fn(Wish) + Send>,
    status: Option<Status>,
    /// All of them, with the show time each came at; the last one is on the board.
    notices: Vec<String>,
    /// The lines of mistakes in a text that is being written; none if there are none.
    mistakes: Vec<String>,
    /// The person has seen enough of them.
    are_mistakes_closed: bool,
    /// The page of names that is shown; 0 for all channels at once.
    page: usize,
    /// What keys do besides, in this command.
    own_keys: &'static [KeyMeaning],
    /// Whether all keys and notices are shown in place of the lights.
    is_help_open: bool,
    /// The window that shows all of the above; `None` when something has changed since.
    shown_in: Option<Rect>,
    drawn: Option<Instant>,
    /// All that is on the screen is to be drawn again.
    redraw: bool,
    /// The terminal is gone: nothing is drawn any more.
    is_gone: bool,
}

impl Live {
    pub(super) fn open(colours: Colours, wish: impl Fn(Wish) + Send + 'static) -> Result<Self> {
        Ok(Self {
            tty: Tty::open()?,
            colours,
            wish: Box::new(wish),
            status: None,
            notices: Vec::new(),
            mistakes: Vec::new(),
            are_mistakes_closed: false,
            page: 0,
            own_keys: &[],
            is_help_open: false,
            shown_in: None,
            drawn: None,
            redraw: false,
            is_gone: false,
        })
    }

    pub(super) fn present(&mut self, frame: Frame) {
        if frame.status.is_some() && frame.status != self.status {
            self.status = frame.status;
            self.shown_in = None;
        }
        if !frame.notices.is_empty() {
            self.shown_in = None;
        }
        self.own_keys = frame.own_keys;
        let show = self.status.as_ref().and_then(|status| status.show.as_ref());
        let time = show.map_or("0:00".to_owned(), |show| show.position.to_minutes());
        self.notices.extend(frame.notices.iter().map(|notice| format!("{time}  {notice}")));
        if let Some(mistakes) = frame.mistakes {
            (self.mistakes, self.are_mistakes_closed, self.shown_in) = (mistakes, false, None);
        }
        self.redraw |= frame.redraw;
        let outcome = match frame.wanted {
            ScreenUse::Stage => self.draw(),
            ScreenUse::Lent => self.tty.leave(),
            ScreenUse::Closed => self.close(frame.summary),
        };
        // A terminal that is gone is a hang-up, which is told elsewhere: here it only ends the drawing.
        self.is_gone |= outcome.is_err();
    }

    fn draw(&mut self) -> io::Result<()> {
        let Some(status) = &self.status else { return Ok(()) };
        let now = Instant::now();
        let is_too_soon = self.drawn.is_some_and(|drawn| now - drawn < FRAME * 4 / 5);
        // A terminal that takes no text is spared all but the newest.
        if self.is_gone || self.tty.is_busy() {
            return Ok(());
        }
        if std::mem::take(&mut self.redraw) {
            self.tty.leave()?;
        }
        if is_too_soon || !self.tty.is_in_foreground() {
            return Ok(());
        }
        if !self.tty.is_entered() {
            self.tty.enter()?;
            self.shown_in = None;
        }
        let window = self.tty.window();
        if self.shown_in != Some(window) {
            let view = View {
                notice: self.notices.last().map(String::as_str),
                has_keyboard: self.tty.has_keyboard(),
                page: self.page,
                own_keys: self.own_keys,
                help: self.is_help_open.then_some(&*self.notices),
                mistakes: if self.are_mistakes_closed { &[] } else { &self.mistakes },
            };
            self.tty.show(board::draw(status, &view, self.colours, window))?;
            self.shown_in = Some(window);
            self.drawn = Some(now);
        }
        Ok(())
    }

    /// The screen that comes back has none of what was shown meanwhile: prints all notices and the summary.
    fn close(&mut self, summary: Option<String>) -> io::Result<()> {
        self.tty.leave()?;
        self.notices.append(&mut self.mistakes);
        self.notices.extend(summary);
        if self.is_gone { Ok(()) } else { self.tty.print(&self.notices) }
    }

    pub(super) fn keyboard(&self) -> Option<BorrowedFd<'_>> {
        self.tty.keyboard()
    }

    /// Reads what was typed; without input, an escape that was typed before is complete.
    pub(super) fn handle_keys(&mut self, has_input: bool) {
        let wishes =
            if has_input { self.tty.read_keys() } else { self.tty.no_key_came().into_iter().collect() };
        for wish in wishes {
            match wish {
                Wish::Key(Key::Char('?')) => self.open_help(!self.is_help_open),
                Wish::Key(Key::Escape) if self.is_help_open => self.open_help(false),
                Wish::Key(Key::Escape) if !self.mistakes.is_empty() && !self.are_mistakes_closed => {
                    (self.are_mistakes_closed, self.shown_in) = (true, None);
                }
                Wish::Key(Key::Up) => self.turn_to(self.page.saturating_sub(1)),
                Wish::Key(Key::Down) => self.turn_to(self.page + 1),
                wish => (self.wish)(wish),
            }
        }
    }

    fn open_help(&mut self, open: bool) {
        self.is_help_open = open;
        self.shown_in = None;
    }

    fn turn_to(&mut self, page: usize) {
        let Some(status) = &self.status else { return };
        self.page = page.min(board::pages(status, self.tty.window()));
        self.shown_in = None;
    }
}
