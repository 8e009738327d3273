//! A show that exists nowhere else: what each light does is a little formula of the time.

use starcourt::ipc::{ChannelStatus, OutputKind, PlayState, ShowStatus, Status};
use starcourt::level::Level;
use starcourt::rig::Kind;
use starcourt::speed::Speed;
use starcourt::time::ShowTime;

pub(crate) const LENGTH: ShowTime = ShowTime::from_micros(180_000_000);
/// 112 beats a minute.
const BEAT: f64 = 60.0 / 112.0;

/// Level from 0 to 1 by beats since the start.
type Play = fn(f64) -> f64;

const CHANNELS: [(&str, Kind, u8, Play); 12] = [
    ("sign", Kind::Relay, 17, |beat| on(beat % 16.0 < 14.0)),
    ("neon", Kind::Relay, 27, |beat| on(beat % 2.0 < 1.0)),
    ("arcade", Kind::Relay, 22, |beat| on(beat % 4.0 < 3.0)),
    ("cinema", Kind::Relay, 23, |beat| on(beat % 8.0 >= 4.0)),
    ("fountain", Kind::Ssr, 5, |beat| on(beat % 1.0 < 0.5)),
    ("palms", Kind::Ssr, 6, |beat| on(beat % 4.0 >= 2.0)),
    ("entrance", Kind::Pwm, 18, |_| 1.0),
    ("windows-1", Kind::Pwm, 12, |beat| chase(beat, 0.0)),
    ("windows-2", Kind::Pwm, 13, |beat| chase(beat, 1.0)),
    ("windows-3", Kind::Pwm, 19, |beat| chase(beat, 2.0)),
    ("windows-4", Kind::Pwm, 16, |beat| chase(beat, 3.0)),
    ("stars", Kind::Pwm, 26, |beat| 0.4 + 0.2 * (beat * 2.7).sin() * (beat * 4.1).cos()),
];

fn on(lit: bool) -> f64 {
    f64::from(u8::from(lit))
}

/// A light that runs along the windows, one a beat, with an afterglow.
fn chase(beat: f64, place: f64) -> f64 {
    let since = (beat - place).rem_euclid(4.0);
    (1.0 - since / 3.2).max(0.06)
}

/// How it plays.
#[derive(Clone, Copy)]
pub(crate) struct Playing {
    pub(crate) is_paused: bool,
    pub(crate) is_dark: bool,
    pub(crate) volume: u8,
}

impl Default for Playing {
    fn default() -> Self {
        Self { is_paused: false, is_dark: false, volume: 80 }
    }
}

pub(crate) fn status(time: ShowTime, playing: Playing) -> Status {
    let beats = time.as_duration().as_secs_f64() / BEAT;
    let channel = |(name, kind, bcm, play): (&str, Kind, u8, Play)| {
        let part = if playing.is_dark { 0.0 } else { play(beats) };
        ChannelStatus {
            name: name.to_owned(),
            kind,
            address: format!("GPIO {bcm}"),
            gpio: Some(bcm),
            level: Level::from_hundredths((part * 10_000.0) as u16),
        }
    };
    let show = ShowStatus {
        name: "starcourt".to_owned(),
        title: "Starcourt".to_owned(),
        position: time,
        length: Some(LENGTH),
        repeats: None,
        speed: Speed::Normal,
        bar_beat: Some(format!("{}.{}", (beats / 4.0) as u32 + 1, (beats % 4.0) as u32 + 1)),
        beat_permille: Some((beats % 1.0 * 1_000.0) as u16),
        part: Some("chorus".to_owned()),
        line: Some(63),
        cue: Some("33.1 to 41.1 windows chase every 1 beat".to_owned()),
        sound_leads: true,
        realtime: true,
        late: 0,
        noticeably_late: 0,
        volume: Some(playing.volume),
    };
    let state = match playing {
        Playing { is_dark: true, .. } => PlayState::Blackout,
        Playing { is_paused: true, .. } => PlayState::Paused,
        Playing { .. } => PlayState::Playing,
    };
    Status {
        state,
        paused: playing.is_paused,
        show: Some(show),
        channels: CHANNELS.map(channel).into(),
        ..Status::idle(OutputKind::Gpio)
    }
}
