//! First shows for random rigs, lengths, titles and names of music: `check` has nothing to say about any.

use std::fmt::Write as _;

use starcourt::diagnosis::Source;
use starcourt::random::Random;
use starcourt::review;
use starcourt::rig::Rig;
use starcourt::show;
use starcourt::template::{NewShow, show_text};
use starcourt::time::ShowTime;
use starcourt::timeline::compile;

use crate::common::rig;

fn pick<'a>(random: &mut Random, from: &[&'a str]) -> &'a str {
    from[random.below(from.len() as u64) as usize]
}

/// A rig of whatever a person may write.
fn random_rig(random: &mut Random) -> String {
    let count = match random.below(8) {
        0 => 1,
        1 => 2,
        2 => 28,
        3 => 512,
        _ => 1 + random.below(27),
    };
    let only = pick(random, &["", "", "relay", "ssr", "pwm"]);
    let mut text = "[channels]\n".to_owned();
    for number in 0..count {
        let address = if count > 28 { format!("sim = {number}") } else { format!("pin = {number}") };
        let kind = if only.is_empty() { pick(random, &["relay", "ssr", "pwm"]) } else { only };
        let mut keys = format!("{address}, kind = \"{kind}\"");
        if kind != "pwm" && random.below(4) == 0 {
            let rest = pick(random, &["0 ms", "50 ms", "150 ms", "1 s", "7 s", "60 s"]);
            write!(keys, ", min_on = \"{rest}\"").unwrap();
            let rest = pick(random, &["0 ms", "50 ms", "350 ms", "2 s", "60 s"]);
            write!(keys, ", min_off = \"{rest}\"").unwrap();
        }
        if random.below(6) == 0 {
            keys += ", safe = \"100 %\"";
        }
        if kind != "pwm" && random.below(6) == 0 {
            keys += ", lead = \"8 ms\"";
        }
        let name = if random.below(9) == 0 { format!("steps{number}") } else { format!("c{number}") };
        writeln!(text, "{name} = {{ {keys} }}").unwrap();
    }
    text = text.replace("c0 =", pick(random, &["c0 =", "neon =", "alls =", "x-1 ="]));
    let names: Vec<String> =
        text.lines().skip(1).map(|line| line.split(' ').next().unwrap().to_owned()).collect();
    text += "[groups]\n";
    for number in 0..random.below(4) {
        let from = random.below(count) as usize;
        let until = from + 1 + random.below((names.len() - from) as u64) as usize;
        let members: Vec<String> = names[from..until].iter().map(|name| format!("\"{name}\"")).collect();
        writeln!(text, "g{number} = [{}]", members.join(", ")).unwrap();
    }
    text += "[limits]\n";
    if random.below(3) == 0 {
        writeln!(text, "on_at_once = {}", 1 + random.below(count + 2)).unwrap();
    }
    if random.below(3) == 0 {
        writeln!(text, "flash = \"{}\"", pick(random, &["1 Hz", "2 Hz", "off", "50 Hz"])).unwrap();
    }
    text
}

fn random_length(random: &mut Random) -> ShowTime {
    let micros = match random.below(7) {
        0 => 1 + random.below(1_000_000),
        1 => 1_000_000 + random.below(2_000_000),
        2 => 3_000_000,
        3 => 3_000_000 + random.below(10_000_000),
        4 => 10_000_000 + random.below(600_000_000),
        5 => 86_400_000_000,
        _ => 180_000_000 + random.below(90_000_000),
    };
    ShowTime::from_micros(micros)
}

/// Text as tags and names of files have it, with all that may be in the way.
fn random_text(random: &mut Random) -> String {
    const PARTS: [&str; 16] = [
        "Song",
        " ",
        " #1",
        "\"",
        "'",
        "ä",
        "\u{1b}[2J",
        "\n",
        "\u{202e}",
        ",",
        "#",
        "= ",
        "%",
        "星",
        "  ",
        "to",
    ];
    (0..random.below(9)).map(|_| PARTS[random.below(16) as usize]).collect()
}

