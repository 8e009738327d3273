//! What comes with a time of day: the service's clock on the wall is another than the machine's.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::common::launch::{Launch, until};
use crate::setup::{DUSK, GONG, MALL, SAFE, Setup};

/// Lamps that are on or off go dark at half of it: far longer than a second press would leave of it, and than the
/// schedule waits before it says so again.
const FADE: Duration = Duration::from_secs(6);

/// The service, which takes the time to be `now`, as RFC 3339 writes it.
fn serve_at(setup: &Setup, now: &str) -> Launch {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/serve/wall_clock.c");
    let library = setup.folder.path("wall_clock.so");
    let built = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(source).status();
    assert!(built.unwrap().success());
    let ahead = now.parse::<Timestamp>().unwrap().as_second() - Timestamp::now().as_second();
    let mut command = setup.service();
    command.env("LD_PRELOAD", library).env("STARCOURT_TEST_AHEAD", ahead.to_string());
    setup.launch(command)
}

/// With this stop_fade.
fn fading(setup: &Setup, fade: Duration) {
    let rig = setup.folder.text("rig.toml");
    setup.folder.write("rig.toml", &format!("stop_fade = \"{} s\"\n{rig}", fade.as_secs()));
}

/// How long a show fades out, from when that is seen on.
fn fades_for(setup: &Setup) -> Duration {
    setup.comes_to("fading out", "mall");
    let start = Instant::now();
    until("over", || setup.now()["state"] != "fading out");
    start.elapsed()
}

const EVENING: &str =
    "[schedule]\nevening = { play = \"mall\", from = \"18:00\", to = \"18:10\", sharp = true }\n";

#[test]
fn a_sharp_end_fades_over_the_whole_fade_however_often_the_schedule_asks() {
    let setup = Setup::new(EVENING);
    fading(&setup, FADE);
    let service = serve_at(&setup, "2031-12-01T18:09:56Z");
    setup.comes_to("playing", "mall");
    let took = fades_for(&setup);
    assert!(took > FADE * 2 / 5, "it took {took:?} of {FADE:?}");
    setup.ends(service);
}

#[test]
fn a_person_skips_a_fade_by_asking_twice_also_one_that_the_schedule_began() {
    let setup = Setup::new(EVENING);
    fading(&setup, FADE * 4);
    let service = serve_at(&setup, "2031-12-01T18:09:56Z");
    setup.comes_to("fading out", "mall");
    setup.tell("stop").with(0, &["ends mall"]);
    thread::sleep(Duration::from_secs(2));
    assert_eq!(setup.now()["state"], "fading out", "the person has asked once");
    let start = Instant::now();
    setup.tell("stop").with(0, &["ends mall"]);
    until("over", || setup.now()["state"] != "fading out");
    assert!(start.elapsed() < FADE, "{:?}", start.elapsed());
    setup.comes_to_show(SAFE);
    setup.ends(service);
}

#[test]
fn one_stop_that_is_said_many_times_at_once_is_one() {
    let setup = Setup::new("");
    fading(&setup, FADE);
    let service = setup.serve();
    let mall = setup.play("mall");
    setup.comes_to_show(MALL);
    let mut line = UnixStream::connect(setup.folder.path("lock/starcourt.sock")).unwrap();
    line.write_all("{\"order\":\"stop\"}\n".repeat(4).as_bytes()).unwrap();
    let answers = BufReader::new(line).lines().take(4).map(Result::unwrap);
    assert!(answers.filter(|answer| answer.contains("ends mall")).count() == 4);
    let took = fades_for(&setup);
    assert!(took > FADE * 2 / 5, "it took {took:?} of {FADE:?}");
    mall.end().with(0, &["mall stopped"]);
    setup.ends(service);
}

/// A program that gets no answer in time, or whose connection breaks, says its order again.
#[test]
fn a_stop_that_a_program_says_again_skips_no_fade() {
    let setup = Setup::new("");
    fading(&setup, FADE);
    let service = setup.serve();
    let mall = setup.play("mall");
    setup.comes_to_show(MALL);
    let says = |id: &str| {
        let mut line = UnixStream::connect(setup.folder.path("lock/starcourt.sock")).unwrap();
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
    assert_eq!(setup.now()["state"], "fading out");
    until("over", || setup.now()["state"] != "fading out");
    let took = start.elapsed();
    assert!(took > FADE * 2 / 5, "it took {took:?} of {FADE:?}");
    mall.end().with(0, &["mall stopped"]);
    setup.ends(service);
}

#[test]
fn what_comes_next_is_told_as_it_is_now_while_shows_play_and_stand() {
    let setup = Setup::new(
        "closed = [\"Dec 24\"]\n[playlists]\nall = { shows = [\"ding\", \"mall\"], pause = \"0 s\" }\n\
         [schedule]\nnight = { play = \"all\", from = \"0:00\", to = \"6:00\" }\n",
    );
    let service = serve_at(&setup, "2031-12-24T23:59:56Z");
    setup.comes_to_rest("closed today until Thu 00:00");
    setup.comes_to("playing", "mall");
    let next = setup.now()["next"].as_str().unwrap_or_default().to_owned();
    assert!(next.contains("all") && next.contains("Thu 06:00"), "{next}");
    setup.tell("status").with(0, &[&next]);
    setup.ends(service);
}

#[test]
fn a_closed_day_that_begins_while_a_show_plays_is_told() {
    let setup = Setup::new(
        "closed = [\"Dec 24\"]\nbetween = \"dusk\"\n[looks]\ndusk = { neon = \"on\", garland = \"on\" }\n\
         [schedule]\nday = { play = \"mall\" }\n",
    );
    let service = serve_at(&setup, "2031-12-23T23:59:55Z");
    let midnight = Instant::now() + Duration::from_secs(5);
    setup.comes_to("playing", "mall");
    // It is known before midnight: the show lasts for longer.
    until("closed", || setup.now()["next"].as_str().unwrap_or_default().contains("closed today"));
    thread::sleep(midnight.saturating_duration_since(Instant::now()));
    let gong = setup.play("gong --interrupt");
    setup.comes_to_show(GONG);
    assert!(setup.now()["next"].as_str().unwrap_or_default().contains("closed today"));
    drop(gong);
    setup.comes_to("playing", "mall");
    setup.tell("next").with(0, &[]);
    setup.comes_to_show(DUSK);
    setup.comes_to_rest("closed today until Thu 00:00");
    setup.ends(service);
}
