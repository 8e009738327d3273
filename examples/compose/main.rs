//! Composes the music of the sample shows: every oscillator, drum and echo of it is computed here.
//! Knows nothing of lights.
//!
//! ```sh
//! cargo run --release --example compose -- starcourt starcourt.wav
//! oggenc --quality 4 --serial 1985 --title Starcourt --output shows/starcourt.ogg starcourt.wav
//!
//! cargo run --release --example compose -- demo demo.wav
//! oggenc --quality 4 --serial 1986 --title Demo --output shows/demo.ogg demo.wav
//! ```
//!
//! `compose -- starcourt --plan` prints the parts of a piece with their bars, times and chords: what a
//! choreographer needs. The same build writes the same file every time.

mod band;
mod bass;
mod bell;
mod demo;
mod drums;
mod echo;
mod envelope;
mod filter;
mod lead;
mod master;
mod organ;
mod oscillator;
mod pad;
mod piece;
mod pluck;
mod reverb;
mod score;
mod signal;
mod starcourt;
mod wav;

use anyhow::{Context, bail};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, destination] = &arguments[..] else {
        bail!("expected a piece and a file: `compose -- starcourt starcourt.wav`, or `--plan` for its plan");
    };
    let piece = match name.as_str() {
        "starcourt" => starcourt::PIECE,
        "demo" => demo::PIECE,
        other => bail!("no piece `{other}`; there are `starcourt` and `demo`"),
    };
    if destination == "--plan" {
        print!("{}", piece.plan());
        return Ok(());
    }
    let sound = band::perform(&piece).with_context(|| format!("performing {name}"))?;
    wav::write(&sound, destination.as_ref()).with_context(|| format!("writing {destination}"))
}
