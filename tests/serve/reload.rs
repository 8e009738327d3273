//! The schedule and the rig are read anew while the service is at work.

use std::time::Duration;

use rustix::process::Signal;

use crate::common::launch::{Launch, until};
use crate::common::three_lights::CHANNELS;
use crate::setup::{DUSK, GONG, MALL, SAFE, Setup};

const DUSK_BETWEEN: &str = "between = \"dusk\"\n[looks]\ndusk = { neon = \"on\", garland = \"on\" }\n";

/// The garland moves from GPIO 17 to GPIO 22.
fn rewired() -> String {
    CHANNELS.replace("17", "22")
}

fn line(setup: &Setup, bcm: usize) -> char {
    setup.folder.lines([bcm, bcm, bcm])[0]
}

#[test]
fn a_new_schedule_is_followed_at_once_and_a_show_plays_on() {
    let setup = Setup::new("[schedule]\nday = { play = \"mall\" }\n");
    let service = setup.serve();
    setup.comes_to("playing", "mall");
    setup
        .folder
        .write("shows/schedule.toml", "[schedule]\nday = { play = \"gong\" }\nnight = { play = \"ding\" }\n");
    until("told", || setup.now()["changed"][0]["file"] == "schedule");
    setup.tell("status").with(0, &["changed   schedule.toml has changed since ", "` takes it"]);
    setup.tell("reload").with(
        0,
        &[
            "the new schedule is followed from now on:\n",
            "entry `night` is new\n",
            "entry `day` plays `gong` now\n",
        ],
    );
    assert_eq!(setup.now()["show"]["name"], "mall");
    assert_eq!(setup.now()["changed"], serde_json::json!([]));
    setup.tell("next").with(0, &["ends mall"]);
    setup.comes_to("playing", "gong");
    setup.tell("reload").with(0, &["nothing has changed"]);
    setup.ends(service);
}

#[test]
fn files_with_mistakes_are_told_in_full_and_nothing_changes() {
    let setup = Setup::new("[schedule]\nday = { play = \"mall\" }\n");
    let service = setup.serve();
    setup.comes_to("playing", "mall");
    let broken = "[schedule]\nday = { play = \"gong\", from = \"25:00\" }\nnight = { play = \"ding\", days = \"never\" }\n";
    setup.folder.write("shows/schedule.toml", broken);
    setup.tell("reload").with(65, &["25:00", "never", "the service goes on as before"]);
    setup.folder.write("shows/schedule.toml", "[schedule]\nday = { play = \"gong\" }\n");
    setup.folder.write("rig.toml", "[channels]\nneon = { pin = 99 }\n");
    setup.tell("reload").with(65, &["99", "the service goes on as before"]);
    setup.tell("next").with(0, &["mall"]);
    setup.comes_to("playing", "mall");
    setup.ends(service);
}

#[test]
fn between_shows_a_new_rig_is_driven_at_once_and_the_line_that_leaves_stays_safe() {
    let setup = Setup::new(DUSK_BETWEEN);
    let service = setup.serve();
    setup.comes_to_show(DUSK);
    setup.folder.write("rig.toml", &rewired());
    setup
        .tell("reload")
        .with(0, &["the new rig is followed from now on:\n", "`garland` is on GPIO 22 (before: GPIO 17)\n"]);
    until("lit", || line(&setup, 22) == '1');
    assert_eq!(setup.lines(), ['0', '0', '0'], "GPIO 17 is driven at its safe level");
    assert_eq!(setup.now()["channels"][1]["address"], "GPIO 22");
    setup.play("dong").end().with(0, &["dong has played to its end"]);
    service.ends_on(Signal::TERM).with(0, &[]);
    assert_eq!((setup.lines(), line(&setup, 22)), (SAFE, '0'));
}

#[test]
fn a_new_rig_waits_for_the_end_of_the_show() {
    let setup = Setup::new("[schedule]\nday = { play = \"mall\" }\n");
    let service = setup.serve();
    setup.comes_to_show(MALL);
    setup.folder.write("rig.toml", &rewired());
    setup.tell("reload").with(0, &["the new rig is followed when mall has ended:\n"]);
    until("told", || setup.now()["changed"][0]["waits"] == true);
    setup.tell("status").with(0, &["rig.toml has changed since ", "and is taken when no show plays"]);
    assert_eq!((setup.lines(), line(&setup, 22)), (MALL, '.'));
    setup.tell("next").with(0, &["ends mall"]);
    until("lit", || line(&setup, 22) == '1');
    assert_eq!(setup.lines(), ['1', '0', '0'], "the mall plays again, on the new line");
    assert_eq!(setup.now()["changed"], serde_json::json!([]));
    assert!(service.said().contains("the new rig is followed from now on"), "{}", service.said());
    service.ends_on(Signal::TERM).with(0, &[]);
}

