//! One realtime thread that runs along a timeline with the playhead and gives levels to drivers. Knows no files,
//! sound or sockets, and not what an output is.
//!
//! The pure part decides (`mixer`, and what it uses: `cursor`, `relay_dwell`, `sleep_plan`), and the
//! thread acts: it reads the clock, calls the drivers and sleeps.

mod carried;
mod channel_state;
mod controls;
mod cursor;
mod extent;
mod fade_out;
mod handover;
mod mixer;
#[cfg(test)]
mod model;
mod pending;
mod plan;
mod rehearsal;
mod relay_dwell;
mod rest_clock;
mod setup;
mod sleep_plan;
mod state;
mod thread;
mod tick;

use std::sync::Arc;
use std::thread::JoinHandle;

use anyhow::{Context, Result, anyhow};

use crate::clock::Position;
use crate::time::ShowTime;

use plan::HeldTimeline;

pub use crate::realtime::Scheduling;
pub use controls::Controls;
pub use extent::{Extent, Passes};
pub use plan::Plan;
pub use rehearsal::rehearse;
pub use relay_dwell::RelayMoves;
pub use setup::{Ending, EngineReport, Setup};
pub use state::{NOTICEABLE, State};

/// A show that is playing. Dropped, it ends the show at once and waits until the lines are safe.
#[derive(Debug)]
pub struct Engine {
    controls: Controls,
    state: State,
    timeline: HeldTimeline,
    extent: Extent,
    notices: Vec<String>,
    thread: Option<JoinHandle<Ending>>,
}

impl Engine {
    /// Starts the timing thread, and returns when it runs. Where the thread ends, and however, its lines
    /// are made safe and released.
    ///
    /// # Errors
    /// When the thread cannot be made; the lines are safe and released then.
    pub fn start(setup: Setup) -> Result<Self> {
        let state = State::new(setup.rig.channels.iter().map(|channel| channel.safe), &setup.relay_moves);
        state.at(setup.extent.from);
        let controls = Controls::new(state.clone());
        controls.blackout(setup.is_dark);
        let extent = setup.extent;
        let plan = Plan::new(Arc::clone(&setup.timeline), extent);
        let timeline = plan.timeline();
        let mut notices = Vec::new();
        let exactness = setup.drivers.exactness();
        if !exactness.is_zero() {
            notices.push(format!(
                "the slowest lights may change up to {} ms late",
                exactness.as_millis().max(1)
            ));
        }
        let thread = thread::spawn(setup, plan, controls.clone(), state.clone())
            .context("starting the timing thread")?;
        if state.scheduling() == Scheduling::Ordinary {
            notices.push(format!(
                "the lights are not scheduled in real time and may come late under load; {}",
                crate::realtime::HOW_TO_PERMIT
            ));
        }
        Ok(Self { controls, state, timeline, extent, notices, thread: Some(thread) })
    }

    /// What the person who runs the show should know, once.
    #[must_use]
    pub fn notices(&self) -> &[String] {
        &self.notices
    }

    #[must_use]
    pub fn controls(&self) -> Controls {
        self.controls.clone()
    }

    #[must_use]
    pub fn state(&self) -> State {
        self.state.clone()
    }

    /// Plays `plan` from now on, where the playhead is; what the channels show is kept, and the next look sets each to its
    /// level in the new plan, as far as its relay may move. Does not block. The plan before is freed when the next one
    /// is taken up, or with this.
    ///
    /// # Panics
    /// When the plan is another rig's.
    pub fn take_up(&mut self, plan: Plan) {
        assert_eq!(plan.channels(), self.timeline.channels(), "a plan is of the rig that plays");
        (self.extent, self.timeline) = (plan.extent(), plan.timeline());
        self.controls.offer(plan);
    }

    /// [Takes up](Self::take_up) another part of the same show.
    pub fn play_part(&mut self, extent: Extent) {
        self.take_up(Plan::of_part(self.timeline.clone(), extent));
    }

    /// Where a playhead at `position` goes on if `next` is played from now on.
    #[must_use]
    pub fn carry_over(&self, position: Position, next: &Extent) -> Position {
        self.extent.carry_over(position, next)
    }

    /// Which part of the show is played.
    #[must_use]
    pub const fn extent(&self) -> Extent {
        self.extent
    }

    /// Where in the show a playhead at `position` is.
    #[must_use]
    pub fn place(&self, position: Position) -> ShowTime {
        let (_, place) = self.extent.place(position);
        match self.extent.passes {
            Passes::Once(end) => place.min(end),
            Passes::Loop(_) => place,
        }
    }

    /// Waits for the end of the show; every line is safe and released then.
    ///
    /// # Errors
    /// When the timing thread ended in a panic.
    pub fn join(mut self) -> Result<EngineReport> {
        let thread = self.thread.take().expect("only a drop takes it before");
        let ending = thread.join().map_err(|panic| {
            let words = panic.downcast_ref::<&str>().map(|words| (*words).to_owned());
            let words = words.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
            anyhow!("the timing thread ended in a panic: {words}")
        })?;
        let state = &self.state;
        Ok(EngineReport {
            ending,
            edges: state.edges(),
            late: state.late(),
            noticeably_late: state.noticeably_late(),
            worst: state.worst(),
            scheduling: state.scheduling(),
            is_safe: !state.is_unsafe(),
        })
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        if let Some(thread) = self.thread.take() {
            self.controls.stop_now();
            // Its panic, if it was one, has been printed; its lines are safe.
            let _outcome = thread.join();
        }
    }
}
