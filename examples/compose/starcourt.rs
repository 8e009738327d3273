//! "Starcourt": a shopping mall at night, 1985. Bars 1 to 36, 77 seconds.
//!
//! A verse by the fountain in A minor, a climb to a chorus in C, a break in the dark, the chorus once more
//! a tone higher, a last chord; then somebody has left the muzak on.

use crate::piece::{Accent, Chord, Part, Piece, chord, play};
use crate::score::Tempo;

pub(crate) const PIECE: Piece = Piece {
    tempo: Tempo { bpm: 112.0, first_beat: 0.420 },
    parts: &[DUSK, VERSE, BUILD_UP, CHORUS, BREAK, FINALE, CODA],
    length: 77.0,
};

const A_MINOR_9: Chord = chord("Am9", 16, "A1", "G3 B3 C4 E4");
const E_SUS: Chord = chord("E7sus4", 8, "E1", "E3 A3 B3 D4");
const E_7: Chord = chord("E7", 8, "E1", "E3 G#3 B3 D4");
const F_MAJOR_9: Chord = chord("Fmaj9", 16, "F1", "A3 C4 E4 G4");
const G_6: Chord = chord("G6", 16, "G1", "B3 D4 E4 G4");
const E_MINOR_7: Chord = chord("Em7", 16, "E1", "G3 B3 D4 E4");
const D_MINOR_9: Chord = chord("Dm9", 16, "D2", "F3 A3 C4 E4");

/// The mall closes; a bass walks down from A, the light comes up.
const DUSK: Part = Part {
    name: "dusk",
    bars: 4,
    chords: &[
        A_MINOR_9,
        chord("G6", 16, "G1", "G3 B3 D4 E4"),
        chord("Fmaj7", 16, "F1", "F3 A3 C4 E4"),
        E_SUS,
        E_7,
    ],
    glow: [380.0, 1_900.0],
    pad: 0.8,
    bass: play(0.6, "r............... r............... r.....r......... r.....r.r.r.r.r."),
    pluck: play(0.75, "1.2.3.4.5.4.3.2. 1.2.3.4.5.4.3.2. 1324354613243546 1324354613243546"),
    kick: play(0.7, "................ ................ x.......x....... x.......x......."),
    hat: play(0.4, "................ ................ ..x...x...x...x. o.x.o.x.o.x.oooo"),
    toms: play(0.8, "................ ................ ................ ............1.23"),
    accents: &[(0, Accent::Boom), (0, Accent::Inhale), (32, Accent::Crash), (64, Accent::Inhale)],
    ..Part::SILENT
};

/// An electric piano wonders what is left to buy.
const VERSE: Part = Part {
    name: "verse",
    bars: 8,
    chords: &[
        A_MINOR_9,
        E_MINOR_7,
        chord("Fmaj7", 16, "F1", "F3 A3 C4 E4"),
        chord("C/E", 16, "E1", "G3 C4 D4 E4"),
        D_MINOR_9,
        chord("C6", 16, "C2", "A3 C4 E4 G4"),
        chord("Bbmaj7", 16, "Bb1", "F3 A3 Bb3 D4"),
        E_SUS,
        E_7,
    ],
    glow: [900.0, 1_500.0],
    pad: 0.65,
    bass: play(0.8, "r.r.r.r.r.r.r.o. r.r.r.r.r.r.5.o."),
    pluck: play(0.5, "1...3...2...4... 1...3...2...4.5."),
    bell: play(
        0.85,
        ".. .. E5 D5 C5 -- B4 A4 | B4 -- -- -- .. .. G4 A4 | .. .. A4 B4 C5 -- D5 E5 | G5 -- -- E5 D5 -- -- --
         .. .. F5 E5 D5 -- C5 A4 | C5 -- -- -- .. .. A4 C5 | D5 -- -- F5 A5 -- F5 -- | A5 -- -- -- G#5 -- -- --",
    ),
    kick: play(0.9, "x.......x.x..... x.......x.....x."),
    snare: play(0.75, "....x.......x..."),
    hat: play(0.45, "x.o.x.o.x.o.x.o. x.o.x.o.x.o.xoo."),
    toms: play(
        0.9,
        "................ ................ ................ ..............23
         ................ ................ ................ ..........1.2.34",
    ),
    accents: &[(0, Accent::Crash), (64, Accent::Crash), (128, Accent::Inhale)],
    ..Part::SILENT
};

