//! `starcourt new`: a first show for a song, or the rig of the lights. It never changes a file that is there.

mod questions;
mod rig;
mod show;

use std::path::Path;

use anyhow::anyhow;

use crate::cli::NewOptions;
use crate::printable::shell_word;

use super::outcome::{Failure, Outcome};
use super::{files, music_file, outcome, printed};

/// # Errors
/// What keeps the file from being written. Nothing is left behind then.
pub(super) fn new(name: Option<&Path>, options: &NewOptions) -> Result<(String, Outcome), Failure> {
    let text = match (name, &options.rig) {
        (Some(name), rig) => {
            refuse_wiring(options)?;
            let rig = match rig {
                Some(None) => {
                    let song = shell_word(name);
                    return Err(Failure::bad_command_line(anyhow!(
                        "--rig needs a file here, as in `starcourt new {song} --rig shows/rig.toml`; \
                         `starcourt new --rig` without a song writes a rig"
                    )));
                }
                Some(Some(file)) => Some(file.clone()),
                None => None,
            };
            show::show(name, rig, options)?
        }
        (None, Some(file)) => rig::rig(file.as_deref(), options)?,
        (None, None) => {
            return Err(Failure::bad_command_line(anyhow!(
                "a show for which song? `starcourt new song.ogg` writes song.show beside it\n  \
                 without music: `starcourt new porch --length 0:30`; for your lights: `starcourt new --rig`"
            )));
        }
    };
    Ok((text, Outcome::Done))
}

/// Options about a rig say nothing to a show.
fn refuse_wiring(options: &NewOptions) -> Result<(), Failure> {
    let wiring = &options.wiring;
    let given = [
        ("--board", wiring.board.is_some()),
        ("--active", wiring.active.is_some()),
        ("--channels", wiring.channels.is_some()),
        ("--pins", wiring.pins.is_some()),
        ("--names", wiring.names.is_some()),
        ("-o", wiring.out.is_some()),
    ];
    match given.into_iter().find(|(_, is_given)| *is_given) {
        Some((option, _)) => Err(Failure::bad_command_line(anyhow!(
            "{option} is for a rig: write `starcourt new --rig` without a song"
        ))),
        None => Ok(()),
    }
}
