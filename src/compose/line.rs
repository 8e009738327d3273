//! The lines of a composed sheet, before they are text. Times are beats from the beginning of bar 1, of the song or of a
//! section. Knows no lights and no song.

use std::fmt::Write as _;

use crate::beats::BarBeat;

const WHEN: usize = 26;
const WHO: usize = 26;
const WHAT: usize = 44;
/// Dashes of a heading go so far.
const WIDTH: usize = 108;
const ALWAYS: &str = "a String takes everything";

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Line {
    /// A comment that begins a part.
    Heading(String),
    Cue(CueLine),
    Grid(Grid),
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
pub(super) struct Grid {
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) by: &'static str,
    pub(super) rows: Vec<GridRow>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct GridRow {
    pub(super) who: String,
    pub(super) strip: String,
    pub(super) why: &'static str,
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

impl From<CueLine> for Line {
    fn from(cue: CueLine) -> Self {
        Self::Cue(cue)
    }
}

impl Line {
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
    pub(super) fn write(&self, text: &mut String, in_bar: u32, indent: &str) {
        let place = |beat: i64| {
            let in_bar = i64::from(in_bar);
            let BarBeat { bar, beat } =
                BarBeat { bar: beat.div_euclid(in_bar) + 1, beat: beat.rem_euclid(in_bar) + 1 };
            format!("{bar}.{beat}")
        };
        match self {
            Self::Heading(heading) => {
                let dashes = WIDTH.saturating_sub(heading.chars().count() + 8).max(3);
                writeln!(text, "\n# ---- {heading} {}", "-".repeat(dashes)).expect(ALWAYS);
            }
            Self::Cue(cue) => {
                let when = match &cue.when {
                    CueWhen::Start => "0:00".to_owned(),
                    CueWhen::At(at) => place(*at),
                    CueWhen::Span(from, to) => format!("{} to {}", place(*from), place(*to)),
                    CueWhen::Every { from, to, every } => {
                        format!("{} to {} every {every}", place(*from), place(*to))
                    }
                };
                let when = format!("{indent}{when}");
                let what = cue.what.first().map_or("", String::as_str);
                let (who, why) = (&cue.who, &cue.why);
                match why.is_empty() {
                    true => writeln!(text, "{when:<WHEN$}  {who:<WHO$}  {what}"),
                    false => writeln!(text, "{when:<WHEN$}  {who:<WHO$}  {what:<WHAT$}  # {why}"),
                }
                .expect(ALWAYS);
            }
            Self::Grid(grid) => {
                let (from, to) = (place(grid.from), place(grid.to));
                writeln!(text, "{indent}steps {from} to {to} by {}", grid.by).expect(ALWAYS);
                let who = grid.rows.iter().map(|row| row.who.len()).max().unwrap_or(0).max(WHEN - 4);
                let strip = grid.rows.iter().map(|row| row.strip.len()).max().unwrap_or(0);
                for row in &grid.rows {
                    let (name, steps, why) = (&row.who, &row.strip, row.why);
                    writeln!(text, "{indent}  {name:<who$}  {steps:<strip$}    # {why}").expect(ALWAYS);
                }
            }
        }
    }
}
