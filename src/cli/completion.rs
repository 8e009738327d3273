//! What the shells complete: commands and options by the definition of the command line, and names by whoever knows
//! them. Reads nothing itself but folders for file names.

use std::env;
use std::ffi::{OsStr, OsString};

use clap::Arg;
use clap_complete::CompleteEnv;
use clap_complete::engine::{
    ArgValueCandidates, ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter,
};

use super::{Usage, command};

/// Set by a shell that asks for completions: its own name.
const VARIABLE: &str = "STARCOURT_COMPLETE";

/// Commands that speak to a running instance, by its show.
const STEERING: [&str; 10] =
    ["status", "stop", "pause", "resume", "next", "blackout", "volume", "seek", "loop", "speed"];

/// Where the names come from that a shell completes.
#[derive(Clone, Copy)]
pub struct KnownNames {
    /// The shows there are.
    pub shows: fn() -> Vec<String>,
    /// The shows that play.
    pub playing: fn() -> Vec<String>,
    pub channels: fn() -> Vec<String>,
    pub channels_and_groups: fn() -> Vec<String>,
}

/// Answers a shell that asks for completions; whether one asks.
///
/// # Errors
/// [`Usage`], for a shell that is not known, or that does not read the answer.
pub fn answer_shell(arguments: &[OsString], names: KnownNames) -> Result<bool, Usage> {
    let folder = env::current_dir().ok();
    CompleteEnv::with_factory(|| definition(names))
        .var(VARIABLE)
        .bin("starcourt")
        .completer("starcourt")
        .try_complete(arguments.iter().cloned(), folder.as_deref())
}

fn definition(names: KnownNames) -> clap::Command {
    let shows = move |argument: Arg| {
        argument.add(ArgValueCompleter::new(move |current: &OsStr| shows_or_files(names.shows, current)))
    };
    let one_of = |names: fn() -> Vec<String>| {
        move |argument: Arg| argument.add(ArgValueCandidates::new(move || candidates(names(), "")))
    };
    let steering = |definition: clap::Command, name: &&str| {
        definition.mut_subcommand(*name, |command| command.mut_arg("show", one_of(names.playing)))
    };
    let either = one_of(names.channels_and_groups);
    STEERING
        .iter()
        .fold(command(), steering)
        .mut_subcommand("play", |command| command.mut_arg("show", shows))
        .mut_subcommand("render", |command| command.mut_arg("show", shows))
        .mut_subcommand("preview", |command| command.mut_arg("show", shows))
        .mut_subcommand("tap", |command| command.mut_arg("song", shows))
        .mut_subcommand("listen", |command| command.mut_arg("song", shows))
        .mut_subcommand("check", |command| command.mut_arg("names", shows))
        .mut_subcommand("send", |command| command.mut_arg("names", shows))
        .mut_subcommand("test", |command| command.mut_arg("names", either).mut_arg("channel", either))
        .mut_subcommand("calibrate", |command| command.mut_arg("channel", one_of(names.channels)))
}

/// Files, where no show begins like this.
fn shows_or_files(shows: fn() -> Vec<String>, current: &OsStr) -> Vec<CompletionCandidate> {
    let shows = candidates(shows(), &current.to_string_lossy());
    if shows.is_empty() { PathCompleter::file().complete(current) } else { shows }
}

fn candidates(names: Vec<String>, start: &str) -> Vec<CompletionCandidate> {
    names.into_iter().filter(|name| name.starts_with(start)).map(CompletionCandidate::new).collect()
}
