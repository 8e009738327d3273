//! The lines of a composed sheet, before they are text. Times are beats from the beginning of bar 1, of the song or of a
//! section. Knows no lights and no song.

use std::fmt::Write as _;

use crate::beats::BeatPlace;

/// Columns are no wider; what is longer moves the next one.
const WIDEST: usize = 44;
/// Dashes of a heading go so far.
const WIDTH: usize = 100;
const ALWAYS: &str = "a String takes everything";

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum ComposedLine {
    /// A comment that begins a part.
    Heading(String),
    Cue(CueLine),
    Grid(StepGrid),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct CueLine {
    pub(super) when: CueWhen,
    pub(super) who: String,
    /// What is wanted, and what else would do if a rule forbids it.
    pub(super) what: Vec<String>,
    pub(super) why: String,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum CueWhen {
    /// The beginning of the music, before its first bar.
    Start,
    At(i64),
    Span(i64, i64),
    Every {
        from: i64,
        to: i64,
        every: String,
    },
}

/// A grid of steps, of which each row repeats to the end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct StepGrid {
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) by: String,
    pub(super) rows: Vec<StepGridRow>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct StepGridRow {
    pub(super) who: String,
    pub(super) strip: String,
    pub(super) why: &'static str,
}

/// How wide the columns of a sheet are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct ColumnWidths {
    when: usize,
    who: usize,
    what: usize,
}

impl ColumnWidths {
    /// As wide as these lines need, which are indented by `indent`.
    pub(super) fn of(lines: &[ComposedLine], in_bar: u32, indent: &str) -> Self {
        lines.iter().fold(Self::default(), |widths, line| match line {
            ComposedLine::Cue(cue) => widths.widest(Self {
                when: indent.len() + cue.when.text(in_bar).len(),
                who: cue.who.len(),
                what: if cue.why.is_empty() { 0 } else { cue.what.first().map_or(0, String::len) },
            }),
            ComposedLine::Grid(_) | ComposedLine::Heading(_) => widths,
        })
    }

    pub(super) fn widest(self, other: Self) -> Self {
        let wider = |one: usize, other: usize| one.max(other).min(WIDEST);
        Self {
            when: wider(self.when, other.when),
            who: wider(self.who, other.who),
            what: wider(self.what, other.what),
        }
    }

    /// A comment that names the columns.
    pub(super) fn names(self) -> String {
        let Self { when, who, .. } = self;
        format!("{:<when$}  {:<who$}  what\n", "# when", "who")
    }
}

impl CueWhen {
    fn text(&self, in_bar: u32) -> String {
        let place = |beat: &i64| BeatPlace::of(*beat, in_bar);
        match self {
            Self::Start => "0:00".to_owned(),
            Self::At(at) => place(at).to_string(),
            Self::Span(from, to) => format!("{} to {}", place(from), place(to)),
            Self::Every { from, to, every } => format!("{} to {} every {every}", place(from), place(to)),
        }
    }
}

impl CueLine {
    pub(super) fn new(when: CueWhen, who: &str, what: impl Into<String>) -> Self {
        Self { when, who: who.to_owned(), what: vec![what.into()], why: String::new() }
    }

    /// What to write instead if a rule forbids all before it.
    pub(super) fn or(mut self, what: impl Into<String>) -> Self {
        self.what.push(what.into());
        self
    }

    pub(super) fn why(mut self, why: impl Into<String>) -> Self {
        self.why = why.into();
        self
    }
}

impl From<CueLine> for ComposedLine {
    fn from(cue: CueLine) -> Self {
        Self::Cue(cue)
    }
}

impl ComposedLine {
    /// The same, so many beats later.
    pub(super) fn later(mut self, beats: i64) -> Self {
        match &mut self {
            Self::Heading(_) => {}
            Self::Cue(cue) => match &mut cue.when {
                CueWhen::Start => {}
                CueWhen::At(at) => *at += beats,
                CueWhen::Span(from, to) | CueWhen::Every { from, to, .. } => {
                    *from += beats;
                    *to += beats;
                }
            },
            Self::Grid(grid) => {
                grid.from += beats;
                grid.to += beats;
            }
        }
        self
    }

    /// Writes it, and ends each of its lines.
    pub(super) fn write(&self, text: &mut String, in_bar: u32, indent: &str, widths: ColumnWidths) {
        let ColumnWidths { when: first, who: second, what: third } = widths;
        match self {
            Self::Heading(heading) => {
                let dashes = WIDTH.saturating_sub(heading.chars().count() + 8).max(3);
                writeln!(text, "\n# ---- {heading} {}", "-".repeat(dashes)).expect(ALWAYS);
            }
            Self::Cue(CueLine { when, who, what, why }) => {
                let when = format!("{indent}{}", when.text(in_bar));
                let what = what.first().map_or("", String::as_str);
                match why.is_empty() {
                    true => writeln!(text, "{when:<first$}  {who:<second$}  {what}"),
                    false => writeln!(text, "{when:<first$}  {who:<second$}  {what:<third$}  # {why}"),
                }
                .expect(ALWAYS);
            }
            Self::Grid(StepGrid { from, to, by, rows }) => {
                let (from, to) = (BeatPlace::of(*from, in_bar), BeatPlace::of(*to, in_bar));
                writeln!(text, "{indent}steps {from} to {to} by {by}").expect(ALWAYS);
                // Names and strips stand in the columns of other cues.
                let strip = rows.iter().map(|row| row.strip.len()).max().unwrap_or(0).max(third);
                for StepGridRow { who, strip: steps, why } in rows {
                    let indent = format!("{indent}  ");
                    writeln!(text, "{indent:<first$}  {who:<second$}  {steps:<strip$}  # {why}")
                        .expect(ALWAYS);
                }
            }
        }
    }
}
