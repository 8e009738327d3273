//! The hints of cue sheets.

use starcourt::diagnosis::{Diagnoses, Source};
use starcourt::rig::{self, Rig};

use super::Tried;

const RIG: &str = "[channels]\nneon = { pin = 17, kind = \"ssr\" }\nstar = { pin = 23, kind = \"ssr\" }\n\
                   bell = { pin = 4, kind = \"relay\", active = \"low\" }\n\
                   garland = { pin = 18, kind = \"pwm\" }\n[groups]\ntrees = [\"star\", \"garland\"]\n";

fn rig() -> Rig {
    rig::read(&Source::new("rig.toml", RIG)).0.unwrap()
}

/// Lines of a sheet whose head has everything.
const LINES: &[&str] = &[
    "9  neon  on",
    "0:01  neon  on for 8",
    "0:01  neon  on for beat",
    "0:01  neon  on for 1/3",
    "0:01  noen  on",
    "0:01  neon star  on",
    "0:01  neon, stra  on",
    "0:01  neon  of",
    "0:01  lights  on",
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
    "steps 5.1 to 9.1 by 1/8\n  neon  -x.",
    "steps 5.1 to 9.1 by 1/8\n  neon  o...",
    "steps 5.1 to 9.1 by 1/8\n  neon  ~x",
    "steps 5.1 to 9.1 by 1/8\n  neon",
    "steps 5.1 to 9.1 by 1/8\nneon  x.",
    "steps 5.1 by 1/8\n  neon  x.",
    "  5.1  neon  on",
    "neon  on",
    "neon  5.1  on",
    "5.1  on  neon",
    "5.1  on",
    "5.1  for 2 s  neon  on",
    "5.1  neon  on to 9.1",
    "5.1 to 9.1  neon  on every 1 bar",
    "5.1  neon  on 2 s",
    "5.1  garland  fade to 80 % 2 s",
    "5.1 every 1 bar  neon  on",
    "0:10 every 1 bar  neon  on",
    "+2 s every 1 bar  neon  on",
    "1.03  neon  on",
    "0.04  neon  on",
    "1.30  neon  on",
    "9.5  neon  on",
    "9.0  neon  on",
    "9.60  neon  on",
    "5.1 - 9.1  neon  on",
    "5.1-9.1  neon  on",
    "5.1 until 9.1  neon  on",
    "9.2 &  neon  on",
    "9.2 + 1/3  neon  on",
    "5.1  neon + star  on",
    "5.1  neon and star  on",
    "5.1  neon & star  on",
    "5.1, neon  on",
    "5.1  all except neon  on",
    "5.1  trees except garland  on",
    "5.1  neon  blink",
    "5.1  neon  blink every 1 beat for 4 bars",
    "5.1  garland  flicker",
    "5.1  garland  flicker 10 to 40 % for 4 bars",
    "5.1  garland  dim",
    "5.1  garland  dim 40 %",
    "5.1  garland  dim to 40 % over 2 s",
    "5.1  garland  fade to 50 % in 2 bars",
    "5.1  garland  fade to 50 % over 2 bars ease in",
    "5.1  garland  fade out",
    "5.1  garland  fade in over 2 bars",
    "5.1 to 7.1  garland  fade up",
    "5.1  neon  turn on",
    "5.1  garland  set to 40 %",
    "at 5.1  neon  on",
    "5.1  neon  on // bright",
    "5.1  st\u{200b}ar  on",
    "5.1  garland  pulse 20 and 60 % every 1 beat for 4 bars",
    "5.1  garland  pulse 20 x 60 % every 1 beat for 4 bars",
    "5.1  garland  twinkle 20 % every 250 ms for 4 bars",
    "5.1  neon  on for ever",
    "tempo 90 bpm",
    "tempo 96 bpm from 5.9",
    "tempo 96 bpm from 5.0",
    "tempo 0.001 from 5.1",
    "tempo 96 bpm from 0:00.1",
    "5.1  neon  on and star  on",
    "5.1  garland  fade 0 % to 80 % over 2 bars",
    "5.1  garland  fade to 80 % over two bars",
    "5.1  garland  fade to 80 % over 2 measures",
    "5.1  garland  fade to 80 % over 2 seconds",
    "90 sec  neon  on",
    "5.1  neon  on for second",
    "5.1  neon  on for measure",
    "5.1  neon  on for 1.5",
    "5.1  garland  fadeout",
    "5.1  garland  fade-in over 2 s",
    "5.1  garland  on 50 %",
    "5.1  garland  50 percent",
    "5.1  garland  120 %",
    "5.1  neon+star  on",
    "5.1  all on but neon",
    "5.1  not neon  on",
    "5.1  garland  strobe every 1/8 note for 2 bars",
    "5.1  garland  strobe per 1 beat for 2 bars",
    "5.1  trees  chase 1/8 for 2 bars",
    "5.1  trees  chase every 1 beat width 2 for 4 bars",
    "5.1  garland  twinkle from 20 to 60 % for 4 bars",
    "5.1  garland  pulse every 1 beat until 9.1",
    "5.1)  neon  on",
    "4'48  neon  on",
    "setps 5.1 to 9.1 by 1/8\n  neon  x.",
    "grid 5.1 to 9.1 by 1/8\n  neon  x.",
    "steps 5.1 to 9.1 every 1/8\n  neon  x.",
    "steps 5.1 - 9.1 by 1/8\n  neon  x.",
    "9.1  section  chorus\nsection chorus\n  1.1  neon  on",
    "9.1  play  my_chorus\nsection my chorus\n  1.1  neon  on",
    "5.1  neon  on until 6.1",
    "5.1  neon  for 2 beats on",
    "5.1  neon  on 2 beats",
    "5.1  garland  at 50 %",
    "5.1  garland  follow for 4 bars",
    "5.1  garland  follow 10 to 100 % for 4 bars",
    "5.1  garland  follow base for 4 bars",
    "5.1  garland  follow trebel 10 to 100 % for 4 bars",
    "5.1  garland  follow drums for 4 bars",
    "5.1  garland  folow bass for 4 bars",
    "5.1  garland  follow bass",
    "5.1  garland  follow bass 10 to 100 for 4 bars",
    "5.1  garland  follow bass 10 100 % for 4 bars",
    "5.1  garland  follow bass 10 % for 4 bars",
    "5.1  garland  follow bass rise 50 for 4 bars",
    "5.1  garland  follow bass fal 1 beat for 4 bars",
    "5.1  garland  follow bass for 4 bars fall 1 beat",
    "5.1  garland  fade up to 50 % over 2 bars",
    "5.1  garland  fade in 2 bars",
    "5.1  garland  fade to 50 % over 2 bars ease in out",
    "5.1  garland  fade to 50 % over 2 bars linear",
    "5.1  garland  fade to 50 % over 2 bars smoothly",
    "5.1  garland  fade to 50 % slowly",
    "5.1  garland  ramp to 50 % over 2 s",
    "5.1  garland  breathe",
    "5.1  garland  pulse fast for 4 bars",
    "5.1  garland  strobe 2 Hz for 2 s",
    "5.1  trees  wave every 1 beat for 4 bars",
    "5.1  trees  chase backwards every 1 beat for 4 bars",
    "5.1  all lights  off",
    "5.1  everything  off",
    "5.1  all - neon  off",
    "5.1  neon  full",
    "5.1  neon  dark",
    "5.1  garland  128",
    "5:1  neon  on",
    "[1:30]  neon  on",
    "1m30s  neon  on",
    "1:30 - neon  on",
    "5.1..9.1  neon  on",
    "5.1 -> 9.1  neon  on",
    "after 2 s  neon  on",
    "then neon  on",
    "bar 5  neon  on",
    "bar 5 beat 3  neon  on",
    "9.1  play  chorus\nsection Chorus\n  1.1  neon  on",
    "steps 5.1 to 9.1\n  neon  x.",
];

