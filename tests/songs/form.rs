//! The form of a song: its sections, their bars, and when each beat is. Knows no sound.

use starcourt::random::Random;

use super::{any, chance};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Pop,
    Waltz,
    /// The last eight bars become slower and slower.
    Ritardando,
    /// The tempo sways.
    Drift,
    /// From the bridge on it is faster or slower.
    TempoChange,
    /// After a long silence.
    LateStart,
}

impl Piece {
    pub(crate) const ALL: [Self; 6] =
        [Self::Pop, Self::Waltz, Self::Ritardando, Self::Drift, Self::TempoChange, Self::LateStart];
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    Intro,
    Verse,
    Chorus,
    Bridge,
    Break,
    Finale,
    Outro,
}

pub(crate) struct Form {
    /// With how many bars each.
    pub(crate) sections: Vec<(Section, usize)>,
    pub(crate) beats_a_bar: usize,
    /// Where each begins, in seconds; the last is where the song ends.
    pub(crate) beats: Vec<f64>,
}

impl Form {
    pub(crate) fn new(piece: Piece, random: &mut Random) -> Self {
        let sections = sections(random);
        let beats_a_bar = if piece == Piece::Waltz { 3 } else { 4 };
        let bars: usize = sections.iter().map(|(_, bars)| bars).sum();
        let count = bars * beats_a_bar;
        let slowest = if piece == Piece::Waltz { 100.0 } else { 78.0 };
        let length = 60.0 / (slowest + 72.0 * chance(random));
        let first = match piece {
            Piece::LateStart => 12.0 + 14.0 * chance(random),
            _ => 0.1 + chance(random),
        };
        let (sway, turn) = (0.02 + 0.04 * chance(random), 30.0 + 60.0 * chance(random));
        let changed = any(random, &[0.86, 0.9, 1.12, 1.17]);
        let before_bridge = sections.iter().take_while(|(section, _)| *section != Section::Bridge);
        let bridge = before_bridge.map(|(_, bars)| bars).sum::<usize>() * beats_a_bar;
        let last = count - 8 * beats_a_bar;
        let length_of = |beat: usize| match piece {
            Piece::Drift => length * (1.0 + sway * (beat as f64 / turn * std::f64::consts::TAU).sin()),
            Piece::Ritardando if beat >= last => {
                length * (1.0 + 0.35 * (beat - last) as f64 / (count - last) as f64)
            }
            Piece::TempoChange if beat >= bridge => length * changed,
            _ => length,
        };
        let mut at = first;
        let mut beats = vec![first];
        for beat in 0..count {
            at += length_of(beat);
            beats.push(at);
        }
        Self { sections, beats_a_bar, beats }
    }

    pub(crate) fn end(&self) -> f64 {
        self.beats[self.beats.len() - 1]
    }
}

fn sections(random: &mut Random) -> Vec<(Section, usize)> {
    let intro = any(random, &[4, 4, 8]);
    let verse = any(random, &[8, 8, 16]);
    let chorus = any(random, &[8, 8, 8, 16]);
    let bridge = any(random, &[4, 8, 8]);
    let mut sections = vec![
        (Section::Intro, intro),
        (Section::Verse, verse),
        (Section::Chorus, chorus),
        (Section::Verse, verse),
        (Section::Chorus, chorus),
    ];
    sections.push((Section::Bridge, bridge));
    if chance(random) < 0.5 {
        sections.push((Section::Break, 4));
    }
    sections.push((any(random, &[Section::Chorus, Section::Finale]), chorus));
    if chance(random) < 0.5 {
        sections.push((Section::Outro, any(random, &[4, 8])));
    }
    sections
}