/// The number of cues of a sheet about which `check` says nothing.
#[track_caller]
fn silent_cues(text: &str, rig: &Rig, length: ShowTime, shown: &str) -> usize {
    let no_map = |_: &str| anyhow::bail!("there is no map");
    let (show, told) = show::read("new", &Source::new("new.show", text), rig, &no_map)
        .unwrap_or_else(|told| panic!("{told}\n{text}\n{shown}"));
    assert!(told.is_empty(), "{told}\n{text}\n{shown}");
    let length = show.length.unwrap_or(length);
    let after = show.cues_after(length);
    let unseen = review::without_effect(&show, rig);
    let compiled = compile(&show, rig);
    let strains = review::strains(&show, rig, length, &compiled.timeline);
    assert!(
        after.is_empty() && unseen.is_empty() && strains.is_empty(),
        "{after}{unseen}{strains}\n{text}\n{shown}"
    );
    assert_eq!(compiled.changes, [], "{text}\n{shown}");
    show.cues.len()
}

#[test]
fn check_finds_nothing_in_a_first_show_for_any_rig_and_any_song() {
    let mut refused = 0;
    for seed in 0..600_u32 {
        let random = &mut Random::new(&[b"new", &seed.to_le_bytes()]);
        let rig_text = random_rig(random);
        let rig = rig(&rig_text);
        let length = random_length(random);
        let title = random_text(random);
        let music = random_text(random).replace('\n', "") + ".ogg";
        let new = NewShow {
            title: &title,
            music: (random.below(4) > 0).then_some(music.as_str()),
            length,
            rig: Some((&rig, "shows/rig.toml")),
            tap: Some("starcourt tap song.show --write"),
        };
        let Some(text) = show_text(&new) else {
            // Only a name that a sheet cannot write is refused.
            refused += 1;
            assert!(
                new.music.is_some_and(|music| music.contains(['"', '#', '\u{1b}', '\u{202e}', '=', ' '])),
                "{music:?}"
            );
            continue;
        };
        silent_cues(&text, &rig, length, &rig_text);
    }
    assert!((1..300).contains(&refused), "{refused}");
}

#[test]
fn a_usual_rig_gets_five_cues_with_an_effect() {
    let usual = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/shows/rig.toml")).unwrap();
    let relay = "[channels]\nporch = { pin = 4, kind = \"relay\", active = \"low\" }\n";
    let strip = "[channels]\nstrip = { pin = 17, kind = \"pwm\" }\n";
    let limited = usual.replace("# on_at_once = 10", "on_at_once = 6");
    for rig_text in [&usual, &limited, relay, strip, crate::common::PORCH] {
        let rig = rig(rig_text);
        for seconds in [3, 15, 30, 200, 3_600] {
            let length = ShowTime::from_micros(seconds * 1_000_000);
            let new = NewShow {
                title: "Song",
                music: Some("song.ogg"),
                length,
                rig: Some((&rig, "rig.toml")),
                tap: Some("starcourt tap song.show --write"),
            };
            let text = show_text(&new).unwrap();
            assert_eq!(silent_cues(&text, &rig, length, rig_text), 5, "{text}");
            let has_effect =
                ["chase every", "pulse every", "strobe every"].iter().any(|effect| text.contains(effect));
            assert!(has_effect || seconds < 15, "{seconds} s\n{text}");
            assert!(rig.names().take(12).all(|name| text.contains(name)), "{text}");
        }
    }
}

#[test]
fn without_a_rig_a_show_is_silent_on_every_plain_one() {
    for seconds in [1, 3, 30, 240] {
        let length = ShowTime::from_micros(seconds * 1_000_000);
        let new = NewShow {
            title: "Song",
            music: Some("song.ogg"),
            length,
            rig: None,
            tap: Some("starcourt tap song.show --write"),
        };
        let text = show_text(&new).unwrap();
        for rig_text in [
            "[channels]\na = { pin = 4, kind = \"relay\" }\n",
            "[channels]\na = { pin = 17, kind = \"pwm\" }\n",
            "[channels]\na = { pin = 4, kind = \"relay\" }\nb = { pin = 17, kind = \"pwm\" }\nc = { pin = 5, kind = \"ssr\" }\n",
        ] {
            assert!(silent_cues(&text, &rig(rig_text), length, rig_text) >= 1);
        }
    }
}
