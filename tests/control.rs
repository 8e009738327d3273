//! The control socket, spoken to as other programs do: by lines of JSON, or by anything else.

#![allow(clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Write};
use std::net::Shutdown;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use starcourt::clock::Leader;
use starcourt::control::{Answer, Call, Caller, Control, LONGEST_LINE, Order, Play, Remote, Status};
use starcourt::scene::{Outlet, Scene, State};
use starcourt::time::ShowTime;

const SOON: Duration = Duration::from_secs(10);

/// An instance that hears calls and does what the test says.
struct Instance {
    control: Control,
    calls: Receiver<Call>,
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl Instance {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("starcourt.sock");
        let (sender, calls) = mpsc::channel();
        let control = Control::open(&path, status(0), sender).unwrap();
        Self { control, calls, path, _folder: folder }
    }

    fn visitor(&self) -> Visitor {
        let stream = UnixStream::connect(&self.path).unwrap();
        stream.set_read_timeout(Some(SOON)).unwrap();
        Visitor { ear: BufReader::new(stream.try_clone().unwrap()), voice: stream }
    }

    fn hears(&self) -> Call {
        self.calls.recv_timeout(SOON).expect("somebody calls")
    }

    #[track_caller]
    fn hears_order(&self, expected: &Order) -> Caller {
        match self.hears() {
            Call::Order { order, caller } => {
                assert_eq!(order, *expected);
                caller
            }
            Call::Left(id) => panic!("{id:?} left"),
        }
    }

