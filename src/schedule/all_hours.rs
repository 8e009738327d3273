//! Warns of an entry that plays at every hour, which few people mean: it has no times, or it ends when it begins. Knows no
//! instants.

use crate::config::document::KeyValue;
use crate::config::fields::Fields;
use crate::diagnosis::Help;

use super::times::{Hours, Times};

/// Says that it is meant.
const DAY_AND_NIGHT: &str = "from = \"0:00\", to = \"24:00\"";

/// Warns if the entry at `line` plays day and night and its `fields` do not say so.
pub(super) fn warn_of_all_hours(times: &Times, line: &KeyValue, fields: &mut Fields<'_>) {
    let (Hours::Span { from, to } | Hours::Every { from, to, .. }) = &times.hours else { return };
    let (report, name) = (fields.report, &line.key);
    let from_to = (fields.entry("from"), fields.entry("to"));
    let (title, span, label, help) = match from_to {
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
