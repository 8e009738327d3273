//! `starcourt list`: the shows there are, with their lengths and channels.

use std::fmt::Write as _;

use crate::cli::RigOptions;
use crate::rig::Rig;
use crate::show::{self, Show};

use super::files;
use super::outcome::{Failure, Outcome};

pub(super) fn list(options: &RigOptions) -> Result<(String, Outcome), Failure> {
    let rig = files::rig(&options.rig, files::output_kind(&options.output))?.rig;
    let places = files::show_places(options);
    let shows = show::find::all(&places).map_err(Failure::bad_file)?;
    if shows.is_empty() {
        let looked: Vec<_> = places.iter().map(|place| place.display().to_string()).collect();
        return Ok((format!("no shows in {}\n", looked.join(" or ")), Outcome::Done));
    }
    let wide = shows.keys().map(String::len).max().unwrap_or(0).max(4);
    let mut text = format!("{:wide$}  {:>6}  {:>8}  TITLE\n", "SHOW", "LENGTH", "CHANNELS");
    for name in shows.keys() {
        let line = match files::show(name, &places, &rig) {
            Ok(loaded) => {
                let (length, used) = (loaded.length.to_minutes(), channels_of(&loaded.show, &rig));
                format!("{name:wide$}  {length:>6}  {used:>8}  {}", loaded.show.title)
            }
            Err(_) => {
                format!("{name:wide$}  {:>6}  {:>8}  cannot be played: starcourt check {name}", "-", "-")
            }
        };
        writeln!(text, "{line}").expect("a String takes everything");
    }
    Ok((text, Outcome::Done))
}

/// `9 of 12`: how many of the rig's channels the show uses.
fn channels_of(show: &Show, rig: &Rig) -> String {
    format!("{} of {}", show.channels().len(), rig.channels.len())
}