    /// Whoever is told that there is no room tries again.
    #[track_caller]
    fn answers_in_the_end(&self) {
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

    fn hears_nothing(&self) {
        assert!(self.calls.recv_timeout(Duration::from_millis(50)).is_err());
    }
}

struct Visitor {
    voice: UnixStream,
    ear: BufReader<UnixStream>,
}

impl Visitor {
    fn says(&mut self, line: &str) {
        self.voice.write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    /// A line; nothing when the instance has hung up.
    fn hears(&mut self) -> String {
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
    fn hears_of(&mut self, words: &str) {
        let line = self.hears();
        assert!(line.contains(words), "{line}");
    }
}

fn status(seconds: u64) -> Status {
    Status::of(&Scene {
        title: "Demo".to_owned(),
        show: "demo".to_owned(),
        time: ShowTime::from_micros(seconds * 1_000_000),
        length: None,
        bar_beat: None,
        leader: Leader::Machine,
        realtime: false,
        late: 0,
        volume: None,
        state: State::Playing,
        stands: None,
        outlet: Outlet::Simulated,
        lamps: Vec::new(),
    })
}

#[test]
fn an_order_is_passed_on_and_its_answer_comes_back() {
    let instance = Instance::new();
    let mut visitor = instance.visitor();
    visitor.says(r#"{"order":"pause"}"#);
    instance.hears_order(&Order::Pause {}).done("paused at 0:12");
    visitor.hears_of(r#"{"done":"paused at 0:12"}"#);
    visitor.says(r#"{"order":"blackout","on":true}"#);
    instance.hears_order(&Order::Blackout { on: true }).refuse("not now", 75);
    visitor.hears_of(r#"{"refused":{"why":"not now","exit":75}}"#);
}

#[test]
fn answers_find_those_who_asked() {
    let instance = Instance::new();
    let mut visitors = [instance.visitor(), instance.visitor(), instance.visitor()];
    let mut callers = Vec::new();
    for (index, visitor) in visitors.iter_mut().enumerate() {
        let play = Play { volume: Some(index as u8), ..Play::show("demo") };
        visitor.voice.write_all(&Order::Play(play.clone()).line()).unwrap();
        callers.push(instance.hears_order(&Order::Play(play)));
    }
    for (index, caller) in callers.iter().enumerate().rev() {
        caller.done(format!("number {index}"));
    }
    for (index, visitor) in visitors.iter_mut().enumerate() {
        visitor.hears_of(&format!("number {index}"));
    }
}

#[test]
fn status_is_answered_without_asking_the_instance_and_followed_as_it_changes() {
    let instance = Instance::new();
    let mut visitor = instance.visitor();
    visitor.says(r#"{"order":"status"}"#);
    visitor.hears_of(r#""position_us":0"#);
    instance.control.publish(status(1));
    visitor.says(r#"{"order":"status","follow":true}"#);
    visitor.hears_of(r#""position_us":1000000"#);
    for second in 2..5 {
        instance.control.publish(status(second));
        visitor.hears_of(&format!(r#""position_us":{second}000000"#));
    }
    instance.hears_nothing();
}

#[test]
fn what_is_no_order_is_answered_and_reaches_nobody() {
    let instance = Instance::new();
    let mut visitor = instance.visitor();
    for line in
        ["", "hello", "{}", r#"{"order":"dance"}"#, "\u{0}\u{1b}[31m", r#"{"order":"play","show":"a/b"}"#]
    {
        visitor.says(line);
        visitor.hears_of(r#"{"refused":{"why":"this is no order: "#);
    }
    visitor.says(r#"{"order":"stop"}"#);
    instance.hears_order(&Order::Stop {}).done("");
    visitor.hears_of("done");
    instance.hears_nothing();
}

#[test]
fn whoever_never_says_an_order_is_shown_out() {
    let instance = Instance::new();
    let mut visitor = instance.visitor();
    for _ in 0..16 {
        visitor.says("GET / HTTP/1.1");
        visitor.hears_of("no order");
    }
    assert_eq!(visitor.hears(), "", "hung up");
}

#[test]
fn a_line_without_end_is_not_listened_to() {
    let instance = Instance::new();
    let mut visitor = instance.visitor();
    let _refused_half_way = visitor.voice.write_all(&vec![b' '; 20 * LONGEST_LINE]);
    assert!(["", "at most"].iter().any(|words| visitor.hears().contains(words)));
    let mut another = instance.visitor();
    another.says(r#"{"order":"status"}"#);
    another.hears_of("playing");
}

#[test]
fn a_script_that_says_its_order_and_listens_gets_its_answer() {
    let instance = Instance::new();
    let mut visitor = instance.visitor();
    visitor.says(r#"{"order":"next"}"#);
    visitor.voice.shutdown(Shutdown::Write).unwrap();
    instance.hears_order(&Order::Next {}).done("next");
    visitor.hears_of("next");
    assert_eq!(visitor.hears(), "", "and then the instance hangs up");
}

#[test]
fn a_show_that_is_somebodys_ends_with_their_connection() {
    let instance = Instance::new();
    let mut visitor = instance.visitor();
    let play = Order::Play(Play { attach: true, ..Play::show("demo") });
    visitor.voice.write_all(&play.line()).unwrap();
    let caller = instance.hears_order(&play);
    caller.done("demo begins");
    visitor.hears_of("begins");
    caller.tell(Answer::Notice("the sound is lost".to_owned()));
    visitor.hears_of(r#"{"notice":"the sound is lost"}"#);
    instance.control.publish(status(7));
    visitor.hears_of(r#""position_us":7000000"#);
    drop(visitor);
    match instance.hears() {
        Call::Left(id) => assert_eq!(id, caller.id()),
        call => panic!("{call:?}"),
    }
}

#[test]
fn whoever_has_been_told_of_the_end_leaves_without_a_word() {
    let instance = Instance::new();
    let mut visitor = instance.visitor();
    let play = Order::Play(Play { attach: true, ..Play::show("demo") });
    visitor.voice.write_all(&play.line()).unwrap();
    let caller = instance.hears_order(&play);
    caller.done("demo begins");
    caller.tell(Answer::Ended { how: "played".to_owned(), exit: 0 });
    visitor.hears_of("begins");
    visitor.hears_of(r#"{"ended":{"how":"played","exit":0}}"#);
    drop(visitor);
    instance.hears_nothing();
}

#[test]
fn a_flood_of_rubbish_from_a_hundred_at_once_keeps_nobody_else_waiting_for_good() {
    let instance = Instance::new();
    let path = &instance.path;
    std::thread::scope(|scope| {
        for _ in 0..100 {
            scope.spawn(move || {
                for _ in 0..20 {
                    let Ok(mut stream) = UnixStream::connect(path) else { continue };
                    let _shown_out = stream.write_all(&b"rubbish rubbish rubbish\n".repeat(50));
                }
            });
        }
    });
    instance.answers_in_the_end();
    instance.hears_nothing();
}

#[test]
fn somebody_who_comes_and_goes_without_end_keeps_nobody_waiting() {
    let instance = Instance::new();
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let began = Instant::now();
                while !is_over.load(Ordering::Relaxed) && began.elapsed() < SOON {
                    let _gone_at_once = UnixStream::connect(&instance.path);
                }
            });
        }
        instance.answers_in_the_end();
        is_over.store(true, Ordering::Relaxed);
    });
}

#[test]
fn those_who_say_nothing_make_room() {
    let instance = Instance::new();
    let _silent: Vec<Visitor> = (0..32).map(|_| instance.visitor()).collect();
    let mut refused = instance.visitor();
    refused.hears_of("others are connected");
    instance.answers_in_the_end();
}

#[test]
fn a_reader_that_never_reads_is_spared_news_and_costs_no_memory() {
    let instance = Instance::new();
    let mut visitor = instance.visitor();
    visitor.says(r#"{"order":"status","follow":true}"#);
    visitor.hears_of("playing");
    for second in 0..20_000 {
        instance.control.publish(status(second));
    }
    let mut another = instance.visitor();
    another.says(r#"{"order":"status"}"#);
    another.hears_of(r#""position_us":19999000000"#);
}

#[test]
fn the_socket_is_the_groups_comes_back_when_deleted_and_goes_with_the_instance() {
    let mut instance = Instance::new();
    let path = instance.path.clone();
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o660);
    let mut old = instance.visitor();
    std::fs::remove_file(&path).unwrap();
    instance.control.look_after().unwrap();
    for visitor in [&mut old, &mut instance.visitor()] {
        visitor.says(r#"{"order":"status"}"#);
        visitor.hears_of("playing");
    }
    drop(instance);
    assert!(!path.exists());
    assert_eq!(old.hears(), "");
}

#[test]
fn a_remote_asks_and_nobody_at_home_is_no_error() {
    let instance = Instance::new();
    let mut remote = Remote::reach(&instance.path).unwrap().unwrap();
    let answer = remote.ask(&Order::Status { follow: false }, SOON).unwrap();
    assert_eq!(answer, Answer::Status(Box::new(status(0))));
    let impatient = remote.ask(&Order::Pause {}, Duration::from_millis(50)).unwrap_err();
    assert!(impatient.to_string().contains("does not answer"), "{impatient}");
    let nowhere = instance.path.with_file_name("nobody.sock");
    assert!(Remote::reach(&nowhere).unwrap().is_none());
}

#[test]
fn an_instance_that_no_longer_listens_says_so() {
    let Instance { control: _control, calls, path, _folder } = Instance::new();
    drop(calls);
    let mut remote = Remote::reach(&path).unwrap().unwrap();
    match remote.ask(&Order::Stop {}, SOON).unwrap() {
        Answer::Refused { why, exit } => assert_eq!((&*why, exit), ("this instance is ending", 75)),
        answer => panic!("{answer:?}"),
    }
}

/// What somebody asked for may have begun before they hear of it.
#[test]
fn whoever_hangs_up_before_their_show_begins_is_reported() {
    let instance = Instance::new();
    let mut visitor = instance.visitor();
    let play = Order::Play(Play { attach: true, ..Play::show("demo") });
    visitor.voice.write_all(&play.line()).unwrap();
    let caller = instance.hears_order(&play);
    drop(visitor);
    match instance.hears() {
        Call::Left(id) => assert_eq!(id, caller.id()),
        call => panic!("{call:?}"),
    }
    caller.done("demo begins");
    instance.hears_nothing();
}

#[test]
fn an_order_left_behind_by_somebody_who_does_not_listen_is_taken() {
    let instance = Instance::new();
    for _ in 0..50 {
        let mut visitor = instance.visitor();
        visitor.says(r#"{"order":"pause"}"#);
        drop(visitor);
        instance.hears_order(&Order::Pause {}).done("paused");
    }
    instance.answers_in_the_end();
}

#[test]
fn a_connection_has_one_show() {
    let instance = Instance::new();
    let mut visitor = instance.visitor();
    let play = Order::Play(Play { attach: true, interrupt: true, ..Play::show("demo") });
    visitor.voice.write_all(&play.line()).unwrap();
    let caller = instance.hears_order(&play);
    caller.done("demo begins");
    visitor.hears_of("begins");
    visitor.voice.write_all(&play.line()).unwrap();
    visitor.hears_of("a connection has one");
    caller.tell(Answer::Ended { how: "played".to_owned(), exit: 0 });
    visitor.hears_of("ended");
    visitor.voice.write_all(&play.line()).unwrap();
    instance.hears_order(&play).refuse("not now", 75);
    visitor.hears_of("not now");
}

#[test]
fn an_order_that_comes_too_late_is_refused_not_dropped() {
    let instance = Instance::new();
    let mut visitor = instance.visitor();
    visitor.says(r#"{"order":"next"}"#);
    let _never_answered = instance.hears_order(&Order::Next {});
    drop(instance.control);
    visitor.hears_of(r#"{"refused":{"why":"this instance is ending","exit":75}}"#);
    assert_eq!(visitor.hears(), "", "hung up");
}

#[test]
fn whoever_finds_no_room_is_told_so_in_words() {
    let instance = Instance::new();
    let _silent: Vec<Visitor> = (0..32).map(|_| instance.visitor()).collect();
    let mut remote = Remote::reach(&instance.path).unwrap().unwrap();
    // Time enough to be shown out before a word is said.
    instance.hears_nothing();
    match remote.ask(&Order::Stop {}, SOON).unwrap() {
        Answer::Refused { why, exit } => assert!(why.contains("others are connected") && exit == 75, "{why}"),
        answer => panic!("{answer:?}"),
    }
}
