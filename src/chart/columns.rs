//! The columns of a grid: how long each is, and how they lie in blocks of a certain width. Knows no lights.

use std::fmt;
use std::time::Duration;

use crate::time::ShowTime;

use super::Chart;

/// A grid with more columns than this is no picture.
const MOST: usize = 100_000;
/// A grid has at most so many blocks, one below the other, if the person did not ask for them; one in bars a few more,
/// since music is counted in bars.
const MOST_BLOCKS: usize = 4;
const MOST_BLOCKS_OF_BARS: usize = 8;
/// Lengths of columns in a show without a tempo, in milliseconds, and how many columns make a group.
const LENGTHS: [(u64, usize); 14] = [
    (100, 10),
    (200, 5),
    (500, 10),
    (1_000, 10),
    (2_000, 5),
    (5_000, 6),
    (10_000, 6),
    (30_000, 10),
    (60_000, 10),
    (120_000, 5),
    (300_000, 6),
    (600_000, 6),
    (1_800_000, 4),
    (3_600_000, 6),
];
/// Bars that stand together.
const BARS_A_GROUP: i64 = 4;

/// What a column of a grid is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ColumnUnit {
    Beat,
    Bar,
    Time(Duration),
}

impl fmt::Display for ColumnUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Beat => f.write_str("one beat"),
            Self::Bar => f.write_str("one bar"),
            Self::Time(length) => match length.as_millis() {
                whole if whole.is_multiple_of(1_000) => write!(f, "{} s", whole / 1_000),
                millis => write!(f, "{millis} ms"),
            },
        }
    }
}

/// A grid would have more columns than anybody reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooManyColumns {
    pub count: usize,
    pub unit: ColumnUnit,
}

impl fmt::Display for TooManyColumns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { count, unit } = self;
        write!(
            f,
            "this part has {count} columns of {unit}, and at most {MOST} are shown; \
             choose longer columns with --by, or a shorter part with --from and --to"
        )
    }
}

impl std::error::Error for TooManyColumns {}

/// A column of a grid.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Column {
    pub(super) start: ShowTime,
    pub(super) end: ShowTime,
    /// Above the first column of a group.
    pub(super) label: Option<String>,
    /// A bar, or several bars or seconds, begin.
    pub(super) starts_group: bool,
    /// A good place for the beginning of a block.
    pub(super) starts_line: bool,
}

/// The columns of `chart`, one after another without a gap.
pub(super) fn columns(chart: &Chart, unit: ColumnUnit) -> Result<Vec<Column>, TooManyColumns> {
    let mut columns = match unit {
        ColumnUnit::Beat => by_beat(chart),
        ColumnUnit::Bar => by_bar(chart),
        ColumnUnit::Time(length) => by_time(chart, length)?,
    };
    if columns.len() > MOST {
        return Err(TooManyColumns { count: columns.len(), unit });
    }
    // What lies before the first beat.
    if columns.first().is_none_or(|first| first.start > chart.from) {
        let start = chart.from;
        columns.insert(0, Column { start, end: start, label: None, starts_group: true, starts_line: true });
    }
    for index in 0..columns.len() {
        columns[index].end = columns.get(index + 1).map_or(chart.to, |next| next.start);
    }
    Ok(columns)
}

fn by_beat(chart: &Chart) -> Vec<Column> {
    let column = |beat: &crate::show::Beat| {
        let starts_group = beat.beat == 1;
        let label = (starts_group && beat.bar >= 1).then(|| beat.bar.to_string());
        let starts_line = starts_group && is_round(beat.bar, BARS_A_GROUP);
        Column { start: beat.time, end: beat.time, label, starts_group, starts_line }
    };
    chart.beats.iter().map(column).collect()
}

fn by_bar(chart: &Chart) -> Vec<Column> {
    let bars = chart.beats.iter().filter(|beat| beat.beat == 1);
    let column = |bar: &crate::show::Beat| {
        let starts_group = is_round(bar.bar, BARS_A_GROUP);
        let label = (starts_group && bar.bar >= 1).then(|| bar.bar.to_string());
        let starts_line = is_round(bar.bar, 4 * BARS_A_GROUP);
        Column { start: bar.time, end: bar.time, label, starts_group, starts_line }
    };
    bars.map(column).collect()
}

/// Whether a group of so many bars begins with `bar`; the first begins with bar 1.
const fn is_round(bar: i64, bars: i64) -> bool {
    (bar - 1).rem_euclid(bars) == 0
}

fn by_time(chart: &Chart, length: Duration) -> Result<Vec<Column>, TooManyColumns> {
    let step = (length.as_micros() as u64).max(1);
    let count = (chart.to - chart.from).as_micros() as u64 / step;
    let count = usize::try_from(count).unwrap_or(usize::MAX).saturating_add(1);
    if count > MOST {
        return Err(TooManyColumns { count, unit: ColumnUnit::Time(length) });
    }
    let known = LENGTHS.iter().find(|(known, _)| known * 1_000 == step);
    let group = known.map_or(10, |(_, group)| *group as u64);
    // Columns begin at whole numbers of their length, whatever part is seen.
    let first = chart.from.micros() / step;
    let last = chart.to.micros().div_ceil(step);
    let column = |number: u64| {
        let starts_group = number.is_multiple_of(group);
        let whole = ShowTime::from_micros(number * step);
        let start = whole.max(chart.from);
        let label = (starts_group && start == whole).then(|| place(start, length));
        Column { start, end: start, label, starts_group, starts_line: starts_group }
    };
    Ok((first..last).map(column).collect())
}

