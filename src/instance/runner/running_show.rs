//! The show that plays, as the runner holds it: a player and its clock. Decides nothing.

use std::time::Duration;

use crate::clock::Leader;
use crate::engine::Scheduling;
use crate::ipc::{ChannelStatus, OutputKind, PlayState, ShowStatus, Standing, Status};
use crate::level::Level;
use crate::player::{Phase, Player};
use crate::rig::{Address, ChannelId, Line, Rig};
use crate::time::ShowTime;

use super::super::state::StartOrder;
use super::show_clock::ShowClock;

/// As often as the stage draws.
pub(super) const LOOK: Duration = Duration::from_millis(50);
/// Nothing plays and no show waits for the lights: an order wakes at once.
pub(super) const STANDING: Duration = Duration::from_millis(500);
/// What stands between shows makes room within a moment.
const LEAVING: Duration = Duration::from_millis(5);
/// By then a look's relays have rested and gone on.
const SETTLED: ShowTime = ShowTime::from_micros(5_000_000);

/// A show that plays. Its fields are dropped in this order: lines first.
pub(super) struct RunningShow {
    pub(super) player: Player,
    pub(super) clock: ShowClock,
    pub(super) order: StartOrder,
}

impl RunningShow {
    /// What a person sees of it; `title` where its own shall not do.
    pub(super) fn status(
        &self,
        title: Option<String>,
        output: OutputKind,
        channels: Vec<ChannelStatus>,
    ) -> Status {
        let lights = self.player.lights();
        let StartOrder { stands, loaded, .. } = &self.order;
        let (show, is_look) = (&loaded.show, matches!(stands, Some(Standing::Look(_))));
        // A look has no time of its own.
        let time = if is_look { ShowTime::ZERO } else { self.player.show_time() };
        Status {
            show: Some(ShowStatus {
                name: show.name.clone(),
                title: title.unwrap_or_else(|| show.title.clone()),
                position: time,
                length: (!is_look).then_some(loaded.length),
                bar_beat: show.bar_beat_at(time),
                sound_leads: self.player.leader() == Leader::SoundCard,
                realtime: lights.scheduling() == Scheduling::Realtime,
                late: lights.late(),
                volume: self.clock.volume(),
            }),
            state: match self.player.phase() {
                Phase::Blackout => PlayState::Blackout,
                _ if stands.is_some() => PlayState::Idle,
                Phase::Waiting => PlayState::Waiting,
                Phase::Playing => PlayState::Playing,
                Phase::Paused => PlayState::Paused,
                Phase::FadingOut => PlayState::FadingOut,
            },
            stands: stands.clone(),
            channels,
            ..Status::idle(output)
        }
    }

    /// How long nobody need look at it, as long as nobody orders anything.
    pub(super) fn patience(&self, is_ending: bool) -> Duration {
        let is_look = matches!(self.order.stands, Some(Standing::Look(_)));
        match is_ending {
            // A show waits for the lights.
            true if self.order.stands.is_some() => LEAVING,
            false if is_look && self.player.show_time() >= SETTLED => STANDING,
            _ => LOOK,
        }
    }

    /// How often the sound card has asked for sound, where it leads.
    pub(super) fn callbacks(&self) -> Option<u64> {
        (self.player.leader() == Leader::SoundCard).then(|| self.clock.callbacks()).flatten()
    }
}

/// Those channels of `rig` that are driven, at `outputs`, each as it shines.
pub(super) fn channels(
    rig: &Rig,
    outputs: &[Address],
    level: impl Fn(ChannelId) -> Level,
) -> Vec<ChannelStatus> {
    let channels = rig.channels.iter().zip(rig.channel_ids());
    let driven = channels.filter(|(channel, _)| outputs.contains(&channel.address));
    let channels = driven.map(|(channel, id)| ChannelStatus {
        name: channel.name.clone(),
        kind: channel.kind,
        address: channel.address.to_string(),
        gpio: channel.address.line().map(Line::bcm),
        level: level(id),
    });
    channels.collect()
}
