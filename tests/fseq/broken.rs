//! Files that are broken, cut short or made to harm: each has its message, with its place, and none panics or hangs.

use std::io::Cursor;
use std::ops::ControlFlow;

use starcourt::fseq::Sequence;

use super::Folder;
use super::writer::{Packing, Written, plain_zstd};

/// Reads all of a file; what is wrong with it.
fn fault(bytes: &[u8]) -> Option<String> {
    let read = Sequence::open(Cursor::new(bytes)).and_then(|mut sequence| {
        let places: Vec<u32> = (0..sequence.facts().channels.min(100)).collect();
        sequence.changes(&places, &mut |_, _, _| ControlFlow::Continue(()))?;
        sequence.peaks()
    });
    read.err().map(|error| error.to_string())
}

fn frames() -> Vec<Vec<u8>> {
    (0..40_u8).map(|frame| vec![frame, 40 - frame, 7, 0]).collect()
}

fn packed(packing: Packing) -> Written {
    Written { packing, ..Written::of(frames()) }
}

/// Where the frames begin.
fn data_at(file: &[u8]) -> usize {
    usize::from(u16::from_le_bytes([file[4], file[5]]))
}

/// `file` with `bytes` at `at`.
fn with(file: &[u8], at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut file = file.to_vec();
    file[at..at + bytes.len()].copy_from_slice(bytes);
    file
}

#[track_caller]
fn check(cases: &[(Vec<u8>, &str)]) {
    for (number, (bytes, told)) in cases.iter().enumerate() {
        let fault = fault(bytes).unwrap_or_else(|| panic!("case {number} is read: {told}"));
        assert!(fault.contains(told), "case {number}: {fault}");
        let is_placed = fault.contains("(at byte ");
        assert!(is_placed && fault.contains("; "), "no place or no advice: {fault}");
    }
}

#[test]
fn headers_that_cannot_be_true_are_refused() {
    let plain = Written::of(frames()).bytes();
    let old = Written { major: 1, ..Written::of(frames()) }.bytes();
    let sparse = Written { ranges: vec![(9, 2), (99, 2)], ..Written::of(frames()) }.bytes();
    let at = data_at(&plain) as u16;
    check(&[
        (Vec::new(), "this is not an FSEQ file"),
        (b"PS".to_vec(), "this is not an FSEQ file"),
        (b"OggS plus more than twenty-eight bytes of something".to_vec(), "this is not an FSEQ file"),
        (with(&plain, 0, b"ESEQ"), "this is an effect (ESEQ), not a sequence"),
        (plain[..4].to_vec(), "cut short within its header"),
        (plain[..27].to_vec(), "cut short within its header"),
        (plain[..28].to_vec(), "cut short: its frames begin at byte"),
        (old[..28].to_vec(), "cut short: its frames begin at byte"),
        (with(&plain, 4, &[0, 0]), "its frames begin at byte 0"),
        (with(&plain, 4, &[31, 0]), "its frames begin at byte 31"),
        (with(&old, 4, &[27, 0]), "its frames begin at byte 27"),
        (with(&plain, 4, &[255, 255]), "cut short: its frames begin at byte 65535"),
        (with(&plain, 4, &(at + 4).to_le_bytes()), "it holds 39 of its 40 frames of 4 channels"),
        (with(&plain, 7, &[0]), "this is version 0.0 of FSEQ"),
        (with(&plain, 7, &[3]), "this is version 3.0 of FSEQ"),
        (with(&plain, 6, &[9, 255]), "this is version 255.9 of FSEQ"),
        (with(&plain, 10, &[0; 4]), "it has no channels"),
        (with(&plain, 10, &5_u32.to_le_bytes()), "it holds 32 of its 40 frames of 5 channels"),
        (with(&plain, 10, &u32::MAX.to_le_bytes()), "at most 8388608 are read"),
        (with(&plain, 10, &8_388_608_u32.to_le_bytes()), "it holds 0 of its 40 frames"),
        (with(&plain, 14, &[0; 4]), "it has no frames"),
        (with(&plain, 14, &41_u32.to_le_bytes()), "it holds 40 of its 41 frames"),
        (with(&plain, 14, &u32::MAX.to_le_bytes()), "longer than 24 hours"),
        (
            with(&with(&plain, 14, &80_000_000_u32.to_le_bytes()), 18, &[1]),
            "it holds 40 of its 80000000 frames",
        ),
        (
            with(&with(&plain, 10, &500_000_u32.to_le_bytes()), 14, &9_000_u32.to_le_bytes()),
            "are more than 2 GiB",
        ),
        (with(&plain, 18, &[0]), "its frames follow one another after 0 ms"),
        (with(&plain, 20, &[3]), "its frames are packed in way 3"),
        (with(&plain, 20, &[15]), "its frames are packed in way 15"),
        (with(&plain, 20, &[0xf0]), "3840 blocks and 0 ranges of channels do not fit"),
        (with(&plain, 21, &[255]), "255 blocks and 0 ranges of channels do not fit"),
        (with(&plain, 22, &[255]), "0 blocks and 255 ranges of channels do not fit"),
        (with(&sparse, 22, &[1]), "its ranges name 2 channels, and its header 4"),
        (with(&sparse, 35, &[1, 0, 0]), "its ranges name 3 channels, and its header 4"),
        (with(&sparse, 35, &[255, 255, 255]), "its ranges name 16777217 channels"),
        (with(&sparse, 38, &[10, 0, 0]), "two of its ranges name channel 11"),
        (with(&sparse, 32, &[100, 0, 0]), "two of its ranges name channel 101"),
        (plain[..plain.len() - 1].to_vec(), "it holds 39 of its 40 frames"),
        (plain[..usize::from(at)].to_vec(), "it holds 0 of its 40 frames"),
        (old[..old.len() - 5].to_vec(), "it holds 38 of its 40 frames"),
    ]);
}

