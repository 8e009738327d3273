//! Timing tracks as xLights exports them, `.xtiming`, and as they stand in its sequences. Knows no beats.
//!
//! `<timing name>` has layers, `<EffectLayer>`, of marks, `<Effect label starttime endtime/>` in milliseconds. Three layers
//! are the phrases, words and phonemes of a lyric. Several tracks stand in `<timings>`.

use super::fault::ImportFault;
use super::text;
use super::timing::{Mark, TimingTrack};
use super::xml::{XmlPart, XmlTag, read_xml};
use crate::time::{ShowTime, scaled_decimal};

/// More marks than hours of music have words; with what `check` needs, they take half of the 64 MiB.
const MOST: usize = 100_000;

/// # Errors
/// Where the file is broken.
pub(super) fn tracks_in(bytes: &[u8]) -> Result<Vec<TimingTrack>, ImportFault> {
    let text = text::whole(bytes)?;
    let mut reading = TimingLayers::default();
    read_xml(&text, |part, _| {
        match part {
            XmlPart::Open(tag) => match tag.name() {
                "timing" => reading.begin(tag.attribute("name")?),
                "EffectLayer" => reading.layer(),
                "Effect" => reading.mark(&tag, "starttime", "endtime")?,
                _ => {}
            },
            XmlPart::Close("timing") => reading.end(),
            XmlPart::Close(_) | XmlPart::Text(_) => {}
        }
        Ok(())
    })?;
    Ok(reading.finish())
}

/// Timing tracks while they are read. Old sequences write seconds, with a point; newer ones whole milliseconds.
#[derive(Default)]
pub(super) struct TimingLayers {
    tracks: Vec<TimingTrack>,
    name: Option<String>,
    layers: Vec<Vec<Mark>>,
    count: usize,
    has_seconds: bool,
}

impl TimingLayers {
    pub(super) fn begin(&mut self, name: Option<String>) {
        self.name = name;
        self.layers = vec![Vec::new()];
    }

    pub(super) fn layer(&mut self) {
        if self.layers.last().is_none_or(|layer| !layer.is_empty()) {
            self.layers.push(Vec::new());
        }
    }

    /// A mark, with the names of the attributes of its times.
    ///
    /// # Errors
    /// If it has no times.
    pub(super) fn mark(&mut self, tag: &XmlTag, from: &str, to: &str) -> Result<(), ImportFault> {
        self.count += 1;
        if self.count > MOST {
            return Err(tag.fault(format!("the file has more than {MOST} marks")));
        }
        let mut time = |name: &str| {
            let value =
                tag.attribute(name)?.ok_or_else(|| tag.fault(format!("a mark has no `{name}` here")))?;
            let value = value.trim();
            self.has_seconds |= value.contains('.');
            scaled_decimal(value, 1_000_000)
                .map(ShowTime::from_micros)
                .ok_or_else(|| tag.fault(format!("{} is no time of a mark", super::fault::quoted(value))))
        };
        let (from, to) = (time(from)?, time(to)?);
        if to < from {
            return Err(tag.fault("a mark ends before it begins here"));
        }
        let text = tag.attribute("label")?.unwrap_or_default().trim().to_owned();
        if let Some(layer) = self.layers.last_mut() {
            layer.push(Mark { from, to, text });
        }
        Ok(())
    }

    pub(super) fn end(&mut self) {
        let layers: Vec<Vec<Mark>> = self.layers.drain(..).filter(|layer| !layer.is_empty()).collect();
        let is_lyrics = layers.len() > 1;
        let name = self.name.take();
        for (index, mut marks) in layers.into_iter().enumerate() {
            marks.sort_by_key(|mark| mark.from);
            self.tracks.push(TimingTrack { name: name.clone(), marks, is_lyrics, is_detail: index > 0 });
        }
    }

    pub(super) fn finish(mut self) -> Vec<TimingTrack> {
        if !self.has_seconds {
            for mark in self.tracks.iter_mut().flat_map(|track| &mut track.marks) {
                // They were read as if they were seconds.
                mark.from = ShowTime::from_micros(mark.from.micros() / 1_000);
                mark.to = ShowTime::from_micros(mark.to.micros() / 1_000);
            }
        }
        for track in &mut self.tracks {
            track.marks.retain(|mark| mark.to <= ShowTime::MAX);
        }
        self.tracks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tracks_and_layers_are_read() {
        let text = "<timings><timing name=\"Beats\"><EffectLayer>\
                    <Effect label=\"1\" starttime=\"50\" endtime=\"500\"/></EffectLayer></timing>\
                    <timing name=\"Song &amp; words\"><EffectLayer><Effect label=\"go now\" starttime=\"0\" endtime=\"900\"/>\
                    </EffectLayer><EffectLayer><Effect label=\"go\" starttime=\"0\" endtime=\"400\"/></EffectLayer></timing>\
                    </timings>";
        let tracks = tracks_in(text.as_bytes()).unwrap();
        let told: Vec<_> = tracks
            .iter()
            .map(|track| (track.name.as_deref().unwrap(), track.is_lyrics, track.is_detail))
            .collect();
        assert_eq!(
            told,
            [("Beats", false, false), ("Song & words", true, false), ("Song & words", true, true)]
        );
        assert_eq!((tracks[0].marks[0].from.micros(), tracks[0].marks[0].to.micros()), (50_000, 500_000));
    }

    #[test]
    fn a_mark_without_a_time_is_told_with_its_line() {
        for (mark, told) in [
            ("<Effect label='a' endtime='5'/>", "line 2: a mark has no `starttime` here"),
            ("<Effect starttime='-5' endtime='5'/>", "line 2: `-5` is no time of a mark"),
            ("<Effect starttime='NaN' endtime='5'/>", "`NaN` is no time"),
            ("<Effect starttime='9' endtime='5'/>", "ends before it begins"),
        ] {
            let text = format!("<timing><EffectLayer>\n{mark}</EffectLayer></timing>");
            let fault = tracks_in(text.as_bytes()).unwrap_err().to_string();
            assert!(fault.contains(told), "{fault}");
        }
    }
}
