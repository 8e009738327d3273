//! A wall clock that steps by years, as a Pi's does when it first hears of the time: nothing but words
//! goes by it.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::common::setup::{LIT, Setup};
use crate::preload::preload;

#[test]
fn a_show_keeps_its_time_while_the_wall_clock_steps_by_years() {
    let setup = Setup::new("0 ms", "0:02", LIT);
    let mut command = setup.command();
    command.env("LD_PRELOAD", preload(&setup, "calendar"));
    let mut launch = setup.launch(command).once_lit();
    let lit = Instant::now();
    launch.until("over", |launch| launch.has_ended());
    let took = lit.elapsed();
    assert!((1_500..5_000).contains(&took.as_millis()), "{took:?}");
    launch.ends_with(0);
}

#[test]
fn guardian_and_lock_hold_while_the_wall_clock_steps_by_years() {
    let setup = Setup::lit();
    let mut command = setup.command();
    command.env("LD_PRELOAD", preload(&setup, "calendar"));
    let mut launch = setup.launch(command).once_lit();
    // Longer than a guardian's patience with a heart that does not beat.
    launch.stays(Duration::from_secs(3), "lit", |launch| launch.setup.is_lit());
    let mut second = setup.launch(setup.command());
    assert_eq!(second.code(), 75, "{}", second.said());
    launch.goes_safe_on_signal(Signal::KILL);
    launch.ends_with(128 + libc::SIGKILL);
}
