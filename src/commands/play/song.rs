//! A music file that has no show: it is played under the light that stands between shows, or under full light.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::audio::measure;
use crate::cli::{OutputKind, RigOptions, ScheduleFile};
use crate::level::Level;
use crate::printable::{printable, shell_word};
use crate::rig::{ChannelId, Rig};
use crate::schedule::{Idle, MissingShow};
use crate::show;
use crate::time::ShowTime;

use super::super::files::{self, LoadedShow};
use super::super::made;
use super::super::music_file;
use super::super::outcome::Failure;

/// The song as a show of one light, and what to tell about it.
pub(super) fn song(
    name: &str,
    rig: &Rig,
    options: &RigOptions,
    kind: OutputKind,
) -> Result<(LoadedShow, Vec<String>), Failure> {
    let places = files::show_places(options);
    let path = music_file::find(name, &places)?;
    let measured = measure(&path).map_err(|error| Failure::bad_file(error.into()))?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let (levels, light) = light(rig, &places, kind);
    let cues = levels.into_iter().map(|(channel, level)| made::set(channel, ShowTime::ZERO, level)).collect();
    let length = measured.promised.unwrap_or(measured.length);
    let show_name = show::misnamed::better_name(&stem, &BTreeSet::new());
    let loaded = LoadedShow::made(&show_name, &printable(&stem), cues, length, Some(&path));
    Ok((loaded, vec![light, way_to_a_show(&show_name, &path)]))
}

/// The look that the schedule names under `between`; else every channel at its brightest.
fn light(rig: &Rig, places: &[PathBuf], kind: OutputKind) -> (Vec<(ChannelId, Level)>, String) {
    let full = || rig.channel_ids().map(|channel| (channel, Level::FULL)).collect();
    let all_on = match rig.limits.on_at_once.filter(|most| *most < rig.channels.len()) {
        Some(most) => format!("{most} lights are on: the rig allows no more at once (`on_at_once`)"),
        None => "all lights are on".to_owned(),
    };
    match files::schedule(&ScheduleFile::default(), kind, places, rig, MissingShow::Warning) {
        Ok(Some(loaded)) => match loaded.schedule.between {
            Idle::Look(look) => {
                let told = format!("the lights show the look `{}` of the schedule", look.name);
                (look.levels.clone(), told)
            }
            Idle::Dark | Idle::Show(_) => (full(), all_on),
        },
        Ok(None) => (full(), all_on),
        Err(_) => (full(), format!("{all_on}; the schedule has mistakes: `starcourt check`")),
    }
}

/// What to type to get a show of this music.
fn way_to_a_show(name: &str, music: &Path) -> String {
    let sheet = music.with_file_name(format!("{name}.show"));
    if sheet.is_file() {
        return format!("there is a show of this name: `starcourt play {}`", shell_word(&sheet));
    }
    format!("for a show of your own: `starcourt new {}`", shell_word(music))
}
