//! What a person is told of an imported sequence: what was taken, and what was left and why. Decides nothing.

use super::super::fault::quoted;
use super::super::restraint::{self, RestrainedLight};
use super::light_plan::LightPlan;
use super::sequence::{LorGrid, LorSequence};
use crate::rig::{ChannelId, Rig};

/// Of more names, the first ones and the number of the others are told.
const NAMES_TOLD: usize = 8;

type Plans = [(ChannelId, LightPlan)];

pub(super) fn taken(sequence: &LorSequence, plans: &Plans, beats: Option<&LorGrid>) -> Vec<String> {
    let effects: usize = plans.iter().map(|(_, plan)| plan.effects.len()).sum();
    let all: usize = sequence.channels.iter().map(|channel| channel.effects.len()).sum();
    let mut taken = vec![format!("{effects} effects on {} lights; the sequence has {all}", plans.len())];
    if let Some(grid) = beats {
        taken.push(format!(
            "the timing grid {} with {} marks, as a beat map in 4/4; write another measure in the sheet if you count otherwise",
            quoted(&grid.name),
            grid.marks.len()
        ));
    }
    taken
}

pub(super) fn left(sequence: &LorSequence, plans: &Plans, beats: Option<&LorGrid>, rig: &Rig) -> Vec<String> {
    let mut left = Vec::new();
    let sum = |of: fn(&LightPlan) -> usize| plans.iter().map(|(_, plan)| of(plan)).sum::<usize>();
    let mut add = |count: usize, one: &str, several: &str| match count {
        0 => {}
        1 => left.push(format!("1 {one}")),
        count => left.push(format!("{count} {several}")),
    };
    add(
        sequence.unknown,
        "effect of a kind that is not known here",
        "effects of kinds that are not known here",
    );
    add(sequence.empty, "effect that is dark or lasts no time", "effects that are dark or last no time");
    add(
        sum(|plan| plan.covered),
        "effect begins while another one of its light lasts: the later one is seen while it lasts",
        "effects begin while others of their light last: the later ones are seen while they last",
    );
    add(
        sum(|plan| plan.steadied),
        "shimmer or twinkle is steady light: it would flash too often, or wear a relay",
        "shimmers and twinkles are steady light: they would flash too often, or wear a relay",
    );
    add(
        sum(|plan| plan.dim),
        "effect below 50 %, on a light that only switches: it stays dark",
        "effects below 50 %, on lights that only switch: they stay dark",
    );
    add(
        sum(|plan| plan.switched),
        "fade on a light that only switches: it is on from 50 % upward",
        "fades on lights that only switch: they are on from 50 % upward",
    );
    add(
        sequence.colored,
        "light of three colors: it is three channels, red, green and blue",
        "lights of three colors: they are three channels each, red, green and blue",
    );
    add(sequence.loops, "loop: its part plays once", "loops: their parts play once");
    let grids = sequence.grids.iter().filter(|grid| beats.is_none_or(|beats| !std::ptr::eq(*grid, beats)));
    let grids: Vec<String> =
        grids.filter(|grid| !grid.marks.is_empty()).map(|grid| quoted(&grid.name)).collect();
    if !grids.is_empty() {
        left.push(format!("timing grids that are no beat map: {}", listed(&grids)));
    }
    let restrained: Vec<RestrainedLight> =
        plans.iter().filter_map(|(id, plan)| plan.restrained(*id)).collect();
    left.extend(restraint::told(&restrained, rig));
    left
}

fn listed(names: &[String]) -> String {
    match names.len().checked_sub(NAMES_TOLD).filter(|more| *more > 0) {
        Some(more) => format!("{} and {more} more", names[..NAMES_TOLD].join(", ")),
        None => names.join(", "),
    }
}
