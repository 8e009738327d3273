//! The process: lets instances in, and gives each its turn. Knows no frames.

use std::fs;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::{SocketFlags, SocketType, accept_with};
use rustix::system::uname;
use thiserror::Error;

use super::context::NetContext;
use super::link::{KnownHealth, Link};
use super::resolver::Resolver;
use crate::clock::monotonic;
use crate::file_access::{Folder, lock_within};
use crate::group_socket::GroupSocket;
use crate::net_link::{FromInstance, NetEnd, NetHandover, NetNotice, socket_in};
use crate::packets::e131::SacnSource;
use crate::rig::Receiver;
use crate::time::Mono;

/// Held while it runs, and never read.
const LOCK: &str = "net.lock";
/// The longest time without a turn, for the watchdog.
const TURN: Duration = Duration::from_millis(500);
/// An instance hands over at once; who does not is let go.
const GREETING: Duration = Duration::from_secs(2);
/// As many as a machine may ever run.
const MOST_LINKS: usize = 64;
/// Safe frames and the ends of streams take a fifth of a second.
const ENDING: Duration = Duration::from_secs(1);
/// Nobody is let in for so long after the system had no room for one more.
const ROOM_PAUSE: Duration = Duration::from_millis(100);
/// How often it is looked whether the socket is still there.
const LOOK: Duration = Duration::from_secs(1);

/// `starcourt net`, listening.
pub struct NetProcess {
    path: PathBuf,
    socket: GroupSocket,
    listener: OwnedFd,
    /// Held as long as it is open.
    _lock: fs::File,
    context: NetContext,
    /// Let in, and nothing handed over yet; since when.
    greeted: Vec<(NetEnd, Mono)>,
    links: Vec<Link>,
    /// Nobody is let in before.
    open_at: Mono,
    look_at: Mono,
}

