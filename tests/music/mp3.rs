//! MP3 and AAC as streams of frames, with all that stands before, between and behind.

use crate::compare::Kind::Lossy;
use crate::corpus::{Case, MONO, case, of};
use crate::tools::Bench;

fn lame(bench: &Bench, options: &str) -> &'static str {
    bench.run(&format!("lame --quiet {options} source.wav song.mp3"));
    "song.mp3"
}

/// Where the tag in the first frame of `bytes` is.
fn tag_place(bytes: &[u8]) -> usize {
    let is_tag = |word: &[u8]| matches!(word, b"Xing" | b"Info");
    bytes.windows(4).position(is_tag).unwrap()
}

fn ape(flags: u32, size: u32) -> Vec<u8> {
    let mut tag = b"APETAGEX".to_vec();
    tag.extend([2_000, size, 0, flags].iter().flat_map(|number: &u32| number.to_le_bytes()));
    tag.extend([0; 8]);
    tag
}

pub(crate) fn files() -> Vec<Case> {
    vec![
        case("mp3 cbr 128", "MP3", Lossy, |bench| lame(bench, "-b 128")),
        case("mp3 cbr 320", "MP3", Lossy, |bench| lame(bench, "-b 320")),
        case("mp3 vbr", "MP3", Lossy, |bench| lame(bench, "-V 2")),
        case("mp3 vbr, small", "MP3", Lossy, |bench| lame(bench, "-V 9")),
        case("mp3 abr", "MP3", Lossy, |bench| lame(bench, "--abr 150")),
        of(MONO, case("mp3 mono, mpeg 2", "MP3", Lossy, |bench| lame(bench, "-V 5"))),
        of((11_025, 1, 30_000), case("mp3 mpeg 2.5", "MP3", Lossy, |bench| lame(bench, "-b 32"))),
        of((48_000, 2, 100_001), case("mp3 48 kHz", "MP3", Lossy, |bench| lame(bench, "-V 4"))),
        of((8_000, 1, 30_000), case("mp3 8 kHz, 8 kbit/s", "MP3", Lossy, |bench| lame(bench, "-b 8"))),
        case("mp3 vbr without a tag", "MP3", Lossy, |bench| lame(bench, "-V 4 -t")),
        case("mp3 cbr without a tag", "MP3", Lossy, |bench| lame(bench, "-b 160 -t")),
        case("mp3 vbr with checksums", "MP3", Lossy, |bench| lame(bench, "-V 4 -p")),
        case("mp3 cbr with checksums", "MP3", Lossy, |bench| lame(bench, "-b 128 -p")),
        case("mp3 with checksums and no tag", "MP3", Lossy, |bench| lame(bench, "-V 4 -p -t")),
        case("mp3 by ffmpeg", "MP3", Lossy, |bench| {
            bench.run("ffmpeg -v error -i source.wav -b:a 192k song.mp3");
            "song.mp3"
        }),
        case("mp3 with tags before and behind", "MP3", Lossy, |bench| {
            lame(bench, "-V 4 --tt title --ta artist --add-id3v2 --pad-id3v2-size 3000");
            bench.edit("song.mp3", |bytes| {
                let end = bytes.len() - 128;
                let behind = [ape(0xa000_0000, 40), b"12345678".to_vec(), ape(0x8000_0000, 40)].concat();
                bytes.splice(end..end, behind);
            });
            "song.mp3"
        }),
        case("mp3 with an ape tag in front", "MP3", Lossy, |bench| {
            lame(bench, "-V 4");
            bench.edit("song.mp3", |bytes| {
                bytes.splice(0..0, [ape(0xa000_0000, 8), b"12345678".to_vec()].concat());
            });
            "song.mp3"
        }),
        case("mp3 with zeroes behind its tag", "MP3", Lossy, |bench| {
            lame(bench, "-V 4 --tt title --id3v2-only");
            bench.edit("song.mp3", |bytes| {
                let tag = 10 + bytes[6..10].iter().fold(0, |size, byte| size << 7 | usize::from(*byte));
                bytes.splice(tag..tag, vec![0; 10_000]);
            });
            "song.mp3"
        }),
        case("mp3 that begins in the midst of a frame", "MP3", Lossy, |bench| {
            lame(bench, "-b 128 -t");
            bench.edit("song.mp3", |bytes| drop(bytes.drain(..5_321)));
            "song.mp3"
        }),
        case("mp3 whose tag counts no frames", "MP3", Lossy, |bench| {
            lame(bench, "-V 4");
            bench.edit("song.mp3", |bytes| {
                let at = tag_place(bytes) + 8;
                bytes[at..at + 4].fill(0);
            });
            "song.mp3"
        }),
        case("mp3 with lyrics behind", "MP3", Lossy, |bench| {
            lame(bench, "-V 4");
            bench.edit("song.mp3", |bytes| bytes.extend(b"LYRICSBEGINla000013LYRICS200"));
            "song.mp3"
        }),
        case("mp3 with zeroes at the end", "MP3", Lossy, |bench| {
            lame(bench, "-V 4 -t");
            bench.edit("song.mp3", |bytes| bytes.extend([0; 3_000]));
            "song.mp3"
        }),
        case("aac as a stream", "AAC", Lossy, |bench| {
            bench.run("ffmpeg -v error -i source.wav -aac_pns 0 -b:a 128k song.aac");
            "song.aac"
        }),
        of(
            MONO,
            case("aac as a stream, mono", "AAC", Lossy, |bench| {
                bench.run("ffmpeg -v error -i source.wav -aac_pns 0 -b:a 48k song.aac");
                "song.aac"
            }),
        ),
        case("aac as a stream behind a tag", "AAC", Lossy, |bench| {
            bench.run("ffmpeg -v error -i source.wav -aac_pns 0 -b:a 96k song.aac");
            bench.edit("song.aac", |bytes| drop(bytes.splice(0..0, *b"ID3\x03\0\0\0\0\0\x05TITLE")));
            "song.aac"
        }),
    ]
}
