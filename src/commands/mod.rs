//! What each command does. Prints, and turns errors into exit codes.

mod attached;
mod bench;
mod calibrate;
mod check;
mod doctor;
mod files;
mod instances;
mod list;
mod made;
mod off;
mod play;
mod printed;
mod remote;
mod schedule;
mod serve;
mod status;
mod test;
mod warnings;

use std::env;
use std::ffi::OsString;
use std::io::{IsTerminal, Write, stderr, stdout};
use std::process::ExitCode;

use crate::cli::{self, Command, Switch, Usage, Whom};
use crate::guardian;
use crate::ipc::Order;
use crate::logging;
use crate::printable::printable_lines;
use crate::spool;

use crate::instance;
pub use crate::outcome::Outcome;
use crate::outcome::{self, Failure};
use printed::{answer, answer_in_colour, done};

/// Does what the command line says. Blocks until it is done; a show may take hours.
///
/// # Errors
/// [`Usage`], which knows how to print itself.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Result<Outcome, Usage> {
    let cli = cli::read(arguments)?;
    let _logging = logging::start();
    let outcome = match (cli.command, cli.show) {
        (Some(Command::Play { show, options }), _) => play::play(&show, &options),
        (None, Some(show)) => play::play(&show, &cli.play),
        (None, None) => unreachable!("the command line is read with one of the two"),
        (Some(Command::Serve { options }), _) => serve::serve(&options),
        (Some(Command::Status { json, follow: true, whom }), _) => status::follow(&whom, json),
        (Some(Command::Status { json, follow: false, whom }), _) => {
            status::status(&whom, json).and_then(answer)
        }
        (Some(Command::Stop { whom }), _) => tell(&Order::Stop {}, &whom),
        (Some(Command::Pause { whom }), _) => tell(&Order::Pause {}, &whom),
        (Some(Command::Resume { whom }), _) => tell(&Order::Resume {}, &whom),
        (Some(Command::Next { whom }), _) => tell(&Order::Next {}, &whom),
        (Some(Command::Blackout { state, whom }), _) => {
            tell(&Order::Blackout { on: state == Switch::On }, &whom)
        }
        (Some(Command::Volume { volume, whom }), _) => tell(&Order::Volume(volume), &whom),
        (Some(Command::List { stage }), _) => list::list(&stage).and_then(answer),
        (Some(Command::Check { names, stage, schedule }), _) => {
            check::check(&names, &stage, &schedule, colours(&stdout())).and_then(answer_in_colour)
        }
        (Some(Command::Schedule { options }), _) => schedule::schedule(&options).and_then(answer),
        (Some(Command::Off { if_free, pins, machine }), _) => {
            off::off(if_free, pins.as_deref(), &machine).map(done)
        }
        (Some(Command::Test { options }), _) => test::test(options),
        (Some(Command::Calibrate { channel, pins, machine }), _) => {
            calibrate::calibrate(channel.as_deref(), made::options(pins, machine))
        }
        (Some(Command::Guardian), _) => guardian::run().map(|()| Outcome::Done).map_err(Into::into),
        (Some(Command::Bench { options }), _) => bench::bench(&options).and_then(answer),
        (Some(Command::Doctor { machine }), _) => {
            doctor::doctor(&machine, colours(&stdout())).and_then(answer_in_colour)
        }
    };
    Ok(outcome.unwrap_or_else(|failure| {
        // Where nobody reads, the exit code tells: who has ended all else must end, too.
        spool::print_line(&stderr(), &failure.message(colours(&stderr())));
        failure.outcome
    }))
}

/// Prints a help, a version, or what is wrong with a command line.
#[must_use]
pub fn explain(usage: &Usage) -> ExitCode {
    let printed = usage.print().and_then(|()| stdout().flush());
    match printed::written(printed) {
        // Nobody who reads what is wrong with the command line is no reason for another exit code.
        Err(error) if !usage.use_stderr() => {
            let _nobody_reads = writeln!(stderr(), "starcourt: {}", printable_lines(&error.to_string()));
            ExitCode::FAILURE
        }
        _ => u8::try_from(usage.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from),
    }
}

/// Gives `order` to the instance that is meant.
fn tell(order: &Order, whom: &Whom) -> Result<Outcome, Failure> {
    remote::order(order, whom.show.as_deref(), &whom.lock).map(done)
}

/// Whether colours suit this stream: a terminal, and no wish against them (no-color.org).
fn colours(stream: &impl IsTerminal) -> bool {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    stream.is_terminal() && !is_set("NO_COLOR") && env::var_os("TERM").is_none_or(|term| term != "dumb")
}
