//! A sequence of Light-O-Rama as its file has it: channels with effects, and timing grids. Knows no rig and no sheet.

use super::super::fault::{FilePlace, ImportFault, quoted};
use super::super::xml::{XmlPart, XmlTag, read_xml};
use crate::level::Level;
use crate::time::ShowTime;

/// So many take 64 MiB, with the sheet that they become and what `check` needs to look at it.
const MOST_EFFECTS: usize = 50_000;
const MOST_CHANNELS: usize = 50_000;
const MOST_BEATS: usize = 300_000;
/// Longer names are cut.
const LONGEST_NAME: usize = 200;
const MICROS_PER_CENTISECOND: u64 = 10_000;

/// What a sequence has, as far as lights can show it.
#[derive(Debug, Default)]
pub(super) struct LorSequence {
    pub(super) music: Option<String>,
    pub(super) length: ShowTime,
    pub(super) channels: Vec<LorChannel>,
    pub(super) grids: Vec<LorGrid>,
    /// Lights of three channels: red, green and blue.
    pub(super) colored: usize,
    pub(super) loops: usize,
    /// Effects of kinds that nobody knows here.
    pub(super) unknown: usize,
    /// Effects that end when they begin, or are dark.
    pub(super) empty: usize,
}

#[derive(Debug, Default)]
pub(super) struct LorChannel {
    pub(super) name: Option<String>,
    /// Controller and output, as LOR numbers them.
    pub(super) unit: Option<u64>,
    pub(super) circuit: Option<u64>,
    /// In the order of the file.
    pub(super) effects: Vec<LorEffect>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct LorEffect {
    pub(super) from: ShowTime,
    pub(super) to: ShowTime,
    /// Its level goes evenly from here…
    pub(super) start: Level,
    /// …to here.
    pub(super) end: Level,
    pub(super) kind: LorEffectKind,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum LorEffectKind {
    Steady,
    /// Flickers quicker than an eye follows.
    Shimmer,
    /// On and off at random.
    Twinkle,
}

/// Marks in time that a person has set.
#[derive(Debug, Default)]
pub(super) struct LorGrid {
    pub(super) name: String,
    /// Rising.
    pub(super) marks: Vec<ShowTime>,
}

impl LorSequence {
    /// # Errors
    /// What is wrong with the file, and in which line.
    pub(super) fn read(text: &str) -> Result<Self, ImportFault> {
        let mut reading = SequenceReader::default();
        let mut around: Vec<String> = Vec::new();
        read_xml(text, |part, _| {
            match part {
                XmlPart::Open(tag) => {
                    reading.element(&around, &tag)?;
                    around.push(tag.name().to_owned());
                }
                XmlPart::Close(_) => drop(around.pop()),
                XmlPart::Text(_) => {}
            }
            Ok(())
        })?;
        let mut sequence = reading.sequence;
        if !reading.is_sequence {
            return Err(no_sequence());
        }
        for grid in &mut sequence.grids {
            grid.marks.sort_unstable();
            grid.marks.dedup();
        }
        let ends = sequence.channels.iter().flat_map(|channel| &channel.effects).map(|effect| effect.to);
        sequence.length = ends.fold(sequence.length, ShowTime::max);
        Ok(sequence)
    }
}

fn no_sequence() -> ImportFault {
    ImportFault::new(
        FilePlace::Whole,
        "this is no sequence of Light-O-Rama: it has no `sequence` with `channels`",
    )
    .advise("in Light-O-Rama, save the sequence as .lms or .las")
}

#[derive(Default)]
struct SequenceReader {
    sequence: LorSequence,
    is_sequence: bool,
    effects: usize,
    marks: usize,
}

impl SequenceReader {
    fn element(&mut self, around: &[String], element: &XmlTag) -> Result<(), ImportFault> {
        let around: Vec<&str> = around.iter().map(String::as_str).collect();
        match (&around[..], element.name()) {
            ([], "sequence") => {
                self.is_sequence = true;
                self.sequence.music =
                    element.attribute("musicFilename")?.filter(|name| !name.trim().is_empty());
            }
            ([], _) => return Err(no_sequence()),
            (["sequence", "SequenceProps"], _) => {
                return Err(element
                    .fault("this is a sequence of Light-O-Rama S5 (.loredit)")
                    .advise("in Light-O-Rama, export it as .lms"));
            }
            (["sequence", "channels"], "channel") => self.channel(element)?,
            (["sequence", "channels"], "rgbChannel") => self.sequence.colored += 1,
            (["sequence", "channels", "channel"], "effect") => self.effect(element)?,
            (["sequence", "timingGrids"], "timingGrid") => {
                let name = element.attribute("name")?.unwrap_or_default();
                self.sequence.grids.push(LorGrid { name: cut(&name), marks: Vec::new() });
            }
            (["sequence", "timingGrids", "timingGrid"], "timing") => self.mark(element)?,
            (["sequence", "tracks"], "track") => self.reaches_to(element, "totalCentiseconds")?,
            ([.., "loopLevel"], "loop") => self.sequence.loops += 1,
            _ => {}
        }
        Ok(())
    }

    fn channel(&mut self, element: &XmlTag) -> Result<(), ImportFault> {
        if self.sequence.channels.len() == MOST_CHANNELS {
            return Err(too_many(element, MOST_CHANNELS, "channels"));
        }
        self.reaches_to(element, "centiseconds")?;
        let name = element.attribute("name")?.map(|name| cut(&name)).filter(|name| !name.is_empty());
        let (unit, circuit) = (number(element, "unit")?, number(element, "circuit")?);
        self.sequence.channels.push(LorChannel { name, unit, circuit, effects: Vec::new() });
        Ok(())
    }

    fn effect(&mut self, element: &XmlTag) -> Result<(), ImportFault> {
        let (from, to) = (time(element, "startCentisecond")?, time(element, "endCentisecond")?);
        let (Some(from), Some(to)) = (from, to) else {
            let what = "an effect needs `startCentisecond` and `endCentisecond`";
            return Err(element.fault(what));
        };
        let kind = element.attribute("type")?.unwrap_or_default();
        let (kind, full) = match kind.as_str() {
            "intensity" => (LorEffectKind::Steady, 100),
            "DMX intensity" => (LorEffectKind::Steady, 255),
            "shimmer" => (LorEffectKind::Shimmer, 100),
            "twinkle" => (LorEffectKind::Twinkle, 100),
            _ => {
                self.sequence.unknown += 1;
                return Ok(());
            }
        };
        let level = |attribute| level(element, attribute, full);
        let steady = level("intensity")?;
        let start = level("startIntensity")?.or(steady).unwrap_or(Level::FULL);
        let end = level("endIntensity")?.or(steady).unwrap_or(start);
        if from >= to || (start, end) == (Level::OFF, Level::OFF) {
            self.sequence.empty += 1;
            return Ok(());
        }
        if self.effects == MOST_EFFECTS {
            return Err(too_many(element, MOST_EFFECTS, "effects"));
        }
        self.effects += 1;
        if let Some(channel) = self.sequence.channels.last_mut() {
            channel.effects.push(LorEffect { from, to, start, end, kind });
        }
        Ok(())
    }

    fn mark(&mut self, element: &XmlTag) -> Result<(), ImportFault> {
        if self.marks == MOST_BEATS {
            return Err(too_many(element, MOST_BEATS, "marks in timing grids"));
        }
        self.marks += 1;
        if let (Some(mark), Some(grid)) = (time(element, "centisecond")?, self.sequence.grids.last_mut()) {
            grid.marks.push(mark);
        }
        Ok(())
    }

    fn reaches_to(&mut self, element: &XmlTag, attribute: &str) -> Result<(), ImportFault> {
        if let Some(length) = time(element, attribute)? {
            self.sequence.length = self.sequence.length.max(length);
        }
        Ok(())
    }
}

fn too_many(element: &XmlTag, most: usize, of: &str) -> ImportFault {
    element
        .fault(format!("the sequence has more than {most} {of}"))
        .advise("save a part of it as a sequence of its own")
}

fn cut(name: &str) -> String {
    name.trim().chars().take(LONGEST_NAME).collect()
}

/// The whole number in `attribute`, not below 0.
fn number(element: &XmlTag, attribute: &str) -> Result<Option<u64>, ImportFault> {
    let Some(text) = element.attribute(attribute)? else { return Ok(None) };
    match text.trim().parse() {
        Ok(number) => Ok(Some(number)),
        Err(_) => {
            let what = format!("`{attribute}` is {}; expected a whole number, not below 0", quoted(&text));
            Err(element.fault(what))
        }
    }
}

fn time(element: &XmlTag, attribute: &str) -> Result<Option<ShowTime>, ImportFault> {
    let Some(centiseconds) = number(element, attribute)? else { return Ok(None) };
    match centiseconds.checked_mul(MICROS_PER_CENTISECOND).filter(|micros| *micros <= ShowTime::MAX.micros())
    {
        Some(micros) => Ok(Some(ShowTime::from_micros(micros))),
        None => {
            let what = format!("`{attribute}` is {centiseconds}: nothing in a show is later than 24 hours");
            Err(element.fault(what))
        }
    }
}

/// A level of 0 to `full`.
fn level(element: &XmlTag, attribute: &str, full: u64) -> Result<Option<Level>, ImportFault> {
    let Some(intensity) = number(element, attribute)? else { return Ok(None) };
    if intensity > full {
        let kind = quoted(&element.attribute("type")?.unwrap_or_default());
        let what = format!("`{attribute}` is {intensity}; {kind} goes from 0 to {full}");
        return Err(element.fault(what));
    }
    let hundredths = (intensity * u64::from(Level::FULL.hundredths()) + full / 2) / full;
    Ok(u16::try_from(hundredths).ok().map(Level::from_hundredths))
}
