//! What a cue sheet is made of, before its times are known. Knows no text.

use std::sync::Arc;

use super::head::Head;
use super::length::LengthAt;
use super::map_line::MapLine;
use super::memory_cost;
use super::step_row::Step;
use super::what::What;
use super::when::When;
use super::who::Who;
use super::words::{Bytes, Word};

#[derive(Clone, Debug, Default)]
pub(super) struct Sheet<'a> {
    pub(super) head: Head<'a>,
    pub(super) maps: Vec<MapLine>,
    /// Whether a `map` line has a mistake.
    pub(super) has_lost_map: bool,
    /// In pieces, so that each can be freed once it is unfolded: a quarter of a million cues take 30 MiB here.
    pub(super) items: Vec<Vec<SheetItem<'a>>>,
    pub(super) sections: Vec<Section<'a>>,
}

/// Lines that are played by name. Their times count from the section's start.
#[derive(Clone, Debug)]
pub(super) struct Section<'a> {
    pub(super) name: Word<'a>,
    pub(super) items: Vec<SheetItem<'a>>,
}

/// A line with a time.
#[derive(Clone, Debug)]
pub(super) struct SheetItem<'a> {
    pub(super) when: When,
    pub(super) instruction: Instruction<'a>,
    /// Its line.
    pub(super) span: Bytes,
}

impl SheetItem<'_> {
    /// What it takes, in bytes, about.
    pub(super) fn memory(&self) -> u64 {
        let rows = match &self.instruction {
            Instruction::Steps { rows, .. } => {
                rows.iter().map(|row| memory_cost::of_row(row.strip.len())).sum()
            }
            Instruction::Cue { .. } | Instruction::Play { .. } => 0,
        };
        memory_cost::ITEM + rows
    }
}

impl Section<'_> {
    /// What it takes with its lines, in bytes, about.
    pub(super) fn memory(&self) -> u64 {
        memory_cost::SECTION + self.items.iter().map(SheetItem::memory).sum::<u64>()
    }
}

#[derive(Clone, Debug)]
pub(super) enum Instruction<'a> {
    Cue { who: Who, what: What, lasts: Option<Box<LengthAt>> },
    Play { section: Word<'a>, lasts: Option<Box<LengthAt>> },
    Steps { by: LengthAt, rows: Vec<Row> },
}

#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) who: Who,
    pub(super) strip: Arc<[Step]>,
    /// The line it stands in.
    pub(super) span: Bytes,
}
