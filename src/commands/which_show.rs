//! What to type for a show that was not named. Reads no sheet.

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
