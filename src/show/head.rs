//! The head of a cue sheet: title, audio, length, tempo and frames. Knows no cues.

use crate::diagnosis::Help;
use crate::time::ShowTime;

use super::file_name::beside_the_show;
use super::tempo::{Measure, Tempo, Ticks};
use super::tempo_line::{Pace, TempoLine, tempo_line};
use super::when::{TimeAt, TimePlace, time_at};
use super::words::{Mistake, SheetLine, Word};

pub(super) const HEAD_WORDS: [&str; 5] = ["title", "audio", "length", "tempo", "frames"];

/// A change of tempo in an example comes so much later.
const FEW_BARS: i64 = 8;

/// A text in the head that is taken as it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Text {
    Title,
    File,
    /// The name of a beat map. A comma ends it.
    Map,
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Head<'a> {
    pub(super) title: Option<Word<'a>>,
    pub(super) audio: Option<Word<'a>>,
    pub(super) length: Option<TimeAt>,
    /// The name of a file of frames.
    pub(super) frames: Option<Word<'a>>,
    pub(super) tempo: Option<TempoLine<'a>>,
    pub(super) changes: Vec<TempoLine<'a>>,
    /// Whether a line gives the show's end, also if that line has a mistake.
    pub(super) says_end: bool,
    /// Whether a line names the music, also if that line has a mistake.
    pub(super) says_music: bool,
    /// Whether a line names frames, also if that line has a mistake.
    pub(super) says_frames: bool,
    /// Warnings.
    pub(super) doubts: Vec<Mistake>,
    /// Whether a line gives a tempo, also if that line has a mistake.
    pub(super) says_tempo: bool,
    /// The lines with a tempo that could not be read.
    pub(super) lost_tempo: Vec<&'a str>,
}

impl<'a> Head<'a> {
    /// Notes what a line is about that begins with `word`.
    pub(super) fn says(&mut self, word: &str) {
        self.says_end |= matches!(word, "audio" | "length" | "frames");
        self.says_music |= word == "audio";
        self.says_frames |= word == "frames";
        self.says_tempo |= word == "tempo";
    }

    /// Notes that `line` begins with a word that was probably meant as `word`.
    pub(super) fn lost(&mut self, word: &str, line: &SheetLine<'a>) {
        self.says(word);
        if word == "tempo" {
            let span = line.span();
            self.lost_tempo.push(line.between(span.start, span.end));
        }
    }

    /// Reads a line that begins with one of [`HEAD_WORDS`].
    pub(super) fn read(&mut self, line: &mut SheetLine<'a>) -> Result<(), Mistake> {
        let word = line.expect("a word")?;
        self.read_after(word, line).inspect_err(|_| self.lost(word.text, line))
    }

    fn read_after(&mut self, word: Word<'a>, line: &mut SheetLine<'a>) -> Result<(), Mistake> {
        self.says(word.text);
        if let Some(sign) = line.take("=").or_else(|| line.take(":")) {
            return Err(Mistake::unexpected(sign));
        }
        match word.text {
            "title" => {
                let title = self.text(line, "the title of the show", Text::Title)?;
                once(&mut self.title, word, title)
            }
            "audio" => {
                let name = beside_the_show(self.text(line, "the name of the music file", Text::File)?)?;
                once(&mut self.audio, word, name)
            }
            "frames" => {
                let name = self.text(line, "the name of the file of frames", Text::File)?;
                once(&mut self.frames, word, beside_the_show(name)?)
            }
            "length" => {
                let length = time_at(line)?;
                line.finish("the length")?;
                once(&mut self.length, word, length)
            }
            _ => {
                let tempo = tempo_line(line, word)?;
                let cut = tempo.map().and_then(|name| cut_off(line, name, Text::Map));
                self.doubts.extend(cut);
                if tempo.from.is_some() {
                    self.changes.push(tempo);
                    return Ok(());
                }
                let end = tempo.span.end;
                let more = Help::write(end..end, " from 9.1")
                    .said("for a change of tempo, add the beat at which it changes, as in `from 9.1`");
                once(&mut self.tempo, word, tempo).map_err(|mistake| mistake.help(more))
            }
        }
    }

