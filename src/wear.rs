//! How often each relay has switched in its life: one small file, written once at the end of a show, so
//! that no SD card is worn by counting wear. Knows relays by name only.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::file_access::{Folder, Storage, lock_within};

/// Where every instance on this machine counts, if it may.
const SHARED: &str = "/var/lib/starcourt";
const FILE: &str = "switchings";
/// A process that counts holds it.
const LOCK: &str = "switchings.lock";
/// A line a relay: tens of thousands of them.
const LARGEST: u64 = 1024 * 1024;
const HEADING: &str = "# How often each relay has switched. When you replace one, delete its line.\n";

/// Another instance that writes is through in a hundredth of this, even on an SD card.
const PATIENCE: Duration = Duration::from_secs(1);
const LOOK: Duration = Duration::from_millis(10);

/// What a common mechanical relay bears under load (Songle SRD data sheet).
pub const LIFE: u64 = 100_000;

/// Switchings by the name of the channel.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Wear(BTreeMap<String, u64>);

impl Wear {
    #[must_use]
    pub fn of(&self, channel: &str) -> u64 {
        self.0.get(channel).copied().unwrap_or(0)
    }

    pub fn add(&mut self, channel: &str, switchings: u64) {
        if switchings > 0 {
            let count = self.0.entry(channel.to_owned()).or_default();
            *count = count.saturating_add(switchings);
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// In order of name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.0.iter().map(|(channel, switchings)| (channel.as_str(), *switchings))
    }

    pub fn add_all(&mut self, other: &Self) {
        other.iter().for_each(|(channel, switchings)| self.add(channel, switchings));
    }

    fn parse(text: &str) -> Result<Self> {
        let mut wear = Self::default();
        let lines = text.lines().map(str::trim).enumerate();
        for (index, line) in lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
            let (channel, switchings) = line
                .split_once(' ')
                .and_then(|(channel, count)| Some((channel, count.trim().parse().ok()?)))
                .with_context(|| format!("line {} is not a name and a count", index + 1))?;
            wear.add(channel, switchings);
        }
        Ok(wear)
    }

    fn text(&self) -> String {
        let mut text = HEADING.to_owned();
        for (channel, switchings) in self.iter() {
            writeln!(text, "{channel} {switchings}").expect("a String takes everything");
        }
        text
    }
}

/// Where counts are kept, the preferred place first: in `explicit` (`STARCOURT_STATE`) and nowhere else;
/// or in the machine's place and, where that may not be written, in the person's own, which
/// `xdg_state` (`XDG_STATE_HOME`) or `home` tell.
#[must_use]
pub fn places(explicit: Option<&OsStr>, xdg_state: Option<&OsStr>, home: Option<&OsStr>) -> Vec<PathBuf> {
    let absolute = |path: &OsStr| Some(PathBuf::from(path)).filter(|path| path.is_absolute());
    if let Some(explicit) = explicit.filter(|path| !path.is_empty()) {
        return vec![explicit.into()];
    }
    let own = xdg_state.and_then(absolute).or_else(|| Some(absolute(home?)?.join(".local/state")));
    [PathBuf::from(SHARED)].into_iter().chain(own.map(|own| own.join("starcourt"))).collect()
}

/// What has been counted in all `places` together.
///
/// # Errors
/// When a file is there that cannot be read or understood.
pub fn read(places: &[PathBuf]) -> Result<Wear> {
    let mut wear = Wear::default();
    for place in places {
        let doing = || format!("reading the switchings in {}", place.display());
        match Folder::open(place) {
            Ok(folder) => wear.add_all(&read_one(&folder).with_context(doing)?),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(doing),
        }
    }
    Ok(wear)
}

/// Adds `worn` to what was counted before, in the first of `places` that lets itself be written. Another
/// instance that does the same at this moment is waited for, up to a second.
///
/// # Errors
/// When no place can be written, or a count that is there cannot be understood; then it is left alone.
pub fn add(places: &[PathBuf], worn: &Wear) -> Result<()> {
    let mut outcome = Ok(());
    for place in places {
        outcome = add_in(place, worn).with_context(|| format!("counting switchings in {}", place.display()));
        match &outcome {
            Err(error) if is_not_permitted(error) => {}
            _ => break,
        }
    }
    outcome
}

fn is_not_permitted(error: &anyhow::Error) -> bool {
    let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
    matches!(kind, Some(ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem))
}

fn add_in(place: &Path, worn: &Wear) -> Result<()> {
    let folder = Folder::make(place)?;
    let file = folder.lock_file(LOCK).with_context(|| format!("locking {LOCK}"))?;
    // Held until it is closed.
    ensure!(lock_within(&file, PATIENCE, LOOK)?, "somebody else keeps it locked");
    let mut wear = read_one(&folder)?;
    wear.add_all(worn);
    Ok(folder.replace(FILE, wear.text().as_bytes(), Storage::Disk)?)
}

