//! Files that are sound, however odd.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::thread;

use crate::compare::{Kind, Table, compare};
use crate::mp3;
use crate::tools::Bench;

/// How one file is made from `source.wav`, and its name.
pub(crate) type Make = fn(&Bench) -> &'static str;

pub(crate) struct Case {
    pub(crate) what: &'static str,
    pub(crate) format: &'static str,
    pub(crate) kind: Kind,
    /// Rate, channels and frames of the source.
    pub(crate) source: (u32, u16, usize),
    pub(crate) make: Make,
    /// What ffmpeg does before both are compared.
    pub(crate) filter: &'static str,
}

pub(crate) const STEREO: (u32, u16, usize) = (44_100, 2, 88_207);
pub(crate) const MONO: (u32, u16, usize) = (22_050, 1, 60_001);

pub(crate) const fn case(what: &'static str, format: &'static str, kind: Kind, make: Make) -> Case {
    Case { what, format, kind, source: STEREO, make, filter: "" }
}

pub(crate) const fn of(source: (u32, u16, usize), case: Case) -> Case {
    Case { source, ..case }
}

pub(crate) const fn through(filter: &'static str, case: Case) -> Case {
    Case { filter, ..case }
}

/// Makes and compares all `cases`, on as many threads as there are processors.
pub(crate) fn check_all(cases: &[Case]) -> Table {
    let (table, next, failures) = (Table::default(), Mutex::new(0), Mutex::new(Vec::new()));
    let only = std::env::var("STARCOURT_MUSIC").unwrap_or_default();
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from).min(4) {
            scope.spawn(|| {
                loop {
                    let index = {
                        let mut next = next.lock().unwrap();
                        *next += 1;
                        *next - 1
                    };
                    let Some(case) = cases.get(index) else { break };
                    if !case.what.contains(&only) {
                        continue;
                    }
                    let outcome = catch_unwind(AssertUnwindSafe(|| {
                        let (rate, channels, frames) = case.source;
                        let bench = Bench::new(rate, channels, frames);
                        let name = (case.make)(&bench);
                        compare(&table, case.format, case.kind, &bench.path(name), case.filter);
                    }));
                    if let Err(panic) = outcome {
                        let why = panic.downcast_ref::<String>().cloned();
                        let why = why.or_else(|| panic.downcast_ref::<&str>().map(|why| (*why).to_owned()));
                        failures.lock().unwrap().push(format!("{}: {}", case.what, why.unwrap_or_default()));
                    }
                }
            });
        }
    });
    println!("{}", table.text());
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), cases.len(), failures.join("\n"));
    table
}

#[test]
fn every_sound_file_is_as_long_and_sounds_as_ffmpeg_decodes_it() {
    let cases: Vec<Case> =
        [wav(), flac(), mp3::files(), ogg(), mp4(), surround()].into_iter().flatten().collect();
    let table = check_all(&cases);
    if std::env::var_os("STARCOURT_MUSIC").is_none() {
        assert!(table.files() >= 60, "{} files", table.files());
    }
}

use Kind::{Lossless, Lossy};

