//! The head of a cue sheet: title, audio, length and tempo. Knows no cues.

use std::ops::Range;

use crate::time::{ShowTime, scaled_decimal};

use super::tempo::{Bpm, Measure, Tempo, Ticks};
use super::when::{Place, TimeAt, measure, time_at};
use super::words::{Line, Mistake, Word};

pub(super) const HEAD_WORDS: [&str; 4] = ["title", "audio", "length", "tempo"];

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Head<'a> {
    pub(super) title: Option<Word<'a>>,
    pub(super) audio: Option<Word<'a>>,
    pub(super) length: Option<TimeAt>,
    pub(super) tempo: Option<TempoLine<'a>>,
    pub(super) changes: Vec<TempoLine<'a>>,
    /// Whether it tries to say when the show ends, rightly or with a mistake.
    pub(super) says_end: bool,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Pace<'a> {
    Bpm(Bpm),
    /// The name of a beat map.
    Map(Word<'a>),
}

/// One `tempo` line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct TempoLine<'a> {
    pace: Option<Pace<'a>>,
    measure: Option<Measure>,
    first_beat: Option<TimeAt>,
    from: Option<TimeAt>,
    span: Range<usize>,
}

impl<'a> TempoLine<'a> {
    /// The beat map that this line names.
    pub(super) fn map(&self) -> Option<Word<'a>> {
        match &self.pace {
            Some(Pace::Map(name)) => Some(*name),
            _ => None,
        }
    }
}

impl<'a> Head<'a> {
    /// Reads a line that begins with one of [`HEAD_WORDS`].
    pub(super) fn read(&mut self, line: &mut Line<'a>) -> Result<(), Mistake> {
        let word = line.expect("a word")?;
        self.says_end |= matches!(word.text, "audio" | "length");
        match word.text {
            "title" => once(&mut self.title, word, text(line, "the title of the show")?),
            "audio" => {
                let name = beside_the_show(text(line, "the name of the music file")?)?;
                once(&mut self.audio, word, name)
            }
            "length" => {
                let length = time_at(line)?;
                line.finish("the length")?;
                once(&mut self.length, word, length)
            }
            _ => {
                let tempo = tempo_line(line, word)?;
                if tempo.from.is_some() {
                    self.changes.push(tempo);
                    return Ok(());
                }
                let more = "a change of tempo says from where: `tempo 96 bpm from 9.1`";
                once(&mut self.tempo, word, tempo).map_err(|mistake| mistake.help(more))
            }
        }
    }

    /// The tempo of the show, if it has one; `beats` are those of its beat map.
    pub(super) fn tempo(&self, beats: Option<&[ShowTime]>) -> Result<Option<Tempo>, Mistake> {
        let Some(line) = &self.tempo else {
            return match self.changes.first() {
                Some(change) => {
                    Err(Mistake::new(change.span.clone(), "a change of tempo, but no tempo before it")
                        .help("begin with a line such as `tempo 112 bpm, 4/4`"))
                }
                None => Ok(None),
            };
        };
        let measure = line.measure.unwrap_or(Measure::COMMON);
        let mut tempo = match (&line.pace, beats) {
            (Some(Pace::Bpm(bpm)), _) => Tempo::constant(*bpm, measure, first_beat(line)?),
            (Some(Pace::Map(_)), Some(beats)) => Tempo::from_beats(beats, measure),
            (Some(Pace::Map(_)), None) => return Ok(None), // its own mistakes are told already
            (None, _) => {
                return Err(Mistake::new(line.span.clone(), "how fast?")
                    .label("expected `112 bpm`, or `map` and the name of a beat map"));
            }
        };
        let mut last = Ticks(0);
        for change in &self.changes {
            last = change_of(&mut tempo, line, change, last)?;
        }
        Ok(Some(tempo))
    }
}

fn first_beat(line: &TempoLine) -> Result<ShowTime, Mistake> {
    match &line.first_beat {
        None => Ok(ShowTime::ZERO),
        Some(TimeAt { place: Place::Clock(time), .. }) => Ok(*time),
        Some(TimeAt { span, .. }) => {
            Err(Mistake::new(span.clone(), "the first beat is `1.1` itself; say when that is")
                .label("expected a time such as `0.420 s`"))
        }
    }
}

