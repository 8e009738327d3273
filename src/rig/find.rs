//! Where a rig file is looked for, and how it is loaded from there. Knows nothing of what is in it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::config::open;
use crate::diagnosis::Diagnoses;

use super::{Rig, read};

/// The installed rig. For real pins no other place counts: a sample rig in some folder must never switch mains.
const INSTALLED: &str = "/etc/starcourt/rig.toml";
/// Beside the shows that are being written.
const BESIDE_SHOWS: &str = "shows/rig.toml";

/// A beginning that can be copied.
const EXAMPLE: &str = "    [channels]\n    porch = { pin = 4, kind = \"relay\", active = \"low\" }\n";

/// The rig file for real pins: `explicit` (`--rig`), then `variable` (`STARCOURT_RIG`), then
/// `/etc/starcourt/rig.toml`. The first two count also if there is no such file.
///
/// # Errors
/// If neither is given and no rig is installed. The message lists the places.
pub fn find_wired(explicit: Option<&Path>, variable: Option<&OsStr>) -> Result<PathBuf> {
    find(explicit, variable, &[Path::new(INSTALLED)])
}

/// The rig file for simulated lines: as [`find_wired`], then `shows/rig.toml`.
///
/// # Errors
/// If there is no rig anywhere. The message lists the places.
pub fn find_simulated(explicit: Option<&Path>, variable: Option<&OsStr>) -> Result<PathBuf> {
    find(explicit, variable, &[Path::new(INSTALLED), Path::new(BESIDE_SHOWS)])
}

fn find(explicit: Option<&Path>, variable: Option<&OsStr>, places: &[&Path]) -> Result<PathBuf> {
    let named = explicit.or(variable.filter(|path| !path.is_empty()).map(Path::new));
    if let Some(path) = named {
        return Ok(path.to_owned());
    }
    // A file that may not be looked at counts: reading it tells the reason.
    let there = places.iter().find(|place| !matches!(place.try_exists(), Ok(false)));
    let listed: Vec<_> = places.iter().map(|place| place.display().to_string()).collect();
    there.map(|path| path.to_path_buf()).with_context(|| {
        format!(
            "there is no rig, the file that describes your lights: no {}\n  \
             write it, for example for a relay board on GPIO 4:\n\n{EXAMPLE}\n  \
             or name your file with --rig FILE or STARCOURT_RIG; `starcourt help rig` shows more\n  \
             `starcourt new --rig` asks about your lights, and writes it",
            listed.join(", no ")
        )
    })
}

/// Reads the rig at `path`, with the warnings about it.
///
/// # Errors
/// [`Diagnoses`] with mistakes and warnings if the file has mistakes; else the reason why it cannot be read.
pub fn load(path: &Path) -> Result<(Rig, Diagnoses)> {
    let source = open::source(path, "rig")?;
    match read(&source) {
        (Some(rig), warnings) => Ok((rig, warnings)),
        (None, mistakes) => Err(mistakes.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_a_folder(name: &str, content: impl AsRef<[u8]>) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        (folder, path)
    }

    fn refusal(path: &Path) -> String {
        format!("{:#}", load(path).unwrap_err())
    }

    #[test]
    fn the_option_goes_before_the_variable_and_both_before_the_installed_rig() {
        let (_folder, installed) = in_a_folder("rig.toml", "");
        let (option, variable) = (Path::new("option.toml"), OsStr::new("variable.toml"));
        for (explicit, variable, found) in [
            (Some(option), Some(variable), option),
            (None, Some(variable), Path::new(variable)),
            (None, Some(OsStr::new("")), &installed),
            (None, None, &installed),
        ] {
            assert_eq!(find(explicit, variable, &[&installed]).unwrap(), found);
        }
    }

    #[test]
    fn only_a_place_where_a_rig_lies_is_found() {
        let (folder, there) = in_a_folder("rig.toml", "");
        let missing = folder.path().join("missing.toml");
        assert_eq!(find(None, None, &[&missing, &there]).unwrap(), there);
        let refusal = find(None, None, &[&missing]).unwrap_err().to_string();
        assert!(refusal.contains("--rig FILE") && refusal.contains("missing.toml"), "{refusal}");
        let (_folder, example) = in_a_folder("rig.toml", EXAMPLE);
        assert!(load(&example).unwrap().1.is_empty());
    }

    #[test]
    fn a_file_that_cannot_be_a_rig_says_why() {
        let (folder, large) = in_a_folder("large.toml", vec![b'#'; 1025 * 1024]);
        assert!(refusal(&large).ends_with("it is larger than 1024 KiB, which no rig is"));
        assert!(refusal(folder.path()).contains("this is a directory"));
        assert!(
            refusal(&folder.path().join("none.toml"))
                .contains("there is no such file; name the rig with --rig FILE")
        );
        assert!(refusal(Path::new("/dev/null")).ends_with("this is not a file but a device"));
    }

    #[test]
    fn a_wrong_rig_is_told_apart_from_a_missing_one() {
        let (_folder, latin1) = in_a_folder("latin1.toml", b"# gr\xfcn\n");
        let (_other, wrong) = in_a_folder("wrong.toml", "lock = 1");
        for path in [&latin1, &wrong] {
            assert!(load(path).unwrap_err().is::<Diagnoses>());
        }
        assert!(refusal(&latin1).contains("not UTF-8 text"));
        assert!(!load(Path::new("/missing/rig.toml")).unwrap_err().is::<Diagnoses>());
    }

    #[test]
    fn a_byte_order_mark_is_no_mistake() {
        let (_folder, path) =
            in_a_folder("bom.toml", "\u{feff}[channels]\na = { pin = 17, kind = \"ssr\" }\n");
        assert!(load(&path).is_ok());
    }
}
