//! What a person reads of what stands between shows.

use serde_json::json;

use crate::common::launch::until;
use crate::setup::{DUSK, MALL, SAFE, Setup};

const LOOK: &str = "between = \"dusk\"\n[looks]\ndusk = { neon = \"on\", garland = \"on\" }\n";

/// A service with `schedule`, once it stands as `lines` are.
fn standing(schedule: &str, lines: [char; 3]) -> (Setup, crate::common::launch::Launch) {
    let setup = Setup::new(schedule);
    let service = setup.serve();
    setup.comes_to_show(lines);
    until("told", || !setup.now()["stands"].is_null());
    (setup, service)
}

#[test]
fn the_status_names_the_look_and_says_that_nothing_plays() {
    let (setup, service) = standing(LOOK, DUSK);
    let now = setup.now();
    assert_eq!((&now["state"], &now["show"]), (&json!("idle"), &json!(null)));
    assert_eq!(now["stands"], json!({ "kind": "look", "name": "dusk" }));
    until("lit", || setup.tell("status").said.contains("lit       neon, garland\n"));
    let said =
        setup.tell("status").with(0, &["show      none", "state     idle", "between   look dusk"]).said;
    assert!(!said.contains("position"), "{said}");
    setup.ends(service);
}

#[test]
fn a_silent_show_that_stands_between_is_told_as_such() {
    let (setup, service) = standing("between = \"mall\"\n", MALL);
    assert_eq!(setup.now()["stands"], json!({ "kind": "show", "name": "mall" }));
    setup.tell("status").with(0, &["show      none", "state     idle", "between   show mall, without sound"]);
    setup.ends(service);
}

#[test]
fn what_stands_cannot_be_paused_and_a_blackout_of_it_is_told() {
    let (setup, service) = standing(LOOK, DUSK);
    setup.tell("pause").with(3, &["nothing is playing"]);
    setup.tell("blackout on").with(0, &[]);
    setup.comes_to_show(SAFE);
    setup.tell("status").with(0, &["show      none", "state     blackout", "between   look dusk"]);
    setup.tell("blackout off").with(0, &[]);
    setup.comes_to_show(DUSK);
    setup.tell("stop").with(0, &["ends look dusk"]);
    setup.comes_to_show(SAFE);
    until("nothing stands", || setup.now()["stands"].is_null());
    setup.ends(service);
}

#[test]
fn a_second_service_reads_that_nothing_plays() {
    let (setup, service) = standing(LOOK, DUSK);
    setup.tell("test --output sim").with(75, &["(PID: ", "the service, which plays nothing now"]);
    setup.ends(service);
}

#[test]
fn a_blackout_in_which_nothing_stands_is_told() {
    let setup = Setup::new("");
    let service = setup.serve();
    setup.tell("blackout on").with(0, &[]);
    until("told", || setup.now()["state"] == "blackout");
    assert!(setup.now()["show"].is_null());
    setup.tell("status").with(0, &["show      none", "state     blackout"]);
    setup.tell("blackout off").with(0, &[]);
    until("told", || setup.now()["state"] == "idle");
    setup.ends(service);
}
