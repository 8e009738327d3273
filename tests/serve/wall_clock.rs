//! What comes with a time of day: the service's clock on the wall is another than the machine's.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::theatre::{DUSK, GONG, MALL, SAFE, Theatre};
use crate::venue::{Launch, until};

/// Lamps that are on or off go dark at half of it: far longer than a second press would leave of it, and than the
/// schedule waits before it says so again.
const FADE: Duration = Duration::from_secs(6);

/// The service, which takes the time to be `now`, as RFC 3339 writes it.
fn serve_at(theatre: &Theatre, now: &str) -> Launch {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/serve/wall_clock.c");
    let library = theatre.venue.path("wall_clock.so");
    let built = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(source).status();
    assert!(built.unwrap().success());
    let ahead = now.parse::<Timestamp>().unwrap().as_second() - Timestamp::now().as_second();
    let mut command = theatre.service();
    command.env("LD_PRELOAD", library).env("STARCOURT_TEST_AHEAD", ahead.to_string());
    theatre.launch(command)
}

/// With this stop_fade.
fn fading(theatre: &Theatre, fade: Duration) {
    let rig = theatre.venue.text("rig.toml");
    theatre.venue.write("rig.toml", &format!("stop_fade = \"{} s\"\n{rig}", fade.as_secs()));
}

/// How long a show fades out, from when that is seen on.
fn fades_for(theatre: &Theatre) -> Duration {
    theatre.comes_to("fading out", "mall");
    let start = Instant::now();
    until("over", || theatre.now()["state"] != "fading out");
    start.elapsed()
}

const EVENING: &str =
    "[schedule]\nevening = { play = \"mall\", from = \"18:00\", to = \"18:10\", sharp = true }\n";

#[test]
fn a_sharp_end_fades_over_the_whole_fade_however_often_the_schedule_asks() {
    let theatre = Theatre::new(EVENING);
    fading(&theatre, FADE);
    let service = serve_at(&theatre, "2031-12-01T18:09:56Z");
    theatre.comes_to("playing", "mall");
    let took = fades_for(&theatre);
    assert!(took > FADE * 2 / 5, "it took {took:?} of {FADE:?}");
    theatre.ends(service);
}

#[test]
fn a_person_skips_a_fade_by_asking_twice_also_one_that_the_schedule_began() {
    let theatre = Theatre::new(EVENING);
    fading(&theatre, FADE * 4);
    let service = serve_at(&theatre, "2031-12-01T18:09:56Z");
    theatre.comes_to("fading out", "mall");
    theatre.tell("stop").with(0, &["ends mall"]);
    thread::sleep(Duration::from_secs(2));
    assert_eq!(theatre.now()["state"], "fading out", "the person has asked once");
    let start = Instant::now();
    theatre.tell("stop").with(0, &["ends mall"]);
    until("over", || theatre.now()["state"] != "fading out");
    assert!(start.elapsed() < FADE, "{:?}", start.elapsed());
    theatre.comes_to_show(SAFE);
    theatre.ends(service);
}

#[test]
fn one_stop_that_is_said_many_times_at_once_is_one() {
    let theatre = Theatre::new("");
    fading(&theatre, FADE);
    let service = theatre.serve();
    let mall = theatre.play("mall");
    theatre.comes_to_show(MALL);
    let mut line = UnixStream::connect(theatre.venue.path("lock/starcourt.sock")).unwrap();
    line.write_all("{\"order\":\"stop\"}\n".repeat(4).as_bytes()).unwrap();
    let answers = BufReader::new(line).lines().take(4).map(Result::unwrap);
    assert!(answers.filter(|answer| answer.contains("ends mall")).count() == 4);
    let took = fades_for(&theatre);
    assert!(took > FADE * 2 / 5, "it took {took:?} of {FADE:?}");
    mall.end().with(0, &["mall was ended"]);
    theatre.ends(service);
}

/// A program that gets no answer in time, or whose connection breaks, says its order again.
#[test]
fn a_stop_that_a_program_says_again_skips_no_fade() {
    let theatre = Theatre::new("");
    fading(&theatre, FADE);
    let service = theatre.serve();
    let mall = theatre.play("mall");
    theatre.comes_to_show(MALL);
    let says = |id: &str| {
        let mut line = UnixStream::connect(theatre.venue.path("lock/starcourt.sock")).unwrap();
        line.write_all(format!("{{\"order\":\"stop\",\"id\":\"{id}\"}}\n").as_bytes()).unwrap();
        let mut answer = String::new();
        BufReader::new(line).read_line(&mut answer).unwrap();
        answer
    };
    let start = Instant::now();
    let answer = says("a");
    assert!(answer.contains("ends mall"), "{answer}");
    for _ in 0..3 {
        thread::sleep(Duration::from_millis(300));
        assert_eq!(says("a"), answer, "the same order has the same answer");
    }
    assert_eq!(theatre.now()["state"], "fading out");
    until("over", || theatre.now()["state"] != "fading out");
    let took = start.elapsed();
    assert!(took > FADE * 2 / 5, "it took {took:?} of {FADE:?}");
    mall.end().with(0, &["mall was ended"]);
    theatre.ends(service);
}

#[test]
fn what_comes_next_is_told_as_it_is_now_while_shows_play_and_stand() {
    let theatre = Theatre::new(
        "closed = [\"Dec 24\"]\n[playlists]\nall = { shows = [\"ding\", \"mall\"], pause = \"0 s\" }\n\
         [schedule]\nnight = { play = \"all\", from = \"0:00\", to = \"6:00\" }\n",
    );
    let service = serve_at(&theatre, "2031-12-24T23:59:56Z");
    theatre.comes_to_rest("closed today until Thu 00:00");
    theatre.comes_to("playing", "mall");
    let next = theatre.now()["next"].as_str().unwrap_or_default().to_owned();
    assert!(next.contains("all") && next.contains("Thu 06:00"), "{next}");
    theatre.tell("status").with(0, &[&next]);
    theatre.ends(service);
}

#[test]
fn a_closed_day_that_begins_while_a_show_plays_is_told() {
    let theatre = Theatre::new(
        "closed = [\"Dec 24\"]\nbetween = \"dusk\"\n[looks]\ndusk = { neon = \"on\", garland = \"on\" }\n\
         [schedule]\nday = { play = \"mall\" }\n",
    );
    let service = serve_at(&theatre, "2031-12-23T23:59:55Z");
    theatre.comes_to("playing", "mall");
    until("closed", || theatre.now()["next"].as_str().unwrap_or_default().contains("closed today"));
    let gong = theatre.play("gong --interrupt");
    theatre.comes_to_show(GONG);
    assert!(theatre.now()["next"].as_str().unwrap_or_default().contains("closed today"));
    drop(gong);
    theatre.comes_to("playing", "mall");
    theatre.tell("next").with(0, &[]);
    theatre.comes_to_show(DUSK);
    theatre.comes_to_rest("closed today until Thu 00:00");
    theatre.ends(service);
}
