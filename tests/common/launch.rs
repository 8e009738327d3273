//! The real program, launched: waited for, signalled, looked at. Ended on drop.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::porch::Porch;
use super::terminal::Terminal;

/// Far longer than anything here takes on a machine under load; a failure, not a delay, waits for it.
const PATIENCE: Duration = Duration::from_secs(20);
/// What a machine under load may take for what is done at once; what waits for something takes longer.
const PROMPT: Duration = Duration::from_secs(5);
/// How often the lines are looked at.
const LOOK: Duration = Duration::from_micros(200);

/// A launch of the program, and its terminal where it has one.
pub struct Launch<'a> {
    pub porch: &'a Porch,
    process: Child,
    terminal: Option<Terminal>,
}

impl<'a> Launch<'a> {
    pub fn new(porch: &'a Porch, process: Child, terminal: Option<Terminal>) -> Self {
        Self { porch, process, terminal }
    }

    /// Launches a show that ends by itself after the time that it is given; with more time where the
    /// machine was so slow that it ended before it was lit.
    #[track_caller]
    pub fn lit_in_time(launch: impl Fn(Duration) -> Self) -> Self {
        for millis in [500, 1_000, 2_000, 4_000] {
            let mut launch = launch(Duration::from_millis(millis));
            let mut is_lit = false;
            launch.until("lit or over", |launch| {
                is_lit = launch.porch.is_lit();
                is_lit || launch.is_over()
            });
            if is_lit {
                return launch;
            }
        }
        panic!("never lit before its end");
    }

    #[must_use]
    pub fn once_lit(mut self) -> Self {
        self.until("lit", |launch| launch.porch.is_lit());
        self
    }

    /// Waits until `is_so`, reading on the way what the program tells its terminal.
    #[track_caller]
    pub fn until(&mut self, what: &str, mut is_so: impl FnMut(&mut Self) -> bool) {
        let start = Instant::now();
        while !is_so(self) {
            let pins = self.porch.pins();
            assert!(start.elapsed() < PATIENCE, "never came to be {what}; the lines are {pins}");
            if let Some(terminal) = &mut self.terminal {
                terminal.listen();
            }
            thread::sleep(LOOK);
        }
    }

    /// Sees that it stays so for `time`.
    #[track_caller]
    pub fn stays(&mut self, time: Duration, what: &str, mut is_so: impl FnMut(&mut Self) -> bool) {
        let start = Instant::now();
        self.until("over", |launch| {
            assert!(is_so(launch), "not {what}; the lines are {}", launch.porch.pins());
            start.elapsed() >= time
        });
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(self.porch.holder(), signal).unwrap();
    }

    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// For who has no lock yet.
    pub fn signal_waiting(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.process), signal).unwrap();
    }

    pub fn terminal(&mut self) -> &mut Terminal {
        self.terminal.as_mut().expect("it was launched in one, and that has not hung up")
    }

    pub fn hangs_up(&mut self) {
        self.terminal = None;
    }

    /// Does `cause` and waits until every line is safe. The time that took is printed.
    #[track_caller]
    pub fn goes_safe_on(&mut self, name: &str, cause: impl FnOnce(&mut Self)) {
        let start = Instant::now();
        cause(self);
        self.until("safe", |launch| launch.porch.is_safe());
        let took = start.elapsed();
        println!("{name}: every line safe after {:.1} ms", took.as_secs_f64() * 1e3);
        assert!(took < PROMPT, "{name}: something was waited for");
    }

    #[track_caller]
    pub fn goes_safe_on_signal(&mut self, signal: Signal) {
        self.goes_safe_on(&format!("{signal:?}"), |launch| launch.signal(signal));
    }

    /// Whether the lock's file names this very process; a launch by way of another program is never it.
    pub fn is_the_holder(&self) -> bool {
        self.porch.told_holder() == Some(Pid::from_child(&self.process))
    }

    /// Whether the process of the show is gone, or waits to be buried.
    pub fn is_gone(&self) -> bool {
        matches!(self.state(), None | Some('Z'))
    }

    /// Whether it is stopped, as Ctrl-Z stops it.
    pub fn is_stopped(&self) -> bool {
        self.state() == Some('T')
    }

    /// As proc(5) tells it.
    fn state(&self) -> Option<char> {
        let pid = self.porch.holder().as_raw_nonzero();
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        stat.rsplit(") ").next()?.chars().next()
    }

    /// Waits for its end. The exit code, as a shell tells it: 128 and more is a signal.
    #[track_caller]
    pub fn code(&mut self) -> i32 {
        self.until("ended", Self::is_over);
        self.ended().unwrap()
    }

    pub fn is_over(&mut self) -> bool {
        self.ended().is_some()
    }

    fn ended(&mut self) -> Option<i32> {
        let told = self.terminal.as_ref().and_then(Terminal::told_end);
        told.or_else(|| self.process.try_wait().unwrap().map(in_shell_words))
    }

    /// Waits for an end with this exit code that leaves everything safe, and tells what was said on
    /// standard error, or in the terminal.
    #[track_caller]
    pub fn ends_with(mut self, code: i32) -> String {
        let (found, said) = (self.code(), self.said());
        assert_eq!(found, code, "{said}");
        self.porch.is_left_safe_and_free();
        said
    }

    /// All that was said so far, in the terminal or on standard error.
    pub fn said(&mut self) -> String {
        match &mut self.terminal {
            Some(terminal) => terminal.said(),
            None => fs::read_to_string(self.porch.path("errors")).unwrap_or_default(),
        }
    }

    /// Waits until this was said.
    #[track_caller]
    pub fn says(&mut self, words: &str) {
        self.until(words, |launch| launch.said().contains(words));
    }
}

fn in_shell_words(status: ExitStatus) -> i32 {
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap())
}

impl Drop for Launch<'_> {
    fn drop(&mut self) {
        // First, because a shell and what it has stopped end with their terminal.
        self.terminal = None;
        // It may have ended by itself, as a test wished.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
