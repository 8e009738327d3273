//! The stage with an invented show, for looking at it: no rig, no sound, no pins.
//!
//! `cargo run --example stage_preview` plays it in this terminal, keys and all.
//! `cargo run --example stage_preview -- --svg > docs/stage.svg` draws a moment of it for the README.

mod invented;
mod svg;

use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::Result;
use starcourt::signals::{self, Request};
use starcourt::stage::{self, Colours, Stage, Wish};
use starcourt::time::ShowTime;

use invented::Playing;

/// The invented show's moment for the README: the chorus, with everything in use.
const BEST_MOMENT: Duration = Duration::from_millis(72_600);

enum Event {
    Asked(Request),
    Wished(Wish),
}

impl From<Request> for Event {
    fn from(request: Request) -> Self {
        Self::Asked(request)
    }
}

impl From<Wish> for Event {
    fn from(wish: Wish) -> Self {
        Self::Wished(wish)
    }
}

fn main() -> Result<()> {
    if std::env::args().nth(1).as_deref() == Some("--svg") {
        let status = invented::status(ShowTime::ZERO + BEST_MOMENT, Playing::default());
        let picture = stage::picture(&status, None, Colours::All, 84, 24);
        print!("{}", svg::draw(&picture));
        return Ok(());
    }
    play()
}

fn play() -> Result<()> {
    let (inbox, events) = mpsc::channel::<Event>();
    signals::listen_into(inbox.clone())?;
    let stage = Stage::open(inbox)?;
    let mut playing = Playing::default();
    let (mut time, mut last) = (ShowTime::ZERO, Instant::now());
    while time < invented::LENGTH {
        let now = Instant::now();
        if !playing.is_paused {
            time = time + (now - last);
        }
        last = now;
        stage.show(invented::status(time, playing));
        match events.recv_timeout(Duration::from_millis(25)) {
            Ok(Event::Wished(Wish::Pause)) => playing.is_paused = !playing.is_paused,
            Ok(Event::Wished(Wish::Blackout)) => playing.is_dark = !playing.is_dark,
            Ok(Event::Wished(Wish::Louder)) => playing.volume = playing.volume.saturating_add(5).min(100),
            Ok(Event::Wished(Wish::Softer)) => playing.volume = playing.volume.saturating_sub(5),
            Ok(Event::Asked(Request::Suspend)) => stage.aside(signals::suspend_self)?,
            Ok(Event::Asked(Request::Continued)) => {
                stage.aside(|| ());
                stage.notice("here again");
            }
            Ok(Event::Wished(Wish::Quit) | Event::Asked(_)) => break,
            Ok(Event::Wished(Wish::Next | Wish::Key(_))) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    stage.close(format!("Starcourt: {} of {}", time.to_minutes(), invented::LENGTH.to_minutes()));
    for words in signals::panic_messages() {
        eprintln!("{words}");
    }
    Ok(())
}
