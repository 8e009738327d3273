//! Lights that begin on beats as lines of a sheet: an even row of the same is one line with `every`. Knows no notes.

use std::collections::BTreeMap;

use super::grid::MidiGrid;
use super::tick_clock::TickClock;
use crate::import::cue_lines::{FEWEST_OF_A_ROW, length, line, names};
use crate::import::lit::LitEnd;
use crate::rig::{ChannelId, Rig};
use crate::time::ShowTime;

/// Lights that begin on beats.
pub(super) struct BeatRows<'a> {
    grid: &'a MidiGrid,
    clock: &'a TickClock,
    /// By lights, by what they do, and by how long a sheet says that it lasts.
    same: BTreeMap<(Vec<ChannelId>, String, String), Vec<BeatCue>>,
}

struct BeatCue {
    at: ShowTime,
    tick: u64,
    from: String,
    /// If it ends on a beat, too.
    to: Option<String>,
}

impl<'a> BeatRows<'a> {
    pub(super) fn new(grid: &'a MidiGrid, clock: &'a TickClock) -> Self {
        Self { grid, clock, same: BTreeMap::new() }
    }

    /// Takes what these lights do, if a sheet can say in beats when it begins. In the order of time.
    pub(super) fn take(&mut self, from: LitEnd, to: LitEnd, (lights, what): (&[ChannelId], &str)) -> bool {
        let place = |end: LitEnd| Some((end.tick?, self.grid.place(end.tick?, end.at)?));
        let Some((tick, place_from)) = place(from) else { return false };
        let (to_tick, place_to) = place(to).unzip();
        let in_beats = to_tick.and_then(|to| self.grid.length(tick, to));
        let lasts = in_beats.unwrap_or_else(|| length(to.at - from.at));
        let place_to = place_to.filter(|to| *to != place_from);
        let cue = BeatCue { at: from.at, tick, from: place_from, to: place_to };
        self.same.entry((lights.to_vec(), what.to_owned(), lasts)).or_default().push(cue);
        true
    }

    /// The lines, each with its time.
    pub(super) fn lines(&self, rig: &Rig) -> Vec<(ShowTime, String)> {
        let mut lines = Vec::new();
        for ((lights, what, lasts), cues) in &self.same {
            let who = names(lights, rig);
            let mut rest = &cues[..];
            while let [cue, others @ ..] = rest {
                let count = even(rest);
                let row = (count >= FEWEST_OF_A_ROW).then(|| self.row(&rest[..count])).flatten();
                let (when, what) = match (&row, &cue.to) {
                    (Some(row), _) => (row.clone(), format!("{what} for {lasts}")),
                    (None, Some(to)) => (format!("{} to {to}", cue.from), what.clone()),
                    (None, None) => (cue.from.clone(), format!("{what} for {lasts}")),
                };
                lines.push((cue.at, line("", &when, &who, &what)));
                rest = if row.is_some() { &rest[count..] } else { others };
            }
        }
        lines
    }

    /// When the even `cues` are, as a sheet says it in beats.
    fn row(&self, cues: &[BeatCue]) -> Option<String> {
        let [first, second, .., last] = cues else { return None };
        let end = last.tick + (second.tick - first.tick);
        let step = self.grid.length(first.tick, second.tick)?;
        // A beat must be of one length all along.
        if !self.grid.has_same_beats(first.tick, last.tick) {
            return None;
        }
        let to = self.grid.place(end, self.clock.time_of(end))?;
        Some(format!("{} to {to} every {step}", first.from))
    }
}

/// How many of `cues` from the first on are in even steps.
fn even(cues: &[BeatCue]) -> usize {
    let [first, second, ..] = cues else { return cues.len() };
    let step = second.tick - first.tick;
    1 + cues.windows(2).take_while(|pair| pair[1].tick - pair[0].tick == step).count()
}
