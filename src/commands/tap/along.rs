//! Plays a song in this terminal, and gives the keys that are pressed to somebody. Drives no lights, so it needs no lock.

use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::anyhow;

use crate::audio::{AudioSource, Volume};
use crate::clock::sound::{AudioClock, Notice, StartError};
use crate::clock::{Clock, Playhead, monotonic};
use crate::commands::outcome::{Failure, Outcome};
use crate::rig::Audio;
use crate::signals::{self, Request};
use crate::stage::{StampedKey, TapScreen, TapView, Wish};
use crate::time::{Position, ShowTime};

/// From one picture to the next.
const FRAME: Duration = Duration::from_millis(40);

/// If nothing makes this machine's sound work.
const ELSEWHERE: &str = "`starcourt doctor` looks at the sound of this machine. You can also tap on another computer.\n  \
                         If you know the tempo, write it into the show: `tempo 120 bpm, 4/4`";

/// A song, or a part of one.
pub(super) struct SongPart {
    pub(super) source: AudioSource,
    /// The show time at which the file of `source` begins.
    pub(super) offset: ShowTime,
    /// In show time.
    pub(super) end: ShowTime,
    pub(super) volume: Volume,
}

impl SongPart {
    fn time_of(&self, position: Position) -> ShowTime {
        self.offset + Duration::from_nanos(position.0.max(0).cast_unsigned())
    }
}

/// What comes of a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum KeyOutcome {
    GoOn,
    End,
}

/// Somebody who sits at the keyboard.
pub(super) trait Along {
    /// A key was pressed when `at` was heard; before the first sound there is no such time.
    fn handle_key(&mut self, wish: Wish, at: Option<ShowTime>) -> KeyOutcome;

    /// What is shown while `at` is heard; before the first sound there is no such time.
    fn view(&mut self, at: Option<ShowTime>, notice: Option<&str>) -> TapView;
}

/// `1:12 of 3:00`.
pub(super) fn progress(at: Option<ShowTime>, end: ShowTime) -> String {
    at.map_or_else(|| "waiting for the sound".to_owned(), |at| at.progress(Some(end)))
}

/// How it came to an end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum PlayEnd {
    WithTheSong,
    ByKey,
    /// Ctrl-C, a signal, or a terminal that was closed.
    FromOutside,
}

enum Input {
    Key(StampedKey<Option<Position>>),
    Request(Request),
}

impl From<StampedKey<Option<Position>>> for Input {
    fn from(key: StampedKey<Option<Position>>) -> Self {
        Self::Key(key)
    }
}

impl From<Request> for Input {
    fn from(request: Request) -> Self {
        Self::Request(request)
    }
}

/// Plays `part` to its end. Without a terminal nothing is shown and no key is heard.
///
/// # Errors
/// When it cannot be heard.
pub(super) fn play<A: Along>(
    part: &SongPart,
    audio: &Audio,
    has_terminal: bool,
    along: &mut A,
) -> Result<PlayEnd, Failure> {
    let (inbox, inputs) = mpsc::channel();
    signals::listen_into(inbox.clone())?;
    let clock = AudioClock::start(part.source.clone(), audio, part.volume).map_err(unheard)?;
    let clock = Arc::new(clock);
    let stamp = Arc::clone(&clock);
    let mut screen = match has_terminal {
        true => Some(TapScreen::open(move || heard(&stamp), inbox)?),
        false => None,
    };
    let mut notice = None;
    let mut drawn = Instant::now();
    let ended = loop {
        let input = inputs.recv_timeout(FRAME);
        let at = heard(&clock).map(|position| part.time_of(position));
        match input {
            Ok(Input::Key(key)) => {
                notice = None;
                if along.handle_key(key.wish, key.stamp.map(|position| part.time_of(position)))
                    == KeyOutcome::End
                {
                    break PlayEnd::ByKey;
                }
            }
            Ok(Input::Request(Request::Suspend)) => {
                notice = Some("Ctrl-Z does nothing here; q ends".to_owned());
            }
            Ok(Input::Request(Request::Continued)) => screen.iter_mut().try_for_each(TapScreen::refresh)?,
            Ok(Input::Request(Request::Panicked)) => {
                drop(screen);
                return Err(anyhow!(signals::panic_messages().join("\n")).into());
            }
            Ok(Input::Request(_)) | Err(RecvTimeoutError::Disconnected) => break PlayEnd::FromOutside,
            Err(RecvTimeoutError::Timeout) => {}
        }
        for told in clock.notices() {
            if let Notice::RequiredSoundMissing(missing) | Notice::RequiredSoundLost(missing) = told {
                drop(screen);
                return Err(unheard(StartError::DeviceMissing(missing)));
            }
            notice = Some(told.to_string());
        }
        if at.is_some_and(|at| at >= part.end) {
            break PlayEnd::WithTheSong;
        }
        if let Some(screen) = screen.as_mut().filter(|_| drawn.elapsed() >= FRAME / 2) {
            drawn = Instant::now();
            // A terminal that is gone is told by its hangup.
            let _ = screen.show(&along.view(at, notice.as_deref()));
        }
    };
    Ok(ended)
}

/// What is heard right now, if the first sound was.
fn heard(clock: &AudioClock) -> Option<Position> {
    let now = monotonic::now();
    match clock.playhead(now) {
        Playhead::Waiting => None,
        Playhead::Paused(position) => Some(position),
        Playhead::Running(course) => Some(course.at(now)),
    }
}

/// Nobody taps to what they do not hear.
fn unheard(error: StartError) -> Failure {
    match error {
        StartError::DeviceMissing(missing) => {
            let cause = missing.cause();
            let remedy = missing.remedy();
            let remedy = remedy.as_deref().unwrap_or(ELSEWHERE);
            Failure::of(Outcome::NoDevice, anyhow!("the song cannot be heard: {cause}.\n  {remedy}."))
        }
        other => other.into(),
    }
}
