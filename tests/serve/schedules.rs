//! What plays by itself, and what is said to it meanwhile.

use std::fs::File;
use std::time::{Duration, SystemTime};

use crate::theatre::{DIARY, DUSK, GONG, MALL, SAFE, Theatre};
use crate::venue::until;

/// Far longer than a show takes to begin.
const BEGINS_US: u64 = 50_000;

const CHIMES: &str = "[playlists]\nchimes = [\"ding\", \"dong\"]\n[schedule]\nday = { play = \"chimes\" }\n";

#[test]
fn an_idle_service_answers_and_its_lines_are_driven_and_safe() {
    let theatre = Theatre::new("");
    let service = theatre.serve();
    theatre.comes_to_show(SAFE);
    theatre.tell("status").with(0, &["idle"]);
    theatre.tell("pause").with(1, &[]);
    theatre.ends(service);
}

#[test]
fn one_show_follows_another_in_the_order_of_the_playlist() {
    let theatre = Theatre::new(&format!("{CHIMES}{DIARY}"));
    let service = theatre.serve();
    theatre.diary_comes_to(|_| theatre.begun().len() >= 4);
    assert_eq!(theatre.begun()[..4], ["ding", "dong", "ding", "dong"]);
    theatre.ends(service);
}

#[test]
fn a_pause_stands_between_shows_with_its_look() {
    let theatre = Theatre::new(&format!(
        "between = \"dusk\"\n[looks]\ndusk = {{ neon = \"on\", garland = \"on\" }}\n[playlists]\n\
         chimes = {{ shows = [\"ding\", \"dong\"], pause = \"2 s\" }}\n\
         [schedule]\nday = {{ play = \"chimes\" }}\n{DIARY}"
    ));
    let service = theatre.serve();
    theatre.diary_comes_to(|diary| diary.contains(&"end ding".to_owned()));
    theatre.comes_to_show(DUSK);
    theatre.comes_to_rest("pause");
    assert_eq!(theatre.begun(), ["ding"]);
    theatre.diary_comes_to(|_| theatre.begun().len() == 2);
    theatre.diary_comes_to(|diary| diary.contains(&"end dong".to_owned()));
    theatre.comes_to_show(DUSK);
    theatre.ends(service);
}

#[test]
fn what_stands_between_shows_makes_room_for_one_and_comes_back() {
    let theatre = Theatre::new("between = \"dusk\"\n[looks]\ndusk = { neon = \"on\", garland = \"on\" }\n");
    let service = theatre.serve();
    theatre.comes_to_show(DUSK);
    theatre.comes_to_rest("nothing is scheduled");
    theatre.play("ding").end().with(0, &["ding has played to its end"]);
    theatre.comes_to_show(DUSK);
    theatre.ends(service);
}

#[test]
fn a_stop_holds_the_schedule_until_it_is_resumed() {
    for word in ["resume", "next"] {
        let theatre = Theatre::new("[schedule]\nday = { play = \"mall\" }\n");
        let service = theatre.serve();
        theatre.comes_to("playing", "mall");
        theatre.tell("stop").with(0, &["ends mall at"]);
        theatre.comes_to_rest("stopped");
        theatre.comes_to_show(SAFE);
        // As often as it asks the schedule in that time.
        std::thread::sleep(Duration::from_millis(2_500));
        theatre.comes_to_rest("stopped");
        theatre.tell(word).with(0, &["goes on with the schedule"]);
        theatre.comes_to("playing", "mall");
        theatre.ends(service);
    }
}

#[test]
fn a_next_ends_a_show_and_the_schedule_goes_on() {
    let theatre =
        Theatre::new("[playlists]\nall = [\"mall\", \"gong\"]\n[schedule]\nday = { play = \"all\" }\n");
    let service = theatre.serve();
    for show in ["mall", "gong", "mall"] {
        theatre.comes_to("playing", show);
        theatre.tell("next").with(0, &[show]);
    }
    theatre.ends(service);
}

