//! The hints of cue sheets.

use starcourt::diagnosis::{Diagnoses, Source};
use starcourt::rig::{self, Rig};

use super::Tried;

const RIG: &str = "[channels]\nneon = { pin = 17, kind = \"ssr\" }\nstar = { pin = 23, kind = \"ssr\" }\n\
                   garland = { pin = 18, kind = \"pwm\" }\n[groups]\ntrees = [\"star\", \"garland\"]\n";

fn rig() -> Rig {
    rig::read(&Source::new("rig.toml", RIG)).0.unwrap()
}

/// Lines of a sheet whose head has everything.
const LINES: [&str; 42] = [
    "9  neon  on",
    "0:01  neon  on for 8",
    "0:01  neon  on for beat",
    "0:01  neon  on for 1/3",
    "0:01  noen  on",
    "0:01  neon star  on",
    "0:01  neon, stra  on",
    "0:01  neon  of",
    "0:01  neon  puls every 1 beat for 4 bars",
    "0:01  garland  0.5",
    "0:01  garland  1",
    "0:01  garland  80",
    "0:01  garland  fade to 80 over 2 s",
    "0:01  garland  fade 80 % over 2 s",
    "0:01  garland  fade off over 2 s",
    "0:01  garland  fade to 80 %",
    "0:01  garland  fade from 10 to 80 % ease",
    "0:01  garland  fade to 80 % for 2 s",
    "0:01  garland  off in 2 s",
    "0:01  garland  40 % in 2 beats",
    "0:01  garland  level 40 % over 2 s",
    "0:01  garland  on in 1.5 s",
    "0:01  garland  pulse every 1 beat",
    "0:01  garland  pulse for 4 bars",
    "0:01  trees  chase 2 wide for 4 bars",
    "0:01  garland  strobe for 4 s",
    "0:01  garland  pulse 1 beat for 4 bars",
    "0:01  garland  pulse 20 60 % every 1 beat for 4 bars",
    "0:01  garland  twinkle 20 to 60 % evry 250 ms for 4 bars",
    "0:01  trees  chase every 1 beat revers for 4 bars",
    "0:01  garland  strobe every 500 ms lti 50 ms for 4 s",
    "0:01  play  chrous\nsection chorus\n  1.1  neon  on",
    "0:01,5  neon  on",
    "+1,5 s  neon  on",
    "titel  Porch",
    "tempo  96 bpm from 0:10",
    "tempo  96 bpm from 5.2&",
    "tempo  96 from 5.1",
    "tempo  500 ms from 5.1",
    "5.1 to 9.1  garland  pulse",
    "5.1 to 9.1 every 1  neon  on for 1 s",
    "steps 5.1 to 9.1 by 1\n  neon  x.",
];

/// Whole sheets.
const SHEETS: [&str; 13] = [
    "lenght 9 s\n",
    "length 9 s\ntempo 0.7365 s\n1.1  neon  on\n",
    "length 9 s\ntempo 0.5\n1.1  neon  on\n",
    "length 9 s\ntempo 120\n1.1  neon  on\n",
    "length 9 s\ntempo 500 ms, 3/4\n1.1  neon  on\n",
    "length 9\n0:01  neon  on\n",
    "length 9 s\n9  neon  on\n",
    "length 90 s\n9 s  neon  on for 8\n",
    "title Song #1\nlength 9 s\n",
    "title Song #1 \u{201c}live\u{201d} # a remark\nlength 9 s\n",
    "title \"Song one\nlength 9 s\n",
    "length 9 s\ntempo map \"Label Track.txt\n1.1  neon  on\n",
    "length 9 s\ntempo map Label #1.txt, 4/4\n1.1  neon  on\n",
];

/// Sheets whose files are in a folder.
const WITH_FILES: [&str; 7] = [
    "audio SONG.ogg\n",
    "audio Na\u{308}cht.ogg\n",
    "audio 'song.ogg'\n",
    "audio Jingle Bells #2.ogg\n",
    "audio jingle bells #2.ogg   # mine\n",
    "length 9 s\ntempo map label track.txt, 4/4\n1.1  neon  on\n",
    "audio song.mp3\n0:01  neon  onn\n",
];

/// Lines that can be played, and have no effect.
const WITHOUT_EFFECT: [&str; 4] = [
    "5.1  all  on\n5.1  garland  fade from 100 to 40 % over 2 s",
    "5.1  all but star  on\n5.1  garland  40 %",
    "5.1  neon  30 %",
    "5.1 to 9.1  neon  twinkle 10 to 40 % every 2 s",
];

/// Beat maps with a beat too few or too many.
const MAPS: [&str; 3] = ["0\n1\n2\n4\n5\n6\n", "0\n1\n2\n5\n6\n7\n", "0\n1\n2\n2.5\n3\n4\n5\n"];

pub(super) fn try_all(tried: &mut Tried) {
    let rig = rig();
    let map = |name: &str| Ok(Source::new(name, "0\n1\n2\n"));
    let read = |text: &str| match starcourt::show::read("porch", &Source::new("porch.show", text), &rig, &map)
    {
        Ok((_, told)) | Err(told) => told,
    };
    for line in LINES {
        tried.hints(&format!("length  2:00\ntempo   120 bpm\n{line}\n"), &read);
    }
    for sheet in SHEETS {
        tried.hints(sheet, &read);
    }
    let reviewed = |text: &str| {
        let source = Source::new("porch.show", text);
        let (show, mut told) = starcourt::show::read("porch", &source, &rig, &map).unwrap();
        told.extend(starcourt::review::without_effect(&show, &rig));
        told
    };
    for line in WITHOUT_EFFECT {
        tried.hints(&format!("length  2:00\ntempo   120 bpm\n{line}\n"), &reviewed);
    }
    let tapped = |text: &str| {
        let map = |name: &str| Ok(Source::new(name, text));
        let source = Source::new("porch.show", "length 9 s\ntempo map beats.txt\n1.1  neon  on\n");
        starcourt::show::read("porch", &source, &rig, &map).unwrap().1
    };
    for map in MAPS {
        tried.hints(map, &tapped);
    }
    let folder = tempfile::tempdir().unwrap();
    for file in ["song.ogg", "Nächt.ogg", "Jingle Bells #2.ogg"] {
        std::fs::write(folder.path().join(file), "").unwrap();
    }
    std::fs::write(folder.path().join("Label Track.txt"), "0\n1\n2\n").unwrap();
    let path = folder.path().join("porch.show");
    let load = |text: &str| {
        std::fs::write(&path, text).unwrap();
        match starcourt::show::load(&path, &rig) {
            Ok((_, told)) => told,
            Err(error) => error.downcast::<Diagnoses>().unwrap(),
        }
    };
    for sheet in WITH_FILES {
        tried.hints(sheet, &load);
    }
}
