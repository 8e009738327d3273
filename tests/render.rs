//! What a show does to the lights, without playing it: as a grid, as a picture, and as a table that says the same as the
//! trace of the show when it plays.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

mod common;

use std::collections::BTreeSet;
use std::fs;

use common::folder::Folder;
use common::launch::Ended;

const RIG: &str = "[channels]\nneon = { pin = 4, kind = \"relay\", lead = \"8 ms\" }\n\
                   star = { pin = 17, kind = \"ssr\", safe = \"100 %\" }\nmoon = { pin = 18, kind = \"pwm\" }\n";
const CUES: &str = "tempo 120 bpm, 4/4\n1.2 neon on\n1.4 neon off\n2.1 to 3.1 star strobe every 1 beat\n\
                    1.1 moon 40 %\n2.3 play bright\nsection bright\n  1.1 moon on\n  1.2 neon on\n";

fn folder(cues: &str) -> Folder {
    Folder::new(RIG).with_show("porch", "0:05", cues)
}

/// `words` on simulated lights.
fn run(folder: &Folder, words: &str) -> Ended {
    folder.run(&format!("{words} --output sim --rig rig.toml"))
}

/// The rows of a table, each `[show_us, channel, level]`, in order of time and channel.
fn rows(text: &str) -> Vec<[String; 3]> {
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("show_us,due_ns,mono_ns,channel,level"));
    let row = |line: &str| {
        let [show, _due, _written, channel, level] = line.split(',').collect::<Vec<_>>().try_into().unwrap();
        [show, channel, level].map(str::to_owned)
    };
    let mut rows: Vec<_> = lines.map(row).collect();
    // A machine that is late may write two changes of different channels at once.
    let place = |name: &str| ["neon", "star", "moon"].iter().position(|channel| *channel == name);
    rows.sort_by_key(|[show, channel, _]| (show.parse::<u64>().unwrap(), place(channel)));
    rows
}

#[test]
fn the_table_says_what_the_trace_says_when_the_show_plays() {
    let folder = folder(CUES);
    for part in ["", "--from 1.3", "--from 0:00.600 --to 2.4"] {
        run(&folder, &format!("play porch --silent --lock-dir lock --trace played.csv {part}")).with(0, &[]);
        run(&folder, &format!("render porch -o rendered.csv {part}")).with(0, &["rendered.csv is written"]);
        let (played, rendered) = (rows(&folder.text("played.csv")), rows(&folder.text("rendered.csv")));
        assert!(rendered.len() >= 10, "{rendered:?}");
        assert_eq!(played, rendered, "{part}");
    }
}

/// A machine that is late leaves out stairs of a fade, and adds none.
#[test]
fn the_table_has_every_stair_of_a_fade() {
    let folder = folder("0:00.500 moon fade to 80 % over 2 s ease\n0:03 moon fade to off over 1 s\n");
    run(&folder, "play porch --silent --lock-dir lock --trace played.csv").with(0, &[]);
    run(&folder, "render porch -o rendered.csv").with(0, &[]);
    let rendered: BTreeSet<_> = rows(&folder.text("rendered.csv")).into_iter().collect();
    let played = rows(&folder.text("played.csv"));
    assert!(played.len() > 50 && rendered.len() > 500, "{} of {}", played.len(), rendered.len());
    let missing: Vec<_> = played.iter().filter(|row| !rendered.contains(*row)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn what_is_written_is_the_same_each_time() {
    let folder = folder(CUES);
    for ending in ["svg", "csv", "vcd"] {
        run(&folder, &format!("render porch -o first.{ending}")).with(0, &[]);
        run(&folder, &format!("render porch -o second.{ending}")).with(0, &[]);
        let (first, second) =
            (folder.text(&format!("first.{ending}")), folder.text(&format!("second.{ending}")));
        assert!(first.len() > 200, "{first}");
        assert_eq!(first, second);
    }
    let table = folder.text("first.csv");
    let due: Vec<&str> = table.lines().skip(1).map(|line| line.split(',').nth(1).unwrap()).collect();
    let written: Vec<&str> = table.lines().skip(1).map(|line| line.split(',').nth(2).unwrap()).collect();
    assert_eq!((due[0], &due), ("0", &written));
    let dump = folder.text("first.vcd");
    assert!(dump.contains("$var integer 16 ! neon.level $end") || dump.contains("neon.level $end"), "{dump}");
    assert!(!dump.contains("$var wire"), "lines that are never told are not named: {dump}");
    assert!(dump.contains("\n#492000000\n"), "the relay leads by 8 ms: {dump}");
}

#[test]
fn the_grid_is_plain_in_a_pipe_and_follows_the_locale() {
    let folder = folder(CUES);
    let words = "render porch --output sim --rig rig.toml";
    for (locale, neon) in [("C", "|.##.|...#"), ("C.UTF-8", "│ ━━ │")] {
        let mut command = folder.command(words);
        command.env_remove("LC_ALL").env_remove("LC_CTYPE").env("LANG", locale);
        let ended = common::launch::Launch::of(command).end();
        let said = ended.with(0, &["0:00 to 0:05", "a column is one beat"]).said;
        assert!(!said.contains('\u{1b}'), "{said}");
        let row = said.lines().find(|line| line.starts_with("neon")).unwrap();
        assert!(row.contains(neon), "{said}");
        assert_eq!(said.is_ascii(), locale == "C", "{said}");
    }
}

#[test]
fn what_cannot_be_rendered_is_refused_and_nothing_is_written() {
    let folder = folder(CUES);
    folder.write("kept.svg", "kept");
    for (words, code, told) in [
        ("porch -o kept.png", 2, ".svg (a picture), .csv"),
        ("porch -o kept", 2, ".vcd (for a logic-analyser viewer)"),
        ("porch -o -", 2, ".svg"),
        ("porch -o none/kept.svg", 1, "writing none/kept.svg: there is no folder none; run: mkdir -p none"),
        ("porch -o shows -o kept.svg", 2, "cannot be used multiple times"),
        ("porch --from 0:06 -o kept.svg", 2, "porch ends at 0:05"),
        ("porch --to 0:06", 2, "porch ends at 0:05"),
        ("porch --from 2.1 --to 2.1", 2, "this part is empty"),
        ("porch --by 0.00001", 2, "write `beat`, `bar`"),
        ("porch --by 0", 2, "write `beat`, `bar`"),
        ("porch --width 3", 2, "20 to 10000"),
        ("porch --by bar -o kept.svg", 2, "cannot be used with"),
        ("porchh -o kept.svg", 65, "did you mean"),
        ("", 2, "which show? for example `starcourt render porch`"),
    ] {
        run(&folder, &format!("render {words}")).with(code, &[told]);
    }
    assert_eq!(folder.text("kept.svg"), "kept");
    assert_eq!(fs::read_dir(folder.path("")).unwrap().count(), 3, "rig, shows and the old picture");
    folder.write("shows/plain.show", "length 0:05\n0:01 neon on\n");
    run(&folder, "render plain --by bar")
        .with(2, &["a column cannot be one bar: plain has no tempo", "`--by 0.5`"]);
    folder.write("shows/wrong.show", "length 0:05\n0:01 neno on\n");
    run(&folder, "render wrong -o kept.svg").with(65, &["did you mean `neon`?"]);
    assert_eq!(folder.text("kept.svg"), "kept");
    run(&folder, "render porch -o kept.svg").with(0, &[]);
    assert!(folder.text("kept.svg").starts_with("<svg "));
}
