//! Reads one button of the rig file: its line, and what it orders. Knows no other button.

use std::time::Duration;

use super::document::KeyValue;
use super::fields::{Fields, Spanned};
use super::report::Report;
use super::units::{DEBOUNCE, HOLD};
use super::wiring;
use super::words::check_name;
use super::{Button, ButtonOrder, Line, Pull, channel};
use crate::diagnosis::Help;

/// Common push buttons bounce for less than 10 ms.
const USUAL_DEBOUNCE: Duration = Duration::from_millis(20);
const USUAL_HOLD: Duration = Duration::from_secs(1);

const NOUNS: wiring::WiringNouns = wiring::WiringNouns { whose: "button", pin: 22, header: 15 };
const PULLS: [(&str, Pull); 3] = [("up", Pull::Up), ("down", Pull::Down), ("off", Pull::Off)];
const OTHER_PULLS: [(&str, &str); 6] = [
    ("pullup", "up"),
    ("pull-up", "up"),
    ("pulldown", "down"),
    ("pull-down", "down"),
    ("none", "off"),
    ("no", "off"),
];
/// The stage uses these keys.
const STAGE_KEYS: [char; 19] =
    [' ', 'b', 'B', 'n', 'N', 'q', 'Q', 'r', 'R', 'l', 'L', '+', '=', '-', '<', '>', ',', '.', '?'];

/// A button whose line is known.
pub(super) struct WiredButton {
    pub(super) name: String,
    pub(super) line: Spanned<Line>,
    pub(super) button: Button,
}

/// Reads `NAME = { … }`; `None` where its line cannot be told.
pub(super) fn read(entry: &KeyValue, report: &Report<'_>) -> Option<WiredButton> {
    let name = &entry.key;
    check_name(name, &entry.key_span, "button", report);
    let table = Fields::braces(entry, "button", "{ pin = 22, press = \"next\" }", report)?;
    let mut fields = Fields::new(table, format!(" of button `{name}`"), report);
    let line = wiring::line(&mut fields, entry, &NOUNS);
    let pull = fields.choice_meant("pull", &PULLS, &OTHER_PULLS);
    let active = fields.choice("active", &channel::ACTIVES);
    let debounce = fields.quantity("debounce", &DEBOUNCE);
    let hold_after = fields.quantity("hold_after", &HOLD);
    let press = order(&mut fields, "press", entry);
    let hold = order(&mut fields, "hold", entry);
    let double = order(&mut fields, "double", entry);
    let key = key(&mut fields, entry);
    let orders_nothing = ["press", "hold", "double"].iter().all(|key| fields.entry(key).is_none());
    fields.finish();

    if orders_nothing {
        let diagnosis = report.error(format!("button `{name}` does nothing"));
        let (room, comma) = report.room_in(&entry.value);
        let orders = ["press = \"next\"", "hold = \"stop\"", "double = \"play demo\""];
        let help = Help::write_one_of(room, orders.map(|order| format!("{comma}{order}")))
            .said("add `press = \"next\"`, `hold = \"stop\"` or `double = \"play demo\"`");
        report.push(diagnosis.at(entry.key_span.clone(), "").help(help));
    }
    let line = line?;
    let pull = pull.map_or_else(Pull::default, |found| found.value);
    let button = Button {
        name: name.clone(),
        line: line.value,
        pull,
        active: active.map_or_else(|| pull.pressed(), |found| found.value),
        debounce: debounce.map_or(USUAL_DEBOUNCE, |found| found.value),
        hold_after: hold_after.map_or(USUAL_HOLD, |found| found.value),
        press,
        hold,
        double,
        key,
    };
    if let Some(active) = table.entries.iter().find(|found| found.key == "active") {
        warn_of_pull(&button, &line, active, report);
    }
    Some(WiredButton { name: name.clone(), line, button })
}

fn order(fields: &mut Fields<'_>, key: &'static str, entry: &KeyValue) -> Option<ButtonOrder> {
    let text = fields.text_that(key, "an order", "next", |text| ButtonOrder::read(text).is_ok())?;
    let span = fields.entry(key)?.value.span.clone();
    ButtonOrder::read(&text)
        .map_err(|(expected, meant)| {
            let title = format!("button `{}` cannot order \"{text}\"", entry.key);
            let diagnosis = fields.report.error(title).at(span.clone(), expected);
            let help = meant.map(|order| {
                Help::write(span, format!("\"{order}\"")).said(format!("write `{key} = \"{order}\"`"))
            });
            fields.report.push(diagnosis.help_if_any(help));
        })
        .ok()
}

fn key(fields: &mut Fields<'_>, entry: &KeyValue) -> Option<char> {
    let text = fields.text_that("key", "a key", "1", |text| text.len() == 1)?;
    let span = fields.entry("key")?.value.span.clone();
    let mut letters = text.chars();
    let key = letters.next().filter(|key| letters.next().is_none() && key.is_ascii_graphic());
    let expected = match key {
        Some(key) if STAGE_KEYS.contains(&key) => "this key does something else already",
        Some(key) => return Some(key),
        None => "expected one letter, digit or sign",
    };
    let title = format!("\"{text}\" cannot be the key of button `{}`", entry.key);
    let help = Help::write(span.clone(), "\"1\"").said("a digit is always free, as in `key = \"1\"`");
    fields.report.push(fields.report.error(title).at(span, expected).help(help));
    None
}

/// Warns if the button's pull makes it look pressed all the time.
fn warn_of_pull(button: &Button, line: &Spanned<Line>, active: &KeyValue, report: &Report<'_>) {
    if button.pull != Pull::Off && button.active != button.pull.pressed() {
        let title = format!(
            "button `{}` always looks pressed: its `pull` is the level at which it is pressed",
            button.name
        );
        let words = "take `active` out; or, if a resistor of your own holds the pin, write `pull = \"off\"`";
        let help = Help::take_out(report.all_of(active), words);
        report.push(report.warning(title).at(line.span.clone(), "").help(help));
    }
}
