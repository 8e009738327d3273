//! What the schedule says at an instant.

use super::{schedule, time};
use starcourt::schedule::{Idle, Moment};

fn at(text: &str, now: &str) -> Moment {
    schedule(text).at(&time(now))
}

/// The entries that want to play at these instants, the foremost first.
#[track_caller]
fn check(text: &str, expected: &[(&str, &[&str])]) {
    for (now, names) in expected {
        let moment = at(text, now);
        let slots: Vec<&str> = moment.slots.iter().map(|slot| slot.entry.name.as_str()).collect();
        assert_eq!(slots, *names, "{now}");
        assert!(moment.until > moment.now, "{now}");
    }
}

#[test]
fn an_entry_plays_from_its_start_until_before_its_end() {
    check(
        "schedule.evening = { play = \"carol\", from = \"18:00\", to = \"22:00\" }",
        &[
            ("2026-12-01T17:59:59", &[]),
            ("2026-12-01T18:00", &["evening"]),
            ("2026-12-01T21:59:59", &["evening"]),
            ("2026-12-01T22:00", &[]),
        ],
    );
}

#[test]
fn an_evening_that_ends_after_midnight_belongs_to_the_day_on_which_it_began() {
    let text = "schedule.party = { play = \"carol\", days = \"fri\", from = \"20:00\", to = \"2:00\" }";
    check(
        text,
        &[
            ("2026-12-04T21:00", &["party"]), // a Friday
            ("2026-12-05T01:59", &["party"]),
            ("2026-12-05T02:00", &[]),
            ("2026-12-05T21:00", &[]),
            ("2026-12-04T01:00", &[]),
        ],
    );
    let slot = at(text, "2026-12-05T01:00").slots.remove(0);
    assert_eq!(slot.day.to_string(), "2026-12-04");
}

#[test]
fn days_dates_and_exceptions_narrow_an_entry_down() {
    check(
        "closed = \"Dec 26\"\n\
         [schedule]\n\
         winter = { play = \"carol\", dates = \"Nov 28 to Jan 6\", except = [\"Dec 24\", \"2026-12-31\"], \
         from = \"0:00\", to = \"24:00\" }\n\
         weekend = { play = \"storm\", from = \"0:00\", to = \"24:00\", days = \"sat, sun\", priority = 1 }",
        &[
            ("2026-11-27T12:00", &[]),
            ("2026-11-28T12:00", &["weekend", "winter"]), // a Saturday
            ("2026-12-24T12:00", &[]),
            ("2026-12-26T12:00", &[]),
            ("2026-12-31T12:00", &[]),
            ("2027-12-31T12:00", &["winter"]),
            ("2027-01-06T23:59", &["winter"]),
            ("2027-01-07T00:00", &[]),
        ],
    );
}

#[test]
fn entries_follow_the_sun() {
    let text = "[place]\nlatitude = \"52.52 N\"\nlongitude = \"13.40 E\"\ntimezone = \"Europe/Berlin\"\n\
                [schedule]\n\
                evening = { play = \"carol\", from = \"20 min after sunset\", to = \"22:00\" }\n\
                night = { between = \"glow\", from = \"sunset\", to = \"sunrise\" }";
    check(
        text,
        &[
            ("2026-12-21T16:10", &[]),
            ("2026-12-21T16:20", &["evening"]),
            ("2026-06-21T21:50", &[]),
            ("2026-06-21T21:55", &["evening"]),
        ],
    );
    let idle = |now: &str| at(text, now).idle;
    assert_eq!(idle("2026-12-21T15:50"), Idle::Dark);
    assert_eq!(idle("2026-12-21T16:00"), Idle::Show("glow".into()));
    assert_eq!(idle("2026-12-22T08:10"), Idle::Show("glow".into()));
    assert_eq!(idle("2026-12-22T08:20"), Idle::Dark);
}

const BERLIN: &str = "[place]\nlatitude = \"52.52 N\"\nlongitude = \"13.40 E\"\n\
                      timezone = \"Europe/Berlin\"\n[schedule]\n";

/// What plays at these times by `line`, whose `to` the sun may carry its `from` past: that is warned of.
#[track_caller]
fn check_with_sun(line: &str, days: usize, moments: &[(&str, bool)]) {
    let (schedule, told) = crate::told(&format!("{BERLIN}{line}"));
    let title = format!("entry `e` goes on until the next day, on {days} days of a year");
    let titles: Vec<&str> = told.iter().map(|told| told.title()).collect();
    assert_eq!(titles, [title.as_str()], "{told}");
    let schedule = schedule.unwrap();
    for (now, plays) in moments {
        assert_eq!(!schedule.at(&time(now)).slots.is_empty(), *plays, "{line} at {now}");
    }
}

