//! What to type for a show that was not named, or is not found by its name: the shows there are, and the sheets that lie
//! beside the folder of shows. Reads no sheet.

use std::path::{Path, PathBuf};

use anyhow::anyhow;

use crate::cli::RigOptions;
use crate::printable::shell_word;
use crate::show::{self, is_show_name};

use super::files;
use super::outcome::Failure;

/// For `command`, which needs the name of a show.
pub(super) fn which_show(command: &str, options: &RigOptions) -> Failure {
    let places = files::show_places(options);
    let names = match show::find::all(&places) {
        Ok(shows) => shows.into_keys().collect::<Vec<_>>(),
        Err(error) => return Failure::bad_file(anyhow!("{error:#}{}", sheets_here(&places))),
    };
    let Some(first) = names.first() else {
        return Failure::bad_command_line(anyhow!(
            "which show? there are none yet{}\n  a song is a good beginning: `starcourt new song.ogg` makes a show of it\n  \
             `starcourt help show` has an example; `starcourt play song.ogg` plays a song without a show",
            sheets_here(&places)
        ));
    };
    let names: String = names.iter().map(|name| format!("\n  {name}")).collect();
    let folder =
        options.shows.as_ref().map_or_else(String::new, |shows| format!(" --shows {}", shell_word(shows)));
    Failure::bad_command_line(anyhow!(
        "which show? for example `starcourt {command} {first}{folder}`; there are:{names}"
    ))
}

/// Lines about shows that lie in the current folder, where nobody looks for them; empty if there are none.
pub(super) fn sheets_here(places: &[PathBuf]) -> String {
    let shows = if is_searched(places) { None } else { show::find::all(&[PathBuf::from(".")]).ok() };
    match shows.iter().flatten().next() {
        Some((name, _)) => way_to(name, places),
        None => String::new(),
    }
}

/// The reason why `name` is not found, with the way to a sheet that is probably meant.
pub(super) fn not_found(name: &str, places: &[PathBuf], failure: Failure) -> Failure {
    if show::find::find(name, places).is_ok() {
        return failure;
    }
    let sheet = PathBuf::from(format!("{name}.show"));
    let Some(stem) =
        Path::new(name).file_name().and_then(|stem| stem.to_str()).filter(|stem| is_show_name(stem))
    else {
        return failure;
    };
    let way = match (stem == name, sheet.is_file()) {
        (true, true) if !is_searched(places) => way_to(name, places),
        (false, _) if show::find::find(stem, places).is_ok_and(|found| found == sheet) => {
            format!("\n  did you mean `{stem}`?")
        }
        (false, true) => format!("\n  did you mean `{}`?", shell_word(&sheet)),
        _ => return failure,
    };
    Failure::of(failure.outcome, anyhow!("{}{way}", failure.words()))
}

/// Whether shows are looked for in the current folder.
fn is_searched(places: &[PathBuf]) -> bool {
    let here = Path::new(".").canonicalize().ok();
    places.iter().any(|place| place.canonicalize().ok() == here)
}

/// How the show `name` of the current folder is found.
fn way_to(name: &str, places: &[PathBuf]) -> String {
    let folder = places.first().map_or_else(|| "shows".to_owned(), |folder| shell_word(folder));
    format!(
        "\n  {name}.show is in this folder, which is not searched: add `--shows .`, or move the file with its music to {folder}"
    )
}
