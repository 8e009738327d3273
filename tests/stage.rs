//! The stage on a real (pseudo) terminal: it must give back what it borrowed, however it ends. The
//! performer is this test's own program, started once more.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

mod terminal;

use std::env;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};
use starcourt::ipc::{ChannelStatus, OutputKind, PlayState, ShowStatus, Status};
use starcourt::level::Level;
use starcourt::rig::Kind;
use starcourt::speed::Speed;
use starcourt::stage::{Stage, Wish};
use starcourt::time::ShowTime;
use terminal::pseudo_terminal;

/// Set for the process that performs, with what it does after the first scene.
const PERFORM: &str = "STARCOURT_TEST_PERFORM";
/// Far longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(20);

const ENTER: &str = "\x1b[?1049h";
const LEAVE: &str = "\x1b[?1049l";
const SHOW_CURSOR: &str = "\x1b[?25h";

#[test]
fn the_performer_performs_what_it_is_told() {
    let Ok(what) = env::var(PERFORM) else { return };
    let (inbox, wishes) = mpsc::channel::<Wish>();
    let stage = Stage::open(inbox).unwrap();
    stage.show(status(ShowTime::ZERO));
    // The test types when it has seen the scene, so the first wish says that the scene is up.
    while let Ok(wish) = wishes.recv_timeout(PATIENCE) {
        eprintln!("wish: {wish:?}");
        match (wish, &*what) {
            (Wish::Pause, "notice") => stage.notice("the sound is lost"),
            (Wish::Pause, "aside") => stage.aside(|| eprintln!("aside")),
            (Wish::Pause, "hang up") => {
                stage.notice("ready");
                let stdout = std::io::stdout();
                poll(&mut [PollFd::new(&stdout, PollFlags::empty())], None).unwrap();
                stage.show(status(ShowTime::ZERO + PATIENCE));
                break;
            }
            (Wish::Pause, "panic") => panic!("out of light"),
            (Wish::Quit, _) => break,
            _ => {}
        }
    }
    stage.close("that was all");
    eprintln!("closed");
}

fn status(position: ShowTime) -> Status {
    let channel = ChannelStatus {
        name: "neon".into(),
        kind: Kind::Relay,
        address: "GPIO 17".into(),
        gpio: Some(17),
        level: Level::FULL,
    };
    let show = ShowStatus {
        name: "starcourt".into(),
        title: "Starcourt".into(),
        position,
        length: None,
        repeats: None,
        speed: Speed::Normal,
        bar_beat: None,
        beat_permille: None,
        part: None,
        line: None,
        cue: None,
        sound_leads: false,
        realtime: true,
        late: 0,
        noticeably_late: 0,
        volume: None,
    };
    Status {
        state: PlayState::Playing,
        show: Some(show),
        channels: [channel].into(),
        ..Status::idle(OutputKind::Sim)
    }
}

struct Performance {
    process: Child,
    far: File,
    /// Held open, so that what is left of the terminal can be examined.
    near: OwnedFd,
    seen: String,
}

impl Performance {
    fn start(what: &str) -> Self {
        let (far, near) = pseudo_terminal();
        tcsetwinsize(&near, Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
        let end = || Stdio::from(near.try_clone().unwrap());
        let process = Command::new(env::current_exe().unwrap())
            .args(["--exact", "the_performer_performs_what_it_is_told", "--nocapture"])
            .env(PERFORM, what)
            .env("TERM", "xterm-256color")
            .env("NO_COLOR", "1")
            .stdin(end())
            .stdout(end())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut performance = Self { process, far: far.into(), near, seen: String::new() };
        performance.sees("neon");
        performance
    }

    /// Reads from the terminal until `text` has appeared, and forgets what came before its end.
    fn sees(&mut self, text: &str) -> String {
        let mut bytes = [0; 4096];
        loop {
            if let Some(at) = self.seen.find(text) {
                let rest = self.seen.split_off(at + text.len());
                return std::mem::replace(&mut self.seen, rest);
            }
            let read = self.far.read(&mut bytes).unwrap();
            self.seen.push_str(&String::from_utf8_lossy(&bytes[..read]));
        }
    }

    fn types(&mut self, keys: &str) {
        self.far.write_all(keys.as_bytes()).unwrap();
    }

    fn reads_lines(&self) -> bool {
        let modes = tcgetattr(self.near.as_fd()).unwrap().local_modes;
        modes.contains(LocalModes::ICANON | LocalModes::ECHO)
    }

    /// What the performer has said besides, once it has ended.
    fn said(&mut self) -> String {
        let mut said = String::new();
        self.process.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        said
    }
}

impl Drop for Performance {
    fn drop(&mut self) {
        // It may have ended by itself, as a test wished.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn the_screen_is_borrowed_and_given_back_with_a_last_line() {
    let mut performance = Performance::start("close");
    assert!(!performance.reads_lines());
    performance.types("q");
    let last = performance.sees("that was all");
    assert!(last.contains(LEAVE) && last.contains(SHOW_CURSOR), "{last:?}");
    assert!(performance.reads_lines());
}

#[test]
fn the_keys_that_send_signals_still_do() {
    let performance = Performance::start("close");
    let modes = tcgetattr(performance.near.as_fd()).unwrap().local_modes;
    assert!(modes.contains(LocalModes::ISIG));
}

#[test]
fn keys_become_wishes() {
    let mut performance = Performance::start("close");
    performance.types(" b+-\x1b[Axq");
    performance.sees("that was all");
    let said = performance.said();
    let heard: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("wish: ")).collect();
    assert_eq!(heard, ["Pause", "Blackout", "Louder", "Softer", "Key(Char('x'))", "Quit"]);
}

#[test]
fn a_question_mark_opens_the_list_of_keys_and_escape_closes_it() {
    let mut performance = Performance::start("close");
    performance.types("?");
    performance.sees("Ctrl-Z");
    performance.types("\x1b");
    performance.sees("███");
    performance.types("q");
    performance.sees("that was all");
    assert!(!performance.said().contains("Escape"), "it means nothing to anybody else");
}

#[test]
fn a_notice_is_told_on_the_stage_and_again_below_the_show() {
    let mut performance = Performance::start("notice");
    performance.types(" ");
    // Word by word: the spaces were there already.
    performance.sees("sound");
    performance.types("q");
    let last = performance.sees("that was all");
    let after = last.split(LEAVE).nth(1).unwrap();
    assert!(after.contains("0:00  the sound is lost\r\n"), "{after:?}");
}

#[test]
fn stepping_aside_gives_the_terminal_back_for_a_while() {
    let mut performance = Performance::start("aside");
    performance.types(" ");
    performance.sees(LEAVE);
    performance.sees(ENTER);
    performance.sees("neon");
    performance.types("q");
    performance.sees("that was all");
}

#[test]
fn a_panic_gives_the_terminal_back() {
    let mut performance = Performance::start("panic");
    performance.types(" ");
    performance.sees(LEAVE);
    performance.sees("FAILED");
    assert!(performance.reads_lines());
}

#[test]
fn a_terminal_that_hangs_up_harms_nobody() {
    let mut performance = Performance::start("hang up");
    performance.types(" ");
    performance.sees("ready");
    performance.far = File::open("/dev/null").unwrap();
    assert!(performance.said().contains("closed"));
}
