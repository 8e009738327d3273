//! Which lock: the machine's or one show's. Knows the shape of a name, not what it stands for.

use std::fmt;
use std::str::FromStr;

const MACHINE: &str = "starcourt";
const GUARDIAN: &str = "guardian_";
const SUFFIX: &str = ".lock";

/// The name of a lock: `starcourt`, which only one instance on a machine holds, or
/// `starcourt_SHOW`, which one instance a show holds.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Name {
    show: Option<String>,
}

impl Name {
    /// One instance on this machine.
    pub const MACHINE: Self = Self { show: None };

    /// In letters: a file name holds 255 bytes, and a guardian's file has more in its name than this.
    pub const LONGEST_SHOW: usize = 200;

    /// One instance of `show` on this machine.
    ///
    /// # Errors
    /// [`BadName`] unless `show` is 1 to 200 of `a-z`, `0-9`, `_` and `-`.
    pub fn of_show(show: &str) -> Result<Self, BadName> {
        let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-');
        match show.bytes().all(is_plain) && (1..=Self::LONGEST_SHOW).contains(&show.len()) {
            true => Ok(Self { show: Some(show.to_owned()) }),
            false => Err(BadName(show.to_owned())),
        }
    }

    /// The show, where this is one show's lock.
    #[must_use]
    pub fn show(&self) -> Option<&str> {
        self.show.as_deref()
    }

    /// The lock file's name inside the lock directory.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("{self}{SUFFIX}")
    }

    /// The name of the holder's control socket, in the lock directory as well.
    #[must_use]
    pub fn socket_name(&self) -> String {
        format!("{self}.sock")
    }

    /// The name of the file that the guardian of its lines has, in the lock directory as well.
    #[must_use]
    pub fn guardian_file_name(&self) -> String {
        format!("{GUARDIAN}{}", self.file_name())
    }

    /// Whose guardian's file this is.
    pub(super) fn from_guardian_file_name(file_name: &str) -> Option<Self> {
        Self::from_file_name(file_name.strip_prefix(GUARDIAN)?)
    }

    pub(super) fn from_file_name(file_name: &str) -> Option<Self> {
        file_name.strip_suffix(SUFFIX)?.parse().ok()
    }
}

impl FromStr for Name {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        match text.strip_prefix(MACHINE) {
            Some("") => Ok(Self::MACHINE),
            Some(rest) => {
                let show = rest.strip_prefix('_').ok_or_else(|| BadName(text.to_owned()))?;
                Self::of_show(show)
            }
            None => Err(BadName(text.to_owned())),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.show {
            None => f.write_str(MACHINE),
            Some(show) => write!(f, "{MACHINE}_{show}"),
        }
    }
}

/// A text that names no lock.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BadName(String);

impl fmt::Display for BadName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` names no lock: expected `{MACHINE}`, or `{MACHINE}_` and a show of 1 to {} of a-z, 0-9, _ and -",
            self.0.escape_debug(),
            Name::LONGEST_SHOW
        )
    }
}

impl std::error::Error for BadName {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_machines_or_a_shows() {
        for (text, show) in
            [("starcourt", None), ("starcourt_demo", Some("demo")), ("starcourt__x-1", Some("_x-1"))]
        {
            let name: Name = text.parse().expect(text);
            assert_eq!(name.show(), show);
            let guardians = name.guardian_file_name();
            assert_eq!(Name::from_file_name(&guardians), None, "a guardian plays nothing");
            assert_eq!(Name::from_guardian_file_name(&guardians), Some(name.clone()));
            assert_eq!(Name::from_file_name(&name.file_name()), Some(name));
        }
    }

    #[test]
    fn no_name_leaves_the_lock_directory() {
        for text in
            ["", "demo", "starcourtdemo", "starcourt_", "starcourt_../x", "starcourt_A", "starcourt_a b"]
        {
            assert!(text.parse::<Name>().is_err(), "{text}");
        }
        assert!(Name::of_show(&"x".repeat(201)).is_err());
    }
}