fn wav() -> Vec<Case> {
    fn ffmpeg(bench: &Bench, options: &str) -> &'static str {
        bench.run(&format!("ffmpeg -v error -i source.wav {options} song.wav"));
        "song.wav"
    }
    vec![
        case("wav 16 bit", "WAV", Lossless, |_| "source.wav"),
        case("wav 8 bit", "WAV", Lossless, |bench| ffmpeg(bench, "-c:a pcm_u8")),
        case("wav 24 bit, extensible", "WAV", Lossless, |bench| ffmpeg(bench, "-c:a pcm_s24le")),
        case("wav 32 bit", "WAV", Lossless, |bench| ffmpeg(bench, "-c:a pcm_s32le")),
        case("wav float", "WAV", Lossless, |bench| ffmpeg(bench, "-c:a pcm_f32le")),
        case("wav double", "WAV", Lossless, |bench| ffmpeg(bench, "-c:a pcm_f64le")),
        case("wav a-law", "WAV", Lossless, |bench| ffmpeg(bench, "-c:a pcm_alaw")),
        of(MONO, case("wav mu-law, mono", "WAV", Lossless, |bench| ffmpeg(bench, "-c:a pcm_mulaw"))),
        of((96_000, 2, 100_000), case("wav 96 kHz", "WAV", Lossless, |_| "source.wav")),
        of((8_000, 1, 20_001), case("wav 8 kHz, mono", "WAV", Lossless, |_| "source.wav")),
        case("wav rf64", "WAV", Lossless, |bench| ffmpeg(bench, "-rf64 always")),
        case("wav from a pipe", "WAV", Lossless, |bench| {
            bench.pipe("ffmpeg -v error -i source.wav -f wav -", "pipe.wav");
            "pipe.wav"
        }),
        case("wav from sox's pipe", "WAV", Lossless, |bench| {
            bench.pipe("sox source.wav -t wav -", "pipe.wav");
            "pipe.wav"
        }),
        case("wav whose length was never written", "WAV", Lossless, |bench| {
            bench.edit("source.wav", |bytes| {
                bytes[4..8].fill(0);
                bytes[40..44].fill(0);
            });
            "source.wav"
        }),
        case("wav with a list behind the sound", "WAV", Lossless, |bench| {
            bench.edit("source.wav", |bytes| bytes.extend(b"LIST\x0e\0\0\0INFOINAM\x02\0\0\0A\0"));
            "source.wav"
        }),
        case("wav with a list of an odd length before the sound", "WAV", Lossless, |bench| {
            bench.edit("source.wav", |bytes| {
                bytes.splice(36..36, *b"junk\x05\0\0\0abcde\0");
            });
            "source.wav"
        }),
        case("wav with an odd byte at the end", "WAV", Lossless, |bench| {
            bench.edit("source.wav", |bytes| {
                let size = u32::from_le_bytes(bytes[40..44].try_into().unwrap()) + 1;
                bytes[40..44].copy_from_slice(&size.to_le_bytes());
                bytes.push(7);
            });
            "source.wav"
        }),
        case("wav ms adpcm", "ADPCM", Lossless, |bench| ffmpeg(bench, "-c:a adpcm_ms")),
        of(MONO, case("wav ms adpcm, mono", "ADPCM", Lossless, |bench| ffmpeg(bench, "-c:a adpcm_ms"))),
        case("wav ima adpcm", "ADPCM", Lossless, |bench| ffmpeg(bench, "-c:a adpcm_ima_wav")),
        of(MONO, case("wav ima adpcm, mono", "ADPCM", Lossless, |bench| ffmpeg(bench, "-c:a adpcm_ima_wav"))),
        case("wav ima adpcm by sox", "ADPCM", Lossless, |bench| {
            bench.run("sox source.wav -e ima-adpcm song.wav");
            "song.wav"
        }),
        case("aiff", "AIFF", Lossless, |bench| {
            bench.run("ffmpeg -v error -i source.wav song.aiff");
            "song.aiff"
        }),
        of(
            MONO,
            case("aiff 24 bit, mono", "AIFF", Lossless, |bench| {
                bench.run("ffmpeg -v error -i source.wav -c:a pcm_s24be song.aiff");
                "song.aiff"
            }),
        ),
        case("aifc, little-endian", "AIFF", Lossless, |bench| {
            bench.run("ffmpeg -v error -i source.wav -c:a pcm_s16le song.aiff");
            "song.aiff"
        }),
        case("aifc float", "AIFF", Lossless, |bench| {
            bench.run("ffmpeg -v error -i source.wav -c:a pcm_f32be song.aiff");
            "song.aiff"
        }),
        case("aifc a-law by sox", "AIFF", Lossless, |bench| {
            bench.run("sox source.wav -e a-law song.aifc");
            "song.aifc"
        }),
    ]
}

