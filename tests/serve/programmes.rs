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
fn a_stop_holds_the_programme_until_it_is_resumed() {
    for word in ["resume", "next"] {
        let theatre = Theatre::new("[schedule]\nday = { play = \"mall\" }\n");
        let service = theatre.serve();
        theatre.comes_to("playing", "mall");
        theatre.tell("stop").with(0, &["ends mall at"]);
        theatre.comes_to_rest("stopped");
        theatre.comes_to_show(SAFE);
        // As often as it asks the programme in that time.
        std::thread::sleep(Duration::from_millis(2_500));
        theatre.comes_to_rest("stopped");
        theatre.tell(word).with(0, &["goes on with the programme"]);
        theatre.comes_to("playing", "mall");
        theatre.ends(service);
    }
}

#[test]
fn a_next_ends_a_show_and_the_programme_goes_on() {
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
fn an_interrupted_show_of_the_programme_goes_on_where_it_was() {
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
fn a_clock_before_the_programme_was_written_is_not_believed() {
    // Where a time server speaks for the clock nothing else counts.
    let is_kept = starcourt::clock::set::is_synchronised();
    let theatre = Theatre::new("[schedule]\nday = { play = \"mall\" }\n");
    let tomorrow = SystemTime::now() + Duration::from_secs(86_400);
    File::open(theatre.venue.path("shows/programme.toml")).unwrap().set_modified(tomorrow).unwrap();
    let service = theatre.serve();
    if is_kept {
        theatre.comes_to("playing", "mall");
    } else {
        theatre.comes_to_rest("programme.toml was written");
        theatre.tell("status").with(0, &["waits for a time server", "sudo date -s"]);
        // A person's show asks no clock.
        let gong = theatre.play("gong");
        theatre.comes_to_show(GONG);
        drop(gong);
    }
    theatre.comes_to_show(if is_kept { MALL } else { SAFE });
    theatre.ends(service);
}