/// `1:20`, with as many decimals as columns of this length need.
fn place(time: ShowTime, length: Duration) -> String {
    match length.as_millis() {
        _ if time.micros().is_multiple_of(1_000_000) => time.to_minutes(),
        ..100 => time.to_millis(),
        _ => format!("{}.{}", time.to_minutes(), time.micros() / 100_000 % 10),
    }
}

/// The unit with which a grid of `room` columns is legible: beats, or bars if those are too many, or a time.
pub(super) fn fitting(chart: &Chart, room: usize) -> ColumnUnit {
    let is_fitting = |unit: &ColumnUnit| {
        columns(chart, *unit).is_ok_and(|columns| {
            let most = if *unit == ColumnUnit::Bar { MOST_BLOCKS_OF_BARS } else { MOST_BLOCKS };
            blocks(&columns, room).len() <= most
        })
    };
    let times = LENGTHS.map(|(millis, _)| ColumnUnit::Time(Duration::from_millis(millis)));
    let music: &[ColumnUnit] =
        if chart.beats.is_empty() { &[] } else { &[ColumnUnit::Beat, ColumnUnit::Bar] };
    let longest = times[times.len() - 1];
    music.iter().copied().chain(times).find(is_fitting).unwrap_or(longest)
}

/// Columns that stand side by side in `room` letters, with one letter before each group. Each block has one column at
/// least, and whole groups where there is room for one.
pub(super) fn blocks(columns: &[Column], room: usize) -> Vec<&[Column]> {
    let mut blocks = Vec::new();
    let mut rest = columns;
    while !rest.is_empty() {
        let (block, after) = rest.split_at(first_block(rest, room));
        blocks.push(block);
        rest = after;
    }
    blocks
}

/// How many of `columns` make the first block.
fn first_block(columns: &[Column], room: usize) -> usize {
    let mut width = 0;
    let fits = |column: &&Column| {
        width += 1 + usize::from(column.starts_group);
        width <= room
    };
    let most = columns.iter().take_while(fits).count().max(1);
    if most == columns.len() {
        return most;
    }
    let last = |good: fn(&Column) -> bool| (1..=most).rev().find(|end| good(&columns[*end]));
    let line = last(|column| column.starts_line).filter(|end| 2 * end >= most);
    line.or_else(|| last(|column| column.starts_group)).unwrap_or(most)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{chart, with_tempo};
    use super::*;

    fn widths(chart: &Chart, unit: ColumnUnit, room: usize) -> Vec<usize> {
        blocks(&columns(chart, unit).unwrap(), room).iter().map(|block| block.len()).collect()
    }

    #[test]
    fn columns_cover_the_part_without_a_gap() {
        for chart in [chart("0:20"), with_tempo("0:20", "112 bpm, 3/4, first beat at 0.420 s")] {
            for unit in [ColumnUnit::Beat, ColumnUnit::Bar, ColumnUnit::Time(Duration::from_millis(333))] {
                let columns = columns(&chart, unit).unwrap();
                assert_eq!((columns[0].start, columns.last().unwrap().end), (chart.from, chart.to));
                for pair in columns.windows(2) {
                    assert!(pair[0].start < pair[0].end && pair[0].end == pair[1].start, "{pair:?}");
                }
            }
        }
    }

    #[test]
    fn blocks_begin_with_a_bar_and_at_a_round_one_if_they_can() {
        let chart = with_tempo("0:32", "120 bpm, 4/4"); // 16 bars
        assert_eq!(widths(&chart, ColumnUnit::Beat, 79), [48, 16]);
        assert_eq!(widths(&chart, ColumnUnit::Beat, 24), [16, 16, 16, 16]);
        assert_eq!(widths(&chart, ColumnUnit::Beat, 11), [8; 8]);
        assert_eq!(widths(&chart, ColumnUnit::Beat, 3), [2; 32]);
        assert_eq!(widths(&chart, ColumnUnit::Beat, 0), [1; 64]);
        assert_eq!(widths(&chart, ColumnUnit::Bar, 80), [16]);
    }

    #[test]
    fn a_longer_part_has_longer_columns() {
        let seconds = |seconds| ColumnUnit::Time(Duration::from_secs(seconds));
        let tempo = "120 bpm, 4/4";
        for (chart, unit) in [
            (with_tempo("1:17", tempo), ColumnUnit::Beat),
            (with_tempo("5:00", tempo), ColumnUnit::Bar),
            (with_tempo("23:00:00", tempo), seconds(600)),
            (chart("0:10"), ColumnUnit::Time(Duration::from_millis(100))),
            (chart("3:00"), seconds(1)),
            (chart("10:00"), seconds(5)),
        ] {
            assert_eq!(fitting(&chart, 66), unit, "{}", chart.to);
        }
    }

    #[test]
    fn more_columns_than_anybody_reads_are_refused() {
        let tiny = ColumnUnit::Time(Duration::from_micros(100));
        let refused = columns(&chart("1:00"), tiny).unwrap_err();
        assert_eq!(refused.count, 600_001);
    }
}
