//! A chart with letters, for a terminal or a pipe: a row a channel, a column a beat, a bar or a time, sections above. It
//! folds to a width. Knows no terminal.

#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use crate::rig::Kind;
use crate::text_width::{cut_with, width_of};
use crate::time::ShowTime;

use super::blocks::{Block, rows, short_names};
use super::columns::{Column, blocks, columns, fitting};
use super::{Chart, ColumnUnit, Glyphs, Lane, TooManyColumns};

/// Rows for sections above a block.
const SECTION_ROWS: usize = 2;
/// A section that is shorter on the screen is only a mark among its neighbours.
const SHORTEST_SECTION: usize = 4;
/// Names have so much room at least, if the width allows it.
const LEAST_NAME_ROOM: usize = 5;
/// Between two parts of a line of words.
const BETWEEN: &str = "   ";

/// How a grid is written.
#[derive(Clone, Copy, Debug)]
pub struct GridForm {
    /// What a column is; without it, what is legible.
    pub unit: Option<ColumnUnit>,
    /// Columns of the terminal.
    pub width: usize,
    pub glyphs: Glyphs,
    pub colour: bool,
}

/// How a text is told from others on a screen with colors.
#[derive(Clone, Copy)]
enum Ink {
    Title,
    Heading,
    Quiet,
    Light(Kind),
}

impl Ink {
    /// As terminals take it (ECMA-48).
    const fn code(self) -> &'static str {
        match self {
            Self::Title => "1",
            Self::Heading => "1;35",
            Self::Quiet => "2",
            Self::Light(Kind::Relay) => "95",
            Self::Light(Kind::Ssr) => "96",
            Self::Light(Kind::Pwm | Kind::Dimmer) => "93",
        }
    }
}

/// The chart as lines of text.
///
/// # Errors
/// [`TooManyColumns`], where the form asks for them.
pub fn text(chart: &Chart, form: &GridForm) -> Result<String, TooManyColumns> {
    let names = chart.lanes.iter().map(|lane| width_of(&lane.name)).max().unwrap_or(0);
    let name_room = names.max(LEAST_NAME_ROOM).min(form.width / 3);
    let room = form.width.saturating_sub(name_room + 1);
    let unit = form.unit.unwrap_or_else(|| fitting(chart, room));
    let columns = columns(chart, unit)?;
    let mut grid = Grid { chart, form, name_room, text: String::new() };
    grid.head(unit);
    for block in blocks(&columns, room) {
        grid.text.push('\n');
        grid.block(block);
    }
    grid.foot();
    Ok(grid.text)
}

struct Grid<'a> {
    chart: &'a Chart,
    form: &'a GridForm,
    /// Columns before the first bar.
    name_room: usize,
    text: String,
}

