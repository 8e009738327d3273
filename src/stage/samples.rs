//! A status for tests to look at.

use crate::ipc::{ChannelStatus, OutputKind, PlayState, ShowStatus, Status};
use crate::level::Level;
use crate::rig::Kind;
use crate::speed::Speed;
use crate::time::ShowTime;

pub(super) fn status() -> Status {
    let channel = |(name, kind, bcm, percent): (&str, Kind, u8, u16)| ChannelStatus {
        name: name.to_owned(),
        kind,
        address: format!("GPIO {bcm}"),
        gpio: Some(bcm),
        level: Level::from_percent(percent),
    };
    let channels = [
        ("neon", Kind::Relay, 17, 100),
        ("sign", Kind::Relay, 27, 0),
        ("arcade", Kind::Relay, 22, 100),
        ("fountain", Kind::Ssr, 5, 0),
        ("cinema", Kind::Ssr, 6, 100),
        ("windows", Kind::Pwm, 18, 80),
        ("stars", Kind::Pwm, 12, 35),
        ("escalator", Kind::Pwm, 13, 0),
    ];
    Status {
        state: PlayState::Playing,
        show: Some(show()),
        channels: channels.map(channel).into(),
        ..Status::idle(OutputKind::Sim)
    }
}

pub(super) fn show() -> ShowStatus {
    ShowStatus {
        name: "starcourt".to_owned(),
        title: "Starcourt".to_owned(),
        position: ShowTime::from_micros(72_000_000),
        length: Some(ShowTime::from_micros(180_000_000)),
        repeats: None,
        speed: Speed::Normal,
        bar_beat: Some("17.3".to_owned()),
        beat_permille: Some(100),
        part: Some("chorus".to_owned()),
        line: Some(63),
        cue: Some("17.1 to 25.1 signs chase every 1 bar 2 wide".to_owned()),
        sound_leads: true,
        realtime: true,
        late: 0,
        noticeably_late: 0,
        volume: Some(80),
    }
}
