//! What a first show does with which lights of a rig: which glow, which switch, which form a row. Knows no times.

use std::time::Duration;

use crate::rig::{Channel, ChannelId, Rig};

/// A row of channels that a line of a sheet lists by name is no longer than this.
const LISTED: usize = 4;

/// LightRoles by what a first show does with them, as a cue names them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct LightRoles {
    /// Dimmed lights that fade together.
    pub(super) glow: Option<String>,
    /// The first light.
    pub(super) first: String,
    /// Another light that comes after it.
    pub(super) second: Option<String>,
    /// LightRoles along which an effect runs, and their number.
    pub(super) row: String,
    pub(super) row_length: usize,
    /// What is lit in the middle of the show.
    pub(super) most: String,
    pub(super) all_dim: bool,
    /// No light changes faster than this.
    pub(super) rest: Duration,
}

impl LightRoles {
    /// For any rig: every rig knows the name `all`.
    pub(super) fn unknown() -> Self {
        let all = || "all".to_owned();
        Self {
            glow: None,
            first: all(),
            second: None,
            row: all(),
            row_length: LISTED,
            most: all(),
            all_dim: false,
            rest: Duration::from_millis(100),
        }
    }

    /// Every light of `rig`, in its own groups.
    pub(super) fn all_of(rig: &Rig) -> Self {
        let all: Vec<ChannelId> = rig.channel_ids().collect();
        let row = rig.groups.iter().filter(|group| group.channels.len() > 1);
        let row = row.max_by_key(|group| group.channels.len()).map(|group| group.channels.clone());
        Self::of(rig, &dimmed(rig), row.unwrap_or_else(|| beginning(&all, LISTED)), &all)
    }

    /// So few lights of `rig` that no more than `most` are lit at once.
    pub(super) fn few_of(rig: &Rig, most: usize) -> Self {
        // One glows, one comes second, and the row is lit beside them.
        let room = most.saturating_sub(2).max(1);
        let all: Vec<ChannelId> = rig.channel_ids().collect();
        let groups = rig.groups.iter().filter(|group| (2..=room).contains(&group.channels.len()));
        let row = groups.max_by_key(|group| group.channels.len()).map(|group| group.channels.clone());
        let row = row.unwrap_or_else(|| beginning(&all, room.min(LISTED)));
        Self::of(rig, &beginning(&dimmed(rig), 1), row.clone(), &row)
    }

    fn of(rig: &Rig, glow: &[ChannelId], row: Vec<ChannelId>, most: &[ChannelId]) -> Self {
        let ids: Vec<ChannelId> = rig.channel_ids().collect();
        let (first, switched) = (ids[0], ids.iter().find(|id| !rig.channel(**id).kind.dims()));
        let second = match glow.is_empty() {
            true => ids.get(1),
            false => switched.or_else(|| ids.get(1)),
        };
        let rest_of = |channel: &Channel| channel.min_on.max(channel.min_off);
        Self {
            glow: (!glow.is_empty()).then(|| who(rig, glow)),
            first: rig.channel(first).name.clone(),
            second: second.map(|id| rig.channel(*id).name.clone()),
            row_length: row.len(),
            row: who(rig, &row),
            most: who(rig, most),
            all_dim: switched.is_none(),
            rest: rig.channels.iter().map(rest_of).max().unwrap_or_default(),
        }
    }
}

/// The dimmed channels of the largest group of such; else the first ones.
fn dimmed(rig: &Rig) -> Vec<ChannelId> {
    let dims = |id: &ChannelId| rig.channel(*id).kind.dims();
    if rig.channel_ids().all(|id| dims(&id)) {
        return rig.channel_ids().collect();
    }
    let groups = rig.groups.iter().filter(|group| group.channels.iter().all(dims));
    let largest = groups.max_by_key(|group| group.channels.len()).map(|group| group.channels.clone());
    largest.unwrap_or_else(|| rig.channel_ids().filter(dims).take(LISTED).collect())
}

fn beginning(channels: &[ChannelId], most: usize) -> Vec<ChannelId> {
    channels[..channels.len().min(most)].to_vec()
}

/// `channels` as a cue names them: `all`, a group, or their names.
fn who(rig: &Rig, channels: &[ChannelId]) -> String {
    if rig.channel_ids().eq(channels.iter().copied()) && channels.len() > 1 {
        return "all".to_owned();
    }
    match rig.groups.iter().find(|group| group.channels == channels && channels.len() > 1) {
        Some(group) => group.name.clone(),
        None => {
            let names: Vec<&str> = channels.iter().map(|id| rig.channel(*id).name.as_str()).collect();
            names.join(", ")
        }
    }
}
