//! Warnings about entries that never play, because others play at all of their times. By the rules of
//! [`Agenda::decide`](super::Agenda::decide): the first entry of a moment that has a show plays. Reads no file.

use jiff::SignedDuration;
use jiff::civil::{Date, date};

use super::hour::Locality;
use super::lines::HIGHEST;
use super::times::Occurrence;
use super::{Entry, Schedule};
use crate::config::document::KeyValue;
use crate::config::report::Report;
use crate::diagnosis::Help;

/// Any year will do.
const FIRST_DAY: Date = date(2026, 1, 1);
const YEAR: usize = 365;
/// In so many years each date falls on each day of the week.
const YEARS: usize = 11;
/// Quiet hours keep a show with sound from beginning so long before them, and a silent one of another entry plays.
const BEFORE_QUIET: SignedDuration = SignedDuration::from_mins(10);

/// An entry that never plays, and those that play instead.
struct Covered<'a> {
    entry: &'a Entry,
    by: Vec<&'a Entry>,
}

/// Warns of entries of `schedule` that never play; `lines` are their lines in the file.
pub(super) fn warn_of_overlaps(
    schedule: &Schedule,
    locality: &Locality<'_>,
    lines: &[KeyValue],
    report: &Report<'_>,
) {
    for index in 0..schedule.entries.len() {
        let Some(Covered { entry, by }) = schedule.covered(index, locality) else { continue };
        let Some(line) = lines.iter().find(|line| line.key == entry.name) else { continue };
        let names = by.iter().map(|rival| format!("`{}`", rival.name)).collect::<Vec<_>>().join(" and ");
        let verb = if by.len() == 1 { "plays" } else { "play" };
        let title = format!("entry `{}` never plays: {names} {verb} at all of its times", entry.name);
        let highest = by.iter().map(|rival| rival.priority).max().unwrap_or_default();
        let label = match highest > entry.priority {
            true => format!("its priority is {}, and a higher one plays first", entry.priority),
            false => "of equal priorities the first entry in the file plays".to_owned(),
        };
        let or_higher = match highest < HIGHEST {
            true => format!(", or a `priority` above {highest}"),
            false => String::new(),
        };
        let name = &entry.name;
        let words =
            format!("give `{name}` other times{or_higher}; now it would play only if nothing of {names} can");
        report.push(report.warning(title).at(line.key_span.clone(), label).help(Help::advise(words)));
    }
}

impl Schedule {
    /// The entry at `index`, if others play at all of its times.
    fn covered(&self, index: usize, locality: &Locality<'_>) -> Option<Covered<'_>> {
        let entry: &Entry = self.entries.get(index).filter(|entry| entry.plays.is_some())?;
        let comes_first = |(at, rival): &(usize, &Entry)| {
            rival.priority > entry.priority || rival.priority == entry.priority && *at < index
        };
        let rivals = self.entries.iter().map(|rival| &**rival).enumerate().filter(comes_first);
        let rivals: Vec<&Entry> =
            rivals.map(|(_, rival)| rival).filter(|rival| self.plays_for_sure(rival)).collect();
        if rivals.is_empty() {
            return None;
        }
        let has_dates = |entry: &&Entry| !entry.times.dates.is_empty() || !entry.times.except.is_empty();
        let depends_on_dates = !self.closed.is_empty() || rivals.iter().chain([&entry]).any(has_dates);
        let days = if depends_on_dates { YEARS * YEAR } else { YEAR };
        let mut by: Vec<&Entry> = Vec::new();
        for day in FIRST_DAY.series(jiff::Span::new().days(1)).take(days).filter(|day| !self.is_closed(*day))
        {
            let times = entry.times.on(day, locality);
            if times.is_empty() {
                continue;
            }
            let found: Vec<(&Entry, Occurrence)> =
                rivals.iter().flat_map(|rival| self.around(rival, day, locality)).collect();
            for one in times {
                if self.is_quiet(one, locality) || !is_within(one, &found, &mut by) {
                    return None;
                }
            }
        }
        (!by.is_empty()).then_some(Covered { entry, by })
    }

    /// Whether it always has a show to play, one after another: none of its shows waits for a condition.
    fn plays_for_sure(&self, entry: &Entry) -> bool {
        let has_a_show = |show: &String| self.conditions(show).next().is_none();
        let playlist = entry.plays.as_ref().filter(|_| !entry.times.is_once());
        playlist.is_some_and(|playlist| playlist.shows.iter().any(has_a_show))
    }

    fn around<'a>(
        &self,
        entry: &'a Entry,
        day: Date,
        locality: &Locality<'_>,
    ) -> impl Iterator<Item = (&'a Entry, Occurrence)> {
        entry.times.around(day, locality).filter(|one| !self.is_closed(one.day)).map(move |one| (entry, one))
    }

