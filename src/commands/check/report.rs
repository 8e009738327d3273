//! What `starcourt check` has found, file by file, as text and for other programs. Reads nothing.

use serde::Serialize;

use crate::diagnosis::Diagnoses;
use crate::printable::printable;

use super::super::outcome::{Failure, Outcome};
use super::super::printed::counted;

/// What a file is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum CheckedKind {
    Rig,
    Show,
    Schedule,
    /// It looks like one of these, and is not read because of its name.
    Skipped,
}

/// A file, and what was found in it.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) kind: CheckedKind,
    /// A show's name, or the path of another file.
    pub(super) name: String,
    /// `1:30, 12 cues`.
    pub(super) size: String,
    pub(super) told: Diagnoses,
    /// Why it cannot be used, if it cannot.
    pub(super) failure: Option<Failure>,
    /// What is worth knowing beside the mistakes; lines with their ends.
    pub(super) remarks: String,
}

#[derive(Serialize)]
struct CheckedJson<'a> {
    kind: CheckedKind,
    name: &'a str,
    usable: bool,
    size: &'a str,
    found: &'a Diagnoses,
    /// Why it cannot be used, where no line of the file is to blame.
    reason: Option<String>,
    remarks: Vec<&'a str>,
}

/// Everything that was checked.
#[derive(Debug, Default)]
pub(super) struct CheckReport {
    pub(super) checked: Vec<Checked>,
    /// One line in place of what the rig's check found, where only shows are asked about.
    pub(super) rig_in_short: Option<String>,
    pub(super) outcome: Option<Outcome>,
}

impl CheckReport {
    pub(super) fn push(&mut self, checked: Checked) {
        if let Some(failure) = &checked.failure {
            self.outcome = Some(failure.outcome);
        }
        self.checked.push(checked);
    }

    /// A file that is not read under its name; `words` say what to do.
    pub(super) fn skip(&mut self, name: String, words: String, outcome: Option<Outcome>) {
        self.outcome = outcome.or(self.outcome);
        self.checked.push(Checked {
            kind: CheckedKind::Skipped,
            name,
            size: String::new(),
            told: Diagnoses::default(),
            failure: None,
            remarks: words + "\n",
        });
    }

    pub(super) fn text(&self, colour: bool) -> String {
        let text = |checked: &Checked| match (checked.kind, &self.rig_in_short) {
            (CheckedKind::Rig, Some(line)) => format!("{line}\n"),
            _ => checked.text(colour),
        };
        self.checked.iter().map(text).collect()
    }

    pub(super) fn for_programs(&self) -> impl Serialize {
        self.checked.iter().map(Checked::for_programs).collect::<Vec<_>>()
    }
}

impl Checked {
    fn text(&self, colour: bool) -> String {
        let Self { kind, name, size, told, failure, remarks } = self;
        let what = match kind {
            CheckedKind::Rig => format!("rig {name}"),
            CheckedKind::Show => format!("show {name}"),
            CheckedKind::Schedule => format!("schedule {name}"),
            CheckedKind::Skipped => return remarks.clone(),
        };
        match (failure, kind) {
            (Some(failure), CheckedKind::Schedule) => {
                format!("{}\n\nthe schedule cannot be used\n", failure.message(colour))
            }
            (Some(failure), _) => {
                format!("{}\n\n{}: cannot be played\n", failure.message(colour), printable(&what))
            }
            (None, _) => {
                let verdict = match told.warnings() {
                    0 => "fine".to_owned(),
                    several => counted(several, "warning"),
                };
                let what = printable(&format!("{what}: {size}"));
                // The rig's rules change a show; what a schedule does is a remark about it.
                match kind {
                    CheckedKind::Schedule => format!("{}{what}, {verdict}\n{remarks}", told.render(colour)),
                    _ => format!("{}{remarks}{what}, {verdict}\n", told.render(colour)),
                }
            }
        }
    }

    fn for_programs(&self) -> CheckedJson<'_> {
        let mistakes = self.failure.as_ref().and_then(Failure::diagnoses);
        CheckedJson {
            kind: self.kind,
            name: &self.name,
            usable: self.failure.is_none() && self.kind != CheckedKind::Skipped,
            size: &self.size,
            found: mistakes.unwrap_or(&self.told),
            reason: self.failure.as_ref().filter(|_| mistakes.is_none()).map(Failure::words),
            remarks: self.remarks.lines().collect(),
        }
    }
}
