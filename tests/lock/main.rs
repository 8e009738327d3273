//! The lock between real processes: launches at once, deaths, deletions, waiting and taking over.
//!
//! A few rounds of the races run here; `STARCOURT_LOCK_ROUNDS=100` runs as many as asked for.

mod cast;
mod deaths;
mod files;
mod launches;
mod posts;
mod probes;
mod role;
mod scopes;
mod takeovers;
mod upkeep;
mod waits;
mod words;

/// The other side of every test here: this binary, started again by [`cast`] with a role to play.
/// Without one there is nothing to do.
#[test]
fn a_child_plays_its_role() {
    role::play();
}
