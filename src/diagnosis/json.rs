//! A mistake for other programs: the same words, and its place in numbers.

use serde::{Serialize, Serializer};

use super::{Diagnoses, Diagnosis, Severity};

#[derive(Serialize)]
struct DiagnosisJson<'a> {
    severity: &'static str,
    title: &'a str,
    file: String,
    /// Both counted from 1; the column in characters. Without them, the file as a whole is meant.
    line: Option<usize>,
    column: Option<usize>,
    label: &'a str,
    help: Option<&'a str>,
}

impl Serialize for Diagnosis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let place = self.span.as_ref().map(|span| self.source.place(span.start));
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let json = DiagnosisJson {
            severity,
            title: &self.title,
            file: self.source.path().display().to_string(),
            line: place.map(|(line, _)| line),
            column: place.map(|(_, column)| column),
            label: &self.label,
            help: self.advice(),
        };
        json.serialize(serializer)
    }
}

/// As a list, in the order in which people read them.
impl Serialize for Diagnoses {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.sorted())
    }
}