/// Adds one change to `tempo`, after the change at `last`; tells where it lies.
fn change_of(tempo: &mut Tempo, base: &TempoLine, change: &TempoLine, last: Ticks) -> Result<Ticks, Mistake> {
    let from = change.from.as_ref().map(|from| (&from.place, from.span.clone()));
    let Some((Place::Music(music), span)) = from else {
        return Err(Mistake::new(change.span.clone(), "tempo changes at a beat").help("write `from 9.1`"));
    };
    let (bar, beat) = (i64::from(music.bar), i64::from(music.beat));
    let measure = tempo.measure_of(bar);
    if music.past.0 != 0 || beat == 0 || beat > i64::from(measure.beats) {
        return Err(Mistake::new(span, "tempo changes at a beat").help("write `from 9.1`"));
    }
    let tick = Ticks(tempo.start_of(bar).0 + Ticks::beats(beat - 1).0);
    if tick <= last {
        return Err(Mistake::new(span, "changes of tempo must rise").label("not after the one above"));
    }
    if change.measure.is_some() && beat != 1 {
        return Err(
            Mistake::new(span, "a new measure begins with a bar").label("expected the first beat of a bar")
        );
    }
    if tempo.time_of(tick).is_none_or(|time| time > ShowTime::MAX) {
        return Err(Mistake::new(span, "nothing in a show is longer than 24 hours"));
    }
    match (&change.pace, &base.pace) {
        (Some(Pace::Bpm(_)), Some(Pace::Map(_))) => {
            return Err(Mistake::new(change.span.clone(), "the beat map says the tempo already")
                .help("with a map only the measure can change: `tempo 3/4 from 17.1`"));
        }
        (Some(Pace::Bpm(bpm)), _) => tempo.change_speed(tick, *bpm),
        (Some(Pace::Map(_)), _) => {
            return Err(Mistake::new(
                change.span.clone(),
                "a beat map holds from the first beat to the last",
            ));
        }
        (None, _) => {}
    }
    match change.measure {
        Some(measure) => tempo.change_measure(bar, measure),
        None if change.pace.is_none() => {
            return Err(Mistake::new(change.span.clone(), "what changes here?")
                .label("expected a tempo or a measure"));
        }
        None => {}
    }
    Ok(tick)
}

fn once<T>(place: &mut Option<T>, word: Word, value: T) -> Result<(), Mistake> {
    if place.is_some() {
        return Err(Mistake::new(word.span(), format!("`{}` is said twice", word.text))
            .label("it stands further up already"));
    }
    *place = Some(value);
    Ok(())
}

fn text<'a>(line: &mut Line<'a>, expected: &str) -> Result<Word<'a>, Mistake> {
    let rest = line.rest();
    match rest.text {
        "" => line.expect(expected),
        _ => Ok(rest),
    }
}

fn beside_the_show(name: Word) -> Result<Word, Mistake> {
    if name.text.contains('/') || name.text == ".." {
        return Err(Mistake::new(name.span(), "only the name of the file is expected here")
            .label("no folders")
            .help("put the file beside the show"));
    }
    Ok(name)
}

fn tempo_line<'a>(line: &mut Line<'a>, tempo: Word) -> Result<TempoLine<'a>, Mistake> {
    let mut read = TempoLine { pace: None, measure: None, first_beat: None, from: None, span: tempo.span() };
    while let Some(word) = line.next() {
        let filled = match word.text {
            "," => continue,
            "map" => read
                .pace
                .replace(Pace::Map(beside_the_show(line.expect("the name of a beat map")?)?))
                .is_some(),
            "from" => read.from.replace(time_at(line)?).is_some(),
            "first" => {
                for expected in ["beat", "at"] {
                    let next = line.expect("`first beat at` and a time")?;
                    if next.text != expected {
                        return Err(Mistake::new(
                            next.span(),
                            format!("`{}` is not expected here", next.text),
                        )
                        .label("expected `first beat at` and a time"));
                    }
                }
                read.first_beat.replace(time_at(line)?).is_some()
            }
            text if text.contains('/') => read.measure.replace(measure(word)?).is_some(),
            _ => read.pace.replace(Pace::Bpm(bpm(word, line)?)).is_some(),
        };
        if filled {
            return Err(
                Mistake::new(word.span(), "this is said twice").label("it stands further left already")
            );
        }
    }
    read.span.end = line.span().end;
    Ok(read)
}

