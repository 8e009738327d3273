//! What a process hears when signals, hang-ups and panics come to it. The listener is this test's own
//! program, started once more; it reports on standard error, since its standard output gets closed.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

mod terminal;

use std::fmt::Display;
use std::io::{BufRead, BufReader};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;
use std::{env, io, thread};

use libc::{SIGCONT, SIGHUP, SIGINT, SIGKILL, SIGQUIT, SIGTERM, SIGTSTP};
use starcourt::signals::{self, Request};
use terminal::pseudo_terminal;

/// Set for the process that listens.
const LISTEN: &str = "STARCOURT_TEST_LISTEN";
/// Far longer than any report takes, and short enough not to hold up a build.
const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn the_listener_reports_what_it_hears() {
    let Some(how) = env::var_os(LISTEN) else { return };
    let requests = signals::listen().unwrap();
    report("listening");
    if how == "panicking" {
        thread::Builder::new().name("timing".into()).spawn(|| panic!("out of light")).unwrap();
    }
    for request in requests {
        report(format!("{request:?}"));
        match request {
            Request::Suspend => {
                signals::suspend_self().unwrap();
                report("awake");
            }
            Request::Panicked => {
                signals::panic_messages().iter().flat_map(|words| words.lines()).for_each(report)
            }
            _ => {}
        }
    }
}

fn report(what: impl Display) {
    eprintln!("heard: {what}");
}

struct Listener {
    process: Child,
    reports: Receiver<String>,
}

impl Listener {
    fn start() -> Self {
        Self::start_as("listening", |command| command.stdout(Stdio::null()))
    }

    fn start_as(how: &str, dress: impl FnOnce(&mut Command) -> &mut Command) -> Self {
        let mut command = Command::new(env::current_exe().unwrap());
        command.args(["--exact", "the_listener_reports_what_it_hears", "--nocapture"]);
        command.env(LISTEN, how).env_remove("RUST_BACKTRACE").env_remove("JOURNAL_STREAM");
        let mut process = dress(&mut command).stderr(Stdio::piped()).spawn().unwrap();
        let stderr = BufReader::new(process.stderr.take().unwrap());
        let (tell, reports) = mpsc::channel();
        thread::spawn(move || {
            let lines = stderr.lines().map_while(Result::ok);
            let heard = lines.filter_map(|line| line.strip_prefix("heard: ").map(str::to_owned));
            // The test may have heard enough before the listener ends.
            heard.map_while(|report| tell.send(report).ok()).for_each(drop);
        });
        let listener = Self { process, reports };
        listener.hears("listening");
        listener
    }

    fn hears(&self, expected: &str) {
        assert_eq!(self.reports.recv_timeout(PATIENCE).as_deref(), Ok(expected));
    }

    fn hears_besides(&self, unimportant: &str, expected: &str) {
        let mut reports = std::iter::from_fn(|| self.reports.recv_timeout(PATIENCE).ok());
        assert_eq!(reports.find(|report| report != unimportant).as_deref(), Some(expected));
    }

    fn signal(&self, signal: libc::c_int) {
        let pid = i32::try_from(self.process.id()).unwrap();
        // SAFETY: kill takes no pointers; the process is our child and not yet waited for.
        assert_eq!(unsafe { libc::kill(pid, signal) }, 0);
    }

