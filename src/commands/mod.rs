//! What the commands do: the rooms put to use, and words for people. The only room that chooses
//! implementations, prints, and turns errors into exit codes.

mod bench;
mod calibrate;
mod check;
mod doctor;
mod files;
mod instances;
mod list;
mod made;
mod off;
mod outcome;
mod play;
mod status;
mod test;

use std::env;
use std::ffi::OsString;
use std::io::{IsTerminal, Write, stderr, stdout};

use crate::cli::{self, Command, Usage};
use crate::guardian;

pub use outcome::Outcome;

/// Does what the command line says. Blocks until it is done; a show may take hours.
///
/// # Errors
/// [`Usage`], which knows how to print itself.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Result<Outcome, Usage> {
    let cli = cli::read(arguments)?;
    let done = match (cli.command, cli.show) {
        (Some(Command::Play { show, options }), _) => play::play(&show, &options),
        (None, Some(show)) => play::play(&show, &cli.play),
        (None, None) => unreachable!("the command line is read with one of the two"),
        (Some(Command::Status { json, lock }), _) => status::status(&lock, json).map(say),
        (Some(Command::List { stage }), _) => list::list(&stage).map(say),
        (Some(Command::Check { names, stage }), _) => {
            check::check(&names, &stage, colours(&stdout())).map(say)
        }
        (Some(Command::Off { if_free, pins, rig, lock, output }), _) => {
            off::off(if_free, pins.as_deref(), &rig, &lock, &output).map(say)
        }
        (Some(Command::Test { options }), _) => test::test(&options),
        (Some(Command::Calibrate { channel, pins, rig, lock, output }), _) => {
            let options = made::options(pins, &rig, &lock, &output);
            calibrate::calibrate(channel.as_deref(), options)
        }
        (Some(Command::Guardian), _) => guardian::stand().map(|()| Outcome::Done).map_err(Into::into),
        (Some(Command::Bench { options }), _) => bench::bench(&options).map(say),
        (Some(Command::Doctor { rig, lock, output }), _) => {
            doctor::doctor(&rig, &lock, &output, colours(&stdout())).map(say)
        }
    };
    Ok(done.unwrap_or_else(|failure| {
        // Where nobody reads, the exit code tells.
        let _ = writeln!(stderr(), "{}", failure.message(colours(&stderr())));
        failure.outcome
    }))
}

/// Prints what a command has to say. A reader that has gone (`| head`) has read enough.
fn say((text, outcome): (String, Outcome)) -> Outcome {
    let _ = stdout().write_all(text.as_bytes());
    outcome
}

/// Whether colours suit this stream: a terminal, and no wish against them (no-color.org).
fn colours(stream: &impl IsTerminal) -> bool {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    stream.is_terminal() && !is_set("NO_COLOR") && env::var_os("TERM").is_none_or(|term| term != "dumb")
}
