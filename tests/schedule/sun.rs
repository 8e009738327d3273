//! Sunrise and sunset, against what almanacs print.

use jiff::civil::{Date, Time, date};
use jiff::tz::TimeZone;
use starcourt::schedule::Place;

#[track_caller]
fn check(place: Place, zone: &str, day: Date, rises: &str, sets: &str) {
    let zone = TimeZone::get(zone).unwrap();
    let sun = place.sun(day, &zone);
    for (instant, printed) in [(sun.rises, rises), (sun.sets, sets)] {
        let printed = day.to_datetime(printed.parse::<Time>().unwrap());
        let off = zone.to_datetime(instant).duration_since(printed);
        assert!(off.as_secs().abs() <= 120, "{day}: {} is not {printed}", zone.to_datetime(instant));
    }
}

#[test]
fn the_sun_rises_and_sets_as_almanacs_say() {
    let london = Place { latitude: 51.51, longitude: -0.13 };
    check(london, "Europe/London", date(2024, 6, 21), "04:43", "21:21");
    check(london, "Europe/London", date(2015, 12, 25), "08:05", "15:55");
    let new_york = Place { latitude: 40.71, longitude: -74.01 };
    check(new_york, "America/New_York", date(2024, 12, 21), "07:16", "16:31");
    let sydney = Place { latitude: -33.87, longitude: 151.21 };
    check(sydney, "Australia/Sydney", date(2024, 12, 21), "05:41", "20:05");
    // Luther College, Decorah, prints these for its own roof.
    let decorah = Place { latitude: 43.30, longitude: -91.79 };
    check(decorah, "America/Chicago", date(2024, 9, 1), "06:32", "19:41");
    check(decorah, "America/Chicago", date(2024, 9, 30), "07:04", "18:49");
}

#[test]
fn a_day_of_the_calendar_has_its_own_sun_on_either_side_of_the_date_line() {
    for (longitude, zone) in [
        (-157.4, "Pacific/Kiritimati"),
        (179.2, "Pacific/Fiji"),
        (-171.8, "Pacific/Apia"),
        (-170.7, "Pacific/Pago_Pago"),
    ] {
        let (zone, day) = (TimeZone::get(zone).unwrap(), date(2026, 3, 20));
        let sun = Place { latitude: 0.0, longitude }.sun(day, &zone);
        let (rises, sets) = (zone.to_datetime(sun.rises), zone.to_datetime(sun.sets));
        assert_eq!((rises.date(), sets.date()), (day, day), "{longitude}");
        assert!((5..8).contains(&rises.hour()) && (17..20).contains(&sets.hour()), "{rises} {sets}");
    }
}

#[test]
fn beyond_the_polar_circle_a_night_or_a_day_has_no_length() {
    let zone = TimeZone::get("Europe/Oslo").unwrap();
    let tromso = Place { latitude: 69.65, longitude: 18.96 };
    let (summer, winter) = (tromso.sun(date(2026, 6, 21), &zone), tromso.sun(date(2026, 12, 21), &zone));
    assert_eq!(winter.sets.duration_since(winter.rises).as_mins(), 0);
    assert_eq!(summer.sets.duration_since(summer.rises).as_hours(), 24);
    assert_eq!(zone.to_datetime(winter.sets).hour(), 11);
}
