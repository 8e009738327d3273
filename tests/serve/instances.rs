//! The service and who else wants the lights.

use rustix::process::Signal;

use crate::common::launch::{Launch, until};
use crate::setup::{GONG, MALL, Setup};

#[test]
fn a_service_waits_for_a_show_that_somebody_plays_and_then_takes_over() {
    let setup = Setup::new("[schedule]\nday = { play = \"gong\" }\n");
    let mall = Launch::of(setup.command("play mall --silent --output sim --pins pins"));
    setup.comes_to_show(MALL);
    let service = Launch::of(setup.service());
    until("waiting", || service.said().contains("waiting"));
    assert!(service.said().contains("Another instance is already running"), "{}", service.said());
    assert_eq!(setup.lines(), MALL);
    mall.ends_on(Signal::INT).with(0, &["the lights are safe"]);
    setup.comes_to_show(GONG);
    setup.ends(service);
}

#[test]
fn a_service_that_waits_can_be_ended() {
    let setup = Setup::new("");
    let mall = Launch::of(setup.command("play mall --silent --output sim --pins pins"));
    setup.comes_to_show(MALL);
    let service = Launch::of(setup.service());
    until("waiting", || service.said().contains("waiting"));
    service.ends_on(Signal::TERM).with(0, &[]);
    assert_eq!(setup.lines(), MALL);
    mall.ends_on(Signal::INT).with(0, &[]);
}

#[test]
fn a_second_service_waits_for_the_first() {
    let setup = Setup::new("");
    let first = setup.serve();
    let second = Launch::of(setup.service());
    until("waiting", || second.said().contains("waiting"));
    first.ends_on(Signal::TERM).with(0, &[]);
    until("served by the second", || {
        let told = setup.tell("status");
        told.code == 0 && told.said.contains(&second.pid().to_string())
    });
    setup.ends(second);
}

#[test]
fn a_schedule_and_a_rig_with_mistakes_are_refused_with_all_of_them() {
    let setup = Setup::new("[schedule]\nday = { play = \"parade\" }\nnight = { from = \"25:00\" }\n");
    Launch::of(setup.service()).end().with(65, &["parade", "25:00"]);
    setup.folder.write("rig.toml", "[channels]\nneon = { pin = 99, kind = \"relay\" }\n");
    Launch::of(setup.service()).end().with(65, &["99"]);
    assert_eq!(setup.lines(), ['.'; 3]);
}
