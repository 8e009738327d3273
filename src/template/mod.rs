//! The text of a new show and of a new rig, from which a person goes on. Pure: knows no files and no terminals.

mod board;
mod header_picture;
mod light_roles;
mod pins;
mod rig_text;
mod sheet_text;
mod starter_cues;

pub use board::BoardKind;
pub use header_picture::header_picture;
pub use pins::{LightPin, proposed, read_pins, supply, typed};
pub use rig_text::{NewLight, proposed_names, read_names, rig_text};
pub use sheet_text::{NewShow, show_text, title_in_sheet};
