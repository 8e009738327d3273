//! What the rig allows: how fast a contact may move, how many lamps the supply carries. Pure.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt;
use std::time::Duration;

use crate::level::Level;
use crate::rig::{Channel, ChannelId, Rig};
use crate::time::ShowTime;

use super::Track;
use super::stretch::{Cover, Stretch, cover_track};

/// What a rule of the rig changed in a show.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Change {
    pub time: ShowTime,
    pub channel: ChannelId,
    pub what: Changed,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Changed {
    /// Switched on later, because it had gone off less than `min_off` before.
    OnLater(Duration),
    /// Switched off later, because it had gone on less than `min_on` before.
    OffLater(Duration),
    /// A flash that `min_off` left no time for.
    FlashLeftOut,
    /// A gap that `min_on` left no time for.
    GapLeftOut,
    /// Dark until it is switched on again: `on_at_once` others were lit.
    StaysDark,
}

/// As `check` tells it.
impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OnLater(by) => write!(f, "on {} ms later (min_off)", by.as_millis()),
            Self::OffLater(by) => write!(f, "off {} ms later (min_on)", by.as_millis()),
            Self::FlashLeftOut => f.write_str("flash left out (min_off leaves it no time)"),
            Self::GapLeftOut => f.write_str("gap left out (min_on leaves it no time)"),
            Self::StaysDark => f.write_str("stays dark until it is switched on again (on_at_once)"),
        }
    }
}

/// `tracks` as the rig allows them, and what that changed.
pub(super) fn apply(tracks: Vec<Track>, rig: &Rig) -> (Vec<Track>, Vec<Change>) {
    let mut changes = Vec::new();
    let mut tracks: Vec<Track> = tracks
        .into_iter()
        .zip(rig.channel_ids())
        .map(|(track, id)| unhurried(track, id, rig.channel(id), &mut changes))
        .collect();
    if let Some(most) = rig.limits.on_at_once {
        tracks = spared(tracks, most, &mut changes);
    }
    let tracks =
        tracks.into_iter().zip(&rig.channels).map(|(track, channel)| early(track, channel.lead)).collect();
    changes.sort_by_key(|change| (change.time, change.channel));
    (tracks, changes)
}

/// Holds `min_on` and `min_off` of a channel that switches.
fn unhurried(track: Track, id: ChannelId, channel: &Channel, changes: &mut Vec<Change>) -> Track {
    if channel.kind.dims() || (channel.min_on.is_zero() && channel.min_off.is_zero()) {
        return track;
    }
    let edges: Vec<(ShowTime, Level)> = track.edges().collect();
    let mut slow = Track::default();
    let mut shown = Level::OFF;
    let mut free_at = ShowTime::ZERO;
    for (at, (time, level)) in edges.iter().enumerate() {
        if *level == shown {
            continue;
        }
        let moved = (*time).max(free_at);
        let waits = moved - *time;
        let mut changed = |what| changes.push(Change { time: *time, channel: id, what });
        if edges.get(at + 1).is_some_and(|(next, _)| moved >= *next) {
            // The opposite is wanted before this may happen: nothing is shown of either.
            changed(if level.is_lit() { Changed::FlashLeftOut } else { Changed::GapLeftOut });
            continue;
        }
        if !waits.is_zero() {
            changed(if level.is_lit() { Changed::OnLater(waits) } else { Changed::OffLater(waits) });
        }
        slow.hold(moved, *level);
        shown = *level;
        free_at = moved + if level.is_lit() { channel.min_on } else { channel.min_off };
    }
    slow
}

