//! What gives outputs beyond the header: expanders and receivers. Knows no channel.

use std::time::Duration;

use super::Receiver;
use super::expander_keys::WiredExpander;
use super::network_keys::WiredReceiver;

/// What gives outputs beyond the header.
#[derive(Clone, Copy)]
pub(super) struct OutputGivers<'a> {
    pub(super) expanders: &'a [WiredExpander<'a>],
    pub(super) receivers: &'a [WiredReceiver<'a>],
}

impl OutputGivers<'_> {
    /// For how long levels are on their way to `receiver`.
    pub(super) fn delay_of(&self, receiver: Receiver) -> Duration {
        let is_its =
            |wired: &&WiredReceiver<'_>| wired.receiver.as_ref().is_some_and(|own| own.receiver == receiver);
        self.receivers.iter().find(is_its).map_or(Duration::ZERO, |wired| wired.delay)
    }

    /// The receiver that `text` means, up to its dot.
    pub(super) fn receiver_of(&self, text: &str) -> Option<&WiredReceiver<'_>> {
        let name = text.split_once('.').map_or(text, |(name, _)| name);
        self.receivers.iter().find(|receiver| receiver.name == name)
    }
}
