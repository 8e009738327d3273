//! `play --watch`: what may be watched, and which files these are. Watches nothing.

use anyhow::anyhow;

use crate::audio::measure;
use crate::cli::{OutputKind, PlayOptions};
use crate::instance::runner::WatchedFiles;
use crate::printable::{printable, shell_word};

use super::super::files::{LoadedRig, LoadedShow};
use super::super::music_file;
use super::super::outcome::Failure;
use super::super::warnings;

/// # Errors
/// Where the show `name` cannot be watched. Real lights have to be asked for.
pub(super) fn refuse(name: &str, options: &PlayOptions, kind: OutputKind) -> Result<(), Failure> {
    if !options.watch {
        return Ok(());
    }
    if music_file::is_file(name) {
        let name = printable(name);
        return Err(Failure::bad_command_line(anyhow!(
            "--watch follows the text of a show, and {name} is music\n  \
             starcourt play {} says how to make a show of it",
            shell_word(name.as_ref())
        )));
    }
    if kind == OutputKind::Gpio && options.stage.output.output.is_none() {
        let name = shell_word(name.as_ref());
        return Err(Failure::bad_command_line(anyhow!(
            "--watch plays what is being written, and real lights only if you ask for them\n  \
             starcourt play {name} --watch --output sim     simulated lights\n  \
             starcourt play {name} --watch --output gpio    real lights"
        )));
    }
    Ok(())
}

/// The files of `loaded`, if they are to be watched.
pub(super) fn files(
    loaded: &LoadedShow,
    rig: &LoadedRig,
    options: &PlayOptions,
    kind: OutputKind,
) -> WatchedFiles {
    let keeps_rig = match (kind, &options.trace) {
        (OutputKind::Gpio, _) => Some("its lights are real; end the show and play it again"),
        (OutputKind::Sim, Some(_)) => Some("its trace names the channels; end the show and play it again"),
        (OutputKind::Sim, None) => None,
    };
    let stage = options.stage.clone();
    WatchedFiles {
        sheet: loaded.show.source.path().to_owned(),
        rig: rig.path.clone(),
        keeps_rig,
        from: options.from.clone(),
        to: options.to.clone(),
        looped: options.looped,
        look: measure,
        warnings: Box::new(move |loaded| warnings::of_show(&loaded.told, &loaded.show, &stage)),
    }
}