/// The guardian makes safe what the service drives by then, and nothing else.
#[test]
fn a_service_that_is_killed_after_a_reload_leaves_its_new_lines_safe() {
    let setup = Setup::new("");
    let service = setup.serve();
    setup.folder.write("rig.toml", &rewired());
    setup.tell("reload").with(0, &["GPIO 22"]);
    let gong = setup.play("mall");
    until("lit", || line(&setup, 22) == '1');
    service.ends_on(Signal::KILL);
    until("safe", || setup.lines() == SAFE && line(&setup, 22) == '0');
    drop(gong);
}

/// Killed so many milliseconds after the show whose end the new rig waits for was ended: in the middle of the change, or
/// when the next show lights the new line already.
#[test]
fn a_kill_at_any_moment_of_a_change_leaves_every_line_safe() {
    for after in [0, 3, 8, 20, 60, 200, 400] {
        let setup = Setup::new("[schedule]\nday = { play = \"mall\" }\n");
        let service = setup.serve();
        setup.comes_to_show(MALL);
        setup.folder.write("rig.toml", &rewired());
        setup.tell("reload").with(0, &["when mall has ended"]);
        let next = Launch::of(setup.command("next"));
        std::thread::sleep(Duration::from_millis(after));
        service.ends_on(Signal::KILL);
        let is_dark = || setup.lines() == SAFE && line(&setup, 22) != '1';
        until(&format!("safe {after} ms later"), is_dark);
        drop(next);
    }
}

#[test]
fn a_rig_whose_lines_cannot_be_taken_leaves_the_one_before() {
    let setup = Setup::new(DUSK_BETWEEN);
    let service = setup.serve();
    setup.comes_to_show(DUSK);
    setup.folder.write("rig.toml", &format!("{CHANNELS}\nlamp = {{ sim = 41, kind = \"pwm\" }}\n"));
    setup
        .tell("reload")
        .with(1, &["the rig stays as it was", "no place for other outputs beyond the header"]);
    setup.comes_to_show(DUSK);
    setup.play("ding").end().with(0, &["ding has played to its end"]);
    setup.ends(service);
}

#[test]
fn a_schedule_may_come_and_go() {
    let setup = Setup::new("");
    std::fs::remove_file(setup.folder.path("shows/schedule.toml")).unwrap();
    let service = setup.serve();
    until("told", || service.said().contains("there is no schedule, so nothing plays by itself"));
    setup.tell("status").with(0, &["next      nothing by itself: there is no schedule"]);
    setup.folder.write("shows/schedule.toml", "[schedule]\nday = { play = \"gong\" }\n");
    until("told", || setup.now()["changed"][0]["file"] == "schedule");
    setup.tell("reload").with(0, &["its entries: day"]);
    setup.comes_to_show(GONG);
    setup.tell("stop").with(0, &["ends gong"]);
    std::fs::remove_file(setup.folder.path("shows/schedule.toml")).unwrap();
    setup.tell("reload").with(0, &["there is none any more"]);
    setup.comes_to_show(SAFE);
    let said = setup.ends(service).said;
    let has_time = |line: &str| {
        line.get(..10).is_some_and(|time| time.matches(':').count() == 2 && time.ends_with("  "))
    };
    // The other lines of an event are further in.
    let is_further_in = |line: &str| line.starts_with("            ");
    assert!(said.lines().all(|line| has_time(line) || is_further_in(line)), "{said}");
}

#[test]
fn only_a_service_reads_its_files_anew() {
    let setup = Setup::new("");
    setup.tell("reload").with(3, &["nothing is playing"]);
    let elsewhere = Launch::of(setup.folder.command("status --lock-dir nowhere"));
    elsewhere.end().with(3, &["nothing is playing: there is no directory nowhere"]);
    let gong = setup.play("gong");
    setup.comes_to("playing", "gong");
    setup.tell("reload").with(1, &["only the service reads its files anew"]);
    gong.ends_on(Signal::TERM).with(0, &[]);
}
