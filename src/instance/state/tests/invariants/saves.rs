//! A show that is saved while it plays or waits is another value from then on, and the same show. Its rig may change.

use super::super::super::StateMachine;
use super::{Invariants, ShowKey, key, waiting};

/// The command's own show, wherever it is.
pub(super) fn principal(machine: &StateMachine) -> Option<ShowKey> {
    let current = machine.current.iter().map(|current| &current.request);
    let mut all = current.chain(&machine.interrupted).chain(&machine.newcomers);
    all.find(|request| request.is_principal).map(key)
}

impl Invariants {
    /// The command's own show was saved since `before`: what is known of it holds for it as it is now.
    pub(super) fn follow_save(&mut self, before: Option<ShowKey>, machine: &StateMachine) {
        let (Some(before), Some(now)) = (before, principal(machine)) else { return };
        if before == now {
            return;
        }
        let known = self.waited.iter_mut().chain(&mut self.was_on).chain(&mut self.started);
        known.filter(|show| **show == before).for_each(|show| *show = now);
        // It may come back elsewhere, if it has no such place any more.
        self.comes_back = self.comes_back.filter(|show| *show != before);
        self.see("a save");
    }

    /// A rig is to change.
    pub(in super::super) fn note_rig(&mut self, machine: &StateMachine) {
        // The show that it changes for may wait for it.
        let is_free = waiting(machine).all(|show| show.is_principal) && machine.preparing.is_none();
        assert!(is_free && machine.current.is_none(), "a rig changes while a show waits for it");
        assert!(machine.booked.is_none() && machine.loading.is_empty() && machine.to_stand.is_none());
        self.see("a new rig");
    }
}
