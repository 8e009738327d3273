//! A mistake in a file, reported as a good compiler does: what is wrong, where, what was expected, how to mend it.
//! Knows nothing of what the file means.

mod clip;
mod encoding;
mod follow;
mod foreign;
mod help;
mod json;
mod near;
mod short;
mod source;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::printable::{printable, printable_in_place};

use clip::clipped;

pub use encoding::decoded;
pub(crate) use follow::TryResult;
pub(crate) use help::any_of;
pub use help::{Help, Mend};
pub use near::{did_you_mean, near_ones, nearest};
pub use short::in_a_line;
pub use source::Source;

/// No more mistakes than this are shown: a person mends the first ones and asks again.
const SHOWN: usize = 40;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Severity {
    /// The file cannot be used.
    Error,
    /// Legal, but harmful to lamps, relays or people.
    Warning,
}

/// One mistake, with the place it was made at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnosis {
    severity: Severity,
    title: String,
    source: Arc<Source>,
    /// Bytes of the source's text; without it the file as a whole is meant.
    span: Option<Range<usize>>,
    label: String,
    /// A second place that belongs to the mistake, with its label.
    other: Option<(Range<usize>, String)>,
    help: Option<Help>,
}

impl Diagnosis {
    /// `title` says what is wrong, in one line.
    pub fn error(source: &Arc<Source>, title: impl Into<String>) -> Self {
        Self::new(Severity::Error, source, title.into())
    }

    /// `title` says what will do harm, in one line.
    pub fn warning(source: &Arc<Source>, title: impl Into<String>) -> Self {
        Self::new(Severity::Warning, source, title.into())
    }

    fn new(severity: Severity, source: &Arc<Source>, title: String) -> Self {
        let source = Arc::clone(source);
        let title = clipped(printable(&title));
        Self { severity, title, source, span: None, label: String::new(), other: None, help: None }
    }

    /// Underlines `span`, in bytes of the source, with `label` (which may be empty) beside it.
    #[must_use]
    pub fn at(mut self, span: Range<usize>, label: impl Into<String>) -> Self {
        self.span = Some(self.source.clamp(span));
        self.label = clipped(printable(&label.into()));
        self
    }

    /// Underlines a second place of the same source, such as the first of two that clash.
    #[must_use]
    pub fn also_at(mut self, span: Range<usize>, label: impl Into<String>) -> Self {
        self.other = Some((self.source.clamp(span), clipped(printable(&label.into()))));
        self
    }

    /// What to do about it.
    #[must_use]
    pub fn help(self, help: Help) -> Self {
        self.help_if_any(Some(help))
    }

    /// As [`help`](Self::help), if there is any.
    #[must_use]
    pub fn help_if_any(mut self, help: Option<Help>) -> Self {
        self.help = help.map(Help::said_for_people);
        self
    }

    /// What to do about it, in words.
    #[must_use]
    pub fn advice(&self) -> Option<&str> {
        self.help.as_ref().map(|help| help.words.as_str())
    }

    /// Takes its help away.
    pub(crate) fn take_help(&mut self) -> Option<Help> {
        self.help.take()
    }

    /// What its help says to write with the person's own names and numbers.
    pub(crate) fn own_mends(&self) -> Vec<Mend> {
        self.help.as_ref().map_or(Vec::new(), |help| help.own_mends().to_vec())
    }

    /// The ways to mend it that its help gives. Each is enough alone.
    #[must_use]
    pub fn mends(&self) -> &[Mend] {
        self.help.as_ref().map_or(&[], |help| &help.mends)
    }

    #[must_use]
    pub fn severity(&self) -> Severity {
        self.severity
    }

    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What stands beside what is underlined; it may be empty.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The text that it is about.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The bytes of the source that are underlined.
    #[must_use]
    pub fn span(&self) -> Option<Range<usize>> {
        self.span.clone()
    }

    /// The line of this program that gives its help.
    #[must_use]
    pub fn help_site(&self) -> Option<&'static std::panic::Location<'static>> {
        self.help.as_ref().map(|help| help.site)
    }

    fn render<'a>(&'a self, renderer: &Renderer) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let path = printable(&self.source.path().display().to_string());
        let title = level.primary_title(&self.title);
        let group = match &self.span {
            Some(span) => {
                let both = self.other.iter().fold(span.clone(), |both, (other, _)| {
                    both.start.min(other.start)..both.end.max(other.end)
                });
                let (lines, offset, number) = self.source.lines_around(&both);
                let lines = printable_in_place(lines);
                let mark = |kind: AnnotationKind, span: &Range<usize>, label: &'a str| {
                    let label = (!label.is_empty()).then_some(label);
                    kind.span(span.start - offset..span.end - offset).label(label)
                };
                let snippet = Snippet::source(lines)
                    .path(&path)
                    .line_start(number)
                    .annotation(mark(AnnotationKind::Primary, span, &self.label))
                    .annotations(
                        self.other.iter().map(|(span, label)| mark(AnnotationKind::Context, span, label)),
                    );
                title.element(snippet)
            }
            None => title.element(annotate_snippets::Origin::path(&path)),
        };
        let group = match &self.help {
            Some(help) => group.element(Level::HELP.message(&help.words)),
            None => group,
        };
        renderer.render(&[group])
    }
}

