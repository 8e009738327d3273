//! Who does what: the lights of a rig, shared out by their kinds and groups. Knows no song.

use std::collections::BTreeSet;

use super::naming::LightSet;
use crate::random::Random;
use crate::rig::{ChannelId, Kind, Rig};

/// Of more dimmed lights in a group, only some are named one by one.
const MOST_SINGLES: usize = 12;
/// A chase needs so many lights.
const FEWEST_IN_ROW: usize = 3;
/// Of so many single dimmed lights, one follows the tune, and one twinkles.
const SINGLES_EACH: usize = 4;
/// Of fewer dimmed lights, none twinkles only.
const FEWEST_TO_TWINKLE: usize = 4;
/// What people call lights that twinkle.
const STARS: [&str; 6] = ["star", "snow", "icicle", "fairy", "twinkle", "sparkl"];
/// Low, middle and high.
const DRUMS: usize = 3;
/// A list of lights that are no group is no longer than this.
const LISTED: usize = 8;

/// The lights by what they do. A light is in at most one of them, but for `rows`, whose chases lie over the others for a
/// time.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct LightUse {
    /// Relays: they mark the parts. More of them are lit where the song is stronger.
    pub(super) marks: Vec<LightSet>,
    /// Quick lights that show the drums: the low ones, the middle ones, the high ones.
    pub(super) drums: Vec<LightSet>,
    /// Dimmed lights that are the background, and breathe with the loudness.
    pub(super) wash: Option<LightSet>,
    /// The same in two halves, if it is more than one light.
    pub(super) answers: Option<(LightSet, LightSet)>,
    /// Dimmed lights that follow the tune.
    pub(super) tune: Option<LightSet>,
    /// Dimmed lights that twinkle.
    pub(super) sparkle: Option<LightSet>,
    /// Rows of quick lights for chases; the longest first.
    pub(super) rows: Vec<LightSet>,
}

impl LightUse {
    /// Shares out the lights of `rig`, as many as it allows at once. `chance` decides what rules leave open.
    pub(super) fn of(rig: &Rig, chance: &mut Random) -> Self {
        let all: Vec<ChannelId> = rig.channel_ids().collect();
        let used = match rig.limits.on_at_once {
            Some(most) if most < all.len() => some_of_each_kind(rig, &all, most),
            _ => all,
        };
        let of_kind = |is_it: fn(Kind) -> bool| -> Vec<ChannelId> {
            used.iter().copied().filter(|id| is_it(rig.channel(*id).kind)).collect()
        };
        let [relays, switched, dimmed] = [is_relay, is_switched, Kind::dims].map(of_kind);
        let mut lights = Self { marks: marks(rig, &relays), ..Self::default() };
        lights.rows = rows(rig, &switched, &dimmed);
        let mut dimmed = items(rig, &dimmed, chance);
        if dimmed.len() > 1 {
            let stars = dimmed.iter().position(|set| STARS.iter().any(|star| set.who.contains(star)));
            lights.sparkle = stars.map(|stars| dimmed.remove(stars));
        }
        lights.drums = drums(rig, &items_in_order(rig, &switched));
        let turn = chance.below(lights.drums.len().max(1) as u64) as usize;
        lights.drums.rotate_left(turn);
        // Without switched lights, dimmed ones show the drums, but few of them.
        if lights.drums.is_empty() {
            let most = match dimmed.len() {
                0 | 1 => 0,
                2..=5 => 1,
                _ => 2,
            };
            lights.drums = dimmed.split_off(dimmed.len() - most);
        }
        lights.share_out(rig, dimmed, chance);
        if chance.below(2) == 1 {
            lights.marks.reverse();
        }
        lights
    }

    fn share_out(&mut self, rig: &Rig, mut dimmed: Vec<LightSet>, chance: &mut Random) {
        // One light of few that twinkles is one that flickers.
        let lights: usize = dimmed.iter().map(LightSet::count).sum();
        if self.sparkle.is_none() && dimmed.len() > 2 && lights >= FEWEST_TO_TWINKLE {
            self.sparkle = some_singles(rig, &mut dimmed);
        }
        if dimmed.len() > 1 {
            // A whole group if there is another one.
            let is_group = dimmed.len() > 2 && dimmed[1].count() > 1;
            self.tune = if is_group { Some(dimmed.remove(1)) } else { some_singles(rig, &mut dimmed) };
        }
        // Neighbours stay neighbours.
        dimmed.sort_by_key(|set| set.channels.iter().min().copied());
        let in_halves = chance.below(2) == 0;
        // Of lights that no few words name, the first ones.
        while !dimmed.is_empty() && self.wash.is_none() {
            self.wash = LightSet::of(rig, dimmed.iter().flat_map(|set| set.channels.clone()).collect());
            if self.wash.is_some() {
                let parts: Vec<Vec<ChannelId>> = match &*dimmed {
                    // A single group answers itself.
                    [one] => one.channels.iter().map(|id| vec![*id]).collect(),
                    sets => sets.iter().map(|set| set.channels.clone()).collect(),
                };
                let half = parts.len() / 2;
                let is_first = |place: usize| if in_halves { place < half } else { place.is_multiple_of(2) };
                let of = |first: bool| {
                    let parts = parts.iter().enumerate().filter(|(place, _)| is_first(*place) == first);
                    LightSet::of(rig, parts.flat_map(|(_, channels)| channels.clone()).collect())
                };
                self.answers = of(true).zip(of(false));
            }
            dimmed.pop();
        }
    }

    /// Every light that does something.
    pub(super) fn used(&self) -> Vec<ChannelId> {
        let sets = self.marks.iter().chain(&self.drums).chain(&self.rows);
        let sets = sets.chain(&self.wash).chain(&self.tune).chain(&self.sparkle);
        sets.flat_map(|set| set.channels.iter().copied()).collect::<BTreeSet<_>>().into_iter().collect()
    }
}