#[test]
fn an_interrupted_show_of_the_schedule_goes_on_where_it_was() {
    let theatre = Theatre::new(&format!("[schedule]\nday = {{ play = \"mall\" }}\n{DIARY}"));
    let service = theatre.serve();
    let position = || theatre.now()["show"]["position_us"].as_u64().unwrap_or_default();
    until("a second on", || position() > 1_000_000);
    theatre.tell("pause").with(0, &[]);
    theatre.comes_to("paused", "mall");
    let before = position();
    theatre.play("ding --interrupt").end().with(0, &["ding has played to its end"]);
    theatre.comes_to("paused", "mall");
    // It begins before it is paused again.
    assert!(position().abs_diff(before) <= BEGINS_US, "paused at {before} µs, then at {}", position());
    theatre.comes_to_show(MALL);
    theatre.ends(service);
    assert_eq!(theatre.begun(), ["mall", "ding"]);
}

#[test]
fn a_show_that_cannot_be_read_is_told_and_the_others_play() {
    let theatre = Theatre::new(&format!(
        "[playlists]\nall = [\"broken\", \"ding\"]\n[schedule]\nday = {{ play = \"all\" }}\n{DIARY}"
    ));
    theatre.venue.write("shows/broken.show", "0:00  nobody  on\n");
    let service = theatre.serve();
    theatre.diary_comes_to(|_| theatre.begun().iter().filter(|show| *show == "ding").count() >= 2);
    let said = theatre.ends(service).said;
    assert!(said.contains("show broken cannot be played") && said.contains("nobody"), "{said}");
}

#[test]
fn a_show_that_is_missing_is_told_once_and_the_others_play() {
    let theatre = Theatre::new(&format!(
        "between = \"snow\"\n[playlists]\nall = [\"gone\", \"ding\"]\n[schedule]\nday = {{ play = \"all\" }}\n\
         late = {{ play = \"away\", priority = 5 }}\n[shows]\ngone = {{ volume = \"50 %\" }}\n{DIARY}"
    ));
    let service = theatre.serve();
    theatre.diary_comes_to(|_| theatre.begun().iter().filter(|show| *show == "ding").count() >= 3);
    let said = theatre.ends(service).said;
    for show in ["gone", "away", "snow"] {
        assert_eq!(said.matches(&format!("show {show} cannot be played")).count(), 1, "{show} in:\n{said}");
    }
}

#[test]
fn a_schedule_that_names_only_missing_shows_still_serves_and_plays_them_once_they_are_there() {
    let theatre = Theatre::new("[schedule]\nday = { play = \"gone\" }\n");
    let service = theatre.serve();
    theatre.comes_to_rest("nothing of gone can be played");
    theatre.play("ding").end().with(0, &["ding has played to its end"]);
    std::fs::create_dir(theatre.venue.path("shows/gone.show")).unwrap();
    let looks = || theatre.tell("resume");
    looks();
    until("told", || service.said().matches("show gone cannot be played").count() == 2);
    theatre.comes_to_rest("nothing of gone can be played");
    std::fs::remove_dir(theatre.venue.path("shows/gone.show")).unwrap();
    theatre.venue.write("shows/gone.show", "length  10:00\n0:00  garland  on\n0:00  exit  off\n");
    until("mended", || {
        looks();
        service.said().contains("show gone can be played now")
    });
    theatre.comes_to("playing", "gone");
    theatre.ends(service);
}

#[test]
fn shows_without_music_or_without_a_folder_end_no_service() {
    let theatre = Theatre::new(&format!(
        "[playlists]\nall = [\"mute\", \"ding\"]\n[schedule]\nday = {{ play = \"all\" }}\n{DIARY}"
    ));
    theatre.venue.write("shows/mute.show", "audio gone.flac\n0:00  neon  on\n");
    let service = theatre.serve();
    theatre.diary_comes_to(|_| theatre.begun().iter().filter(|show| *show == "ding").count() >= 2);
    theatre.ends(service);

    let mut command = theatre.command("serve --output sim --pins pins --shows nowhere");
    command.arg("--schedule").arg(theatre.venue.path("shows/schedule.toml"));
    let service = theatre.launch(command);
    theatre.comes_to_rest("nothing of all can be played");
    let said = theatre.ends(service).said;
    assert!(said.contains("there is no folder nowhere"), "{said}");
}

#[test]
fn a_show_that_vanishes_while_the_service_runs_is_passed_over_and_told_once() {
    let theatre = Theatre::new(&format!(
        "[playlists]\nall = [\"dong\", \"ding\"]\n[schedule]\nday = {{ play = \"all\" }}\n{DIARY}"
    ));
    let service = theatre.serve();
    theatre.diary_comes_to(|_| !theatre.begun().is_empty());
    std::fs::remove_file(theatre.venue.path("shows/dong.show")).unwrap();
    let dings = || theatre.begun().iter().filter(|show| *show == "ding").count();
    let before = dings();
    theatre.diary_comes_to(|_| dings() > before + 3);
    let said = theatre.ends(service).said;
    assert_eq!(said.matches("show dong cannot be played").count(), 1, "{said}");
}

