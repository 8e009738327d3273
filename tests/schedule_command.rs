//! `starcourt schedule` and `starcourt check`, as a person starts them.
#![allow(clippy::unwrap_used)]

use std::process::{Command, Output};

const RIG: &str = "[channels]\nstar = { pin = 17, kind = \"pwm\" }\n";
const SCHEDULE: &str = "closed = \"Dec 26\"\n[place]\ntimezone = \"Europe/Berlin\"\n\
                         [schedule]\n\
                         evenings = { play = \"carol\", days = \"mon to fri\", from = \"18:00\", to = \"18:03\" }\n\
                         [quiet]\nlate = { from = \"18:02\", to = \"22:00\", volume = \"40 %\" }\n";

/// Starts the program in a folder with a rig, a show of a minute and `schedule`.
fn starcourt(schedule: &str, words: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    std::fs::create_dir(folder.path().join("shows")).unwrap();
    file("shows/rig.toml", RIG);
    file("shows/carol.show", "length 1:00\n0:01.000  star  on\n");
    file("shows/schedule.toml", schedule);
    let mut command = Command::new(env!("CARGO_BIN_EXE_starcourt"));
    command.args(words).args(["--output", "sim", "--shows", "shows", "--rig", "shows/rig.toml"]);
    command.args(["--schedule", "shows/schedule.toml"]);
    command.env("TZ", "America/New_York").current_dir(folder.path()).output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn the_coming_days_are_printed_with_the_reason_for_those_without_shows() {
    let output = starcourt(SCHEDULE, &["schedule", "--at", "2026-12-25", "--days", "3"]);
    let expected = "\
times in Europe/Berlin (UTC+01:00)

Friday, 25 December 2026
  18:00-18:02  evenings: carol
  18:02-18:03  evenings: carol, volume 40 %

Saturday, 26 December 2026
  no shows: closed

Sunday, 27 December 2026
  no shows: evenings is not on this day of the week
";
    assert_eq!(text(&output), expected, "{output:?}");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn the_day_on_which_the_clocks_change_is_told() {
    let output = starcourt(SCHEDULE, &["schedule", "--at", "2026-10-23", "--days", "4"]);
    let line = "times in Europe/Berlin (UTC+02:00, and UTC+01:00 from Sunday, 25 October on)\n\n";
    assert!(text(&output).starts_with(line), "{output:?}");
}

#[test]
fn a_show_that_is_missing_is_a_warning_while_the_others_of_its_playlist_play() {
    for (shows, code, words) in
        [("[\"carol\", \"carl\"]", 0, "1 warning"), ("[\"carl\"]", 65, "did you mean `carol`?")]
    {
        let schedule = format!(
            "[playlists]\nall = {shows}\n[schedule]\na = {{ play = \"all\", from = \"0:00\", to = \"24:00\" }}\n"
        );
        let checked = starcourt(&schedule, &["check"]);
        assert!(text(&checked).contains(words), "{checked:?}");
        let told = starcourt(&schedule, &["schedule"]);
        assert!(text(&told).contains("show carl cannot be played"), "{told:?}");
        assert_eq!((checked.status.code(), told.status.code()), (Some(code), Some(code)));
    }
}

#[test]
fn an_entry_that_never_plays_is_no_secret_of_check() {
    let schedule = "[schedule]\nevening = { play = \"carol\", from = \"18:00\", to = \"22:00\" }\n\
                    bell = { play = \"carol\", at = \"19:00\" }\n";
    let output = starcourt(schedule, &["schedule", "--at", "2026-12-25"]);
    let warned = "1 warning; `starcourt check --rig shows/rig.toml --shows shows --schedule shows/schedule.toml \
                  --output sim` shows it\n";
    assert!(text(&output).ends_with(warned), "{}", text(&output));
    assert!(!text(&starcourt(SCHEDULE, &["schedule", "--at", "2026-12-25"])).contains("warning"));
}

#[test]
fn a_rehearsal_tells_every_start_and_end_by_the_clock_of_the_place() {
    let output = starcourt(SCHEDULE, &["schedule", "--at", "2026-12-25", "--days", "1", "--rehearse"]);
    let told = text(&output);
    let starts: Vec<&str> = told.lines().filter(|line| line.contains("starts")).collect();
    assert_eq!(starts.len(), 3, "{told}");
    assert_eq!(starts[0], "Fri 2026-12-25 18:00:00 +01:00  starts  carol  (evenings, volume 100 %)");
    assert_eq!(starts[2], "Fri 2026-12-25 18:02:00 +01:00  starts  carol  (evenings, volume 40 %)");
}

#[test]
fn other_programs_read_json() {
    let words = ["schedule", "--at", "2026-12-25", "--days", "1", "--json"];
    let days: serde_json::Value = serde_json::from_str(&text(&starcourt(SCHEDULE, &words))).unwrap();
    assert_eq!(days[0]["date"], "2026-12-25");
    assert_eq!(days[0]["stretches"][1]["from"], "2026-12-25T18:00:00+01:00");
    assert_eq!(days[0]["stretches"][1]["shows"][0], "carol");
    let words = [&words[..], &["--rehearse"]].concat();
    let events: serde_json::Value = serde_json::from_str(&text(&starcourt(SCHEDULE, &words))).unwrap();
    assert_eq!(events[1]["event"], "start");
}

#[test]
fn a_wrong_schedule_is_told_by_check_and_ends_with_65() {
    let fine = starcourt(SCHEDULE, &["check"]);
    assert!(text(&fine).contains("schedule shows/schedule.toml: 1 entry, fine"), "{fine:?}");
    let wrong = starcourt("[schedule]\na = { play = \"carl\" }\n", &["check"]);
    assert!(text(&wrong).contains("did you mean `carol`?"), "{wrong:?}");
    assert_eq!(wrong.status.code(), Some(65));
    let asked = starcourt("volume = 3\n", &["schedule"]);
    assert_eq!(asked.status.code(), Some(65));
}

#[test]
fn shows_elsewhere_are_checked_with_the_schedule_that_lies_beside_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    for (place, show) in [("shows", "carol"), ("porch", "storm")] {
        std::fs::create_dir(folder.path().join(place)).unwrap();
        file(&format!("{place}/{show}.show"), "length 1:00\n0:01.000  star  on\n");
        let day = format!("[schedule]\nday = {{ play = \"{show}\", from = \"0:00\", to = \"24:00\" }}\n");
        file(&format!("{place}/schedule.toml"), &day);
    }
    file("rig.toml", RIG);
    let check = |words: &[&str], variable: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_starcourt"));
        command.args(["check", "--output", "sim", "--rig", "rig.toml"]).args(words).env("TZ", "UTC");
        command.env_remove("STARCOURT_SCHEDULE").env("STARCOURT_SHOWS", variable);
        let output = command.current_dir(folder.path()).output().unwrap();
        (text(&output), output.status.code())
    };
    for (words, variable) in [(&["--shows", "porch"][..], ""), (&[][..], "porch")] {
        let (told, code) = check(words, variable);
        assert!(told.contains("schedule porch/schedule.toml: 1 entry, fine") && code == Some(0), "{told}");
    }
    if !std::path::Path::new("/etc/starcourt/schedule.toml").exists() {
        let (told, code) = check(&[], "");
        assert!(told.contains("schedule shows/schedule.toml: 1 entry, fine") && code == Some(0), "{told}");
    }
}

