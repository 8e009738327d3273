//! A command that is run, and what is heard of it.

use std::io;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use starcourt::schedule::{Condition, Hook};
use starcourt::service::conditions;
use starcourt::service::hooks::{self, HookContext, HookEvent, HookMessage, HookOutcome, Running};

/// Far longer than anything here takes on a machine under load.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) fn line(line: &str) -> Hook {
    Hook { line: line.to_owned(), patience: PATIENCE }
}

pub(crate) fn about(event: HookEvent) -> HookContext {
    HookContext { show: "demo".to_owned(), entry: Some("evenings".to_owned()), event, reason: None }
}

/// A command under way, and the ear at it.
pub(crate) struct Heard {
    pub(crate) running: Running,
    words: Receiver<HookMessage>,
}

impl Heard {
    pub(crate) fn of(start: impl FnOnce(Box<dyn FnMut(HookMessage) + Send>) -> io::Result<Running>) -> Self {
        let (tell, words) = channel();
        let tell = move |word| {
            // A test that has heard enough listens no more.
            let _ = tell.send(word);
        };
        Self { running: start(Box::new(tell)).unwrap(), words }
    }

    pub(crate) fn of_script(script: &Hook, about: &HookContext) -> Self {
        Self::of(|tell| hooks::run(script, about, tell))
    }

    /// Waits until it says something.
    #[track_caller]
    pub(crate) fn says(&self) -> String {
        match self.words.recv_timeout(PATIENCE).unwrap() {
            HookMessage::Output(line) => line,
            HookMessage::Finished(done) => panic!("it is over: {done:?}"),
        }
    }

    /// Waits for its end.
    #[track_caller]
    pub(crate) fn finish(self) -> (Vec<String>, HookOutcome) {
        let mut lines = Vec::new();
        let done = loop {
            match self.words.recv_timeout(PATIENCE).unwrap() {
                HookMessage::Output(line) => lines.push(line),
                HookMessage::Finished(done) => break done,
            }
        };
        self.running.finish(PATIENCE);
        assert_eq!(self.words.iter().count(), 0, "words after the last");
        (lines, done)
    }

    /// What is still said of it, without waiting; it must be over.
    pub(crate) fn rest(self) -> Vec<HookMessage> {
        drop(self.running);
        self.words.iter().collect()
    }
}

/// What is heard of `text`, run as `can_run`.
#[track_caller]
pub(crate) fn run(text: &str) -> (Vec<String>, HookOutcome) {
    Heard::of_script(&line(text), &about(HookEvent::CanRun)).finish()
}

/// What comes of `gates`: a command and its reason each.
#[track_caller]
pub(crate) fn ask(gates: &[(&str, Option<&str>)]) -> (Vec<String>, HookOutcome) {
    let gates = gates
        .iter()
        .map(|(text, reason)| Condition { hook: line(text), reason: reason.map(str::to_owned) })
        .collect();
    Heard::of(|tell| conditions::ask(gates, &about(HookEvent::CanRun), tell)).finish()
}

pub(crate) fn refused(reason: &str) -> HookOutcome {
    HookOutcome::Refused { reason: reason.to_owned() }
}
