//! The rotation that survives restarts: on the two files of a Pi, one in memory and one on its card.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use starcourt::schedule::Rotation;
use starcourt::service::rotation_store::RotationStore;
use tempfile::TempDir;

/// What a Pi keeps.
struct Pi {
    folder: TempDir,
}

impl Pi {
    fn new() -> Self {
        let pi = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(pi.running()).unwrap();
        pi
    }

    fn running(&self) -> PathBuf {
        self.folder.path().join("run")
    }

    fn card(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    fn switch_off(&self) {
        fs::remove_dir_all(self.running()).unwrap();
        fs::create_dir(self.running()).unwrap();
    }

    /// A service that begins: its memory, and what it tells.
    fn starts(&self) -> (RotationStore, String) {
        let (memory, notice) = RotationStore::open(&self.running(), &[self.card()]);
        (memory, notice.unwrap_or_default())
    }

    #[track_caller]
    fn remembers(&self, taken: u64) {
        let (memory, notice) = self.starts();
        assert_eq!((memory.rotation(), &*notice), (&rotation(taken), ""));
    }
}

/// After so many shows.
fn rotation(taken: u64) -> Rotation {
    let text = if taken == 0 { String::new() } else { format!("playlist evening 2026-12-24 {taken} demo\n") };
    Rotation::parse(&text).unwrap()
}

#[test]
fn a_new_pi_begins_at_the_beginning_without_a_word() {
    Pi::new().remembers(0);
}

#[test]
fn what_was_kept_survives_a_restart_and_touches_no_card() {
    let pi = Pi::new();
    let (mut memory, _) = pi.starts();
    for taken in 1..=3 {
        memory.keep(&rotation(taken)).unwrap();
    }
    assert!(!pi.card().exists());
    pi.remembers(3);
    pi.switch_off();
    pi.remembers(0);
}

#[test]
fn what_was_settled_survives_a_power_cut() {
    let pi = Pi::new();
    let (mut memory, _) = pi.starts();
    memory.keep(&rotation(3)).unwrap();
    memory.settle().unwrap();
    memory.keep(&rotation(4)).unwrap();
    pi.remembers(4);
    pi.switch_off();
    pi.remembers(3);
}

#[test]
fn the_newer_of_both_counts_wherever_it_is_and_whatever_the_clock_said() {
    let pi = Pi::new();
    let (mut memory, _) = pi.starts();
    memory.keep(&rotation(1)).unwrap();
    let stale = fs::read(pi.running().join("rotation")).unwrap();
    memory.keep(&rotation(2)).unwrap();
    memory.settle().unwrap();
    // Written last, and yet the older one.
    fs::write(pi.running().join("rotation"), stale).unwrap();
    pi.remembers(2);
    let (mut memory, _) = pi.starts();
    memory.keep(&rotation(3)).unwrap();
    pi.remembers(3);
}

#[test]
fn the_card_is_written_only_when_there_is_news() {
    let pi = Pi::new();
    let (mut memory, _) = pi.starts();
    memory.settle().unwrap();
    assert!(!pi.card().exists());
    memory.keep(&rotation(1)).unwrap();
    memory.settle().unwrap();
    // What is not written anew is not there anew.
    fs::remove_file(pi.card().join("rotation")).unwrap();
    memory.keep(&rotation(1)).unwrap();
    memory.settle().unwrap();
    assert_eq!(fs::read_dir(pi.card()).unwrap().count(), 0);
}

#[test]
fn what_cannot_be_understood_is_told_and_the_other_copy_is_taken() {
    for garbage in [
        "",
        "edition",
        "edition 9\nonce upon a time\n",
        "edition 18446744073709551615\n",
        "\u{fffd}",
        "playlist e 2026-12-24 1 a\n",
    ] {
        let pi = Pi::new();
        let (mut memory, _) = pi.starts();
        memory.keep(&rotation(5)).unwrap();
        memory.settle().unwrap();
        fs::write(pi.running().join("rotation"), garbage).unwrap();
        let (memory, notice) = pi.starts();
        assert_eq!(memory.rotation(), &rotation(5));
        assert!(notice.contains("run/rotation") && notice.contains("copy is taken"), "{notice}");
        fs::write(pi.card().join("rotation"), garbage).unwrap();
        let (mut memory, notice) = pi.starts();
        assert_eq!(memory.rotation(), &rotation(0));
        assert!(notice.contains("the playlists begin anew"), "{notice}");
        memory.keep(&rotation(1)).unwrap();
        memory.settle().unwrap();
        pi.remembers(1);
    }
}

#[test]
fn a_place_that_cannot_be_written_is_told_and_nothing_is_forgotten() {
    let pi = Pi::new();
    let (mut memory, _) = pi.starts();
    fs::remove_dir(pi.running()).unwrap();
    let told = format!("{:#}", memory.keep(&rotation(2)).unwrap_err());
    assert!(told.contains("keeping how far the schedule has come in"), "{told}");
    memory.settle().unwrap();
    fs::create_dir(pi.running()).unwrap();
    pi.remembers(2);
}

#[test]
fn a_link_or_a_pipe_that_somebody_laid_there_is_neither_followed_nor_waited_for() {
    let pi = Pi::new();
    let (victim, path) = (pi.folder.path().join("victim"), pi.running().join("rotation"));
    fs::write(&victim, "precious").unwrap();
    symlink(&victim, pi.running().join("rotation.new")).unwrap();
    symlink(&victim, &path).unwrap();
    let (mut memory, notice) = pi.starts();
    assert!(notice.contains("begin anew"), "{notice}");
    memory.keep(&rotation(1)).unwrap();
    assert_eq!(fs::read_to_string(&victim).unwrap(), "precious");
    pi.remembers(1);
    fs::remove_file(&path).unwrap();
    rustix::fs::mkfifoat(rustix::fs::CWD, &path, 0o600.into()).unwrap();
    let (_, notice) = pi.starts();
    assert!(notice.contains("not a file but a named pipe"), "{notice}");
    fs::remove_file(&path).unwrap();
    fs::write(&path, format!("edition 9\n{}", "#".repeat(1 << 20))).unwrap();
    let (_, notice) = pi.starts();
    assert!(notice.contains("larger than 64 KiB"), "{notice}");
}