#[test]
fn a_day_without_time_for_its_entry_says_so_in_a_sentence() {
    // Beyond the polar circle the sun does not set in June: that night has no length.
    let text = "[place]\nlatitude = \"69.65 N\"\nlongitude = \"18.96 E\"\ntimezone = \"Europe/Oslo\"\n\
                [schedule]\ne = { play = \"carol\", from = \"sunset\", to = \"sunrise\" }\n";
    let output = starcourt(text, &["schedule", "--at", "2026-06-20", "--days", "1"]);
    let expected = "times in Europe/Oslo (UTC+02:00)\n\nSaturday, 20 June 2026\n  no shows: e has no time on this day, because its start and its end \
                    are one\n";
    assert_eq!(self::text(&output), expected, "{output:?}");
}

#[test]
fn shows_that_cannot_be_played_are_listed_as_such() {
    let schedule = "[playlists]\nboth = [\"carol\", \"gone\"]\n\
                     [schedule]\nevenings = { play = \"both\", from = \"18:00\", to = \"19:00\" }\n\
                     noon = { play = \"away\", at = \"12:00\" }\n";
    let day = ["schedule", "--at", "2026-12-25", "--days", "1"];
    let output = starcourt(schedule, &day);
    assert_eq!(output.status.code(), Some(65), "as check ends with it: {output:?}");
    let page = text(&output);
    for words in [
        "18:00-19:00  evenings: carol, gone (cannot be played)\n",
        "12:00        noon: away (cannot be played)\n",
        "show gone cannot be played:\nno show `gone` in shows",
    ] {
        assert!(page.contains(words), "no {words:?} in:\n{page}");
    }
    let told = text(&starcourt(schedule, &[&day[..], &["--json"]].concat()));
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let with_evenings = |stretch: &&serde_json::Value| stretch["entry"] == "evenings";
    let evenings = told[0]["stretches"].as_array().unwrap().iter().find(with_evenings).unwrap();
    assert!(evenings["cannot_play"]["gone"].as_str().unwrap().contains("no show `gone`"), "{evenings}");
    assert!(evenings["cannot_play"]["carol"].is_null(), "{evenings}");
    assert!(told[0]["once"][0]["cannot_play"]["away"].is_string(), "{told}");

    let rehearsed = starcourt(schedule, &[&day[..], &["--rehearse"]].concat());
    assert_eq!(rehearsed.status.code(), Some(65), "{rehearsed:?}");
    assert!(String::from_utf8_lossy(&rehearsed.stderr).contains("gone is passed over"), "{rehearsed:?}");
    assert_eq!(starcourt(schedule, &["check"]).status.code(), Some(65));
}

