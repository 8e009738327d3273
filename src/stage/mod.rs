//! A show in a terminal: every channel as a light at its level, or plain lines if there is no terminal to draw
//! on. Knows nothing of pins, sound or files: it shows a [`Status`], and passes on the [`Wish`]es of whoever
//! sits at the keyboard.
//!
//! A thread of its own draws. A terminal may stall for minutes (an SSH connection whose network is gone), and
//! nothing that plays a show may wait for it.

mod board;
mod captions;
mod colours;
mod glow;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod golden_rows;
mod help;
mod keys;
mod labels;
mod lamp;
mod light_form;
mod lights;
mod live;
mod mailbox;
mod mistakes;
mod modes;
mod plain;
mod render_thread;
pub mod rescue;
mod rgb;
#[cfg(test)]
mod samples;
mod screen_writer;
mod table;
mod tap_screen;
mod tap_view;
mod tty;
mod wish;
mod words;

use std::env;
use std::io::{self, IsTerminal, PipeWriter, Write};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread;

use anyhow::{Context, Result};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

pub use colours::Colours;
use live::Live;
use mailbox::{Mailbox, ScreenUse};
use plain::PlainOutput;
use render_thread::{Backend, RenderThread};
pub use tap_screen::{StampedKey, TapScreen};
pub use tap_view::{Flash, TapView};
pub use wish::{Key, KeyMeaning, Switched, Wish};

use crate::ipc::Status;
use crate::logging;
use crate::printable::printable;

/// A show on its stage. Dropping it gives the terminal back.
pub struct Stage {
    mailbox: Arc<Mailbox>,
    wakeup: PipeWriter,
}

impl Stage {
    /// Opens a live stage if standard output is a terminal that can draw, else one of plain lines. Shows nothing
    /// before the first status. Wishes go to `wishes` while standard input is a terminal and this process is in
    /// the foreground.
    ///
    /// # Errors
    /// When no thread can be started, or no file descriptor is left.
    pub fn open<M>(wishes: Sender<M>) -> Result<Self>
    where
        M: From<Wish> + Send + 'static,
    {
        let backend = match can_draw() {
            true => Backend::Live(Box::new(Live::open(Colours::of(variable), move |wish| {
                // A player that takes no more wishes is ending, as most wishes would have it.
                let _ = wishes.send(wish.into());
            })?)),
            false => Backend::Plain(Box::new(PlainOutput::open()?)),
        };
        let (awaited, wakeup) = io::pipe().context("opening the stage")?;
        let mailbox = Arc::new(Mailbox::default());
        let render_thread = RenderThread { mailbox: Arc::clone(&mailbox), wakeup: awaited };
        thread::Builder::new()
            .name("stage".into())
            .spawn(move || render_thread.run(backend))
            .context("starting the stage")?;
        hold_log();
        Ok(Self { mailbox, wakeup })
    }

    /// Whether a stage would be live and take keys.
    #[must_use]
    pub fn hears_keys() -> bool {
        can_draw() && io::stdin().is_terminal()
    }

    /// Shows the status, soon. Call it as often as there is something new; at most twenty a second are drawn.
    /// Never blocks.
    pub fn show(&self, status: Status) {
        self.mailbox.update(|frame| frame.status = Some(status.printable()));
    }

    /// Names keys that do something in this command only. They are shown before all others. Never blocks.
    pub fn name_keys(&self, keys: &'static [KeyMeaning]) {
        self.mailbox.update(|frame| frame.own_keys = keys);
    }

    /// Shows a line about something that happened. Never blocks.
    pub fn notice(&self, text: impl Into<String>) {
        self.mailbox.notice(printable(&text.into()));
    }

    /// Shows the mistakes in a text that a person is writing, as they are told elsewhere, until there are others or none.
    /// Never blocks.
    pub fn show_mistakes(&self, mistakes: Option<String>) {
        let mistakes = mistakes.map(|text| text.lines().map(printable).collect());
        self.mailbox.update(|frame| frame.mistakes = Some(mistakes.unwrap_or_default()));
    }

    /// Takes the terminal and draws everything again, soon: another program may have had both. Never blocks.
    pub fn refresh(&self) {
        self.mailbox.update(|frame| frame.redraw = true);
    }

    /// Gives the terminal back, acts, and takes it again: for everything that happens to the process
    /// as a whole, such as being stopped by Ctrl-Z. Waits for a stalled terminal half a second at most.
    pub fn aside<T>(&self, act: impl FnOnce() -> T) -> T {
        self.hand_over(ScreenUse::Lent);
        logging::release();
        let outcome = act();
        hold_log();
        self.hand_over(ScreenUse::Stage);
        outcome
    }

    /// Ends with a line that stays on the screen, below all notices. Waits for a stalled terminal half a second at
    /// most.
    pub fn close(self, summary: impl Into<String>) {
        let summary = printable(&summary.into());
        self.mailbox.update(|frame| frame.summary = Some(summary));
    }

    fn hand_over(&self, to: ScreenUse) {
        self.mailbox.update(|frame| frame.wanted = to);
        // Fails only if the render thread has died: there is nothing to wait for.
        if (&self.wakeup).write_all(b"!").is_ok() {
            self.mailbox.wait_until(to);
        }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.hand_over(ScreenUse::Closed);
        logging::release();
    }
}

/// What the log has for the same terminal waits until that is given back.
fn hold_log() {
    if can_draw() {
        logging::hold();
    }
}

/// Whether standard output is a terminal that can draw.
fn can_draw() -> bool {
    variable("TERM").is_some_and(|term| !matches!(&*term, "" | "dumb")) && io::stdout().is_terminal()
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok()
}

/// The live stage as a picture, for use elsewhere than on a terminal.
#[must_use]
pub fn picture(status: &Status, notice: Option<&str>, colours: Colours, width: u16, height: u16) -> Buffer {
    let view = board::View { notice, has_keyboard: true, ..board::View::default() };
    board::draw(status, &view, colours, Rect::new(0, 0, width, height))
}