fn is_relay(kind: Kind) -> bool {
    kind == Kind::Relay
}

fn is_switched(kind: Kind) -> bool {
    kind == Kind::Ssr
}

/// `most` of these channels, of each kind in turn.
fn some_of_each_kind(rig: &Rig, channels: &[ChannelId], most: usize) -> Vec<ChannelId> {
    let mut by_kind = [Kind::dims, is_switched, is_relay].map(|is_it: fn(Kind) -> bool| {
        channels
            .iter()
            .copied()
            .filter(move |id| is_it(rig.channel(*id).kind))
            .collect::<Vec<_>>()
            .into_iter()
    });
    let mut taken = BTreeSet::new();
    while taken.len() < most {
        let before = taken.len();
        for kind in &mut by_kind {
            if taken.len() < most {
                taken.extend(kind.next());
            }
        }
        if taken.len() == before {
            break;
        }
    }
    taken.into_iter().collect()
}

/// Groups that have only such channels and share none, and the channels in none of them, in the order of the rig.
fn items_in_order(rig: &Rig, channels: &[ChannelId]) -> Vec<LightSet> {
    let mut rest: Vec<ChannelId> = channels.to_vec();
    let mut groups: Vec<_> = rig.groups.iter().filter(|group| group.channels.len() > 1).collect();
    // Small groups first: a group of groups is no light of its own.
    groups.sort_by_key(|group| group.channels.len());
    let mut sets = Vec::new();
    for group in groups {
        let is_whole = group.channels.len() == channels.len();
        if !is_whole && group.channels.iter().all(|member| rest.contains(member)) {
            rest.retain(|channel| !group.channels.contains(channel));
            sets.extend(LightSet::of(rig, group.channels.clone()));
        }
    }
    match rest.len() {
        0..=MOST_SINGLES => sets.extend(rest.into_iter().filter_map(|id| LightSet::of(rig, vec![id]))),
        // Very many lights: their beginning, middle and end are three lights, the others one.
        count => {
            let picked = [rest[0], rest[count / 2], rest[count - 1]];
            rest.retain(|id| !picked.contains(id));
            let many = LightSet::of(rig, rest.clone()).or_else(|| LightSet::of(rig, rest[..LISTED].to_vec()));
            sets.extend(
                many.into_iter().chain(picked.into_iter().filter_map(|id| LightSet::of(rig, vec![id]))),
            );
        }
    }
    sets.sort_by_key(|set| set.channels.iter().min().copied());
    sets
}

/// The same, the largest first; of equal ones, chance decides.
fn items(rig: &Rig, channels: &[ChannelId], chance: &mut Random) -> Vec<LightSet> {
    let mut sets = items_in_order(rig, channels);
    for place in (1..sets.len()).rev() {
        sets.swap(place, chance.below(place as u64 + 1) as usize);
    }
    sets.sort_by_key(|set| std::cmp::Reverse(set.count()));
    sets
}

/// The last of these, which are the smallest: one, or of many single lights some.
fn some_singles(rig: &Rig, dimmed: &mut Vec<LightSet>) -> Option<LightSet> {
    let singles = dimmed.iter().filter(|set| set.count() == 1).count();
    let some = (singles / SINGLES_EACH).max(1);
    let mut channels: Vec<ChannelId> =
        dimmed[dimmed.len() - some..].iter().flat_map(|set| set.channels.clone()).collect();
    channels.sort_unstable();
    let set = LightSet::of(rig, channels)?;
    dimmed.truncate(dimmed.len() - some);
    Some(set)
}

/// Few relays one by one; of many, groups are one mark.
fn marks(rig: &Rig, relays: &[ChannelId]) -> Vec<LightSet> {
    match relays.len() {
        0..=MOST_SINGLES => relays.iter().filter_map(|id| LightSet::of(rig, vec![*id])).collect(),
        _ => items_in_order(rig, relays),
    }
}

/// At most three, each of some neighbours.
fn drums(rig: &Rig, sets: &[LightSet]) -> Vec<LightSet> {
    let voices = sets.len().min(DRUMS);
    let of_voice = |voice: usize| {
        let neighbours = &sets[voice * sets.len() / voices..(voice + 1) * sets.len() / voices];
        let together = neighbours.iter().flat_map(|set| set.channels.iter().copied()).collect();
        LightSet::of(rig, together).unwrap_or_else(|| neighbours[0].clone())
    };
    (0..voices).map(of_voice).collect()
}

/// The groups that are all dimmed or all switched, and the lights of either kind if they are no group.
fn rows(rig: &Rig, switched: &[ChannelId], dimmed: &[ChannelId]) -> Vec<LightSet> {
    let groups = rig.groups.iter().map(|group| group.channels.clone());
    let mut candidates: Vec<Vec<ChannelId>> = groups.chain([dimmed.to_vec(), switched.to_vec()]).collect();
    candidates.sort_by_key(|channels| std::cmp::Reverse(channels.len()));
    let is_row = |channels: &&Vec<ChannelId>| {
        let are_all = |of: &[ChannelId]| channels.iter().all(|channel| of.contains(channel));
        channels.len() >= FEWEST_IN_ROW && (are_all(switched) || are_all(dimmed))
    };
    let mut rows: Vec<LightSet> = Vec::new();
    for channels in candidates.iter().filter(is_row) {
        let few = || LightSet::of(rig, channels[..LISTED.min(channels.len())].to_vec());
        let set = LightSet::of(rig, channels.clone()).or_else(few);
        rows.extend(set.filter(|set| !rows.contains(set)));
    }
    rows
}