/// D, E, F, G: four floors on the escalator.
const BUILD_UP: Part = Part {
    name: "build-up",
    bars: 4,
    chords: &[
        D_MINOR_9,
        E_MINOR_7,
        F_MAJOR_9,
        chord("Gsus4", 8, "G1", "G3 C4 D4 F4"),
        chord("G7", 8, "G1", "G3 B3 D4 F4"),
    ],
    glow: [700.0, 3_600.0],
    pad: 0.75,
    bass: play(0.8, "r.r.r.r.r.r.r.r. r.r.r.r.r.r.r.r. r.r.r.r.r.r.r.r. rrrrrrrrrrrr...."),
    pluck: play(0.65, "1324354613243546 1324354613243546 1324354613243546 132435461324...."),
    bell: play(
        0.8,
        ".. .. D5 -- F5 -- A5 -- | .. .. E5 -- G5 -- B5 -- | A4 C5 E5 -- C5 E5 G5 -- | D5 F5 G5 B5 D6 -- .. ..",
    ),
    kick: play(0.9, "x...x...x...x... x...x...x...x... x...x...x...x... x...x...x......."),
    snare: play(0.7, "o...o...o...o... o.o.o.o.o.o.o.o. o.ooo.ooo.ooo.oo xoooxoooxxxx...."),
    toms: play(1.0, "................ ................ ................ ............1234"),
    accents: &[(4, Accent::Riser(56)), (64, Accent::Inhale)],
    ..Part::SILENT
};

const HOOK_IN_D_MINOR: Chord = chord("Dm7", 8, "D2", "F3 A3 C4 D4");
const HALF_A_MINOR: Chord = chord("Am7", 8, "A1", "A3 C4 E4 G4");
const TURN_SUS: Chord = chord("Gsus4", 4, "G1", "G3 C4 D4 F4");
const TURN: Chord = chord("G", 4, "G1", "G3 B3 D4 G4");

/// Every sign is lit.
const CHORUS: Part = Part {
    name: "chorus",
    bars: 8,
    chords: &[
        F_MAJOR_9,
        G_6,
        chord("E7/G#", 16, "G#1", "B3 D4 E4 G#4"),
        HALF_A_MINOR,
        chord("C/G", 8, "G1", "G3 C4 E4 G4"),
        F_MAJOR_9,
        G_6,
        chord("Em7", 8, "E1", "G3 B3 D4 E4"),
        HALF_A_MINOR,
        HOOK_IN_D_MINOR,
        TURN_SUS,
        TURN,
    ],
    glow: [2_400.0, 3_000.0],
    pad: 0.9,
    bass: play(0.95, "r.ror.rrr.rorro."),
    pluck: play(0.65, "1324354613243546"),
    lead: play(
        0.95,
        "A4 -- C5 -- E5 -- -- D5 | -- -- -- B4 G4 -- B4 -- | B4 -- D5 -- F5 -- -- E5 | -- -- -- C5 A4 -- C5 D5
         C5 -- E5 -- G5 -- -- G5 | -- -- -- D5 B4 -- D5 -- | E5 -- G5 -- A5 -- -- G5 | F5 -- E5 -- D5 -- -- --",
    ),
    bell: play(
        0.6,
        ".. .. .. .. .. .. .. .. | .. .. .. .. .. .. .. .. | .. .. .. .. .. .. .. .. | .. .. .. .. .. .. .. ..
         C6 -- E6 -- G6 -- -- G6 | -- -- -- D6 B5 -- D6 -- | E6 -- G6 -- A6 -- -- G6 | F6 -- E6 -- D6 -- .. ..",
    ),
    kick: play(1.0, "x...x...x...x..."),
    snare: play(1.0, "....x.......x..."),
    hat: play(0.55, "o.x.o.x.o.x.o.x."),
    toms: play(
        1.0,
        "................ ................ ................ ............1.23
         ................ ................ ................ .........1122334",
    ),
    accents: &[(0, Accent::Crash), (0, Accent::Boom), (64, Accent::Crash)],
    ..Part::SILENT
};

