//! The command line as people type it: words in any order, names that are nearly right, music files, parts of a show.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

mod common;

use std::collections::BTreeSet;

use common::folder::Folder;
use serde_json::Value;

const RIG: &str = "[channels]\nporch = { pin = 4, kind = \"ssr\" }\nstar = { pin = 17, kind = \"ssr\" }\n\
                   [groups]\nboth = [\"porch\", \"star\"]\n";

/// With a show of 20 bars of 0.1 s each, whose porch is lit on every other beat.
fn folder() -> Folder {
    Folder::new(RIG).with_show(
        "feelings",
        "0:02",
        "tempo 600 bpm, 1/4\n1.1 to 20.1  porch  strobe every 2 beats\n",
    )
}

/// `words` on simulated lights, with everything beside the folder's own.
fn run(folder: &Folder, words: &str) -> common::launch::Ended {
    folder.run(&format!("{words} --output sim --rig rig.toml"))
}

/// Plays with `options`; the show times of the changes of the porch, in milliseconds.
fn changes(folder: &Folder, options: &str) -> Vec<u64> {
    let words = format!("play feelings --silent --lock-dir lock --trace trace.csv {options}");
    run(folder, &words).with(0, &["the lights are safe"]);
    let text = folder.text("trace.csv");
    let rows = text.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    rows.filter(|row| row[3] == "porch" && !row[0].is_empty())
        .map(|row| row[0].parse::<u64>().unwrap() / 1_000)
        .collect()
}

#[test]
fn a_part_is_played_in_bars_or_by_the_clock() {
    let folder = folder();
    let by_bars = changes(&folder, "--from 3.1 --to 7.1");
    assert_eq!(by_bars.first().map(|first| first / 100), Some(2), "{by_bars:?}");
    assert!(by_bars.iter().all(|time| (200..=600).contains(time)), "{by_bars:?}");
    assert!(by_bars.len() >= 4, "{by_bars:?}");
    assert_eq!(changes(&folder, "--from 0:00.200 --to 0.6s"), by_bars);
    let options = "play feelings --silent --lock-dir lock";
    for (part, why) in [
        ("--from 30", "feelings ends at 0:02"),
        ("--to 0:02.001", "feelings ends at 0:02"),
        ("--from 9.1 --to 9.1", "this part is empty"),
        ("--from 9.2", "bar 9 has 1 beat"),
        ("--from soon", "`soon` is not a time"),
    ] {
        run(&folder, &format!("{options} {part}")).with(2, &[why]);
    }
}

#[test]
fn seconds_that_could_be_a_bar_are_told_once() {
    let folder = folder();
    let play = "play feelings --silent --lock-dir lock";
    let told = run(&folder, &format!("{play} --from 1")).with(0, &["from 0:01; bar 1 is 1.1"]);
    assert_eq!(format!("{}{}", told.said, told.told).matches("bar 1 is").count(), 1, "{told:?}");
    for options in ["--from 1s", "--from 0:01", "--from 9.1", ""] {
        let told = run(&folder, &format!("{play} {options}")).with(0, &[]);
        assert!(!told.told.contains("; bar"), "{told:?}");
    }
}

#[test]
fn a_show_is_found_by_the_name_that_a_person_types() {
    let folder = folder();
    let options = "--silent --lock-dir lock";
    for name in ["feelings", "feelings.show", "shows/feelings.show"] {
        run(&folder, &format!("play {name} {options}")).with(0, &["the lights are safe"]);
    }
    run(&folder, &format!("--show feelings {options}")).with(0, &["the lights are safe"]);
    run(&folder, &format!("{options} play feelings")).with(0, &["the lights are safe"]);
    for name in ["Feelings", "feeling", "feelngs.show"] {
        run(&folder, &format!("play {name} {options}")).with(65, &["did you mean `feelings`?"]);
    }
    run(&folder, "play").with(2, &["which show?", "starcourt play feelings"]);
}

#[test]
fn a_song_without_a_show_is_played_under_full_light() {
    let folder = folder();
    let sound = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sounds/chirp.ogg");
    std::fs::copy(sound, folder.path("shows/My Song.ogg")).unwrap();
    std::fs::copy(sound, folder.path("shows/feelings.ogg")).unwrap();
    let trace = "--silent --lock-dir lock --trace trace.csv";
    std::fs::copy(sound, folder.path("shows/lonely.ogg")).unwrap();
    run(&folder, &format!("play lonely {trace}")).with(65, &["`starcourt play shows/lonely.ogg`"]);
    run(&folder, &format!("play shows/feelings.ogg {trace}"))
        .with(0, &["starcourt play shows/feelings.show"]);
    let lit: BTreeSet<String> = folder
        .text("trace.csv")
        .lines()
        .filter(|line| line.ends_with(",1000"))
        .map(|line| line.split(',').nth(3).unwrap().to_owned())
        .collect();
    assert_eq!(lit, ["porch", "star"].map(str::to_owned).into());
    // The schedule says otherwise.
    folder.write("shows/schedule.toml", "between = \"dusk\"\n[looks]\ndusk = { star = \"100 %\" }\n");
    run(&folder, &format!("play feelings.ogg {trace}")).with(0, &["the look `dusk`"]);
    let text = folder.text("trace.csv");
    assert!(text.contains(",star,1000") && !text.contains(",porch,1000"), "{text}");
    run(&folder, &format!("play felings.ogg {trace}")).with(65, &["did you mean `shows/feelings.ogg`?"]);
    run(&folder, &format!("play rig.toml {trace}")).with(65, &["no sound that is known here"]);
}

