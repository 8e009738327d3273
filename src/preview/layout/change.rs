//! Writes lamps that were moved into a person's `layout.toml`, and changes nothing else in it. Knows no files.

use std::collections::BTreeMap;

use serde::Deserialize;
use thiserror::Error;

use crate::config::edit::TomlEdit;
use crate::diagnosis::Source;
use crate::printable::printable;
use crate::rig::Rig;

use super::colour::Colour;
use super::lamp::Lamp;
use super::read::{PLACE, SIZE, read};

/// The head of a new file.
const HEAD: &str = "\
# Where the lamps hang on the photograph; `starcourt preview` writes it, and you can, too.
# x and y: the lamp's middle in per cent of the photograph's width and height; size: in per cent of its width.

";

/// What a page sends: the lamps that change, by the names of their channels.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct LampChanges {
    lamps: BTreeMap<String, LampChange>,
}

/// What is not there stays as it is.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
struct LampChange {
    x: Option<f64>,
    y: Option<f64>,
    size: Option<f64>,
    colour: Option<String>,
}

/// Why nothing was changed. The words are for a person.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum NotChanged {
    #[error("this is no change of lamps: {0}")]
    NotUnderstood(String),
    #[error("{0}")]
    Wrong(String),
    #[error("layout.toml has mistakes, and is not changed; mend it first")]
    Mistaken,
}

impl LampChanges {
    /// Reads what a page has sent, for the lamps of `rig`.
    ///
    /// # Errors
    /// [`NotChanged`].
    pub fn of(json: &[u8], rig: &Rig) -> Result<Self, NotChanged> {
        let changes: Self =
            serde_json::from_slice(json).map_err(|error| NotChanged::NotUnderstood(error.to_string()))?;
        let wrong =
            |name: &str, what: &str| Err(NotChanged::Wrong(format!("{what} of lamp `{}`", printable(name))));
        for (name, LampChange { x, y, size, colour }) in &changes.lamps {
            if rig.channel_named(name).is_none() {
                return Err(NotChanged::Wrong(format!("the rig has no channel `{}`", printable(name))));
            }
            for (what, number, range) in
                [("x", x, &PLACE.range), ("y", y, &PLACE.range), ("size", size, &SIZE.range)]
            {
                if number.is_some_and(|number| !range.contains(&number)) {
                    return wrong(name, what);
                }
            }
            if colour.as_ref().is_some_and(|colour| Colour::of(colour).is_none()) {
                return wrong(name, "colour");
            }
        }
        Ok(changes)
    }
}

/// `text` with these changes and no other difference; an empty one gets a head.
///
/// # Errors
/// [`NotChanged`].
pub fn changed(text: &str, changes: &LampChanges, rig: &Rig) -> Result<String, NotChanged> {
    let lamps_of = |text: &str| read(&Source::new("layout.toml", text), rig).0.ok_or(NotChanged::Mistaken);
    let mut expected = lamps_of(text)?;
    let text = if text.trim().is_empty() { HEAD } else { text };
    let mut edit = TomlEdit::of(text).ok_or(NotChanged::Mistaken)?;
    if !edit.has("lamps") {
        // At the end, below a person's remarks.
        edit = TomlEdit::of(&format!("{}\n\n[lamps]\n", text.trim_end())).ok_or(NotChanged::Mistaken)?;
    }
    for (name, change) in &changes.lamps {
        let LampChange { x, y, size, colour } = change;
        let mut set = || {
            for (key, number) in [("x", x), ("y", y), ("size", size)] {
                if let Some(number) = number {
                    edit.set(&["lamps", name, key], rounded(*number))?;
                }
            }
            colour.iter().try_for_each(|colour| edit.set(&["lamps", name, "colour"], colour.trim()))
        };
        set().ok_or(NotChanged::Mistaken)?;
        change.put_into(&mut expected.lamps, name);
    }
    let changed = edit.text();
    // What nobody foresaw in a file that a person wrote changes nothing.
    match lamps_of(&changed)? == expected {
        true => Ok(changed),
        false => Err(NotChanged::Mistaken),
    }
}

