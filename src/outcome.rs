//! How a command ended, as the shell sees it.

use std::process::ExitCode;

use anyhow::Error;

use crate::clock::sound::StartError;
use crate::diagnosis::Diagnoses;
use crate::guardian::{LinesNotSafe, StartedByHand};
use crate::lock::{Refusal, TakeoverError};
use crate::output::gpio::Unavailable;
use crate::printable::printable_lines;

/// What a command's exit code says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Outcome {
    Done = 0,
    Failed = 1,
    /// What the command line asks for cannot be had.
    BadCommandLine = 2,
    /// `status`: nothing is playing.
    Nobody = 3,
    // From here on those of sysexits.h.
    BadFile = 65,
    NoDevice = 69,
    Busy = 75,
    NotPermitted = 77,
}

impl Outcome {
    const ALL: [Self; 8] = [
        Self::Done,
        Self::Failed,
        Self::BadCommandLine,
        Self::Nobody,
        Self::BadFile,
        Self::NoDevice,
        Self::Busy,
        Self::NotPermitted,
    ];

    pub(crate) const fn code(self) -> u8 {
        self as u8
    }

    /// What another instance means by `code`; one of a later version may mean more than is known here.
    pub(crate) fn of_code(code: u8) -> Self {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code).unwrap_or(Self::Failed)
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        outcome.code().into()
    }
}

/// A failure, with what it is to the shell.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) outcome: Outcome,
    error: Error,
}

impl Failure {
    /// The rig or show is not usable, whatever keeps it from being so.
    pub(crate) fn bad_file(error: Error) -> Self {
        Self { outcome: Outcome::BadFile, error }
    }

    pub(crate) fn of(outcome: Outcome, error: Error) -> Self {
        Self { outcome, error }
    }

    pub(crate) fn bad_command_line(error: Error) -> Self {
        Self { outcome: Outcome::BadCommandLine, error }
    }

    pub(crate) fn not_permitted(error: Error) -> Self {
        Self { outcome: Outcome::NotPermitted, error }
    }

    /// The mistakes in a file, if these are what is wrong.
    pub(crate) fn diagnoses(&self) -> Option<&Diagnoses> {
        self.error.downcast_ref()
    }

    /// All of the message, for a terminal with or without colour.
    pub(crate) fn message(&self, colour: bool) -> String {
        match self.error.downcast_ref::<Diagnoses>() {
            Some(told) => told.render(colour).trim_end().to_owned(),
            // The refusal of a second launch begins with words that other programs look for.
            None if self.outcome == Outcome::Busy => self.words(),
            None => format!("starcourt: {}", self.words()),
        }
    }

    /// The message for somebody who knows whom they hear.
    pub(crate) fn words(&self) -> String {
        match self.error.downcast_ref::<Diagnoses>() {
            Some(told) => told.render(false).trim_end().to_owned(),
            None => printable_lines(&format!("{:#}", self.error)),
        }
    }
}

/// Pins that cannot be used and words that are not to be typed have exit codes of their own; whatever else goes wrong has none.
impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        if error.is::<StartedByHand>() {
            return Self::bad_command_line(error);
        }
        match error.downcast::<Unavailable>() {
            Ok(unavailable) => unavailable.into(),
            Err(error) => Self { outcome: Outcome::Failed, error },
        }
    }
}

impl From<LinesNotSafe> for Failure {
    fn from(not_safe: LinesNotSafe) -> Self {
        Self { outcome: Outcome::NoDevice, error: not_safe.into() }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let outcome = match refusal {
            Refusal::Held { .. } | Refusal::OutputClaimed { .. } | Refusal::Blocked { .. } => Outcome::Busy,
            Refusal::NotPermitted { .. } => Outcome::NotPermitted,
            _ => Outcome::Failed,
        };
        Self { outcome, error: refusal.into() }
    }
}

impl From<TakeoverError> for Failure {
    fn from(error: TakeoverError) -> Self {
        let outcome = match error {
            TakeoverError::Refused(refusal) => return refusal.into(),
            TakeoverError::NotYours { .. } => Outcome::NotPermitted,
            TakeoverError::Stopped => Outcome::Failed,
            TakeoverError::Managed { .. }
            | TakeoverError::Unproven { .. }
            | TakeoverError::Ourselves
            | TakeoverError::Survived { .. } => Outcome::Busy,
        };
        Self { outcome, error: error.into() }
    }
}

impl From<Unavailable> for Failure {
    fn from(unavailable: Unavailable) -> Self {
        let outcome = match unavailable {
            Unavailable::NotPermitted { .. } => Outcome::NotPermitted,
            Unavailable::NotAPi
            | Unavailable::Missing(_)
            | Unavailable::Busy(_)
            | Unavailable::Taken { .. } => Outcome::NoDevice,
            Unavailable::Io(_) => Outcome::Failed,
        };
        Self { outcome, error: unavailable.into() }
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        let outcome = match error {
            StartError::DeviceMissing(_) => Outcome::NoDevice,
            StartError::Sound(_) => Outcome::BadFile,
            StartError::Thread(_) => Outcome::Failed,
        };
        Self { outcome, error: error.into() }
    }
}
