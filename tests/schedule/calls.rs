//! What is called, what waits, and what is cut short.

use std::sync::Arc;

use super::{run, schedule, show_index, starts, time};
use starcourt::schedule::{Agenda, Decision, Happening, Rotation};
use starcourt::time::Mono;

#[track_caller]
fn check(text: &str, from: &str, end: &str, expected: &[&str]) {
    assert_eq!(starts(text, from, end), expected);
}

#[test]
fn a_playlist_goes_round_with_pauses_while_its_entry_lasts() {
    let text = "playlists.all = { shows = [\"carol\", \"storm\"], pause = \"5 min\" }\n\
                schedule.evening = { play = \"all\", from = \"18:00\", to = \"19:00\" }";
    check(
        text,
        "2026-12-01T12:00",
        "2026-12-01T22:00",
        &["18:00 carol", "18:15 storm", "18:30 carol", "18:45 storm"],
    );
}

#[test]
fn a_show_is_played_out_unless_its_entry_is_sharp() {
    for (sharp, last) in [("false", "19:05"), ("true", "18:55")] {
        let text = format!(
            "schedule.evening = {{ play = \"carol\", from = \"18:35\", to = \"18:55\", sharp = {sharp} }}\n\
             schedule.other = {{ play = \"glow\", from = \"12:00\", to = \"12:05\" }}"
        );
        let events = run(&text, "2026-12-01T18:40", "2026-12-01T20:00");
        let ends: Vec<_> = events
            .iter()
            .filter(|event| matches!(event.what, Happening::End { .. } | Happening::Cut { .. }))
            .collect();
        // 18:40 and 18:50 begin; the second would end at 19:00.
        let expected = if sharp == "true" { last } else { "19:00" };
        assert_eq!(ends.last().unwrap().at.strftime("%H:%M").to_string(), expected);
    }
}

#[test]
fn the_higher_entry_plays_and_the_lower_one_goes_on_after_it() {
    let text = "schedule.evening = { play = \"storm\", from = \"18:00\", to = \"19:00\" }\n\
                schedule.feast = { play = \"carol\", from = \"18:20\", to = \"18:40\", priority = 5 }";
    check(
        text,
        "2026-12-01T17:00",
        "2026-12-01T20:00",
        &["18:00 storm", "18:10 storm", "18:20 carol", "18:30 carol", "18:40 storm", "18:50 storm"],
    );
}

#[test]
fn a_sharp_entry_begins_in_the_midst_of_a_lower_show() {
    let text = "schedule.evening = { play = \"storm\", from = \"18:00\", to = \"18:30\" }\n\
                schedule.hour = { play = \"carol\", at = \"18:15\", priority = 5, sharp = true }";
    check(
        text,
        "2026-12-01T17:00",
        "2026-12-01T20:00",
        &["18:00 storm", "18:10 storm", "18:15 carol", "18:25 storm"],
    );
}

#[test]
fn what_plays_once_waits_for_the_show_before_it_and_then_plays_once() {
    let text = "schedule.evening = { play = \"storm\", from = \"17:55\", to = \"18:30\" }\n\
                schedule.hour = { play = \"carol\", at = [\"18:00\", \"21:00\"], priority = 5 }";
    check(
        text,
        "2026-12-01T17:00",
        "2026-12-02T00:00",
        &["17:55 storm", "18:05 carol", "18:15 storm", "18:25 storm", "21:00 carol"],
    );
}

#[test]
fn every_half_hour_is_every_half_hour() {
    let text = "schedule.bell = { play = \"glow\", from = \"18:00\", to = \"19:30\", every = \"30 min\" }";
    check(text, "2026-12-01T12:00", "2026-12-02T12:00", &["18:00 glow", "18:30 glow", "19:00 glow"]);
}

#[test]
fn in_quiet_hours_only_shows_without_sound_play_and_none_with_sound_runs_into_them() {
    let text = "playlists.all = { shows = [\"carol\", \"glow\"], order = \"in turn\" }\n\
                schedule.evening = { play = \"all\", from = \"21:30\", to = \"22:10\" }\n\
                quiet.night = { from = \"22:00\", to = \"7:00\" }";
    check(
        text,
        "2026-12-01T21:00",
        "2026-12-02T00:00",
        &["21:30 carol", "21:40 glow", "21:45 carol", "21:55 glow", "22:00 glow", "22:05 glow"],
    );
}

#[test]
fn where_nothing_fits_the_entry_below_plays() {
    let text = "schedule.low = { play = \"glow\", from = \"22:00\", to = \"22:10\" }\n\
                schedule.high = { play = \"carol\", from = \"22:00\", to = \"22:10\", priority = 9 }\n\
                quiet.night = { from = \"22:00\", to = \"7:00\" }";
    check(text, "2026-12-01T21:00", "2026-12-02T00:00", &["22:00 glow", "22:05 glow"]);
}

#[test]
fn a_clock_that_is_put_back_repeats_nothing_that_plays_once() {
    let text = "schedule.hour = { play = \"carol\", at = \"18:00\" }";
    let mut agenda = Agenda::new(Arc::new(schedule(text)), Rotation::default());
    let show_index = show_index();
    let mut plays =
        |at: &str| matches!(agenda.decide(&time(at), Mono::from_nanos(0), &show_index), Decision::Play(_));
    let called: Vec<bool> = [
        "2026-12-01T17:59",
        "2026-12-01T18:01",
        "2026-12-01T18:02",
        "2026-12-01T17:30", // put back
        "2026-12-01T18:00",
        "2026-12-03T18:05", // put forward by two days
        "2026-12-02T18:05", // and back to the day that was missed
    ]
    .map(&mut plays)
    .into();
    assert_eq!(called, [false, true, false, false, false, true, true]);
}

#[test]
fn a_decision_is_explained_entry_by_entry() {
    let text = "schedule.day = { play = \"carol\", from = \"16:00\", to = \"22:00\" }\n\
                schedule.night = { play = \"glow\", from = \"16:00\", to = \"22:00\", priority = 9 }\n\
                quiet.hours = { from = \"17:00\", to = \"20:00\" }";
    let mut agenda = Agenda::new(Arc::new(schedule(text)), Rotation::default());
    let (shows, at) = (show_index(), Mono::from_nanos(0));
    let explained = |agenda: &Agenda, hour: &str| agenda.explain(&time(hour), at, &shows);
    let quiet = "schedule: night (priority 9): glow may play; \
                 day (priority 0): carol has sound, and it is quiet";
    assert_eq!(explained(&agenda, "2026-12-05T18:00"), quiet);
    let Decision::Play(glow) = agenda.decide(&time("2026-12-05T18:00"), at, &shows) else {
        panic!("glow may play")
    };
    agenda.pass_over(&glow, at);
    let blocked =
        "schedule: night (priority 9): glow was blocked or failed; day (priority 0): carol may play";
    assert_eq!(explained(&agenda, "2026-12-05T21:00"), blocked);
    assert_eq!(explained(&agenda, "2026-12-05T23:00"), "schedule: nothing wants to play");
}