/// Lines of such a sheet before and after a person's work.
const BY_HAND: &[(&str, &str)] = &[
    ("5.1  neon  on every 1 bar", "5.1 to 9.1 every 1 bar  neon  on"),
    ("5.1 to +2 beats  neon  on", "5.1  neon  on for 2 beats"),
    ("5.1 to 2 beats  neon  on", "5.1 to 5.3  neon  on"),
    ("0:01 to 2 beats  neon  on", "0:01 to 0:02  neon  on"),
    ("5q  neon  on", "5.1  neon  on"),
    ("hello there", "0:01  neon  on"),
    ("5.1  garland  fade quickly", "5.1  garland  fade to 80 % over 2 s"),
    ("loop", ""),
    ("5.1  neno2345  on", "5.1  neon  on"),
    ("5.1  wait 2 s", "+2 s  neon  on"),
    ("every 1 bar  neon  on", "1.1 to 9.1 every 1 bar  neon  on"),
    ("end", ""),
    ("9.1  play  chorus", "9.1  play  chorus\nsection chorus\n  1.1  neon  on"),
    ("section chorus\n9.1  play  chorus", "section chorus\n  1.1  neon  on\n9.1  play  chorus"),
    ("steps 5.1 to 9.1 by 1/8", "steps 5.1 to 9.1 by 1/8\n  neon  x..."),
    (
        "1.1 to 100.1 every 1 ms  all  twinkle every 1 ms for 100 s",
        "1.1 to 100.1 every 1 bar  all  twinkle for 1 s",
    ),
];

