//! Whether browsers play a music file as it is, by what stands in it. Decodes nothing.

use std::path::Path;

use super::codec::{Codec, CodecKind};
use super::file::MusicFile;
use super::pcm::SampleFormat;
use super::recognise::packets_of;
use super::tags::after_tags;
use crate::catch_panic::catch_panic;

const OGG: &str = "audio/ogg";

/// The media type of `file` if browsers play it, and find each place in it; `None` for other music, and for what is none.
#[must_use]
pub fn media_type(file: &Path) -> Option<&'static str> {
    let mut head = MusicFile::open(file).ok()?;
    let start = after_tags(&mut head).ok()?;
    let mark: [u8; 12] = head.array(start).ok()??;
    let packets = catch_panic(|| packets_of(head))?.ok()?;
    known(&mark, start > 0, packets.codec())
}

/// Whether browsers play a place of such music where they say that they are. After a seek in Ogg, Chromium is a packet
/// beside it: 21 ms at 48 kHz.
#[must_use]
pub fn is_place_exact(media_type: &str) -> bool {
    media_type != OGG
}

/// In raw AAC and in MP3, browsers guess where a place is: with a variable bit rate Chromium is up to 0.7 s beside it, and
/// some seconds without a tag.
fn known(mark: &[u8; 12], is_tagged: bool, codec: &Codec) -> Option<&'static str> {
    match (&mark[..4], codec.kind) {
        (b"OggS", CodecKind::Vorbis) => Some(OGG),
        (b"fLaC", CodecKind::Flac) if !is_tagged => Some("audio/flac"),
        (b"RIFF", CodecKind::Pcm(pcm)) if codec.channels <= 2 => {
            let is_plain = match pcm.kind {
                SampleFormat::Unsigned => pcm.bytes == 1,
                SampleFormat::Signed => matches!(pcm.bytes, 2 | 3),
                SampleFormat::Float => pcm.bytes == 4,
                SampleFormat::ALaw | SampleFormat::MuLaw => false,
            };
            is_plain.then_some("audio/wav")
        }
        (_, CodecKind::Aac) if &mark[4..8] == b"ftyp" => Some("audio/mp4"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_browsers_play_is_told_by_what_is_in_the_file() {
        let sounds = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sounds");
        for (name, expected) in [
            ("chirp.ogg", Some("audio/ogg")),
            ("chirp.flac", Some("audio/flac")),
            ("chirp.mp3", None),
            ("none.ogg", None),
            ("..", None),
        ] {
            assert_eq!(media_type(&sounds.join(name)), expected, "{name}");
        }
        assert_eq!(media_type(Path::new("/dev/zero")), None);
        assert!(is_place_exact("audio/flac") && !is_place_exact("audio/ogg"));
    }
}
