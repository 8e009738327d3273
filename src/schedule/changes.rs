//! What is different between two schedules, in words. Reads no file.

use std::sync::Arc;

use super::{Entry, Schedule};

/// What is different in `after`, a line each; empty if nothing is.
#[must_use]
pub fn changes(before: Option<&Schedule>, after: Option<&Schedule>) -> Vec<String> {
    match (before, after) {
        (None, None) => Vec::new(),
        (Some(_), None) => vec!["there is none any more: nothing plays by itself".to_owned()],
        (None, Some(after)) => {
            let names: Vec<&str> = after.entries.iter().map(|entry| entry.name.as_str()).collect();
            vec![match names.is_empty() {
                true => "there was none, and this one has no entry".to_owned(),
                false => format!("there was none; its entries: {}", names.join(", ")),
            }]
        }
        (Some(before), Some(after)) => between(before, after),
    }
}

fn between(before: &Schedule, after: &Schedule) -> Vec<String> {
    let named = |schedule: &Schedule, name: &str| -> Option<Arc<Entry>> {
        schedule.entries.iter().find(|entry| entry.name == name).cloned()
    };
    let mut changes = Vec::new();
    for entry in &after.entries {
        match named(before, &entry.name) {
            None => changes.push(format!("entry `{}` is new", entry.name)),
            Some(earlier) if earlier != *entry => changes.push(format!("entry `{}` has changed", entry.name)),
            Some(_) => {}
        }
    }
    let gone = before.entries.iter().filter(|entry| named(after, &entry.name).is_none());
    changes.extend(gone.map(|entry| format!("entry `{}` is gone", entry.name)));
    let settings = [
        ("`[place]` has changed", before.place != after.place || before.zone != after.zone),
        ("`closed` has changed", before.closed != after.closed),
        ("`[quiet]` has changed", before.quiet != after.quiet),
        ("`volume` has changed", before.volume != after.volume),
        ("`between` has changed", before.between != after.between),
        ("the commands have changed", before.commands != after.commands),
        ("`[shows]` has changed", before.shows != after.shows),
    ];
    changes.extend(settings.into_iter().filter(|(_, is_so)| *is_so).map(|(words, _)| words.to_owned()));
    // Which of several entries of a priority comes first.
    if changes.is_empty() && before != after {
        changes.push("the order of its entries has changed".to_owned());
    }
    changes
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::diagnosis::Source;
    use crate::rig;
    use crate::schedule::{MissingShow, ScheduleContext, read};

    const RIG: &str = "[channels]\nwindows = { pin = 18, kind = \"pwm\" }\n";

    fn schedule(text: &str) -> Schedule {
        let rig = rig::read(&Source::new("rig.toml", RIG)).0.unwrap();
        let shows = BTreeSet::from(["demo".to_owned()]);
        let context = ScheduleContext { shows: &shows, rig: &rig, missing: MissingShow::Mistake };
        let (schedule, told) = read(&Source::new("schedule.toml", text), &context);
        schedule.unwrap_or_else(|| panic!("{told}"))
    }

    const EVENING: &str = "[schedule]\nevening = { play = \"demo\", from = \"17:00\", to = \"22:00\" }\n";

    #[test]
    fn each_change_is_a_line_and_the_same_is_none() {
        let evening = schedule(EVENING);
        for (text, expected) in [
            (EVENING.to_owned(), vec![]),
            (format!("# A comment.\n{EVENING}"), vec![]),
            (format!("{EVENING}late = {{ play = \"demo\", at = \"23:00\" }}\n"), vec!["entry `late` is new"]),
            (EVENING.replace("22", "21"), vec!["entry `evening` has changed"]),
            ("volume = \"50 %\"\n".to_owned(), vec!["entry `evening` is gone", "`volume` has changed"]),
            (
                format!("between = \"dusk\"\n[looks]\ndusk = {{ windows = \"5 %\" }}\n{EVENING}"),
                vec!["`between` has changed"],
            ),
        ] {
            assert_eq!(changes(Some(&evening), Some(&schedule(&text))), expected, "{text}");
        }
        assert_eq!(changes(None, Some(&evening)), ["there was none; its entries: evening"]);
        assert_eq!(changes(Some(&evening), None), ["there is none any more: nothing plays by itself"]);
    }
}
