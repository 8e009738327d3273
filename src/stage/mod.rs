//! The show in a terminal: every channel a lamp that glows at its level, or plain lines where there is
//! no terminal to draw on. Knows nothing of pins, sound or files: it shows a [`Status`] and passes on
//! the [`Wish`]es of whoever sits at the keyboard.
//!
//! All drawing happens on a thread of its own. A terminal may stall for minutes (an SSH connection
//! whose network is gone), and nothing that plays a show may wait for it.

mod board;
mod colours;
mod glow;
#[cfg(test)]
mod golden;
mod keys;
mod lights;
mod live;
mod plain;
mod plain_output;
mod render_thread;
pub mod rescue;
#[cfg(test)]
mod samples;
mod screen_writer;
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
use plain_output::PlainOutput;
use render_thread::{Backend, Mailbox, Place, RenderThread};
pub use wish::{Key, LOUDER, Wish};

use crate::ipc::Status;
use crate::logging;
use crate::printable::printable;

/// A show on its stage. Dropping it gives the terminal back.
pub struct Stage {
    mailbox: Arc<Mailbox>,
    bell: PipeWriter,
}

impl Stage {
    /// Chooses a stage: a live one where standard output is a terminal that can draw, plain lines
    /// elsewhere. Nothing is shown before the first status. Wishes go to `wishes` while standard input
    /// is a terminal and we are not in a shell's background.
    ///
    /// # Errors
    /// When the system has no room for a small thread.
    pub fn open<M>(wishes: Sender<M>) -> Result<Self>
    where
        M: From<Wish> + Send + 'static,
    {
        let face = match draws() {
            true => Backend::Live(Box::new(Live::open(Colours::of(variable), move |wish| {
                // A player that no longer listens is ending, as most wishes would have it.
                let _ = wishes.send(wish.into());
            })?)),
            false => Backend::Plain(Box::new(PlainOutput::open()?)),
        };
        let (listener, bell) = io::pipe().context("opening the stage")?;
        let mailbox = Arc::new(Mailbox::default());
        let render_thread = RenderThread { mailbox: Arc::clone(&mailbox), bell: listener };
        thread::Builder::new()
            .name("stage".into())
            .spawn(move || render_thread.perform(face))
            .context("starting the stage")?;
        let stage = Self { mailbox, bell };
        stage.hold_log();
        Ok(stage)
    }

    /// Whether a stage would be live and somebody may sit at its keyboard.
    #[must_use]
    pub fn hears_keys() -> bool {
        draws() && io::stdin().is_terminal()
    }

    /// Shows the status, soon. Call it as often as there is something new; at most twenty scenes a
    /// second are drawn. Never blocks.
    pub fn show(&self, status: Status) {
        self.mailbox.give(|book| book.status = Some(status.printable()));
    }

    /// Tells something that happened, in a line. Never blocks.
    pub fn notice(&self, text: impl Into<String>) {
        let text = printable(&text.into());
        self.mailbox.give(|book| book.notice(text));
    }

    /// Takes the terminal and draws everything anew, soon: something else may have had both. Never blocks.
    pub fn refresh(&self) {
        self.mailbox.give(|book| book.anew = true);
    }

    /// Gives the terminal back, acts, and takes it again: for everything that happens to the process
    /// as a whole, such as being stopped by Ctrl-Z. Waits for a stalled terminal half a second at most.
    pub fn aside<T>(&self, act: impl FnOnce() -> T) -> T {
        self.go(Place::Aside);
        logging::release();
        let outcome = act();
        self.hold_log();
        self.go(Place::OnStage);
        outcome
    }

    /// Ends the performance with a line that stays on the screen, below the notices there were. Waits
    /// for a stalled terminal half a second at most.
    pub fn close(self, summary: impl Into<String>) {
        let summary = printable(&summary.into());
        self.mailbox.give(|book| book.summary = Some(summary));
    }

    /// What the log has for the same terminal waits until that is given back.
    fn hold_log(&self) {
        if draws() {
            logging::hold();
        }
    }

    fn go(&self, place: Place) {
        self.mailbox.give(|book| book.place = place);
        // Fails only when the render_thread has died, and then there is nobody to wait for.
        if (&self.bell).write_all(b"!").is_ok() {
            self.mailbox.wait_for(place);
        }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.go(Place::Closed);
        logging::release();
    }
}

/// Whether standard output is a terminal that can draw.
fn draws() -> bool {
    variable("TERM").is_some_and(|term| !matches!(&*term, "" | "dumb")) && io::stdout().is_terminal()
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok()
}

/// The live stage as a picture, for those who want it elsewhere than on a terminal.
#[must_use]
pub fn picture(status: &Status, notice: Option<&str>, colours: Colours, width: u16, height: u16) -> Buffer {
    let margin = board::Margin { notice, keys: true };
    board::draw(status, &margin, colours, Rect::new(0, 0, width, height))
}
