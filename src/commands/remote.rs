//! The commands that speak to a running instance: which one is meant, the order, and what it answers.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::anyhow;

use crate::cli::LockOptions;
use crate::diagnosis::did_you_mean;
use crate::ipc::{Answer, Client, HungUp, Order, OrderLine, Status};
use crate::lock::{self, Holder, LockDir, Name};
use crate::printable::{printable, printable_lines};

use super::instances;
use super::outcome::{Failure, Outcome};

/// An instance answers within a few milliseconds; one that starts a show on a busy Pi takes longer.
const PATIENCE: Duration = Duration::from_secs(5);
/// The service reads its files first; it gives up after 30 s.
const RELOAD_PATIENCE: Duration = Duration::from_secs(35);
/// An instance that has just taken the lock opens its socket a moment later; one whose socket was deleted
/// makes it anew within a second.
const NOT_YET: Duration = Duration::from_millis(1_500);
const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// A look at somebody who may be stuck must not take long.
const GLANCE: Duration = Duration::from_millis(500);
/// An instance takes what comes within 100 ms for one press.
const BETWEEN_PRESSES: Duration = Duration::from_millis(150);

/// Gives `order` to the instance that plays, or to the one that plays `show` where several do.
pub(super) fn order(
    order: &Order,
    show: Option<&str>,
    options: &LockOptions,
) -> Result<(String, Outcome), Failure> {
    let Some((holder, mut remote)) = reach(|| the_one(show, options))? else {
        return Ok((nobody(options), Outcome::Nobody));
    };
    let line = OrderLine::repeatable(order.clone());
    let patience = if *order == (Order::Reload {}) { RELOAD_PATIENCE } else { PATIENCE };
    let answer = match remote.say(&line, patience) {
        // It may have been heard or not. Said again it is the same order.
        Err(error) if error.is::<HungUp>() => match reach(|| the_one(show, options))? {
            Some((again, mut remote)) if again.pid == holder.pid => remote.say(&line, patience)?,
            _ => return Err(error.into()),
        },
        answer => answer?,
    };
    let words = instances::with_option(&done(answer)?, &instances::option(options));
    // What a reload changes takes several lines; no other answer does.
    let words = if *order == (Order::Reload {}) { printable_lines(&words) } else { printable(&words) };
    Ok((words + "\n", Outcome::Done))
}

/// Has the service read its files again.
pub(super) fn reload(options: &LockOptions) -> Result<(String, Outcome), Failure> {
    Ok(match order(&Order::Reload {}, None, options)? {
        (nobody, Outcome::Nobody) => {
            let why = "  no service runs, so there is nothing to reload; each start reads the files anew\n  \
                       `starcourt serve` starts one; at every boot: `sudo systemctl enable --now starcourt`\n";
            (nobody + why, Outcome::Nobody)
        }
        answer => answer,
    })
}

/// That nothing is playing; where a directory was named that is not there, nobody can be found in it.
pub(super) fn nobody(options: &LockOptions) -> String {
    match options.lock_dir.as_deref() {
        Some(dir) if matches!(dir.try_exists(), Ok(false)) => {
            format!("nothing is playing: there is no directory {}\n", dir.display())
        }
        Some(_) => "nothing is playing\n".to_owned(),
        None => format!("nothing is playing (in {})\n", LockDir::DEFAULT),
    }
}

/// What an instance says of an order that it has carried out.
///
/// # Errors
/// When it refuses, or answers something else.
pub(super) fn done(answer: Answer) -> Result<String, Failure> {
    match answer {
        Answer::Done(words) => Ok(words),
        Answer::Refused { why, exit } => Err(Failure::of(Outcome::of_code(exit), anyhow!(why))),
        answer => Err(anyhow!("the instance answers something else: {answer:?}").into()),
    }
}

/// What the instance that is meant does at this moment; `None` if there is none.
pub(super) fn status(show: Option<&str>, options: &LockOptions) -> Result<Option<Status>, Failure> {
    let Some((_, mut remote)) = reach(|| the_one(show, options))? else { return Ok(None) };
    Ok(Some(remote.status(PATIENCE)?))
}

/// What `holder` does at this moment; nothing where it cannot be asked.
pub(super) fn look(holder: &Holder) -> Option<Status> {
    let mut remote = Client::connect(&socket(holder)).ok()??;
    remote.status(GLANCE).ok()
}

/// Has `holder` end what it plays, without its fade; whether it has answered that it does.
pub(super) fn stop(holder: &Holder) -> bool {
    let Ok(Some(mut remote)) = Client::connect(&socket(holder)) else { return false };
    let mut says_yes = || matches!(remote.ask(&Order::Stop {}, GLANCE), Ok(Answer::Done(_)));
    let is_ending = says_yes();
    if is_ending {
        // The second time skips the fade; it may be gone by then.
        thread::sleep(BETWEEN_PRESSES);
        let _ = says_yes();
    }
    is_ending
}

