//! Which timing grid of a sequence has its beats. Knows no cues.

use super::sequence::LorGrid;
use crate::show::Measure;
use crate::time::ShowTime;

/// Beats are 25 to 300 a minute.
const GAPS: std::ops::RangeInclusive<u128> = 200_000..=2_400_000;
/// Fewer marks are no beats of a song.
const FEWEST: usize = 8;

/// LOR has no bars: four beats are the most likely.
pub(super) fn four_four() -> Measure {
    Measure::of_beats(4)
}

/// The grid that has beats, by its name or by its even marks, and that `is_silent` takes: `check` would say nothing.
pub(super) fn beat_grid(grids: &[LorGrid], is_silent: impl Fn(&[ShowTime]) -> bool) -> Option<&LorGrid> {
    let is_named = |grid: &&LorGrid| grid.name.to_lowercase().contains("beat");
    let mut candidates: Vec<&LorGrid> = grids.iter().filter(is_named).collect();
    candidates.extend(grids.iter().filter(|grid| !is_named(grid)));
    candidates.into_iter().find(|grid| looks_like_beats(&grid.marks) && is_silent(&grid.marks))
}

/// Whether the marks are about as far apart as their neighbors, and as beats are.
fn looks_like_beats(marks: &[ShowTime]) -> bool {
    let gaps: Vec<u128> = marks.windows(2).map(|pair| (pair[1] - pair[0]).as_micros()).collect();
    marks.len() >= FEWEST
        && gaps.iter().all(|gap| GAPS.contains(gap))
        && gaps.windows(2).all(|pair| pair[0].max(pair[1]) * 2 <= pair[0].min(pair[1]) * 3)
}
