//! What a person reads of what stands between shows.

use serde_json::json;

use crate::theatre::{DUSK, MALL, SAFE, Theatre};
use crate::venue::until;

const LOOK: &str = "between = \"dusk\"\n[looks]\ndusk = { neon = \"on\", garland = \"on\" }\n";

/// A service with `schedule`, once it stands as `lines` are.
fn standing(schedule: &str, lines: [char; 3]) -> (Theatre, crate::venue::Launch) {
    let theatre = Theatre::new(schedule);
    let service = theatre.serve();
    theatre.comes_to_show(lines);
    until("told", || !theatre.now()["stands"].is_null());
    (theatre, service)
}

#[test]
fn the_status_names_the_look_and_says_that_nothing_plays() {
    let (theatre, service) = standing(LOOK, DUSK);
    let now = theatre.now();
    assert_eq!((&now["state"], &now["show"]), (&json!("idle"), &json!(null)));
    assert_eq!(now["stands"], json!({ "kind": "look", "name": "dusk" }));
    until("lit", || theatre.tell("status").said.contains("lit       neon, garland\n"));
    let said =
        theatre.tell("status").with(0, &["show      none", "state     idle", "stands    look dusk"]).said;
    assert!(!said.contains("position"), "{said}");
    theatre.ends(service);
}

#[test]
fn a_silent_show_that_stands_between_is_told_as_such() {
    let (theatre, service) = standing("between = \"mall\"\n", MALL);
    assert_eq!(theatre.now()["stands"], json!({ "kind": "show", "name": "mall" }));
    theatre
        .tell("status")
        .with(0, &["show      none", "state     idle", "stands    show mall, without sound"]);
    theatre.ends(service);
}

#[test]
fn what_stands_cannot_be_paused_and_a_blackout_of_it_is_told() {
    let (theatre, service) = standing(LOOK, DUSK);
    theatre.tell("pause").with(1, &["nothing plays"]);
    theatre.tell("blackout on").with(0, &[]);
    theatre.comes_to_show(SAFE);
    theatre.tell("status").with(0, &["show      none", "state     blackout", "stands    look dusk"]);
    theatre.tell("blackout off").with(0, &[]);
    theatre.comes_to_show(DUSK);
    theatre.tell("stop").with(0, &["ends look dusk"]);
    theatre.comes_to_show(SAFE);
    until("nothing stands", || theatre.now()["stands"].is_null());
    theatre.ends(service);
}

#[test]
fn a_second_service_reads_that_nothing_plays() {
    let (theatre, service) = standing(LOOK, DUSK);
    theatre.tell("test --output sim").with(75, &["(PID: ", "the service, which plays nothing now"]);
    theatre.ends(service);
}

#[test]
fn a_blackout_in_which_nothing_stands_is_told() {
    let theatre = Theatre::new("");
    let service = theatre.serve();
    theatre.tell("blackout on").with(0, &[]);
    until("told", || theatre.now()["state"] == "blackout");
    assert!(theatre.now()["show"].is_null());
    theatre.tell("status").with(0, &["show      none", "state     blackout"]);
    theatre.tell("blackout off").with(0, &[]);
    until("told", || theatre.now()["state"] == "idle");
    theatre.ends(service);
}
