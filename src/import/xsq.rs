//! A sequence of xLights, `.xsq`: its music, its length and its timing tracks. Its effects need the models and the renderer
//! of xLights, and are left.

use super::fault::{ImportFault, quoted};
use super::imported::{ImportRequest, Imported};
use super::text;
use super::timing;
use super::xml::{XmlPart, read_xml};
use super::xtiming::TimingLayers;
use crate::time::{ShowTime, scaled_decimal};

/// The texts of the head that count.
const SONG: &str = "song";
const MUSIC: &str = "mediaFile";
const LENGTH: &str = "sequenceDuration";
/// No name and no path of a system is longer.
const LONGEST: usize = 4_096;

#[derive(Default)]
struct XsqHead {
    song: String,
    music: String,
    length: String,
}

impl XsqHead {
    fn text_of(&mut self, element: &str) -> Option<&mut String> {
        match element {
            SONG => Some(&mut self.song),
            MUSIC => Some(&mut self.music),
            LENGTH => Some(&mut self.length),
            _ => None,
        }
    }
}

/// # Errors
/// Where the file is broken.
pub(super) fn import(bytes: &[u8], request: &ImportRequest) -> Result<Imported, ImportFault> {
    let text = text::whole(bytes)?;
    let mut layers = TimingLayers::default();
    let mut head = XsqHead::default();
    // The element of the head that is open, and whether a timing track is.
    let (mut open, mut is_timing, mut effects) = (String::new(), false, 0_usize);
    read_xml(&text, |part, place| {
        match part {
            XmlPart::Open(tag) => match tag.name() {
                // The same names stand in the list of what is shown, without effects.
                "Element" if tag.attribute("type")?.as_deref() == Some("timing") => {
                    is_timing = true;
                    layers.begin(tag.attribute("name")?);
                }
                "Element" => is_timing = false,
                "EffectLayer" if is_timing => layers.layer(),
                "Effect" if is_timing => layers.mark(&tag, "startTime", "endTime")?,
                "Effect" if tag.depth > 2 => effects += 1,
                name if tag.depth == 2 => name.clone_into(&mut open),
                _ => {}
            },
            XmlPart::Close("Element") if is_timing => {
                is_timing = false;
                layers.end();
            }
            XmlPart::Close(name) => {
                if name == open {
                    open.clear();
                }
            }
            XmlPart::Text(piece) => {
                if let Some(known) = head.text_of(&open) {
                    if known.len() + piece.len() > LONGEST {
                        return Err(place.fault(format!("the text of {} is too long", quoted(&open))));
                    }
                    known.push_str(&piece);
                }
            }
        }
        Ok(())
    })?;
    let length = head.length.trim();
    let its_length = scaled_decimal(length, 1_000_000).map(ShowTime::from_micros);
    if !length.is_empty() && its_length.is_none_or(|length| length > ShowTime::MAX) {
        let place = super::fault::FilePlace::Words(LENGTH.to_owned());
        return Err(ImportFault::new(place, format!("{} is no length of a sequence", quoted(length)))
            .advise("save the sequence once more in xLights"));
    }
    let its_length = its_length.filter(|length| *length > ShowTime::ZERO);
    let tracks = layers.finish();
    let mut imported = match (tracks.iter().any(|track| !track.marks.is_empty()), its_length) {
        (true, _) => timing::imported(&tracks, request)?,
        (false, Some(length)) => Imported {
            length: Some(length),
            cues: "# Write your cues here: when, who, what.\n".to_owned(),
            ..Imported::default()
        },
        (false, None) => {
            return Err(ImportFault::new(
                super::fault::FilePlace::Whole,
                "this sequence has no timing tracks and no length",
            )
            .advise("save it once more in xLights"));
        }
    };
    if let Some(length) = its_length {
        imported.taken.insert(0, format!("length: {}", length.to_millis()));
        // Marks may go on after the end that the file says.
        imported.length =
            imported.length.filter(|last| *last > length && has_more(&tracks, length)).or(Some(length));
    }
    imported.title = Some(head.song.trim().to_owned()).filter(|song| !song.is_empty());
    imported.music = Some(head.music.trim().to_owned()).filter(|music| !music.is_empty());
    match effects {
        0 => {}
        1 => imported.left.push("1 effect: it needs the models and the renderer of xLights".to_owned()),
        _ => {
            imported.left.push(format!("{effects} effects: they need the models and the renderer of xLights"))
        }
    }
    Ok(imported)
}

fn has_more(tracks: &[timing::TimingTrack], length: ShowTime) -> bool {
    tracks.iter().flat_map(|track| &track.marks).any(|mark| mark.to > length)
}
