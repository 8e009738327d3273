//! What plays by itself, and what is said to it meanwhile.

use std::fs::File;
use std::time::{Duration, SystemTime};

use crate::common::launch::until;
use crate::setup::{DIARY, DUSK, GONG, MALL, SAFE, Setup};

/// Far longer than a show takes to begin.
const BEGINS_US: u64 = 50_000;

const CHIMES: &str = "[playlists]\nchimes = [\"ding\", \"dong\"]\n[schedule]\nday = { play = \"chimes\" }\n";

#[test]
fn an_idle_service_answers_and_its_lines_are_driven_and_safe() {
    let setup = Setup::new("");
    let service = setup.serve();
    setup.comes_to_show(SAFE);
    setup.tell("status").with(0, &["idle"]);
    setup.tell("pause").with(3, &["nothing is playing"]);
    setup.ends(service);
}

#[test]
fn one_show_follows_another_in_the_order_of_the_playlist() {
    let setup = Setup::new(&format!("{CHIMES}{DIARY}"));
    let service = setup.serve();
    setup.diary_comes_to(|_| setup.begun().len() >= 4);
    assert_eq!(setup.begun()[..4], ["ding", "dong", "ding", "dong"]);
    setup.ends(service);
}

#[test]
fn a_pause_stands_between_shows_with_its_look() {
    let setup = Setup::new(&format!(
        "between = \"dusk\"\n[looks]\ndusk = {{ neon = \"on\", garland = \"on\" }}\n[playlists]\n\
         chimes = {{ shows = [\"ding\", \"dong\"], pause = \"2 s\" }}\n\
         [schedule]\nday = {{ play = \"chimes\" }}\n{DIARY}"
    ));
    let service = setup.serve();
    setup.diary_comes_to(|diary| diary.contains(&"end ding".to_owned()));
    setup.comes_to_show(DUSK);
    setup.comes_to_rest("dong about ");
    assert_eq!(setup.begun(), ["ding"]);
    setup.diary_comes_to(|_| setup.begun().len() == 2);
    setup.diary_comes_to(|diary| diary.contains(&"end dong".to_owned()));
    setup.comes_to_show(DUSK);
    setup.ends(service);
}

#[test]
fn what_stands_between_shows_makes_room_for_one_and_comes_back() {
    let setup = Setup::new("between = \"dusk\"\n[looks]\ndusk = { neon = \"on\", garland = \"on\" }\n");
    let service = setup.serve();
    setup.comes_to_show(DUSK);
    setup.comes_to_rest("nothing is scheduled");
    setup.play("ding").end().with(0, &["ding has played to its end"]);
    setup.comes_to_show(DUSK);
    setup.ends(service);
}

#[test]
fn a_stop_holds_the_schedule_until_it_is_resumed() {
    for word in ["resume", "next"] {
        let setup = Setup::new("[schedule]\nday = { play = \"mall\" }\n");
        let service = setup.serve();
        setup.comes_to("playing", "mall");
        setup.tell("stop").with(0, &["ends mall at"]);
        setup.comes_to_rest("stopped");
        setup.comes_to_show(SAFE);
        // As often as it asks the schedule in that time.
        std::thread::sleep(Duration::from_millis(2_500));
        setup.comes_to_rest("stopped");
        setup.tell(word).with(0, &["resumed the schedule"]);
        setup.comes_to("playing", "mall");
        setup.ends(service);
    }
}

#[test]
fn a_next_ends_a_show_and_the_schedule_goes_on() {
    let setup = Setup::new("[playlists]\nall = [\"mall\", \"gong\"]\n[schedule]\nday = { play = \"all\" }\n");
    let service = setup.serve();
    for show in ["mall", "gong", "mall"] {
        setup.comes_to("playing", show);
        setup.tell("next").with(0, &[show]);
    }
    setup.ends(service);
}

#[test]
fn a_next_tells_which_show_follows_and_when() {
    let setup = Setup::new(
        "[playlists]\nall = { shows = [\"mall\", \"gong\"], pause = \"3 min\" }\n[schedule]\nday = { play = \"all\" }\n",
    );
    let service = setup.serve();
    setup.comes_to("playing", "mall");
    until("known", || setup.now()["next"].as_str().is_some_and(|next| next.starts_with("gong about ")));
    setup.tell("next").with(0, &["ends mall at 0:0", "; gong follows at "]);
    setup.comes_to_rest("gong about ");
    setup.tell("next").with(0, &["skips the pause; gong follows"]);
    setup.comes_to("playing", "gong");
    setup.ends(service);
}