    /// A title or the name of a file: in quotes, or all there is before a remark.
    fn text(&mut self, line: &mut SheetLine<'a>, expected: &str, what: Text) -> Result<Word<'a>, Mistake> {
        let mut ahead = line.clone();
        match ahead.quoted() {
            Ok(Some(quoted)) if !quoted.text.trim().is_empty() && ahead.peek().is_none() => {
                *line = ahead;
                return Ok(quoted);
            }
            // Quotes around only a part of the text belong to the text.
            Ok(_) => {}
            // A title may contain a single quote.
            Err(unclosed) if what == Text::Title => self.doubts.push(unclosed),
            Err(unclosed) => return Err(unclosed),
        }
        let text = line.rest();
        if text.text.is_empty() {
            return line.expect(expected);
        }
        self.doubts.extend(cut_off(line, text, what));
        Ok(text)
    }

    /// The tempo of the show, if it has one; `beats` are those of its beat map.
    pub(super) fn tempo(&self, beats: Option<&[ShowTime]>) -> Result<Option<Tempo>, Mistake> {
        let Some(line) = &self.tempo else {
            return match self.changes.first() {
                Some(_) if self.lost_tempo.iter().any(|line| !is_change(line)) => Ok(None),
                Some(change) => {
                    let start = change.span.start;
                    let help = Help::write(start..start, "tempo 112 bpm, 4/4\n")
                        .said("put a line such as `tempo 112 bpm, 4/4` above it");
                    Err(Mistake::new(change.span.clone(), "a change of tempo, but no tempo before it")
                        .help(help))
                }
                None => Ok(None),
            };
        };
        let measure = line.measure.unwrap_or(Measure::COMMON);
        let mut tempo = match (&line.pace, beats) {
            (Some(Pace::Bpm(bpm)), _) => Tempo::constant(*bpm, measure, first_beat(line)?),
            (Some(Pace::Map(_)), Some(_)) if let Some(TimeAt { span, .. }) = &line.first_beat => {
                return Err(Mistake::new(*span, "the beat map already gives the first beat"));
            }
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
        Some(TimeAt { place: TimePlace::Clock(time), .. }) => Ok(*time),
        Some(TimeAt { place: TimePlace::Music(music), span }) => {
            let mistake = Mistake::new(*span, "the first beat is `1.1` itself; say when that is")
                .label("expected a time such as `0.420 s`");
            Err(match music.past.0 {
                // Seconds with a point look like a bar and a beat.
                0 => mistake.help(Help::write(span.range(), format!("{}.{} s", music.bar, music.beat))),
                _ => mistake,
            })
        }
    }
}

/// Adds one change to `tempo`, after the change at `last`. Returns its position.
fn change_of(tempo: &mut Tempo, base: &TempoLine, change: &TempoLine, last: Ticks) -> Result<Ticks, Mistake> {
    let from = change.from.as_ref().expect("a change says from where");
    let span = from.span.range();
    let music = match from.place {
        TimePlace::Music(music) => music,
        TimePlace::Clock(time) => {
            let beat = near_beat(tempo, time, last)
                .unwrap_or_else(|| format!("{}.1", tempo.bar_at(last).0 + FEW_BARS));
            let mistake = Mistake::new(change.span.clone(), "tempo changes at a beat");
            return Err(mistake.help(Help::write(span, beat)));
        }
    };
    let (bar, beat) = (i64::from(music.bar), i64::from(music.beat));
    let measure = tempo.measure_of(bar);
    if music.past.0 != 0 || beat == 0 || beat > i64::from(measure.beats) {
        let beat = match beat {
            0 => format!("{bar}.1"),
            beat if beat > i64::from(measure.beats) => format!("{}.1", bar + 1),
            beat => format!("{bar}.{beat}"),
        };
        let help = Help::write(span.clone(), beat);
        return Err(Mistake::new(span, "tempo changes at a beat").help(help));
    }
    if let Some(TimeAt { span, .. }) = &change.first_beat {
        return Err(Mistake::new(*span, "`first beat at` belongs to the first `tempo` line")
            .label("not at a change of tempo"));
    }
    let tick = Ticks(tempo.start_of(bar).0 + Ticks::beats(beat - 1).0);
    if tick <= last {
        return Err(Mistake::new(span, "changes of tempo must be in order").label("not after the one above"));
    }
    if change.measure.is_some() && beat != 1 {
        return Err(Mistake::new(span, "a new time signature begins with a bar")
            .label("expected the first beat of a bar"));
    }
    if tempo.time_of(tick).is_none_or(|time| time > ShowTime::MAX) {
        return Err(Mistake::new(span, "nothing in a show is longer than 24 hours"));
    }
    match (&change.pace, &base.pace) {
        (Some(Pace::Bpm(_)), Some(Pace::Map(_))) => {
            return Err(Mistake::new(change.span.clone(), "the beat map already gives the tempo").help(
                Help::advise(
                    "with a beat map only the time signature can change, as in `tempo 3/4 from 17.1`",
                ),
            ));
        }
        (Some(Pace::Bpm(bpm)), _) => tempo.change_speed(tick, *bpm),
        (Some(Pace::Map(_)), _) => {
            return Err(Mistake::new(
                change.span.clone(),
                "a beat map is for the whole show: it cannot begin later",
            ));
        }
        (None, _) => {}
    }
    match change.measure {
        Some(measure) => tempo.change_measure(bar, measure),
        None if change.pace.is_none() => {
            return Err(Mistake::new(change.span.clone(), "what changes here?")
                .label("expected a tempo or a time signature"));
        }
        None => {}
    }
    Ok(tick)
}

/// Whether a tempo line that could not be read is a change of tempo.
pub(super) fn is_change(line: &str) -> bool {
    line.split_whitespace().any(|word| word == "from")
}

/// "bar 9 has 4 beats".
pub(super) fn beats_in(bar: i64, beats: u32) -> String {
    let ending = if beats == 1 { "" } else { "s" };
    format!("bar {bar} has {beats} beat{ending}")
}

/// The beat nearest to `time`, if tempo may change there.
fn near_beat(tempo: &Tempo, time: ShowTime, last: Ticks) -> Option<String> {
    let half = Ticks::PER_BEAT / 2;
    let (bar, into) = tempo.bar_at(Ticks(tempo.tick_at(time).0 + half));
    let beat = into.0 / Ticks::PER_BEAT + 1;
    let tick = tempo.start_of(bar).0 + Ticks::beats(beat - 1).0;
    (bar >= 1 && tick > last.0).then(|| format!("{bar}.{beat}"))
}

fn once<T>(place: &mut Option<T>, word: Word, value: T) -> Result<(), Mistake> {
    if place.is_some() {
        return Err(Mistake::new(word.span(), format!("`{}` is here twice", word.text))
            .label("it is further up already"));
    }
    *place = Some(value);
    Ok(())
}

/// A warning, if the remark behind `text` may have been meant as a part of it: `Song #1`. A remark with a space
/// behind its `#` is none of these.
fn cut_off(line: &SheetLine, text: Word, what: Text) -> Option<Mistake> {
    let remark = line.remark()?;
    let first = remark.text[1..].chars().next();
    let is_near = first.is_some_and(|first| !first.is_whitespace() && first != '#');
    let is_ending = |text: &str| text.contains('.');
    let ends_in_it = what != Text::Title && !is_ending(text.text) && is_ending(remark.text);
    if !(is_near || ends_in_it) || text.span().end > remark.start {
        return None;
    }
    let noun = if what == Text::Title { "title" } else { "name of the file" };
    let mistake = Mistake::new(remark.span(), "a comment begins here")
        .label(format!("this is not a part of the {noun}, `{}`", text.text));
    // Quotes cannot be nested.
    let whole = line.between(text.start, remark.span().end);
    let whole = match what {
        Text::Map => whole.split(',').next().unwrap_or(whole).trim_end(),
        _ => whole,
    };
    Some(match whole.contains('"') {
        true => {
            let sign = remark.start + 1;
            mistake.help(Help::write(sign..sign, " ").said("for a comment, put a space after the `#`"))
        }
        false => mistake.help(
            Help::write(text.start..text.start + whole.len(), format!("\"{whole}\""))
                .and(", or put a space after the `#` if it is a comment"),
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tempo(lines: &[&str]) -> Result<Option<Tempo>, String> {
        let mut head = Head::default();
        for text in lines {
            head.read(&mut SheetLine::new(text, 0).unwrap()).map_err(|mistake| mistake.title)?;
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
        let title = "the beat map already gives the tempo".to_string();
        assert_eq!(tempo(&["tempo map beats.txt", "tempo 90 bpm from 3.1"]), Err(title));
    }

    #[test]
    fn a_wrong_head_is_told() {
        for (lines, title) in [
            (&["tempo 4/4"][..], "how fast?"),
            (&["tempo 120"], "a tempo needs its unit"),
            (&["tempo 5 bpm"], "a tempo goes from 10 to 1000 bpm"),
            (&["tempo nan bpm"], "`nan` is not a tempo"),
            (&["tempo 120 bpm, 4/3"], "`4/3` is not a time signature"),
            (&["tempo 120 bpm", "tempo 90 bpm"], "`tempo` is here twice"),
            (&["tempo 120 bpm from 9.1"], "a change of tempo, but no tempo before it"),
            (
                &["tempo 120 bpm", "tempo 90 bpm from 9.1", "tempo 80 bpm from 5.1"],
                "changes of tempo must be in order",
            ),
            (&["tempo 120 bpm", "tempo 3/4 from 9.2"], "a new time signature begins with a bar"),
            (&["tempo 120 bpm", "tempo 90 bpm from 0:10"], "tempo changes at a beat"),
            (&["tempo 120 bpm 4/4 3/4"], "this is here twice"),
            (&["tempo 120 bpm first beat 1 s"], "`1` is not expected here"),
            (&["title A", "title B"], "`title` is here twice"),
            (&["audio ../a.ogg"], "only the name of the file is expected here"),
            (&["length 1:00 2:00"], "`2:00` is not expected here"),
            (&["title"], "the line ends where the title of the show is expected"),
        ] {
            assert_eq!(tempo(lines), Err(title.into()), "{lines:?}");
        }
    }
}
