//! Commands that run beside a show and that nobody waits for. Knows only whether they run.

use std::time::{Duration, Instant};

use super::Running;

/// Dropped, all of them are ended.
#[derive(Debug, Default)]
pub struct Jobs(Vec<Running>);

impl Jobs {
    pub fn add(&mut self, running: Running) {
        self.0.retain(|running| !running.is_over());
        self.0.push(running);
    }

    /// Waits for the end of all, `within` at most, then ends those that are left.
    pub fn finish(&mut self, within: Duration) {
        let until = Instant::now() + within;
        self.0.retain(|running| !running.ends(until.saturating_duration_since(Instant::now())));
        self.end();
    }

    /// All at once: those that ignore SIGTERM cost two seconds together, not each.
    fn end(&mut self) {
        self.0.iter().for_each(Running::ask_to_end);
        self.0.clear();
    }
}

impl Drop for Jobs {
    fn drop(&mut self) {
        self.end();
    }
}
