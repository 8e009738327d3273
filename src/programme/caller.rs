//! Who calls the shows: from the programme, the time and what has been played follows what happens now.
//! The service does what it says, and so does a [run](super::Run) on paper. Knows no clock and no lights.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, ZonedDateTime};

use super::{Bill, Bills, Idle, Loudness, Moment, Playlist, Programme, Rotation, Turn};

/// A show that is called.
#[derive(Clone, PartialEq, Debug)]
pub struct Booking {
    pub show: String,
    pub turn: Turn,
    /// As loud as it may be when this was last asked, at first at its start; [`Programme::volume_of`] tells it.
    pub volume: Loudness,
}

/// What the last show was, and how long ago it ended by a clock that nobody sets.
#[derive(Clone, PartialEq, Debug)]
pub struct Rested {
    pub playlist: Arc<Playlist>,
    pub since: Duration,
}

/// What happens now.
#[derive(Clone, PartialEq, Debug)]
pub enum Call {
    Play(Booking),
    /// Nothing plays; asked again at `until`, or earlier if something else happens.
    Stand {
        idle: Idle,
        why: Why,
        until: ZonedDateTime,
    },
}

/// Why nothing plays.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Why {
    /// The schedule has nothing for this time.
    NothingScheduled,
    /// The day is one of those on which nothing begins.
    Closed,
    /// The pause of this playlist.
    Pause(String),
    /// None of the shows of this playlist may play: they have sound in quiet hours, or cannot be played.
    NothingFits { playlist: String, silence: Option<String> },
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NothingScheduled => f.write_str("nothing is scheduled"),
            Self::Closed => f.write_str("closed today"),
            Self::Pause(playlist) => write!(f, "pause of {playlist}"),
            Self::NothingFits { playlist, silence: Some(quiet) } => {
                write!(f, "nothing of {playlist} may play: quiet hours `{quiet}`")
            }
            Self::NothingFits { playlist, silence: None } => {
                write!(f, "nothing of {playlist} can be played")
            }
        }
    }
}

/// The programme and how far it has come.
#[derive(Clone, Debug)]
pub struct Caller {
    programme: Arc<Programme>,
    rotation: Rotation,
}

impl Caller {
    /// A playlist with nothing that may play is asked again after this time; and so should be, whoever does
    /// the calls, after a show that a gate did not let play.
    pub const ASK_AGAIN: Duration = Duration::from_secs(60);

    #[must_use]
    pub fn new(programme: Arc<Programme>, rotation: Rotation) -> Self {
        Self { programme, rotation }
    }

    #[must_use]
    pub fn programme(&self) -> &Arc<Programme> {
        &self.programme
    }

    /// To be stored whenever a show has been called.
    #[must_use]
    pub fn rotation(&self) -> &Rotation {
        &self.rotation
    }

    /// What happens at `now`, when nothing plays. `rested` tells of the last show of the programme, if one
    /// has been played. A show that is called counts as played.
    pub fn call(&mut self, now: &ZonedDateTime, rested: Option<&Rested>, bills: &Bills) -> Call {
        let moment = self.programme.at(now);
        let mut why = if moment.closed { Why::Closed } else { Why::NothingScheduled };
        let mut until = moment.until.clone();
        let turns: Vec<&Turn> = moment.turns.iter().filter(|turn| self.rotation.owes(turn)).collect();
        for turn in turns {
            if let Some(rest) = rest(turn, rested) {
                why = Why::Pause(turn.playlist.name.clone());
                until = until.min(after(&moment.now, rest));
                break;
            }
            let programme = Arc::clone(&self.programme);
            let admits = |show: &str| bills.get(show).is_some_and(|bill| fits(&programme, &moment, bill));
            if let Some(show) = self.rotation.next(&turn.playlist, turn.day, admits) {
                self.rotation.keep(turn);
                let volume = programme.volume_of(&show, &moment);
                return Call::Play(Booking { show, turn: turn.clone(), volume });
            }
            // What comes after it in rank may play meanwhile.
            if !matches!(why, Why::NothingFits { .. }) {
                let silence = moment.silence.clone();
                why = Why::NothingFits { playlist: turn.playlist.name.clone(), silence };
            }
            until = until.min(after(&moment.now, Self::ASK_AGAIN));
        }
        Call::Stand { idle: moment.idle, why, until }
    }

    /// Whether `playing` goes on at `now`, or is cut short: its own end is sharp, or a sharp one of higher
    /// priority wants to begin. Asked again at [`Moment::until`] of `now`.
    #[must_use]
    pub fn goes_on(&self, now: &ZonedDateTime, playing: &Booking) -> bool {
        let entry = &playing.turn.entry;
        let is_over = entry.sharp && !playing.turn.once && now.timestamp() >= playing.turn.end.timestamp();
        let moment = self.programme.at(now);
        let is_cut = moment
            .turns
            .iter()
            .any(|turn| turn.entry.sharp && turn.entry.priority > entry.priority && self.rotation.owes(turn));
        !is_over && !is_cut
    }
}

/// How long the pause of `turn` still lasts.
fn rest(turn: &Turn, rested: Option<&Rested>) -> Option<Duration> {
    let rested = rested.filter(|rested| !turn.once && rested.playlist.name == turn.playlist.name)?;
    turn.playlist.pause.checked_sub(rested.since).filter(|rest| !rest.is_zero())
}

fn after(now: &ZonedDateTime, wait: Duration) -> ZonedDateTime {
    let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
    now.saturating_add(wait)
}

/// A show with sound ends before the silence begins, or does not begin.
fn fits(programme: &Programme, moment: &Moment, bill: &Bill) -> bool {
    !bill.sounds || programme.silence_between(&moment.now, &after(&moment.now, bill.length)).is_none()
}
