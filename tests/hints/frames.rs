//! Hints for the lines `frames` and `map`, and for what frames do to a show.

use std::fs;
use std::path::Path;

use starcourt::diagnosis::{Diagnoses, Source};
use starcourt::review;
use starcourt::rig;
use starcourt::show;

use super::Tried;

const RIG: &str = "[channels]\nneon = { pin = 18, kind = \"pwm\" }\nstar = { pin = 12, kind = \"pwm\" }\n";

/// With a file `song.fseq` of ten frames.
const SHEETS: &[&str] = &[
    "frames song.fseq\nmap neon 1\n",
    "frames song.fseq\nmap neon, star 1-2\n",
    "frames song.fseq\nmap 2-1 neon, star\n",
    "frames song.fseq\nmap 1-2 neon\n",
    "frames song.fseq\nmap 2-4 neon, star\n",
    "frames song.fseq\nmap 1 noen\n",
    "frames song.fseq\n",
    "length 0:10\nmap 1 neon\n",
    "frames Song.fseq\nmap 1 neon\n",
    "frame song.fseq\nmap 1 neon\n",
    "frames song.fseq\nmaps 1 neon\n",
];

/// With a file `flicker.fseq` whose channels change in each of 600,000 frames.
const FLICKERING: &[(&str, &str)] = &[
    ("frames flicker.fseq\nmap 1-2 neon, star\n", "frames song.fseq\nmap 1-2 neon, star\n"),
    ("frames flicker.fseq\nmap 1 neon\n", "frames song.fseq\nmap 1 neon\n"),
];

const CUT_FADE: (&str, &str) = (
    "frames song.fseq\nmap 1 neon\n0:00.120  neon  fade to off over 5 s\n",
    "frames song.fseq\nmap 1 neon\n0:00.120  neon  off for 5 s\n",
);

/// A file of version 1: frames of 50 ms in which channel 1 to 3 have another value each time.
fn flicker(frames: u32) -> Vec<u8> {
    let mut file = b"PSEQ\x1c\0\0\x01\x1c\0\x03\0\0\0".to_vec();
    file.extend(frames.to_le_bytes());
    file.extend([50, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    file.extend((0..frames).flat_map(|frame| [if frame % 2 == 0 { 255 } else { 0 }; 3]));
    file
}

fn load(path: &Path, text: &str) -> Diagnoses {
    let (rig, _) = rig::read(&Source::new("rig.toml", RIG));
    let rig = rig.unwrap();
    fs::write(path, text).unwrap();
    match show::load(path, &rig) {
        Ok((show, mut told)) => {
            told.extend(review::without_effect(&show, &rig));
            told
        }
        Err(error) => error.downcast().unwrap(),
    }
}

pub(super) fn try_all(tried: &mut Tried) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("song.fseq"), flicker(10)).unwrap();
    fs::write(folder.path().join("flicker.fseq"), flicker(600_000)).unwrap();
    let path = folder.path().join("porch.show");
    let load = |text: &str| load(&path, text);
    for sheet in SHEETS {
        tried.hints(sheet, &load);
    }
    for case in FLICKERING {
        tried.by_hand(*case, &load);
    }
    tried.by_hand(CUT_FADE, &load);
}
