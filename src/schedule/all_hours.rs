//! Warns of an entry that plays at every hour, which few people mean: it has no times, or it ends when it begins. Knows no
//! instants.

use crate::config::document::{KeyValue, Table};
use crate::config::report::Report;
use crate::diagnosis::Help;

use super::times::{Hours, Times};

/// Says that it is meant.
const DAY_AND_NIGHT: &str = "from = \"0:00\", to = \"24:00\"";

/// Warns if the entry at `line` plays day and night and its `table` does not say so. A file with mistakes is not meant as
/// it is read.
pub(super) fn warn_of_all_hours(times: &Times, line: &KeyValue, table: &Table, report: &Report<'_>) {
    let (Hours::Span { from, to } | Hours::Every { from, to, .. }) = &times.hours else { return };
    if report.has_mistakes() {
        return;
    }
    let name = &line.key;
    let entry = |key| table.entries.iter().find(|entry| entry.key == key);
    let (title, span, label, help) = match (entry("from"), entry("to")) {
        (None, None) if matches!(times.hours, Hours::Span { .. }) => {
            let (room, comma) = report.room_in(&line.value);
            let keys =
                ["from = \"18:00\", to = \"22:00\"", DAY_AND_NIGHT].map(|keys| format!("{comma}{keys}"));
            let words = format!(
                "add `from = \"18:00\", to = \"22:00\"` for an evening, or `{DAY_AND_NIGHT}` if day and night is meant"
            );
            let help = Help::write_one_of(room, keys).said(words).into_example();
            (format!("entry `{name}` plays day and night"), line.key_span.clone(), "it has no times", help)
        }
        (Some(_), Some(ends)) if from == to => {
            let words = format!("say in `to` when it ends; 24 hours are `{DAY_AND_NIGHT}`");
            let title = format!("entry `{name}` lasts until this time on the next day");
            (title, ends.value.span.clone(), "the same as `from`", Help::advise(words))
        }
        _ => return,
    };
    report.push(report.warning(title).at(span, label).help(help));
}
