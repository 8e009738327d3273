//! The beats of a whole song: those that were tapped and those around them; and a map of which a part was tapped again.

use std::time::Duration;

use super::found::Beats;
use crate::time::ShowTime;

/// The first bar may begin so much before the first sound: a note is not loud at once.
const SOFT_START: Duration = Duration::from_millis(100);
/// Two beats nearer than this are one: 1000 bpm.
const NEAREST: Duration = Duration::from_millis(60);
/// A map of a steady song has gaps that differ by less.
const EVEN: u64 = 3; // µs

impl Beats {
    /// The beats of a song that is heard from `start` to `end`, whole bars from its first on: the first is the first
    /// beat of a bar. Empty if there is no such bar.
    #[must_use]
    pub fn over_song(&self, beats_a_bar: u32, start: ShowTime, end: ShowTime) -> Vec<ShowTime> {
        let bar = i64::from(beats_a_bar.max(1));
        let start = start.saturating_sub(SOFT_START);
        let is_heard = |beat: i64| self.time_of(beat).is_some_and(|at| at >= start);
        // Back by bars from one that begins in the song.
        let mut first = self.bar_begins_at(beats_a_bar);
        while !is_heard(first) {
            if first > *self.tapped().end() && self.time_of(first).is_none() {
                return Vec::new(); // a day is over
            }
            first += bar;
        }
        while is_heard(first - bar) {
            first -= bar;
        }
        (first..).map_while(|beat| self.time_of(beat)).take_while(|at| *at <= end).collect()
    }

    /// The beats that were tapped.
    #[must_use]
    pub fn over_taps(&self) -> Vec<ShowTime> {
        self.tapped().filter_map(|beat| self.time_of(beat)).collect()
    }
}

/// `old` with the part that `new` covers replaced; both rise. An old beat that is nearer to the new part than half a beat
/// is one of its beats.
#[must_use]
pub fn replaced(old: &[ShowTime], new: &[ShowTime]) -> Vec<ShowTime> {
    let [first, .., last] = new else { return old.to_vec() };
    let half = (*last - *first) / (2 * (new.len() as u32 - 1));
    let half = half.max(NEAREST);
    let before = old.iter().filter(|beat| **beat + half < *first);
    let after = old.iter().filter(|beat| **beat > *last + half);
    before.chain(new).chain(after).copied().collect()
}

/// Whether all gaps of `beats` are the same.
#[must_use]
pub fn is_even(beats: &[ShowTime]) -> bool {
    let gaps = || beats.windows(2).map(|pair| pair[1].micros() - pair[0].micros());
    gaps().max().zip(gaps().min()).is_none_or(|(most, least)| most - least <= EVEN)
}
