//! What is played to be measured: lights, and what they do. Pure, and the same at every run.

use std::time::Duration;

use crate::diagnosis::Source;
use crate::easing::Easing;
use crate::level::Level;
use crate::random::Random;
use crate::rig::{self, Channel, Line, Rig};
use crate::time::ShowTime;
use crate::timeline::{Ramp, Track};

use super::turns::TURN;

/// Half a period of a square wave.
const HALF_WAVE: Duration = Duration::from_millis(10);

/// So many channels of `kind`, from GPIO 4 on, free to switch as fast as they are told.
pub(super) fn rig(kind: &str, channels: usize) -> Rig {
    let rests = if kind == "relay" { ", min_on = \"0 ms\", min_off = \"0 ms\"" } else { "" };
    let mut text = "[channels]\n".to_owned();
    for line in 4..4 + channels {
        text += &format!("lamp{line} = {{ pin = {line}, kind = \"{kind}\"{rests} }}\n");
    }
    rig::read(&Source::new("rig.toml", text)).0.expect("a list of channels on lines of their own is a rig")
}

/// A channel on a line on which nothing hangs.
#[must_use]
pub fn free_channel(line: Line) -> Channel {
    let text = format!("[channels]\nprobe = {{ pin = {}, kind = \"ssr\" }}\n", line.bcm());
    let rig = rig::read(&Source::new("rig.toml", text)).0;
    rig.and_then(|rig| rig.channels.into_iter().next()).expect("one channel on a line of the header is a rig")
}

/// `rate` edges a second at random times on `channels` channels, in every second of `turns` turns.
pub(super) fn random_edges(channels: usize, rate: u32, turns: u32) -> Vec<Track> {
    let mut random = Random::new(&[b"edges"]);
    let turn = TURN.as_micros() as u64;
    let a_turn = u64::from(rate) * turn / 1_000_000;
    let mut times: Vec<u64> = (0..u64::from(turns).div_ceil(2))
        .flat_map(|pair| (0..a_turn).map(move |_| pair * 2 * turn))
        .map(|start| start + random.below(turn))
        .collect();
    times.sort_unstable();
    let mut tracks = vec![Track::default(); channels];
    let mut lit = vec![false; channels];
    for time in times {
        let channel = random.below(channels as u64) as usize;
        lit[channel] = !lit[channel];
        let level = if lit[channel] { Level::FULL } else { Level::OFF };
        tracks[channel].hold(ShowTime::from_micros(time), level);
    }
    tracks
}

/// All at different levels, none dark and none full.
#[must_use]
pub fn different_levels(channels: u16) -> Vec<Track> {
    let step = Level::FULL.hundredths() / (channels + 1);
    let track = |place| {
        let mut track = Track::default();
        track.hold(ShowTime::ZERO, Level::from_hundredths(place * step));
        track
    };
    (1..=channels).map(track).collect()
}

/// All fading up over `length`, a millisecond or so after one another.
pub(super) fn fades(channels: u64, length: Duration) -> Vec<Track> {
    let track = |place| {
        let start = ShowTime::from_micros(place * 1_234);
        let mut track = Track::default();
        let ramp = Ramp { start, over: length, from: Level::OFF, to: Level::FULL, easing: Easing::Linear };
        track.ramp(start, ramp);
        track
    };
    (0..channels).map(track).collect()
}

/// On and off at even distances.
pub(super) fn square(length: Duration) -> Track {
    let mut track = Track::default();
    let edges = (length.as_nanos() / HALF_WAVE.as_nanos()) as u32;
    for edge in 0..edges {
        let level = if edge % 2 == 0 { Level::FULL } else { Level::OFF };
        track.hold(ShowTime::ZERO + HALF_WAVE * edge, level);
    }
    track
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_edges_keep_to_every_second_turn() {
        let tracks = random_edges(8, 200, 6);
        let times: Vec<ShowTime> =
            tracks.iter().flat_map(|track| track.edges().map(|(time, _)| time)).collect();
        // Two edges of a relay that fall on the same microsecond leave nothing.
        assert!((290..=300).contains(&times.len()), "{}", times.len());
        assert!(times.iter().all(|time| (time.micros() / TURN.as_micros() as u64).is_multiple_of(2)));
    }

    #[test]
    fn no_two_of_different_levels_are_alike() {
        let tracks = different_levels(16);
        let mut levels: Vec<Level> = tracks.iter().map(|track| track.level_at(ShowTime::ZERO)).collect();
        levels.dedup();
        assert_eq!(levels.len(), 16);
        assert!(levels.iter().all(|level| level.is_lit() && *level < Level::FULL));
    }

    #[test]
    fn a_square_wave_changes_a_hundred_times_a_second() {
        assert_eq!(square(Duration::from_secs(2)).edges().count(), 200);
    }
}
