//! `starcourt send`: shows, their music and their beats to another machine, whole or not at all.

mod connection;
mod parcel;

use std::env;
use std::io::{IsTerminal, Write, stdin, stdout};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use crate::printable::shell_word;
use crate::show::{self, is_show_name};

use self::connection::{Host, SessionEnd};
use self::parcel::Parcel;
use super::outcome::{Failure, Outcome};
use super::printed::{self, counted};
use super::sheets_here::not_found_by_name;

const SCRIPT: &str = include_str!("on-host.sh");
/// What SSH ends with when it has no connection.
const NO_CONNECTION: i32 = 255;
const NO_SSH: &str = "starting ssh; if it is missing, run: sudo apt install openssh-client";

/// Sends the shows called `names` to `host`, into its folder `shows`, and plays the one if `play`.
pub(super) fn send(
    host: &str,
    names: &[String],
    shows: Option<&str>,
    play: bool,
) -> Result<Outcome, Failure> {
    let refuse = |why: String| Failure::bad_command_line(anyhow!(why));
    if let Some(way) = way_out(host, names) {
        return Err(refuse(way));
    }
    if host.is_empty()
        || host.starts_with('-')
        || host.contains(char::is_whitespace)
        || host.contains(char::is_control)
    {
        return Err(refuse(
            "the first word is the machine, as in `starcourt send pi@raspberrypi.local porch`".to_owned(),
        ));
    }
    if shows.is_some_and(|folder| folder.is_empty() || folder.contains(char::is_control)) {
        return Err(refuse("--shows needs the name of a folder on the other machine".to_owned()));
    }
    if play && names.len() > 1 {
        return Err(refuse("--play plays one show; send the others without it first".to_owned()));
    }
    let places = show::find::places(None, env::var_os("STARCOURT_SHOWS").as_deref());
    let mut paths: Vec<PathBuf> = Vec::new();
    for name in names {
        let found = show::find::find(name, &places).map_err(Failure::bad_file);
        paths.push(found.map_err(|failure| not_found_by_name(name, &places, failure))?);
    }
    let called: Vec<String> = paths
        .iter()
        .map(|path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned())
        .collect();
    debug_assert!(called.iter().all(|name| is_show_name(name)));
    let parcel = Parcel::of(&paths).map_err(Failure::bad_file)?;
    let kilobytes = parcel.size().div_ceil(1_024);
    printed::line(&format!("sending {} to {host} ({kilobytes} kB)", parcel.names()))?;
    let told = format!("{}\n{kilobytes}\n{}\n", shows.unwrap_or_default(), called.join(" "));
    let data = |to: &mut dyn Write| to.write_all(told.as_bytes()).and_then(|()| parcel.write(to));
    let there = match play {
        // SSH would ask for a password once more.
        true => Host::shared(host).context(NO_SSH)?.map_err(|reports| no_connection(host, &reports))?,
        false => Host::of(host),
    };
    let end = there.session(SCRIPT, data, |line| {
        // If nobody reads, the exit code tells.
        let _nobody_reads = printed::line(line);
    });
    if let Some(failure) = failure(host, end.context(NO_SSH)?) {
        return Err(failure);
    }
    printed::line(&format!("{} sent to {host}", counted(called.len(), "show")))?;
    match play {
        true => play_there(&there, &called[0], shows),
        false => Ok(Outcome::Done),
    }
}

/// What to type instead of words in another order, or in the way of `scp`.
fn way_out(host: &str, names: &[String]) -> Option<String> {
    let words = |names: &mut dyn Iterator<Item = &String>| {
        names.map(|name| shell_word(Path::new(name))).collect::<Vec<_>>().join(" ")
    };
    let last = names.last().filter(|last| last.contains('@'));
    if let Some(machine) = last.filter(|_| !host.contains('@')) {
        let shows = words(&mut std::iter::once(&host.to_owned()).chain(&names[..names.len() - 1]));
        let (machine, folder) = split_host(machine);
        return Some(format!("the machine comes first: `starcourt send {machine} {shows}{folder}`"));
    }
    // An address of IPv6 has colons, too.
    let has_folder =
        host.split_once(':').is_some_and(|(_, folder)| !folder.contains(':') && !folder.is_empty());
    has_folder.then(|| {
        let (machine, folder) = split_host(host);
        format!(
            "name the folder there with --shows: `starcourt send {machine} {}{folder}`",
            words(&mut names.iter())
        )
    })
}

