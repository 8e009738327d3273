//! Takes another rig in place of the one that is driven, while nothing is on. Decides nothing.
//!
//! The order of the steps is what makes it safe: no line is taken that is another instance's; the guardian knows every
//! line that may be driven at any moment; and a line that leaves the rig is driven at its safe level before it is let go.

use std::sync::Arc;

use crate::outcome::Failure;
use crate::output::safe_plan::SafePlan;
use crate::rig::{Address, Rig};

use super::parts::Runner;
use super::running_show::ShownChannels;

impl Runner {
    /// Drives the channels of `rig` at `outputs` from now on. Waits a second at most, for another launch that is half-way through.
    ///
    /// # Errors
    /// When its lines cannot be had or cannot be guarded: then the rig is the one before.
    pub(super) fn change_rig(&mut self, rig: Arc<Rig>, outputs: Vec<Address>) -> Result<(), Failure> {
        let patch = self.parts.patch.rewired(&rig, &outputs)?;
        let (before, after) = (self.parts.patch.safe_plan(), patch.safe_plan());
        self.parts.lock.claim_also(&outputs)?;
        // A kernel may make a line an input when its button is let go: not when it carries a light already.
        self.parts.inputs.follow(Arc::clone(&rig));
        let taken = self
            .order_guardian(before.clone().and(&after))
            // Those that leave the rig are released as their own rig says, and stay at their safe levels.
            .and_then(|()| before.make_safe())
            .and_then(|()| patch.open().map(drop));
        if let Err(error) = taken {
            // The guardian is to guard no more than this, whatever came of the rest.
            for outcome in [before.make_safe(), self.order_guardian(before)] {
                if let Err(error) = outcome {
                    self.parts.console.notice(&format!("{error:#}"));
                }
            }
            self.parts.lock.release_but(&self.parts.outputs);
            self.parts.inputs.follow(Arc::clone(&self.parts.rig));
            self.look_after_inputs();
            return Err(error.into());
        }
        // It guards more than there is where that fails, which does no harm.
        if let Err(error) = self.order_guardian(after) {
            self.parts.console.notice(&format!("{error:#}"));
        }
        self.parts.lock.release_but(&outputs);
        self.drive(rig, outputs);
        self.parts.patch = patch;
        Ok(())
    }

    fn order_guardian(&mut self, plan: SafePlan) -> anyhow::Result<()> {
        self.parts.guardian.change_orders(&self.parts.lock, plan)
    }

    /// Everything here that goes by the rig.
    fn drive(&mut self, rig: Arc<Rig>, outputs: Vec<Address>) {
        self.relay_moves = self.relay_moves.rewired(&self.parts.rig, &rig);
        self.channels = ShownChannels::of(&rig, &outputs);
        self.loader = Self::loader(Arc::clone(&rig), self.places.clone(), &self.parts.tx);
        if let Some(service) = &self.parts.service {
            service.note_rig(Arc::clone(&rig));
        }
        self.look_after_inputs();
        (self.parts.rig, self.parts.outputs) = (rig, outputs);
    }
}
