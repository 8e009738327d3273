//! What to type for a show that was not named, or that is another kind of file. Reads no sheet.

use std::path::{Path, PathBuf};

use anyhow::anyhow;

use crate::cli::RigOptions;
use crate::printable::shell_word;
use crate::show;

use super::files;
use super::outcome::Failure;
use super::sheets_here::sheets_here;

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

/// `file` is no show: the way to the one that is meant.
pub(super) fn no_show(file: &Path, places: &[PathBuf]) -> Failure {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let way = match show::find::find(&stem, places) {
        Ok(_) => format!("did you mean `{stem}`?"),
        Err(_) => "write the name of a show; `starcourt list` lists them, `starcourt new song.ogg` makes one"
            .to_owned(),
    };
    Failure::bad_command_line(anyhow!("{} is no show; {way}", shell_word(file)))
}