/// `pi@host:/dir`, as `scp` takes it: the machine, and the option that names the folder.
fn split_host(host: &str) -> (String, String) {
    let (machine, folder) = host.split_once(':').unwrap_or((host, ""));
    let folder = match folder {
        "" => String::new(),
        folder => format!(" --shows {}", shell_word(Path::new(folder))),
    };
    (shell_word(Path::new(machine)), folder)
}

/// Why the shows are not there; `None` if they are.
fn failure(host: &str, end: SessionEnd) -> Option<Failure> {
    let SessionEnd { status, begun, reason, reports, unsent } = end;
    if status.success() {
        return None;
    }
    let code = status.code().unwrap_or(NO_CONNECTION);
    if let Some(reason) = reason {
        let outcome = u8::try_from(code).map_or(Outcome::Failed, Outcome::of_code);
        return Some(Failure::of(outcome, anyhow!("{host}: {reason}; nothing was changed there")));
    }
    if code == NO_CONNECTION && !begun {
        return Some(no_connection(host, &reports));
    }
    let why = match (code, unsent) {
        (NO_CONNECTION, _) => format!(
            "the connection to {host} was lost; the shows there are the old ones or the new ones, whole{}",
            below(&reports)
        ),
        (_, Some(error)) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            format!("{error}; nothing was changed on {host}")
        }
        _ => format!("the script on {host} ended with {code}; nothing was changed there{}", below(&reports)),
    };
    Some(Failure::of(Outcome::Failed, anyhow!(why)))
}

/// SSH never came as far as our script.
fn no_connection(host: &str, reports: &str) -> Failure {
    let step = next_step(host, reports);
    Failure::of(Outcome::Failed, anyhow!("no connection to {host}, nothing was sent{step}{}", below(reports)))
}

/// What helps, by what SSH reported.
fn next_step(host: &str, reports: &str) -> String {
    let host = shell_word(Path::new(host));
    let knows = |words: &str| reports.contains(words);
    if knows("Could not resolve hostname") {
        "; is the name right, and the machine on? Its address works, too: run `hostname -I` there".to_owned()
    } else if knows("Host key verification failed") || knows("REMOTE HOST IDENTIFICATION HAS CHANGED") {
        format!(
            "; SSH does not know this machine yet, or it has changed: run `ssh {host}` once, and read what it asks"
        )
    } else if knows("Permission denied") {
        format!("; it lets nobody in with this name and this key or password: try `ssh {host}`")
    } else if knows("timed out") || knows("refused") || knows("No route to host") || knows("unreachable") {
        "; is the machine on, in this network, and is SSH enabled there?".to_owned()
    } else {
        format!("; try `ssh {host}`")
    }
}

fn below(reports: &str) -> String {
    if reports.is_empty() { String::new() } else { format!("\n  {reports}") }
}

/// Plays a show there, in this terminal if it is one.
fn play_there(there: &Host<'_>, show: &str, shows: Option<&str>) -> Result<Outcome, Failure> {
    let mut command = format!("starcourt play {show}");
    if let Some(folder) = shows {
        command += &format!(" --shows {}", posix_word(folder));
    }
    let in_terminal = stdin().is_terminal() && stdout().is_terminal();
    let status = there.run_here(&command, in_terminal).context(NO_SSH)?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(Outcome::Failed, Outcome::of_code))
}

/// `text` as one word of any POSIX shell.
fn posix_word(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn words_in_another_order_are_told_with_what_to_type() {
        let told = |host: &str, names: &[&str]| {
            way_out(host, &names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
        };
        for (host, names, way) in [
            ("carol", &["pi@host"][..], "`starcourt send pi@host carol`"),
            ("a", &["b", "pi@host:/dir"], "`starcourt send pi@host a b --shows /dir`"),
            ("pi@host:/dir", &["a", "b"], "`starcourt send pi@host a b --shows /dir`"),
        ] {
            assert!(told(host, names).is_some_and(|told| told.contains(way)), "{host}");
        }
        for host in ["pi", "pi@host", "fe80::1", "pi@fe80::1"] {
            assert_eq!(told(host, &["carol"]), None, "{host}");
        }
    }

    #[test]
    fn a_word_stays_one_word_in_a_shell() {
        for text in ["a b", "it's $(x) `y` \"z\" \\", "-x", "ä*?"] {
            let words = format!("printf %s {}", posix_word(text));
            let output = Command::new("sh").arg("-c").arg(words).output().unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), text);
        }
    }
}
