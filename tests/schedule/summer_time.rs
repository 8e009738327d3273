//! Nights on which the clocks are changed: in Berlin 2:00 to 3:00 on 28 March 2027, and 3:00 to 2:00 on
//! 25 October 2026.

use super::{run, schedule, starts, time};
use starcourt::schedule::Happening;

#[test]
fn a_show_at_a_time_that_the_spring_night_leaves_out_plays_once() {
    let text = "schedule.night = { play = \"carol\", at = \"2:30\" }";
    assert_eq!(starts(text, "2027-03-27T12:00", "2027-03-29T12:00"), ["03:00 carol", "02:30 carol"]);
    let both = "schedule.night = { play = \"carol\", at = [\"2:15\", \"2:45\"] }";
    assert_eq!(starts(both, "2027-03-27T12:00", "2027-03-28T12:00"), ["03:00 carol"]);
}

#[test]
fn a_show_at_a_time_that_the_autumn_night_has_twice_plays_once() {
    let text = "schedule.night = { play = \"carol\", at = \"2:30\" }";
    let events = run(text, "2026-10-24T12:00", "2026-10-25T12:00");
    let starts: Vec<_> = events.iter().filter(|event| matches!(event.what, Happening::Start(_))).collect();
    assert_eq!(starts.len(), 1);
    assert_eq!(starts[0].at, time("2026-10-25T02:30+02:00"));
}

/// How many hours of real time an entry lasts that begins on this evening.
#[track_caller]
fn check(from: &str, to: &str, day: &str, minutes: i64) {
    let text = format!("schedule.night = {{ play = \"carol\", from = \"{from}\", to = \"{to}\" }}");
    let schedule = schedule(&text);
    let mut now = time(&format!("{day}T12:00"));
    let noon = now.tomorrow().unwrap();
    let mut length = jiff::SignedDuration::ZERO;
    while now < noon {
        let moment = schedule.at(&now);
        if !moment.slots.is_empty() {
            length += moment.now.duration_until(&moment.until);
        }
        now = moment.until;
    }
    assert_eq!(length.as_mins(), minutes, "{from} to {to} on {day}");
}

#[test]
fn an_entry_across_the_change_lasts_as_long_as_the_clock_on_the_wall_says() {
    check("22:00", "4:00", "2027-03-26", 360);
    check("22:00", "4:00", "2027-03-27", 300);
    check("22:00", "4:00", "2026-10-24", 420);
    // Inside the hour that is left out, or that comes twice.
    check("2:15", "2:45", "2027-03-27", 45);
    check("2:30", "3:15", "2027-03-27", 15);
    check("2:15", "2:45", "2026-10-24", 30);
}

#[test]
fn every_half_hour_is_so_in_real_time() {
    let text = "schedule.bell = { play = \"glow\", from = \"1:00\", to = \"4:00\", every = \"30 min\" }";
    assert_eq!(starts(text, "2027-03-28T00:00", "2027-03-28T12:00").len(), 4);
    assert_eq!(starts(text, "2026-10-25T00:00", "2026-10-25T12:00").len(), 8);
}