/// Everything that is wrong with one or more files.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Diagnoses(Vec<Diagnosis>);

impl Diagnoses {
    /// After this many mistakes a reader stops: it is another kind of file.
    pub const MANY: usize = 1_000;

    pub fn push(&mut self, diagnosis: Diagnosis) {
        self.0.push(diagnosis);
    }

    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether there are so many that the reader of the file may stop.
    #[must_use]
    pub fn are_many(&self) -> bool {
        self.0.len() >= Self::MANY
    }

    #[must_use]
    pub fn errors(&self) -> usize {
        self.0.iter().filter(|diagnosis| diagnosis.severity == Severity::Error).count()
    }

    #[must_use]
    pub fn warnings(&self) -> usize {
        self.0.len() - self.errors()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Diagnosis> {
        self.0.iter()
    }

    pub(crate) fn into_each(self) -> impl Iterator<Item = Diagnosis> {
        self.0.into_iter()
    }

    /// Errors first, and in the order of the text.
    pub(crate) fn sorted(&self) -> Vec<&Diagnosis> {
        let mut sorted: Vec<&Diagnosis> = self.0.iter().collect();
        sorted.sort_by_key(|diagnosis| (diagnosis.severity, diagnosis.span.as_ref().map(|span| span.start)));
        sorted
    }

    /// All of them in the order of the text, for a terminal with or without colour. Of very many mistakes, the
    /// first ones and the number of the others.
    #[must_use]
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let sorted = self.sorted();
        let mut text = String::new();
        for diagnosis in sorted.iter().take(SHOWN) {
            text.push_str(&diagnosis.render(&renderer));
            text.push_str("\n\n");
        }
        match sorted.len().saturating_sub(SHOWN) {
            0 => {}
            _ if self.are_many() => text.push_str("… and very many more\n\n"),
            hidden => text.push_str(&format!("… and {hidden} more\n\n")),
        }
        text
    }
}

/// Without colour, as in a log.
impl fmt::Display for Diagnoses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.render(false).trim_end())
    }
}

/// By this type a caller tells "this file is wrong" (exit code 65) from other failures.
impl std::error::Error for Diagnoses {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_shows_its_line_underlined_with_the_mend() {
        let source = Source::new("a.show", "title A\n1.1  widnows  on\n");
        let diagnosis = Diagnosis::error(&source, "no channel or group `widnows`")
            .at(13..20, "not in the rig")
            .help_if_any(Help::meant(13..20, "widnows", ["neon", "windows"]));
        let mut all = Diagnoses::default();
        all.push(diagnosis);
        let expected = "\
error: no channel or group `widnows`
 --> a.show:2:6
  |
2 | 1.1  widnows  on
  |      ^^^^^^^ not in the rig
  |
  = help: did you mean `windows`?";
        assert_eq!(all.to_string(), expected);
    }

    #[test]
    fn a_span_past_the_end_or_inside_a_letter_is_still_shown() {
        let source = Source::new("a.show", "é");
        for span in [0..1, 1..2, 5..9] {
            let shown = Diagnosis::error(&source, "odd").at(span, "").render(&Renderer::plain());
            assert!(shown.starts_with("error: odd"), "{shown}");
        }
    }

    #[test]
    fn a_clash_shows_both_places() {
        let source = Source::new("rig.toml", "neon = 17\n\n\n\nsign = 17\n");
        let clash = Diagnosis::error(&source, "two on one pin").at(20..22, "again").also_at(7..9, "first");
        let shown = clash.render(&Renderer::plain());
        let expected = "\
error: two on one pin
 --> rig.toml:5:8
  |
1 | neon = 17
  |        -- first
...
5 | sign = 17
  |        ^^ again";
        assert_eq!(shown, expected);
    }

    #[test]
    fn an_endless_word_and_endless_mistakes_are_told_in_short() {
        let source = Source::new("a.show", "x");
        let mistake = Diagnosis::error(&source, format!("no `{}`", "x".repeat(1 << 20))).at(0..1, "");
        let mut all = Diagnoses::default();
        (0..Diagnoses::MANY).for_each(|_| all.push(mistake.clone()));
        assert!(all.are_many());
        let shown = all.to_string();
        assert!(shown.chars().count() < SHOWN * 300, "{}", shown.len());
        assert!(shown.ends_with("… and very many more"), "{shown}");
    }

    #[test]
    fn errors_come_before_warnings_and_in_the_order_of_the_text() {
        let source = Source::new("a.show", "one\ntwo\n");
        let mut all = Diagnoses::default();
        all.push(Diagnosis::warning(&source, "third").at(0..3, ""));
        all.push(Diagnosis::error(&source, "second").at(4..7, ""));
        all.push(Diagnosis::error(&source, "first").at(0..3, ""));
        let text = all.to_string();
        let places: Vec<_> = ["first", "second", "third"].iter().map(|word| text.find(word)).collect();
        assert!(places.is_sorted() && places[0].is_some(), "{text}");
        assert_eq!((all.errors(), all.warnings()), (2, 1));
    }
}
