//! What a show asks of eyes and contacts: flashes and wear. Pure; it judges, and changes nothing.

use std::collections::VecDeque;
use std::time::Duration;

use crate::level::Level;
use crate::rig::{ChannelId, Kind, Rig};
use crate::time::ShowTime;

use super::{Timeline, Track};

/// Changes smaller than a tenth of full are no flash (WCAG 2.2, "general flash": 10 % of the maximum
/// relative luminance).
const FLASH_DEPTH: u16 = Level::FULL.hundredths() / 10;
/// Mechanical relays of the usual kind live 100 000 switchings at 30 a minute under load.
const KINDEST_PACE: Duration = Duration::from_secs(2);
/// Fewer switchings than this a show wear nothing, however short it is.
const FEW_SWITCHINGS: usize = 10;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Strain {
    pub channel: ChannelId,
    /// Where it begins.
    pub time: ShowTime,
    pub what: Strained,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Strained {
    /// So many flashes within a second, where photosensitive people bear no more than the limit.
    Eyes { flashes: usize },
    /// A relay switches so often in the whole show, more than once in two seconds on average.
    Contacts { switchings: usize },
}

/// What of `timeline`, up to `length`, strains eyes or contacts: at most one of each a channel.
#[must_use]
pub fn strain(timeline: &Timeline, rig: &Rig, length: ShowTime) -> Vec<Strain> {
    let mut strains = Vec::new();
    for ((track, channel), rigged) in timeline.tracks().iter().zip(rig.channel_ids()).zip(&rig.channels) {
        if let Some(limit) = rig.limits.flash
            && let Some((time, flashes)) = flashes(track, length, limit as usize)
        {
            strains.push(Strain { channel, time, what: Strained::Eyes { flashes } });
        }
        if rigged.kind == Kind::Relay {
            let mut edges = track.edges().take_while(|(time, _)| *time < length).map(|(time, _)| time);
            let first = edges.next();
            let switchings = first.iter().count() + edges.count();
            let kind = (length.as_duration().as_micros() / KINDEST_PACE.as_micros()) as usize;
            if let Some(time) = first.filter(|_| switchings > kind.max(FEW_SWITCHINGS)) {
                strains.push(Strain { channel, time, what: Strained::Contacts { switchings } });
            }
        }
    }
    strains
}

/// The first second with more than `limit` flashes: where it begins, and the most flashes in any.
fn flashes(track: &Track, length: ShowTime, limit: usize) -> Option<(ShowTime, usize)> {
    let mut rises = VecDeque::new();
    let mut worst = None;
    let mut rising = false;
    // The lowest level since the last rise, or the highest since the last fall.
    let mut turn = Level::OFF;
    let mut before = ShowTime::ZERO;
    for (time, level) in track.corners().take_while(|(time, _)| *time < length) {
        let (now, turned) = (level.hundredths(), turn.hundredths());
        let since = std::mem::replace(&mut before, time);
        if !rising && now >= turned + FLASH_DEPTH {
            rising = true;
            turn = level;
            let time = first_at(track, turned + FLASH_DEPTH, since, time);
            rises.push_back(time);
            while rises.front().is_some_and(|first| time - *first >= Duration::from_secs(1)) {
                rises.pop_front();
            }
            if rises.len() > limit {
                let begin = worst.map_or(rises[0], |(begin, _)| begin);
                worst = Some((begin, worst.map_or(0, |(_, most)| most).max(rises.len())));
            }
        } else if rising && now + FLASH_DEPTH <= turned {
            rising = false;
            turn = level;
        } else if (rising && level > turn) || (!rising && level < turn) {
            turn = level;
        }
    }
    worst
}

/// When `track`, which only rises from `since` until `until`, comes to be at `hundredths`.
fn first_at(track: &Track, hundredths: u16, since: ShowTime, until: ShowTime) -> ShowTime {
    let (mut below, mut there) = (since.micros(), until.micros());
    while below < there {
        let middle = below + (there - below) / 2;
        if track.level_at(ShowTime::from_micros(middle)).hundredths() >= hundredths {
            there = middle;
        } else {
            below = middle + 1;
        }
    }
    ShowTime::from_micros(there)
}

#[cfg(test)]
mod tests {
    use super::super::Ramp;
    use super::*;
    use crate::easing::Easing;

    fn blinking(millis: u64, times: u64, low: Level) -> Track {
        let mut track = Track::default();
        for blink in 0..times {
            track.hold(ShowTime::from_micros(blink * millis * 1_000), Level::FULL);
            track.hold(ShowTime::from_micros((blink * millis + millis / 2) * 1_000), low);
        }
        track
    }

    #[test]
    fn more_than_three_flashes_in_a_second_strain_the_eyes() {
        let flashes = |millis, low| flashes(&blinking(millis, 10, low), ShowTime::MAX, 3);
        assert_eq!(flashes(334, Level::OFF), None);
        assert_eq!(flashes(300, Level::OFF), Some((ShowTime::ZERO, 4)));
        assert_eq!(flashes(100, Level::OFF), Some((ShowTime::ZERO, 10)));
        assert_eq!(flashes(100, Level::from_percent(95)), None, "a flicker of 5 % is no flash");
    }

    /// Up and down again in `millis`, evenly, `times` over.
    fn waves(millis: u64, times: u64, high: Level) -> Track {
        let mut track = Track::default();
        for half in 0..2 * times {
            let start = ShowTime::from_micros(half * millis * 500);
            let (from, to) = if half.is_multiple_of(2) { (Level::OFF, high) } else { (high, Level::OFF) };
            let over = Duration::from_micros(millis * 500);
            track.ramp(start, Ramp { start, over, from, to, easing: Easing::Linear });
        }
        track
    }

    #[test]
    fn a_fade_is_a_flash_where_it_has_risen_by_a_tenth() {
        let flashes = |millis, high| flashes(&waves(millis, 10, high), ShowTime::MAX, 3);
        assert_eq!(flashes(334, Level::FULL), None);
        // Of 300 ms 150 rise, and a tenth of those is over at the first step after 15 ms.
        assert_eq!(flashes(300, Level::FULL), Some((ShowTime::from_micros(15_000), 4)));
        assert_eq!(flashes(300, Level::from_percent(9)), None);
    }
}
