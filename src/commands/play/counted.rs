//! The switchings of the relays in one show, added to those of their lives when it is over.

use std::io::{Write, stderr};
use std::sync::Arc;

use crate::engine::State;
use crate::player::Player;
use crate::rig::{Kind, Rig};
use crate::wear::{self, Wear};

use super::super::files;

pub(super) struct Counted {
    lights: State,
    rig: Arc<Rig>,
}

impl Counted {
    pub(super) fn of(player: &Player, rig: &Arc<Rig>) -> Self {
        Self { lights: player.lights(), rig: Arc::clone(rig) }
    }

    /// A count that cannot be kept is told, and fails no show.
    pub(super) fn write_down(&self) {
        let mut worn = Wear::default();
        for (id, channel) in self.rig.channel_ids().zip(&self.rig.channels) {
            if channel.kind == Kind::Relay {
                worn.add(&channel.name, self.lights.switchings(id));
            }
        }
        if worn.is_empty() {
            return;
        }
        if let Err(error) = wear::add(&files::state_places(), &worn) {
            let _ = writeln!(stderr(), "starcourt: the relays' switchings were not counted: {error:#}");
        }
    }
}
