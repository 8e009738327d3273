//! Names of computers become addresses, each in a thread of its own: a question may take half a minute. Knows no receivers.

use std::collections::BTreeSet;
use std::io;
use std::net::{IpAddr, ToSocketAddrs};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use rustix::event::{EventfdFlags, eventfd};

use crate::rig::NetworkHost;

/// An address, or why there is none.
pub(super) type HostAnswer = Result<IpAddr, String>;

/// So many questions are asked at once.
const MOST_QUESTIONS: usize = 16;

/// Asks for names, and collects the answers.
#[derive(Debug)]
pub(super) struct Resolver {
    answers: Receiver<(NetworkHost, HostAnswer)>,
    answer: Sender<(NetworkHost, HostAnswer)>,
    /// What is asked for now.
    asked: BTreeSet<NetworkHost>,
    /// Readable when there is an answer.
    wake: Arc<OwnedFd>,
}

impl Resolver {
    pub(super) fn new() -> io::Result<Self> {
        let (answer, answers) = channel();
        let wake = Arc::new(eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?);
        Ok(Self { answers, answer, asked: BTreeSet::new(), wake })
    }

    /// Asks for `host`, unless too much is asked already. Does not wait.
    pub(super) fn ask(&mut self, host: NetworkHost) {
        if self.asked.len() >= MOST_QUESTIONS || !self.asked.insert(host) {
            return;
        }
        let (answer, wake) = (self.answer.clone(), Arc::clone(&self.wake));
        let ask = move || {
            let found = (host.as_str(), 0).to_socket_addrs();
            let found = match found.map(|mut found| found.next()) {
                Ok(Some(address)) => Ok(address.ip()),
                Ok(None) => Err(format!("the name {host} has no address")),
                Err(_) => Err(format!(
                    "the name {host} is not known here: is the controller switched on, and is the name right? Its \
                     address works too"
                )),
            };
            if answer.send((host, found)).is_ok() {
                // It counts up, and is never full.
                let _read_later = rustix::io::write(&*wake, &1_u64.to_ne_bytes());
            }
        };
        if let Err(error) = thread::Builder::new().name("resolve".into()).spawn(ask) {
            let _no_answer = self.answer.send((host, Err(format!("asking for the name {host}: {error}"))));
        }
    }

    /// What has come in by now.
    pub(super) fn answers(&mut self) -> Vec<(NetworkHost, HostAnswer)> {
        // Our own, so that reading it never blocks.
        let _none_may_have_come = rustix::io::read(&*self.wake, &mut [0; 8]);
        let answers: Vec<_> = self.answers.try_iter().collect();
        answers.iter().for_each(|(host, _)| _ = self.asked.remove(host));
        answers
    }
}

impl AsFd for Resolver {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.wake.as_fd()
    }
}
