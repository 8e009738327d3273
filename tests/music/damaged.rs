//! Files that are damaged: what is left of them is played where it belongs, and the damage is told.

use starcourt::audio::{AudioSource, inspect, measure};
use starcourt::time::ShowTime;

use crate::compare::Kind;
use crate::corpus::{BY_FLAC, Case, MONO, STEREO, case, check_all, of, through};
use crate::tools::Bench;

fn cut(bench: &Bench, name: &str, thousandths: usize) {
    bench.edit(name, |bytes| bytes.truncate(bytes.len() * thousandths / 1_000));
}

fn spoil(bench: &Bench, name: &str, thousandths: usize, count: usize) {
    bench.edit(name, |bytes| {
        let place = bytes.len() * thousandths / 1_000;
        bytes[place..place + count].iter_mut().for_each(|byte| *byte = byte.wrapping_mul(7).wrapping_add(91));
    });
}

fn cases() -> Vec<Case> {
    const fn damaged(what: &'static str, format: &'static str, make: crate::corpus::Make) -> Case {
        case(what, format, Kind::Damaged, make)
    }
    vec![
        damaged("wav cut short", "damaged WAV", |bench| {
            cut(bench, "source.wav", 511);
            "source.wav"
        }),
        damaged("ms adpcm cut short", "damaged WAV", |bench| {
            bench.run("ffmpeg -v error -i source.wav -c:a adpcm_ms song.wav");
            cut(bench, "song.wav", 611);
            "song.wav"
        }),
        damaged("aiff cut short", "damaged AIFF", |bench| {
            bench.run("ffmpeg -v error -i source.wav song.aiff");
            cut(bench, "song.aiff", 700);
            "song.aiff"
        }),
        damaged("flac cut short", "damaged FLAC", |bench| {
            bench.run("flac -s source.wav -o song.flac");
            cut(bench, "song.flac", 600);
            "song.flac"
        }),
        // Silence stands for what is broken, as flac has it; ffmpeg leaves it out, and is early from there on.
        through(
            BY_FLAC,
            damaged("flac with wrong bytes in it", "damaged FLAC", |bench| {
                bench.run("flac -s source.wav -o song.flac");
                spoil(bench, "song.flac", 500, 60);
                "song.flac"
            }),
        ),
        through(
            BY_FLAC,
            damaged("flac with the head of a frame lost", "damaged FLAC", |bench| {
                bench.run("flac -s source.wav -o song.flac");
                bench.edit("song.flac", |bytes| {
                    let heads = heads_of(bytes);
                    bytes[heads[heads.len() / 2]..][..40].fill(0);
                });
                "song.flac"
            }),
        ),
        damaged("mp3 cut short", "damaged MP3", |bench| {
            bench.run("lame --quiet -V 4 source.wav song.mp3");
            cut(bench, "song.mp3", 600);
            "song.mp3"
        }),
        damaged("mp3 without a tag cut short", "damaged MP3", |bench| {
            bench.run("lame --quiet -V 4 -t source.wav song.mp3");
            cut(bench, "song.mp3", 613);
            "song.mp3"
        }),
        damaged("mp3 with checksums cut short", "damaged MP3", |bench| {
            bench.run("lame --quiet -V 4 -p source.wav song.mp3");
            cut(bench, "song.mp3", 600);
            "song.mp3"
        }),
        damaged("mp3 with junk between frames", "damaged MP3", |bench| {
            bench.run("lame --quiet -b 128 -t source.wav song.mp3");
            bench.edit("song.mp3", |bytes| {
                drop(bytes.splice(20_000..20_000, *b"this is no sound, but a letter that fell into it"))
            });
            "song.mp3"
        }),
        damaged("mp3 with wrong bytes in it", "damaged MP3", |bench| {
            bench.run("lame --quiet -b 128 -t source.wav song.mp3");
            spoil(bench, "song.mp3", 500, 300);
            "song.mp3"
        }),
        damaged("mp3 whose tag counts too many", "damaged MP3", |bench| {
            bench.run("lame --quiet -V 4 source.wav song.mp3");
            bench.edit("song.mp3", |bytes| count(bytes, 300));
            "song.mp3"
        }),
        damaged("ogg cut short", "damaged Ogg", |bench| {
            bench.run("oggenc -Q -q 4 source.wav -o song.ogg");
            cut(bench, "song.ogg", 700);
            "song.ogg"
        }),
        damaged("ogg with wrong bytes in it", "damaged Ogg", |bench| {
            bench.run("oggenc -Q -q 4 source.wav -o song.ogg");
            spoil(bench, "song.ogg", 980, 40);
            "song.ogg"
        }),
        damaged("aac cut short", "damaged AAC", |bench| {
            bench.run("ffmpeg -v error -i source.wav -aac_pns 0 song.aac");
            cut(bench, "song.aac", 600);
            "song.aac"
        }),
        damaged("m4a cut short", "damaged MP4", |bench| {
            bench.run("ffmpeg -v error -i source.wav -c:a aac -aac_pns 0 -movflags +faststart song.m4a");
            cut(bench, "song.m4a", 600);
            "song.m4a"
        }),
        of(
            MONO,
            damaged("alac cut short", "damaged MP4", |bench| {
                bench.run("ffmpeg -v error -i source.wav -c:a alac -movflags +faststart song.m4a");
                cut(bench, "song.m4a", 700);
                "song.m4a"
            }),
        ),
    ]
}