/// Why it cannot listen.
#[derive(Debug, Error)]
pub enum OpenError {
    /// Another one does, for the same lock directory.
    #[error("another `starcourt net` runs here already")]
    Running,
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl NetProcess {
    /// Listens in `folder`, where the instances have their locks.
    ///
    /// # Errors
    /// Where another one does already, or this user may not.
    pub fn open(folder: &Path) -> Result<Self, OpenError> {
        let lock = Folder::open(folder)?.lock_file(LOCK)?;
        if !lock_within(&lock, Duration::ZERO, Duration::ZERO)? {
            return Err(OpenError::Running);
        }
        let path = socket_in(folder);
        let (socket, listener) = GroupSocket::bind(&path, SocketType::SEQPACKET)?;
        Ok(Self {
            path,
            socket,
            listener,
            _lock: lock,
            context: NetContext::new(source(), Resolver::new()?),
            greeted: Vec::new(),
            links: Vec::new(),
            open_at: Mono::from_nanos(0),
            look_at: Mono::from_nanos(0),
        })
    }

    /// Sends until `end` is readable; then makes everything safe, which takes a second at most. `each_turn` is called twice
    /// a second and more. Whether every receiver that was sent to at the end was surely sent its safe levels.
    ///
    /// # Errors
    /// When the system lets it wait for nothing any more.
    pub fn serve(&mut self, end: BorrowedFd<'_>, each_turn: &mut dyn FnMut()) -> io::Result<bool> {
        loop {
            each_turn();
            self.act(monotonic::now());
            if self.wait(end)? {
                return Ok(self.close());
            }
            self.take_in();
        }
    }

    fn close(&mut self) -> bool {
        let begun = monotonic::now();
        self.links.iter_mut().for_each(|link| link.close(begun));
        loop {
            let now = monotonic::now();
            // Those that are done stay, to tell how it went.
            self.links.iter_mut().for_each(|link| link.act(now, &mut self.context));
            if self.links.iter().all(Link::have_ended) || now.since(begun) > ENDING.as_nanos() as i64 {
                break;
            }
            // Nobody is listened to any more.
            thread::sleep(self.pause(now));
        }
        self.socket.remove();
        self.links.iter().all(|link| link.was_sure() && link.have_ended())
    }

    /// Until something is to be done.
    fn pause(&self, now: Mono) -> Duration {
        let due = self.links.iter().map(|link| link.due(now)).min();
        due.map_or(TURN, |due| Duration::from_nanos(due.since(now).max(0).unsigned_abs())).min(TURN)
    }

    /// Whether `end` is readable. Waits until something is to be done.
    fn wait(&self, end: BorrowedFd<'_>) -> io::Result<bool> {
        let now = monotonic::now();
        let listener = (now >= self.open_at).then(|| self.listener.as_fd());
        let ends = self.greeted.iter().map(|(end, _)| end).chain(self.links.iter().filter_map(Link::end));
        let all = [end, self.context.resolver.as_fd()].into_iter().chain(listener);
        let all = all.chain(ends.map(AsFd::as_fd)).chain(self.links.iter().filter_map(Link::wake));
        let mut watched: Vec<PollFd<'_>> =
            all.map(|one| PollFd::from_borrowed_fd(one, PollFlags::IN)).collect();
        let patience = Timespec::try_from(self.pause(now)).map_err(io::Error::other)?;
        match poll(&mut watched, Some(&patience)) {
            Ok(_) => Ok(!watched[0].revents().is_empty()),
            Err(Errno::INTR) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Whoever came, and whatever they say.
    fn take_in(&mut self) {
        let now = monotonic::now();
        for host in self.context.take_answers() {
            self.links.iter_mut().for_each(|link| link.resolved(now, host, &self.context));
        }
        // Who has ended first: the next may want its receivers.
        for link in &mut self.links {
            link.look_for_changes();
            // It hands over once.
            if link.end().is_some_and(|end| !matches!(end.receive(), FromInstance::Nothing)) {
                log::info!("PID {} has ended", link.instance.pid);
                link.instance_ended(now);
            }
        }
        self.let_in(now);
        for (end, since) in std::mem::take(&mut self.greeted) {
            match end.receive() {
                FromInstance::Nothing if now.since(since) < GREETING.as_nanos() as i64 => {
                    self.greeted.push((end, since));
                }
                // Who has gone away meanwhile wants nothing any more.
                FromInstance::NetHandover(handover) if matches!(end.receive(), FromInstance::Nothing) => {
                    self.link(end, *handover, now);
                }
                FromInstance::Unreadable(why) => {
                    log::warn!("what was handed over cannot be read: {why}");
                    end.tell(&NetNotice::Refused { why });
                }
                FromInstance::Nothing | FromInstance::NetHandover(_) | FromInstance::End => {}
            }
        }
        self.look_after_socket(now);
    }

    fn let_in(&mut self, now: Mono) {
        if now < self.open_at {
            return;
        }
        loop {
            match accept_with(&self.listener, SocketFlags::CLOEXEC | SocketFlags::NONBLOCK) {
                Ok(socket) if self.links.len() + self.greeted.len() < MOST_LINKS => {
                    self.greeted.push((NetEnd::new(socket), now));
                }
                Ok(_too_many) => {}
                Err(Errno::AGAIN) => return,
                Err(_) => {
                    self.open_at = now.offset(ROOM_PAUSE.as_nanos() as i64);
                    return;
                }
            }
        }
    }

    /// Makes the socket anew if somebody has deleted it.
    fn look_after_socket(&mut self, now: Mono) {
        if now < self.look_at {
            return;
        }
        self.look_at = now.offset(LOOK.as_nanos() as i64);
        // Without a folder there is nowhere to make it; it is tried again.
        if !self.socket.is_in_place()
            && let Ok((socket, listener)) = GroupSocket::bind(&self.path, SocketType::SEQPACKET)
        {
            (self.socket, self.listener) = (socket, listener);
        }
    }

    fn link(&mut self, end: NetEnd, handover: NetHandover, now: Mono) {
        let wanted: Vec<Receiver> = handover.plan.receivers.iter().map(|linked| linked.receiver).collect();
        let new = handover.plan.instance;
        let first = |link: &Link| link.receivers().find(|own| wanted.contains(own));
        let refusal = self.links.iter().find_map(|link| {
            // An earlier show of this instance calls late.
            let is_late = link.instance.is_same(new) && link.instance.show > new.show;
            let taken = if link.is_at_rest() && !is_late { None } else { first(link) };
            taken.map(|receiver| format!("{receiver} is sent to for PID {}", link.instance.pid))
        });
        if let Some(why) = refusal {
            log::warn!("PID {} is refused: {why}", new.pid);
            end.tell(&NetNotice::Refused { why });
            return;
        }
        // What ails its receivers an instance is told once, and not by each show anew.
        let mut known = KnownHealth::new();
        // The last show of this instance, or what is left of another: this one begins with what is safe, too.
        for link in self.links.iter_mut().filter(|link| link.is_at_rest()) {
            link.lend(&wanted);
            if link.instance.is_same(new) {
                known.extend(link.replaced(now));
            }
        }
        let count = wanted.len();
        log::info!("PID {} sends to {count} receiver{}", new.pid, if count == 1 { "" } else { "s" });
        self.links.push(Link::new(end, handover, &self.context, &known, now));
    }

    fn act(&mut self, now: Mono) {
        self.links.iter_mut().for_each(|link| link.act(now, &mut self.context));
        let free: Vec<Receiver> =
            self.links.iter().filter(|link| link.is_over()).flat_map(Link::receivers).collect();
        self.links.retain(|link| !link.is_over());
        if !free.is_empty() {
            self.links.iter_mut().for_each(|link| link.take_back(&free, &self.context, now));
        }
    }
}

/// This machine, in the packets that it sends.
fn source() -> SacnSource {
    let host = uname().nodename().to_string_lossy().into_owned();
    // Where it is missing, the name of the machine tells it from others.
    let machine = fs::read_to_string("/etc/machine-id").unwrap_or_else(|_| host.clone());
    SacnSource::new(machine.trim(), &format!("starcourt on {host}"))
}
