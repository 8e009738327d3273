//! What there is to see of the lights, the orders and the playhead. A plain value.

use std::time::Duration;

use crate::clock::Playhead;
use crate::engine::Ending;
use crate::engine::state::State;
use crate::speed::Speed;
use crate::time::Mono;

use super::board::{ModelBoard, RelayMove};

/// What there is to see right after a turn.
pub(super) struct LinesSeen<'a> {
    pub(super) now: Mono,
    pub(super) playhead: Playhead,
    pub(super) speed: Speed,
    pub(super) is_dark: bool,
    pub(super) stop: Option<Duration>,
    pub(super) hold: Option<u64>,
    pub(super) was_intervened: bool,
    /// Somebody else wrote in the middle of the turn: the next one comes to know of it, and is judged.
    pub(super) is_overruled: bool,
    pub(super) ending: Option<Ending>,
    pub(super) is_at_rest: bool,
    pub(super) board: &'a ModelBoard,
    pub(super) moves: &'a [RelayMove],
    pub(super) state: &'a State,
}
