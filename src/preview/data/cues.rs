//! Which line of the sheet is behind the light, from when until when. Knows no levels.

use serde::Serialize;

use crate::show::{Action, Cue, Show};
use crate::time::ShowTime;

use super::sheet_lines::SheetLines;

#[derive(Serialize, Clone, Debug)]
pub(super) struct CueData {
    pub(super) line: usize,
    pub(super) start_us: u64,
    /// When its fade or effect ends. What a cue sets lasts until other cues have set all of its channels.
    end_us: u64,
    channels: Vec<usize>,
}

/// The cues of `show`, in order of start.
pub(super) fn cues(show: &Show, length: ShowTime, lines: &SheetLines) -> Vec<CueData> {
    let mut order: Vec<&Cue> = show.cues.iter().filter(|cue| cue.start < length).collect();
    order.sort_by_key(|cue| cue.start);
    // When the base of each channel is set next, seen from the end.
    let channels = order.iter().flat_map(|cue| cue.channels.iter()).map(|id| id.index() + 1).max();
    let mut next_set = vec![length; channels.unwrap_or_default()];
    let mut ends = vec![length; order.len()];
    for together in chunks_from_the_end(&order) {
        for at in together.clone() {
            let cue = order[at];
            let last = cue.channels.iter().map(|id| next_set[id.index()]).max();
            ends[at] = match cue.action {
                Action::Set(_) => last.unwrap_or(length),
                Action::Fade { .. } | Action::Over { .. } => cue.end().min(length),
            };
        }
        for cue in order[together].iter().filter(|cue| !matches!(cue.action, Action::Over { .. })) {
            cue.channels.iter().for_each(|id| next_set[id.index()] = cue.start);
        }
    }
    let cues = order.iter().zip(ends).map(|(cue, end)| CueData {
        line: lines.number(cue.line.start),
        start_us: cue.start.micros(),
        end_us: end.micros(),
        channels: cue.channels.iter().map(|id| id.index()).collect(),
    });
    cues.collect()
}

/// Those that start together, the last ones first.
fn chunks_from_the_end(order: &[&Cue]) -> Vec<std::ops::Range<usize>> {
    let mut end = 0;
    let mut chunks: Vec<_> = order
        .chunk_by(|one, other| one.start == other.start)
        .map(|chunk| {
            let start = end;
            end += chunk.len();
            start..end
        })
        .collect();
    chunks.reverse();
    chunks
}
