//! What a machine still has under the schedule's old name: a `programme.toml`, or the variable
//! `STARCOURT_PROGRAMME`. Finds it and names the command that renames it. Never reads a schedule from it.

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};

use super::ScheduleFiles;
use super::find::NAME;
use crate::printable::{printable, shell_word};

const OLD_NAME: &str = "programme.toml";
const OLD_VARIABLE: &str = "STARCOURT_PROGRAMME";

/// Something that is not read any more.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Leftover {
    kind: OldName,
    /// The schedule has its new name as well, and that is read.
    pub is_replaced: bool,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum OldName {
    File { old: PathBuf, new: PathBuf },
    Variable(PathBuf),
}

/// What is left in each place where `files` are looked for, and `old_variable` (`STARCOURT_PROGRAMME`) if it is
/// set.
#[must_use]
pub fn leftovers(files: &ScheduleFiles, old_variable: Option<&OsStr>) -> Vec<Leftover> {
    let variable = old_variable.filter(|value| !value.is_empty()).map(|value| Leftover {
        kind: OldName::Variable(value.into()),
        is_replaced: matches!(files, ScheduleFiles::Named(_)),
    });
    let old_files = files.paths().iter().filter(|path| path.ends_with(NAME)).filter_map(|new| {
        let old = new.with_file_name(OLD_NAME);
        let is_replaced = !matches!(new.try_exists(), Ok(false));
        old.exists().then(|| Leftover { kind: OldName::File { old, new: new.clone() }, is_replaced })
    });
    variable.into_iter().chain(old_files).collect()
}

impl Leftover {
    /// What it is, and why it has no effect.
    #[must_use]
    pub fn reason(&self) -> String {
        match (&self.kind, self.is_replaced) {
            (OldName::File { old, .. }, false) => {
                format!("{} is not read: the schedule is called {NAME} now", old.display())
            }
            (OldName::File { old, .. }, true) => {
                format!("{} is not read: the {NAME} beside it is", old.display())
            }
            (OldName::Variable(_), false) => {
                format!("{OLD_VARIABLE} is set, and not read: it is called STARCOURT_SCHEDULE now")
            }
            (OldName::Variable(_), true) => {
                format!("{OLD_VARIABLE} is set, and not read: another file is named for it")
            }
        }
    }

    /// The command that makes it the schedule, or puts it aside where there is one. It replaces no file.
    #[must_use]
    pub fn command(&self) -> String {
        let moved = |from: &Path, to: &Path| {
            let sudo = if from.starts_with("/etc") { "sudo " } else { "" };
            format!("{sudo}mv -n {} {}", shell_word(from), shell_word(to))
        };
        match (&self.kind, self.is_replaced) {
            (OldName::File { old, new }, false) => moved(old, new),
            (OldName::File { old, .. }, true) => moved(old, &old.with_extension("toml.old")),
            (OldName::Variable(value), false) => {
                format!("export STARCOURT_SCHEDULE={}; unset {OLD_VARIABLE}", shell_word(value))
            }
            (OldName::Variable(_), true) => format!("unset {OLD_VARIABLE}"),
        }
    }
}

/// In two lines: what it is, and the command that mends it.
impl fmt::Display for Leftover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n  run: {}", printable(&self.reason()), self.command())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    /// What is told of a folder with these files, and the files in it once a shell has run the commands.
    fn mended(there: &[&str], named: bool, variable: Option<&str>) -> (Vec<String>, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        for file in there {
            std::fs::write(folder.path().join(file), "").unwrap();
        }
        let new = folder.path().join(NAME);
        let files = match named {
            true => ScheduleFiles::Named(new),
            false => ScheduleFiles::Usual(vec![new, "/nowhere/schedule.toml".into()]),
        };
        let found = leftovers(&files, variable.map(OsStr::new));
        for leftover in &found {
            let status = Command::new("bash").arg("-ec").arg(leftover.command()).status().unwrap();
            assert!(status.success(), "{}", leftover.command());
        }
        let mut names: Vec<String> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        (found.iter().map(Leftover::reason).collect(), names)
    }

    #[test]
    fn an_old_file_is_found_and_its_command_renames_it() {
        for named in [false, true] {
            let (told, files) = mended(&[OLD_NAME], named, None);
            assert!(
                told[0].ends_with("programme.toml is not read: the schedule is called schedule.toml now")
            );
            assert_eq!((told.len(), files), (1, vec![NAME.to_owned()]));
        }
    }

    #[test]
    fn an_old_file_beside_a_new_one_is_put_aside() {
        let (told, files) = mended(&[OLD_NAME, NAME], false, None);
        assert!(told[0].ends_with("programme.toml is not read: the schedule.toml beside it is"), "{told:?}");
        assert_eq!(files, ["programme.toml.old", NAME]);
    }

    #[test]
    fn an_old_variable_is_found_unless_it_is_empty() {
        let (told, _) = mended(&[], false, Some("/etc/starcourt/my lights.toml"));
        assert_eq!(told, ["STARCOURT_PROGRAMME is set, and not read: it is called STARCOURT_SCHEDULE now"]);
        let (told, _) = mended(&[NAME], true, Some("a.toml"));
        assert_eq!(told, ["STARCOURT_PROGRAMME is set, and not read: another file is named for it"]);
        assert_eq!(mended(&[NAME], false, Some("")).0, [""; 0]);
        assert_eq!(mended(&[], false, None).0, [""; 0]);
    }

    #[test]
    fn an_installed_file_takes_an_administrator_to_rename() {
        let (old, new) = ("/etc/starcourt/programme.toml".into(), "/etc/starcourt/schedule.toml".into());
        let leftover = Leftover { kind: OldName::File { old, new }, is_replaced: false };
        let command = "sudo mv -n /etc/starcourt/programme.toml /etc/starcourt/schedule.toml";
        assert_eq!(leftover.command(), command);
        assert!(leftover.to_string().ends_with(&format!("\n  run: {command}")), "{leftover}");
    }
}
