//! Whether lights shine between shows at all hours, which few people mean: `between` at the top of the file lasts day and
//! night. Knows no clock.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

use super::{Idle, Schedule};

/// A week in winter and one in summer, of any year.
const WEEKS: [Date; 2] = [date(2026, 1, 10), date(2026, 7, 10)];

impl Schedule {
    /// What the lights do between shows, if some of them shine at every hour of a winter's and a summer's week.
    #[must_use]
    pub fn lit_day_and_night(&self) -> Option<&Idle> {
        let zone = self.zone.clone().unwrap_or(TimeZone::UTC);
        let is_lit = |week: Date| {
            let start = week.to_zoned_datetime(zone.clone());
            start.is_ok_and(|start| {
                let days = self.days_from(&start, 7);
                days.iter().flat_map(|day| &day.periods).all(|period| period.idle.is_lit())
            })
        };
        Some(&self.between).filter(|between| between.is_lit() && WEEKS.into_iter().all(is_lit))
    }
}

impl Idle {
    fn is_lit(&self) -> bool {
        match self {
            Self::Dark => false,
            Self::Look(look) => look.levels.iter().any(|(_, level)| level.is_lit()),
            Self::Show(_) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::diagnosis::Source;
    use crate::rig;
    use crate::schedule::{MissingShow, ScheduleContext, read};

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let rig = "[channels]\nwindows = { pin = 18, kind = \"pwm\" }\n";
        let rig = rig::read(&Source::new("rig.toml", rig)).0.unwrap();
        let shows = BTreeSet::from(["demo".to_owned()]);
        let context = ScheduleContext { shows: &shows, rig: &rig, missing: MissingShow::Mistake };
        let (schedule, told) = read(
            &Source::new("schedule.toml", format!("{text}\n[looks]\nglow = {{ windows = \"5 %\" }}\n")),
            &context,
        );
        let schedule = schedule.unwrap_or_else(|| panic!("{told}"));
        assert_eq!(schedule.lit_day_and_night().map(crate::schedule::Idle::name), expected, "{text}");
    }

    #[test]
    fn a_look_that_nothing_ends_is_lit_day_and_night() {
        check("between = \"glow\"", Some("glow"));
        check("between = \"demo\"", Some("demo"));
        check(
            "between = \"glow\"\n[schedule]\nevening = { play = \"demo\", from = \"17:00\" }",
            Some("glow"),
        );
        check("between = \"dark\"", None);
        check(
            "between = \"glow\"\n[schedule]\nday = { between = \"dark\", from = \"8:00\", to = \"16:00\" }",
            None,
        );
        check("[schedule]\nlate = { between = \"glow\", from = \"17:00\", to = \"23:00\" }", None);
    }
}