#[test]
fn what_still_has_the_schedules_old_name_is_told_until_its_command_has_run() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("shows")).unwrap();
    std::fs::write(folder.path().join("shows/rig.toml"), RIG).unwrap();
    std::fs::write(folder.path().join("shows/carol.show"), "length 1:00\n0:01.000  star  on\n").unwrap();
    std::fs::write(folder.path().join("shows/programme.toml"), SCHEDULE).unwrap();
    let starcourt = |words: &[&str], old_variable: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_starcourt"));
        command.args(words).args(["--output", "sim", "--rig", "shows/rig.toml"]);
        for variable in ["STARCOURT_SCHEDULE", "STARCOURT_SHOWS"] {
            command.env_remove(variable);
        }
        command.env("TZ", "UTC").env("STARCOURT_PROGRAMME", old_variable);
        let output = command.current_dir(folder.path()).output().unwrap();
        (String::from_utf8([output.stdout, output.stderr].concat()).unwrap(), output.status.code())
    };
    let rename = "mv -n shows/programme.toml shows/schedule.toml";
    let tells = [&["check"][..], &["doctor", "--lock-dir", "lock"], &["schedule", "--shows", "shows"]];
    for words in tells {
        let (told, code) = starcourt(words, "");
        assert!(told.contains("shows/programme.toml is not read") && told.contains(rename), "{told}");
        assert_ne!(code, Some(0), "{told}");
    }
    for words in &tells[..2] {
        let (told, _) = starcourt(words, "a.toml");
        assert!(told.contains("STARCOURT_PROGRAMME is set, and not read"), "{told}");
        assert!(told.contains("export STARCOURT_SCHEDULE=a.toml; unset STARCOURT_PROGRAMME"), "{told}");
    }
    let renamed = Command::new("bash").args(["-c", rename]).current_dir(folder.path()).status().unwrap();
    assert!(renamed.success());
    let (told, code) = starcourt(tells[0], "");
    assert!(told.contains("schedule shows/schedule.toml: 1 entry, fine"), "{told}");
    assert_eq!(code, Some(0), "{told}");
    assert!(!told.contains("programme"), "{told}");
}
