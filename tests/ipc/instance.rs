//! An instance that hears calls and does what the test says, and those who visit it.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use starcourt::ipc::{ConnectionEvent, Order, OutputKind, PlayState, Responder, Server, ShowStatus, Status};
use starcourt::time::ShowTime;

pub(crate) const SOON: Duration = Duration::from_secs(10);

/// An instance that hears calls and does what the test says.
pub(crate) struct Instance {
    pub(crate) control: Server,
    pub(crate) calls: Receiver<ConnectionEvent>,
    pub(crate) path: PathBuf,
    pub(crate) _folder: tempfile::TempDir,
}

impl Instance {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("starcourt.sock");
        let (sender, calls) = mpsc::channel();
        let control = Server::open(&path, status(0), sender).unwrap();
        Self { control, calls, path, _folder: folder }
    }

    pub(crate) fn visitor(&self) -> Visitor {
        let stream = UnixStream::connect(&self.path).unwrap();
        stream.set_read_timeout(Some(SOON)).unwrap();
        Visitor { ear: BufReader::new(stream.try_clone().unwrap()), voice: stream }
    }

    pub(crate) fn hears(&self) -> ConnectionEvent {
        self.calls.recv_timeout(SOON).expect("somebody calls")
    }

    #[track_caller]
    pub(crate) fn hears_order(&self, expected: &Order) -> Responder {
        match self.hears() {
            ConnectionEvent::Order { order, caller } => {
                assert_eq!(order, *expected);
                caller
            }
            ConnectionEvent::Closed(id) => panic!("{id:?} left"),
        }
    }

    /// Whoever is told that there is no room tries again.
    #[track_caller]
    pub(crate) fn answers_in_the_end(&self) {
        let answers = (0..200).any(|_| {
            let mut visitor = self.visitor();
            let is_heard = visitor.voice.write_all(&Order::Status { follow: false }.line()).is_ok();
            let answers = is_heard && visitor.hears().contains("playing");
            if !answers {
                std::thread::sleep(Duration::from_millis(20));
            }
            answers
        });
        assert!(answers);
    }

    /// All that has come in, once nothing more comes.
    pub(crate) fn calls_so_far(&self) -> Vec<ConnectionEvent> {
        std::iter::from_fn(|| self.calls.recv_timeout(Duration::from_millis(200)).ok()).collect()
    }

    pub(crate) fn hears_nothing(&self) {
        assert!(self.calls.recv_timeout(Duration::from_millis(50)).is_err());
    }
}

pub(crate) struct Visitor {
    pub(crate) voice: UnixStream,
    pub(crate) ear: BufReader<UnixStream>,
}

impl Visitor {
    pub(crate) fn says(&mut self, line: &str) {
        self.voice.write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    /// A line; nothing when the instance has hung up.
    pub(crate) fn hears(&mut self) -> String {
        let mut line = String::new();
        match self.ear.read_line(&mut line) {
            // Hung up with something of ours unread.
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => String::new(),
            outcome => {
                outcome.expect("an answer in time");
                line
            }
        }
    }

    #[track_caller]
    pub(crate) fn hears_of(&mut self, words: &str) {
        let line = self.hears();
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
            bar_beat: None,
            sound_leads: false,
            realtime: false,
            late: 0,
            volume: None,
        }),
        ..Status::idle(OutputKind::Sim)
    }
}
