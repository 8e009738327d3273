//! The band that plays a form: drums, bass, chords, a tune, as the seed arranges them for each kind of section.

use starcourt::random::Random;

use super::form::{Form, Section};
use super::tone::Sound;
use super::{any, chance};

/// Half tones above the key of chords, and whether each is minor.
const CHORDS: [[(i32, bool); 4]; 6] = [
    [(0, false), (7, false), (9, true), (5, false)],
    [(9, true), (5, false), (0, false), (7, false)],
    [(0, false), (9, true), (5, false), (7, false)],
    [(2, true), (7, false), (0, false), (9, true)],
    [(5, false), (7, false), (4, true), (9, true)],
    [(0, false), (5, false), (0, false), (7, false)],
];

/// What plays in one kind of section.
#[derive(Clone, Copy)]
struct Arrangement {
    chords: [(i32, bool); 4],
    /// 0 none, 1 hi-hat, 2 with bass drum and snare, 3 with more bass drums and an open hi-hat.
    drums: u32,
    /// Notes a beat; 0 is none.
    bass: u32,
    pad: bool,
    plucks: bool,
    tune: bool,
    gain: f64,
    key: i32,
}

pub(super) fn play(form: &Form, sound: &mut Sound, random: &mut Random) {
    let key = 110.0 * 2_f64.powf(chance(random));
    let kinds = [
        Section::Intro,
        Section::Verse,
        Section::Chorus,
        Section::Bridge,
        Section::Break,
        Section::Finale,
        Section::Outro,
    ];
    let mut arrangements: Vec<(Section, Arrangement)> =
        kinds.iter().map(|kind| (*kind, arrangement(*kind, random))).collect();
    // The finale is the chorus a tone higher, with all that there is.
    let chorus = arrangements[2].1;
    arrangements[5].1 = Arrangement { key: 2, drums: 3, plucks: true, gain: chorus.gain * 1.1, ..chorus };
    let timbre = any(random, &[3, 5, 8]);
    let has_fills = chance(random) < 0.6;
    let mut bar = 0;
    for (section, bars) in &form.sections {
        let (_, plays) =
            arrangements.iter().find(|(kind, _)| kind == section).expect("each kind is arranged");
        for place in 0..*bars {
            let is_last = place + 1 == *bars;
            let beats = &form.beats[bar * form.beats_a_bar..=(bar + 1) * form.beats_a_bar];
            Bar { beats, place, key, timbre }.play(plays, has_fills && is_last, sound, random);
            bar += 1;
        }
    }
}

fn arrangement(kind: Section, random: &mut Random) -> Arrangement {
    let mut is = |share: f64| chance(random) < share;
    let (drums, bass, pad, plucks, tune, gain) = match kind {
        Section::Intro => (u32::from(is(0.4)), 0, is(0.5), true, false, 0.7),
        Section::Verse => (2, if is(0.5) { 1 } else { 2 }, is(0.3), is(0.5), true, 0.8),
        Section::Chorus => (3, 2, true, is(0.5), true, 1.0),
        Section::Bridge => (u32::from(is(0.5)) + 1, 1, true, is(0.5), is(0.4), 0.8),
        Section::Break => (0, 0, is(0.5), is(0.5), true, 0.5),
        Section::Finale => (3, 2, true, true, true, 1.1),
        Section::Outro => (u32::from(is(0.5)), u32::from(is(0.5)), true, is(0.5), false, 0.7),
    };
    Arrangement { chords: any(random, &CHORDS), drums, bass, pad, plucks, tune, gain, key: 0 }
}

struct Bar<'a> {
    beats: &'a [f64],
    /// Which one of its section.
    place: usize,
    key: f64,
    timbre: u32,
}

impl Bar<'_> {
    fn play(&self, plays: &Arrangement, fill: bool, sound: &mut Sound, random: &mut Random) {
        let in_bar = self.beats.len() - 1;
        let lasts = self.beats[in_bar] - self.beats[0];
        let (root, is_minor) = plays.chords[self.place % 4];
        let third = if is_minor { 3 } else { 4 };
        let pitch = |half_tones: i32| self.key * 2_f64.powf(f64::from(half_tones + plays.key) / 12.0);
        let chord = [root, root + third, root + 7];
        let gain = plays.gain;
        if plays.pad {
            for tone in chord {
                sound.tone(self.beats[0], lasts, pitch(tone + 12), 0.06 * gain, (self.timbre, 0.3));
            }
        }
        for (beat, pair) in self.beats.windows(2).enumerate() {
            let (at, length) = (pair[0], pair[1] - pair[0]);
            let is_filled = fill && beat + 2 >= in_bar;
            self.drum(plays, (beat, at, length), is_filled, sound, random);
            for note in 0..plays.bass {
                let lasts = length / f64::from(plays.bass);
                let begins = at + f64::from(note) * lasts;
                if plays.bass > 1 || beat % 2 == 0 || in_bar == 3 && beat == 0 {
                    sound.tone(begins, 0.9 * lasts, pitch(root - 12), 0.22 * gain, (3, 2.0));
                }
            }
            if plays.plucks {
                for half in 0..2 {
                    let tone = chord[(2 * beat + half) % 3] + 24;
                    let begins = at + length * half as f64 / 2.0;
                    sound.tone(begins, 0.5 * length, pitch(tone), 0.08 * gain, (self.timbre, 6.0));
                }
            } else if !plays.pad {
                for tone in chord {
                    sound.tone(at, 0.8 * length, pitch(tone + 12), 0.05 * gain, (self.timbre, 3.0));
                }
            }
            if plays.tune && chance(random) < 0.75 {
                let tone = any(random, &[root, root + third, root + 7, root + 12, root + 2]) + 24;
                let begins = at + any(random, &[0.0, 0.0, 0.5]) * length;
                sound.tone(
                    begins,
                    any(random, &[0.45, 0.9, 1.3]) * length,
                    pitch(tone),
                    0.13 * gain,
                    (6, 1.0),
                );
            }
        }
    }

    fn drum(
        &self,
        plays: &Arrangement,
        (beat, at, length): (usize, f64, f64),
        is_filled: bool,
        sound: &mut Sound,
        random: &mut Random,
    ) {
        let in_bar = self.beats.len() - 1;
        let late = |random: &mut Random| 0.004 * (chance(random) - 0.5);
        if plays.drums == 0 {
            return;
        }
        for half in 0..2 {
            let begins = at + length * f64::from(half) / 2.0 + late(random) + 0.004;
            let fades = if plays.drums == 3 && half == 1 { 18.0 } else { 60.0 };
            sound.noise(begins, 0.15, 0.09 * plays.gain, fades, random);
        }
        if plays.drums == 1 {
            return;
        }
        if is_filled {
            for quarter in 0..4 {
                sound.snare(at + length * f64::from(quarter) / 4.0, 0.45 * plays.gain, random);
            }
            return;
        }
        let (strong, weak) =
            if in_bar == 3 { (beat == 0, beat != 0) } else { (beat % 2 == 0, beat % 2 == 1) };
        if strong || plays.drums == 3 {
            sound.bass_drum(at + late(random) + 0.004, 0.6 * plays.gain);
        }
        if weak {
            sound.snare(at + late(random) + 0.004, 0.5 * plays.gain, random);
        }
        if strong && self.place % 2 == 1 {
            sound.bass_drum(at + 0.5 * length, 0.45 * plays.gain);
        }
    }
}
