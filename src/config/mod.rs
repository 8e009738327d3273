//! Configuration files in TOML: the rig and the schedule. Reads the whole file with the place of everything in it,
//! so that every mistake is reported at once. Knows no key's meaning.

pub(crate) mod decimal;
pub(crate) mod document;
mod duration_words;
pub(crate) mod edit;
pub(crate) mod fields;
mod key_names;
mod line_reader;
mod lists;
pub(crate) mod open;
pub(crate) mod quantity;
pub(crate) mod report;
mod syntax;
mod token;
pub(crate) mod tried;
