//! The other end: a command that speaks to an instance. Knows the language, not what is asked for.

use std::fmt;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};

use super::order::{Answer, Order};
use super::order_line::OrderLine;
use super::socket;

/// An answer may have this many bytes; a status of 28 channels has about 3,000.
const LONGEST_ANSWER: u64 = 64 * 1024;

/// The instance has ended the connection without an answer.
#[derive(Debug)]
pub struct HungUp;

impl fmt::Display for HungUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the instance has hung up")
    }
}

impl std::error::Error for HungUp {}

/// A connection to an instance. Dropped, it hangs up.
#[derive(Debug)]
pub struct Client {
    voice: UnixStream,
    answers: AnswerReader,
}

/// The end of a connection at which answers come in.
#[derive(Debug)]
pub struct AnswerReader(BufReader<UnixStream>);

impl Client {
    /// Calls whoever listens at `path`; `None` when nobody does.
    ///
    /// # Errors
    /// When there is a socket that this user may not speak on.
    pub fn connect(path: &Path) -> Result<Option<Self>> {
        let doing = || format!("speaking on {}", path.display());
        match socket::connect(path) {
            Ok(voice) => {
                let answers = AnswerReader(BufReader::new(voice.try_clone().with_context(doing)?));
                Ok(Some(Self { voice, answers }))
            }
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) => {
                Ok(None)
            }
            Err(error) => Err(error).with_context(doing),
        }
    }

    /// Gives an order. Does not wait for the answer.
    ///
    /// # Errors
    /// When the instance has hung up.
    pub fn order(&mut self, order: &Order) -> io::Result<()> {
        self.voice.write_all(&order.line())
    }

    /// Says `line` and waits for the answer to its order, `patience` at most. One with an id may be said again.
    ///
    /// # Errors
    /// When none comes; [`HungUp`] where the instance has ended the connection.
    pub fn say(&mut self, line: &OrderLine, patience: Duration) -> Result<Answer> {
        self.speak(&line.line(), patience)
    }

    /// Gives an order and waits for its answer, `patience` at most.
    ///
    /// # Errors
    /// As [`say`](Self::say).
    pub fn ask(&mut self, order: &Order, patience: Duration) -> Result<Answer> {
        self.speak(&order.line(), patience)
    }

    fn speak(&mut self, line: &[u8], patience: Duration) -> Result<Answer> {
        self.voice.set_read_timeout(Some(patience)).context("setting a time-out")?;
        match self.voice.write_all(line) {
            // Shown out before it could say a word; why, is there to be heard.
            Err(error) if matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset) => {}
            said => said.context("giving the order")?,
        }
        let answer = loop {
            match self.answers.next().ok_or(HungUp)?? {
                Answer::Notice(_) => {}
                answer => break answer,
            }
        };
        self.voice.set_read_timeout(None).context("setting a time-out")?;
        Ok(answer)
    }

    /// For one who listens while another speaks.
    #[must_use]
    pub fn split(self) -> (UnixStream, AnswerReader) {
        (self.voice, self.answers)
    }
}

/// Waits for the next answer; ends when the instance has hung up. An error is an answer that cannot be
/// understood, or one that takes longer than was agreed.
impl Iterator for AnswerReader {
    type Item = Result<Answer>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut line = Vec::new();
        let read = self.0.by_ref().take(LONGEST_ANSWER).read_until(b'\n', &mut line);
        match read {
            Ok(0) => None,
            Ok(_) if line.ends_with(b"\n") => Some(Answer::read(&line).map_err(|error| {
                anyhow!("the instance says something that this version does not know: {error}")
            })),
            Ok(_) => Some(Err(anyhow!("the instance broke off in the middle of an answer"))),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                Some(Err(anyhow!("the instance does not answer; it may be stopped or stuck")))
            }
            Err(error) if error.kind() == ErrorKind::ConnectionReset => None,
            Err(error) => Some(Err(error).context("listening to the instance")),
        }
    }
}
