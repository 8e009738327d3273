//! The driver of channels on the network: leaves their levels in memory that `starcourt net` reads. Knows no sockets.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use anyhow::{Context, Result};

use super::call::{SafeNetwork, wake};
use super::link_thread::{LinkShare, LinkThread};
use crate::clock::monotonic;
use crate::level::Level;
use crate::net_link::{NetLevels, SIGN};
use crate::output::channel_places::ChannelPlaces;
use crate::output::dimmer::Dimmer;
use crate::output::driver::{Driver, DriverContext, LevelChange};
use crate::rig::{Channel, ChannelId};
use crate::time::Mono;

/// Drives channels on receivers.
pub(in crate::output) struct NetworkDriver {
    safe: SafeNetwork,
    channels: Vec<NetworkChannel>,
    /// Where each channel of the rig is in `channels`.
    places: ChannelPlaces,
    /// Once taken.
    taken: Option<(Arc<LinkShare>, LinkThread)>,
}

#[derive(Clone, Copy, Debug)]
struct NetworkChannel {
    id: ChannelId,
    /// Which of the shared levels is its.
    place: usize,
    /// `None` for what is only switched.
    dimmer: Option<Dimmer>,
    safe: Level,
}

impl NetworkChannel {
    fn share(&self, level: Level) -> u16 {
        match self.dimmer {
            Some(dimmer) => dimmer.on_time(level, NetLevels::FULL.into()) as u16,
            None if level.is_lit() => NetLevels::FULL,
            None => 0,
        }
    }
}

impl NetworkDriver {
    /// Drives `channels`, whose outputs `safe` has, and calls nobody yet.
    pub(in crate::output) fn new(safe: &SafeNetwork, channels: &[(ChannelId, Channel)]) -> Self {
        let linked: Vec<_> = safe.plan.outputs().collect();
        let on_network = |(id, channel): &(ChannelId, Channel)| {
            let output = channel.address.network_output()?;
            let place = linked.iter().position(|linked| linked.output == output)?;
            let dimmer = channel.kind.dims().then(|| Dimmer::of(channel));
            Some(NetworkChannel { id: *id, place, dimmer, safe: channel.safe })
        };
        let channels: Vec<NetworkChannel> = channels.iter().filter_map(on_network).collect();
        let places = ChannelPlaces::of(channels.iter().map(|channel| channel.id));
        Self { safe: safe.clone(), channels, places, taken: None }
    }

    fn want_safe(&self, share: &LinkShare) {
        share.levels.change(|set| {
            for channel in &self.channels {
                set(channel.place, channel.share(channel.safe));
            }
        });
    }

    /// Has safe levels sent for good, and waits for that a second at most. Whether they surely were.
    fn release(&mut self) -> bool {
        let Some((share, thread)) = self.taken.take() else { return true };
        self.want_safe(&share);
        // First: a connection that is lost now is told to who waits.
        share.is_closed.store(true, SeqCst);
        share.levels.close();
        share.wake.wake();
        thread.await_safe()
    }
}

impl Driver for NetworkDriver {
    fn channels(&self) -> Vec<ChannelId> {
        self.channels.iter().map(|channel| channel.id).collect()
    }

    /// Waits three seconds at most. The error is [`Unavailable`](crate::output::gpio::Unavailable), whose text names the
    /// mend.
    fn take(&mut self) -> Result<()> {
        let levels = NetLevels::new(self.safe.outputs()).context("sharing levels with starcourt net")?;
        let share = Arc::new(LinkShare {
            levels,
            wake: wake()?,
            is_connected: AtomicBool::new(false),
            lost: AtomicUsize::new(0),
            is_closed: AtomicBool::new(false),
        });
        share.levels.change(|set| {
            // Also those that another show drives, or none.
            for (place, linked) in self.safe.plan.outputs().enumerate() {
                set(place, if linked.is_safe_lit { NetLevels::FULL } else { 0 });
            }
        });
        let thread = LinkThread::start(&self.safe.for_next_show(), Arc::clone(&share))?;
        thread.await_first().inspect_err(|_| {
            // One that answers later finds nothing to light.
            share.levels.close();
            share.is_closed.store(true, SeqCst);
        })?;
        self.taken = Some((share, thread));
        Ok(())
    }

    fn set(&mut self, changes: &mut [LevelChange], context: &mut DriverContext<'_>) {
        let Some((share, _)) = &self.taken else { return };
        share.levels.sign(context.now);
        share.levels.change(|set| {
            for change in &*changes {
                let Some(place) = self.places.place(change.channel) else { continue };
                let channel = self.channels[place];
                set(channel.place, channel.share(change.level));
            }
        });
        share.wake.wake();
        let handed_over = context.clock();
        changes.iter_mut().for_each(|change| change.written = Some(handed_over));
    }

    fn tick(&mut self, context: &mut DriverContext<'_>) -> Option<Mono> {
        let (share, _) = self.taken.as_ref()?;
        share.levels.sign(context.now);
        Some(context.now.offset(SIGN.as_nanos() as i64))
    }

    fn make_safe(&mut self) -> bool {
        let Some((share, _)) = &self.taken else { return true };
        self.want_safe(share);
        share.levels.sign(monotonic::now());
        share.wake.wake();
        share.is_sent()
    }

    fn await_safe(&mut self, _is_sure: bool) -> bool {
        self.release()
    }

    fn is_settled(&self) -> bool {
        self.taken.as_ref().is_none_or(|(share, _)| share.is_sent())
    }

    fn exactness(&self) -> Duration {
        let slowest = self.safe.plan.receivers.iter().map(|linked| linked.rate).min();
        Duration::from_secs(1) / u32::from(slowest.unwrap_or(1).max(1))
    }
}

impl Drop for NetworkDriver {
    fn drop(&mut self) {
        let _is_safe = self.release();
    }
}
