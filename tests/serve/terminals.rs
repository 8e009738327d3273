//! Shows that a terminal asks of the service.

use rustix::process::Signal;

use crate::common::launch::until;
use crate::setup::{GONG, MALL, SAFE, Setup};

#[test]
fn a_show_that_a_terminal_asks_for_ends_with_it_and_the_service_goes_on() {
    let setup = Setup::new("");
    let service = setup.serve();
    for signal in [Signal::INT, Signal::TERM, Signal::HUP, Signal::KILL] {
        let mall = setup.play("mall");
        setup.comes_to_show(MALL);
        until("held by the service", || {
            setup.tell("status").said.contains(&format!("PID       {}", service.pid()))
        });
        mall.ends_on(signal);
        setup.comes_to_show(SAFE);
        setup.comes_to_rest("");
    }
    setup.ends(service);
}

#[test]
fn a_mistyped_show_is_told_though_another_one_plays() {
    let setup = Setup::new("[schedule]\nday = { play = \"mall\" }\n");
    let service = setup.serve();
    setup.comes_to("playing", "mall");
    let refused = setup.play("gonk").end().with(75, &["Another instance is already running"]);
    let told = refused.told;
    assert!(told.contains("there is no show `gonk` in "), "{told}");
    assert!(told.contains("; did you mean `gong`?\n"), "{told}");
    assert!(told.contains("starcourt play gong ") && !told.contains("play gonk"), "{told}");
    let told = setup.play("zzzzzz").end().with(75, &["; `starcourt list` lists the shows"]).told;
    assert!(!told.contains("starcourt play "), "{told}");
    setup.play("gonk --interrupt").end().with(65, &["no show `gonk`", "did you mean `gong`?"]);
    setup.play("gonk --takeover").end().with(65, &["no show `gonk`", "did you mean `gong`?"]);
    let waits = setup.play("gonk --wait");
    until("waiting", || waits.told().contains("waiting for the end of mall"));
    waits.ends_on(Signal::INT).with(130, &["there is no show `gonk` in ", "did you mean `gong`?"]);
    setup.ends(service);
}

#[test]
fn a_terminal_beside_the_schedule_is_refused_waits_or_interrupts() {
    let setup = Setup::new("[schedule]\nday = { play = \"mall\" }\n");
    let service = setup.serve();
    setup.comes_to("playing", "mall");
    let refused = setup.play("gong").end().with(75, &["Another instance is already running", "mall"]);
    assert!(refused.told.contains(&service.pid().to_string()), "{}", refused.told);
    for option in ["--interrupt", "--wait", "--takeover"] {
        assert!(refused.told.contains(option), "nothing of {option} in:\n{}", refused.told);
    }
    let waits = setup.play("gong --wait");
    let interrupts = setup.play("ding --interrupt");
    interrupts.end().with(0, &["ding has played to its end"]);
    setup.comes_to_show(MALL);
    setup.tell("stop").with(0, &["ends mall"]);
    setup.comes_to_show(GONG);
    waits.ends_on(Signal::INT).with(0, &["gong stopped at"]);
    setup.ends(service);
}

#[test]
fn a_terminal_that_waits_tells_for_what_and_that_it_was_in_vain() {
    let setup = Setup::new("[schedule]\nday = { play = \"mall\" }\n");
    let service = setup.serve();
    setup.comes_to("playing", "mall");
    let in_vain = setup.play("gong --wait=500ms").end().with(75, &["waiting for the end of mall ("]);
    // The show may have begun this very moment.
    assert!(
        ["(10:00 left)", "(9:59 left)"].iter().any(|left| in_vain.told.contains(left)),
        "{}",
        in_vain.told
    );
    assert!(in_vain.told.contains("\nwaited 0.5 s; Another instance is already running"), "{}", in_vain.told);
    let waits = setup.play("ding --wait");
    until("told", || waits.told().contains("waiting for the end of mall ("));
    setup.tell("stop").with(0, &["ends mall"]);
    waits.end().with(0, &["ding has played to its end"]);
    setup.ends(service);
}

#[test]
fn a_terminal_that_interrupts_shows_its_own_show_only() {
    let setup = Setup::new("[schedule]\nday = { play = \"mall\" }\n");
    let service = setup.serve();
    setup.comes_to("playing", "mall");
    let ding = setup.play("ding --interrupt").end().with(0, &["ding (ding): 0:00, "]);
    assert!(!ding.said.contains("mall") && !ding.said.contains("fading"), "{}", ding.said);
    let wrong = setup.play("Ding --interrupt").end().with(65, &["no show `Ding`; did you mean `ding`?"]);
    assert_eq!(wrong.told.lines().count(), 1, "{}", wrong.told);
    setup.play("shows/ding.show --interrupt").end().with(2, &["the path of a show cannot be given"]);
    setup.ends(service);
}

/// What runs before a show takes longer than anybody waits for it.
#[test]
fn a_terminal_is_told_which_show_is_about_to_begin() {
    let setup =
        Setup::new("[schedule]\nday = { play = \"mall\" }\n[shows]\nmall = { before = \"sleep 5\" }\n");
    let service = setup.serve();
    setup.comes_to_rest("mall about ");
    setup.play("ding").end().with(75, &["mall is about to begin"]);
    setup.ends(service);
}