/// Where frames of FLAC begin that have 4096 frames of sound at 44.1 kHz.
fn heads_of(bytes: &[u8]) -> Vec<usize> {
    let is_head = |at: &usize| bytes[*at..].starts_with(&[0xff, 0xf8, 0xc9]);
    (0..bytes.len() - 3).filter(is_head).collect()
}

/// Has the tag in the first frame of an MP3 count so many frames.
fn count(bytes: &mut [u8], frames: u32) {
    let tag = bytes.windows(4).position(|word| matches!(word, b"Xing" | b"Info")).unwrap();
    bytes[tag + 8..tag + 12].copy_from_slice(&frames.to_be_bytes());
}

#[test]
fn a_damaged_file_is_told_and_what_is_left_of_it_is_heard_in_its_place() {
    check_all(&cases());
}

/// Each cut at `thousandths`; what is told of it.
#[track_caller]
fn check_told(make: &str, name: &str, thousandths: usize, words: &str) {
    let (rate, channels, frames) = STEREO;
    let bench = Bench::new(rate, channels, frames);
    if !make.is_empty() {
        bench.run(make);
    }
    cut(&bench, name, thousandths);
    for look in [measure, inspect] {
        let measured = look(&bench.path(name)).unwrap();
        let told: Vec<_> = measured.damage.iter().map(ToString::to_string).collect();
        assert!(told.len() == 1 && told[0].contains(words), "{name}: {told:?}, not {words:?}");
    }
}

#[test]
fn a_file_cut_short_is_told_with_where_it_ends_and_what_its_header_says() {
    check_told("", "source.wav", 500, "is cut short: it ends at 0:01.000 of 0:02.000");
    check_told("flac -s source.wav -o song.flac", "song.flac", 600, "of 0:02.000");
    check_told("lame --quiet -V 4 source.wav song.mp3", "song.mp3", 600, "of 0:02.000");
    check_told("lame --quiet -V 4 -t source.wav song.mp3", "song.mp3", 600, "in the middle of the sound");
    check_told("oggenc -Q source.wav -o song.ogg", "song.ogg", 700, "in the middle of the sound");
    check_told(
        "ffmpeg -v error -i source.wav -c:a alac -movflags +faststart song.m4a",
        "song.m4a",
        600,
        "of 0:02.000",
    );
}

#[test]
fn joined_files_of_two_rates_are_heard_to_the_join_and_told() {
    let bench = Bench::new(44_100, 2, 60_000);
    bench.run("lame --quiet -V 4 source.wav song.mp3");
    bench.run("lame --quiet -V 4 --resample 32 source.wav other.mp3");
    let other = bench.read("other.mp3");
    bench.edit("song.mp3", |bytes| bytes.extend(other));
    let told = measure(&bench.path("song.mp3")).unwrap();
    assert_eq!(told.damage.len(), 1);
    let told = told.damage[0].to_string();
    assert!(told.contains("changes from 44100 Hz to 32000 Hz at 0:01.3"), "{told}");
}

#[test]
fn joined_files_of_one_and_two_channels_are_heard_to_the_end() {
    let bench = Bench::new(44_100, 2, 60_000);
    bench.run("lame --quiet -V 4 -t source.wav song.mp3");
    bench.run("lame --quiet -V 4 -t -m m source.wav other.mp3");
    let one = measure(&bench.path("song.mp3")).unwrap().length;
    let other = bench.read("other.mp3");
    bench.edit("song.mp3", |bytes| bytes.extend(other));
    let told = inspect(&bench.path("song.mp3")).unwrap();
    assert!(told.damage.is_empty(), "{:?}", told.damage);
    assert!(told.length.micros().abs_diff(2 * one.micros()) <= 1);
    let mut loudest = [0.0_f32; 2];
    let source =
        AudioSource { file: bench.path("song.mp3"), from: ShowTime::from_micros(1_900_000), repeat: None };
    source
        .render(|samples, channels| {
            assert_eq!(channels, 2);
            for (index, sample) in samples.iter().enumerate() {
                loudest[index % 2] = loudest[index % 2].max(sample.abs());
            }
        })
        .unwrap();
    assert!(loudest[0] > 0.2 && loudest[0] == loudest[1], "one channel from both speakers: {loudest:?}");
}

/// A tag that counts too few frames, and files that were joined: all of it is heard, and nothing is wrong with
/// that. ffmpeg leaves out what the tag calls padding.
#[test]
fn a_tag_that_counts_too_few_frames_cuts_nothing_off() {
    let bench = Bench::new(44_100, 2, 60_000);
    bench.run("lame --quiet -V 4 source.wav one.mp3");
    let one = measure(&bench.path("one.mp3")).unwrap().length;
    assert_eq!(one.micros(), (60_000_u64 * 1_000_000).div_ceil(44_100));
    bench.write("few.mp3", &bench.read("one.mp3"));
    bench.edit("few.mp3", |bytes| count(bytes, 9));
    bench.write("two.mp3", &[bench.read("one.mp3"), bench.read("one.mp3")].concat());
    for (name, least) in [("few.mp3", one.micros()), ("two.mp3", 2 * one.micros())] {
        let told = inspect(&bench.path(name)).unwrap();
        assert!(told.damage.is_empty(), "{:?}", told.damage);
        let more = told.length.micros() - least;
        assert!(more < 120_000, "{name} is {more} us longer than its music");
    }
}
