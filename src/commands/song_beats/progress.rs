//! A line on a terminal that says how far something is. Knows nothing of what is done.
//!
//! It is on standard error, so that answers can be piped. Where that is no terminal, nothing is shown. The cursor stays as
//! it is: whoever ends the program with Ctrl-C has nothing to restore.

use std::env;
use std::io::{IsTerminal, Write, stderr};

use rustix::termios::tcgetwinsize;

use crate::printable::printable;
use crate::text_width::{cut, width_of};

/// So many columns are for the bar, its brackets and the number.
const WIDEST_BAR: usize = 40;
const NARROWEST_BAR: usize = 8;
/// `  100 %`.
const NUMBER: usize = 7;
/// `  [` and `]`.
const BRACKETS: usize = 4;
/// A terminal that does not say how wide it is.
const USUAL_WIDTH: usize = 80;

/// The line disappears on drop.
pub(super) struct Progress {
    task: String,
    is_shown: bool,
    percent: Option<u32>,
}

impl Progress {
    /// `task` says what is being done.
    pub(super) fn on_terminal(task: String) -> Self {
        let can_draw = env::var_os("TERM").is_some_and(|term| !term.is_empty() && term != "dumb");
        Self { task: printable(&task), is_shown: can_draw && stderr().is_terminal(), percent: None }
    }

    /// `share` is from 0 to 1. Writes only where the number changes.
    pub(super) fn show(&mut self, share: f64) {
        let percent = (share * 100.0).clamp(0.0, 100.0) as u32;
        if self.percent == Some(percent) {
            return;
        }
        self.percent = Some(percent);
        self.draw(&line(&self.task, percent, width()));
    }

    /// The next task, of which it is not known how far it is.
    pub(super) fn says(&mut self, task: String) {
        self.task = printable(&task);
        self.draw(&cut(&self.task, width()));
    }

    fn draw(&self, line: &str) {
        if self.is_shown {
            // Nobody needs it: what cannot be written is left out.
            let mut stderr = stderr().lock();
            let _ = write!(stderr, "\r{line}\x1b[K").and_then(|()| stderr.flush());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.draw("");
    }
}

/// One less than the terminal has: some go on in the next line at the last column.
fn width() -> usize {
    let columns = tcgetwinsize(stderr()).map_or(0, |size| usize::from(size.ws_col));
    (if columns == 0 { USUAL_WIDTH } else { columns }).saturating_sub(1)
}

/// `listening to song  [=======>        ]  42 %`, as far as there is room.
fn line(task: &str, percent: u32, width: usize) -> String {
    let left = width.saturating_sub(width_of(task) + BRACKETS + NUMBER);
    if left < NARROWEST_BAR {
        let room = width.saturating_sub(NUMBER);
        return cut(&format!("{}  {percent:>3} %", cut(task, room)), width);
    }
    let bar = left.min(WIDEST_BAR);
    let full = bar * percent as usize / 100;
    format!("{task}  [{}{}]  {percent:>3} %", "=".repeat(full), " ".repeat(bar - full))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_never_wider_than_the_terminal() {
        for width in 0..200 {
            for percent in [0, 7, 50, 100] {
                for task in ["", "listening to a", "listening to a song with quite a long name, and more"] {
                    let line = line(task, percent, width);
                    assert!(width_of(&line) <= width, "{width}: {line}");
                }
            }
        }
    }

    #[test]
    fn the_bar_is_as_full_as_the_number_says() {
        assert_eq!(line("a", 50, 32), format!("a  [{}{}]   50 %", "=".repeat(10), " ".repeat(10)));
        assert_eq!(line("listening to a", 100, 20), "listening to…  100 %");
    }
}
