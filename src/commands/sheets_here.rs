//! The way to a show that is not found by its name: its sheet lies in the current folder, or its path was typed without the
//! ending. Reads no sheet.

use std::path::{Path, PathBuf};

use anyhow::anyhow;

use crate::printable::shell_word;
use crate::show::{self, is_show_name};

use super::outcome::Failure;

/// Lines about shows that lie in the current folder, where nobody looks for them; empty if there are none.
pub(super) fn sheets_here(places: &[PathBuf]) -> String {
    let shows = if is_searched(places) { None } else { show::find::all(&[PathBuf::from(".")]).ok() };
    match shows.iter().flatten().next() {
        Some((name, _)) => way_to(name, places),
        None => String::new(),
    }
}

/// The reason why `name` is not found, with the way to a sheet that is probably meant. Folders of shows can be named.
pub(super) fn not_found(name: &str, places: &[PathBuf], failure: Failure) -> Failure {
    not_found_but(name, places, failure, || way_to(name, places))
}

/// As [`not_found`], for a command that looks in no other folder.
pub(super) fn not_found_by_name(name: &str, places: &[PathBuf], failure: Failure) -> Failure {
    let by_path = || format!("\n  did you mean `{}`?", shell_word(Path::new(&format!("{name}.show"))));
    not_found_but(name, places, failure, by_path)
}

fn not_found_but(name: &str, places: &[PathBuf], failure: Failure, way_here: impl Fn() -> String) -> Failure {
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
        (true, true) if !is_searched(places) => way_here(),
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
