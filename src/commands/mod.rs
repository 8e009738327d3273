//! What each command does. Prints, and turns errors into exit codes.

mod attached;
mod bench;
mod calibrate;
mod check;
mod completion;
mod compose;
mod doctor;
mod files;
mod import;
mod instances;
mod list;
mod listen;
mod made;
mod memory_sound;
mod music_file;
mod net;
mod new;
mod off;
mod play;
mod preview;
mod printed;
mod refused;
mod remote;
mod render;
mod schedule;
mod seek;
mod send;
mod serve;
mod settings;
mod sheets_here;
mod show_words;
mod song_beats;
mod status;
mod tap;
mod test;
mod warnings;
mod which_show;
mod written_file;

use std::env;
use std::ffi::OsString;
use std::io::{IsTerminal, Write, stderr, stdout};
use std::process::ExitCode;

use crate::cli::{self, Command, Switch, Usage, Whom};
use crate::guardian;
use crate::ipc::Order;
use crate::logging;
use crate::output::i2c;
use crate::printable::printable_lines;
use crate::spool;

use crate::instance;
pub use crate::outcome::Outcome;
use crate::outcome::{self, Failure};
use check::AnswerForm;
use printed::{answer, answer_in_colour, done};
use render::Screen;

/// Does what the command line says. Blocks until it is done; a show may take hours.
///
/// # Errors
/// [`Usage`], which knows how to print itself.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Result<Outcome, Usage> {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if cli::answer_shell(&arguments, completion::NAMES)? {
        return Ok(Outcome::Done);
    }
    let command = cli::read(arguments)?;
    let _logging = logging::start();
    let outcome = match command {
        Command::Play { show, options } => play::play(show.as_deref(), &options),
        Command::Serve { options } => serve::serve(&options),
        Command::Status { json, follow: true, whom } => status::follow(&whom, json),
        Command::Status { json, follow: false, whom } => status::status(&whom, json).and_then(answer),
        Command::Stop { whom } => tell(&Order::Stop {}, &whom),
        Command::Pause { whom } => tell(&Order::Pause {}, &whom),
        Command::Resume { whom } => tell(&Order::Resume {}, &whom),
        Command::Next { whom } => tell(&Order::Next {}, &whom),
        Command::Reload { lock } => remote::reload(&lock).map(done),
        Command::Blackout { state: Some(state), whom } => {
            tell(&Order::Blackout { on: state == Switch::On }, &whom)
        }
        Command::Blackout { state: None, whom } => settings::blackout(&whom).and_then(answer),
        Command::Volume { volume: Some(volume), whom } => tell(&Order::Volume(volume), &whom),
        Command::Volume { volume: None, whom } => settings::volume(&whom).and_then(answer),
        Command::Net { lock } => net::net(&lock),
        Command::New { song, options } => new::new(song.as_deref(), &options).map(done),
        Command::Import(options) => import::import(&options),
        Command::Send { host, names, shows, play } => send::send(&host, &names, shows.as_deref(), play),
        Command::Seek { place, unit, whom } => {
            let words = [Some(&*place), unit.as_deref(), whom.show.as_deref()];
            seek::seek(&words.into_iter().flatten().collect::<Vec<_>>(), &whom.lock).map(done)
        }
        Command::Loop { state: Some(state), whom } => tell(&Order::Loop { on: state == Switch::On }, &whom),
        Command::Loop { state: None, whom } => settings::repetition(&whom).and_then(answer),
        Command::Speed { speed: Some(to), whom } => tell(&Order::Speed { to }, &whom),
        Command::Speed { speed: None, whom } => settings::speed(&whom).and_then(answer),
        Command::List { json, stage } => list::list(&stage, json).and_then(answer),
        Command::Check { names, json, stage, schedule } => {
            let form = if json { AnswerForm::Json } else { AnswerForm::Text { colour: colours(&stdout()) } };
            check::check(&names, &stage, &schedule, form).and_then(answer_in_colour)
        }
        Command::Render { show, options } => {
            let screen = Screen { width: printed::screen_width(), colour: colours(&stdout()) };
            render::render(show.as_deref(), &options, screen).and_then(answer_in_colour)
        }
        Command::Preview { show, options } => preview::preview(show.as_deref(), &options),
        Command::Schedule { options } => schedule::schedule(&options).and_then(answer),
        Command::Off { if_free, pins, machine } => off::off(if_free, pins.as_deref(), &machine).map(done),
        Command::Test { options } => test::test(options),
        Command::Calibrate { channel, pins, machine } => {
            calibrate::calibrate(channel.as_deref(), made::options(pins, machine))
        }
        Command::Compose(options) => compose::compose(&options),
        Command::Listen(options) => listen::listen(&options).and_then(answer),
        Command::Tap { song, options } => tap::tap(&song, &options),
        Command::Guardian => guardian::run().map(|()| Outcome::Done).map_err(Into::into),
        Command::SafeBus => i2c::run().map(|()| Outcome::Done).map_err(Into::into),
        Command::SoundTrial { device } => doctor::say_how_it_opens(&device).and_then(answer),
        Command::Bench { options } => bench::bench(&options).and_then(answer),
        Command::Doctor { json, machine } => {
            doctor::doctor(&machine, json, colours(&stdout())).and_then(answer_in_colour)
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
