//! Whoever dies, the lights on the network become safe, or go on.

use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use crate::common::launch::until;
use crate::setup::{Setup, UNIVERSE};

#[test]
fn after_a_kill_at_any_time_the_last_packets_are_safe_and_end_the_stream() {
    let setup = Setup::new();
    let _net = setup.net();
    let rounds = std::env::var("KILLS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(8);
    for round in 0..rounds {
        setup.receivers.forget();
        let launch = setup.launch("busy");
        until("lit", || !setup.is_dark());
        thread::sleep(Duration::from_millis(round * 37 % 400));
        launch.ends_on(Signal::KILL);
        setup.until_ended();
    }
}

#[test]
fn a_stopped_process_leaves_its_lights_safe_and_goes_on() {
    let setup = Setup::new();
    let _net = setup.net();
    let launch = setup.play("lit");
    launch.signal(Signal::STOP);
    setup.until_ended();
    setup.receivers.forget();
    launch.signal(Signal::CONT);
    until("lit", || setup.is_lit());
    launch.ends_on(Signal::TERM);
    setup.until_ended();
}

#[test]
fn when_starcourt_net_is_killed_the_show_goes_on_and_so_do_its_lights_once_it_is_back() {
    let setup = Setup::new();
    let net = setup.net();
    let launch = setup.play("lit");
    net.ends_on(Signal::KILL);
    until("told", || launch.told().contains("starcourt net has ended"));
    setup.receivers.forget();
    let _net = setup.net();
    until("lit again", || setup.is_lit());
    until("told", || launch.told().contains("starcourt net is back"));
    launch.ends_on(Signal::TERM).with(0, &["the lights are safe"]);
    setup.until_ended();
}

#[test]
fn when_starcourt_net_ends_what_it_sent_to_is_safe_and_the_show_cannot_know_how_long() {
    let setup = Setup::new();
    let net = setup.net();
    let launch = setup.play("lit");
    net.ends_on(Signal::TERM).with(0, &["was sent its safe levels"]);
    setup.until_ended();
    launch.ends_on(Signal::TERM).with(1, &["some lights could not be made safe"]);
}

/// Also where nothing plays: receivers would show lights of their own.
#[test]
fn the_service_keeps_its_lights_dark_again_when_starcourt_net_was_killed_between_shows() {
    let setup = Setup::new();
    let net = setup.net();
    let service = setup.service_after_a_show();
    net.ends_on(Signal::KILL);
    setup.receivers.forget();
    let _net = setup.net();
    until("dark frames", || setup.receivers.ddp().is_some() && setup.receivers.universe(UNIVERSE).is_some());
    assert!(setup.is_dark());
    let asked = setup.folder.launch("play lit --lock-dir lock");
    until("lit", || setup.is_lit());
    service.ends_on(Signal::TERM).with(0, &[]);
    asked.end();
    setup.until_ended();
}

#[test]
fn a_starcourt_net_that_stands_still_is_told() {
    let setup = Setup::new();
    let net = setup.net();
    let launch = setup.play("lit");
    net.signal(Signal::STOP);
    until("told", || launch.told().contains("does not answer any more"));
    setup.receivers.forget();
    net.signal(Signal::CONT);
    until("told", || launch.told().contains("starcourt net is back"));
    until("lit", || setup.is_lit());
    launch.ends_on(Signal::TERM).with(0, &["the lights are safe"]);
    setup.until_ended();
}
