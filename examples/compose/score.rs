//! Reading music from text: pitches, lines and strips. Knows no sound.

use anyhow::{Context, ensure};

/// A place in the piece, in sixteenth notes after the first beat.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Step(pub(crate) u32);

impl Step {
    pub(crate) const fn plus(self, sixteenths: u32) -> Self {
        Self(self.0 + sixteenths)
    }
}

pub(crate) const BEAT: u32 = 4;
pub(crate) const BAR: u32 = 16;

/// How steps become seconds.
pub(crate) struct Tempo {
    pub(crate) bpm: f32,
    /// Seconds of sound before the first beat.
    pub(crate) first_beat: f32,
}

impl Tempo {
    pub(crate) fn seconds(&self, sixteenths: u32) -> f32 {
        sixteenths as f32 * 60.0 / (self.bpm * BEAT as f32)
    }

    pub(crate) fn time_of(&self, step: Step) -> f32 {
        self.first_beat + self.seconds(step.0)
    }
}

/// Semitones, counted so that the A of the tuning fork is 69.
#[derive(Clone, Copy)]
pub(crate) struct Pitch(f32);

impl Pitch {
    /// Reads `A4`, `F#5` or `Bb2`.
    fn named(name: &str) -> anyhow::Result<Self> {
        let (letter, rest) = name.split_at_checked(1).context("a pitch without a name")?;
        let natural = match letter {
            "C" => 0.0,
            "D" => 2.0,
            "E" => 4.0,
            "F" => 5.0,
            "G" => 7.0,
            "A" => 9.0,
            "B" => 11.0,
            _ => anyhow::bail!("no pitch `{name}`"),
        };
        let (sign, octave) = match rest.split_at_checked(1) {
            Some(("#", octave)) => (1.0, octave),
            Some(("b", octave)) => (-1.0, octave),
            _ => (0.0, rest),
        };
        let octave: u8 = octave.parse().with_context(|| format!("no octave in `{name}`"))?;
        Ok(Self(natural + sign + 12.0 * (f32::from(octave) + 1.0)))
    }

    #[must_use]
    pub(crate) fn up(self, semitones: f32) -> Self {
        Self(self.0 + semitones)
    }

    pub(crate) fn hertz(self) -> f32 {
        440.0 * ((self.0 - 69.0) / 12.0).exp2()
    }
}

/// Reads several pitches with spaces or `+` between them.
pub(crate) fn pitches(text: &str) -> anyhow::Result<Vec<Pitch>> {
    text.split([' ', '+']).filter(|name| !name.is_empty()).map(Pitch::named).collect()
}

/// One note, or several struck together.
#[derive(Clone)]
pub(crate) struct Note {
    pub(crate) start: Step,
    /// Sixteenths.
    pub(crate) length: u32,
    pub(crate) pitches: Vec<Pitch>,
}

/// Reads a line written on a grid of eighths: a pitch (`A4`, or `A4+C5` together) starts a note, `--`
/// holds it, `..` is a rest; `|` is for the eye.
///
/// # Errors
/// When a pitch is no pitch, or the line does not fill `bars` bars: a line that has slipped by an eighth
/// would otherwise only be heard.
pub(crate) fn line(text: &str, start: Step, bars: u32) -> anyhow::Result<Vec<Note>> {
    const EIGHTH: u32 = 2;
    let mut notes: Vec<Note> = Vec::new();
    let mut now = start;
    for token in text.split_whitespace().filter(|token| *token != "|") {
        match token {
            ".." => {}
            "--" => notes.last_mut().context("a line begins with `--`")?.length += EIGHTH,
            names => notes.push(Note { start: now, length: EIGHTH, pitches: pitches(names)? }),
        }
        now = now.plus(EIGHTH);
    }
    let end = start.plus(bars * BAR);
    ensure!(now == start || now == end, "a line has {} sixteenths, not {bars} bars", now.0 - start.0);
    Ok(notes)
}

/// The hits of a strip, one character a sixteenth, repeated to fill `bars` bars. `.` is silence; spaces
/// and `|` are for the eye.
pub(crate) fn strip(text: &str, start: Step, bars: u32) -> Vec<(Step, char)> {
    let steps: Vec<char> = text.chars().filter(|step| !matches!(step, ' ' | '|')).collect();
    let hits = (0..bars * BAR).zip(steps.iter().cycle());
    hits.filter(|(_, hit)| **hit != '.').map(|(at, hit)| (start.plus(at), *hit)).collect()
}
