//! The order to play at another speed.

use crate::ipc::OutputKind;
use crate::speed::Speed;

use super::machine::StateMachine;
use super::reply::{Declined, Reply, ending};

/// Its limits on flashes and its rests are in the time of the show.
const REAL_LIGHTS: &str = "only simulated lights (`--output sim`) play at half or double speed: at double speed, real ones \
                           would flash and switch faster than the rig allows";

impl StateMachine {
    pub(super) fn set_speed(&mut self, to: Speed) -> Reply {
        let (position, output) = (self.now.position, self.output);
        let shown = self.current.as_mut().filter(|current| current.request.stands.is_none());
        let current = shown.ok_or_else(|| Declined::nobody("nothing is playing"))?;
        let place = current.name_and_position(position);
        if current.is_ending() {
            return Err(ending(place));
        }
        if output == OutputKind::Gpio && !to.is_normal() {
            return Err(Declined::new(REAL_LIGHTS));
        }
        let request = &mut current.request;
        let before = std::mem::replace(&mut request.speed, to);
        let plays = if request.is_paused { "is paused, and goes on" } else { "plays" };
        let rest = match request.sounds() && !to.is_normal() {
            _ if before == to => " already",
            true => ", without sound",
            false => "",
        };
        let words = format!("{place} {plays} at {} speed{rest}", to.name());
        self.change_current();
        Ok(words)
    }
}
