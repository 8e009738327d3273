//! What is called when shows are blocked or fail.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{schedule, show_index, time};
use starcourt::schedule::{Agenda, Booking, Decision, Rotation};
use starcourt::time::Mono;

const EVENING: &str = "playlists.all = [\"carol\", \"storm\", \"glow\"]\n\
                       schedule.evening = { play = \"all\", from = \"18:00\", to = \"19:00\" }";

/// An evening on which some shows do not come about.
struct Evening {
    agenda: Agenda,
    blocked: BTreeSet<&'static str>,
}

impl Evening {
    fn of(text: &str, blocked: &[&'static str]) -> Self {
        let agenda = Agenda::new(Arc::new(schedule(text)), Rotation::default());
        Self { agenda, blocked: blocked.iter().copied().collect() }
    }

    fn instant(second: u64) -> (jiff::ZonedDateTime, Mono) {
        let now = time("2026-12-01T18:00").saturating_add(jiff::SignedDuration::from_secs(second as i64));
        (now, Mono::from_nanos(second * 1_000_000_000))
    }

    /// What is called `second` seconds after six, and at once after what was blocked: `-carol` was, `storm`
    /// plays and is over in the same second; in the end why nothing plays.
    fn from(&mut self, second: u64) -> Vec<String> {
        let (now, at) = Self::instant(second);
        let mut told = Vec::new();
        loop {
            match self.agenda.decide(&now, at, &show_index()) {
                Decision::Play(booking) if self.blocked.contains(booking.show.as_str()) => {
                    told.push(format!("-{}", booking.show));
                    self.agenda.pass_over(&booking, at);
                }
                Decision::Play(booking) => {
                    self.agenda.note_played(&booking, at);
                    told.push(booking.show);
                    return told;
                }
                Decision::Idle { why, until, .. } => {
                    told.push(format!("{why} until {}", until.strftime("%H:%M:%S")));
                    return told;
                }
            }
        }
    }
}

#[track_caller]
fn check(text: &str, blocked: &[&'static str], calls: &[(u64, &[&str])]) {
    let mut evening = Evening::of(text, blocked);
    for (second, expected) in calls {
        assert_eq!(evening.from(*second), *expected, "at {second} s");
    }
}

#[test]
fn a_blocked_show_is_passed_over_and_the_next_plays_at_once() {
    check(
        EVENING,
        &["storm"],
        &[(0, &["carol"]), (1, &["-storm", "glow"]), (2, &["carol"]), (3, &["-storm", "glow"])],
    );
}

#[test]
fn when_every_show_was_blocked_in_a_row_the_playlist_rests_a_minute() {
    let nothing = |time| format!("every show of all was blocked or failed until {time}");
    let (until_1, until_2) = (nothing("18:01:00"), nothing("18:02:01"));
    check(
        EVENING,
        &["carol", "storm", "glow"],
        &[
            (0, &["-carol", "-storm", "-glow", &until_1]),
            (20, &[&until_1]),
            (59, &[&until_1]),
            (61, &["-carol", "-storm", "-glow", &until_2]),
        ],
    );
}

#[test]
fn a_single_show_that_is_blocked_is_asked_again_after_a_minute() {
    let text = "schedule.evening = { play = \"carol\", from = \"18:00\", to = \"19:00\" }";
    let until = "every show of carol was blocked or failed until 18:01:00";
    check(
        text,
        &["carol"],
        &[
            (0, &["-carol", until]),
            (30, &[until]),
            (60, &["-carol", "every show of carol was blocked or failed until 18:02:00"]),
        ],
    );
}

#[test]
fn a_show_that_plays_gives_the_others_their_turn_again() {
    let mut evening = Evening::of(EVENING, &["carol"]);
    assert_eq!(evening.from(0), ["-carol", "storm"]);
    evening.blocked.clear();
    assert_eq!([evening.from(1), evening.from(2)].concat(), ["glow", "carol"]);
}

#[test]
fn a_show_that_did_not_come_about_has_no_pause_after_it() {
    let text = "playlists.all = { shows = [\"carol\", \"glow\"], pause = \"5 min\" }\n\
                schedule.evening = { play = \"all\", from = \"18:00\", to = \"19:00\" }";
    check(text, &["carol"], &[(0, &["-carol", "glow"]), (60, &["pause of all until 18:05:00"])]);
}

#[test]
fn what_plays_once_has_its_show_from_those_that_are_not_blocked() {
    let text = "playlists.all = [\"carol\", \"storm\"]\nschedule.hour = { play = \"all\", at = \"18:00\" }";
    let nothing = "nothing is scheduled until 18:10:00";
    check(text, &["carol"], &[(0, &["-carol", "storm"]), (1, &["nothing is scheduled until 18:10:00"])]);
    check(text, &["carol", "storm"], &[(0, &["-carol", "-storm", nothing]), (70, &[nothing])]);
}

#[test]
fn while_a_playlist_rests_the_entry_below_plays_and_is_not_cut_for_it() {
    let text = "schedule.low = { play = \"glow\", from = \"18:00\", to = \"19:01\" }\n\
                schedule.high = { play = \"carol\", from = \"18:00\", to = \"19:00\", priority = 9, sharp = true }";
    let mut evening = Evening::of(text, &["carol"]);
    let (now, at) = Evening::instant(0);
    let called = |evening: &mut Evening| -> Booking {
        match evening.agenda.decide(&now, at, &show_index()) {
            Decision::Play(booking) => booking,
            other => panic!("{other:?}"),
        }
    };
    let carol = called(&mut evening);
    evening.agenda.pass_over(&carol, at);
    let glow = called(&mut evening);
    assert_eq!((carol.show.as_str(), glow.show.as_str()), ("carol", "glow"));
    assert!({
        let (now, at) = Evening::instant(90);
        evening.agenda.goes_on(&now, at, &glow, &show_index())
    });
    evening.agenda.try_again();
    assert!(!evening.agenda.goes_on(&now, at, &glow, &show_index()));
}

#[test]
fn a_sharp_entry_that_may_not_play_cuts_nothing() {
    let text = "schedule.low = { play = \"glow\", from = \"18:00\", to = \"19:00\" }\n\
                schedule.high = { play = \"carol\", from = \"18:00\", to = \"19:00\", priority = 9, sharp = true }\n\
                quiet.hours = { from = \"17:00\", to = \"20:00\" }";
    let mut evening = Evening::of(text, &[]);
    let (now, at) = Evening::instant(0);
    let Decision::Play(glow) = evening.agenda.decide(&now, at, &show_index()) else {
        panic!("glow may play")
    };
    assert!(evening.agenda.goes_on(&now, at, &glow, &show_index()));
}

#[test]
fn a_sharp_entry_cuts_although_it_failed_the_time_before() {
    let text = "schedule.low = { play = \"glow\", from = \"18:00\", to = \"19:00\" }\n\
                schedule.bell = { play = \"carol\", at = [\"18:00\", \"18:15\"], priority = 9, sharp = true }";
    let mut evening = Evening::of(text, &["carol"]);
    assert_eq!(evening.from(0), ["-carol", "glow"]);
    let (now, at) = Evening::instant(60);
    let Decision::Play(glow) = evening.agenda.decide(&now, at, &show_index()) else {
        panic!("glow plays again")
    };
    for (second, goes_on) in [(61, true), (15 * 60 - 1, true), (15 * 60 + 1, false)] {
        let (now, at) = Evening::instant(second);
        assert_eq!(evening.agenda.goes_on(&now, at, &glow, &show_index()), goes_on, "at {second} s");
    }
}
