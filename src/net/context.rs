//! What all links of the process share: who sends, how packets are counted, and which names are known. Knows no streams.

use std::collections::HashMap;
use std::net::SocketAddr;

use super::packet_count::PacketCount;
use super::resolver::{HostAnswer, Resolver};
use crate::packets::e131::SacnSource;
use crate::rig::{NetworkHost, Receiver};

/// More receivers than a process ever has at once.
const MOST_COUNTS: usize = 1_024;

#[derive(Debug)]
pub(super) struct NetContext {
    pub(super) source: SacnSource,
    pub(super) resolver: Resolver,
    /// Who is sent to again goes on from there: receivers drop packets with older numbers.
    counts: HashMap<Receiver, PacketCount>,
    /// The last answer for each name: one that was good stays so until there is another.
    hosts: HashMap<NetworkHost, HostAnswer>,
}

impl NetContext {
    pub(super) fn new(source: SacnSource, resolver: Resolver) -> Self {
        Self { source, resolver, counts: HashMap::new(), hosts: HashMap::new() }
    }

    pub(super) fn count(&self, receiver: Receiver) -> Option<PacketCount> {
        self.counts.get(&receiver).copied()
    }

    pub(super) fn set_count(&mut self, receiver: Receiver, count: PacketCount) {
        if self.counts.len() >= MOST_COUNTS && !self.counts.contains_key(&receiver) {
            // All others begin anew where they are sent to again.
            self.counts.clear();
        }
        self.counts.insert(receiver, count);
    }

    /// The address of `host` at `port`, or why there is none; `None` until there is an answer.
    pub(super) fn address(&self, host: NetworkHost, port: u16) -> Option<Result<SocketAddr, String>> {
        let answer = self.hosts.get(&host)?.clone();
        Some(answer.map(|address| SocketAddr::new(address, port)))
    }

    /// Takes in what has been found. Returns the names.
    pub(super) fn take_answers(&mut self) -> Vec<NetworkHost> {
        let answers = self.resolver.answers();
        for (host, answer) in &answers {
            let is_better = answer.is_ok() || !matches!(self.hosts.get(host), Some(Ok(_)));
            if is_better {
                if self.hosts.len() >= MOST_COUNTS {
                    self.hosts.clear();
                }
                self.hosts.insert(*host, answer.clone());
            }
        }
        answers.into_iter().map(|(host, _)| host).collect()
    }
}
