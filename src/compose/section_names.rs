//! What the parts of a song are called in a sheet. Knows no lights.

use std::collections::BTreeMap;

use super::form::FormPart;
use crate::analysis::PartRole;

/// What a part is: by its role, else by its letter.
pub(super) fn role(part: &FormPart) -> String {
    match part.role {
        Some(role) => word(role).to_owned(),
        None => format!("part {}", part.letter),
    }
}

/// A name for each letter: `verse`, `verse_2`, `part_a`, `part_a2`.
pub(super) fn names(parts: &[FormPart]) -> BTreeMap<String, String> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for part in parts {
        if names.contains_key(&part.letter) {
            continue;
        }
        let is_free = |name: &String| !names.values().any(|other| other == name);
        let (first, separator) = match part.role {
            Some(role) => (word(role).to_owned(), "_"),
            None => {
                let letter: String = part.letter.chars().filter(char::is_ascii_alphanumeric).collect();
                (format!("part_{}", letter.to_lowercase()), "")
            }
        };
        let more = (2..).map(|number| format!("{first}{separator}{number}"));
        let name = std::iter::once(first.clone()).chain(more).find(is_free);
        names.insert(part.letter.clone(), name.expect("there are numbers without end"));
    }
    names
}

const fn word(role: PartRole) -> &'static str {
    match role {
        PartRole::Intro => "intro",
        PartRole::Verse => "verse",
        PartRole::Chorus => "chorus",
        PartRole::Break => "break",
        PartRole::Finale => "finale",
    }
}
