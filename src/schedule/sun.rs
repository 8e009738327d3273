//! When the sun rises and sets at a place. Knows no schedule.
//!
//! The equations are those of NOAA's solar calculator (gml.noaa.gov/grad/solcalc), which follow J. Meeus,
//! "Astronomical Algorithms"; between the polar circles they are good to a minute.

use std::f64::consts::TAU;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Refraction lifts the sun by 34', and its upper edge is 16' above its middle.
const ZENITH: f64 = 90.833;

/// A place on the Earth, in degrees: north and east are positive.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Place {
    /// -90 to 90.
    pub latitude: f64,
    /// -180 to 180.
    pub longitude: f64,
}

/// One day of the sun.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sun {
    pub rises: Timestamp,
    pub sets: Timestamp,
}

impl Place {
    /// The sun on the day `date` of the local calendar.
    ///
    /// If it does not set, it rises and sets at midnight by the sun: a night without length. If it does not rise,
    /// it rises and sets at noon by the sun: a day without length.
    #[must_use]
    pub fn sun(self, date: Date, zone: &TimeZone) -> Sun {
        // East of the date line the calendar may be a day ahead of the sun's.
        let by_longitude = self.noon(date);
        let calendar = zone.to_datetime(by_longitude).date();
        let noon = by_longitude.saturating_add(date.duration_since(calendar)).unwrap_or(by_longitude);
        let event = |side: f64| {
            // The sun moves between noon and sunset. The second step is exact enough.
            let first = moved(noon, side * self.half_day(noon));
            moved(self.noon_near(first, noon), side * self.half_day(first))
        };
        Sun { rises: event(-1.0), sets: event(1.0) }
    }

    /// Noon by the sun on the UTC day `date`.
    fn noon(self, date: Date) -> Timestamp {
        let midday = date.at(12, 0, 0, 0);
        let midday = TimeZone::UTC.to_timestamp(midday).unwrap_or(Timestamp::UNIX_EPOCH);
        self.noon_near(midday, moved(midday, -4.0 * self.longitude))
    }

    /// The noon by the sun next to `noon`, with the equation of time as it is at `instant`.
    fn noon_near(self, instant: Timestamp, noon: Timestamp) -> Timestamp {
        const DAY: f64 = 86_400.0;
        let mean = 43_200.0 - 240.0 * self.longitude - 60.0 * SunPosition::at(instant).equation_of_time;
        let day = ((noon.as_second() as f64 - mean) / DAY).round();
        Timestamp::from_second((mean + day * DAY).round() as i64).unwrap_or(noon)
    }

    /// Minutes from noon to sunset; 0 where the sun does not rise, 720 where it does not set.
    fn half_day(self, instant: Timestamp) -> f64 {
        let declination = SunPosition::at(instant).declination;
        let latitude = self.latitude.to_radians();
        let cosine = (ZENITH.to_radians().cos() - latitude.sin() * declination.sin())
            / (latitude.cos() * declination.cos());
        4.0 * cosine.clamp(-1.0, 1.0).acos().to_degrees()
    }
}

fn moved(instant: Timestamp, minutes: f64) -> Timestamp {
    instant.saturating_add(SignedDuration::from_secs((minutes * 60.0).round() as i64)).unwrap_or(instant)
}

/// Where the sun stands.
struct SunPosition {
    /// Radians north of the equator.
    declination: f64,
    /// Minutes that a sundial is ahead of the clock.
    equation_of_time: f64,
}

impl SunPosition {
    fn at(instant: Timestamp) -> Self {
        const J2000: f64 = 946_728_000.0; // 2000-01-01 12:00 UTC, in seconds of the Unix epoch
        let t = (instant.as_second() as f64 - J2000) / 86_400.0 / 36_525.0;
        let mean_longitude = (280.46646 + t * (36000.76983 + t * 0.0003032)).to_radians() % TAU;
        let anomaly = (357.52911 + t * (35999.05029 - t * 0.0001537)).to_radians();
        let eccentricity = 0.016708634 - t * (0.000042037 + t * 0.0000001267);
        let centre = anomaly.sin() * (1.914602 - t * (0.004817 + t * 0.000014))
            + (2.0 * anomaly).sin() * (0.019993 - t * 0.000101)
            + (3.0 * anomaly).sin() * 0.000289;
        let node = (125.04 - 1_934.136 * t).to_radians();
        let longitude = mean_longitude + (centre - 0.00569 - 0.00478 * node.sin()).to_radians();
        let obliquity = 23.0 + (26.0 + (21.448 - t * (46.815 + t * (0.00059 - t * 0.001813))) / 60.0) / 60.0;
        let obliquity = (obliquity + 0.00256 * node.cos()).to_radians();
        let y = (obliquity / 2.0).tan().powi(2);
        let equation = y * (2.0 * mean_longitude).sin() - 2.0 * eccentricity * anomaly.sin()
            + 4.0 * eccentricity * y * anomaly.sin() * (2.0 * mean_longitude).cos()
            - 0.5 * y * y * (4.0 * mean_longitude).sin()
            - 1.25 * eccentricity * eccentricity * (2.0 * anomaly).sin();
        Self {
            declination: (obliquity.sin() * longitude.sin()).asin(),
            equation_of_time: 4.0 * equation.to_degrees(),
        }
    }
}