fn read_one(folder: &Folder) -> Result<Wear> {
    let Some(bytes) = folder.read(FILE, LARGEST).with_context(|| format!("reading {FILE}"))? else {
        return Ok(Wear::default());
    };
    let text = String::from_utf8(bytes).ok().with_context(|| format!("{FILE} is not UTF-8 text"))?;
    Wear::parse(&text).with_context(|| format!("reading {FILE}"))
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::os::unix::fs::PermissionsExt;
    use std::thread;

    use super::*;

    fn wear(counts: &[(&str, u64)]) -> Wear {
        let mut wear = Wear::default();
        counts.iter().for_each(|(channel, switchings)| wear.add(channel, *switchings));
        wear
    }

    #[test]
    fn counts_grow_from_show_to_show() {
        let folder = tempfile::tempdir().unwrap();
        let places = [folder.path().join("state/starcourt")];
        assert!(read(&places).unwrap().is_empty());
        add(&places, &wear(&[("neon", 40), ("sign", 2)])).unwrap();
        add(&places, &wear(&[("neon", 2), ("porch", 0)])).unwrap();
        assert_eq!(read(&places).unwrap(), wear(&[("neon", 42), ("sign", 2)]));
        let text = fs::read_to_string(places[0].join(FILE)).unwrap();
        assert_eq!(text, format!("{HEADING}neon 42\nsign 2\n"));
        assert_eq!(fs::read_dir(&places[0]).unwrap().count(), 2, "the counts and their lock");
    }

    #[test]
    fn instances_that_count_at_once_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let places = [folder.path().to_owned()];
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..5).for_each(|_| add(&places, &wear(&[("neon", 3)])).unwrap()));
            }
        });
        assert_eq!(read(&places).unwrap().of("neon"), 60);
    }

    #[test]
    fn what_cannot_be_understood_is_told_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        fs::write(&path, "# mine\nneon many\n").unwrap();
        let places = [folder.path().to_owned()];
        for error in [read(&places).unwrap_err(), add(&places, &wear(&[("neon", 1)])).unwrap_err()] {
            assert!(format!("{error:#}").contains("line 2 is not a name and a count"), "{error:#}");
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), "# mine\nneon many\n");
    }

    /// The folder is the group's, and root counts there too.
    #[test]
    fn no_link_that_somebody_laid_there_is_written_through() {
        let folder = tempfile::tempdir().unwrap();
        let (victim, state) = (folder.path().join("victim"), folder.path().join("state"));
        fs::create_dir(&state).unwrap();
        fs::write(&victim, "precious").unwrap();
        for name in ["switchings.new", ".switchings.new"] {
            std::os::unix::fs::symlink(&victim, state.join(name)).unwrap();
        }
        let places = [state.clone()];
        add(&places, &wear(&[("neon", 1)])).unwrap();
        assert_eq!(read(&places).unwrap().of("neon"), 1);
        fs::remove_file(state.join(FILE)).unwrap();
        std::os::unix::fs::symlink(&victim, state.join(FILE)).unwrap();
        for error in [read(&places).unwrap_err(), add(&places, &wear(&[("neon", 1)])).unwrap_err()] {
            assert!(format!("{error:#}").contains("not a file but a link"), "{error:#}");
        }
        assert_eq!(fs::read_to_string(&victim).unwrap(), "precious");
    }

    /// Anybody may read the folder, and lock what they can open.
    #[test]
    fn who_may_only_read_there_keeps_nobody_from_counting() {
        let folder = tempfile::tempdir().unwrap();
        let places = [folder.path().to_owned()];
        add(&places, &wear(&[("neon", 1)])).unwrap();
        let readable =
            [folder.path().to_owned(), folder.path().join(FILE)].map(|path| File::open(path).unwrap());
        readable.iter().for_each(|file| file.lock().unwrap());
        add(&places, &wear(&[("neon", 1)])).unwrap();
        assert_eq!(read(&places).unwrap().of("neon"), 2);
        let mode = fs::metadata(folder.path().join(LOCK)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o660, "only who may count can open the lock");
        let held = File::open(folder.path().join(LOCK)).unwrap();
        held.lock().unwrap();
        let error = add(&places, &wear(&[("neon", 1)])).unwrap_err();
        assert!(format!("{error:#}").contains("keeps it locked"), "{error:#}");
    }

    #[test]
    fn what_was_counted_in_several_places_is_one_life() {
        let folder = tempfile::tempdir().unwrap();
        let places = [folder.path().join("machine"), folder.path().join("own")];
        add(&places[..1], &wear(&[("neon", 5)])).unwrap();
        add(&places[1..], &wear(&[("neon", 7)])).unwrap();
        assert_eq!(read(&places).unwrap().of("neon"), 12);
    }

    #[test]
    fn a_place_that_is_named_is_the_only_one() {
        let path = |text: &'static str| Some(OsStr::new(text));
        for (explicit, xdg, home, expected) in [
            (path("/tmp/state"), path("/x"), path("/home/pi"), vec!["/tmp/state"]),
            (None, None, path("/home/pi"), vec![SHARED, "/home/pi/.local/state/starcourt"]),
            (path(""), path("/x"), path("/home/pi"), vec![SHARED, "/x/starcourt"]),
            (None, path("relative"), None, vec![SHARED]),
        ] {
            assert_eq!(places(explicit, xdg, home), expected.iter().map(PathBuf::from).collect::<Vec<_>>());
        }
    }
}