impl LampChange {
    fn put_into(&self, lamps: &mut Vec<(String, Lamp)>, name: &str) {
        let place = lamps.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            lamps.push((name.to_owned(), Lamp::default()));
            lamps.len() - 1
        });
        let lamp = &mut lamps[place].1;
        for (new, old) in [(self.x, &mut lamp.x), (self.y, &mut lamp.y), (self.size, &mut lamp.size)] {
            *old = new.map(rounded).or(*old);
        }
        lamp.colour = self.colour.as_deref().and_then(Colour::of).or(lamp.colour);
    }
}

/// Nobody sees a hundredth of a per cent of a photograph.
fn rounded(percent: f64) -> f64 {
    (percent * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const RIG: &str = "[channels]\nneon = { pin = 4, kind = \"ssr\" }\nmoon = { pin = 18, kind = \"pwm\" }\n";

    fn after(text: &str, json: &str) -> Result<String, NotChanged> {
        let rig = crate::rig::read(&Source::new("rig.toml", RIG)).0.unwrap();
        changed(text, &LampChanges::of(json.as_bytes(), &rig)?, &rig)
    }

    #[test]
    fn only_the_lamps_that_move_change() {
        let text = "# our house\nphoto = \"house.jpg\"   # at night\n\n[lamps]\n# by the door\nmoon = { x = 1, y = 2.5, size = 4 }  # round\nneon = { colour = \"red\" }\n";
        let moved = after(text, r#"{"lamps":{"moon":{"x":41.506,"y":20}}}"#).unwrap();
        assert_eq!(moved, text.replace("x = 1, y = 2.5", "x = 41.51, y = 20.0"));
        let placed =
            after(text, r##"{"lamps":{"neon":{"x":3,"y":4,"size":2,"colour":"#00ff00"}}}"##).unwrap();
        assert_eq!(
            placed,
            text.replace("{ colour = \"red\" }", "{ colour = \"#00ff00\", x = 3.0, y = 4.0, size = 2.0 }")
        );
    }

    #[test]
    fn a_new_file_says_what_it_is() {
        let new = after("", r#"{"lamps":{"neon":{"x":41.5,"y":20}}}"#).unwrap();
        assert_eq!(new, format!("{HEAD}[lamps]\nneon = {{ x = 41.5, y = 20.0 }}\n"));
        let again = after(&new, r#"{"lamps":{"neon":{"x":40},"moon":{"x":0,"y":100}}}"#).unwrap();
        assert_eq!(
            again,
            format!("{HEAD}[lamps]\nneon = {{ x = 40.0, y = 20.0 }}\nmoon = {{ x = 0.0, y = 100.0 }}\n")
        );
    }

    #[test]
    fn lamps_come_below_what_a_person_wrote() {
        for (text, kept) in [("# mine\n", "# mine"), ("photo = \"a.jpg\" # x\n", "photo = \"a.jpg\" # x")] {
            let after = after(text, r#"{"lamps":{"neon":{"x":1}}}"#).unwrap();
            assert_eq!(after, format!("{kept}\n\n[lamps]\nneon = {{ x = 1.0 }}\n"));
        }
    }

    #[test]
    fn what_is_wrong_changes_nothing() {
        for json in [
            "",
            "[]",
            "{}",
            r#"{"lamps":{"neon":{"z":1}}}"#,
            r#"{"lamps":{"nobody":{"x":1}}}"#,
            r#"{"lamps":{"neon":{"x":101}}}"#,
            r#"{"lamps":{"neon":{"x":-1}}}"#,
            r#"{"lamps":{"neon":{"x":1e999}}}"#,
            r#"{"lamps":{"neon":{"x":"1"}}}"#,
            r#"{"lamps":{"neon":{"size":0}}}"#,
            r#"{"lamps":{"neon":{"colour":"red; }"}}}"#,
            r#"{"lamps":{"neon":{"x":1}},"photo":"/etc/passwd"}"#,
        ] {
            assert!(after("", json).is_err(), "{json}");
        }
        for text in ["lamps = 3", "[lamps]\nneon = 3", "[lamps", "[lamps]\nneon = { x = 300 }"] {
            assert_eq!(after(text, r#"{"lamps":{"neon":{"x":1}}}"#), Err(NotChanged::Mistaken), "{text}");
        }
    }
}
