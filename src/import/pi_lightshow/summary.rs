//! What a person is told of an imported song: what was taken, and what was left and why. Decides nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::super::fault::quoted;
use super::notes::CHANNELS;
use super::song::{LightshowSong, SongActionKind, TempoPart};

/// Of more phrases, the first ones are told.
const NAMES_TOLD: usize = 8;

/// What of `song` no sheet can have, in sentences.
pub(super) fn left_in_song(song: &LightshowSong, parts: &[TempoPart]) -> Vec<String> {
    let mut left = Vec::new();
    let (mut flash_modes, mut unknown, mut absent) = (0, 0, BTreeSet::new());
    let (mut far_channels, mut sequences) = (0, 0);
    for action in parts.iter().flat_map(|part| part.sequences).flat_map(|sequence| &sequence.actions) {
        sequences += 1;
        match action.kind {
            SongActionKind::FlashMode => flash_modes += 1,
            SongActionKind::Unknown => unknown += 1,
            SongActionKind::Note => far_channels += usize::from(is_far(action.channel)),
            SongActionKind::Phrase if action.phrase(song).is_none() => {
                absent.insert(action.phrase_id());
            }
            SongActionKind::Phrase
            | SongActionKind::AllChannels
            | SongActionKind::StepUp
            | SongActionKind::StepDown => {}
        }
    }
    let notes = song.phrases.values().flat_map(|phrase| &phrase.notes);
    far_channels += notes.filter(|note| is_far(note.channel)).count();
    if flash_modes > 0 {
        left.push(format!(
            "`flash_mode` ({flash_modes} of {sequences} actions): it does nothing in pi-lightshow, too"
        ));
    }
    if unknown > 0 {
        left.push(format!("{unknown} of {sequences} actions of a kind that pi-lightshow does not know"));
    }
    if !absent.is_empty() {
        let absent: Vec<String> = absent.iter().take(NAMES_TOLD).map(|id| quoted(id)).collect();
        left.push(format!("phrases that the song does not have: {}", absent.join(", ")));
    }
    if far_channels > 0 {
        left.push(format!(
            "{far_channels} notes for channels that pi-lightshow does not have: it has 0 to 9"
        ));
    }
    left.extend(mixed_up(song, parts));
    left
}

/// Whether that player has no channel `number`; below 0 it counts from the last.
fn is_far(number: i32) -> bool {
    let most = CHANNELS as i32;
    !(-most..most).contains(&number)
}

/// That player keeps one place for each name of a section: it mixes up those that share one.
fn mixed_up(song: &LightshowSong, parts: &[TempoPart]) -> Option<String> {
    let mut sections: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for part in parts {
        sections.entry(song.section_name(part.section)).or_default().insert(part.section);
    }
    let (name, count) =
        sections.iter().find(|(_, sections)| sections.len() > 1).map(|(name, it)| (name, it.len()))?;
    Some(format!(
        "the mistake of pi-lightshow with {count} sections of one name, {}: it mixes up their beats; here each plays its own",
        quoted(name)
    ))
}
