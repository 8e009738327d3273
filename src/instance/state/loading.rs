//! Which shows are read, and for what. Reads none.

use std::time::Duration;

use super::action::InstanceAction;
use super::machine::StateMachine;
use super::waiting::{Loading, Purpose};

/// The music of a whole evening is measured by then, on the slowest Pi.
pub(super) const LOAD_WITHIN: Duration = Duration::from_secs(30);

impl StateMachine {
    pub(super) fn load(&mut self, name: String, purpose: Purpose) {
        let job = self.new_job();
        self.act([InstanceAction::Load { job, show: name.clone() }]);
        self.loading.push(Loading { job, name, until: self.time + LOAD_WITHIN, purpose });
    }

    /// Whether a show is read that will want to play.
    pub(super) fn is_loading(&self) -> bool {
        self.loading.iter().any(|loading| !matches!(loading.purpose, Purpose::Stands))
    }

    /// Has this show read to stand between others, if it is not being read.
    pub(super) fn load_to_stand(&mut self, name: &str) {
        let reads = |loading: &Loading| matches!(loading.purpose, Purpose::Stands) && loading.name == name;
        if !self.loading.iter().any(reads) {
            self.load(name.to_owned(), Purpose::Stands);
        }
    }
}
