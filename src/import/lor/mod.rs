//! Sequences of Light-O-Rama (.lms, .las): channels with levels, fades, shimmer and twinkle in hundredths of a second. Pure.
//!
//! `sequence` reads what a file has, and `light_plan` what each light of the rig shows of it.

mod beats;
mod light_plan;
mod sequence;
mod summary;

use super::channel_map::{MappedChannel, SourceChannel};
use super::cue_lines::{ClockCue, cue_lines, length};
use super::fault::{FilePlace, ImportFault};
use super::imported::{ImportRequest, Imported, ImportedTempo};
use super::sheet::remark;
use super::silent::{TrialSheet, silent_light};
use super::text;
use crate::level::Level;
use crate::rig::{ChannelId, Rig};
use crate::time::ShowTime;
use beats::{beat_grid, four_four};
use light_plan::{LightPlan, PlanCare};
use sequence::{LorEffect, LorEffectKind, LorSequence};

/// Of more channels, the first ones are listed in the sheet.
const CHANNELS_LISTED: usize = 64;

/// # Errors
/// What is wrong with the file or with the map, where, and what to do.
pub(super) fn import(bytes: &[u8], request: &ImportRequest) -> Result<Imported, ImportFault> {
    let sequence = LorSequence::read(&text::whole(bytes)?)?;
    let rig = request.lights()?;
    let does_something = |number: &usize| !sequence.channels[*number].effects.is_empty();
    let numbers: Vec<usize> = (0..sequence.channels.len()).filter(does_something).collect();
    if numbers.is_empty() {
        return Err(ImportFault::new(
            FilePlace::Whole,
            "no channel of this sequence has an effect that lights it",
        ));
    }
    let source = |number: &usize| SourceChannel {
        number: u32::try_from(*number).unwrap_or(u32::MAX - 1) + 1,
        name: sequence.channels[*number].name.clone(),
    };
    let mapped = request.map.map(&numbers.iter().map(source).collect::<Vec<_>>(), rig)?;
    let used: Vec<usize> = mapped.mapped.iter().map(|one| numbers[one.source]).collect();
    let length = sequence.length.max(ShowTime::from_micros(1_000));
    let head = listed(&sequence, &mapped.mapped, &used);
    let mut plans = Vec::new();
    let mut cues = String::new();
    // As much as `check` bears without a warning.
    for care in [PlanCare::Twinkling, PlanCare::Steady, PlanCare::Strict] {
        plans =
            LightPlans { sequence: &sequence, mapped: &mapped.mapped, used: &used, rig, length }.made(care);
        cues = head.clone() + &sheet(&plans, rig, length);
        if silent_light(&TrialSheet { cues: &cues, beats: None, length }, rig).is_some() {
            break;
        }
    }
    let beats = beat_grid(&sequence.grids, |beats| {
        let beats = Some((beats, four_four()));
        silent_light(&TrialSheet { cues: &cues, beats, length }, rig).is_some()
    });
    let mut left = mapped.left;
    left.extend(summary::left(&sequence, &plans, beats, rig));
    Ok(Imported {
        head: Vec::new(),
        title: None,
        music: sequence.music.clone(),
        length: Some(length),
        taken: summary::taken(&sequence, &plans, beats),
        tempo: beats
            .map(|grid| ImportedTempo::Beats { beats: grid.marks.clone(), measures: vec![(1, four_four())] }),
        cues,
        left,
    })
}

/// Which channel of the sequence each light is, as remarks.
fn listed(sequence: &LorSequence, mapped: &[MappedChannel], used: &[usize]) -> String {
    let mut text = String::new();
    for (one, number) in mapped.iter().zip(used).take(CHANNELS_LISTED) {
        let channel = &sequence.channels[*number];
        let name = channel.name.as_deref().map(remark).unwrap_or_default();
        let wiring: Vec<String> = [("unit", channel.unit), ("circuit", channel.circuit)]
            .into_iter()
            .filter_map(|(word, number)| Some(format!("{word} {}", number?)))
            .collect();
        let wiring = if wiring.is_empty() { String::new() } else { format!(" ({})", wiring.join(", ")) };
        text += &format!("# {} is channel {} {name}{wiring}\n", one.name, number + 1);
    }
    match mapped.len().checked_sub(CHANNELS_LISTED).filter(|more| *more > 0) {
        Some(more) => text + &format!("# … and {more} more\n\n"),
        None => text + "\n",
    }
}

struct LightPlans<'a> {
    sequence: &'a LorSequence,
    mapped: &'a [MappedChannel],
    /// The channel of the sequence that each of `mapped` is.
    used: &'a [usize],
    rig: &'a Rig,
    length: ShowTime,
}

impl LightPlans<'_> {
    /// A plan for each light of the rig that shows something.
    fn made(&self, care: PlanCare) -> Vec<(ChannelId, LightPlan)> {
        let of = |id: ChannelId| {
            let sources = self.mapped.iter().zip(self.used).filter(|(one, _)| one.channels.contains(&id));
            let effects: Vec<LorEffect> = sources
                .flat_map(|(_, number)| self.sequence.channels[*number].effects.iter().copied())
                .collect();
            let (channel, flash) = (self.rig.channel(id), self.rig.limits.flash);
            (id, LightPlan::of(effects, channel, flash, self.length, care))
        };
        let is_meant = |id: &ChannelId| self.mapped.iter().any(|one| one.channels.contains(id));
        self.rig.channel_ids().filter(is_meant).map(of).collect()
    }
}

/// The lines of all lights.
fn sheet(plans: &[(ChannelId, LightPlan)], rig: &Rig, length: ShowTime) -> String {
    let cues = plans.iter().flat_map(|(channel, plan)| {
        plan.effects.iter().enumerate().flat_map(|(number, effect)| {
            // At the end of the show everything goes dark.
            let off = (effect.to < length && ends_dark(&plan.effects, number)).then(|| ClockCue {
                channel: *channel,
                from: effect.to,
                lasts: None,
                what: "off".to_owned(),
            });
            [Some(cue(*channel, effect)), off]
        })
    });
    cue_lines(cues.flatten().collect(), rig, &|_| None)
}

fn cue(channel: ChannelId, effect: &LorEffect) -> ClockCue {
    let LorEffect { from, to, start, end, kind } = *effect;
    let high = level(start.max(end));
    let (lasts, what) = match kind {
        LorEffectKind::Twinkle if high == "on" => (Some(to - from), "twinkle".to_owned()),
        LorEffectKind::Twinkle => (Some(to - from), format!("twinkle off to {high}")),
        _ if start == end => (Some(to - from), high),
        _ => (None, format!("fade from {} to {} over {}", level(start), level(end), length(to - from))),
    };
    ClockCue { channel, from, lasts, what }
}

/// As a sheet has it.
fn level(level: Level) -> String {
    match level {
        Level::OFF => "off".to_owned(),
        Level::FULL => "on".to_owned(),
        between => between.to_string(),
    }
}

fn is_fade(effect: &LorEffect) -> bool {
    effect.kind != LorEffectKind::Twinkle && effect.start != effect.end
}

/// Whether the base must go off at the end of this effect: a fade leaves its level there, and everything else shows it
/// again when it ends.
fn ends_dark(effects: &[LorEffect], number: usize) -> bool {
    let effect = &effects[number];
    if !is_fade(effect) || effect.end == Level::OFF {
        return false;
    }
    // Effects that follow at once cover the base; a fade sets it anew.
    let mut end = effect.to;
    for next in &effects[number + 1..] {
        if next.from > end {
            return true;
        }
        if is_fade(next) {
            return false;
        }
        end = next.to;
    }
    true
}
