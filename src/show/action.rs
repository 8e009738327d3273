//! Turns the action of a cue, as it is written, into one with times by the clock. Knows no sections and no
//! channels.

use std::sync::Arc;
use std::time::Duration;

use crate::envelope::{LONGEST_FOLLOWED, Response};
use crate::time::ShowTime;

use super::cue::{Action, Effect};
use super::length::LengthAt;
use super::reckon::{CueTime, Reckoning, SHORTEST_PERIOD, no_lamp_follows};
use super::what::What;
use super::words::Mistake;

/// How often twinkle changes a channel when nothing else is said.
const TWINKLE_PACE: Duration = Duration::from_millis(500);
/// How fast a light follows the music when nothing else is said: up within a drum's beat, and down as slowly as the pointer
/// of a VU meter (IEC 60268-17).
const RISE: Duration = Duration::from_millis(50);
const FALL: Duration = Duration::from_millis(300);

/// The times of one occurrence of a cue.
pub(super) struct CueSpan {
    pub(super) moment: CueTime,
    /// `moment` by the clock.
    pub(super) start: ShowTime,
    /// Where it ends, or where its section is cut.
    pub(super) end: Option<ShowTime>,
    /// The end that its first column gives. A fade keeps its pace to there, also if its section is cut earlier.
    pub(super) until: Option<ShowTime>,
    /// The largest number of periods.
    pub(super) most: u64,
}

pub(super) fn action(reckoning: &Reckoning, what: &What, span: &CueSpan) -> Result<Action, Mistake> {
    let end = || span.end.expect("an effect was only read with an end");
    let lasts = |length: &LengthAt| Ok(reckoning.end_of(span.moment, length)? - span.start);
    let ticks = |every: &LengthAt| reckoning.ticks(span.moment, end(), every, span.most);
    let effect = match what {
        What::Fade { from, to, over, easing } => {
            let over = match over {
                Some(length) => lasts(length)?,
                None => span.until.expect("a fade was only read with `over` or an end") - span.start,
            };
            return Ok(Action::Fade { from: *from, to: *to, over, easing: *easing });
        }
        What::Level(level) if span.end.is_none() => return Ok(Action::Set(*level)),
        What::Level(level) => Effect::Level(*level),
        What::Pulse { levels, every } => Effect::Pulse { levels: *levels, ticks: ticks(every)? },
        What::Strobe { levels, every, lit } => {
            let lit = match lit {
                Some(length) => Some(shorter_than(lasts(every)?, lasts(length)?, length)?),
                None => None,
            };
            Effect::Strobe { levels: *levels, ticks: ticks(every)?, lit }
        }
        What::Chase { levels, every, direction, wide } => {
            Effect::Chase { levels: *levels, ticks: ticks(every)?, direction: *direction, wide: *wide }
        }
        What::Twinkle { levels, every, seed } => {
            let pace = match every {
                Some(every) => match lasts(every)? {
                    pace if pace < SHORTEST_PERIOD => return Err(no_lamp_follows(every)),
                    pace => pace,
                },
                None => TWINKLE_PACE,
            };
            Effect::Twinkle { levels: *levels, every: pace, seed: *seed }
        }
        What::Follow { levels, band, rise, fall, span } => {
            if end() > LONGEST_FOLLOWED {
                return Err(Mistake::new(*span, "lights follow only the first six hours of the music")
                    .label("this goes on for longer"));
            }
            let time = |written: &Option<Box<LengthAt>>, usual| match written {
                Some(length) => follows_within(lasts(length)?, length),
                None => Ok(usual),
            };
            let response = Response::new(time(rise, RISE)?, time(fall, FALL)?);
            Effect::Follow { levels: *levels, band: *band, response, course: Arc::new([]) }
        }
    };
    Ok(Action::Over { end: end(), effect })
}

fn shorter_than(period: Duration, lit: Duration, written: &LengthAt) -> Result<Duration, Mistake> {
    if lit >= period {
        return Err(
            Mistake::new(written.span, "this strobe is never dark").label("expected less than its `every`")
        );
    }
    Ok(lit)
}

fn follows_within(time: Duration, written: &LengthAt) -> Result<Duration, Mistake> {
    if time > Response::SLOWEST {
        return Err(
            Mistake::new(written.span, "so slowly no light follows music").label("expected at most 10 s")
        );
    }
    Ok(time)
}
