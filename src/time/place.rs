//! A place in a show, as a person would write it. Pure.

use super::ShowTime;

impl ShowTime {
    /// `0:30`, or `0:30.500` where it lies between two seconds.
    #[must_use]
    pub fn to_place(self) -> String {
        if self.micros().is_multiple_of(1_000_000) { self.to_minutes() } else { self.to_millis() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_milliseconds_only_where_it_needs_them() {
        for (micros, place) in [(0, "0:00"), (90_000_000, "1:30"), (5_500_000, "0:05.500")] {
            assert_eq!(ShowTime::from_micros(micros).to_place(), place);
        }
    }
}
