//! The show that plays, as the runner holds it: a player and its clock. Decides nothing.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::Leader;
use crate::engine::{Passes, Scheduling};
use crate::ipc::{ChannelStatus, OutputKind, PlayState, ShowStatus, Standing, Status};
use crate::level::Level;
use crate::player::{Phase, Player};
use crate::rig::{Address, ChannelId, Line, Rig};
use crate::show::PlayingLines;
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
    pub(super) lines: PlayingLines,
    /// It is about to begin anew.
    pub(super) is_leaving: bool,
    /// And its sound outlasts its lights.
    pub(super) keeps_sound: bool,
}

impl RunningShow {
    /// What a person sees of it; `title` where its own shall not do.
    pub(super) fn status(
        &mut self,
        title: Option<String>,
        output: OutputKind,
        channels: Arc<[ChannelStatus]>,
    ) -> Status {
        let lights = self.player.lights();
        let StartOrder { stands, loaded, extent, .. } = &self.order;
        let (show, is_look) = (&loaded.show, matches!(stands, Some(Standing::Look(_))));
        // A look has no time of its own.
        let time = if is_look { ShowTime::ZERO } else { self.player.show_time() };
        let speed = self.player.speed();
        let line = self.lines.at(show, time).cloned();
        let (line, cue, part) =
            line.map_or((None, None, None), |line| (Some(line.number), Some(line.text), line.part));
        Status {
            paused: self.player.is_time_still(),
            show: Some(ShowStatus {
                name: show.name.clone(),
                title: title.unwrap_or_else(|| show.title.clone()),
                position: time,
                length: (!is_look).then_some(loaded.length),
                repeats: match extent.passes {
                    Passes::Loop(range) if stands.is_none() => Some(range),
                    _ => None,
                },
                speed,
                bar_beat: show.bar_beat_at(time),
                beat_permille: show.beat_permille_at(time),
                part,
                line,
                cue,
                sound_leads: self.player.leader() == Leader::SoundCard,
                realtime: lights.scheduling() == Scheduling::Realtime,
                late: lights.late(),
                noticeably_late: lights.noticeably_late(),
                volume: self.clock.volume().filter(|_| speed.is_normal()),
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
            true if self.order.stands.is_some() || self.is_leaving => LEAVING,
            false if is_look && self.player.show_time() >= SETTLED => STANDING,
            _ => LOOK,
        }
    }

    /// How often the sound card has asked for sound, where it leads.
    pub(super) fn callbacks(&self) -> Option<u64> {
        (self.player.leader() == Leader::SoundCard).then(|| self.clock.callbacks()).flatten()
    }
}

/// The channels of a rig that are driven, as a status tells them.
pub(super) struct ShownChannels {
    driven: Vec<ChannelId>,
    /// As they shone when they were asked for last.
    shown: Arc<[ChannelStatus]>,
}

impl ShownChannels {
    /// Those of `rig` that are at `outputs`.
    pub(super) fn of(rig: &Rig, outputs: &[Address]) -> Self {
        let outputs: HashSet<&Address> = outputs.iter().collect();
        let channels = rig.channel_ids().zip(&rig.channels);
        let driven = channels.filter(|(_, channel)| outputs.contains(&channel.address));
        let (driven, shown): (_, Vec<_>) = driven
            .map(|(id, channel)| {
                let status = ChannelStatus {
                    name: channel.name.clone(),
                    kind: channel.kind,
                    address: rig.place(channel.address),
                    gpio: channel.address.line().map(Line::bcm),
                    level: channel.safe,
                };
                (id, status)
            })
            .unzip();
        Self { driven, shown: shown.into() }
    }

    /// Each at its `level`. They are copied only if a level has changed since they were asked for last.
    pub(super) fn at(&mut self, level: impl Fn(ChannelId) -> Level) -> Arc<[ChannelStatus]> {
        for (index, id) in self.driven.iter().enumerate() {
            let level = level(*id);
            if self.shown[index].level != level {
                Arc::make_mut(&mut self.shown)[index].level = level;
            }
        }
        Arc::clone(&self.shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::testing;

    #[test]
    fn a_status_has_the_channels_that_are_driven_and_copies_them_only_if_one_has_changed() {
        let rig = testing::rig();
        let [neon, windows] = [0, 1].map(ChannelId::new);
        let mut channels = ShownChannels::of(&rig, &[rig.channel(windows).address]);
        let dark = channels.at(|_| Level::OFF);
        assert_eq!((dark.len(), dark[0].name.as_str(), dark[0].level), (1, "windows", Level::OFF));
        assert!(Arc::ptr_eq(&dark, &channels.at(|id| if id == neon { Level::FULL } else { Level::OFF })));
        let lit = channels.at(|_| Level::HALF);
        assert_eq!((lit[0].level, dark[0].level), (Level::HALF, Level::OFF));
    }
}
