//! The lock's directory and name for what a command is about to do.

use std::path::{Path, PathBuf};

use anyhow::anyhow;

use crate::cli::{LockOptions, OutputKind};
use crate::lock::{LockDir, Name, Refusal};
use crate::printable::shell_word;
use crate::rig::{LockScope, Rig};
use crate::show::Show;

use super::outcome::Failure;

/// The lock directory, and whether it is the simulation's own: where the usual one may not be used,
/// simulated lines get along with this user's runtime directory.
pub(super) struct LockPlace {
    pub(super) dir: LockDir,
    pub(super) is_fallback: bool,
}

pub(super) fn place(options: &LockOptions, output: OutputKind) -> Result<LockPlace, Refusal> {
    let usual = LockDir::open(path(options));
    let is_shut = match &usual {
        Ok(dir) => !dir.is_writable(),
        Err(refusal) => matches!(refusal, Refusal::NotPermitted { .. } | Refusal::ReadOnly { .. }),
    };
    let own = LockDir::runtime_fallback()
        .filter(|_| is_shut && output == OutputKind::Sim && options.lock_dir.is_none());
    match own {
        Some(own) => Ok(LockPlace { dir: LockDir::open(own)?, is_fallback: true }),
        None => Ok(LockPlace { dir: usual?, is_fallback: false }),
    }
}

/// Where instances may be found: the lock directory, and the simulation's own beside it.
pub(super) fn places(options: &LockOptions) -> Vec<PathBuf> {
    let own = LockDir::runtime_fallback().filter(|_| options.lock_dir.is_none());
    [path(options)].into_iter().chain(own).collect()
}

/// Absolute, because it is told to people, who may be in another folder when they read it.
pub(super) fn path(options: &LockOptions) -> PathBuf {
    let named = options.lock_dir.as_deref().unwrap_or(Path::new(LockDir::DEFAULT));
    std::path::absolute(named).unwrap_or_else(|_| named.to_owned())
}

/// ` --lock-dir DIR` where that was given: for commands that are to find the same instances.
pub(super) fn option(options: &LockOptions) -> String {
    let named = options.lock_dir.as_deref();
    named.map_or_else(String::new, |dir| format!(" --lock-dir {}", shell_word(dir)))
}

/// What an instance says, which knows not how it was found: the commands in it get the option that finds it.
pub(super) fn with_option(words: &str, option: &str) -> String {
    let speaks_to_it = |text: &str| {
        let mut words = text.strip_prefix("starcourt ").unwrap_or_default().split(' ');
        matches!(
            words.next(),
            Some("resume" | "play" | "reload" | "stop" | "pause" | "next" | "off" | "status")
        ) && !text.contains("--lock-dir")
    };
    // Every second part stands between backticks.
    let parts = words.split('`').enumerate().map(|(at, part)| match at % 2 == 1 && speaks_to_it(part) {
        true => format!("{part}{option}"),
        false => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("`")
}

/// # Errors
/// Where each show has a lock of its own and this one's name is too long for a lock's file.
pub(super) fn name(rig: &Rig, show: &Show) -> Result<Name, Failure> {
    match rig.lock {
        LockScope::Machine => Ok(Name::MACHINE),
        LockScope::Show => Name::of_show(&show.name).map_err(|_| {
            Failure::bad_file(anyhow!(
                "the show's name has {} letters, and with lock = \"show\" the rig gives each show a lock of \
                 its own, whose name has room for {}\n  rename {}.show and its music to something shorter",
                show.name.len(),
                Name::LONGEST_SHOW,
                show.name
            ))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_in_an_answer_find_the_instance_that_gave_it() {
        let option = option(&LockOptions { lock_dir: Some("my lock".into()) });
        for (words, expected) in [
            ("waits for `starcourt resume`", "waits for `starcourt resume --lock-dir 'my lock'`"),
            ("`starcourt play SHOW`, or", "`starcourt play SHOW --lock-dir 'my lock'`, or"),
            ("see `starcourt check demo`", "see `starcourt check demo`"),
            ("`starcourt stop --lock-dir d`", "`starcourt stop --lock-dir d`"),
            ("ends demo", "ends demo"),
        ] {
            assert_eq!(with_option(words, &option), expected);
            assert_eq!(with_option(words, ""), words);
        }
    }
}
