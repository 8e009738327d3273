//! One show from start to end: playing, paused, in blackout, fading out, over. Knows neither how lights
//! are driven nor how sound is made; it holds the two ends together.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;

use crate::clock::{Clock, Leader, Playhead, Position, monotonic};
use crate::engine::{self, Controls, Engine, EngineReport, Extent, Plan};
use crate::speed::Speed;
use crate::time::ShowTime;

/// How long the lights may take to confirm that they are safe, before that is told as a fault. The
/// timing thread looks at its orders every 10 ms.
const SAFE_WITHIN: Duration = Duration::from_millis(100);

/// What a show is doing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// Until the first sound is heard.
    Waiting,
    Playing,
    Paused,
    /// All channels at their safe level while time goes on.
    Blackout,
    FadingOut,
}

/// A show that is playing. Dropped, it ends the show at once and waits until its lines are safe.
pub struct Player {
    engine: Engine,
    clock: Arc<dyn Clock>,
    is_paused: bool,
    is_dark: bool,
    is_held: bool,
    is_stopping: bool,
    /// Where somebody has sought to last.
    sought: Option<ShowTime>,
}

impl Player {
    /// Starts the lights; they wait for the clock. One that stands still already is that of a show which
    /// begins paused.
    ///
    /// # Errors
    /// When the timing thread cannot be started; the lines are safe then.
    pub fn start(setup: engine::Setup) -> Result<Self> {
        let clock = Arc::clone(&setup.clock);
        let is_paused = matches!(clock.playhead(monotonic::now()), Playhead::Paused(_));
        let is_dark = setup.is_dark;
        let engine = Engine::start(setup)?;
        Ok(Self { engine, clock, is_paused, is_dark, is_held: false, is_stopping: false, sought: None })
    }

    /// Freezes time and levels. A show that is ending cannot be held up.
    pub fn pause(&mut self) {
        if !self.is_paused && !self.is_stopping {
            self.is_paused = true;
            self.keep_time();
        }
    }

    /// Goes on from where [`pause`](Self::pause) froze.
    pub fn resume(&mut self) {
        if self.is_paused && !self.is_stopping {
            self.is_paused = false;
            self.keep_time();
        }
    }

    /// Time stands still and all channels go to their safe level until [`end_hold`](Self::end_hold), beside a pause
    /// and a blackout, which may come and go meanwhile. Waits 100 ms at most for the lights.
    ///
    /// Whether they confirmed in time that they are safe.
    pub fn hold(&mut self) -> bool {
        self.is_held = true;
        self.keep_time();
        self.engine.controls().hold_safe(SAFE_WITHIN)
    }

    /// Goes on from where [`hold`](Self::hold) froze: paused or dark, if it is so by other orders.
    pub fn end_hold(&mut self) {
        self.is_held = false;
        self.engine.controls().end_hold();
        self.keep_time();
    }

    /// Whoever holds it, it stands still.
    fn keep_time(&self) {
        match self.is_paused || self.is_held {
            true => self.clock.pause(monotonic::now()),
            false => self.clock.resume(monotonic::now()),
        }
    }

    /// Goes on at `to`, in either direction. One that is paused stays so. At its end, the show ends as if it had been played.
    /// Does not block: lights have the levels of that place at their next look, and the sound follows as soon as the card
    /// lets it be heard.
    pub fn seek(&mut self, to: ShowTime) {
        let extent = self.engine.extent();
        if to < extent.from {
            // What came back after an interruption has begun later than it was to.
            self.engine.play_part(Extent { from: to, ..extent });
        }
        self.sought = Some(to);
        self.clock.seek(monotonic::now(), Position::at(to));
        self.engine.controls().wake_lights();
    }

    /// From now on time passes at `speed`, without sound unless that is normal. One that is paused stays so. The lights must
    /// be simulated: rests and flashes of real ones are in real time. Does not block.
    pub fn set_speed(&mut self, speed: Speed) {
        self.clock.set_speed(monotonic::now(), speed);
        self.engine.controls().wake_lights();
    }

    /// How fast time passes while nothing freezes it.
    #[must_use]
    pub fn speed(&self) -> Speed {
        self.clock.speed()
    }

