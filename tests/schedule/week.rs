//! A week on paper.

use super::{run, schedule, time};
use starcourt::schedule::Happening;

const WINTER: &str = r#"
between = "dim"
[place]
latitude = "52.52 N"
longitude = "13.40 E"
timezone = "Europe/Berlin"
[looks]
dim = { trees = "20 %" }
[playlists]
evening = { shows = ["carol", "storm", "march"], order = "shuffle", pause = "5 min" }
[schedule]
evenings = { play = "evening", from = "sunset", to = "22:00" }
[quiet]
night = { from = "21:30", to = "8:00" }
"#;

#[test]
fn a_week_with_the_change_of_clocks_plays_every_evening_and_nothing_at_night() {
    let (from, end) = ("2026-10-22T00:00", "2026-10-29T00:00");
    let events = run(WINTER, from, end);
    let starts: Vec<_> = events
        .iter()
        .filter_map(|event| match &event.what {
            Happening::Start(booking) => Some((&event.at, booking.show.as_str())),
            _ => None,
        })
        .collect();
    let mut days: Vec<_> = starts.iter().map(|(at, _)| at.date()).collect();
    days.dedup();
    assert_eq!(days.len(), 7);
    // Sunset is near 17:55 in the first days, near 16:45 after the change: an hour more a day.
    let count = |day: i8| starts.iter().filter(|(at, _)| at.date().day() == day).count();
    assert!((13..=15).contains(&count(23)), "{}", count(23));
    assert!((17..=19).contains(&count(26)), "{}", count(26));
    assert!(starts.windows(2).all(|pair| pair[0].1 != pair[1].1), "a show twice in a row");
    assert!(starts.windows(2).all(|pair| pair[0].0 < pair[1].0), "out of order");
    let ends = events.iter().filter(|event| matches!(event.what, Happening::End { .. })).count();
    assert_eq!(ends, starts.len());
    for event in &events {
        if let Happening::End { .. } = event.what {
            assert!(event.at.strftime("%H:%M").to_string().as_str() <= "21:30", "{event}");
        }
    }
    assert_eq!(events, run(WINTER, from, end), "the same every time");
}

#[test]
fn the_days_of_a_week_have_no_gaps() {
    let days = schedule(WINTER).days_from(&time("2026-10-22T13:00"), 7);
    assert_eq!(days.len(), 7);
    let mut last = time("2026-10-22T00:00");
    for day in &days {
        assert!(day.periods.iter().any(|period| period.plays.is_some()), "{}", day.date);
        for period in &day.periods {
            assert_eq!(period.from, last);
            last = period.to.clone();
        }
    }
    assert_eq!(last, time("2026-10-29T00:00"));
    let seconds = days[3].periods.iter().map(|period| period.from.duration_until(&period.to).as_secs());
    assert_eq!(seconds.sum::<i64>(), 25 * 3600, "the day on which the clocks are put back");
}

#[test]
fn what_plays_once_stands_on_its_day() {
    let text = "schedule.hour = { play = \"carol\", at = [\"20:00\", \"18:00\"] }\n\
                schedule.late = { play = \"carol\", at = \"23:55\" }";
    let days = schedule(text).days_from(&time("2026-12-01T00:00"), 1);
    let once: Vec<_> = days[0].once.iter().map(|(at, _)| at.strftime("%H:%M").to_string()).collect();
    assert_eq!(once, ["18:00", "20:00", "23:55"]);
}
