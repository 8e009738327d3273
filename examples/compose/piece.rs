//! A piece of music as it is written down: parts, chords and who plays in them. Knows no sound.

use std::fmt::Write;

use crate::score::{BAR, Step, Tempo};

pub(crate) struct Piece {
    pub(crate) tempo: Tempo,
    pub(crate) parts: &'static [Part],
    /// Seconds of the whole file; the last second of it fades to nothing.
    pub(crate) length: f32,
}

/// Some bars of one character. What is left empty is silent.
pub(crate) struct Part {
    pub(crate) name: &'static str,
    pub(crate) bars: u32,
    pub(crate) chords: &'static [Chord],
    /// Semitones by which all of this part sounds higher than written.
    pub(crate) raised: f32,
    /// The brightness of pad and pluck in hertz, at the part's start and end.
    pub(crate) glow: [f32; 2],
    pub(crate) pad: f32,
    /// `r` the root, `o` its octave, `5` its fifth.
    pub(crate) bass: Played,
    /// `1` is the lowest note of the chord's voicing, `2` the next, on into the octave above.
    pub(crate) pluck: Played,
    pub(crate) lead: Played,
    pub(crate) bell: Played,
    pub(crate) organ: Played,
    pub(crate) kick: Played,
    /// `x` a stroke, `o` a softer one; so for all drums.
    pub(crate) snare: Played,
    pub(crate) hat: Played,
    /// `1` the highest tom to `4` the lowest.
    pub(crate) toms: Played,
    /// Sixteenths after the part's start, and what is heard there.
    pub(crate) accents: &'static [(u32, Accent)],
}

impl Part {
    pub(crate) const SILENT: Self = Self {
        name: "",
        bars: 0,
        chords: &[],
        raised: 0.0,
        glow: [1_500.0; 2],
        pad: 0.0,
        bass: REST,
        pluck: REST,
        lead: REST,
        bell: REST,
        organ: REST,
        kick: REST,
        snare: REST,
        hat: REST,
        toms: REST,
        accents: &[],
    };
}

/// What one instrument plays in a part: its text, and how loud, 0 to 1.
pub(crate) struct Played {
    pub(crate) text: &'static str,
    pub(crate) loud: f32,
}

pub(crate) const REST: Played = Played { text: "", loud: 0.0 };

pub(crate) const fn play(loud: f32, text: &'static str) -> Played {
    Played { text, loud }
}

pub(crate) struct Chord {
    pub(crate) name: &'static str,
    /// Sixteenths.
    pub(crate) length: u32,
    pub(crate) bass: &'static str,
    pub(crate) voicing: &'static str,
}

pub(crate) const fn chord(
    name: &'static str,
    length: u32,
    bass: &'static str,
    voicing: &'static str,
) -> Chord {
    Chord { name, length, bass, voicing }
}

#[derive(Clone, Copy)]
pub(crate) enum Accent {
    Crash,
    /// A crash played backwards that ends where it stands.
    Inhale,
    /// Noise that climbs for this many sixteenths.
    Riser(u32),
    /// A deep boom.
    Boom,
    /// The lift has arrived.
    Ding,
    /// Somebody finds the light switch.
    Click,
    /// The public address system loses its power, over this many sixteenths.
    PowerDown(u32),
}

impl Piece {
    /// Each part with the step on which it starts.
    pub(crate) fn placed(&self) -> impl Iterator<Item = (Step, &Part)> {
        self.parts.iter().scan(Step(0), |next, part| {
            let start = *next;
            *next = start.plus(part.bars * BAR);
            Some((start, part))
        })
    }

    /// A table of the parts: bars, start time and chords.
    pub(crate) fn plan(&self) -> String {
        let mut plan = String::from("| bars | from | part | chords |\n|---|---|---|---|\n");
        for (start, part) in self.placed() {
            let first = start.0 / BAR + 1;
            let last = first + part.bars - 1;
            let time = self.tempo.time_of(start);
            let (minutes, seconds) = ((time / 60.0).floor(), time % 60.0);
            let chords: Vec<&str> = part.chords.iter().map(|chord| chord.name).collect();
            let chords = chords.join(" ");
            writeln!(plan, "| {first}-{last} | {minutes}:{seconds:06.3} | {} | {chords} |", part.name)
                .expect("a string takes whatever is written to it");
        }
        plan
    }
}
