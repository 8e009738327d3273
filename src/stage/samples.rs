//! A scene for tests to look at.

use crate::clock::Leader;
use crate::level::Level;
use crate::rig::{Kind, Line};
use crate::scene::{ChannelStatus, Outlet, PlayState, Scene};
use crate::time::ShowTime;

pub(super) fn scene() -> Scene {
    let lamp = |(name, kind, bcm, percent): (&str, Kind, u8, u16)| ChannelStatus {
        name: name.to_owned(),
        kind,
        address: format!("GPIO {bcm}"),
        line: Line::new(bcm),
        level: Level::from_percent(percent),
    };
    let lamps = [
        ("neon", Kind::Relay, 17, 100),
        ("sign", Kind::Relay, 27, 0),
        ("arcade", Kind::Relay, 22, 100),
        ("fountain", Kind::Ssr, 5, 0),
        ("cinema", Kind::Ssr, 6, 100),
        ("windows", Kind::Pwm, 18, 80),
        ("stars", Kind::Pwm, 12, 35),
        ("escalator", Kind::Pwm, 13, 0),
    ];
    Scene {
        title: "Starcourt".to_owned(),
        show: "starcourt".to_owned(),
        time: ShowTime::from_micros(72_000_000),
        length: Some(ShowTime::from_micros(180_000_000)),
        bar_beat: Some("17.3".to_owned()),
        leader: Leader::SoundCard,
        realtime: true,
        late: 0,
        volume: Some(80),
        state: PlayState::Playing,
        stands: None,
        outlet: Outlet::Simulated,
        channels: lamps.map(lamp).into(),
    }
}
