//! Imports a file as the command does, reads the sheet that it makes, and says what each light shows.

use std::sync::Arc;

use starcourt::diagnosis::Source;
use starcourt::import::{
    ChannelMap, ImportFault, ImportRequest, Imported, ImportedTempo, SheetNames, import, said_by_check,
    sheet_text,
};
use starcourt::rig::{ChannelId, Rig};
use starcourt::show;
use starcourt::time::ShowTime;
use starcourt::timeline::{Timeline, compile};

/// A light changes at a time, in microseconds, to a level, in hundredths of a per cent.
pub(crate) type Edges = Vec<(u64, u16)>;

pub(crate) struct Shown {
    pub(crate) imported: Imported,
    pub(crate) sheet: String,
    pub(crate) timeline: Timeline,
    pub(crate) length: ShowTime,
}

pub(crate) fn imported(bytes: &[u8], rig: &Rig, map: &[&str]) -> Result<Imported, ImportFault> {
    let map = ChannelMap::read(map).unwrap();
    import(bytes, &ImportRequest { file_name: "song.json", rig: Some(rig), map: &map })
}

/// Imports `bytes`; `check` must have nothing to say about the sheet.
#[track_caller]
pub(crate) fn shown(bytes: &[u8], rig: &Rig, map: &[&str]) -> Shown {
    let imported = imported(bytes, rig, map).unwrap_or_else(|fault| panic!("{fault}"));
    let length = imported.length.unwrap();
    let names = SheetNames {
        origin: "song",
        title: "A song",
        music: None,
        length: Some(length),
        beat_map: "beats.txt",
    };
    let sheet = sheet_text(&imported, &names);
    let beats = imported.tempo.as_ref().and_then(ImportedTempo::beat_map).unwrap_or_default();
    let (said, _) = said_by_check(&sheet, &beats, Some(rig), length);
    assert!(said.is_empty(), "{said}\n{sheet}");
    let map = |file: &str| -> anyhow::Result<Arc<Source>> { Ok(Source::new(file, beats.as_str())) };
    let (show, _) = show::read("song", &Source::new("song.show", sheet.as_str()), rig, &map).unwrap();
    let timeline = compile(&show, rig).timeline;
    Shown { imported, sheet, timeline, length }
}

impl Shown {
    /// The edges of the rig's light `channel`, before the end of the show.
    pub(crate) fn edges(&self, channel: usize) -> Edges {
        let track = &self.timeline.tracks()[ChannelId::new(channel).index()];
        let edges = track.edges().map(|(time, level)| (time.micros(), level.hundredths()));
        edges.take_while(|(time, _)| *time < self.length.micros()).collect()
    }
}
