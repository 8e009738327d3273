//! Reads the text of `layout.toml`, or reports every mistake in it. Knows no files.

use std::sync::Arc;

use crate::config::decimal::{self, Decimal};
use crate::config::document::{self, Form, KeyValue};
use crate::config::fields::Fields;
use crate::config::report::Report;
use crate::diagnosis::{Diagnoses, Help, Source};
use crate::rig::Rig;

use super::colour::{Colour, NAMES};
use super::lamp::{Lamp, LampLayout};

/// Of where a lamp hangs.
pub(super) const PLACE: Decimal =
    Decimal { noun: "a percentage", example: "41.5", range: 0.0..=100.0, bounds: "0 to 100" };
pub(super) const SIZE: Decimal =
    Decimal { noun: "a percentage", example: "4", range: 0.1..=100.0, bounds: "0.1 to 100" };

const LAMP_EXAMPLE: &str = "{ x = 41.5, y = 20, size = 4, colour = \"#ffd9a0\" }";

/// Reads a layout of the lamps of `rig`. If there is a mistake, there is no layout, and every mistake is reported. A lamp
/// that the rig does not have is a warning: rigs change.
#[must_use]
pub fn read(source: &Arc<Source>, rig: &Rig) -> (Option<LampLayout>, Diagnoses) {
    let (document, errors) = document::parse(source.text());
    let report = Report::new(source, &["photo"], errors);
    let mut top = Fields::new(&document, "", &report);
    let photo = top.text("photo", "the name of a photograph", "house.jpg");
    let photo_entry = top.entry("photo");
    if let (Some(name), Some(entry)) = (&photo, photo_entry)
        && !is_beside(name)
    {
        let diagnosis = report.error(format!("`photo` cannot be \"{name}\""));
        let label = "expected the name of a file in the same folder, without a folder";
        let help = Help::advise("copy the photograph beside the rig, or name it with --photo FILE");
        report.push(diagnosis.at(entry.value.span.clone(), label).help(help));
    }
    let entries = top.table("lamps").map_or(&[][..], |table| &table.entries);
    let lamps = entries.iter().filter_map(|entry| lamp(entry, rig, &report)).collect();
    top.finish();
    let told = report.finish();
    let layout = (told.errors() == 0).then_some(LampLayout { photo, lamps });
    (layout, told)
}

/// Whether `name` leads to nothing but a file in the same folder.
pub(super) fn is_beside(name: &str) -> bool {
    !name.contains(['/', '\0']) && !matches!(name, "" | "." | "..")
}

fn lamp(entry: &KeyValue, rig: &Rig, report: &Report<'_>) -> Option<(String, Lamp)> {
    let name = entry.key.as_str();
    let table = Fields::braces(entry, "lamp", LAMP_EXAMPLE, report)?;
    let mut fields = Fields::new(table, format!(" of lamp `{name}`"), report);
    let x = decimal::read(&mut fields, "x", &PLACE);
    let y = decimal::read(&mut fields, "y", &PLACE);
    let size = decimal::read(&mut fields, "size", &SIZE);
    let colour = colour(&mut fields);
    fields.finish();
    if rig.channel_named(name).is_none() {
        // Nobody reads more of them, and the nearest name of many takes its time.
        if report.are_many() {
            return None;
        }
        let names = rig.channels.iter().map(|channel| channel.name.as_str());
        let warning = report.warning(format!("the rig has no channel `{name}`"));
        let help = Help::meant(entry.key_span.clone(), name, names);
        report.push(warning.at(entry.key_span.clone(), "this lamp is not shown").help_if_any(help));
        return None;
    }
    Some((name.to_owned(), Lamp { x, y, size, colour }))
}

fn colour(fields: &mut Fields<'_>) -> Option<Colour> {
    let text = fields.text_that("colour", "a colour", "#ffd9a0", |text| Colour::of(text).is_some())?;
    let colour = Colour::of(&text);
    if let (None, Some(entry)) = (colour, fields.entry("colour"))
        && matches!(entry.value.form, Form::Text(_))
    {
        let names = NAMES.iter().map(|(name, _)| *name);
        let listed = names.clone().collect::<Vec<_>>().join(", ");
        let span = entry.value.span.clone();
        let help = crate::diagnosis::nearest(&text, names)
            .map(|near| Help::meant_is(span.clone(), near, format!("\"{near}\"")));
        let title = format!("`colour`{} cannot be \"{text}\"", fields.place);
        let label = format!("expected `#ffd9a0`, or one of {listed}");
        fields.report.push(fields.report.error(title).at(span, label).help_if_any(help));
    }
    colour
}

#[cfg(test)]
mod tests {
    use super::*;

    const RIG: &str = "[channels]\nneon = { pin = 4, kind = \"ssr\" }\nmoon = { pin = 18, kind = \"pwm\" }\n";

    fn told(text: &str) -> (Option<LampLayout>, String) {
        let rig = crate::rig::read(&Source::new("rig.toml", RIG)).0.unwrap();
        let (layout, told) = read(&Source::new("layout.toml", text), &rig);
        (layout, told.to_string())
    }

    #[test]
    fn a_lamp_has_a_place_a_size_and_a_colour() {
        let text = "photo = \"house.jpg\"\n[lamps]\nneon = { x = 41.5, y = 20, size = 4, colour = \"red\" }\nmoon.x = 3\n";
        let (layout, told) = told(text);
        assert_eq!(told, "");
        let layout = layout.unwrap();
        assert_eq!(layout.photo.as_deref(), Some("house.jpg"));
        let json = serde_json::to_string(&layout.lamps).unwrap();
        assert_eq!(
            json,
            r##"[["neon",{"x":41.5,"y":20.0,"size":4.0,"colour":"#ff3b30"}],["moon",{"x":3.0}]]"##
        );
        assert_eq!(self::told("").0, Some(LampLayout::default()));
    }

    #[test]
    fn each_mistake_is_told_at_its_place() {
        for (text, expected) in [
            ("photo = \"../secret.jpg\"", "expected the name of a file in the same folder"),
            ("photo = 3", "`photo` must be"),
            ("fotos = \"a.jpg\"", "no key is called `fotos`"),
            ("[lamps]\nneon = 3", "lamp `neon` must be a table"),
            ("[lamps]\nneon = { x = 120 }", "it goes from 0 to 100"),
            ("[lamps]\nneon = { x = inf }", "it goes from 0 to 100"),
            ("[lamps]\nneon = { x = nan }", "`x` of lamp `neon` must be a percentage"),
            ("[lamps]\nneon = { x = \"41,5 %\" }", "write `x = 41.5`, without quotes"),
            ("[lamps]\nneon = { size = 0 }", "it goes from 0.1 to 100"),
            ("[lamps]\nneon = { colour = \"rad\" }", "did you mean `red`?"),
            ("[lamps]\nneon = { colour = \"url(x)\" }", "expected `#ffd9a0`, or one of warm white"),
            ("[lamps]\nneon = { color = \"red\" }", "did you mean `colour`?"),
            ("[lamps", "a `]` is missing"),
        ] {
            let (layout, told) = told(text);
            assert!(layout.is_none() && told.contains(expected), "{text}\n{told}");
        }
    }

    #[test]
    fn a_lamp_that_the_rig_does_not_have_is_a_warning() {
        let (layout, told) = told("[lamps]\nneom = { x = 1, y = 1 }\nmoon = { x = 2, y = 2 }\n");
        assert_eq!(layout.unwrap().lamps.len(), 1);
        assert!(told.contains("warning") && told.contains("did you mean `neon`?"), "{told}");
    }
}
