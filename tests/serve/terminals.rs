//! Shows that a terminal asks of the service.

use rustix::process::Signal;

use crate::theatre::{GONG, MALL, SAFE, Theatre};
use crate::venue::until;

#[test]
fn a_show_that_a_terminal_asks_for_ends_with_it_and_the_service_goes_on() {
    let theatre = Theatre::new("");
    let service = theatre.serve();
    for signal in [Signal::INT, Signal::TERM, Signal::HUP, Signal::KILL] {
        let mall = theatre.play("mall");
        theatre.comes_to_show(MALL);
        until("held by the service", || {
            theatre.tell("status").said.contains(&format!("PID       {}", service.pid()))
        });
        mall.ends_on(signal);
        theatre.comes_to_show(SAFE);
        theatre.comes_to_rest("");
    }
    theatre.ends(service);
}

#[test]
fn a_terminal_beside_the_schedule_is_refused_waits_or_interrupts() {
    let theatre = Theatre::new("[schedule]\nday = { play = \"mall\" }\n");
    let service = theatre.serve();
    theatre.comes_to("playing", "mall");
    let refused = theatre.play("gong").end().with(75, &["Another instance is already running", "mall"]);
    assert!(refused.told.contains(&service.pid().to_string()), "{}", refused.told);
    for option in ["--interrupt", "--wait", "--takeover"] {
        assert!(refused.told.contains(option), "nothing of {option} in:\n{}", refused.told);
    }
    let waits = theatre.play("gong --wait");
    let interrupts = theatre.play("ding --interrupt");
    interrupts.end().with(0, &["ding has played to its end"]);
    theatre.comes_to_show(MALL);
    theatre.tell("stop").with(0, &["ends mall"]);
    theatre.comes_to_show(GONG);
    waits.ends_on(Signal::INT).with(0, &["gong was ended at"]);
    theatre.ends(service);
}
