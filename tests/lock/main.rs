//! The lock between real processes: launches at once, deaths, deletions, waiting and taking over.
//!
//! A few rounds of the races run here; `STARCOURT_LOCK_ROUNDS=100` runs as many as asked for.

mod child_process;
mod children;
mod deaths;
mod files;
mod guardian_lock;
mod launches;
mod probes;
mod scopes;
mod takeovers;
mod upkeep;
mod waits;
mod words;

/// The other side of every test here: this binary, started again by [`children`] with a task.
/// Without one there is nothing to do.
#[test]
fn a_child_process_does_its_task() {
    child_process::run();
}