#[test]
fn an_end_that_the_sun_carries_the_start_past_is_the_next_days() {
    // The sun sets before nine until the middle of May.
    check_with_sun(
        "e = { play = \"carol\", from = \"sunset\", to = \"21:00\" }",
        75,
        &[
            ("2026-05-12T20:57", true),
            ("2026-05-12T21:01", false),
            ("2026-05-13T12:00", false),
            ("2026-05-20T21:02", false),
            ("2026-05-20T21:15", true),
            ("2026-05-21T12:00", true),
            ("2026-05-21T20:59", true),
            ("2026-05-21T21:01", false),
            ("2026-12-21T16:00", true),
            ("2026-12-21T21:01", false),
            ("2026-12-22T12:00", false),
        ],
    );
    // It rises at 8:15 in December, and at 4:43 in June.
    check_with_sun(
        "e = { play = \"carol\", from = \"5:00\", to = \"sunrise\" }",
        52,
        &[
            ("2026-12-21T04:59", false),
            ("2026-12-21T05:01", true),
            ("2026-12-21T08:10", true),
            ("2026-12-21T08:20", false),
            ("2026-06-21T04:40", true),
            ("2026-06-21T04:50", false),
            ("2026-06-21T05:01", true),
            ("2026-06-21T12:00", true),
        ],
    );
}

#[test]
fn an_end_after_midnight_is_the_next_mornings_all_year() {
    let text = format!("{BERLIN}e = {{ play = \"carol\", from = \"sunset\", to = \"1:00\" }}");
    check(
        &text,
        &[
            ("2026-06-21T21:30", &[]),
            ("2026-06-21T21:40", &["e"]),
            ("2026-06-22T00:59", &["e"]),
            ("2026-06-22T01:00", &[]),
            ("2026-12-22T00:59", &["e"]),
            ("2026-12-22T01:00", &[]),
        ],
    );
}

#[test]
fn where_the_sun_does_not_set_there_is_no_night_and_where_it_does_not_rise_no_day() {
    let text = "[place]\nlatitude = \"69.65 N\"\nlongitude = \"18.96 E\"\ntimezone = \"Europe/Oslo\"\n\
                [schedule]\n\
                night = { play = \"carol\", from = \"sunset\", to = \"sunrise\" }\n\
                day = { play = \"glow\", from = \"sunrise\", to = \"sunset\" }";
    for hour in ["00:30", "03:00", "12:00", "18:00", "23:30"] {
        check(
            text,
            &[(&format!("2026-06-21T{hour}"), &["day"]), (&format!("2026-12-21T{hour}"), &["night"])],
        );
    }
}

#[test]
fn quiet_hours_soften_or_silence() {
    let text = "volume = \"80 %\"\n\
                [quiet]\n\
                evening = { from = \"20:00\", to = \"22:00\", volume = \"40 %\" }\n\
                night = { from = \"22:00\", to = \"7:00\" }\n\
                [shows]\ncarol = { volume = \"30 %\" }\nstorm = { volume = \"60 %\" }";
    for (now, volume, silence) in [
        ("2026-12-01T12:00", 80, None),
        ("2026-12-01T20:00", 40, None),
        ("2026-12-01T23:00", 80, Some("night")),
        ("2026-12-02T06:59", 80, Some("night")),
        ("2026-12-02T07:00", 80, None),
    ] {
        let moment = at(text, now);
        assert_eq!((moment.volume.percent(), moment.silence.as_deref()), (volume, silence), "{now}");
    }
    let (schedule, noon) = (schedule(text), at(text, "2026-12-01T12:00"));
    assert_eq!(schedule.volume_of("carol", &noon).percent(), 30);
    assert_eq!(schedule.volume_of("storm", &at(text, "2026-12-01T21:00")).percent(), 40);
    assert_eq!(schedule.volume_of("glow", &noon).percent(), 80);
}

#[test]
fn what_stands_is_the_highest_entrys_word_then_the_schedules() {
    let text = "between = \"dim\"\n\
                [looks]\ndim = { trees = \"20 %\" }\nbright = { all = \"on\", porch = \"off\" }\n\
                [schedule]\n\
                evening = { play = \"carol\", from = \"18:00\", to = \"20:00\", between = \"bright\", priority = 2 }\n\
                late = { between = \"dark\", from = \"19:00\", to = \"23:00\", priority = 1 }";
    for (now, name) in [
        ("2026-12-01T12:00", "dim"),
        ("2026-12-01T19:30", "bright"),
        ("2026-12-01T22:00", "dark"),
        ("2026-12-01T23:00", "dim"),
    ] {
        assert_eq!(at(text, now).idle.name(), name, "{now}");
    }
    let Idle::Look(look) = at(text, "2026-12-01T19:30").idle else { panic!() };
    let levels: Vec<u16> = look.levels.iter().map(|(_, level)| level.hundredths() / 100).collect();
    assert_eq!(levels, [100, 100, 0]);
}

#[test]
fn an_answer_holds_until_it_says() {
    let text = "schedule.evening = { play = \"carol\", from = \"18:00\", to = \"22:00\" }\n\
                quiet.late = { from = \"21:00\", to = \"23:00\", volume = \"50 %\" }";
    let mut now = time("2026-12-01T00:00");
    let mut changes = Vec::new();
    while now < time("2026-12-02T00:00") {
        now = schedule(text).at(&now).until;
        changes.push(now.strftime("%H:%M").to_string());
    }
    assert_eq!(changes, ["18:00", "21:00", "22:00", "23:00", "00:00"]);
}
