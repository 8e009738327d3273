//! The two smallest files that there are, byte by byte. `tests/fseq` tries everything else.

use std::io::Cursor;

use super::*;

/// Version 1: two frames of three channels, 50 ms each, and the music `a.mp3`.
const OLD: &[u8] = b"PSEQ\x26\0\0\x01\x1c\0\x03\0\0\0\x02\0\0\0\x32\0\0\0\0\0\0\0\0\0\
    \x0a\0mfa.mp3\0\x01\x02\x03\x01\x04\x03";

#[test]
fn a_file_of_version_1_is_read_change_by_change() {
    let mut sequence = Sequence::open(Cursor::new(OLD)).unwrap();
    let facts = sequence.facts();
    assert_eq!((facts.channels, facts.frames, facts.end().micros()), (3, 2, 100_000));
    assert_eq!(facts.media.as_deref(), Some("a.mp3"));
    let mut changes = Vec::new();
    let mut note = |frame, which, value| {
        changes.push((frame, which, value));
        ControlFlow::Continue(())
    };
    sequence.changes(&[2, 1], &mut note).unwrap();
    assert_eq!(changes, [(0, 1, 2), (0, 0, 3), (1, 1, 4)]);
    assert_eq!(sequence.peaks().unwrap(), [1, 4, 3]);
}

#[test]
fn a_file_that_is_cut_short_says_how_much_of_it_is_there() {
    let error = Sequence::open(Cursor::new(&OLD[..OLD.len() - 1])).unwrap_err().to_string();
    assert!(error.contains("it holds 1 of its 2 frames of 3 channels (at byte 43)"), "{error}");
}
