//! One turn on the stage, from the first line taken to the last line safe: a player, its sound, and what
//! is told of them. Knows no other turn.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::clock::Leader;
use crate::engine::{Extent, Passes, Scheduling, Setup};
use crate::ipc::{ChannelStatus, PlayState, Responder, ShowStatus, Standing, Status};
use crate::level::Level;
use crate::player::{Phase, Player};
use crate::rig::{ChannelId, Line};
use crate::time::ShowTime;
use crate::timeline::compile;

use super::super::outcome::{Failure, Outcome};
use super::play_request::Turn;
use super::sound::Sound;
use super::{House, LOOK, STANDING};

/// What stands between shows makes room within a moment.
const LEAVING: Duration = Duration::from_millis(5);
/// What comes closer together is one press: a key that repeats, a client that says again what it got no answer to.
const ONE_PRESS: Duration = Duration::from_millis(100);
/// By then a look's relays have rested and gone on.
const SETTLED: ShowTime = ShowTime::from_micros(5_000_000);

/// A show that plays. Its fields are dropped in this order: lines first.
pub(super) struct RunningShow {
    pub(super) player: Player,
    pub(super) sound: Sound,
    pub(super) turn: Turn,
    /// What comes of it, as far as is known.
    pub(super) outcome: Outcome,
    /// It leaves for somebody who interrupts it, and comes back.
    pub(super) gives_way: bool,
    /// When a person last asked for its end.
    pressed: Option<Instant>,
}

impl RunningShow {
    /// Takes the lines and the sound device, and begins. A turn that cannot begin is told so, and given back.
    pub(super) fn begin(turn: Turn, instance: &House) -> Result<Self, (Box<Turn>, Failure)> {
        match both_ends(&turn, instance) {
            Ok((player, sound)) => {
                Ok(Self { player, sound, turn, outcome: Outcome::Done, gives_way: false, pressed: None })
            }
            Err(failure) => {
                turn.tell_end(&failure.words(), failure.outcome.code());
                Err((Box::new(turn), failure))
            }
        }
    }

    /// Holds it, or lets it go on, for whoever it belongs to.
    pub(super) fn hold(&mut self, on: bool) {
        self.turn.is_held = on;
        match on {
            true => _ = self.player.hold(),
            false => self.player.end_hold(),
        }
    }

    /// What a person sees of it.
    pub(super) fn status(&self, instance: &House) -> Status {
        let lights = self.player.lights();
        let Turn { stands, loaded, .. } = &self.turn;
        let (show, is_look) = (&loaded.show, matches!(stands, Some(Standing::Look(_))));
        // A look has no time of its own.
        let time = if is_look { ShowTime::ZERO } else { self.player.show_time() };
        let title = self.turn.companion.as_ref().and_then(|companion| companion.title());
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
                volume: self.sound.volume(),
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
            channels: channels(instance, |id| lights.level(id)),
            ..Status::idle(instance.outlet)
        }
    }

    /// It ends for good, over `fade`; also where it was about to come back. A machine may say so as often as it
    /// likes: it shortens no fade that is as short.
    pub(super) fn end(&mut self, fade: Duration) {
        self.gives_way = false;
        self.player.stop(fade);
    }

    /// A person wants it to end: the first time over `fade`, the second time at once.
    pub(super) fn ask_to_end(&mut self, fade: Duration) {
        let now = Instant::now();
        let last = self.pressed.replace(now);
        let is_again = last.is_some_and(|last| now.duration_since(last) >= ONE_PRESS);
        self.end(if is_again { Duration::ZERO } else { fade });
    }

    /// Leaves for somebody else: at once, since it is dark for as long as they take to begin, whatever the
    /// fade. One that is ending already does not come back.
    pub(super) fn give_way(&mut self) {
        self.gives_way |= !self.is_ending();
        self.player.stop(Duration::ZERO);
    }

    /// How long nobody need look at it, as long as nobody orders anything.
    pub(super) fn patience(&self) -> Duration {
        let is_look = matches!(self.turn.stands, Some(Standing::Look(_)));
        match self.is_ending() {
            // Somebody waits for the stage.
            true if self.turn.stands.is_some() => LEAVING,
            false if is_look && self.player.show_time() >= SETTLED => STANDING,
            _ => LOOK,
        }
    }

    pub(super) fn is_ending(&self) -> bool {
        self.player.phase() == Phase::FadingOut
    }

    /// `demo at 0:12`, or what stands between shows: `look dusk`.
    pub(super) fn place(&self) -> String {
        if let Some(stands) = &self.turn.stands {
            return stands.to_string();
        }
        format!("{} at {}", self.turn.name(), self.player.show_time().to_minutes())
    }
}

/// The lights and the sound, both started.
fn both_ends(turn: &Turn, instance: &House) -> Result<(Player, Sound), Failure> {
    let (show, length) = (&turn.loaded.show, turn.loaded.length);
    let timeline = Arc::new(compile(show, &instance.rig).timeline);
    let drivers = instance.patch.open()?;
    // What is held begins paused and dark; then a hold takes the place of both.
    let is_to_end = || instance.inbox.asks_to_end(turn.caller.as_ref().map(Responder::id));
    let is_paused = turn.is_paused || turn.is_held;
    let volume = turn.volume.unwrap_or(instance.volume);
    let sound = Sound::start(is_paused, turn, &instance.rig, volume, &is_to_end)?;
    // The music's length is known to the frame, and where the music is cut short the lights play on.
    let passes = if turn.looped { Passes::Loop(length) } else { Passes::Once(length) };
    let mut player = Player::start(Setup {
        timeline,
        rig: Arc::clone(&instance.rig),
        clock: sound.clock(),
        drivers,
        heartbeat: instance.guardian.heartbeat(),
        recorder: instance.trace.as_ref().map(|trace| trace.recorder()),
        extent: Extent { from: turn.from, passes },
        relay_moves: instance.relay_moves.clone(),
        is_dark: instance.is_dark || turn.is_held,
    })?;
    if turn.is_held {
        let _is_safe = player.hold();
        player.blackout(instance.is_dark);
        if !turn.is_paused {
            player.resume();
        }
    }
    Ok((player, sound))
}

/// The channels of `instance` that are driven, each as it shines.
pub(super) fn channels(instance: &House, level: impl Fn(ChannelId) -> Level) -> Vec<ChannelStatus> {
    let channels = instance.rig.channels.iter().zip(instance.rig.channel_ids());
    let driven = channels.filter(|(channel, _)| instance.outputs.contains(&channel.address));
    let channels = driven.map(|(channel, id)| ChannelStatus {
        name: channel.name.clone(),
        kind: channel.kind,
        address: channel.address.to_string(),
        gpio: channel.address.line().map(Line::bcm),
        level: level(id),
    });
    channels.collect()
}