fn flac() -> Vec<Case> {
    fn flac(bench: &Bench, options: &str) -> &'static str {
        bench.run(&format!("flac -s {options} source.wav -o song.flac"));
        "song.flac"
    }
    vec![
        case("flac -8", "FLAC", Lossless, |bench| flac(bench, "-8")),
        case("flac -0", "FLAC", Lossless, |bench| flac(bench, "-0")),
        of(MONO, case("flac mono", "FLAC", Lossless, |bench| flac(bench, "-5"))),
        case("flac of short blocks", "FLAC", Lossless, |bench| flac(bench, "--lax -b 100")),
        case("flac 24 bit", "FLAC", Lossless, |bench| {
            bench.run("ffmpeg -v error -i source.wav -c:a flac -sample_fmt s32 song.flac");
            "song.flac"
        }),
        case("flac without a total", "FLAC", Lossless, |bench| {
            bench.pipe("ffmpeg -v error -i source.wav -f flac -", "song.flac");
            "song.flac"
        }),
        case("flac with tags around", "FLAC", Lossless, |bench| {
            flac(bench, "-5 -T TITLE=song -P 20000");
            bench.edit("song.flac", |bytes| {
                bytes.splice(0..0, *b"ID3\x03\0\0\0\0\0\x05TITLE");
                bytes.extend(b"TAG");
                bytes.extend([b' '; 125]);
            });
            "song.flac"
        }),
        case("flac cut without loss, its beginning", "FLAC", Lossless, |bench| {
            flac(bench, "-5");
            bench.run("ffmpeg -v error -ss 1 -i song.flac -c copy cut.flac");
            "cut.flac"
        }),
        case("flac cut without loss, its end", "FLAC", Lossless, |bench| {
            flac(bench, "-5");
            bench.run("ffmpeg -v error -i song.flac -t 1.2 -c copy cut.flac");
            "cut.flac"
        }),
        case("flac cut without loss, with its old length", "FLAC", Lossless, |bench| {
            flac(bench, "-5");
            let old = bench.read("song.flac")[18..26].to_vec();
            bench.run("ffmpeg -v error -ss 0.5 -i song.flac -t 1 -c copy cut.flac");
            bench.edit("cut.flac", |bytes| bytes[18..26].copy_from_slice(&old));
            "cut.flac"
        }),
        case("flac whose total is too small", "FLAC", Lossless, |bench| {
            flac(bench, "-5");
            bench.edit("song.flac", |bytes| bytes[24] = 1);
            "song.flac"
        }),
        case("flac whose total is too large", "FLAC", Lossless, |bench| {
            flac(bench, "-5");
            bench.edit("song.flac", |bytes| bytes[22] = 9);
            "song.flac"
        }),
    ]
}

/// Of what follows a join, ffmpeg makes a few frames that the format does not have.
const BY_OGGDEC: &str = "oggdec";

/// With all errors passed over.
pub(crate) const BY_FLAC: &str = "flac";

fn ogg() -> Vec<Case> {
    fn oggenc(bench: &Bench, options: &str) -> &'static str {
        bench.run(&format!("oggenc -Q {options} source.wav -o song.ogg"));
        "song.ogg"
    }
    vec![
        case("ogg q5", "Ogg Vorbis", Lossy, |bench| oggenc(bench, "-q 5")),
        case("ogg q-1", "Ogg Vorbis", Lossy, |bench| oggenc(bench, "-q -1")),
        case("ogg q10", "Ogg Vorbis", Lossy, |bench| oggenc(bench, "-q 10")),
        case("ogg managed", "Ogg Vorbis", Lossy, |bench| oggenc(bench, "--managed -b 96")),
        of(MONO, case("ogg mono", "Ogg Vorbis", Lossy, |bench| oggenc(bench, "-q 3"))),
        case("ogg by ffmpeg", "Ogg Vorbis", Lossy, |bench| {
            bench.run("ffmpeg -v error -i source.wav -c:a libvorbis song.ogg");
            "song.ogg"
        }),
        case("ogg with many comments", "Ogg Vorbis", Lossy, |bench| {
            oggenc(bench, "-q 4 -t title -a artist");
            "song.ogg"
        }),
        through(
            BY_OGGDEC,
            case("ogg chained", "Ogg Vorbis", Lossy, |bench| {
                oggenc(bench, "-q 4 -s 1");
                bench.run("ffmpeg -v error -ss 1 -i source.wav -t 1 other.wav");
                bench.run("oggenc -Q -q 6 -s 2 other.wav -o other.ogg");
                let other = bench.read("other.ogg");
                bench.edit("song.ogg", |bytes| bytes.extend(other));
                "song.ogg"
            }),
        ),
        case("ogg cut without loss", "Ogg Vorbis", Lossy, |bench| {
            oggenc(bench, "-q 4");
            bench.run("ffmpeg -v error -ss 1 -i song.ogg -c copy cut.ogg");
            "cut.ogg"
        }),
    ]
}

