//! What a music file calls itself in its tags. Knows nothing of its sound.

use std::io::BufReader;
use std::path::Path;

use lofty::config::{ParseOptions, ParsingMode};
use lofty::file::TaggedFileExt;
use lofty::probe::Probe;
use lofty::tag::Accessor;

use crate::catch_panic::catch_panic;
use crate::file_access::open_regular;

/// The title in the tags of `file`, as it is written there; `None` where there is none that can be read. Tags are for
/// people: broken ones keep no music from being played.
#[must_use]
pub fn title(file: &Path) -> Option<String> {
    let file = open_regular(file).ok()?;
    let options =
        ParseOptions::new().read_properties(false).read_cover_art(false).parsing_mode(ParsingMode::Relaxed);
    let read = || {
        let tagged = Probe::new(BufReader::new(file)).options(options).guess_file_type().ok()?.read().ok()?;
        let titles = tagged.tags().iter().filter_map(|tag| Some(tag.title()?.into_owned()));
        titles.into_iter().find(|title| !title.trim().is_empty())
    };
    catch_panic(read).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_title_has_none() {
        let sound = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sounds/chirp.ogg");
        assert_eq!(title(Path::new(sound)), None);
        assert_eq!(title(Path::new("nowhere.ogg")), None);
        assert_eq!(title(Path::new(env!("CARGO_MANIFEST_DIR"))), None);
    }

    #[test]
    fn the_title_is_read_as_it_is_written() {
        let mut tag = b"TAG".to_vec();
        tag.extend(b"Silent \"Night\" #1");
        tag.resize(128, 0);
        let sound = include_bytes!("../../tests/sounds/chirp.mp3");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("song.mp3");
        std::fs::write(&path, [&sound[..], &tag].concat()).unwrap();
        assert_eq!(title(&path).as_deref(), Some("Silent \"Night\" #1"));
    }
}