/// Calls whoever `find` finds, looking again for a while where nobody answers. `None` when nobody is there.
pub(super) fn reach(
    find: impl Fn() -> Result<Option<Holder>, Failure>,
) -> Result<Option<(Holder, Client)>, Failure> {
    let began = Instant::now();
    loop {
        let Some(holder) = find()? else { return Ok(None) };
        let path = socket(&holder);
        match Client::connect(&path).map_err(|error| not_permitted(error, &path))? {
            Some(remote) => return Ok(Some((holder, remote))),
            None if began.elapsed() < NOT_YET => thread::sleep(LOOK_AGAIN),
            None => {
                let why = anyhow!(
                    "PID {} holds the lock, and nobody answers at {}\n  \
                     starcourt off{}    ends it, every light to its safe level",
                    holder.pid,
                    path.display(),
                    holder.lock_option()
                );
                return Err(Failure::of(Outcome::NoDevice, why));
            }
        }
    }
}

fn not_permitted(error: anyhow::Error, socket: &Path) -> Failure {
    match error.downcast_ref::<io::Error>().map(io::Error::kind) {
        Some(ErrorKind::PermissionDenied) => {
            let why = anyhow!(
                "not permitted to speak on {}\n  run: sudo usermod -aG gpio $USER, then log in again",
                socket.display()
            );
            Failure::of(Outcome::NotPermitted, why)
        }
        _ => error.into(),
    }
}

/// All who hold a lock.
pub(super) fn everybody(options: &LockOptions) -> Result<Vec<Holder>, Failure> {
    let mut holders = Vec::new();
    for place in instances::places(options) {
        holders.extend(lock::instances(place)?);
    }
    Ok(holders)
}

/// Who is meant.
pub(super) enum Meant {
    Nobody,
    One(Box<Holder>),
    /// One of those that play these shows.
    Several(Vec<String>),
}

/// Who is meant: the one that plays `show`, or the only one there is.
pub(super) fn meant(show: Option<&str>, options: &LockOptions) -> Result<Meant, Failure> {
    let mut holders = everybody(options)?;
    let Some(show) = show else {
        return Ok(match holders.len() {
            0 | 1 => holders.pop().map_or(Meant::Nobody, |holder| Meant::One(Box::new(holder))),
            _ => Meant::Several(holders.iter().filter_map(called).map(str::to_owned).collect()),
        });
    };
    if holders.is_empty() {
        return Ok(Meant::Nobody);
    }
    // A show that is interrupted is still whose lock this is.
    let plays = |holder: &Holder| holder.info.show.as_deref() == Some(show);
    let at = holders.iter().position(|holder| called(holder) == Some(show));
    match at.or_else(|| holders.iter().position(plays)) {
        Some(at) => Ok(Meant::One(Box::new(holders.swap_remove(at)))),
        None => {
            let near = did_you_mean(show, holders.iter().filter_map(called)).map(|near| format!("; {near}"));
            let (near, option) = (near.unwrap_or_default(), instances::option(options));
            // Whoever types `stop now` means it.
            let only = holders.iter().filter_map(called).next().filter(|_| holders.len() == 1);
            let only =
                only.map(|only| format!("; without a name, the order is for {only}")).unwrap_or_default();
            let error =
                anyhow!("`{show}` is not playing{near}\n  `starcourt status{option}` shows what is{only}");
            Err(Failure::of(Outcome::Nobody, error))
        }
    }
}

/// As [`meant`]; of several it has to be said which.
pub(super) fn the_one(show: Option<&str>, options: &LockOptions) -> Result<Option<Holder>, Failure> {
    match meant(show, options)? {
        Meant::Nobody => Ok(None),
        Meant::One(holder) => Ok(Some(*holder)),
        Meant::Several(shows) => Err(Failure::bad_command_line(anyhow!(
            "several shows play: {}; name the one that you mean",
            shows.join(", ")
        ))),
    }
}

/// The show whose lock `holder` has, or the one that plays where a lock is the machine's.
fn called(holder: &Holder) -> Option<&str> {
    holder.name.as_ref().and_then(Name::show).or(holder.info.show.as_deref())
}

/// Beside the lock's file.
fn socket(holder: &Holder) -> PathBuf {
    let name = holder.name.as_ref().unwrap_or(&Name::MACHINE).socket_name();
    // Without a name the path is the lock directory's own.
    match holder.name {
        Some(_) => holder.path.with_file_name(name),
        None => holder.path.join(name),
    }
}
