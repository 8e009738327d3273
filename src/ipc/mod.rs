//! The control socket, both ends: how other commands and other programs speak to a running instance. Knows the
//! names of shows, and neither their files nor lights nor pins.
//!
//! Orders go in and answers come out, a line of JSON each; `docs/protocol.md` describes the lines. A program in
//! Rust needs neither lines nor page: [`Order`], [`Answer`] and [`Status`] are the words, [`Client`] is the end
//! of whoever gives orders, [`Server`] that of whoever carries them out.
//!
//! ```
//! use std::sync::mpsc;
//! use std::time::Duration;
//!
//! use starcourt::ipc::{Answer, Client, ConnectionEvent, Order, OutputKind, PlayState, Server, Status};
//!
//! # fn main() -> anyhow::Result<()> {
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("starcourt.sock");
//! // An instance. Of a real one, `path` is /run/starcourt/starcourt.sock.
//! let (events, inbox) = mpsc::channel::<ConnectionEvent>();
//! let server = Server::open(&path, Status::idle(OutputKind::Sim), events)?;
//!
//! // Somebody asks what it does, which it need not answer itself.
//! let patience = Duration::from_secs(5);
//! let mut client = Client::connect(&path)?.expect("an instance listens");
//! assert_eq!(client.status(patience)?.state, PlayState::Idle);
//!
//! // Somebody gives an order, and the instance carries it out.
//! client.send(&Order::Pause {})?;
//! if let ConnectionEvent::Order { order: Order::Pause {}, caller } = inbox.recv()? {
//!     caller.done("paused demo at 0:12");
//! }
//! assert_eq!(client.answer(patience)?, Answer::Done("paused demo at 0:12".to_owned()));
//! # Ok(())
//! # }
//! ```
//!
//! One thread of ordinary priority serves all connections, without waiting for one of them. The instance is
//! asked for orders alone: a status is answered with what was last published. Neither touches the timing thread.

mod changed_file;
mod client;
mod connection;
mod connections;
mod later_version;
mod order;
mod order_line;
mod outbox;
mod repeats;
mod serve;
mod server;
mod show_status;
mod status;

pub use crate::show::Seek;
pub use crate::volume::VolumeChange;
pub use changed_file::{ChangedFile, ServiceFile};
pub use client::{AnswerReader, Client, HungUp, OrderWriter};
pub use order::{Answer, LONGEST_LINE, Order, Play};
pub use order_line::{OrderId, OrderLine};
pub use outbox::{ConnectionEvent, ConnectionId, Responder};
pub use server::Server;
pub use show_status::ShowStatus;
pub use status::{ChannelStatus, OutputKind, PlayState, Standing, Status};
