//! Composed sheets of many songs for many rigs: each passes `check` without a word.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

mod songs;

use super::{ComposeRequest, composed};
use crate::beats::BarGrid;
use crate::diagnosis::{Diagnoses, Source};
use crate::review;
use crate::rig::Rig;
use crate::show::{self, Show};
use crate::timeline::compile;
use songs::Song;

fn rig(text: &str) -> Rig {
    let (rig, told) = crate::rig::read(&Source::new("rig.toml", text));
    rig.unwrap_or_else(|| panic!("{told}"))
}

fn channels(kind: &str, count: usize) -> String {
    (0..count)
        .map(|number| format!("{kind}{number} = {{ sim = {}, kind = \"{kind}\" }}\n", number + offset(kind)))
        .collect()
}

fn offset(kind: &str) -> usize {
    match kind {
        "relay" => 0,
        "ssr" => 1_000,
        _ => 2_000,
    }
}

fn read(source: &Source, rig: &Rig) -> Result<(Show, Diagnoses), Diagnoses> {
    let source = Source::new(source.path(), source.text());
    show::read("composed", &source, rig, &|_| anyhow::bail!("no map"))
}

fn sheet(song: &Song, rig: &Rig, seed: u64) -> String {
    let request = ComposeRequest {
        title: "A song",
        music: "song.ogg",
        length: song.length,
        heard: &song.heard,
        grid: BarGrid { beats: &song.beats, in_bar: song.in_bar },
        tempo_line: &song.tempo_line,
        heard_words: &["a test".to_owned()],
        rig,
        seed,
    };
    composed(&request, &|source| read(source, rig)).expect("every rig has a show")
}

/// The warnings and the changes by rules that `check` would tell.
fn told(text: &str, rig: &Rig, song: &Song) -> String {
    let source = Source::new("composed.show", text);
    let (show, mut told) = read(&source, rig).unwrap_or_else(|told| panic!("{told}\n{text}"));
    told.extend(show.cues_after(song.length));
    told.extend(review::without_effect(&show, rig));
    let compiled = compile(&show, rig);
    told.extend(review::strains(&show, rig, song.length, &compiled.timeline));
    let changes = if compiled.changes.is_empty() { String::new() } else { format!("{:?}", compiled.changes) };
    format!("{}{changes}", if told.is_empty() { String::new() } else { told.to_string() })
}

fn rigs() -> Vec<(&'static str, Rig)> {
    let of = |lines: String| rig(&format!("[channels]\n{lines}"));
    let groups = |lines: String, groups: &str| rig(&format!("[channels]\n{lines}\n[groups]\n{groups}"));
    vec![
        ("one relay", of(channels("relay", 1))),
        ("one ssr", of(channels("ssr", 1))),
        ("one pwm", of(channels("pwm", 1))),
        ("two pwm", of(channels("pwm", 2))),
        ("eight relays", of(channels("relay", 8))),
        ("four ssr", of(channels("ssr", 4))),
        ("no pwm", of(channels("relay", 4) + &channels("ssr", 4))),
        ("28", of(channels("relay", 8) + &channels("ssr", 12) + &channels("pwm", 8))),
        ("512 pwm", of(channels("pwm", 512))),
        ("512 mixed", of(channels("pwm", 200) + &channels("ssr", 200) + &channels("relay", 112))),
        (
            "groups",
            groups(
                channels("relay", 3) + &channels("ssr", 3) + &channels("pwm", 6),
                "signs = [\"relay0\", \"relay1\"]\nrow = [\"ssr0\", \"ssr1\", \"ssr2\"]\nleft = [\"pwm0\", \"pwm1\", \"pwm2\"]\n\
                 right = [\"pwm3\", \"pwm4\"]\nglow = [\"left\", \"right\", \"pwm5\"]\nhouse = [\"signs\", \"row\", \"glow\"]\n",
            ),
        ),
        (
            "few at once",
            rig(&format!(
                "[channels]\n{}{}{}[limits]\non_at_once = 3\nflash = \"1 Hz\"\n",
                channels("relay", 4),
                channels("ssr", 3),
                channels("pwm", 3)
            )),
        ),
        (
            "slow relays",
            of("a = { sim = 1, kind = \"relay\", min_on = \"4 s\", min_off = \"3 s\" }\n\
                b = { sim = 2, kind = \"ssr\", min_on = \"900 ms\" }\nc = { sim = 3, kind = \"relay\", safe = \"100 %\" }\n"
                .to_owned()),
        ),
    ]
}

#[test]
fn check_says_nothing_about_any_song_for_any_rig() {
    let rigs = rigs();
    for seed in 0..12 {
        let song = Song::of(seed);
        for (name, rig) in &rigs {
            let text = sheet(&song, rig, seed);
            let told = told(&text, rig, &song);
            assert!(told.is_empty(), "{name}, song {seed}:\n{told}\n{text}");
        }
    }
}
