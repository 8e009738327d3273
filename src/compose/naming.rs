//! How some lights of a rig are named in a cue, in as few words as a person would use. Knows no cues.

use crate::rig::{ChannelId, Rig};

/// More names in one cue are a list that nobody reads.
const MOST_NAMES: usize = 8;
/// So many may be left out with `but`.
const MOST_LEFT_OUT: usize = 3;

/// Some lights, in the order of the rig or of their group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct LightSet {
    pub(super) channels: Vec<ChannelId>,
    /// As a cue names them.
    pub(super) who: String,
}

impl LightSet {
    /// `None` if they are none, or if they cannot be named in a few words.
    pub(super) fn of(rig: &Rig, channels: Vec<ChannelId>) -> Option<Self> {
        let who = who(rig, &channels)?;
        Some(Self { channels, who })
    }

    pub(super) fn count(&self) -> usize {
        self.channels.len()
    }

    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.channels.iter().any(|channel| other.channels.contains(channel))
    }
}

fn who(rig: &Rig, channels: &[ChannelId]) -> Option<String> {
    let name = |id: &ChannelId| rig.channel(*id).name.clone();
    let [first, ..] = channels else { return None };
    if channels.len() == 1 {
        return Some(name(first));
    }
    if is_same_set(channels, &rig.channel_ids().collect::<Vec<_>>()) {
        return Some("all".to_owned());
    }
    if let Some(group) = rig.groups.iter().find(|group| is_same_set(channels, &group.channels)) {
        return Some(group.name.clone());
    }
    let listed = listed(rig, channels);
    if listed.len() <= 3 {
        return Some(listed.join(", "));
    }
    let all: Vec<ChannelId> = rig.channel_ids().collect();
    let wholes = rig.groups.iter().map(|group| (&*group.name, &*group.channels)).chain([("all", &*all)]);
    let without = wholes.filter(|(_, whole)| channels.iter().all(|channel| whole.contains(channel)));
    let without = without.filter_map(|(whole, members)| {
        let left_out: Vec<ChannelId> =
            members.iter().filter(|member| !channels.contains(member)).copied().collect();
        let left_out = self::listed(rig, &left_out);
        (left_out.len() <= MOST_LEFT_OUT)
            .then(|| (left_out.len(), format!("{whole} but {}", left_out.join(", "))))
    });
    match without.min_by_key(|(left_out, _)| *left_out) {
        Some((_, text)) => Some(text),
        None => (listed.len() <= MOST_NAMES).then(|| listed.join(", ")),
    }
}

/// The largest groups within them, and the names of the rest.
fn listed(rig: &Rig, channels: &[ChannelId]) -> Vec<String> {
    let mut rest: Vec<ChannelId> = channels.to_vec();
    let mut groups: Vec<_> = rig.groups.iter().filter(|group| group.channels.len() > 1).collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.channels.len()));
    let mut names = Vec::new();
    for group in groups {
        if group.channels.iter().all(|member| rest.contains(member)) {
            rest.retain(|channel| !group.channels.contains(channel));
            names.push(group.name.clone());
        }
    }
    names.extend(rest.iter().map(|id| rig.channel(*id).name.clone()));
    names
}

fn is_same_set(one: &[ChannelId], other: &[ChannelId]) -> bool {
    one.len() == other.len() && one.iter().all(|channel| other.contains(channel))
}
