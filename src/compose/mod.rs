//! What is heard in a song becomes a cue sheet for the lights of a rig, which a person reads and changes. Pure: knows no
//! files and no sound.
//!
//! `form` has the song in bars: its parts, how strong each is, and its drums. `lights` shares out the lights of the rig,
//! and `naming` names them in a few words. `style` is how a show moves. `look`, with `background`, `drum_look` and
//! `relay_look`, says what the lights do in a part, and `transition` what leads to the next. `arrange` brings these
//! together as `line`s, with sections (`section_names`) for parts that come again. `sheet` writes them, and `approval`
//! changes them until `check` has nothing to say.

mod approval;
mod arrange;
mod background;
mod drum_look;
mod form;
mod lights;
mod line;
mod look;
mod lookbook;
mod naming;
mod relay_look;
mod section_names;
mod sheet;
mod style;
#[cfg(test)]
mod tests;
mod transition;

pub use approval::ReadSheet;
pub use sheet::{ComposeRequest, composed};
