//! starcourt plays light shows on a Raspberry Pi: relays and dimmed lights, in sync with music, from cue sheets that
//! people write by hand. The binary is thin; everything is in this library.
//!
//! # The modules, in reading order
//!
//! A module uses only those before it in this table, and a test keeps that.
//!
//! | module | what it is |
//! |---|---|
//! | [`level`], [`time`], [`volume`], [`speed`], [`easing`], [`random`] | plain values |
//! | [`beats`], [`analysis`], [`envelope`] | taps of a hand become beats and a tempo; what is heard in a song, and how loud it is. Pure |
//! | [`faults`], [`printable`], [`file_access`], `group_socket`, [`text_width`], [`catch_panic`], `child_end`, [`spool`], [`logging`], [`heartbeat`], [`realtime`] | the edge to the system |
//! | [`diagnosis`], `config` | how a mistake in a file is told; TOML with the place of everything in it |
//! | [`fseq`] | the frames that xLights and the Falcon Player write |
//! | [`rig`], [`show`], [`schedule`] | the three files that people write: channels, cue sheets, what plays when |
//! | [`timeline`], [`review`] | a compiled show: levels over show time; what in it is probably a mistake. Pure |
//! | [`template`], [`compose`], [`import`] | a new show: to begin with, composed from what is heard in its song, or from a file of another program. Pure |
//! | [`audio`] | music files: length, damage, title, and their sound from any place |
//! | [`clock`] | where the playhead is, by the sound card or by the machine |
//! | [`packets`] | the packets of DDP and E1.31, as bytes. Pure |
//! | [`net_link`] | what an instance gives to the process that sends to the network. Both ends |
//! | [`output`] | what makes levels light: pins, the chip's PWM, expanders, receivers on the network, simulated lines; and the trace |
//! | [`chart`] | a show as a picture, without playing it |
//! | [`preview`] | a show as a page in a browser |
//! | [`engine`] | one realtime thread: playhead and timeline become light |
//! | [`player`] | one show from start to end |
//! | [`buttons`], [`ipc`], [`web`], [`signals`] | where orders come from, and pages in browsers |
//! | [`net`] | the process that sends to receivers on the network |
//! | [`lock`], [`wear`] | one instance at a time; the life of relays |
//! | [`stage`], [`guardian`] | the show in a terminal; safe lights after any death |
//! | [`service`], [`doctor`], [`mod@bench`] | systemd and commands around shows, what is wrong here, how exact it is |
//! | `outcome`, [`cli`], `loading` | how a command ends, its words, a show read from its files |
//! | `instance` | what plays, what waits, who ordered what: a pure state machine, and the runner that carries it out |
//! | [`commands`] | what each command does |
//!
//! # Three journeys
//!
//! 1. **A cue to the pin.** [`show::read`] makes cues of a sheet, [`timeline::compile`] makes a track a channel of them,
//!    the [`engine`] runs along the tracks with the playhead, and an [`output`] makes its levels light.
//! 2. **Sound time to the playhead.** The card's callback says when its next frame is heard,
//!    [`clock::sound`] fits a course through those instants, and the engine asks the course once a tick.
//! 3. **An order to the player.** A terminal, key, button, signal, the socket ([`ipc`]) or the schedule gives an order;
//!    `instance` decides what plays; the [`player`] pauses, fades or ends its show, and the clock plays its music louder.
//!
//! `docs/architecture.md` tells them in full, with what holds everywhere. What to read first: `src/timeline/compile.rs`,
//! `src/engine/tick.rs` with `src/engine/mixer.rs`, and `src/commands/play/mod.rs`.
//!
//! # A show with simulated lights
//!
//! In a terminal: `starcourt play starcourt --output sim`. In a program:
//!
//! ```
//! use std::sync::Arc;
//!
//! use starcourt::clock::wall::WallClock;
//! use starcourt::clock::{Position, monotonic};
//! use starcourt::diagnosis::Source;
//! use starcourt::engine::{Ending, Engine, Extent, Passes, RelayMoves, Setup};
//! use starcourt::heartbeat::Heartbeat;
//! use starcourt::output::patch::{Means, Patch};
//! use starcourt::{rig, show, time::ShowTime, timeline};
//!
//! let file = Source::new("rig.toml", "[channels]\nneon = { pin = 17, kind = \"ssr\" }\n");
//! let (rig, mistakes) = rig::read(&file);
//! let rig = Arc::new(rig.ok_or(mistakes)?);
//! let sheet = Source::new("demo.show", "length 0:00.200\n0:00.050  neon  on\n0:00.150  neon  off\n");
//! let (show, _warnings) = show::read("demo", &sheet, &rig, &|_| anyhow::bail!("there is no other file"))?;
//!
//! let engine = Engine::start(Setup {
//!     timeline: Arc::new(timeline::compile(&show, &rig).timeline),
//!     clock: Arc::new(WallClock::start(Position(0), monotonic::now())),
//!     drivers: Patch::new(&Means::Memory, &rig, |_| true).open()?, // simulated
//!     rig,
//!     heartbeat: Arc::new(Heartbeat::new()?),
//!     recorder: None,
//!     extent: Extent { from: ShowTime::ZERO, passes: Passes::Once(ShowTime::from_micros(200_000)) },
//!     relay_moves: RelayMoves::default(),
//!     is_dark: false,
//! })?;
//! let report = engine.join()?; // the neon is dark again
//! assert_eq!((report.ending, report.edges), (Ending::Played, 2));
//! # Ok::<(), anyhow::Error>(())
//! ```

pub mod analysis;
pub mod audio;
pub mod beats;
pub mod bench;
pub mod buttons;
pub mod catch_panic;
pub mod chart;
mod child_end;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod compose;
mod config;
pub mod diagnosis;
pub mod doctor;
pub mod easing;
pub mod engine;
pub mod envelope;
pub mod faults;
pub mod file_access;
pub mod fseq;
mod group_socket;
pub mod guardian;
pub mod heartbeat;
pub mod import;
mod instance;
pub mod ipc;
pub mod level;
mod loading;
pub mod lock;
pub mod logging;
pub mod net;
pub mod net_link;
mod outcome;
pub mod output;
pub mod packets;
pub mod player;
pub mod preview;
pub mod printable;
pub mod random;
pub mod realtime;
pub mod review;
pub mod rig;
pub mod schedule;
pub mod service;
pub mod show;
pub mod signals;
pub mod speed;
pub mod spool;
pub mod stage;
pub mod template;
pub mod text_width;
pub mod time;
pub mod timeline;
pub mod volume;
pub mod wear;
pub mod web;