    /// Plays another part of the show from now on, at the same place; at its start, if it is a loop that has ended by
    /// then. Sound goes on there after it has been decoded anew: whoever has a clock with sound has told it what repeats.
    pub fn play_part(&mut self, extent: Extent) {
        let now = monotonic::now();
        let position = match self.clock.playhead(now) {
            Playhead::Paused(position) => position,
            Playhead::Running(course) => course.at(now),
            Playhead::Waiting => Position::at(self.sought.unwrap_or(self.engine.extent().from)),
        };
        let position = self.engine.carry_over(position, &extent);
        self.sought = Some(ShowTime::from_micros(position.0.unsigned_abs() / 1_000));
        // First there: the first pass of both parts has the same places.
        self.clock.seek(now, position);
        self.engine.play_part(extent);
    }

    /// Which part of the show is played.
    #[must_use]
    pub const fn extent(&self) -> Extent {
        self.engine.extent()
    }

    /// Plays `plan` from now on, where the playhead is: another timeline of the same rig, or another part. Does not
    /// block; the lights take it up at their next look, also while time stands still. The clock goes on as it is: music
    /// of another plan needs another clock.
    pub fn take_up(&mut self, plan: Plan) {
        self.engine.take_up(plan);
    }

    /// All channels to their safe level while time goes on, or the show's levels again.
    pub fn blackout(&mut self, on: bool) {
        self.is_dark = on;
        self.engine.controls().blackout(on);
    }

    /// Ends the show, over `fade`. Of several orders the shortest fade wins: zero skips what is left of one.
    pub fn stop(&mut self, fade: Duration) {
        self.is_stopping = true;
        self.engine.controls().stop(fade);
    }

    /// Makes everything safe and silent, has `act` done (the process stopped by Ctrl-Z, say), and goes
    /// on from where the show was.
    ///
    /// Whether the lights confirmed in time that they are safe.
    pub fn aside(&mut self, act: impl FnOnce()) -> bool {
        let was_held = self.is_held;
        let is_safe = self.hold();
        act();
        if !was_held {
            self.end_hold();
        }
        is_safe
    }

    #[must_use]
    pub fn phase(&self) -> Phase {
        match self.clock.playhead(monotonic::now()) {
            _ if self.is_stopping => Phase::FadingOut,
            _ if self.is_dark => Phase::Blackout,
            Playhead::Waiting => Phase::Waiting,
            Playhead::Paused(_) => Phase::Paused,
            Playhead::Running(_) => Phase::Playing,
        }
    }

    /// Whether time stands still, by whatever order: also in a blackout.
    #[must_use]
    pub fn is_time_still(&self) -> bool {
        matches!(self.clock.playhead(monotonic::now()), Playhead::Paused(_))
    }

    /// Where the show is, which the lights come to know at their next look.
    #[must_use]
    pub fn show_time(&self) -> ShowTime {
        let now = monotonic::now();
        match self.clock.playhead(now) {
            _ if self.is_over() => self.engine.state().show_time(),
            Playhead::Paused(position) => self.engine.place(position),
            // The lights may not have looked yet since somebody sought.
            Playhead::Running(course) => self.engine.place(course.at(now)),
            // It begins there.
            Playhead::Waiting => self.sought.unwrap_or_else(|| self.engine.state().show_time()),
        }
    }

    #[must_use]
    pub fn leader(&self) -> Leader {
        self.clock.leader()
    }

    /// What the lights do right now.
    #[must_use]
    pub fn lights(&self) -> engine::State {
        self.engine.state()
    }

    /// For those who must be able to end the show from another thread.
    #[must_use]
    pub fn controls(&self) -> Controls {
        self.engine.controls()
    }

    /// What the person who runs the show should know, once.
    #[must_use]
    pub fn notices(&self) -> &[String] {
        self.engine.notices()
    }

    #[must_use]
    pub fn is_over(&self) -> bool {
        self.engine.state().is_finished()
    }

    /// Waits for the end of the show; then every line is safe and released.
    ///
    /// # Errors
    /// When the timing thread panicked. The lines are safe even so.
    pub fn finish(self) -> Result<EngineReport> {
        self.engine.join()
    }
}