    /// Waits until the process is stopped or dead.
    fn comes_to_rest(&self) -> ExitStatus {
        let pid = i32::try_from(self.process.id()).unwrap();
        let mut status = 0;
        // SAFETY: `status` is valid for the call.
        assert_eq!(unsafe { libc::waitpid(pid, &raw mut status, libc::WUNTRACED) }, pid);
        ExitStatus::from_raw(status)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // It may have ended by itself, as a test wished.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn check(deliveries: &[(libc::c_int, &str)]) {
    let listener = Listener::start();
    for (signal, expected) in deliveries {
        listener.signal(*signal);
        listener.hears(expected);
    }
}

#[test]
fn ctrl_c_may_fade_and_the_second_skips_it() {
    check(&[(SIGINT, "Stop { fade: true }"), (SIGINT, "StopNow")]);
}

#[test]
fn the_third_ctrl_c_kills_a_player_that_does_not_act() {
    let listener = Listener::start();
    for expected in ["Stop { fade: true }", "StopNow", "Kill"] {
        listener.signal(SIGINT);
        listener.hears(expected);
    }
    assert_eq!(listener.comes_to_rest().signal(), Some(SIGKILL));
}

#[test]
fn sigterm_and_sigquit_do_not_wait_for_a_fade() {
    check(&[(SIGTERM, "Stop { fade: false }"), (SIGINT, "StopNow")]);
    check(&[(SIGQUIT, "Stop { fade: false }")]);
}

#[test]
fn sighup_is_a_hangup() {
    check(&[(SIGHUP, "Hangup"), (SIGTERM, "StopNow")]);
}

#[test]
fn an_ignored_sighup_stays_ignored() {
    let listener = Listener::start_as("listening", |command| {
        let ignore_hangups = || {
            // SAFETY: signal is async-signal-safe, and ignoring needs no function.
            unsafe { libc::signal(SIGHUP, libc::SIG_IGN) };
            Ok(())
        };
        // SAFETY: the closure allocates nothing and takes no lock.
        unsafe { command.stdout(Stdio::null()).pre_exec(ignore_hangups) }
    });
    listener.signal(SIGHUP);
    listener.signal(SIGTERM);
    listener.hears("Stop { fade: false }");
}

#[test]
fn ctrl_z_stops_the_process_only_when_the_player_says_so_and_fg_wakes_it() {
    // A group of its own under our session is one that the kernel will stop.
    let listener = Listener::start_as("listening", |command| command.stdout(Stdio::null()).process_group(0));
    for _ in 0..2 {
        listener.signal(SIGTSTP);
        listener.hears("Suspend");
        assert_eq!(listener.comes_to_rest().stopped_signal(), Some(SIGTSTP));
        listener.signal(SIGCONT);
        listener.hears("awake");
        listener.hears("Continued");
    }
}

#[test]
fn a_reader_that_leaves_is_a_hangup() {
    let (reader, writer) = io::pipe().unwrap();
    let listener = Listener::start_as("listening", |command| command.stdout(writer));
    drop(reader);
    listener.hears("Hangup");
    listener.signal(SIGTERM);
    listener.hears("StopNow");
}

#[test]
fn a_file_never_hangs_up() {
    let file = tempfile::tempfile().unwrap();
    let listener = Listener::start_as("listening", |command| command.stdout(file));
    listener.signal(SIGTERM);
    listener.hears("Stop { fade: false }");
}

#[test]
fn a_closed_terminal_is_one_hangup_though_it_is_noticed_twice() {
    closed_terminal_is_one_hangup(|| {
        // SAFETY: both calls are async-signal-safe and take no memory of ours.
        match unsafe { libc::setsid() != -1 && libc::ioctl(1, libc::TIOCSCTTY, 0) != -1 } {
            true => Ok(()),
            false => Err(io::Error::last_os_error()),
        }
    });
}

#[test]
fn a_closed_terminal_is_noticed_without_a_sighup() {
    closed_terminal_is_one_hangup(|| Ok(()));
}

fn closed_terminal_is_one_hangup(before: impl FnMut() -> io::Result<()> + Send + Sync + 'static) {
    let (master, terminal) = pseudo_terminal();
    let listener = Listener::start_as("listening", |command| {
        // SAFETY: both closures make async-signal-safe calls only.
        unsafe { command.stdout(terminal).pre_exec(before) }
    });
    drop(master);
    // With the terminal's SIGHUP the kernel sends a SIGCONT, in case the process is stopped.
    listener.hears_besides("Continued", "Hangup");
    listener.signal(SIGTERM);
    listener.hears_besides("Continued", "StopNow");
}

#[test]
fn a_panic_in_any_thread_is_told_and_its_words_are_kept() {
    let listener = Listener::start_as("panicking", |command| command.stdout(Stdio::null()));
    listener.hears("Panicked");
    let words = listener.reports.recv_timeout(PATIENCE).unwrap();
    assert!(words.starts_with("thread timing panicked at tests/requests.rs"), "{words}");
    listener.hears("out of light");
}