#[test]
fn channels_and_groups_are_tested_by_name() {
    let folder = folder();
    let options = "--lock-dir lock --seconds 1";
    run(&folder, &format!("test both {options}")).with(0, &["1 of 2  porch", "2 of 2  star"]);
    run(&folder, &format!("test proch {options}")).with(2, &["did you mean `porch`?"]);
    run(&folder, &format!("test garden {options}")).with(2, &["there are porch, star, both"]);
}

#[test]
fn lists_and_findings_are_there_for_other_programs() {
    let folder = folder();
    folder.write("shows/Bad Name.show", "length 0:01\n");
    folder.write("shows/broken.show", "length 0:01\n0:00 moon on\n");
    let list: Value = serde_json::from_str(&run(&folder, "list --json").with(0, &[]).said).unwrap();
    assert_eq!(list["shows"][1]["name"], "feelings");
    assert_eq!(list["shows"][1]["length_us"], 2_000_000);
    assert_eq!(list["shows"][1]["channels"], serde_json::json!(["porch"]));
    assert!(list["shows"][0]["mistakes"].as_str().unwrap().contains("no channel or group `moon`"));
    assert!(list["skipped"][0]["rename"].as_str().unwrap().contains("bad_name.show"));
    let checked = folder.run("check --json --output sim --rig rig.toml").with(65, &[]).said;
    let checked: Value = serde_json::from_str(&checked).unwrap();
    let of = |name: &str| {
        let files = checked.as_array().unwrap();
        files.iter().find(|file| file["name"].as_str().unwrap().contains(name)).unwrap().clone()
    };
    let (broken, found) = (of("broken"), of("broken")["found"][0].clone());
    assert_eq!((&broken["kind"], &broken["usable"]), (&"show".into(), &false.into()));
    assert_eq!(
        (&found["severity"], &found["line"], &found["column"]),
        (&"error".into(), &2.into(), &6.into())
    );
    assert_eq!(found["title"], "no channel or group `moon`");
    assert_eq!((&of("feelings")["usable"], &of("Bad Name")["kind"]), (&true.into(), &"skipped".into()));
    assert_eq!(of("rig.toml")["size"], "2 channels");
    let findings = folder.run("doctor --json --output sim --rig rig.toml --lock-dir lock").said;
    let findings: Value = serde_json::from_str(&findings).unwrap();
    assert!(findings.as_array().unwrap().iter().any(|finding| finding["verdict"] == "good"), "{findings}");
}