/// The power is gone. A heart, a music box, then somebody finds the fuse.
const BREAK: Part = Part {
    name: "break",
    bars: 4,
    chords: &[
        chord("Fmaj9", 16, "F2", "A3 C4 E4 G4"),
        chord("Fm6", 16, "F2", "Ab3 C4 D4 F4"),
        chord("Cmaj9", 16, "C2", "G3 B3 D4 E4"),
        chord("A7sus4", 8, "A1", "G3 A3 D4 E4"),
        chord("A7", 8, "A1", "G3 A3 C#4 E4"),
    ],
    glow: [420.0, 1_300.0],
    pad: 0.6,
    bass: play(0.5, "................ ................ ................ r.r.r.r.rrrrrrrr"),
    bell: play(
        0.8,
        "A5 -- -- -- C6 -- -- -- | D6 -- -- -- C6 -- Ab5 -- | G5 -- -- -- E5 -- -- -- | E5 -- G5 -- A5 -- C#6 --",
    ),
    kick: play(0.55, "x..o............ x..o............ x..o............ x...x...x...x..."),
    snare: play(0.7, "................ ................ ................ o.o.o.o.ooooxxxx"),
    accents: &[(0, Accent::Boom), (44, Accent::Riser(20)), (64, Accent::Inhale)],
    ..Part::SILENT
};

/// The chorus again, a tone higher, for everything there is.
const FINALE: Part = Part {
    name: "finale",
    bars: 4,
    raised: 2.0,
    chords: &[
        F_MAJOR_9,
        G_6,
        chord("E7/G#", 8, "G#1", "B3 D4 E4 G#4"),
        HALF_A_MINOR,
        HOOK_IN_D_MINOR,
        TURN_SUS,
        TURN,
    ],
    glow: [3_000.0, 4_200.0],
    pad: 0.95,
    bass: play(1.0, "r.ror.rrr.rorro."),
    pluck: play(0.7, "1324354613243546"),
    lead: play(
        1.0,
        "A4 -- C5 -- E5 -- -- D5 | -- -- -- B4 G4 -- B4 D5 | E5 -- G#5 -- A5 -- -- G5 | F5 -- A5 -- B5 -- -- --",
    ),
    bell: play(
        0.7,
        "A5 -- C6 -- E6 -- -- D6 | -- -- -- B5 G5 -- B5 D6 | E6 -- G#6 -- A6 -- -- G6 | F6 -- A6 -- B6 -- -- --",
    ),
    kick: play(1.0, "x...x...x...x... x...x...x...x... x...x...x...x... x...x...x.x.x.x."),
    snare: play(1.0, "....x.......x... ....x.......x..o ....x.......x... ....x...oooooooo"),
    hat: play(0.5, "ooxoooxoooxoooxo"),
    toms: play(1.0, "................ ............1.23 ................ ........11223344"),
    accents: &[(0, Accent::Crash), (0, Accent::Boom), (32, Accent::Crash), (64, Accent::Inhale)],
    ..Part::SILENT
};

/// The last chord; and then the muzak, which nobody had switched off.
const CODA: Part = Part {
    name: "last chord, and a joke",
    bars: 4,
    raised: 2.0,
    chords: &[chord("Cadd9", 18, "C2", "G3 C4 D4 E4 G4")],
    glow: [4_000.0, 600.0],
    pad: 1.0,
    bass: play(1.0, "r............... ................ ................ ................"),
    lead: play(
        0.9,
        "C6 -- -- -- -- -- -- -- | .. .. .. .. .. .. .. .. | .. .. .. .. .. .. .. .. | .. .. .. .. .. .. .. ..",
    ),
    bell: play(
        0.8,
        "C5+C6 E5 G5 C6 D6 E6 G6 -- | -- -- .. .. .. .. .. .. | .. .. .. .. .. .. .. .. | .. .. .. .. .. .. .. ..",
    ),
    organ: play(
        0.8,
        ".. .. .. .. .. .. .. .. | .. .. .. .. F3+A4 A3+C4+E4 C3+C5 A3+C4+E4
         F3+E5 A3+C4+E4 C3+E5 A3+C4+D5 G3+B3+F4+D5 -- -- -- | .. .. .. .. .. .. .. ..",
    ),
    kick: play(1.0, "x............... ................ ................ ................"),
    snare: play(1.0, "x............... ................ ................ ................"),
    accents: &[
        (0, Accent::Crash),
        (0, Accent::Boom),
        (40, Accent::PowerDown(8)),
        (48, Accent::Ding),
        (56, Accent::Click),
    ],
    ..Part::SILENT
};
