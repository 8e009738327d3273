//! Which channels are to be looked at, so that a look costs as much as has changed, and not as much as the rig has
//! channels. Pure.

use crate::rig::ChannelId;

/// Channels that are to be looked at. Only [`PendingChannels::new`] allocates.
#[derive(Debug)]
pub(super) struct PendingChannels {
    /// Each once.
    list: Vec<ChannelId>,
    is_in: Vec<bool>,
}

impl PendingChannels {
    /// All of `channels`.
    pub(super) fn new(channels: usize) -> Self {
        Self { list: (0..channels).map(ChannelId::new).collect(), is_in: vec![true; channels] }
    }

    pub(super) fn add(&mut self, channel: ChannelId) {
        if !std::mem::replace(&mut self.is_in[channel.index()], true) {
            self.list.push(channel);
        }
    }

    pub(super) fn add_all(&mut self) {
        (0..self.is_in.len()).map(ChannelId::new).for_each(|channel| self.add(channel));
    }

    /// In the rig's order.
    pub(super) fn sorted(&mut self) -> &[ChannelId] {
        self.list.sort_unstable();
        &self.list
    }

    /// Drops those that need no other look.
    pub(super) fn retain(&mut self, needs_look: impl Fn(ChannelId) -> bool) {
        let is_in = &mut self.is_in;
        self.list.retain(|channel| {
            is_in[channel.index()] = needs_look(*channel);
            is_in[channel.index()]
        });
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_channel_is_in_once_and_in_the_rigs_order() {
        let indices = |pending: &mut PendingChannels| -> Vec<usize> {
            pending.sorted().iter().map(|channel| channel.index()).collect()
        };
        let mut pending = PendingChannels::new(4);
        assert_eq!(indices(&mut pending), [0, 1, 2, 3]);
        pending.retain(|channel| channel.index() == 2);
        [3, 0, 2, 3].into_iter().for_each(|index| pending.add(ChannelId::new(index)));
        assert_eq!(indices(&mut pending), [0, 2, 3]);
        pending.retain(|_| false);
        assert!(pending.is_empty());
        pending.add_all();
        assert_eq!(indices(&mut pending), [0, 1, 2, 3]);
    }
}
