//! The control socket: other commands, and other programs, speak to the instance that plays. Orders and
//! answers are lines of JSON, described in `docs/protocol.md`. Knows the names of shows, and neither
//! their files nor lights nor pins.
//!
//! One thread of ordinary priority serves all connections, without ever waiting for one of them. What it
//! hears it passes on as a [`ConnectionEvent`]; what it answers to `status` is what was last published. Neither
//! touches the timing thread.

mod client;
mod connection;
mod connections;
mod order;
mod order_line;
mod outbox;
mod repeats;
mod server_thread;
mod socket;
mod status;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result};

pub use crate::volume::VolumeChange;
pub use client::{AnswerReader, Client, HungUp};
pub use order::{Answer, LONGEST_LINE, Order, Play};
pub use order_line::{OrderId, OrderLine};
pub use outbox::{ConnectionId, Responder};
pub use status::{ChannelStatus, OutputKind, PlayState, ShowStatus, Standing, Status};

use outbox::Outbox;
use server_thread::ServerThread;
use socket::Socket;

/// What has come in over the socket.
#[derive(Debug)]
pub enum ConnectionEvent {
    /// The caller waits for exactly one answer; several may wait at the same time.
    Order { order: Order, caller: Responder },
    /// The connection has ended, and all that was asked for on it for its own sake with it.
    Closed(ConnectionId),
}

/// An open socket. Dropped, it says what is left to be said, closes every connection and removes the
/// socket's file.
#[derive(Debug)]
pub struct Server {
    path: PathBuf,
    socket: Socket,
    outbox: Arc<Outbox>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Listens at `path`, which whoever holds the instance's lock may replace, and answers `status` with
    /// `status` until something newer is published.
    ///
    /// # Errors
    /// When the socket cannot be made there.
    pub fn open<M>(path: &Path, status: Status, calls: Sender<M>) -> Result<Self>
    where
        M: From<ConnectionEvent> + Send + 'static,
    {
        let doing = || format!("opening the control socket {}", path.display());
        let (socket, listener) = Socket::bind(path).with_context(doing)?;
        let (outbox, bell) = Outbox::new(status).with_context(doing)?;
        let mut server = ServerThread::new(listener, Arc::clone(&outbox), bell, move |call| {
            calls.send(M::from(call)).is_ok()
        });
        let thread = thread::Builder::new()
            .name("control".into())
            .spawn(move || server.serve())
            .context("starting the control thread")?;
        Ok(Self { path: path.to_owned(), socket, outbox, thread: Some(thread) })
    }

    /// What the instance does now, for all who ask and all who follow. Never blocks.
    pub fn publish(&self, status: Status) {
        self.outbox.publish(status);
    }

    /// To be called now and then: makes the socket's file anew where a hand has removed it.
    ///
    /// # Errors
    /// When that fails; those who are connected stay so.
    pub fn look_after(&mut self) -> io::Result<()> {
        if !self.socket.is_in_place() {
            let (socket, listener) = Socket::bind(&self.path)?;
            self.socket = socket;
            self.outbox.listen_to(listener);
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.outbox.close();
        if let Some(thread) = self.thread.take() {
            // Its panic, if it was one, has been printed.
            let _outcome = thread.join();
        }
        self.socket.remove();
    }
}
