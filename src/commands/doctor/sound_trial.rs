//! Opens the rig's sound device in a process of its own: as the service's user if root asks, else as whoever asks.
//! A driver or sound server that hangs or crashes takes only that process with it.

use std::ffi::OsStr;
use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use rustix::process::{Gid, Uid};
use rustix::thread::{set_thread_gid, set_thread_groups, set_thread_uid};

use crate::cli;
use crate::clock::sound::{DeviceFault, try_device};
use crate::doctor::{Machine, ServiceAccount, SoundTrial, TrialUser};
use crate::outcome::{Failure, Outcome};

/// This very program, even if its file was replaced by a newer one.
const THIS_PROGRAM: &str = "/proc/self/exe";
/// A sound server that starts by itself takes a second or two.
const PATIENCE: Duration = Duration::from_secs(5);
const PLAYS: &str = "plays";

/// Opens `device`. Blocks for 5 s at most. `None` if the attempt itself failed, which goes to the log.
pub(super) fn try_sound(machine: &Machine, device: &str) -> Option<SoundTrial> {
    let account = machine.service_account().filter(|_| machine.is_roots());
    let user = match account {
        Some(account) => TrialUser::Service(account.name.clone()),
        None => TrialUser::Present(present(machine)),
    };
    let mut command = Command::new(THIS_PROGRAM);
    command.arg(cli::SOUND_TRIAL).arg("--").arg(OsStr::new(device));
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    if let Some(account) = account {
        become_service(&mut command, account);
    }
    // Plugins of ALSA tell the terminal what they think. What counts is the answer.
    if !log::log_enabled!(log::Level::Debug) {
        command.stderr(Stdio::null());
    }
    let answer = command.spawn().and_then(answer);
    let word = match &answer {
        Ok(Some(word)) => word.as_str(),
        Ok(None) => return Some(SoundTrial { user, opened: Err(DeviceFault::NoAnswer) }),
        Err(error) => {
            log::warn!("the sound device was not tried: {error}");
            return None;
        }
    };
    let opened = match (word, DeviceFault::of_word(word)) {
        (PLAYS, _) => Ok(()),
        (_, Some(fault)) => Err(fault),
        // It died.
        (_, None) => Err(DeviceFault::NotOpened),
    };
    Some(SoundTrial { user, opened })
}

/// Their name, and if they are not the service's user and could be.
fn present(machine: &Machine) -> String {
    match (machine.person_name(), machine.service_account()) {
        ("$USER", _) => "you".to_owned(),
        (name, Some(account)) if !machine.is_roots() => {
            format!("{name}; `sudo starcourt doctor` tries it as {}", account.name)
        }
        (name, _) => name.to_owned(),
    }
}

/// As systemd starts the service: its user, groups and environment, and nothing of a session.
fn become_service(command: &mut Command, account: &ServiceAccount) {
    let groups: Vec<Gid> = account.groups.iter().map(|&group| Gid::from_raw(group)).collect();
    let (user, group) = (Uid::from_raw(account.user), Gid::from_raw(account.group));
    command.env_clear().envs(account.environment.iter().cloned()).current_dir("/");
    if let Some(level) = std::env::var_os("STARCOURT_LOG") {
        command.env("STARCOURT_LOG", level);
    }
    let change = move || -> io::Result<()> {
        set_thread_groups(&groups)?;
        set_thread_gid(group)?;
        Ok(set_thread_uid(user)?)
    };
    // SAFETY: between fork and exec system calls are made, and nothing else.
    unsafe { command.pre_exec(change) };
}

/// The word that the process says; `None` if it takes too long.
fn answer(mut process: Child) -> io::Result<Option<String>> {
    let mut pipe = process.stdout.take().expect("it was asked for");
    let (words, word) = mpsc::channel();
    thread::Builder::new().name("sound trial".to_owned()).spawn(move || {
        let mut text = String::new();
        let read = pipe.read_to_string(&mut text).map(|_| text.trim().to_owned());
        let _nobody_waits = words.send(read);
    })?;
    let word = word.recv_timeout(PATIENCE);
    // It has said what it has to say, or hangs.
    let _ended = process.kill();
    let _reaped = process.wait();
    word.ok().transpose()
}

/// What the other process does: opens `device` and says one word.
pub(in crate::commands) fn say_how_it_opens(device: &str) -> Result<(String, Outcome), Failure> {
    let word = try_device(device).map_or_else(DeviceFault::word, |()| PLAYS);
    Ok((format!("{word}\n"), Outcome::Done))
}