#[test]
fn a_rig_or_schedule_that_breaks_later_is_told_and_the_old_one_goes_on() {
    let theatre = Theatre::new("[schedule]\nday = { play = \"mall\" }\n");
    let service = theatre.serve();
    theatre.comes_to("playing", "mall");
    theatre.venue.write("rig.toml", "[channels]\nneon = 4\n");
    theatre.venue.write("shows/schedule.toml", "[schedule]\nday = { play = \"mall\", from = \"never\" }\n");
    theatre.tell("next").with(0, &["ends mall"]);
    until("told", || service.said().matches("has changed and cannot be used").count() == 2);
    theatre.comes_to("playing", "mall");
    theatre.tell("next").with(0, &["ends mall"]);
    theatre.comes_to("playing", "mall");
    theatre.comes_to_show(MALL);
    let said = theatre.ends(service).said;
    assert_eq!(said.matches("has changed").count(), 2, "told once:\n{said}");
    theatre.service().output().map(|ended| assert_eq!(ended.status.code(), Some(65))).unwrap();
}

#[test]
fn a_memory_that_cannot_be_written_is_told_once_and_loses_no_show() {
    let theatre = Theatre::new(&format!("{CHIMES}{DIARY}"));
    let service = theatre.serve();
    theatre.diary_comes_to(|_| !theatre.begun().is_empty());
    // No file takes the place of a folder.
    let memory = theatre.venue.path("lock/rotation");
    until("in the way", || {
        let _ = std::fs::remove_file(&memory);
        std::fs::create_dir(&memory).is_ok()
    });
    let before = theatre.begun().len();
    theatre.diary_comes_to(|_| theatre.begun().len() >= before + 4);
    assert_eq!(service.said().matches("was not written down").count(), 1, "{}", service.said());
    std::fs::remove_dir(&memory).unwrap();
    until("told", || service.said().contains("is written down again"));
    let begun = theatre.begun();
    assert!(begun.windows(2).all(|pair| pair[0] != pair[1]), "none twice, none left out: {begun:?}");
    theatre.ends(service);
}

#[test]
fn a_clock_before_the_schedule_was_written_is_not_believed() {
    // Where a time server speaks for the clock nothing else counts.
    let is_kept = starcourt::clock::set::is_synchronised();
    let theatre = Theatre::new("[schedule]\nday = { play = \"mall\" }\n");
    let tomorrow = SystemTime::now() + Duration::from_secs(86_400);
    File::open(theatre.venue.path("shows/schedule.toml")).unwrap().set_modified(tomorrow).unwrap();
    let service = theatre.serve();
    if is_kept {
        theatre.comes_to("playing", "mall");
    } else {
        theatre.comes_to_rest("schedule.toml was written");
        theatre.tell("status").with(0, &["waits for a time server", "sudo date -s"]);
        // A person's show asks no clock.
        let gong = theatre.play("gong");
        theatre.comes_to_show(GONG);
        drop(gong);
    }
    theatre.comes_to_show(if is_kept { MALL } else { SAFE });
    theatre.ends(service);
}

#[test]
fn what_still_has_the_schedules_old_name_is_told_with_the_command_that_renames_it() {
    let theatre = Theatre::new("");
    std::fs::rename(theatre.venue.path("shows/schedule.toml"), theatre.venue.path("shows/programme.toml"))
        .unwrap();
    let mut command = theatre.service();
    command.env("STARCOURT_PROGRAMME", "/etc/starcourt/lights.toml");
    let service = theatre.launch(command);
    let said = theatre.ends(service).said;
    for words in [
        "shows/programme.toml is not read: the schedule is called schedule.toml now",
        "run: mv -n shows/programme.toml shows/schedule.toml",
        "STARCOURT_PROGRAMME is set, and not read",
        "run: export STARCOURT_SCHEDULE=/etc/starcourt/lights.toml; unset STARCOURT_PROGRAMME",
    ] {
        assert!(said.contains(words), "no {words:?} in {said}");
    }
}