impl Grid<'_> {
    fn paint(&mut self, ink: Ink, text: &str) {
        let _always = match self.form.colour && !text.trim().is_empty() {
            true => write!(self.text, "\x1b[{}m{text}\x1b[0m", ink.code()),
            false => write!(self.text, "{text}"),
        };
    }

    fn cut(&self, text: &str, room: usize) -> String {
        cut_with(text, room, self.form.glyphs.cut)
    }

    fn line(&mut self, ink: Ink, text: &str) {
        let text = self.cut(text.trim_end(), self.form.width);
        self.paint(ink, &text);
        self.text.push('\n');
    }

    /// As many of `parts` in a line as fit.
    fn lines(&mut self, parts: &[String]) {
        let mut line = String::new();
        for part in parts {
            if !line.is_empty() && width_of(&line) + BETWEEN.len() + width_of(part) > self.form.width {
                self.line(Ink::Quiet, &std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push_str(BETWEEN);
            }
            line.push_str(part);
        }
        self.line(Ink::Quiet, &line);
    }

    fn head(&mut self, unit: ColumnUnit) {
        let Chart { title, from, to, .. } = self.chart;
        self.line(Ink::Title, title);
        let column = format!("a column is {unit}");
        self.lines(&[format!("{} to {}", place(*from), place(*to)), column]);
    }

    fn block(&mut self, block: &[Column]) {
        let places = Places::of(block);
        let clock = block.first().map_or(String::new(), |first| first.start.to_minutes());
        let chart = self.chart;
        let headings: Vec<_> = chart.headings.iter().filter_map(|heading| places.part(heading)).collect();
        let mut left = clock;
        if !headings.is_empty() {
            let mut row = TextRow::default();
            for (heading, start, end) in headings {
                row.put(start, &self.label(&heading.name, end - start - 1));
            }
            self.row_above(&std::mem::take(&mut left), Ink::Heading, &row);
        }
        let place = |section: &Block| places.part(section).map_or((0, 0), |(_, start, end)| (start, end));
        let seen = |section: &&Block| {
            let (start, end) = place(section);
            end - start >= SHORTEST_SECTION
        };
        let sections: Vec<Block> = chart.sections.iter().filter(seen).cloned().collect();
        for sections in rows(&sections, SECTION_ROWS, place) {
            let mut row = TextRow::default();
            for section in sections {
                let (start, end) = place(section);
                row.put(start, &self.section(&section.name, end - start));
            }
            self.row_above(&std::mem::take(&mut left), Ink::Quiet, &row);
        }
        let mut row = TextRow::default();
        for (column, place) in block.iter().zip(&places.columns) {
            if let Some(label) = &column.label {
                row.put_if_free(*place, label);
            }
        }
        if !(left.is_empty() && row.text.is_empty()) {
            self.row_above(&left, Ink::Quiet, &row);
        }
        for lane in &chart.lanes {
            self.lane(lane, block);
        }
    }

    /// `name`, as much of it as fits into `room`.
    fn label(&self, name: &str, room: usize) -> String {
        let fitting = short_names(name).into_iter().find(|name| width_of(name) <= room);
        fitting.map_or_else(|| self.cut(name, room), str::to_owned)
    }

    /// `├name────`, as long as the section lasts.
    fn section(&self, name: &str, width: usize) -> String {
        let [first, then] = self.form.glyphs.section;
        let name = self.label(name, width - 1);
        let rest = width - 1 - width_of(&name);
        format!("{first}{name}{}", then.to_string().repeat(rest))
    }

    fn row_above(&mut self, left: &str, ink: Ink, row: &TextRow) {
        let room = self.name_room;
        let left = format!("{:room$} ", self.cut(left, room));
        self.paint(Ink::Quiet, &left);
        self.paint(ink, row.text.trim_end());
        let kept = self.text.trim_end_matches(' ').len();
        self.text.truncate(kept);
        self.text.push('\n');
    }

    fn lane(&mut self, lane: &Lane, block: &[Column]) {
        let room = self.name_room;
        let name = format!("{:room$} ", self.cut(&lane.name, room));
        self.text.push_str(&name);
        let glyphs = self.form.glyphs;
        for group in block.chunk_by(|_, next| !next.starts_group) {
            if group[0].starts_group {
                self.paint(Ink::Quiet, glyphs.bar.encode_utf8(&mut [0; 4]));
            }
            let light = |column: &Column| glyphs.light(lane.kind, lane.mean(column.start, column.end));
            let cells: String = group.iter().map(light).collect();
            self.paint(Ink::Light(lane.kind), &cells);
        }
        let kept = self.text.trim_end_matches(' ').len();
        self.text.truncate(kept);
        self.text.push('\n');
    }

    fn foot(&mut self) {
        let has = |dims: bool| self.chart.lanes.iter().any(|lane| lane.kind.dims() == dims);
        self.text.push('\n');
        match self.chart.lanes.is_empty() {
            true => self.line(Ink::Quiet, "no channel is ever lit"),
            false => self.lines(&self.form.glyphs.legend(has(false), has(true))),
        }
        if let Some(line) = dark_channels(&self.chart.dark, self.form.width) {
            self.line(Ink::Quiet, &line);
        }
    }
}

/// `1:20`, and thousandths of a second if there are any.
pub(super) fn place(time: ShowTime) -> String {
    if time.micros().is_multiple_of(1_000_000) { time.to_minutes() } else { time.to_millis() }
}

/// `dark all the time: fountain, escalator`, if there are such channels; as many of them as fit into `room`.
pub(super) fn dark_channels(names: &[String], room: usize) -> Option<String> {
    let line = |shown: usize| match names.len() - shown {
        0 => format!("dark all the time: {}", names.join(", ")),
        more if shown == 0 => format!("dark all the time: {more} channels"),
        more => format!("dark all the time: {} and {more} more", names[..shown].join(", ")),
    };
    let most = (0..=names.len().min(room)).rev().map(line).find(|line| width_of(line) <= room);
    most.or_else(|| Some(line(0))).filter(|_| !names.is_empty())
}

/// Where the columns of a block are, in letters after the names.
struct Places<'a> {
    block: &'a [Column],
    columns: Vec<usize>,
    width: usize,
}

impl<'a> Places<'a> {
    fn of(block: &'a [Column]) -> Self {
        let mut width = 0;
        let place = |column: &Column| {
            width += 1 + usize::from(column.starts_group);
            width - 1
        };
        let columns = block.iter().map(place).collect();
        Self { block, columns, width }
    }

    /// The letters that `part` takes in this block; `None` if it takes none.
    fn part<'b>(&self, part: &'b Block) -> Option<(&'b Block, usize, usize)> {
        let at = |time: ShowTime| self.block.partition_point(|column| column.end <= time);
        let first = at(part.start);
        let after = self.block.partition_point(|column| column.start < part.end);
        let start = *self.columns.get(first)?;
        let end = self.columns.get(after).map_or(self.width, |place| *place);
        (after > first).then_some((part, start, end))
    }
}

/// A line that is filled from left to right.
#[derive(Default)]
struct TextRow {
    text: String,
}

impl TextRow {
    fn put(&mut self, place: usize, text: &str) {
        let blank = place.saturating_sub(width_of(&self.text));
        self.text.extend(std::iter::repeat_n(' ', blank));
        self.text.push_str(text);
    }

    /// The same, if it touches no text.
    fn put_if_free(&mut self, place: usize, text: &str) {
        if self.text.is_empty() || width_of(&self.text) < place {
            self.put(place, text);
        }
    }
}
