//! Charts for the tests of this module.

use super::Chart;
use crate::diagnosis::Source;
use crate::rig::{self, Rig};
use crate::show::{self, Show};
use crate::timeline::compile;

const RIG: &str = "[channels]
neon = { pin = 4, kind = \"relay\" }
arcade = { pin = 16, kind = \"ssr\" }
windows = { pin = 18, kind = \"pwm\" }
spare = { pin = 19, kind = \"pwm\" }
";

pub(super) fn read(sheet: &str) -> (Show, Rig) {
    let rig = rig::read(&Source::new("rig.toml", RIG)).0.expect("the rig has no mistake");
    let none = |_: &str| Err(anyhow::anyhow!("no file"));
    let read = show::read("test", &Source::new("test.show", sheet), &rig, &none);
    (read.unwrap_or_else(|told| panic!("{told}")).0, rig)
}

/// All of the show in `sheet`, which has a length.
pub(super) fn chart_of(sheet: &str) -> Chart {
    let (show, rig) = read(sheet);
    let end = show.length.expect("a length");
    Chart::of(&show, &rig, &compile(&show, &rig).timeline, crate::time::ShowTime::ZERO, end)
}

pub(super) fn chart(length: &str) -> Chart {
    chart_of(&format!("length {length}\n0:01  neon, windows  on\n"))
}

pub(super) fn with_tempo(length: &str, tempo: &str) -> Chart {
    chart_of(&format!("length {length}\ntempo {tempo}\n2.1  neon, windows  on\n"))
}
