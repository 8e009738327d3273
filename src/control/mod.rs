//! The control socket: other commands, and other programs, speak to the instance that plays. Orders and
//! answers are lines of JSON, described in `docs/protocol.md`. Knows the names of shows, and neither
//! their files nor lights nor pins.
//!
//! One thread of ordinary priority serves all visitors, without ever waiting for one of them. What it
//! hears it passes on as a [`Call`]; what it answers to `status` is what was last published. Neither
//! touches the timing thread.

mod guest_book;
mod order;
mod order_line;
mod post;
mod remote;
mod repeats;
mod server;
mod socket;
mod status;
mod visitor;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result};

pub use order::{Answer, LONGEST_LINE, Loudness, Order, Play};
pub use order_line::{OrderId, OrderLine};
pub use post::{Caller, VisitorId};
pub use remote::{Ear, HungUp, Remote};
pub use status::{Lit, OnStage, Stands, Status};

use post::Post;
use server::Server;
use socket::Socket;

/// What has come in over the socket.
#[derive(Debug)]
pub enum Call {
    /// The caller waits for exactly one answer; several may wait at the same time.
    Order { order: Order, caller: Caller },
    /// The connection has ended, and all that was asked for on it for its own sake with it.
    Left(VisitorId),
}

/// An open socket. Dropped, it says what is left to be said, closes every connection and removes the
/// socket's file.
#[derive(Debug)]
pub struct Control {
    path: PathBuf,
    socket: Socket,
    post: Arc<Post>,
    thread: Option<JoinHandle<()>>,
}

impl Control {
    /// Listens at `path`, which whoever holds the instance's lock may replace, and answers `status` with
    /// `status` until something newer is published.
    ///
    /// # Errors
    /// When the socket cannot be made there.
    pub fn open<M>(path: &Path, status: Status, calls: Sender<M>) -> Result<Self>
    where
        M: From<Call> + Send + 'static,
    {
        let doing = || format!("opening the control socket {}", path.display());
        let (socket, listener) = Socket::bind(path).with_context(doing)?;
        let (post, bell) = Post::new(status).with_context(doing)?;
        let mut server =
            Server::new(listener, Arc::clone(&post), bell, move |call| calls.send(M::from(call)).is_ok());
        let thread = thread::Builder::new()
            .name("control".into())
            .spawn(move || server.serve())
            .context("starting the control thread")?;
        Ok(Self { path: path.to_owned(), socket, post, thread: Some(thread) })
    }

    /// What the instance does now, for all who ask and all who follow. Never blocks.
    pub fn publish(&self, status: Status) {
        self.post.publish(status);
    }

    /// To be called now and then: makes the socket's file anew where a hand has removed it.
    ///
    /// # Errors
    /// When that fails; those who are connected stay so.
    pub fn look_after(&mut self) -> io::Result<()> {
        if !self.socket.is_in_place() {
            let (socket, listener) = Socket::bind(&self.path)?;
            self.socket = socket;
            self.post.listen_to(listener);
        }
        Ok(())
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        self.post.close();
        if let Some(thread) = self.thread.take() {
            // Its panic, if it was one, has been printed.
            let _outcome = thread.join();
        }
        self.socket.remove();
    }
}
