//! What `starcourt check` warns about in a show that can be played: cues that make no difference, flashes, wear. Changes
//! nothing, and knows no files.

mod unseen;

use crate::diagnosis::{Diagnoses, Diagnosis, Help};
use crate::rig::Rig;
use crate::show::{Action, Cue, Effect, Show};
use crate::time::ShowTime;
use crate::timeline::{self, Strain, Strained, Timeline};

/// No more cues without effect than these are told one by one.
const UNSEEN_TOLD: usize = 100;
/// In larger shows cues without effect are not looked for: `check` shall take no more than 64 MiB of a small Pi.
const MOST_CHANGES: usize = 150_000;

/// Whether [`without_effect`] looks for such cues.
#[must_use]
pub fn looks_for_cues_without_effect(show: &Show) -> bool {
    changes(show) <= MOST_CHANGES
}

/// Warnings of cues of `show` that have no effect on `rig`; none if they [are not looked
/// for](looks_for_cues_without_effect). Takes about the memory that compiling takes, so a small Pi should do one after
/// the other.
#[must_use]
pub fn without_effect(show: &Show, rig: &Rig) -> Diagnoses {
    let mut told = Diagnoses::default();
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

/// About how many changes the cues make, on all channels.
fn changes(show: &Show) -> usize {
    let of = |cue: &Cue| match &cue.action {
        Action::Over { effect, .. } => match effect {
            Effect::Pulse { ticks, .. }
            | Effect::Strobe { ticks, .. }
            | Effect::Chase { ticks, .. }
            | Effect::Steps { ticks, .. } => ticks.len(),
            Effect::Level(_) | Effect::Twinkle { .. } => 1,
        },
        Action::Set(_) | Action::Fade { .. } => 1,
    };
    show.cues.iter().map(|cue| of(cue) * cue.channels.len()).sum()
}

/// Warnings of flashes and wear in `show`, which lasts for `length` and is compiled for `rig` as `timeline`.
#[must_use]
pub fn strains(show: &Show, rig: &Rig, length: ShowTime, timeline: &Timeline) -> Diagnoses {
    let mut told = Diagnoses::default();
    for strain in timeline::strain(timeline, rig, length) {
        told.push(strained(&strain, show, rig, length));
    }
    told
}

fn strained(strain: &Strain, show: &Show, rig: &Rig, length: ShowTime) -> Diagnosis {
    let name = &rig.channel(strain.channel).name;
    let warning = match strain.what {
        Strained::Eyes { flashes } => Diagnosis::warning(
            &show.source,
            format!("`{name}` flashes up to {flashes} times a second, from {} on", show.place_of(strain.time)),
        )
        .help(Help::advise("more than three flashes a second can cause a seizure; `flash` under `[limits]` in the rig is the limit")),
        Strained::Contacts { switchings } => {
            let rate = switchings as f64 / length.as_duration().as_secs_f64();
            Diagnosis::warning(
                &show.source,
                format!("the relay `{name}` switches {switchings} times, {rate:.1} times a second on average"),
            )
            .help(Help::advise("above 0.5 a second a relay's contacts wear out within months; an SSR never does"))
        }
    };
    match show.line_behind(strain.channel, strain.time) {
        Some(line) => warning.at(line, "from this cue on"),
        None => warning,
    }
}
