//! Where a driver has each channel of the rig among its own. Knows no driver.

use crate::rig::ChannelId;

/// Made once; asked without a search.
pub(super) struct ChannelPlaces(Vec<Option<usize>>);

impl ChannelPlaces {
    /// Of a driver that has `channels`, in this order.
    pub(super) fn of(channels: impl Iterator<Item = ChannelId>) -> Self {
        let mut places = Vec::new();
        for (place, channel) in channels.enumerate() {
            places.resize(places.len().max(channel.index() + 1), None);
            places[channel.index()] = Some(place);
        }
        Self(places)
    }

    /// `None` for a channel that it does not have.
    pub(super) fn place(&self, channel: ChannelId) -> Option<usize> {
        self.0.get(channel.index()).copied().flatten()
    }
}
