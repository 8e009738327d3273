//! A mistake in a file, told as a good compiler tells it: what, where, what was expected, the mend.
//! Knows nothing of what the file means.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// Past this many mistakes a person mends the first ones and asks again.
const SHOWN: usize = 40;

/// A text file as it was read, which mistakes point into.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    path: PathBuf,
    text: String,
}

impl Source {
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { path: path.into(), text: text.into() })
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// `span` moved to where the text has whole characters.
    fn clamp(&self, span: Range<usize>) -> Range<usize> {
        let end = floor_to_char(&self.text, span.end.min(self.text.len()));
        floor_to_char(&self.text, span.start.min(end))..end
    }

    /// The lines that `span` touches, the byte at which they begin, and the number of the first.
    fn lines_around(&self, span: &Range<usize>) -> (&str, usize, usize) {
        let start = self.text[..span.start].rfind('\n').map_or(0, |newline| newline + 1);
        let end = self.text[span.end..].find('\n').map_or(self.text.len(), |newline| span.end + newline);
        (&self.text[start..end], start, self.text[..start].matches('\n').count() + 1)
    }
}

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
    help: Option<String>,
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
        Self { severity, title, source, span: None, label: String::new(), other: None, help: None }
    }

    /// Underlines `span`, in bytes of the source, with `label` (which may be empty) beside it.
    #[must_use]
    pub fn at(mut self, span: Range<usize>, label: impl Into<String>) -> Self {
        self.span = Some(self.source.clamp(span));
        self.label = label.into();
        self
    }

    /// Underlines a second place of the same source, such as the first of two that clash.
    #[must_use]
    pub fn also_at(mut self, span: Range<usize>, label: impl Into<String>) -> Self {
        self.other = Some((self.source.clamp(span), label.into()));
        self
    }

    /// What to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// As [`help`](Self::help), where there may be nothing to say.
    #[must_use]
    pub fn help_if_any(mut self, help: Option<String>) -> Self {
        self.help = help;
        self
    }

    #[must_use]
    pub fn severity(&self) -> Severity {
        self.severity
    }

    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The bytes of the source that are underlined.
    #[must_use]
    pub fn span(&self) -> Option<Range<usize>> {
        self.span.clone()
    }

    fn render<'a>(&'a self, renderer: &Renderer) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let path = self.source.path.display().to_string();
        let title = level.primary_title(&self.title);
        let group = match &self.span {
            Some(span) => {
                let both = self.other.iter().fold(span.clone(), |both, (other, _)| {
                    both.start.min(other.start)..both.end.max(other.end)
                });
                let (lines, offset, number) = self.source.lines_around(&both);
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
            Some(help) => group.element(Level::HELP.message(help)),
            None => group,
        };
        renderer.render(&[group])
    }
}

fn floor_to_char(text: &str, index: usize) -> usize {
    (0..=index).rev().find(|index| text.is_char_boundary(*index)).unwrap_or(0)
}

/// Everything that is wrong with one or more files.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Diagnoses(Vec<Diagnosis>);

impl Diagnoses {
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

    /// All of it in the order of the text, for a terminal with or without colour; of very many
    /// mistakes the first ones and the number of the others.
    #[must_use]
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let mut sorted: Vec<&Diagnosis> = self.0.iter().collect();
        sorted.sort_by_key(|diagnosis| (diagnosis.severity, diagnosis.span.as_ref().map(|span| span.start)));
        let mut text = String::new();
        for diagnosis in sorted.iter().take(SHOWN) {
            text.push_str(&diagnosis.render(&renderer));
            text.push_str("\n\n");
        }
        if sorted.len() > SHOWN {
            text.push_str(&format!("… and {} more\n\n", sorted.len() - SHOWN));
        }
        text
    }
}

/// Plain, as it stands in a log.
impl fmt::Display for Diagnoses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.render(false).trim_end())
    }
}

/// A caller tells "this file is wrong" (exit 65) from other failures by this type.
impl std::error::Error for Diagnoses {}

/// "did you mean `windows`?", where one of `candidates` is near enough to `word` to be meant.
#[must_use]
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let far = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= far)
        .min()
        .map(|(_, candidate)| format!("did you mean `{candidate}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_shows_its_line_underlined_with_the_mend() {
        let source = Source::new("a.show", "title A\n1.1  widnows  on\n");
        let diagnosis = Diagnosis::error(&source, "no channel or group `widnows`")
            .at(13..20, "not in the rig")
            .help_if_any(did_you_mean("widnows", ["neon", "windows"]));
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
    fn only_a_near_name_is_proposed() {
        assert_eq!(did_you_mean("neno", ["neon", "sign"]), Some("did you mean `neon`?".into()));
        assert_eq!(did_you_mean("porch", ["neon", "sign"]), None);
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
