//! What `check` says of a show, each with its line and with the time to look at; and what the rig's rules change in it.
//! Finds nothing by itself.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::diagnosis::{Diagnoses, Diagnosis, Severity};
use crate::printable::printable;
use crate::time::ShowTime;
use crate::timeline::{Changed, Compiled};

use super::cues::CueData;

/// Nobody looks at more.
const MOST_CHANGES: usize = 10_000;

#[derive(Serialize, Clone, PartialEq, Eq, Debug)]
pub(super) struct Note {
    /// Without it, the file as a whole is meant.
    line: Option<usize>,
    severity: &'static str,
    title: String,
    label: String,
    help: Vec<String>,
    /// Its name without its folder: a page may be sent to somebody.
    file: String,
    /// When the first cue of its line starts.
    start_us: Option<u64>,
}

#[derive(Serialize, Clone, Debug)]
pub(super) struct RuleChange {
    channel: usize,
    start_us: u64,
    end_us: u64,
    what: String,
}

/// When the first cue of each line of a sheet starts.
pub(super) struct FirstCues {
    sheet: PathBuf,
    starts: HashMap<usize, u64>,
}

impl FirstCues {
    /// Of `cues`, which are in order of start.
    pub(super) fn of(cues: &[CueData], sheet: &Path) -> Self {
        let mut starts = HashMap::new();
        for cue in cues {
            starts.entry(cue.line).or_insert(cue.start_us);
        }
        Self { sheet: sheet.to_owned(), starts }
    }
}

/// In the order in which people read them; of very many, the first ones.
pub(super) fn notes(told: &Diagnoses, cues: Option<&FirstCues>) -> Vec<Note> {
    told.sorted().into_iter().take(Diagnoses::MANY).map(|diagnosis| note(diagnosis, cues)).collect()
}

fn note(diagnosis: &Diagnosis, cues: Option<&FirstCues>) -> Note {
    let source = diagnosis.source();
    let line = diagnosis.span().map(|span| source.line_number(span.start));
    let cues = cues.filter(|cues| cues.sheet == source.path());
    let file = source.path().file_name().unwrap_or_default();
    Note {
        line,
        severity: match diagnosis.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        title: diagnosis.title().to_owned(),
        label: diagnosis.label().to_owned(),
        help: diagnosis.advice().map(str::to_owned).into_iter().collect(),
        file: printable(&file.to_string_lossy()),
        start_us: cues.and_then(|cues| cues.starts.get(&line?).copied()),
    }
}

/// In order of time; of very many, the first ones.
pub(super) fn rules(compiled: &Compiled, length: ShowTime) -> Vec<RuleChange> {
    let changes = compiled.changes.iter().take(MOST_CHANGES);
    let changes = changes.map(|change| {
        let end = match change.what {
            Changed::OnLater(by) | Changed::OffLater(by) => change.time + by,
            Changed::FlashLeftOut | Changed::GapLeftOut => change.time,
            Changed::StaysDark => {
                let track = &compiled.timeline.tracks()[change.channel.index()];
                let mut edges =
                    std::iter::successors(track.next_edge(change.time), |time| track.next_edge(*time));
                edges.find(|time| track.level_at(*time).is_lit()).unwrap_or(length)
            }
        };
        RuleChange {
            channel: change.channel.index(),
            start_us: change.time.micros(),
            end_us: end.min(length).micros(),
            what: change.what.to_string(),
        }
    });
    changes.collect()
}