/// Whole sheets before and after a person's work.
const WHOLE_BY_HAND: &[(&str, &str)] = &[
    ("length 9 s\naudio music/song.ogg\n", "length 9 s\naudio song.ogg\n"),
    (
        "length 9 s\n0:01 to 0:09  garland  follow bass\n",
        "length 9 s\naudio song.ogg\n0:01 to 0:09  garland  follow bass\n",
    ),
    (
        "length 9 s\ntempo map beats.txt\ntempo 96 bpm from 5.1\n",
        "length 9 s\ntempo map beats.txt\ntempo 3/4 from 5.1\n",
    ),
];

/// Beat maps before and after a person's work.
const MAPS: &[(&str, &str)] = &[("2\n1\n", "1\n2\n"), ("1\n1.01\n2\n", "1\n2\n"), ("1\n", "1\n2\n")];

/// Whole sheets.
const SHEETS: &[&str] = &[
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
    "length 9 s\ntempo 96 bpm, first beat at 0.42\n1.1  neon  on\n",
    "length 9 s\ntempo 96 bpm, first beat at 0.04\n1.1  neon  on\n",
    "length 9 s\ntempo 96 bpm, first beat at 2\n1.1  neon  on\n",
    "length 9 s\ntempo 96 bpm 3\n1.1  neon  on\n",
    "length 9 s\ntempo 96 bpm, starts at 0.04 s\n1.1  neon  on\n",
    "length 4.48\n",
    "length 4:48 min\n",
    "length 9 s\n5:1  neon  on\n",
    "length 9 s\nsteps 0:01 to 0:09\n  neon  x.\n",
    "length 9 s\ntempo 96 BPM\n1.1  neon  on\n",
    "length 9 s\ntempo 96 bpm, first beat 0.04 s\n1.1  neon  on\n",
    "length 9 s\ntempo bpm 96\n1.1  neon  on\n",
    "length 9 s\nbpm 96\n1.1  neon  on\n",
    "length 9 s\ntempo = 96 bpm\n1.1  neon  on\n",
    "length 9 s\ntempo 96 bpm from 5.1\n",
    "length 9 s\n1.1  neon  on\n",
    "length 9 s\n1.03  neon  on\n",
    "length 9 s\nsteps 0:01 by 1 s\n  neon  x.\n",
    "length 9 s\nname Porch\n",
    "duration 9 s\n",
    "length 9 s\ntitle Weird \"Al\" #1\n",
    "length 20 s\nplay chorus\nsection chorus\n  0:01  neon  on\n",
    "0:01  neon  on\n",
];

/// Sheets whose files are in a folder.
const WITH_FILES: &[&str] = &[
    "audio SONG.ogg\n",
    "audio Na\u{308}cht.ogg\n",
    "audio 'song.ogg'\n",
    "audio Jingle Bells #2.ogg\n",
    "audio jingle bells #2.ogg   # mine\n",
    "length 9 s\ntempo map label track.txt, 4/4\n1.1  neon  on\n",
    "audio song.mp3\n0:01  neon  onn\n",
    "music song.ogg\n",
];

/// Lines that can be played, and have no effect.
const WITHOUT_EFFECT: [&str; 5] = [
    "5.1  all  on\n5.1  garland  fade from 100 to 40 % over 2 s",
    "5.1  all but star  on\n5.1  garland  40 %",
    "5.1  neon  30 %",
    "5.1 to 9.1  neon  twinkle 10 to 40 % every 2 s",
    "5.1 to 9.1  neon  follow bass 10 to 40 %",
];

