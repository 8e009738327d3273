//! The order to play the part on the stage again and again, and to play on.

use super::action::{InstanceAction, ShowChange};
use super::machine::StateMachine;
use super::reply::{Declined, Reply, ending};

impl StateMachine {
    pub(super) fn set_loop(&mut self, on: bool) -> Reply {
        let position = self.now.position;
        let shown = self.current.as_mut().filter(|current| current.request.stands.is_none());
        let current = shown.ok_or_else(|| Declined::nobody("nothing is playing"))?;
        if current.is_ending() {
            return Err(ending(current.name_and_position(position)));
        }
        let name = current.request.name().to_owned();
        if !current.is_on() {
            return Err(Declined::new(format!("{name} has not begun; give the order again in a moment")));
        }
        let request = &mut current.request;
        let words = match (on, request.extent.repeats()) {
            (true, Some(range)) => {
                let part = range.to_places();
                return Ok(format!(
                    "{name} repeats {part} already; for another part, switch this loop off first"
                ));
            }
            (false, None) => return Ok(format!("{name} repeats nothing")),
            (true, None) => format!("{name} repeats {}", request.loop_part(position).to_places()),
            (false, Some(_)) => format!("{name} plays on to {}", request.end_loop().to_place()),
        };
        let part = request.extent;
        self.act([InstanceAction::Change(ShowChange::Part(part))]);
        Ok(words)
    }
}
