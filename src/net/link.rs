//! One instance: its levels, its streams, and whether it lives. Knows no sockets but its own.

use std::collections::HashMap;
use std::os::fd::BorrowedFd;
use std::time::Duration;

use super::context::NetContext;
use super::frame::FrameLayout;
use super::health::{Health, HealthChange};
use super::route::{Route, Sent};
use super::stream::{FrameStream, StreamStep};
use crate::net_link::{InstanceId, NetEnd, NetHandover, NetLevels, NetNotice, PERMIT, WakeReader, Wishes};
use crate::rig::{NetworkHost, Receiver};
use crate::time::Mono;

/// What is told to an instance so often keeps it from taking this process for dead.
const ALIVE: Duration = Duration::from_secs(1);
/// A sign of life that does not come is noticed so soon.
const LOOK: Duration = Duration::from_millis(100);
/// A sign from later than this is none.
const EARLY: Duration = Duration::from_secs(1);

/// How receivers are.
pub(super) type KnownHealth = HashMap<Receiver, Health>;

/// An instance that has handed over what is to be sent.
pub(super) struct Link {
    pub(super) instance: InstanceId,
    /// `None` where the instance has ended.
    end: Option<NetEnd>,
    levels: NetLevels,
    wake: WakeReader,
    streams: Vec<LinkedStream>,
    /// The share of full light of each output, read anew for each frame.
    shares: Vec<u16>,
    /// Where they are read.
    unchecked: Vec<u16>,
    state: LinkState,
    /// When it is told next that this process lives.
    alive_at: Mono,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum LinkState {
    Live,
    /// The timing thread has not given a sign for too long: safe frames are sent, and the streams end.
    Still,
    /// The show has ended, and the instance lives: safe frames go on, because many receivers show lights of their own
    /// when nothing comes. `is_told` when it was said to the instance that they were sent.
    Resting {
        is_told: bool,
    },
    /// The instance has ended, or this process does: safe frames are sent, and the streams end.
    Closing,
}

struct LinkedStream {
    name: String,
    layout: FrameLayout,
    stream: FrameStream,
    route: Route,
    health: Health,
    /// Whether the last frame was sent for sure.
    is_sure: bool,
    /// Another instance sends to its receiver meanwhile.
    is_lent: bool,
}

impl Link {
    pub(super) fn new(
        end: NetEnd,
        handover: NetHandover,
        context: &NetContext,
        known: &KnownHealth,
        now: Mono,
    ) -> Self {
        let streams = handover.plan.receivers.iter().map(|planned| LinkedStream {
            name: planned.name.clone(),
            layout: FrameLayout::of(planned),
            stream: FrameStream::new(planned.rate),
            route: Route::new(planned, context, now),
            health: known.get(&planned.receiver).copied().unwrap_or_default(),
            is_sure: false,
            is_lent: false,
        });
        end.tell(&NetNotice::Ready);
        Self {
            instance: handover.plan.instance,
            end: Some(end),
            streams: streams.collect(),
            levels: handover.levels,
            wake: handover.wake,
            shares: Vec::new(),
            unchecked: Vec::new(),
            state: LinkState::Live,
            alive_at: now.offset(ALIVE.as_nanos() as i64),
        }
    }

    /// Those that it sends to.
    pub(super) fn receivers(&self) -> impl Iterator<Item = Receiver> {
        self.streams.iter().filter(|linked| !linked.is_lent).map(|linked| linked.route.receiver())
    }

    /// The end of the connection, while the instance lives.
    pub(super) fn end(&self) -> Option<&NetEnd> {
        self.end.as_ref()
    }

    /// Readable when levels have changed; `None` where they do not count any more.
    pub(super) fn wake(&self) -> Option<BorrowedFd<'_>> {
        if self.is_at_rest() { None } else { self.wake.readable() }
    }

    /// Looks whether levels have changed.
    pub(super) fn look_for_changes(&mut self) {
        if self.wake.take() {
            self.streams.iter_mut().for_each(|linked| linked.stream.wake());
        }
    }

    /// The instance has ended, however.
    pub(super) fn instance_ended(&mut self, now: Mono) {
        self.end = None;
        self.close(now);
    }

    /// Makes everything safe, and ends the streams.
    pub(super) fn close(&mut self, now: Mono) {
        self.state = LinkState::Closing;
        self.streams.retain(|linked| !linked.is_lent);
        self.streams.iter_mut().for_each(|linked| linked.stream.end(now));
    }

    /// Makes everything safe, and keeps it so.
    fn rest(&mut self, now: Mono) {
        self.state = LinkState::Resting { is_told: false };
        self.streams.iter_mut().for_each(|linked| linked.stream.insist(now));
    }

    /// Whether its receivers may be another's: it wants nothing any more but what is safe.
    pub(super) fn is_at_rest(&self) -> bool {
        self.levels.is_closed() || matches!(self.state, LinkState::Resting { .. } | LinkState::Closing)
    }

    /// Leaves these receivers to another instance, which goes on with their streams.
    pub(super) fn lend(&mut self, theirs: &[Receiver]) {
        for linked in &mut self.streams {
            linked.is_lent |= theirs.contains(&linked.route.receiver());
        }
        if self.state == LinkState::Closing {
            // Nobody is there to have them back.
            self.streams.retain(|linked| !linked.is_lent);
        }
    }