fn mp4() -> Vec<Case> {
    fn ffmpeg(bench: &Bench, options: &str) -> &'static str {
        bench.run(&format!("ffmpeg -v error -i source.wav {options} song.m4a"));
        "song.m4a"
    }
    vec![
        case("m4a aac 128", "AAC in MP4", Lossy, |bench| ffmpeg(bench, "-c:a aac -aac_pns 0 -b:a 128k")),
        case("m4a aac 256, tables first", "AAC in MP4", Lossy, |bench| {
            ffmpeg(bench, "-c:a aac -aac_pns 0 -b:a 256k -movflags +faststart")
        }),
        of(
            MONO,
            case("m4a aac mono", "AAC in MP4", Lossy, |bench| ffmpeg(bench, "-c:a aac -aac_pns 0 -b:a 64k")),
        ),
        case("m4a aac without an edit list", "AAC in MP4", Lossy, |bench| {
            ffmpeg(bench, "-c:a aac -aac_pns 0 -use_editlist 0")
        }),
        case("m4a aac with what itunes writes", "AAC in MP4", Lossy, |bench| {
            ffmpeg(bench, "-c:a aac -aac_pns 0 -use_editlist 0 -map_metadata -1 -fflags +bitexact");
            bench.edit("song.m4a", |bytes| {
                let boxed = |name: &[u8], body: &[u8]| {
                    [&(body.len() as u32 + 8).to_be_bytes()[..], name, body].concat()
                };
                let told = b"\0\0\0\x01\0\0\0\0 00000000 00000400 00000201 0000000000015800 00000000";
                let tag = [
                    boxed(b"mean", b"\0\0\0\0com.apple.iTunes"),
                    boxed(b"name", b"\0\0\0\0iTunSMPB"),
                    boxed(b"data", told),
                ];
                let handler = boxed(b"hdlr", b"\0\0\0\0\0\0\0\0mdirappl\0\0\0\0\0\0\0\0\0");
                let list = boxed(b"ilst", &boxed(b"----", &tag.concat()));
                let tags = boxed(b"udta", &boxed(b"meta", &[&[0; 4][..], &handler, &list].concat()));
                // The tables stand last.
                let moov = bytes.windows(4).rposition(|name| name == b"moov").unwrap() - 4;
                let size = (bytes.len() - moov + tags.len()) as u32;
                bytes[moov..moov + 4].copy_from_slice(&size.to_be_bytes());
                bytes.extend(tags);
            });
            "song.m4a"
        }),
        of(
            (48_000, 2, 90_000),
            case("mov with aac", "AAC in MP4", Lossy, |bench| {
                bench.run("ffmpeg -v error -i source.wav -c:a aac -aac_pns 0 song.mov");
                "song.mov"
            }),
        ),
        case("m4a alac", "ALAC", Lossless, |bench| ffmpeg(bench, "-c:a alac")),
        case("m4a alac 24 bit", "ALAC", Lossless, |bench| ffmpeg(bench, "-c:a alac -sample_fmt s32p")),
        of(MONO, case("m4a alac mono", "ALAC", Lossless, |bench| ffmpeg(bench, "-c:a alac"))),
        case("mov with alac", "ALAC", Lossless, |bench| {
            bench.run("ffmpeg -v error -i source.wav -c:a alac song.mov");
            "song.mov"
        }),
    ]
}

const SIX: (u32, u16, usize) = (44_100, 6, 60_000);

/// ITU-R BS.775, as quiet as keeps it from being clipped.
const DOWN: &str =
    "pan=stereo|FL=0.41421356*c0+0.29289322*c2+0.29289322*c4|FR=0.41421356*c1+0.29289322*c2+0.29289322*c5";

fn surround() -> Vec<Case> {
    // Compared with a mix of 16 bits.
    const fn six(what: &'static str, kind: Kind, make: Make) -> Case {
        Case { what, format: "5.1", kind, source: SIX, make, filter: DOWN }
    }
    vec![
        six("wav 5.1", Lossy, |bench| {
            bench.run("ffmpeg -v error -i source.wav -c:a pcm_s24le song.wav");
            "song.wav"
        }),
        six("wav 5.1 with side speakers", Lossy, |bench| {
            bench.run("ffmpeg -v error -i source.wav -af channelmap=channel_layout=5.1(side) song.wav");
            "song.wav"
        }),
        six("flac 5.1", Lossy, |bench| {
            bench.run("ffmpeg -v error -i source.wav song.flac");
            "song.flac"
        }),
        six("ogg 5.1", Lossy, |bench| {
            bench.run("oggenc -Q -q 5 source.wav -o song.ogg");
            "song.ogg"
        }),
        six("alac 5.1", Lossy, |bench| {
            bench.run("ffmpeg -v error -i source.wav -c:a alac song.m4a");
            "song.m4a"
        }),
    ]
}
