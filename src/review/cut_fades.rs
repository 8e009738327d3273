//! Fades that end early, because frames set the base again while they run. Judges one cue after another; changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnosis::{Diagnoses, Diagnosis, Help};
use crate::rig::ChannelId;
use crate::show::{Action, Cue, Frames, Show};
use crate::time::ShowTime;

/// Of more lines, the first ones are told.
const LINES_TOLD: usize = 20;

/// A warning for each line of `show` whose fade the frames end.
pub(super) fn warnings(show: &Show) -> Diagnoses {
    let mut told = Diagnoses::default();
    let Some(frames) = &show.frames else { return told };
    let mut cut: BTreeMap<usize, (ShowTime, &Cue)> = BTreeMap::new();
    for channel in frames.channels().collect::<BTreeSet<_>>() {
        for (time, cue) in cut_on(channel, show, frames) {
            cut.entry(cue.line.start).or_insert((time, cue));
        }
    }
    for (time, cue) in cut.values().take(LINES_TOLD) {
        let title = format!("the frames end this fade at {}", show.place_of(*time));
        let help = Help::advise("over frames, use an effect with an end, or a fade where they do not change");
        let warning = Diagnosis::warning(&show.source, title);
        told.push(warning.at(cue.line.clone(), "they change the light again").help(help));
    }
    told
}

/// The fades on `channel` that frames end, each with the time.
fn cut_on<'a>(channel: ChannelId, show: &'a Show, frames: &'a Frames) -> Vec<(ShowTime, &'a Cue)> {
    let sets_base =
        |cue: &&Cue| !matches!(cue.action, Action::Over { .. }) && cue.channels.contains(&channel);
    let mut cues: Vec<&Cue> = show.cues.iter().filter(sets_base).collect();
    cues.sort_by_key(|cue| cue.start);
    let mut changes = frames.changes_of(channel).into_iter().flatten().map(|(time, _)| time).peekable();
    let mut cut = Vec::new();
    for (index, cue) in cues.iter().enumerate() {
        while changes.next_if(|time| *time <= cue.start).is_some() {}
        let next_cue = cues.get(index + 1).map(|next| next.start);
        if let Some(time) = changes.peek()
            && *time < cue.end()
            && next_cue.is_none_or(|next| *time < next)
        {
            cut.push((*time, *cue));
        }
    }
    cut
}
