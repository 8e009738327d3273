//! The service and who else wants the lights.

use rustix::process::Signal;

use crate::theatre::{GONG, MALL, Theatre};
use crate::venue::{Launch, until};

#[test]
fn a_service_waits_for_a_show_that_somebody_plays_and_then_takes_over() {
    let theatre = Theatre::new("[schedule]\nday = { play = \"gong\" }\n");
    let mall = Launch::of(theatre.command("play mall --silent --output sim --pins pins"));
    theatre.comes_to_show(MALL);
    let service = Launch::of(theatre.service());
    until("waiting", || service.said().contains("waiting"));
    assert!(service.said().contains("Another instance is already running"), "{}", service.said());
    assert_eq!(theatre.lines(), MALL);
    mall.ends_on(Signal::INT).with(0, &["the lights are safe"]);
    theatre.comes_to_show(GONG);
    theatre.ends(service);
}

#[test]
fn a_service_that_waits_can_be_ended() {
    let theatre = Theatre::new("");
    let mall = Launch::of(theatre.command("play mall --silent --output sim --pins pins"));
    theatre.comes_to_show(MALL);
    let service = Launch::of(theatre.service());
    until("waiting", || service.said().contains("waiting"));
    service.ends_on(Signal::TERM).with(0, &[]);
    assert_eq!(theatre.lines(), MALL);
    mall.ends_on(Signal::INT).with(0, &[]);
}

#[test]
fn a_second_service_waits_for_the_first() {
    let theatre = Theatre::new("");
    let first = theatre.serve();
    let second = Launch::of(theatre.service());
    until("waiting", || second.said().contains("waiting"));
    first.ends_on(Signal::TERM).with(0, &[]);
    until("served by the second", || {
        let told = theatre.tell("status");
        told.code == 0 && told.said.contains(&second.pid().to_string())
    });
    theatre.ends(second);
}

#[test]
fn a_schedule_and_a_rig_with_mistakes_are_refused_with_all_of_them() {
    let theatre = Theatre::new("[schedule]\nday = { play = \"parade\" }\nnight = { from = \"25:00\" }\n");
    Launch::of(theatre.service()).end().with(65, &["parade", "25:00"]);
    theatre.venue.write("rig.toml", "[channels]\nneon = { pin = 99, kind = \"relay\" }\n");
    Launch::of(theatre.service()).end().with(65, &["99"]);
    assert_eq!(theatre.lines(), ['.'; 3]);
}
