//! Texts that nobody means: whatever is in a file, it is read in no time, or its mistakes are told.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use common::{PORCH, read, rig, sheet, told};
use starcourt::rig::Rig;
use starcourt::time::ShowTime;
use starcourt::timeline::{Edge, Playback, compile};

/// The same numbers every time (SplitMix64), so that what fails once fails again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }

    fn of(&mut self, texts: &[&'static str]) -> &'static str {
        texts[self.below(texts.len())]
    }
}

/// A relay that leads and rests, two dimmed lights, and a supply for two of them.
fn narrow_porch() -> Rig {
    let porch = PORCH.replace(r#"min_on = "0 ms", min_off = "0 ms""#, r#"lead = "8 ms""#);
    rig(&format!("{porch}\n[limits]\non_at_once = 2\n"))
}

/// What is read plays: every edge of its tracks comes once, in order, and changes something.
fn play(text: &str, rig: &Rig) -> bool {
    let Ok((show, _)) = read(text, rig) else { return false };
    let timeline = Arc::new(compile(&show, rig).timeline);
    let mut edges: Vec<Edge> = timeline
        .tracks()
        .iter()
        .zip(timeline.channel_ids())
        .flat_map(|(track, channel)| track.edges().map(move |(time, level)| Edge { time, channel, level }))
        .filter(|edge| edge.time > ShowTime::ZERO)
        .collect();
    edges.sort_by_key(|edge| (edge.time, edge.channel));
    let mut playback = Playback::new(Arc::clone(&timeline));
    for edge in edges {
        let before = ShowTime::from_micros(edge.time.micros() - 1);
        assert_eq!(playback.take_due(edge.time), Some(edge), "{text}");
        assert_ne!(timeline.level_at(edge.channel, before), edge.level, "{text}");
        assert_eq!(timeline.level_at(edge.channel, edge.time), edge.level, "{text}");
    }
    assert_eq!(playback.take_due(ShowTime::from_micros(u64::MAX)), None, "{text}");
    true
}

#[test]
fn no_text_makes_the_reader_panic() {
    const WORDS: &[&str] = &[
        "on",
        "off",
        "level",
        "fade",
        "to",
        "from",
        "over",
        "pulse",
        "strobe",
        "chase",
        "twinkle",
        "every",
        "for",
        "lit",
        "wide",
        "seed",
        "play",
        "section",
        "steps",
        "by",
        "all",
        "but",
        "porch",
        "trees",
        "a",
        "title",
        "tempo",
        "map",
        "bpm",
        "first beat at",
        "1.1",
        "2.1",
        "0.1",
        "9.2&",
        "3.1+1/3",
        "0:01",
        "24:00:00",
        "12.5 s",
        "+1 beat",
        "+ 1/8",
        "1/2 bar",
        "0 s",
        "1 us",
        "25 h",
        "40 %",
        "101 %",
        "-5 %",
        "nan",
        "inf",
        "1e999",
        "6/8",
        "64/64",
        "99999999999999999999",
        "4294967295.1",
        "9999/9999 beat",
        "1/9999",
        "28",
        ",",
        "%",
        "#",
        "|",
        "x.-_9",
        "\t",
        "\u{feff}",
        "\0",
        "\u{200b}",
        "é",
        "🎄",
        "\r",
        "\n",
        "\n",
        "\n  ",
        "\n  ",
        "\n\t",
    ];
    let (rig, mut dice) = (narrow_porch(), Dice(1985));
    for _ in 0..800 {
        let words: Vec<&str> = (0..dice.below(60)).map(|_| dice.of(WORDS)).collect();
        if let Err(mistakes) = read(&sheet(&words.join(" ")), &rig) {
            drop(mistakes.to_string());
        }
    }
    let demo = include_str!("../shows/demo.show");
    for _ in 0..100 {
        let mut bytes = demo.as_bytes().to_vec();
        for _ in 0..1 + dice.below(6) {
            let at = dice.below(bytes.len());
            match dice.below(3) {
                0 => bytes[at] = dice.below(256) as u8,
                1 => bytes.truncate(at + 1),
                _ => bytes.insert(at, b" \t\n\r.,%#+-_x9&/:"[dice.below(16)]),
            }
        }
        drop(read(&String::from_utf8_lossy(&bytes), &rig).map_err(|mistakes| mistakes.to_string()));
    }
}

#[test]
fn what_is_read_plays_to_its_last_edge() {
    let (rig, mut dice) = (narrow_porch(), Dice(1986));
    let mut played = 0;
    for _ in 0..300 {
        let mut text = String::from("length 1:00\n");
        text += dice.of(&[
            "tempo 120 bpm\n",
            "tempo 97.3 bpm, 6/8, first beat at 0.420 s\ntempo 61 bpm, 7/8 from 3.1\n",
            "tempo map porch-beats.txt, 3/4\ntempo 4/4 from 2.1\n",
        ]);
        for _ in 0..1 + dice.below(8) {
            text +=
                dice.of(&["0:00", "0:01.5", "1.1", "1.2e", "2.1", "2.2+2/7", "+1/3 beat", "+7 us", "+0 s"]);
            text += match dice.below(10) {
                0 => "  play  a\n",
                1 => " to 9.1 every 1.37 bars  play  a for 2 beats\n",
                _ => "",
            };
            if !text.ends_with('\n') {
                text += dice.of(&[
                    "  all  ",
                    "  porch, star  ",
                    "  star, porch  ",
                    "  trees  ",
                    " to 6.1 every 1/2 bar  star  ",
                ]);
                text += dice.of(&[
                    "on",
                    "off",
                    "0.01 %",
                    "50 %",
                    "fade to on over 1.5 s ease",
                    "fade to 49.99 % over 0 s",
                ]);
                text +=
                    dice.of(&["\n", "\n", "\nsteps 1.1 to 4.1 by 3/16\n  trees  x_9- _50.\n  porch  x.\n"]);
            }
            text += dice.of(&[
                "",
                "1.3  all  chase every 1/7 beat bounce 2 wide for 1 bar\n",
                "2.1  porch  off for 1/8\n",
            ]);
            text += dice.of(&[
                "",
                "1.2  trees  pulse 20 to 80 % every 1/3 bar for 1.9 s\n",
                "1.1  all  twinkle for 3 s\n",
            ]);
        }
        text += "section a\n  1.1  trees  fade from off to 80 % over 300 ms\n  +1 us  porch  strobe every 70 ms for 1 s\n";
        played += usize::from(play(&text, &rig));
    }
    assert!(played > 200, "{played}");
}

#[test]
fn an_endless_sheet_is_told_in_short() {
    let many = |line: &dyn Fn(usize) -> String| -> String { (0..30_000).map(line).collect() };
    let mistakes = told(&many(&|at| format!("1.1  prch{at}  on\n")));
    assert_eq!(mistakes.len(), 1_000);
    let unknown =
        many(&|at| format!("1.1  play  b{at}\n")) + &many(&|at| format!("section a{at}\n 1.1  star  on\n"));
    assert_eq!(told(&unknown).len(), 1_000);
    let word = "x".repeat(1 << 20);
    assert!(read(&sheet(&format!("1.1  {word}  on")), &rig(PORCH)).unwrap_err().to_string().len() < 2_000);
}

#[test]
fn sections_nest_up_to_64_deep() {
    let nested = |deep: usize| {
        let inner = |at| format!("section a{at}\n  1.1  play  a{}\n", at + 1);
        let inner: String = (1..deep).map(inner).collect();
        format!("1.1  play  a1\n{inner}section a{deep}\n  1.1  star  on\n")
    };
    assert_eq!(told(&nested(64)), [""; 0]);
    assert_eq!(told(&nested(65)), ["sections play one another 64 deep"]);
    assert_eq!(told(&nested(20_000))[0], "sections play one another 64 deep");
}

#[test]
fn lines_that_do_nothing_are_counted_too() {
    let plays = |what: &str| format!("{what}\n").repeat(2_000);
    let section = |line: &str| format!("section a\n{}", format!("  {line}\n").repeat(2_000));
    let too_many = ["this show changes its lights more than a million times"];
    let cut = plays("1.1  play  a for 1 us") + &section("2.1  star  on");
    assert_eq!(told(&cut), too_many);
    let repeated = "0:00 to 10:00  star  pulse every 1 ms\n".repeat(2_000);
    assert_eq!(told(&repeated), ["this show is too large for a small Pi's memory"]);
}

#[test]
fn music_that_is_not_there_is_told_with_the_other_mistakes_of_the_sheet() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("porch.show");
    std::fs::write(&path, "audio gone.ogg\n0:00  widnows  on\n").unwrap();
    let error = starcourt::show::load(&path, &rig(PORCH)).map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("there is no file") && error.contains("gone.ogg"), "{error}");
    assert!(error.contains("widnows"), "{error}");
}