fn bpm(word: Word, line: &mut Line) -> Result<Bpm, Mistake> {
    let (number, glued) = match word.text.strip_suffix("bpm") {
        Some(number) => (number, true),
        None => (word.text, false),
    };
    let thousandths = scaled_decimal(number, 1_000).ok_or_else(|| {
        Mistake::new(word.span(), format!("`{}` is not a tempo", word.text))
            .label("expected `112 bpm`, a measure such as `4/4`, `first beat at`, `map` or `from`")
    })?;
    if !glued && line.take("bpm").is_none() {
        return Err(
            Mistake::new(word.span(), "a tempo needs its unit").help(format!("write `{} bpm`", word.text))
        );
    }
    let range = 10_000..=1_000_000;
    match u32::try_from(thousandths).ok().filter(|bpm| range.contains(bpm)) {
        Some(bpm) => Ok(Bpm(bpm)),
        None => {
            Err(Mistake::new(word.span(), "a tempo goes from 10 to 1000 bpm")
                .label("expected 10 to 1000 bpm"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tempo(lines: &[&str]) -> Result<Option<Tempo>, String> {
        let mut head = Head::default();
        for text in lines {
            head.read(&mut Line::new(text, 0).unwrap()).map_err(|mistake| mistake.title)?;
        }
        let beats = [0, 500_000, 1_000_000].map(ShowTime::from_micros);
        head.tempo(Some(&beats)).map_err(|mistake| mistake.title)
    }

    #[test]
    fn a_tempo_is_a_speed_a_measure_and_a_first_beat() {
        let tempo = tempo(&["tempo 120bpm, 3/4, first beat at 0.5 s", "tempo 60 bpm, 4/4 from 2.1"]);
        let tempo = tempo.unwrap().unwrap();
        let time_of = |bar| tempo.time_of(tempo.start_of(bar)).map(ShowTime::micros);
        assert_eq!([1, 2, 3].map(time_of), [Some(500_000), Some(2_000_000), Some(6_000_000)]);
    }

    #[test]
    fn with_a_beat_map_only_the_measure_changes() {
        assert!(tempo(&["tempo map beats.txt, 4/4", "tempo 3/4 from 3.1"]).is_ok());
        let title = "the beat map says the tempo already".to_string();
        assert_eq!(tempo(&["tempo map beats.txt", "tempo 90 bpm from 3.1"]), Err(title));
    }

    #[test]
    fn a_wrong_head_is_told() {
        for (lines, title) in [
            (&["tempo 4/4"][..], "how fast?"),
            (&["tempo 120"], "a tempo needs its unit"),
            (&["tempo 5 bpm"], "a tempo goes from 10 to 1000 bpm"),
            (&["tempo nan bpm"], "`nan` is not a tempo"),
            (&["tempo 120 bpm, 4/3"], "`4/3` is not a measure"),
            (&["tempo 120 bpm", "tempo 90 bpm"], "`tempo` is said twice"),
            (&["tempo 120 bpm from 9.1"], "a change of tempo, but no tempo before it"),
            (
                &["tempo 120 bpm", "tempo 90 bpm from 9.1", "tempo 80 bpm from 5.1"],
                "changes of tempo must rise",
            ),
            (&["tempo 120 bpm", "tempo 3/4 from 9.2"], "a new measure begins with a bar"),
            (&["tempo 120 bpm", "tempo 90 bpm from 0:10"], "tempo changes at a beat"),
            (&["tempo 120 bpm 4/4 3/4"], "this is said twice"),
            (&["tempo 120 bpm first beat 1 s"], "`1` is not expected here"),
            (&["title A", "title B"], "`title` is said twice"),
            (&["audio ../a.ogg"], "only the name of the file is expected here"),
            (&["length 1:00 2:00"], "`2:00` is not expected here"),
            (&["title"], "the line ends where the title of the show is expected"),
        ] {
            assert_eq!(tempo(lines), Err(title.into()), "{lines:?}");
        }
    }
}
