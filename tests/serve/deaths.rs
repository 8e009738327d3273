//! The service ends, or is killed in the middle of a show, and comes back.

use rustix::process::Signal;

use crate::setup::{DIARY, GONG, MALL, SAFE, Setup};

const BOTH: &str = "[playlists]\nall = [\"mall\", \"gong\"]\n[schedule]\nday = { play = \"all\" }\n";

#[test]
fn a_service_that_is_told_to_end_leaves_all_safe_and_free() {
    let setup = Setup::new(BOTH);
    let service = setup.serve();
    setup.comes_to_show(MALL);
    setup.ends(service);
}

#[test]
fn the_rotation_goes_on_where_it_was_when_the_service_is_started_again() {
    let setup = Setup::new(&format!("{BOTH}{DIARY}"));
    for lines in [MALL, GONG, MALL] {
        let service = setup.serve();
        setup.comes_to_show(lines);
        setup.ends(service);
    }
    assert_eq!(setup.begun(), ["mall", "gong", "mall"]);
}

#[test]
fn a_service_that_is_killed_leaves_the_lights_safe_and_the_next_goes_on_with_the_next_show() {
    let setup = Setup::new(&format!("{BOTH}{DIARY}"));
    for lines in [MALL, GONG, MALL] {
        let service = setup.serve();
        setup.comes_to_show(lines);
        service.ends_on(Signal::KILL).with(128 + 9, &[]);
        setup.comes_to_show(SAFE);
        setup.tell("status").with(3, &["nothing is playing"]);
    }
    assert_eq!(setup.begun(), ["mall", "gong", "mall"]);
    let service = setup.serve();
    setup.comes_to("playing", "gong");
    setup.ends(service);
}

#[test]
fn off_ends_the_service() {
    let setup = Setup::new(BOTH);
    let service = setup.serve();
    setup.comes_to_show(MALL);
    setup.tell("off --output sim --pins pins").with(0, &[]);
    service.end().with(0, &[]);
    setup.assert_safe_and_free();
}
