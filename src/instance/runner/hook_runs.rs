//! The commands around shows that run for this instance. Decides about none of them.

use std::sync::Arc;
use std::time::Duration;

use crate::schedule::{Condition, Hook};
use crate::service::conditions;
use crate::service::hooks::{self, HookContext, HookMessage, HookOutcome, Jobs, Running};

use super::super::state::JobId;

/// How long commands may take to end with the service.
const LAST_HOOKS: Duration = Duration::from_secs(5);

/// What commands tell.
#[derive(Debug)]
pub(crate) enum HookNews {
    /// A line of their output.
    Says(String),
    Done(JobId, HookOutcome),
}

/// Told of what commands say, on their threads.
type HookListener = Arc<dyn Fn(HookNews) + Send + Sync>;

/// Dropped, all that runs is ended.
pub(crate) struct HookRuns {
    tell: HookListener,
    /// What runs before a show.
    waited_for: Option<(JobId, Running)>,
    /// What nobody waits for.
    jobs: Jobs,
}

impl HookRuns {
    /// What commands say goes to `tell`, on their threads.
    pub(super) fn new(tell: impl Fn(HookNews) + Send + Sync + 'static) -> Self {
        Self { tell: Arc::new(tell), waited_for: None, jobs: Jobs::default() }
    }

    /// Asks what must let a show play. What comes of it arrives as [`HookNews::Done`].
    ///
    /// # Errors
    /// When the system has no room for a thread.
    pub(super) fn ask(
        &mut self,
        job: JobId,
        conditions: Vec<Condition>,
        about: &HookContext,
    ) -> std::io::Result<()> {
        let running = conditions::ask(conditions, about, self.tells(job))?;
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
        hooks: Vec<Hook>,
        about: &HookContext,
    ) -> std::io::Result<()> {
        let running = hooks::run_until_refused(hooks, about, self.tells(job))?;
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
    pub(super) fn end(&mut self, job: JobId, then: Vec<Hook>, about: &HookContext) -> std::io::Result<()> {
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
    pub(super) fn run(&mut self, hooks: Vec<Hook>, about: &HookContext) -> std::io::Result<()> {
        let tells = self.tells_troubles();
        self.jobs.add(hooks::run_all(hooks, about, tells)?);
        Ok(())
    }

    /// Waits for the last commands, 5 s at most, then ends those that are left.
    pub(crate) fn finish(mut self) {
        drop(self.waited_for.take());
        self.jobs.finish(LAST_HOOKS);
    }

    /// For commands that are waited for.
    fn tells(&self, job: JobId) -> impl FnMut(HookMessage) + Send + 'static {
        let tell = Arc::clone(&self.tell);
        move |word| {
            let news = match word {
                HookMessage::Output(line) => HookNews::Says(line),
                HookMessage::Finished(done) => HookNews::Done(job, done),
            };
            tell(news);
        }
    }

    /// For commands that nobody waits for.
    fn tells_troubles(&self) -> impl FnMut(HookMessage) + Send + 'static {
        let tell = Arc::clone(&self.tell);
        move |word| {
            let line = match word {
                HookMessage::Output(line) => Some(line),
                HookMessage::Finished(done) => done.trouble(),
            };
            line.into_iter().for_each(|line| tell(HookNews::Says(line)));
        }
    }
}
