//! The named parts of a show: its headings and its sections, and how they lie beside one another in a few rows. Knows
//! nothing of how they are drawn.

use std::cmp::Reverse;

use crate::printable::printable;
use crate::show::Show;
use crate::time::ShowTime;

/// A named part of a show.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Block {
    pub name: String,
    pub start: ShowTime,
    pub end: ShowTime,
}

impl Block {
    /// As much of it as lies between `from` and `to`, if any does.
    fn within(self, from: ShowTime, to: ShowTime) -> Option<Self> {
        let (start, end) = (self.start.max(from), self.end.min(to));
        (start < end).then_some(Self { start, end, ..self })
    }
}

/// The headings of `show`; each lasts until the next one begins.
pub(super) fn headings(show: &Show, from: ShowTime, to: ShowTime) -> Vec<Block> {
    let headings = show.headings();
    let ends = headings.iter().skip(1).map(|heading| heading.start).chain([ShowTime::MAX]);
    let blocks = headings.iter().zip(ends).map(|(heading, end)| Block {
        name: printable(heading.text),
        start: heading.start,
        end,
    });
    blocks.filter_map(|block| block.within(from, to)).collect()
}

/// The sections that `show` plays, in order of time.
pub(super) fn sections(show: &Show, from: ShowTime, to: ShowTime) -> Vec<Block> {
    let blocks = show.plays.iter().map(|play| Block {
        name: printable(play.name(&show.source)),
        start: play.start,
        end: play.end,
    });
    let mut blocks: Vec<_> = blocks.filter_map(|block| block.within(from, to)).collect();
    blocks.sort_by_key(|block| (block.start, Reverse(block.end)));
    blocks
}

/// The blocks in at most `most` rows, so that no two in a row are at the same place; `place` says from where to where one
/// lies. The longest find room first, and what finds none is left out.
pub(super) fn rows<T: Ord + Copy>(
    blocks: &[Block],
    most: usize,
    place: impl Fn(&Block) -> (T, T),
) -> Vec<Vec<&Block>> {
    let mut by_length: Vec<&Block> = blocks.iter().collect();
    by_length.sort_by_key(|block| (Reverse(block.end - block.start), block.start));
    let mut rows: Vec<Vec<&Block>> = Vec::new();
    for block in by_length {
        let (start, end) = place(block);
        let is_free = |row: &Vec<&Block>| {
            row.iter().map(|other| place(other)).all(|(other, other_end)| end <= other || other_end <= start)
        };
        match rows.iter().position(is_free) {
            Some(row) => rows[row].push(block),
            None if rows.len() < most => rows.push(vec![block]),
            None => {}
        }
    }
    for row in &mut rows {
        row.sort_by_key(|block| block.start);
    }
    rows
}

/// `name`, or its words before the first comma or colon, whichever fits into `room` first.
pub(super) fn short_names(name: &str) -> [&str; 2] {
    let short = name.split([',', ':', '(']).next().unwrap_or(name).trim();
    [name, short]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(name: &str, start: u64, end: u64) -> Block {
        let (start, end) = (ShowTime::from_micros(start), ShowTime::from_micros(end));
        Block { name: name.to_owned(), start, end }
    }

    #[test]
    fn no_two_blocks_of_a_row_are_at_the_same_place() {
        let blocks =
            [block("a", 0, 10), block("b", 2, 4), block("c", 4, 6), block("d", 3, 5), block("e", 10, 20)];
        let told = |most| -> Vec<String> {
            let rows = rows(&blocks, most, |block| (block.start, block.end));
            rows.iter().map(|row| row.iter().map(|block| block.name.as_str()).collect()).collect()
        };
        assert_eq!(told(3), ["ae", "bc", "d"]);
        assert_eq!(told(2), ["ae", "bc"]);
        assert_eq!(told(0), [""; 0]);
    }

    #[test]
    fn a_block_is_cut_to_the_part_that_is_seen() {
        let at = ShowTime::from_micros;
        assert_eq!(block("a", 0, 10).within(at(5), at(8)), Some(block("a", 5, 8)));
        assert_eq!(block("a", 0, 5).within(at(5), at(8)), None);
    }
}