    /// Whether quiet hours keep a show with sound from beginning at some time of `one`: a silent one may play instead.
    fn is_quiet(&self, one: Occurrence, locality: &Locality<'_>) -> bool {
        let end = one.end.saturating_add(BEFORE_QUIET).unwrap_or(one.end);
        let silences = self.quiet.iter().filter(|quiet| quiet.at_most.is_none());
        silences
            .flat_map(|quiet| quiet.times.around(one.day, locality))
            .any(|quiet| quiet.start < end && one.start < quiet.end)
    }
}

/// Whether `others` leave no gap in `one`; those that count are added to `by`.
fn is_within<'a>(one: Occurrence, others: &[(&'a Entry, Occurrence)], by: &mut Vec<&'a Entry>) -> bool {
    let mut now = one.start;
    while now < one.end {
        let playing = others.iter().filter(|(_, other)| other.contains(now));
        let Some((rival, other)) = playing.max_by_key(|(_, other)| other.end) else { return false };
        if !by.iter().any(|known| known.name == rival.name) {
            by.push(rival);
        }
        now = other.end;
    }
    true
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::diagnosis::Source;
    use crate::rig;
    use crate::schedule::{MissingShow, ScheduleContext, read};

    /// The first warning about a schedule with these entries, after what stands `above` them.
    fn warning(above: &str, entries: &[&str]) -> Option<String> {
        let rig = rig::read(&Source::new("rig.toml", "[channels]\nneon = { pin = 17, kind = \"ssr\" }\n"))
            .0
            .unwrap();
        let shows = BTreeSet::from(["demo".to_owned()]);
        let context = ScheduleContext { shows: &shows, rig: &rig, missing: MissingShow::Mistake };
        let lines: String = ["a", "b", "c"]
            .iter()
            .zip(entries)
            .map(|(name, keys)| format!("{name} = {{ {keys} }}\n"))
            .collect();
        let (schedule, told) =
            read(&Source::new("schedule.toml", format!("{above}\n[schedule]\n{lines}")), &context);
        assert!(schedule.is_some(), "{told}");
        told.iter().next().map(|diagnosis| diagnosis.title().to_owned())
    }

    const PLAY: &str = "play = \"demo\"";

    #[test]
    fn an_entry_that_never_plays_is_told_with_what_plays_instead() {
        let evening = |keys: &str| format!("{PLAY}, from = \"17:00\", to = \"22:00\"{keys}");
        for (entries, expected) in [
            (vec![evening(""), evening("")], "entry `b` never plays: `a` plays at all of its times"),
            (
                vec![evening(""), evening(", priority = 1")],
                "entry `a` never plays: `b` plays at all of its times",
            ),
            (
                vec![evening(""), format!("{PLAY}, at = \"20:00\"")],
                "entry `b` never plays: `a` plays at all of its times",
            ),
            (
                vec![evening(""), format!("{PLAY}, from = \"18:00\", to = \"19:00\", days = \"sat\"")],
                "entry `b` never plays: `a` plays at all of its times",
            ),
            (
                vec![
                    format!("{PLAY}, from = \"12:00\", to = \"19:00\""),
                    format!("{PLAY}, from = \"19:00\", to = \"2:00\""),
                    format!("{PLAY}, from = \"18:00\", to = \"1:00\", dates = \"Dec 24\""),
                ],
                "entry `c` never plays: `a` and `b` play at all of its times",
            ),
        ] {
            let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
            assert_eq!(warning("", &entries).as_deref(), Some(expected), "{entries:?}");
        }
    }

    #[test]
    fn an_entry_that_plays_at_some_time_is_not_told() {
        let evening = "play = \"demo\", from = \"17:00\", to = \"22:00\"";
        for (above, other) in [
            ("", "play = \"demo\", from = \"17:00\", to = \"22:01\""),
            ("", "play = \"demo\", from = \"16:59\", to = \"22:00\""),
            ("", "play = \"demo\", at = [\"20:00\", \"23:00\"]"),
            // Silent shows in quiet hours.
            ("[quiet]\nq = { from = \"21:00\", to = \"7:00\" }", evening),
            ("[commands]\ncan_run = \"true\"", evening),
            ("[shows]\ndemo = { can_run = \"true\" }", evening),
        ] {
            assert_eq!(warning(above, &[evening, other]), None, "{above} {other}");
        }
        // Only in some years does this day fall on a Saturday.
        assert_eq!(
            warning("", &[&format!("{evening}, days = \"sat\""), &format!("{evening}, dates = \"Dec 26\"")]),
            None
        );
        // Between its shows nothing else plays, and a look plays no shows.
        assert_eq!(warning("", &["between = \"dark\"", evening]), None);
    }
}