/// Keeps at most `most` channels lit: those that are lit stay, newcomers stay dark until they are
/// switched on again.
fn spared(tracks: Vec<Track>, most: usize, changes: &mut Vec<Change>) -> Vec<Track> {
    let mut lit: Vec<(ShowTime, usize, ShowTime)> = tracks
        .iter()
        .enumerate()
        .flat_map(|(index, track)| track.lit_stretches().map(move |(from, to)| (from, index, to)))
        .collect();
    lit.sort_unstable();
    let mut ends: BinaryHeap<Reverse<ShowTime>> = BinaryHeap::new();
    // As covers, the dark stretches of all channels together would not fit into a small Pi.
    let mut dark: Vec<Vec<(ShowTime, ShowTime)>> = vec![Vec::new(); tracks.len()];
    for (from, index, to) in lit {
        while ends.peek().is_some_and(|Reverse(end)| *end <= from) {
            ends.pop();
        }
        if ends.len() < most {
            ends.push(Reverse(to));
            continue;
        }
        dark[index].push((from, to));
        changes.push(Change { time: from, channel: ChannelId::new(index), what: Changed::StaysDark });
    }
    tracks
        .into_iter()
        .zip(dark)
        .map(|(track, dark)| if dark.is_empty() { track } else { darkened(&track, &dark) })
        .collect()
}

/// `track`, dark from each of these times until the other.
fn darkened(track: &Track, dark: &[(ShowTime, ShowTime)]) -> Track {
    let cover = |(from, to): &(ShowTime, ShowTime)| Cover {
        stretches: vec![Stretch::hold(*from, Level::OFF)],
        end: *to,
    };
    cover_track(track, &dark.iter().map(cover).collect::<Vec<_>>())
}

/// Everything `lead` sooner, so that a slow contact closes on the beat.
fn early(track: Track, lead: Duration) -> Track {
    if lead.is_zero() {
        return track;
    }
    track.earlier(lead)
}

#[cfg(test)]
mod tests {
    use super::Changed::{FlashLeftOut, GapLeftOut, OffLater, OnLater, StaysDark};
    use super::*;
    use crate::diagnosis::Source;

    /// From when until when a channel is lit, in milliseconds.
    type Lit<'a> = &'a [(u64, u64)];

    /// Channels `a`, `b`, `c`… under `rules` want to be lit as `wanted`, are lit as `shown`, and of the
    /// changes is `told` the millisecond and the channel.
    #[track_caller]
    fn check(rules: &str, wanted: &[Lit], shown: &[Lit], told: &[(u64, usize, Changed)]) {
        let (rig, mistakes) = crate::rig::read(&Source::new("rig.toml", rules));
        let (tracks, changes) = apply(wanted.iter().map(|lit| track(lit)).collect(), &rig.expect(rules));
        let lit: Vec<Vec<(u64, u64)>> = tracks.iter().map(lit).collect();
        assert_eq!(lit, shown, "{mistakes}");
        let changes: Vec<_> = changes
            .iter()
            .map(|change| (change.time.micros() / 1_000, change.channel.index(), change.what))
            .collect();
        assert_eq!(changes, told);
    }

    fn track(lit: Lit) -> Track {
        let mut track = Track::default();
        for (from, to) in lit {
            track.hold(ShowTime::from_micros(from * 1_000), Level::FULL);
            track.hold(ShowTime::from_micros(to * 1_000), Level::OFF);
        }
        track
    }

    fn lit(track: &Track) -> Vec<(u64, u64)> {
        track.lit_stretches().map(|(from, to)| (from.micros() / 1_000, to.micros() / 1_000)).collect()
    }

