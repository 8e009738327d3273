//! The end of the socket for whoever gives orders. Knows the protocol, not what is ordered.

use std::fmt;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use rustix::net::SocketType;

use super::order::{Answer, Order};
use super::order_line::OrderLine;
use super::status::Status;
use crate::group_socket;

/// An answer may have this many bytes: the status of a thousand channels has about 100,000.
const LONGEST_ANSWER: u64 = 16 * 1024 * 1024;

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
///
/// ```no_run
/// use std::path::Path;
/// use std::time::Duration;
///
/// use starcourt::ipc::{Answer, Client, Order, Play};
///
/// # fn main() -> anyhow::Result<()> {
/// let socket = Path::new("/run/starcourt/starcourt.sock");
/// let Some(mut client) = Client::connect(socket)? else {
///     println!("no starcourt is running");
///     return Ok(());
/// };
/// let bell = Play { interrupt: true, ..Play::show("bell") };
/// match client.ask(&Order::Play(bell), Duration::from_secs(35))? {
///     Answer::Done(words) => println!("{words}"),
///     Answer::Refused { why, .. } => println!("refused: {why}"),
///     other => println!("{other:?}"),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Client {
    orders: OrderWriter,
    answers: AnswerReader,
}

/// The half of a connection that gives orders.
#[derive(Debug)]
pub struct OrderWriter(UnixStream);

/// The half of a connection at which answers come in, one after another. It ends when the instance has hung up.
///
/// An item is an error if an answer cannot be understood, or does not come within the time that was agreed.
#[derive(Debug)]
pub struct AnswerReader(BufReader<TimedStream>);

/// A stream that is read until a deadline, however slowly its bytes come.
#[derive(Debug)]
struct TimedStream {
    stream: UnixStream,
    deadline: Option<Instant>,
}

impl Read for TimedStream {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let left = self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        if left == Some(Duration::ZERO) {
            return Err(ErrorKind::WouldBlock.into());
        }
        self.stream.set_read_timeout(left)?;
        self.stream.read(bytes)
    }
}

/// An instance takes an order within microseconds; one that hangs never does.
const WRITE_PATIENCE: Duration = Duration::from_secs(1);

fn connect(path: &Path) -> io::Result<UnixStream> {
    let stream = UnixStream::from(group_socket::connect(path, SocketType::STREAM)?);
    stream.set_nonblocking(false)?;
    // An instance that hangs takes nothing: whoever orders goes on.
    stream.set_write_timeout(Some(WRITE_PATIENCE))?;
    Ok(stream)
}

impl Client {
    /// Connects to the instance that listens at `path`; `None` when none does. Waits a second at most.
    ///
    /// # Errors
    /// When there is a socket that this user may not use.
    pub fn connect(path: &Path) -> Result<Option<Self>> {
        let doing = || format!("speaking on {}", path.display());
        match connect(path) {
            Ok(stream) => {
                let theirs = stream.try_clone().with_context(doing)?;
                let answers = AnswerReader(BufReader::new(TimedStream { stream: theirs, deadline: None }));
                Ok(Some(Self { orders: OrderWriter(stream), answers }))
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
    pub fn send(&mut self, order: &Order) -> io::Result<()> {
        self.orders.send(order)
    }

    /// Waits for the answer to an order, `patience` at most. Passes over notices.
    ///
    /// # Errors
    /// When none comes; [`HungUp`] where the instance has ended the connection.
    pub fn answer(&mut self, patience: Duration) -> Result<Answer> {
        self.answers.0.get_mut().deadline = Some(Instant::now() + patience);
        let is_answer = |answer: &Result<Answer>| !matches!(answer, Ok(Answer::Notice(_)));
        let answer = self.answers.by_ref().find(is_answer);
        self.answers.0.get_mut().deadline = None;
        answer.ok_or(HungUp)?
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
        match self.orders.0.write_all(line) {
            // Hung up on before the order was sent: the reason is there to be read.
            Err(error) if matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset) => {}
            sent => sent.context("giving the order")?,
        }
        self.answer(patience)
    }

    /// Asks what the instance does, and waits for the answer, `patience` at most.
    ///
    /// # Errors
    /// When no status comes.
    pub fn status(&mut self, patience: Duration) -> Result<Status> {
        match self.ask(&Order::Status { follow: false }, patience)? {
            Answer::Status(status) => Ok(*status),
            Answer::Refused { why, .. } => bail!(why),
            answer => bail!("the instance answers something else: {answer:?}"),
        }
    }

    /// The two halves, for one thread that listens while another gives orders.
    #[must_use]
    pub fn split(self) -> (OrderWriter, AnswerReader) {
        (self.orders, self.answers)
    }
}

impl OrderWriter {
    /// Gives an order. Does not wait for the answer.
    ///
    /// # Errors
    /// When the instance has hung up.
    pub fn send(&mut self, order: &Order) -> io::Result<()> {
        self.0.write_all(&order.line())
    }
}

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