/// Where the table of blocks is.
const TABLE: usize = 32;

#[test]
fn tables_of_blocks_that_lie_are_refused() {
    let cases: Vec<(Vec<u8>, &str)> = [Packing::Zstd, Packing::PlainZstd, Packing::Zlib]
        .into_iter()
        .flat_map(|packing| {
            let file = packed(packing).bytes();
            let size = u32::from_le_bytes(file[TABLE + 4..TABLE + 8].try_into().unwrap());
            [
                (
                    with(&file, TABLE, &40_u32.to_le_bytes()),
                    "block 1 begins at frame 40, and the file has 40",
                ),
                (with(&file, TABLE, &1_u32.to_le_bytes()), "no block holds frame 0"),
                (with(&file, TABLE + 8, &0_u32.to_le_bytes()), "two blocks begin at frame 0"),
                (with(&file, TABLE + 8, &11_u32.to_le_bytes()), "this block ends within frame 10"),
                (with(&file, TABLE + 8, &39_u32.to_le_bytes()), "this block ends within frame 10"),
                (with(&file, TABLE + 4, &u32::MAX.to_le_bytes()), "cut short: block 1 ends at byte"),
                (with(&file, TABLE + 28, &9_999_u32.to_le_bytes()), "cut short: block 4 ends at byte"),
                (with(&file, TABLE + 4, &0_u32.to_le_bytes()), "no block holds frame 0"),
                (with(&file, TABLE + 4, &(size - 3).to_le_bytes()), "at byte"),
                (with(&file, TABLE + 4, &(size + 3).to_le_bytes()), "at byte"),
                (with(&file, 14, &41_u32.to_le_bytes()), "this block ends within frame 40"),
                (file[..file.len() - 1].to_vec(), "cut short: block 4 ends at byte"),
            ]
        })
        .collect();
    check(&cases);
}

