//! `starcourt compose`: listens to a song and writes a show for the lights of the rig. It never changes a file that is
//! there. No sound is played and no light is driven.

mod song_tempo;
mod words;
mod written;

use anyhow::anyhow;

use super::outcome::{Failure, Outcome};
use super::song_beats::{Target, hear};
use super::{files, music_file, printed, show_words};
use crate::analysis::SongCorrection;
use crate::audio::{song_envelope, title};
use crate::beats::BarGrid;
use crate::cli::ComposeOptions;
use crate::compose::{ComposeRequest, composed};
use crate::diagnosis::Source;
use crate::printable::{printable, shell_word};
use crate::show::{self, beat_map_text};
use crate::template::can_name_music;
use song_tempo::SongTempo;
use words::DoneShow;
use written::ComposedFiles;

/// Listens for seconds, and writes the show and, where its band breathes, its beat map.
///
/// # Errors
/// What keeps it from being written; nothing is left behind then.
pub(super) fn compose(options: &ComposeOptions) -> Result<Outcome, Failure> {
    let output = files::output_kind(&options.stage.output);
    let loaded = files::rig(&options.stage.rig, output)?;
    let target = Target::find(&options.song, &options.stage, None, false)?;
    if let Some(sheet) = &target.sheet {
        let (shown, music) = (printable(&sheet.display().to_string()), shell_word(&target.music));
        let stem = sheet.file_stem().unwrap_or_default().to_string_lossy();
        let free = show_words::free_name(sheet, &stem);
        return Err(Failure::bad_command_line(anyhow!(
            "{shown} is a show already, and it stays as it is; for another show of its music: `starcourt compose {music} \
             --name {free}`"
        )));
    }
    let stem = target.music.file_stem().unwrap_or_default().to_string_lossy();
    let name = show_words::new_name(options.name.as_deref(), &stem)?;
    let path = target.music.with_file_name(format!("{name}.show"));
    let map = target.music.with_file_name(format!("{name}-beats.txt"));
    let another =
        format!("starcourt compose {} --name {}", target.typed, show_words::free_name(&path, &name));
    let files = ComposedFiles { sheet: &path, map: &map, another: &another };
    if !options.print {
        files.must_be_free()?;
    }
    let music = target.music.file_name().unwrap_or_default().to_str();
    let music = music
        .filter(|music| can_name_music(music))
        .ok_or_else(|| music_file::cannot_be_named(&target.music))?;
    let correction = SongCorrection { bpm: options.tempo, first_beat: options.first_beat };
    let heard = hear(&target, correction)?;
    let tempo = SongTempo::of(&heard, &target, &map, correction)?;
    let map_text = tempo.has_map.then(|| beat_map_text(&tempo.beats, tempo.measure));
    let tagged = title(&target.music);
    let heard_words = words::heard(&heard, &tempo);
    let request = ComposeRequest {
        title: tagged.as_deref().unwrap_or(&target.title),
        music,
        length: heard.length,
        heard: &heard.song,
        grid: BarGrid { beats: &tempo.beats, in_bar: tempo.measure.beats() },
        tempo_line: &tempo.line,
        heard_words: &heard_words,
        rig: &loaded.rig,
        seed: options.seed,
    };
    let map_source = map_text.as_ref().map(|text| Source::new(&map, text.as_str()));
    let read_map = |_: &str| map_source.clone().ok_or_else(|| anyhow!("the show has no beat map"));
    // What its lights show depends on the music, where they follow it.
    let envelope =
        song_envelope(&target.music, heard.length).map_err(|error| Failure::bad_file(error.into()))?;
    let read = |source: &Source| {
        let source = Source::new(&path, source.text());
        let (mut show, told) = show::read(&name, &source, &loaded.rig, &read_map)?;
        show.follow(&envelope);
        Ok((show, told))
    };
    let text = composed(&request, &read).ok_or_else(|| {
        Failure::bad_file(anyhow!(
            "no show can be composed for {}",
            printable(&target.music.display().to_string())
        ))
    })?;
    if options.print {
        return printed::answer((text, Outcome::Done));
    }
    files.write(&text, map_text.as_deref())?;
    let done = DoneShow { text: &text, name: &name, files: &files, has_map: tempo.has_map, loaded: &loaded };
    Ok(printed::done((done.told(&options.stage), Outcome::Done)))
}
