//! A launch that plays in a [`Setup`], whose lines tell whether it is lit or safe.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Signal, kill_process};

use super::launch::{Launch, PATIENCE};
use super::setup::Setup;
use super::terminal::Terminal;

/// What a machine under load may take for what is done at once; what waits for something takes longer.
const PROMPT: Duration = Duration::from_secs(5);
/// How often the lines are looked at.
const LOOK: Duration = Duration::from_micros(200);

/// A launch of the program in a [`Setup`].
pub struct ShowLaunch<'a> {
    pub setup: &'a Setup,
    launch: Launch,
}

impl<'a> ShowLaunch<'a> {
    pub fn new(setup: &'a Setup, launch: Launch) -> Self {
        Self { setup, launch }
    }

    /// Launches a show that ends by itself after the time that it is given; with more time where the
    /// machine was so slow that it ended before it was lit.
    #[track_caller]
    pub fn lit_in_time(launch: impl Fn(Duration) -> Self) -> Self {
        for millis in [500, 1_000, 2_000, 4_000] {
            let mut launch = launch(Duration::from_millis(millis));
            let mut is_lit = false;
            launch.until("lit or over", |launch| {
                is_lit = launch.setup.is_lit();
                is_lit || launch.has_ended()
            });
            if is_lit {
                return launch;
            }
        }
        panic!("never lit before its end");
    }

    #[must_use]
    pub fn once_lit(mut self) -> Self {
        self.until("lit", |launch| launch.setup.is_lit());
        self
    }

    /// Waits until `is_so`, reading on the way what the program tells its terminal.
    #[track_caller]
    pub fn until(&mut self, what: &str, mut is_so: impl FnMut(&mut Self) -> bool) {
        let start = Instant::now();
        while !is_so(self) {
            let pins = self.setup.pins();
            assert!(start.elapsed() < PATIENCE, "never came to be {what}; the lines are {pins}");
            if let Some(terminal) = self.launch.terminal() {
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
            assert!(is_so(launch), "not {what}; the lines are {}", launch.setup.pins());
            start.elapsed() >= time
        });
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(self.setup.holder(), signal).unwrap();
    }

    pub fn pid(&self) -> u32 {
        self.launch.pid()
    }

    /// For who has no lock yet.
    pub fn signal_waiting(&self, signal: Signal) {
        self.launch.signal(signal);
    }

    pub fn terminal(&mut self) -> &mut Terminal {
        self.launch.terminal().expect("it was launched in one, and that has not hung up")
    }

    pub fn hang_up(&mut self) {
        self.launch.hang_up();
    }

    /// Does `cause` and waits until every line is safe. The time that took is printed.
    #[track_caller]
    pub fn goes_safe_on(&mut self, name: &str, cause: impl FnOnce(&mut Self)) {
        let start = Instant::now();
        cause(self);
        self.until("safe", |launch| launch.setup.is_safe());
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
        self.setup.told_holder().is_some_and(|pid| pid.as_raw_nonzero().get() as u32 == self.launch.pid())
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
        let pid = self.setup.holder().as_raw_nonzero();
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        stat.rsplit(") ").next()?.chars().next()
    }

    /// Waits for its end. The exit code, as a shell tells it: 128 and more is a signal.
    #[track_caller]
    pub fn code(&mut self) -> i32 {
        self.until("ended", |launch| launch.has_ended());
        self.launch.code().unwrap()
    }

    pub fn has_ended(&self) -> bool {
        self.launch.has_ended()
    }

    /// Waits for an end with this exit code that leaves everything safe, and tells what was said on
    /// standard error, or in the terminal.
    #[track_caller]
    pub fn ends_with(mut self, code: i32) -> String {
        let (found, said) = (self.code(), self.said());
        assert_eq!(found, code, "{said}");
        self.setup.assert_safe_and_free();
        said
    }

    /// All that was said so far, in the terminal or on standard error.
    pub fn said(&mut self) -> String {
        match self.launch.terminal() {
            Some(terminal) => terminal.said(),
            None => fs::read_to_string(self.setup.path("errors")).unwrap_or_default(),
        }
    }

    /// Waits until this was said.
    #[track_caller]
    pub fn says(&mut self, words: &str) {
        self.until(words, |launch| launch.said().contains(words));
    }
}