#[test]
fn blocks_that_cannot_be_unpacked_are_refused() {
    let file = packed(Packing::PlainZstd).bytes();
    let at = data_at(&file);
    let zlib = packed(Packing::Zlib).bytes();
    let zlib_at = data_at(&zlib);
    // Of 2 GiB: a window that nobody who writes frames needs.
    let window = with(&file, at + 5, &[21 << 3]);
    let dictionary = with(&file, at + 4, &[1, 0, 9]);
    check(&[
        (with(&file, at, b"none"), "frame 0 cannot be unpacked"),
        (window, "frame 0 cannot be unpacked"),
        (dictionary, "frame 0 cannot be unpacked"),
        (with(&file, at + 6, &[0xff, 0xff, 0xff]), "frame 0 cannot be unpacked"),
        (with(&file, at + 6, &[7 | 2 << 1]), "frame 0 cannot be unpacked"),
        (with(&file, 20, &[2]), "frame 0 cannot be unpacked"),
        (with(&zlib, 20, &[1]), "frame 0 cannot be unpacked"),
        (with(&zlib, zlib_at, &[0, 0]), "frame 0 cannot be unpacked"),
        (with(&zlib, zlib_at + 2, &[0xff; 8]), "frame 0 cannot be unpacked"),
    ]);
}

#[test]
fn every_file_that_is_cut_short_is_refused() {
    for packing in [Packing::None, Packing::PlainZstd, Packing::Zstd, Packing::Zlib] {
        let file = packed(packing).bytes();
        assert_eq!(fault(&file), None);
        for length in 0..file.len() {
            assert!(fault(&file[..length]).is_some(), "{packing:?} of {length} bytes");
        }
    }
}

#[test]
fn texts_that_lie_harm_no_frame() {
    for (length, code) in [(0, *b"mf"), (3, *b"mf"), (4, *b"mf"), (65_535, *b"mf"), (18, *b"ED")] {
        let mut written = Written::of(frames());
        written.texts = vec![(*b"sp", b"one\0".to_vec()), (code, vec![255; 14]), (*b"sp", b"two\0".to_vec())];
        let file = written.bytes();
        let file = with(&file, 40, &u16::to_le_bytes(length));
        assert_eq!(fault(&file), None, "{length}");
        let sequence = Sequence::open(Cursor::new(&file)).unwrap();
        assert_eq!(sequence.facts().producer.as_deref(), Some("one"));
    }
}

#[test]
fn music_is_found_in_the_header_and_behind_the_frames() {
    let media = |written: &Written| {
        let bytes = written.bytes();
        Sequence::open(Cursor::new(&bytes)).unwrap().facts().media.clone()
    };
    for packing in [Packing::None, Packing::Zlib] {
        let mut written = packed(packing);
        assert_eq!(media(&written).as_deref(), Some("song.mp3"));
        written.texts.clear();
        assert_eq!(media(&written), None);
        written.music_behind = Some("C:\\music\\far away.mp3");
        assert_eq!(media(&written).as_deref(), Some("C:\\music\\far away.mp3"));
    }
}

/// A few bytes that unpack to a gigabyte are read to their end or refused, in little memory: `tests/fuzz_corpus.rs` counts it.
#[test]
fn a_block_that_swells_is_no_frame_beyond_its_own() {
    let mut written = packed(Packing::PlainZstd);
    written.frames = vec![vec![5; 64]; 40];
    let file = written.bytes();
    let mut swollen = file[..data_at(&file)].to_vec();
    let many: Vec<u8> = (0..2_000).flat_map(|_| plain_zstd(&[5; 1_000])).collect();
    swollen.extend(&many);
    let length = many.len() as u32;
    let swollen = with(&swollen, TABLE + 4, &length.to_le_bytes());
    let empty = (1..4).fold(swollen, |file, block| with(&file, TABLE + 8 * block + 4, &[0; 4]));
    assert_eq!(fault(&empty), None, "what is behind the last frame is nobody's");
}

#[test]
fn a_broken_file_is_told_at_its_name_in_the_sheet() {
    let folder = Folder::with(b"PSEQ");
    let told = folder.read("map 1 a").unwrap_err();
    assert!(told.contains("a.show:1:8") && told.contains("cut short within its header"), "{told}");
}
