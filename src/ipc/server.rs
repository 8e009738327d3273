//! The instance's end of the socket. Knows the names of shows, and neither their files nor lights nor pins.

use std::io;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result};
use rustix::net::SocketType;

use super::order::Answer;
use super::outbox::{ConnectionEvent, ConnectionId, Outbox};
use super::serve::ServerThread;
use super::status::Status;
use crate::group_socket::GroupSocket;

/// An open socket, served by a thread of its own. Dropped, it sends what is left to be sent, closes every
/// connection and removes the socket's file.
#[derive(Debug)]
pub struct Server {
    path: PathBuf,
    socket: GroupSocket,
    outbox: Arc<Outbox>,
    thread: Option<JoinHandle<()>>,
}

fn listen(path: &Path) -> io::Result<(GroupSocket, UnixListener)> {
    let (socket, listener) = GroupSocket::bind(path, SocketType::STREAM)?;
    Ok((socket, UnixListener::from(listener)))
}

impl Server {
    /// Listens at `path`, replacing whatever socket is there: call it only with the lock in hand. Orders come
    /// in through `events`; `status` is the answer to a question for the status until
    /// [`publish`](Self::publish) is called.
    ///
    /// # Errors
    /// When the socket cannot be made there.
    pub fn open<M>(path: &Path, status: Status, events: Sender<M>) -> Result<Self>
    where
        M: From<ConnectionEvent> + Send + 'static,
    {
        let doing = || format!("opening the control socket {}", path.display());
        let (socket, listener) = listen(path).with_context(doing)?;
        let (outbox, wakeup) = Outbox::new(status).with_context(doing)?;
        let emit = move |event| events.send(M::from(event)).is_ok();
        let mut server = ServerThread::new(listener, Arc::clone(&outbox), wakeup, emit);
        let thread = thread::Builder::new()
            .name("control".into())
            .spawn(move || server.run())
            .context("starting the control thread")?;
        Ok(Self { path: path.to_owned(), socket, outbox, thread: Some(thread) })
    }

    /// Sends an answer, or something else, on this connection; after that has closed it goes nowhere. Never blocks.
    pub fn tell(&self, to: ConnectionId, answer: Answer) {
        self.outbox.tell(to, answer);
    }

    /// Replaces the status, for all who ask and all who follow. Never blocks.
    pub fn publish(&self, status: Status) {
        self.outbox.publish(status);
    }

    /// Makes the socket's file anew if somebody has deleted it. Call it about once a second.
    ///
    /// # Errors
    /// When that fails. Open connections stay open.
    pub fn restore_socket(&mut self) -> io::Result<()> {
        if !self.socket.is_in_place() {
            let (socket, listener) = listen(&self.path)?;
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