/// The same, where a person has to decide; and what would do harm.
const REVIEWED_BY_HAND: [(&str, &str); 6] = [
    ("5.1  neon  on\n5.1  neon  off\n9.1  neon  on", "5.1  neon  on\n7.1  neon  off\n9.1  neon  on"),
    (
        "5.1  garland  20 %\n5.1  garland  fade to 100 % over 2 s",
        "5.1  garland  fade from 20 to 100 % over 2 s",
    ),
    (
        "1.1 to 9.1  garland  twinkle\n3.1  garland  on\n9.1  garland  off",
        "1.1 to 9.1  garland  twinkle\n9.1  garland  off",
    ),
    ("steps 1.1 to 9.1 by 1/4\n  neon  1234", "steps 1.1 to 9.1 by 1/4\n  neon  1294"),
    ("1.1 to 3.1  garland  strobe every 100 ms", "1.1 to 3.1  garland  strobe every 500 ms"),
    ("1.1 to 59.1  bell  strobe every 1 beat", "1.1 to 9.1  bell  strobe every 4 beats"),
];

/// A beat map that is no better than chance.
const JUMBLED_MAP: (&str, &str) = (
    "0\n1\n2\n4\n5\n6\n7\n9\n10\n11\n12\n14\n15\n16\n17\n19\n20\n21\n22\n24\n25\n26\n27\n29\n30\n31\n32\n34\n35\n36\n37\n39\n40\n41\n42\n44\n45\n46\n47\n49\n",
    "0\n1\n2\n3\n4\n5\n6\n",
);

/// Beat maps with a beat too few or too many.
const GAPPED_MAPS: [&str; 3] = ["0\n1\n2\n4\n5\n6\n", "0\n1\n2\n5\n6\n7\n", "0\n1\n2\n2.5\n3\n4\n5\n"];

pub(super) fn try_all(tried: &mut Tried) {
    let rig = rig();
    let map = |name: &str| Ok(Source::new(name, "0\n1\n2\n"));
    let read = |text: &str| match starcourt::show::read("porch", &Source::new("porch.show", text), &rig, &map)
    {
        Ok((_, told)) | Err(told) => told,
    };
    let with_head = |line: &str| format!("length  2:00\naudio   song.ogg\ntempo   120 bpm\n{line}\n");
    for line in LINES {
        tried.hints(&with_head(line), &read);
    }
    for sheet in SHEETS {
        tried.hints(sheet, &read);
    }
    for (line, mended) in BY_HAND {
        tried.by_hand((&with_head(line), &with_head(mended)), &read);
    }
    let plays = |times: usize| {
        let (plays, cues) = ("1.1  play  a for 1 us\n".repeat(times), "  2.1  neon  on\n".repeat(times));
        with_head(&format!("{plays}section a\n{cues}"))
    };
    tried.by_hand((&plays(2_000), &plays(10)), &read);
    for case in WHOLE_BY_HAND {
        tried.by_hand(*case, &read);
    }
    for case in MAPS {
        let sheet = Source::new("porch.show", "length 9 s\ntempo map beats.txt\n1.1  neon  on\n");
        let read = |text: &str| {
            let map = |name: &str| Ok(Source::new(name, text));
            starcourt::show::read("porch", &sheet, &rig, &map).map_or_else(|told| told, |(_, told)| told)
        };
        tried.by_hand(*case, &read);
    }
    let reviewed = |text: &str| {
        let source = Source::new("porch.show", text);
        let (show, mut told) = starcourt::show::read("porch", &source, &rig, &map).unwrap();
        told.extend(starcourt::review::without_effect(&show, &rig));
        let timeline = starcourt::timeline::compile(&show, &rig).timeline;
        told.extend(starcourt::review::strains(&show, &rig, show.length.unwrap(), &timeline));
        told
    };
    for line in WITHOUT_EFFECT {
        tried.hints(&with_head(line), &reviewed);
    }
    for (lines, mended) in REVIEWED_BY_HAND {
        tried.by_hand((&with_head(lines), &with_head(mended)), &reviewed);
    }
    let tapped = |text: &str| {
        let map = |name: &str| Ok(Source::new(name, text));
        let source = Source::new("porch.show", "length 9 s\ntempo map beats.txt\n1.1  neon  on\n");
        starcourt::show::read("porch", &source, &rig, &map).unwrap().1
    };
    tried.by_hand(JUMBLED_MAP, &tapped);
    for map in GAPPED_MAPS {
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
