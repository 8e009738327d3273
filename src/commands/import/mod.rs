//! `starcourt import`: a file of another program becomes a show beside it. It never changes a file that is there, and writes
//! all of the show or nothing.

mod show_files;
mod source;
mod written;

use anyhow::anyhow;

use super::files;
use super::outcome::{Failure, Outcome};
use super::printed;
use super::show_words;
use crate::cli::ImportOptions;
use crate::import::{ChannelMap, ImportRequest, Imported};
use crate::printable::printable;
use show_files::NewShowFiles;
use source::{FoundMusic, SourceFiles};
use written::NewFiles;

pub(super) fn import(options: &ImportOptions) -> Result<Outcome, Failure> {
    let map = ChannelMap::read(&options.map).map_err(|why| Failure::bad_command_line(anyhow!(why)))?;
    let map = map.with_levels(options.velocity);
    let kind = files::output_kind(&options.stage.output);
    // A rig with mistakes is reported. Where there is none at all, only what needs no channels can be taken.
    let loaded = match files::rig_path(&options.stage.rig, kind) {
        Ok(_) => Some(files::rig(&options.stage.rig, kind)?),
        Err(_) if options.stage.rig.rig.is_none() => None,
        Err(failure) => return Err(failure),
    };
    let rig = loaded.as_ref().map(|loaded| &loaded.rig);
    let sources = SourceFiles::read(&options.files)?;
    let name = show_words::new_name(options.name.as_deref(), &sources.stem())?;
    let request = ImportRequest { file_name: &sources.files[0].name, rig, map: &map };
    let imported = sources.imported(&request)?;
    let music = FoundMusic::find(&imported, &sources)?;
    let show = NewShowFiles::of(&name, &imported, music.as_ref(), &sources, rig)?;
    if options.print {
        return printed::answer((show.printed(), Outcome::Done));
    }
    let new = NewFiles { sources: &sources, name: &name, stage: &options.stage, has_rig: rig.is_some() };
    new.write(&show)?;
    let told = told(&imported, music.as_ref(), &show);
    Ok(printed::done((new.done() + &told + &new.next_steps(), Outcome::Done)))
}

/// What was taken, what was left, and what `check` will say.
fn told(imported: &Imported, music: Option<&FoundMusic>, show: &NewShowFiles) -> String {
    let mut text = String::new();
    let mut list = |title: &str, sentences: &[String]| {
        for (index, sentence) in sentences.iter().enumerate() {
            let title = if index == 0 { title } else { "" };
            text += &format!("  {title:<6} {}\n", printable(sentence));
        }
    };
    let mut taken = imported.taken.clone();
    taken.extend(music.map(|music| format!("music: {} ({})", music.name, music.length.to_minutes())));
    list("taken", &taken);
    let mut left = imported.left.clone();
    if let (Some(named), None) = (&imported.music, music) {
        left.push(format!("music: `{}` is not beside the file", source::last_part(named)));
    }
    list("left", &left);
    let mut said = show.warnings.clone();
    if show.changes > 0 {
        said.push(format!("the rig's rules change {} of its cues", show.changes));
    }
    list("check", &said);
    text
}
