//! How a command ended, as the shell sees it.

use std::process::ExitCode;

use anyhow::Error;

use crate::diagnosis::Diagnoses;

/// What a command's exit code says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    Done,
    Failed,
    /// `status`: nobody plays.
    Nobody,
    BadFile,
    NoDevice,
    Busy,
    NotPermitted,
}

impl Outcome {
    const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            // 2, a bad command line, is clap's.
            Self::Nobody => 3,
            // The others are those of sysexits.h.
            Self::BadFile => 65,
            Self::NoDevice => 69,
            Self::Busy => 75,
            Self::NotPermitted => 77,
        }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        outcome.code().into()
    }
}

/// A failure whose kind the command knows; other errors are told apart by their type.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) outcome: Outcome,
    error: Error,
}

impl Failure {
    /// The rig or show is not usable, whatever keeps it from being so.
    pub(super) fn bad_file(error: Error) -> Self {
        Self { outcome: Outcome::BadFile, error }
    }

    /// All of the message, for a terminal with or without colour.
    pub(super) fn message(&self, colour: bool) -> String {
        match self.error.downcast_ref::<Diagnoses>() {
            Some(told) => told.render(colour).trim_end().to_owned(),
            None => format!("starcourt: {:#}", self.error),
        }
    }
}