#[test]
fn an_interrupted_show_of_the_schedule_goes_on_where_it_was() {
    let setup = Setup::new(&format!("[schedule]\nday = {{ play = \"mall\" }}\n{DIARY}"));
    let service = setup.serve();
    let position = || setup.now()["show"]["position_us"].as_u64().unwrap_or_default();
    until("a second on", || position() > 1_000_000);
    setup.tell("pause").with(0, &[]);
    setup.comes_to("paused", "mall");
    let before = position();
    setup.play("ding --interrupt").end().with(0, &["ding has played to its end"]);
    setup.comes_to("paused", "mall");
    // It begins before it is paused again.
    assert!(position().abs_diff(before) <= BEGINS_US, "paused at {before} µs, then at {}", position());
    setup.comes_to_show(MALL);
    setup.ends(service);
    assert_eq!(setup.begun(), ["mall", "ding"]);
}

#[test]
fn a_show_that_cannot_be_read_is_told_and_the_others_play() {
    let setup = Setup::new(&format!(
        "[playlists]\nall = [\"broken\", \"ding\"]\n[schedule]\nday = {{ play = \"all\" }}\n{DIARY}"
    ));
    setup.folder.write("shows/broken.show", "0:00  nobody  on\n");
    let service = setup.serve();
    setup.diary_comes_to(|_| setup.begun().iter().filter(|show| *show == "ding").count() >= 2);
    let said = setup.ends(service).said;
    assert!(said.contains("show broken cannot be played") && said.contains("nobody"), "{said}");
}

#[test]
fn a_show_that_is_missing_is_told_once_and_the_others_play() {
    let setup = Setup::new(&format!(
        "between = \"snow\"\n[playlists]\nall = [\"gone\", \"ding\"]\n[schedule]\nday = {{ play = \"all\" }}\n\
         late = {{ play = \"away\", priority = 5 }}\n[shows]\ngone = {{ volume = \"50 %\" }}\n{DIARY}"
    ));
    let service = setup.serve();
    setup.diary_comes_to(|_| setup.begun().iter().filter(|show| *show == "ding").count() >= 3);
    let said = setup.ends(service).said;
    for show in ["gone", "away", "snow"] {
        assert_eq!(said.matches(&format!("show {show} cannot be played")).count(), 1, "{show} in:\n{said}");
    }
}

#[test]
fn a_schedule_that_names_only_missing_shows_still_serves_and_plays_them_once_they_are_there() {
    let setup = Setup::new("[schedule]\nday = { play = \"gone\" }\n");
    let service = setup.serve();
    setup.comes_to_rest("nothing of gone can be played");
    setup.play("ding").end().with(0, &["ding has played to its end"]);
    std::fs::create_dir(setup.folder.path("shows/gone.show")).unwrap();
    let looks = || setup.tell("resume");
    looks();
    until("told", || service.said().matches("show gone cannot be played").count() == 2);
    setup.comes_to_rest("nothing of gone can be played");
    std::fs::remove_dir(setup.folder.path("shows/gone.show")).unwrap();
    setup.folder.write("shows/gone.show", "length  10:00\n0:00  garland  on\n0:00  exit  off\n");
    until("mended", || {
        looks();
        service.said().contains("show gone can be played now")
    });
    setup.comes_to("playing", "gone");
    setup.ends(service);
}

#[test]
fn shows_without_music_or_without_a_folder_end_no_service() {
    let setup = Setup::new(&format!(
        "[playlists]\nall = [\"mute\", \"ding\"]\n[schedule]\nday = {{ play = \"all\" }}\n{DIARY}"
    ));
    setup.folder.write("shows/mute.show", "audio gone.flac\n0:00  neon  on\n");
    let service = setup.serve();
    setup.diary_comes_to(|_| setup.begun().iter().filter(|show| *show == "ding").count() >= 2);
    setup.ends(service);

    let mut command = setup.command("serve --output sim --pins pins --shows nowhere");
    command.arg("--schedule").arg(setup.folder.path("shows/schedule.toml"));
    let service = setup.launch(command);
    setup.comes_to_rest("nothing of all can be played");
    let said = setup.ends(service).said;
    assert!(said.contains("there is no folder nowhere"), "{said}");
}

