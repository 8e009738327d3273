//! The entry of the schedule that `stop` has ended: nothing is called until another one rules. Pure.

use jiff::ZonedDateTime;

use crate::schedule::Agenda;

/// Its name and its start; nothing until it is known which one that is.
#[derive(Default)]
pub(super) struct HeldEntry(Option<(String, ZonedDateTime)>);

impl HeldEntry {
    /// Whether the entry still rules at `now`. Notes which one that is, or that it is over.
    pub(super) fn keeps(held: &mut Option<Self>, agenda: &Agenda, now: &ZonedDateTime) -> bool {
        let Some(Self(entry)) = held else { return false };
        let moment = agenda.schedule().at(now);
        let slot = moment.slot(agenda.rotation());
        let rules = slot.map(|slot| (slot.entry.name.clone(), slot.start.clone()));
        match entry {
            // Another one, or none, rules by now.
            Some(_) if rules != *entry => {
                *held = None;
                false
            }
            Some(_) => true,
            None => {
                *held = rules.map(|entry| Self(Some(entry)));
                true
            }
        }
    }
}
