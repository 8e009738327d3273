//! What fuzzing throws bytes at, in every test run: the committed corpus, and mutations of it that are
//! the same each time. `make fuzz` goes on from there for as long as you like.
//!
//! `STARCOURT_MUTATIONS=10000` makes so many of each trial's files.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

#[path = "../fuzz/src/frugal.rs"]
#[allow(unreachable_pub, reason = "a library elsewhere")]
mod frugal;
#[path = "../fuzz/src/trials.rs"]
#[allow(unreachable_pub, reason = "a library elsewhere")]
mod trials;

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use frugal::frugally;

/// Generous: a debug build on a machine of two busy processors.
const SLOWEST: Duration = Duration::from_secs(30);

fn mutations() -> usize {
    std::env::var("STARCOURT_MUTATIONS").ok().and_then(|count| count.parse().ok()).unwrap_or(100)
}

/// A xorshift generator (Marsaglia 2003): the same bytes at every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }

    /// One of `texts` with something changed, left out, doubled or taken from another.
    fn mutate(&mut self, texts: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = texts[self.below(texts.len())].clone();
        for _ in 0..1 + self.below(8) {
            let (at, other) = (self.below(bytes.len() + 1), self.below(texts.len()));
            let end = at + self.below(bytes.len() - at + 1).min(64);
            match self.below(6) {
                0 => bytes.truncate(at),
                1 => drop(bytes.drain(at..end)),
                2 => bytes.splice(at..at, bytes[at..end].to_vec()).for_each(drop),
                3 => bytes.splice(at..end, texts[other].iter().copied().skip(at).take(64)).for_each(drop),
                4 => bytes.insert(at, b"0123456789.:+-%\n \t\"=[]\xff\0"[self.below(24)]),
                _ if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
                _ => {}
            }
        }
        bytes
    }
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name)
}

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let mut files: Vec<_> = folder(name).read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    // As a folder has them in no order, mutations would be others on another machine.
    files.sort();
    files.iter().map(|file| fs::read(file).unwrap()).collect()
}

#[track_caller]
fn check(name: &str) {
    let (_, trial) = trials::ALL.iter().find(|(its_name, _)| *its_name == name).unwrap();
    let corpus = corpus(name);
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    let mutated = (0..mutations()).map(|_| dice.mutate(&corpus));
    for bytes in corpus.iter().cloned().chain(mutated.collect::<Vec<_>>()) {
        let began = Instant::now();
        let is_fine = catch_unwind(AssertUnwindSafe(|| frugally(*trial, &bytes))).is_ok();
        let took = began.elapsed();
        if !is_fine || took > SLOWEST {
            let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.found"));
            fs::write(&kept, &bytes).unwrap();
            panic!("{name} took {took:?} and did not come through with {}", kept.display());
        }
    }
}

#[test]
fn a_sound_file_from_nobody_knows_where_is_played_or_refused() {
    check("audio");
}

#[test]
fn a_beat_map_from_nobody_knows_where_is_read_or_refused() {
    check("beat_map");
}

#[test]
fn labels_from_nobody_knows_where_are_imported_or_refused() {
    check("import_labels");
}

#[test]
fn a_midi_file_from_nobody_knows_where_is_imported_or_refused() {
    check("import_midi");
}

#[test]
fn a_sequence_from_nobody_knows_where_is_imported_or_refused() {
    check("import_xsq");
}

#[test]
fn timing_tracks_from_nobody_knows_where_are_imported_or_refused() {
    check("import_xtiming");
}

#[test]
fn a_sequence_of_light_o_rama_from_nobody_knows_where_is_imported_or_refused() {
    check("import_lor");
}

#[test]
fn a_song_of_pi_lightshow_from_nobody_knows_where_is_imported_or_refused() {
    check("import_pi_lightshow");
}

#[test]
fn a_line_on_the_control_socket_from_nobody_knows_where_is_read_or_refused() {
    check("ipc");
}

#[test]
fn a_cue_sheet_from_nobody_knows_where_is_played_or_refused() {
    check("cue_sheet");
}

#[test]
fn frames_from_nobody_knows_where_are_read_or_refused() {
    check("fseq");
}

#[test]
fn a_lock_file_from_nobody_knows_where_is_read_or_passed_over() {
    check("lock_file");
}

#[test]
fn a_musical_time_from_nobody_knows_where_is_reckoned_or_refused() {
    check("musical_time");
}

#[test]
fn orders_from_nobody_knows_where_are_read_or_refused() {
    check("orders");
}

#[test]
fn a_rig_from_nobody_knows_where_is_read_or_refused() {
    check("rig");
}

/// Or something would be fuzzed that no test run looks at, or the other way round.
#[test]
fn every_trial_has_a_corpus_and_a_fuzz_target() {
    let names: BTreeSet<String> = trials::ALL.iter().map(|(name, _)| (*name).to_owned()).collect();
    let in_folder = |folder: &Path| -> BTreeSet<String> {
        let entries = folder.read_dir().unwrap().map(|entry| entry.unwrap().path());
        entries.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect()
    };
    assert_eq!(in_folder(&folder("")), names);
    assert_eq!(in_folder(&folder("../fuzz_targets")), names);
}
