//! What `starcourt check` warns about in a show that can be played: cues that make no difference, flashes, wear. Changes
//! nothing, and knows no files.

mod cut_fades;
mod strained;
mod unseen;

use crate::diagnosis::{Diagnoses, Diagnosis};
use crate::rig::Rig;
use crate::show::{Action, Cue, Effect, Show};
use crate::time::ShowTime;
use crate::timeline::{self, Compiled, Timeline, compile};

/// No more cues without effect than these are told one by one.
const UNSEEN_TOLD: usize = 100;
/// In larger shows cues without effect are not looked for: `check` shall take no more than 64 MiB of a small Pi.
const MOST_CHANGES: usize = 150_000;

/// Whether [`without_effect`] looks for such cues.
#[must_use]
pub fn looks_for_cues_without_effect(show: &Show) -> bool {
    changes(show) <= MOST_CHANGES
}

/// All that `check` warns about in `show`, which lasts for `length`, on `rig`; and the show as it is compiled.
#[must_use]
pub fn warnings(show: &Show, rig: &Rig, length: ShowTime) -> (Diagnoses, Compiled) {
    let mut told = without_effect(show, rig);
    let compiled = compile(show, rig);
    told.extend(strains(show, rig, length, &compiled.timeline));
    (told, compiled)
}

/// Warnings of fades that frames end, and of cues of `show` that have no effect on `rig`; of the latter none if they [are not
/// looked for](looks_for_cues_without_effect). Takes about the memory that compiling takes, so a small Pi should do one after
/// the other.
#[must_use]
pub fn without_effect(show: &Show, rig: &Rig) -> Diagnoses {
    let mut told = cut_fades::warnings(show);
    if !looks_for_cues_without_effect(show) {
        return told;
    }
    let all = timeline::unseen(show, rig);
    for unseen in all.iter().take(UNSEEN_TOLD) {
        told.push(unseen::warning(unseen, show, rig));
    }
    if let Some(more) = all.len().checked_sub(UNSEEN_TOLD).filter(|more| *more > 0) {
        told.push(Diagnosis::warning(&show.source, format!("{more} more cues have no effect")));
    }
    told
}

/// About how many changes cues and frames make, on all channels.
fn changes(show: &Show) -> usize {
    let of = |cue: &Cue| match &cue.action {
        Action::Over { effect, .. } => match effect {
            Effect::Pulse { ticks, .. }
            | Effect::Strobe { ticks, .. }
            | Effect::Chase { ticks, .. }
            | Effect::Steps { ticks, .. } => ticks.len(),
            // Its channels have the changes in common.
            Effect::Level(_) | Effect::Twinkle { .. } | Effect::Follow { .. } => 1,
        },
        Action::Set(_) | Action::Fade { .. } => 1,
    };
    let framed = show.frames.as_ref().map_or(0, |frames| frames.count_changes());
    framed + show.cues.iter().map(|cue| of(cue) * cue.channels.len()).sum::<usize>()
}

/// Warnings of flashes and wear in `show`, which lasts for `length` and is compiled for `rig` as `timeline`.
#[must_use]
pub fn strains(show: &Show, rig: &Rig, length: ShowTime, timeline: &Timeline) -> Diagnoses {
    strained::warnings(timeline::strain(timeline, rig, length), show, rig, length)
}
