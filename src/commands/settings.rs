//! How something is set now: what `starcourt blackout`, `volume`, `loop` and `speed` print if no value stands behind them.

use crate::cli::Whom;
use crate::ipc::{OutputKind, PlayState, ShowStatus, Status};

use super::outcome::{Failure, Outcome};
use super::remote;

/// Whether there is a blackout.
pub(super) fn blackout(whom: &Whom) -> Result<(String, Outcome), Failure> {
    about(whom, |now| match now.state {
        PlayState::Blackout => {
            "blackout is on; `starcourt blackout off` shows the show's lights again".to_owned()
        }
        _ => "blackout is off; `starcourt blackout on` makes every light safe while the show continues"
            .to_owned(),
    })
}

/// How loud the music is.
pub(super) fn volume(whom: &Whom) -> Result<(String, Outcome), Failure> {
    about(whom, |now| match now.show.as_ref().and_then(|show| show.volume) {
        Some(volume) => format!("the volume is {volume} %"),
        None => "no music is playing".to_owned(),
    })
}

/// Which part repeats.
pub(super) fn repetition(whom: &Whom) -> Result<(String, Outcome), Failure> {
    about(whom, |now| match &now.show {
        Some(ShowStatus { name, repeats: Some(range), .. }) => {
            format!("{name} repeats {}; `starcourt loop off` plays on", range.to_places())
        }
        Some(show) => {
            format!("{} repeats nothing; `starcourt loop on` repeats the part that plays", show.name)
        }
        None => "no show is playing".to_owned(),
    })
}

/// How fast the show passes.
pub(super) fn speed(whom: &Whom) -> Result<(String, Outcome), Failure> {
    about(whom, |now| {
        let Some(show) = &now.show else { return "no show is playing".to_owned() };
        let way = match (show.speed.is_normal(), now.output) {
            (false, _) => "; `starcourt speed normal` plays on as it is written",
            (true, OutputKind::Sim) => "; `starcourt speed half` plays at half speed, without sound",
            (true, OutputKind::Gpio) => ", as real lights always do",
        };
        format!("{} plays at {} speed{way}", show.name, show.speed.name())
    })
}

/// What `say` says of the instance that is meant.
fn about(whom: &Whom, say: impl Fn(&Status) -> String) -> Result<(String, Outcome), Failure> {
    match remote::status(whom.show.as_deref(), &whom.lock)? {
        Some(now) => Ok((say(&now) + "\n", Outcome::Done)),
        None => Ok((remote::nobody(&whom.lock), Outcome::Nobody)),
    }
}
