//! The show that plays, as the runner holds it: a player and its clock. Decides nothing.

use std::time::Duration;

use crate::clock::Leader;
use crate::engine::Scheduling;
use crate::level::Level;
use crate::player::{Phase, Player};
use crate::rig::{ChannelId, Line, Rig};
use crate::scene::{Lamp, Outlet, Scene, Standing, State};
use crate::time::ShowTime;

use super::super::state::StartOrder;
use super::show_clock::ShowClock;
use super::{LOOK, STANDING};

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
    pub(super) fn scene(&self, title: Option<String>, outlet: Outlet, lamps: Vec<Lamp>) -> Scene {
        let lights = self.player.lights();
        let StartOrder { stands, loaded, .. } = &self.order;
        let (show, is_look) = (&loaded.show, matches!(stands, Some(Standing::Look(_))));
        // A look has no time of its own.
        let time = if is_look { ShowTime::ZERO } else { self.player.show_time() };
        Scene {
            title: title.unwrap_or_else(|| show.title.clone()),
            show: show.name.clone(),
            time,
            length: (!is_look).then_some(loaded.length),
            bar_beat: show.bar_beat_at(time),
            leader: self.player.leader(),
            realtime: lights.scheduling() == Scheduling::Realtime,
            late: lights.late(),
            volume: self.clock.volume(),
            state: match self.player.phase() {
                Phase::Blackout => State::Blackout,
                _ if stands.is_some() => State::Idle,
                Phase::Waiting => State::Waiting,
                Phase::Playing => State::Playing,
                Phase::Paused => State::Paused,
                Phase::FadingOut => State::FadingOut,
            },
            stands: stands.clone(),
            outlet,
            lamps,
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

/// Those channels of `rig` whose lines are driven, each as it shines.
pub(super) fn lamps(rig: &Rig, lines: &[Line], level: impl Fn(ChannelId) -> Level) -> Vec<Lamp> {
    let channels = rig.channels.iter().zip(rig.channel_ids());
    let driven = channels.filter(|(channel, _)| lines.contains(&channel.line));
    let lamps = driven.map(|(channel, id)| Lamp {
        name: channel.name.clone(),
        kind: channel.kind,
        line: channel.line,
        level: level(id),
    });
    lamps.collect()
}
