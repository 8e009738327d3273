//! An instance that does what the test says, and connections to it.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use starcourt::ipc::{ConnectionEvent, Order, OutputKind, PlayState, Responder, Server, ShowStatus, Status};
use starcourt::speed::Speed;
use starcourt::time::ShowTime;

pub(crate) const SOON: Duration = Duration::from_secs(10);

/// An instance whose events the test takes.
pub(crate) struct Instance {
    pub(crate) server: Server,
    pub(crate) events: Receiver<ConnectionEvent>,
    pub(crate) path: PathBuf,
    pub(crate) _folder: tempfile::TempDir,
}

impl Instance {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("starcourt.sock");
        let (sender, events) = mpsc::channel();
        let server = Server::open(&path, status(0), sender).unwrap();
        Self { server, events, path, _folder: folder }
    }

    pub(crate) fn connection(&self) -> Connection {
        let stream = UnixStream::connect(&self.path).unwrap();
        stream.set_read_timeout(Some(SOON)).unwrap();
        Connection { answers: BufReader::new(stream.try_clone().unwrap()), stream }
    }

    pub(crate) fn receives(&self) -> ConnectionEvent {
        self.events.recv_timeout(SOON).expect("an event")
    }

    #[track_caller]
    pub(crate) fn receives_order(&self, expected: &Order) -> Responder {
        match self.receives() {
            ConnectionEvent::Order { order, caller } => {
                assert_eq!(order, *expected);
                caller
            }
            ConnectionEvent::Closed(id) => panic!("{id:?} closed"),
        }
    }

    /// A connection that is told that there is no room tries again.
    #[track_caller]
    pub(crate) fn answers_in_the_end(&self) {
        let answers = (0..200).any(|_| {
            let mut connection = self.connection();
            let is_sent = connection.stream.write_all(&Order::Status { follow: false }.line()).is_ok();
            let answers = is_sent && connection.line().contains("playing");
            if !answers {
                std::thread::sleep(Duration::from_millis(20));
            }
            answers
        });
        assert!(answers);
    }

    /// All that has come in, once nothing more comes.
    pub(crate) fn events_so_far(&self) -> Vec<ConnectionEvent> {
        std::iter::from_fn(|| self.events.recv_timeout(Duration::from_millis(200)).ok()).collect()
    }

    pub(crate) fn receives_nothing(&self) {
        assert!(self.events.recv_timeout(Duration::from_millis(50)).is_err());
    }
}

pub(crate) struct Connection {
    pub(crate) stream: UnixStream,
    pub(crate) answers: BufReader<UnixStream>,
}

impl Connection {
    pub(crate) fn writes(&mut self, line: &str) {
        self.stream.write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    /// A line; nothing when the instance has hung up.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        match self.answers.read_line(&mut line) {
            // Hung up with something of ours unread.
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => String::new(),
            outcome => {
                outcome.expect("an answer in time");
                line
            }
        }
    }

    #[track_caller]
    pub(crate) fn reads(&mut self, words: &str) {
        let line = self.line();
        assert!(line.contains(words), "{line}");
    }
}

pub(crate) fn status(seconds: u64) -> Status {
    Status {
        state: PlayState::Playing,
        show: Some(ShowStatus {
            name: "demo".to_owned(),
            title: "Demo".to_owned(),
            position: ShowTime::from_micros(seconds * 1_000_000),
            length: None,
            repeats: None,
            speed: Speed::Normal,
            bar_beat: None,
            beat_permille: None,
            part: None,
            line: None,
            cue: None,
            sound_leads: false,
            realtime: false,
            late: 0,
            noticeably_late: 0,
            volume: None,
        }),
        ..Status::idle(OutputKind::Sim)
    }
}
