//! What commands say on standard output: all of it, or a failure.

use std::io::{self, ErrorKind, Write, stderr, stdout};

use anyhow::{Error, anyhow};
use rustix::fs::{FileType, fstat};
use rustix::io::Errno;
use rustix::termios::tcgetwinsize;
use serde::Serialize;

use super::outcome::{Failure, Outcome};
use crate::printable::{printable_json, printable_lines};

const ALWAYS_JSON: &str = "texts and numbers always make JSON";

/// `1 channel`, `2 channels`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{ending}")
}

/// Prints the answer to a question, made [harmless](printable_lines) once more. A reader that has gone
/// (`| head`) has read enough. Blocks while the reader does not read.
///
/// # Errors
/// When not all of it can be written, to a full disk for one: half an answer is none.
pub(super) fn answer((text, outcome): (String, Outcome)) -> Result<Outcome, Failure> {
    answer_in_colour((printable_lines(&text), outcome))
}

/// The same with colours and all, for an answer that has made each text from outside harmless itself.
///
/// # Errors
/// As [`answer`].
pub(super) fn answer_in_colour((text, outcome): (String, Outcome)) -> Result<Outcome, Failure> {
    written(print(&text))?;
    Ok(outcome)
}

/// Prints what was done. It is done, whoever could be told of it: the exit code says so too.
pub(super) fn done((text, outcome): (String, Outcome)) -> Outcome {
    if let Err(error) = written(print(&printable_lines(&text))) {
        let _nobody_reads = writeln!(stderr(), "starcourt: {error}");
    }
    outcome
}

/// A line of a longer answer. `false`: the reader has gone.
///
/// # Errors
/// As [`answer`].
pub(super) fn line(line: &str) -> Result<bool, Failure> {
    let outcome = print(&format!("{}\n", printable_lines(line)));
    let has_gone = outcome.as_ref().is_err_and(reader_has_gone);
    written(outcome)?;
    Ok(!has_gone)
}

/// `value` for other programs, a field a line.
pub(super) fn json(value: &impl Serialize) -> String {
    printable_json(&serde_json::to_string_pretty(value).expect(ALWAYS_JSON)) + "\n"
}

/// `value` for other programs, in one line without its end.
pub(super) fn json_line(value: &impl Serialize) -> String {
    printable_json(&serde_json::to_string(value).expect(ALWAYS_JSON))
}

/// How many columns standard output has, if it is a terminal.
pub(super) fn screen_width() -> Option<usize> {
    let size = tcgetwinsize(stdout()).ok()?;
    Some(usize::from(size.ws_col)).filter(|width| *width > 0)
}

/// What came of writing to standard output, by whatever way.
pub(super) fn written(outcome: io::Result<()>) -> Result<(), Error> {
    match outcome {
        Err(error) if !reader_has_gone(&error) => Err(anyhow!("writing to standard output: {error}")),
        _ => Ok(()),
    }
}

fn print(text: &str) -> io::Result<()> {
    let mut stdout = stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

/// A pipe without a reader, or a terminal that was closed.
fn reader_has_gone(error: &io::Error) -> bool {
    let is_terminal = || {
        fstat(stdout()).is_ok_and(|about| FileType::from_raw_mode(about.st_mode) == FileType::CharacterDevice)
    };
    error.kind() == ErrorKind::BrokenPipe
        || error.raw_os_error() == Some(Errno::IO.raw_os_error()) && is_terminal()
}
