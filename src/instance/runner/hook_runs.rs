//! The commands around shows that run for this instance. Decides about none of them.

use std::sync::mpsc::Sender;
use std::time::Duration;

use crate::schedule::{Gate, Script};
use crate::service::conditions;
use crate::service::hooks::{self, About, Done, Jobs, Running, Word};

use super::super::state::JobId;
use super::message::Message;

/// How long commands may take to end with the service.
const LAST_HOOKS: Duration = Duration::from_secs(5);

/// What commands tell.
#[derive(Debug)]
pub(crate) enum HookNews {
    /// A line of their output.
    Says(String),
    Done(JobId, Done),
}

/// Dropped, all that runs is ended.
pub(crate) struct HookRuns {
    tx: Sender<Message>,
    /// What runs before a show.
    waited_for: Option<(JobId, Running)>,
    /// What nobody waits for.
    jobs: Jobs,
}

impl HookRuns {
    pub(super) fn new(tx: Sender<Message>) -> Self {
        Self { tx, waited_for: None, jobs: Jobs::default() }
    }

    /// Asks what must let a show play. What comes of it arrives as [`HookNews::Done`].
    ///
    /// # Errors
    /// When the system has no room for a thread.
    pub(super) fn ask(&mut self, job: JobId, gates: Vec<Gate>, about: &About) -> std::io::Result<()> {
        let running = conditions::ask(gates, about, self.tells(job))?;
        self.waited_for = Some((job, running));
        Ok(())
    }

    /// Runs what comes before a show. What comes of it arrives as [`HookNews::Done`].
    ///
    /// # Errors
    /// As [`ask`](Self::ask).
    pub(super) fn run_before(
        &mut self,
        job: JobId,
        scripts: Vec<Script>,
        about: &About,
    ) -> std::io::Result<()> {
        let running = hooks::run_until_refused(scripts, about, self.tells(job))?;
        self.waited_for = Some((job, running));
        Ok(())
    }

    /// It is through: its thread is at its end.
    pub(super) fn note_done(&mut self, job: JobId) {
        drop(self.waited_for.take_if(|(running, _)| *running == job));
    }

    /// Ends what runs for `job`, and runs `then` when nothing is left of it. Waits for neither.
    ///
    /// # Errors
    /// As [`ask`](Self::ask).
    pub(super) fn end(&mut self, job: JobId, then: Vec<Script>, about: &About) -> std::io::Result<()> {
        match self.waited_for.take_if(|(running, _)| *running == job) {
            Some((_, running)) => {
                let tells = self.tells_troubles();
                self.jobs.add(hooks::run_all_after(running, then, about, tells)?);
                Ok(())
            }
            None => self.run(then, about),
        }
    }

    /// Runs commands that nobody waits for.
    ///
    /// # Errors
    /// As [`ask`](Self::ask).
    pub(super) fn run(&mut self, scripts: Vec<Script>, about: &About) -> std::io::Result<()> {
        let tells = self.tells_troubles();
        self.jobs.add(hooks::run_all(scripts, about, tells)?);
        Ok(())
    }

    /// Waits for the last commands, 5 s at most, then ends those that are left.
    pub(crate) fn finish(mut self) {
        drop(self.waited_for.take());
        self.jobs.finish(LAST_HOOKS);
    }

    /// For commands that are waited for.
    fn tells(&self, job: JobId) -> impl FnMut(Word) + Send + 'static {
        let tx = self.tx.clone();
        move |word| {
            let news = match word {
                Word::Says(line) => HookNews::Says(line),
                Word::Done(done) => HookNews::Done(job, done),
            };
            // An instance that no longer listens is closing.
            let _ = tx.send(Message::Hooks(news));
        }
    }

    /// For commands that nobody waits for.
    fn tells_troubles(&self) -> impl FnMut(Word) + Send + 'static {
        let tx = self.tx.clone();
        move |word| {
            let line = match word {
                Word::Says(line) => Some(line),
                Word::Done(done) => done.trouble(),
            };
            let _ = line.map(|line| tx.send(Message::Hooks(HookNews::Says(line))));
        }
    }
}
