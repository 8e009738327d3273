//! What the parts of a song are called in a sheet. Knows no lights.

use std::collections::BTreeMap;

use super::form::{FormPart, LookKey};

/// What a part is: by its role, else by its letter.
pub(super) fn role(part: &FormPart) -> String {
    match part.role {
        Some(role) => role.name().to_owned(),
        None => format!("part {}", part.letter),
    }
}

/// A name for each look: `verse`, `verse_2`, `part_a`, `part_a2`.
pub(super) fn names(parts: &[FormPart]) -> BTreeMap<LookKey<'_>, String> {
    let mut names: BTreeMap<LookKey<'_>, String> = BTreeMap::new();
    for part in parts {
        let key = part.look_key();
        if names.contains_key(&key) {
            continue;
        }
        let (first, separator) = match part.role {
            Some(role) => (role.name().to_owned(), "_"),
            None => (format!("part_{}", key.0.to_lowercase()), ""),
        };
        let is_free = |name: &String| !names.values().any(|other| other == name);
        let more = (2..).map(|number| format!("{first}{separator}{number}"));
        let name = std::iter::once(first.clone()).chain(more).find(is_free);
        names.insert(key, name.expect("there are numbers without end"));
    }
    names
}