#[test]
fn a_show_that_vanishes_while_the_service_runs_is_passed_over_and_told_once() {
    let setup = Setup::new(&format!(
        "[playlists]\nall = [\"dong\", \"ding\"]\n[schedule]\nday = {{ play = \"all\" }}\n{DIARY}"
    ));
    let service = setup.serve();
    setup.diary_comes_to(|_| !setup.begun().is_empty());
    std::fs::remove_file(setup.folder.path("shows/dong.show")).unwrap();
    let dings = || setup.begun().iter().filter(|show| *show == "ding").count();
    let before = dings();
    setup.diary_comes_to(|_| dings() > before + 3);
    let said = setup.ends(service).said;
    assert_eq!(said.matches("show dong cannot be played").count(), 1, "{said}");
}

#[test]
fn a_rig_or_schedule_that_breaks_later_is_told_and_the_old_one_goes_on() {
    let setup = Setup::new("[schedule]\nday = { play = \"mall\" }\n");
    let service = setup.serve();
    setup.comes_to("playing", "mall");
    setup.folder.write("rig.toml", "[channels]\nneon = 4\n");
    setup.folder.write("shows/schedule.toml", "[schedule]\nday = { play = \"mall\", from = \"never\" }\n");
    setup.tell("next").with(0, &["ends mall"]);
    until("told", || service.said().matches("has changed and cannot be used").count() == 2);
    setup.comes_to("playing", "mall");
    setup.tell("next").with(0, &["ends mall"]);
    setup.comes_to("playing", "mall");
    setup.comes_to_show(MALL);
    let said = setup.ends(service).said;
    assert_eq!(said.matches("has changed").count(), 2, "told once:\n{said}");
    setup.service().output().map(|ended| assert_eq!(ended.status.code(), Some(65))).unwrap();
}

#[test]
fn a_memory_that_cannot_be_written_is_told_once_and_loses_no_show() {
    let setup = Setup::new(&format!("{CHIMES}{DIARY}"));
    let service = setup.serve();
    setup.diary_comes_to(|_| !setup.begun().is_empty());
    // No file takes the place of a folder.
    let memory = setup.folder.path("lock/rotation");
    until("in the way", || {
        let _ = std::fs::remove_file(&memory);
        std::fs::create_dir(&memory).is_ok()
    });
    let before = setup.begun().len();
    setup.diary_comes_to(|_| setup.begun().len() >= before + 4);
    assert_eq!(service.said().matches("was not written down").count(), 1, "{}", service.said());
    std::fs::remove_dir(&memory).unwrap();
    until("told", || service.said().contains("is written down again"));
    let begun = setup.begun();
    assert!(begun.windows(2).all(|pair| pair[0] != pair[1]), "none twice, none left out: {begun:?}");
    setup.ends(service);
}

#[test]
fn a_clock_before_the_schedule_was_written_is_not_believed() {
    // Where a time server speaks for the clock nothing else counts.
    let is_kept = starcourt::clock::set::is_synchronised();
    let setup = Setup::new("[schedule]\nday = { play = \"mall\" }\n");
    let tomorrow = SystemTime::now() + Duration::from_secs(86_400);
    File::open(setup.folder.path("shows/schedule.toml")).unwrap().set_modified(tomorrow).unwrap();
    let service = setup.serve();
    if is_kept {
        setup.comes_to("playing", "mall");
    } else {
        setup.comes_to_rest("schedule.toml was written");
        setup.tell("status").with(0, &["waits for a time server", "sudo date -s"]);
        // A person's show asks no clock.
        let gong = setup.play("gong");
        setup.comes_to_show(GONG);
        drop(gong);
    }
    setup.comes_to_show(if is_kept { MALL } else { SAFE });
    setup.ends(service);
}

#[test]
fn what_still_has_the_schedules_old_name_is_told_with_the_command_that_renames_it() {
    let setup = Setup::new("");
    std::fs::rename(setup.folder.path("shows/schedule.toml"), setup.folder.path("shows/programme.toml"))
        .unwrap();
    let mut command = setup.service();
    command.env("STARCOURT_PROGRAMME", "/etc/starcourt/lights.toml");
    let service = setup.launch(command);
    let said = setup.ends(service).said;
    for words in [
        "shows/programme.toml is not read: the schedule is called schedule.toml now",
        "run: mv -n shows/programme.toml shows/schedule.toml",
        "STARCOURT_PROGRAMME is set, and not read",
        "run: export STARCOURT_SCHEDULE=/etc/starcourt/lights.toml; unset STARCOURT_PROGRAMME",
    ] {
        assert!(said.contains(words), "no {words:?} in {said}");
    }
}
