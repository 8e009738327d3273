//! What is said of a composed show: in its first lines, and on the screen. Knows no lights.

use std::path::Path;

use super::super::files::{self, LoadedRig};
use super::super::printed::counted;
use super::super::show_words::ShowWords;
use super::super::song_beats::{HeardFile, words};
use super::song_tempo::SongTempo;
use super::written::ComposedFiles;
use crate::cli::RigOptions;
use crate::printable::printable;

/// What was heard, as comments of the sheet.
pub(super) fn heard(heard: &HeardFile, tempo: &SongTempo) -> Vec<String> {
    let song = &heard.song;
    let mut told = vec![format!(
        "Heard: {}, {}; the beats are {}, the first beats of the bars {}.",
        tempo.pace,
        tempo.measure,
        words::sureness(song.beat_sureness),
        words::sureness(song.bar_sureness)
    )];
    if !song.parts.is_empty() {
        let letters: Vec<&str> = song.parts.iter().map(|part| part.name.as_str()).collect();
        told.push(format!(
            "Its parts are {}; the same letter means that they sound alike.",
            letters.join(" ")
        ));
    }
    for (from, to) in &song.doubtful {
        told.push(format!(
            "Doubtful: from {} to {} few beats are heard.",
            from.to_minutes(),
            to.to_minutes()
        ));
    }
    if let Some(to) = heard.heard_to {
        told.push(format!("Only the first {} were listened to.", to.to_minutes()));
    }
    told
}

/// A show that was written.
pub(super) struct DoneShow<'a> {
    pub(super) text: &'a str,
    pub(super) name: &'a str,
    pub(super) files: &'a ComposedFiles<'a>,
    pub(super) has_map: bool,
    pub(super) loaded: &'a LoadedRig,
}

impl DoneShow<'_> {
    /// What was written, and the next commands.
    pub(super) fn told(&self, options: &RigOptions) -> String {
        let lines = self.text.lines().filter(|line| !line.trim().is_empty()).count();
        let sections = self.text.lines().filter(|line| line.starts_with("section ")).count();
        let shown = |path: &Path| printable(&path.display().to_string());
        let mut told = format!(
            "{} is written: {} with {}, for {} of {}\n",
            shown(self.files.sheet),
            counted(lines, "line"),
            counted(sections, "section"),
            counted(self.loaded.rig.channels.len(), "channel"),
            shown(&self.loaded.path)
        );
        if self.has_map {
            told += &format!("{} has its beats, because the tempo changes\n", shown(self.files.map));
        }
        let places = files::show_places(options);
        let ShowWords { words, .. } = ShowWords::of(self.files.sheet, self.name, &places, options);
        for (what, command) in [
            ("see it:", format!("preview {words}")),
            ("play it:", format!("play {words}")),
            ("change it, and then:", format!("check {words}")),
            ("hear its beats:", format!("tap {words} --click")),
            ("tap better ones:", format!("tap {words} --write")),
        ] {
            told += &format!("  {what:<22} starcourt {command}\n");
        }
        told
    }
}
