//! "Demo": fifteen seconds with a plain beat, so that every effect can be read against it. Bars 1 to 8,
//! the last one half.

use crate::piece::{Accent, Part, Piece, chord, play};
use crate::score::Tempo;

pub(crate) const PIECE: Piece =
    Piece { tempo: Tempo { bpm: 120.0, first_beat: 0.0 }, parts: &[GROOVE, END], length: 15.0 };

const GROOVE: Part = Part {
    name: "groove",
    bars: 7,
    chords: &[
        chord("C", 16, "C2", "G3 C4 E4"),
        chord("Am", 16, "A1", "A3 C4 E4"),
        chord("F", 16, "F1", "A3 C4 F4"),
        chord("G", 16, "G1", "B3 D4 G4"),
        chord("C", 16, "C2", "C4 E4 G4"),
        chord("Am", 16, "A1", "C4 E4 A4"),
        chord("F", 8, "F1", "A3 C4 F4"),
        chord("G", 8, "G1", "B3 D4 G4"),
    ],
    glow: [1_200.0, 2_400.0],
    pad: 0.6,
    bass: play(0.8, "r.....r.r...5.o."),
    pluck: play(0.5, "1.2.3.4.3.2.1.2."),
    bell: play(
        0.8,
        "G5 -- E5 -- C5 -- D5 E5 | E5 -- C5 -- A4 -- .. .. | A5 -- F5 -- C5 -- D5 F5 | D5 -- B4 -- G4 -- .. ..
         G5 -- E5 -- C5 -- D5 E5 | E5 -- C5 -- A4 -- C5 E5 | F5 -- A5 -- B5 -- D6 --",
    ),
    kick: play(1.0, "x...x...x...x..."),
    snare: play(0.8, "....x.......x..."),
    hat: play(0.5, "..x...x...x...x."),
    toms: play(
        0.9,
        "................ ................ ................ ................
         ................ ................ ............1234",
    ),
    accents: &[(0, Accent::Crash), (64, Accent::Crash)],
    ..Part::SILENT
};

const END: Part = Part {
    name: "last chord",
    bars: 1,
    chords: &[chord("C", 8, "C2", "G3 C4 E4 G4")],
    glow: [2_600.0, 700.0],
    pad: 0.8,
    bass: play(0.9, "r..............."),
    bell: play(0.9, "C5+E5+C6 .. .. .. .. .. .. .."),
    kick: play(1.0, "x..............."),
    snare: play(0.8, "x..............."),
    accents: &[(0, Accent::Crash)],
    ..Part::SILENT
};
