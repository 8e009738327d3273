//! FSEQ files under a show: every frame of every kind of file, as another reader reads it, against the levels that play;
//! what cues do over frames; files that are broken.

#![allow(clippy::unwrap_used)]

mod broken;
mod commands;
#[path = "../common/mod.rs"]
mod common;
mod cues_over_frames;
mod mapping;
mod played;
mod writer;

use std::fs;
use std::path::PathBuf;

use starcourt::diagnosis::{Diagnoses, Source};
use starcourt::rig::{self, Rig};
use starcourt::show::{self, Show};

/// Three dimmed lights and two that switch, all simulated.
const RIG: &str = "\
[channels]
a = { sim = 1, kind = \"pwm\" }
b = { sim = 2, kind = \"pwm\" }
c = { sim = 3, kind = \"pwm\" }
d = { sim = 4, kind = \"ssr\" }
e = { sim = 5, kind = \"relay\", min_off = \"0 ms\", min_on = \"0 ms\" }

[groups]
soft = [\"a\", \"b\", \"c\"]
";

/// A folder with a show `a.show` and its file `a.fseq`.
struct Folder {
    folder: tempfile::TempDir,
    rig: Rig,
}

impl Folder {
    fn with(fseq: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.fseq"), fseq).unwrap();
        let (rig, told) = rig::read(&Source::new("rig.toml", RIG));
        Self { folder, rig: rig.unwrap_or_else(|| panic!("{told}")) }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The show with `lines` behind the one that names the frames, and its warnings.
    fn read(&self, lines: &str) -> Result<(Show, Diagnoses), String> {
        let path = self.path("a.show");
        fs::write(&path, format!("frames a.fseq\n{lines}\n")).unwrap();
        show::load(&path, &self.rig).map_err(|error| format!("{error:#}"))
    }

    #[track_caller]
    fn show(&self, lines: &str) -> Show {
        let (show, told) = self.read(lines).unwrap_or_else(|told| panic!("{told}"));
        assert!(told.is_empty(), "{told}");
        show
    }
}