    /// Goes on with the streams of those receivers that it had lent.
    pub(super) fn take_back(&mut self, receivers: &[Receiver], context: &NetContext, now: Mono) {
        for linked in &mut self.streams {
            if linked.is_lent && receivers.contains(&linked.route.receiver()) {
                linked.is_lent = false;
                linked.route.go_on(context, now);
                linked.stream.insist(now);
            }
        }
    }

    /// The same instance has connected anew. Returns how the receivers are.
    pub(super) fn replaced(&mut self, now: Mono) -> KnownHealth {
        if let Some(end) = &self.end {
            end.tell(&NetNotice::Replaced);
        }
        let known = self.streams.iter().map(|linked| (linked.route.receiver(), linked.health)).collect();
        self.instance_ended(now);
        known
    }

    /// Whether all of it is done.
    pub(super) fn is_over(&self) -> bool {
        self.state == LinkState::Closing && self.have_ended()
    }

    /// Whether its last frames were surely sent.
    pub(super) fn was_sure(&self) -> bool {
        let mut own = self.streams.iter().filter(|linked| !linked.is_lent);
        own.all(|linked| linked.is_sure && linked.health.is_good())
    }

    /// Whether nothing is sent any more.
    pub(super) fn have_ended(&self) -> bool {
        self.streams.iter().all(|linked| linked.stream.has_ended())
    }

    /// What was found for a name.
    pub(super) fn resolved(&mut self, now: Mono, host: NetworkHost, context: &NetContext) {
        for linked in &mut self.streams {
            if linked.route.resolved(now, host, context) {
                linked.stream.retry(now);
            }
        }
    }

    /// When [`act`](Self::act) is to be called next at the latest.
    pub(super) fn due(&self, now: Mono) -> Mono {
        let own = self.streams.iter().filter(|linked| !linked.is_lent);
        let streams = own.filter_map(|linked| linked.stream.due());
        // A sign that is missing is noticed without one.
        let look = now.offset(LOOK.as_nanos() as i64);
        streams.chain([look]).chain(self.end.as_ref().map(|_| self.alive_at)).min().unwrap_or(look)
    }

    /// Sends what is due at `now`.
    pub(super) fn act(&mut self, now: Mono, context: &mut NetContext) {
        self.look_at_instance(now);
        let is_live = self.state == LinkState::Live;
        let mut first = 0;
        for linked in &mut self.streams {
            let own = first..first + linked.layout.outputs();
            first = own.end;
            if linked.is_lent || linked.stream.has_ended() {
                continue;
            }
            linked.route.look_up(now, context);
            let fill = |frame: &mut Vec<u8>| match self.shares.get(own).filter(|_| is_live) {
                Some(shares) => linked.layout.fill(shares, frame),
                None => linked.layout.fill_safe(frame),
            };
            let Some(step) = linked.stream.next(now, fill) else { continue };
            let sent = linked.route.send(linked.stream.frame(), linked.layout.pixels(), step, context);
            linked.stream.sent(now, !matches!(sent, Sent::No(_) | Sent::NotYet));
            if step == StreamStep::Frame {
                linked.is_sure = sent == Sent::Yes;
            }
            let (Some(change), Some(end)) = (linked.health.note(now, &sent), &self.end) else { continue };
            let receiver = linked.name.clone();
            end.tell(&match change {
                HealthChange::Lost(why) => NetNotice::Lost { receiver, why },
                HealthChange::Back => NetNotice::Back { receiver },
            });
        }
        self.tell(now);
    }

    /// Reads what is wanted, and looks whether the instance lives.
    fn look_at_instance(&mut self, now: Mono) {
        if matches!(self.state, LinkState::Resting { .. } | LinkState::Closing) {
            return;
        }
        if self.levels.is_closed() {
            return self.rest(now);
        }
        let has_signed = self.levels.signed().is_none_or(|signed| {
            // Before its first sign the show has not begun, and wants what is safe.
            let since = now.since(signed);
            since < PERMIT.as_nanos() as i64 && since > -(EARLY.as_nanos() as i64)
        });
        let is_due = self.streams.iter().any(|linked| linked.stream.due().is_some_and(|due| due <= now));
        match (self.state, has_signed) {
            (LinkState::Live, false) => {
                self.state = LinkState::Still;
                self.streams.iter_mut().for_each(|linked| linked.stream.end(now));
            }
            (LinkState::Still, true) => {
                self.state = LinkState::Live;
                self.streams.iter_mut().for_each(|linked| linked.stream.resume());
            }
            (_, true) if !is_due => return,
            _ => {}
        }
        match self.levels.read(&mut self.unchecked) {
            Wishes::Levels(_) => std::mem::swap(&mut self.shares, &mut self.unchecked),
            // It was interrupted in the middle: what it wanted before holds until it goes on.
            Wishes::Unreadable => self.streams.iter_mut().for_each(|linked| linked.stream.wake()),
        }
    }

    fn tell(&mut self, now: Mono) {
        let is_sure = self.was_sure();
        let Some(end) = &self.end else { return };
        if now >= self.alive_at {
            self.alive_at = now.offset(ALIVE.as_nanos() as i64);
            end.tell(&NetNotice::Alive);
        }
        if let LinkState::Resting { is_told } = &mut self.state
            && self.streams.iter().all(|linked| linked.is_lent || linked.stream.is_quiet())
            && !std::mem::replace(is_told, true)
        {
            end.tell(&NetNotice::Safe { is_sure });
        }
    }
}
