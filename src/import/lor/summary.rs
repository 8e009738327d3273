//! What a person is told of an imported sequence: what was taken, and what was left and why. Decides nothing.

use super::super::fault::quoted;
use super::super::restraint::Restraint;
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
    let mut add = |count: usize, sentence: &str| {
        if count > 0 {
            left.push(format!("{count} {sentence}"));
        }
    };
    add(sequence.unknown, "effects of a kind that is not known here");
    add(sequence.empty, "effects that are dark or last no time");
    add(
        sum(|plan| plan.cut),
        "effects lie over others of their light: the later one begins, and the earlier one ends",
    );
    add(
        sum(|plan| plan.steadied),
        "shimmers and twinkles are steady light: they would flash too often, or wear a relay",
    );
    add(sum(|plan| plan.dim), "effects below 50 %, on lights that only switch: they stay dark");
    add(sum(|plan| plan.switched), "fades on lights that only switch: they are on from 50 % upward");
    add(sequence.colored, "lights of three colors: they are three channels each, red, green and blue");
    add(sequence.loops, "loops: their part plays once");
    let grids = sequence.grids.iter().filter(|grid| beats.is_none_or(|beats| !std::ptr::eq(*grid, beats)));
    let grids: Vec<String> =
        grids.filter(|grid| !grid.marks.is_empty()).map(|grid| quoted(&grid.name)).collect();
    if !grids.is_empty() {
        left.push(format!("timing grids that are no beat map: {}", listed(&grids)));
    }
    left.extend(left_out(plans, rig));
    left
}

/// Sentences about lights that may not do all that the sequence has; equal ones together.
fn left_out(plans: &Plans, rig: &Rig) -> Vec<String> {
    let mut groups: Vec<(&LightPlan, &Restraint, Vec<String>)> = Vec::new();
    for (channel, plan) in plans {
        let Some(why) = &plan.why else { continue };
        let name = rig.channel(*channel).name.clone();
        let is_equal = |other: &LightPlan, its: &Restraint| {
            (other.flashes, other.kept, its) == (plan.flashes, plan.kept, why)
        };
        match groups.iter_mut().find(|(other, its, _)| is_equal(other, its)) {
            Some((.., names)) => names.push(name),
            None => groups.push((plan, why, vec![name])),
        }
    }
    let sentence = |(plan, why, names): (&LightPlan, &Restraint, Vec<String>)| {
        why.sentence(plan.flashes, plan.kept, &listed(&names))
    };
    groups.into_iter().map(sentence).collect()
}

fn listed(names: &[String]) -> String {
    match names.len().checked_sub(NAMES_TOLD).filter(|more| *more > 0) {
        Some(more) => format!("{} and {more} more", names[..NAMES_TOLD].join(", ")),
        None => names.join(", "),
    }
}
