//! `layout.toml`: where the lamps hang on a photograph, how large they are and which colour they have. A person may write
//! it, and so does the page. Knows no files.

mod change;
mod colour;
mod lamp;
mod read;

pub use change::{LampChanges, NotChanged, changed};
pub use colour::Colour;
pub use lamp::{Lamp, LampLayout};
pub use read::read;

pub(super) use lamp::by_name;

/// What the file is called, beside the rig.
pub const LAYOUT_FILE: &str = "layout.toml";