    fn later(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    const RELAY: &str = r#"channels.a = { pin = 4, kind = "relay", min_on = "100 ms", min_off = "200 ms" }"#;
    const TWO_AT_ONCE: &str = r#"
        channels.a = { pin = 17, kind = "ssr" }
        channels.b = { pin = 22, kind = "ssr" }
        channels.c = { pin = 23, kind = "ssr" }
        limits.on_at_once = 2
    "#;

    #[test]
    fn what_is_slow_enough_is_left_alone() {
        check(RELAY, &[&[(0, 100), (300, 400)]], &[&[(0, 100), (300, 400)]], &[]);
    }

    #[test]
    fn a_short_flash_lasts_as_long_as_min_on() {
        check(RELAY, &[&[(0, 40)]], &[&[(0, 100)]], &[(40, 0, OffLater(later(60)))]);
    }

    #[test]
    fn after_a_short_gap_a_channel_comes_on_when_min_off_is_over() {
        check(
            RELAY,
            &[&[(0, 500), (600, 900)]],
            &[&[(0, 500), (700, 900)]],
            &[(600, 0, OnLater(later(100)))],
        );
    }

    #[test]
    fn a_gap_within_min_on_and_a_flash_within_min_off_are_left_out() {
        check(RELAY, &[&[(0, 40), (90, 500)]], &[&[(0, 500)]], &[(40, 0, GapLeftOut)]);
        check(RELAY, &[&[(0, 500), (550, 650)]], &[&[(0, 500)]], &[(550, 0, FlashLeftOut)]);
        let at_the_limit: Lit = &[(0, 40), (100, 500), (600, 700)];
        check(RELAY, &[at_the_limit], &[&[(0, 500)]], &[(40, 0, GapLeftOut), (600, 0, FlashLeftOut)]);
    }

    #[test]
    fn one_wait_may_make_the_next() {
        let waits =
            [(40, 0, OffLater(later(60))), (110, 0, OnLater(later(190))), (340, 0, OffLater(later(60)))];
        check(RELAY, &[&[(0, 40), (110, 340)]], &[&[(0, 100), (300, 400)]], &waits);
    }

    #[test]
    fn a_min_on_longer_than_the_show_keeps_the_channel_lit() {
        let rule = r#"channels.a = { pin = 4, kind = "relay", min_on = "10 s", min_off = "10 s" }"#;
        check(
            rule,
            &[&[(1, 2), (3, 4), (5, 6)]],
            &[&[(1, 10_001)]],
            &[(2, 0, GapLeftOut), (4, 0, GapLeftOut), (6, 0, OffLater(later(9_995)))],
        );
    }

    #[test]
    fn those_that_are_lit_stay_and_newcomers_stay_dark_until_they_are_switched_on_again() {
        check(
            TWO_AT_ONCE,
            &[&[(0, 100)], &[(10, 50)], &[(20, 90), (95, 120)]],
            &[&[(0, 100)], &[(10, 50)], &[(95, 120)]],
            &[(20, 2, StaysDark)],
        );
    }

    #[test]
    fn of_those_that_come_on_together_the_first_in_the_rig_are_lit() {
        check(
            TWO_AT_ONCE,
            &[&[(5, 9)], &[(5, 9)], &[(5, 9)]],
            &[&[(5, 9)], &[(5, 9)], &[]],
            &[(5, 2, StaysDark)],
        );
    }

    #[test]
    fn a_place_is_free_the_instant_one_goes_off() {
        check(TWO_AT_ONCE, &[&[(0, 5)], &[(0, 9)], &[(5, 9)]], &[&[(0, 5)], &[(0, 9)], &[(5, 9)]], &[]);
    }

    #[test]
    fn a_fade_counts_as_lit_from_its_first_light_to_its_last() {
        let (rig, _) = crate::rig::read(&Source::new(
            "rig.toml",
            "channels.a = { pin = 4, kind = \"pwm\" }\nchannels.b = { pin = 5, kind = \"ssr\" }\nlimits.on_at_once = 1",
        ));
        let mut fade = Track::default();
        let over = Duration::from_secs(1);
        let easing = crate::easing::Easing::Linear;
        fade.ramp(
            ShowTime::ZERO,
            super::super::Ramp { start: ShowTime::ZERO, over, from: Level::FULL, to: Level::OFF, easing },
        );
        let (tracks, changes) = apply(vec![fade, track(&[(995, 2_000)])], &rig.expect("this rig is right"));
        assert_eq!(lit(&tracks[0]), [(0, 1_000)]);
        assert_eq!((lit(&tracks[1]), changes.len()), (vec![], 1));
    }

    #[test]
    fn a_lead_moves_every_edge_sooner_but_none_before_the_show() {
        let rule = r#"channels.a = { pin = 4, kind = "relay", lead = "8 ms" }"#;
        check(rule, &[&[(0, 100), (500, 700)]], &[&[(0, 92), (492, 692)]], &[]);
        check(rule, &[&[(3, 200), (500, 700)]], &[&[(0, 192), (492, 692)]], &[]);
    }
}