#[test]
fn a_shell_is_told_commands_shows_and_channels() {
    let folder = folder();
    let complete = |words: &[&str]| {
        let mut command = folder.command("");
        command.env("STARCOURT_COMPLETE", "bash").env("_CLAP_COMPLETE_INDEX", (words.len() - 1).to_string());
        command.env("_CLAP_IFS", "\n").env("STARCOURT_RIG", folder.path("rig.toml"));
        command.arg("--").args(words);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(complete(&["starcourt", "ca"]).contains("calibrate"));
    assert_eq!(complete(&["starcourt", "play", "fe"]).trim(), "feelings");
    assert!(complete(&["starcourt", "test", ""]).lines().any(|line| line == "both"));
}

/// The indented example on the page of `starcourt help TOPIC`.
fn example(topic: &str) -> String {
    let page = Folder::new("").run(&format!("help {topic}")).with(0, &[]).said;
    let lines = page.lines().filter_map(|line| line.strip_prefix("    ").or(line.is_empty().then_some("")));
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn the_examples_of_the_help_are_files_without_a_fault() {
    let folder = Folder::new(&example("rig"));
    folder.write("shows/first.show", &example("show"));
    let schedule = example("schedule");
    let start = schedule.find("[schedule]").unwrap();
    let entries: String = schedule[start..]
        .lines()
        .take_while(|line| !line.is_empty())
        .map(|line| format!("{line}\n"))
        .collect();
    assert_eq!(entries.lines().count(), 3, "{schedule}");
    folder.write("shows/schedule.toml", &entries);
    let told = run(&folder, "check").with(0, &["3 channels, fine", "4 cues, fine", "2 entries, fine"]).said;
    assert!(!told.contains("warning"), "{told}");
}

#[test]
fn a_file_or_folder_that_is_not_there_is_told_in_plain_words() {
    let folder = folder();
    let play = "play feelings --silent --lock-dir lock";
    for (words, code, why) in [
        ("check --schedule none.toml", 65, "there is no such file; name the schedule with --schedule FILE"),
        ("check --shows nowhere", 65, "there is no folder nowhere"),
        ("check --shows rig.toml", 65, "this is a file; name the folder that it is in"),
        ("check shows", 65, "write: --shows shows"),
        ("check nowhere/a.show", 65, "there is no folder nowhere"),
        ("check shows/feeling.show", 65, "did you mean `shows/feelings.show`?"),
        ("check rig.toml/a.show", 65, "rig.toml is a file, not a folder"),
        (&format!("{play} --trace no/a.csv"), 1, "there is no folder no; run: mkdir -p no"),
        (&format!("{play} --pins no/pins"), 1, "run: mkdir -p "),
        ("render feelings -o no/x.svg", 1, "there is no folder no; run: mkdir -p no"),
        ("check shows/rig.toml", 2, "`starcourt check --rig shows/rig.toml`"),
        ("check shows/schedule.toml", 2, "`starcourt check --schedule shows/schedule.toml`"),
    ] {
        let ended = run(&folder, words).with(code, &[why]);
        assert!(!format!("{ended:?}").contains("os error"), "{ended:?}");
    }
    for (rig, why) in [
        ("none.toml", "there is no such file; name the rig with --rig FILE"),
        ("no/rig.toml", "there is no folder no"),
        ("shows", "this is a directory"),
        ("shows/feelings.show/rig.toml", "feelings.show is a file, not a folder"),
    ] {
        let told = folder.run(&format!("check --output sim --rig {rig}")).with(65, &[why]);
        assert!(!told.told.contains("os error"), "{told:?}");
    }
}

#[test]
fn a_show_in_the_current_folder_is_told_with_the_way_to_it() {
    let folder = folder();
    folder.write("porch.show", "length 0:01\n0:00 porch on\n");
    for words in ["play porch --lock-dir lock", "check porch", "render porch"] {
        run(&folder, words).with(65, &["porch.show is in this folder", "add `--shows .`", "to shows"]);
        let ended = run(&folder, &format!("{words} --shows ."));
        assert!(ended.code == 0 && !format!("{ended:?}").contains("is in this folder"), "{ended:?}");
    }
    assert!(!run(&folder, "list").said.contains("is in this folder"));
    std::fs::remove_file(folder.path("shows/feelings.show")).unwrap();
    run(&folder, "list").with(0, &["no shows in shows", "porch.show is in this folder"]);
    run(&folder, "play").with(2, &["which show?", "porch.show is in this folder"]);
    run(&folder, "check").with(0, &["not checked: porch.show is in this folder"]);
    assert!(!run(&folder, "list --shows nowhere/..").said.contains("is in this folder"));
    std::fs::remove_dir(folder.path("shows")).unwrap();
    run(&folder, "list").with(65, &["there is no folder shows", "porch.show is in this folder"]);
}

#[test]
fn a_show_that_is_rendered_is_named_as_in_play() {
    let folder = folder();
    run(&folder, "render").with(2, &["which show?", "`starcourt render feelings`"]);
    run(&folder, "render feelings.ogg").with(2, &["did you mean `feelings`?"]);
    run(&folder, "render shows/feelings").with(65, &["did you mean `feelings`?"]);
    run(&folder, "render none.ogg").with(2, &["none.ogg is no show", "`starcourt list`"]);
}

#[test]
fn who_has_no_rig_is_told_how_one_is_written() {
    let folder = folder();
    for words in ["list", "check", "render feelings", "play feelings --lock-dir lock", "test --lock-dir lock"]
    {
        let told = folder.run(&format!("{words} --output sim")).with(65, &["there is no rig"]).told;
        assert!(told.contains("`starcourt new --rig`"), "{words}: {told}");
    }
    folder.run("doctor --output sim --lock-dir lock").with(1, &["`starcourt new --rig`"]);
    folder.run("new rig").with(2, &["`starcourt new --rig`"]);
    folder.run("new --rig strips.toml").with(2, &["--channels 4 -o strips.toml", "right -o strips.toml"]);
    for count in ["four", "40", "0"] {
        folder
            .run(&format!("new --rig --channels {count}"))
            .with(2, &["write how many lights, in digits: 1 to 26"]);
    }
}

#[test]
fn an_order_to_nobody_says_so() {
    let folder = folder();
    folder.run("reload --lock-dir lock").with(3, &["no service runs"]);
    folder.run("seek + 2 bars --lock-dir lock").with(3, &["nothing is playing"]);
    folder.run("seek 2 bars --lock-dir lock").with(2, &["`starcourt seek 2.1`"]);
}

#[test]
fn files_of_other_programs_are_told_as_what_they_are() {
    let folder = folder();
    let sound = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sounds/chirp.mp3");
    std::fs::copy(sound, folder.path("shows/song.show")).unwrap();
    folder.write("shows/lms.show", "<?xml version=\"1.0\"?>\n<sequence/>\n");
    run(&folder, "check song").with(65, &["this is MP3 music, not a cue sheet"]);
    run(&folder, "check lms").with(65, &["an XML or HTML file of another program, not a cue sheet"]);
    folder.run("check --output sim --rig shows/lms.show").with(65, &["not a rig"]);
}
