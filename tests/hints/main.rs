//! Every hint that says what to write is tried: written into the file, the mistake is gone, and no other has
//! come in its place.

#![allow(clippy::unwrap_used)]

mod rigs;
mod schedules;
mod sheets;

use std::collections::BTreeSet;
use std::path::Path;

use starcourt::diagnosis::{Diagnoses, Diagnosis, Severity};

/// The places in the source at which a hint was given that was tried.
type Sites = BTreeSet<(String, u32)>;

/// What was tried, and what did not mend.
#[derive(Default)]
struct Tried {
    sites: Sites,
    faults: Vec<String>,
}

impl Tried {
    /// Tries each hint of `text`, which has at least one, and notes where they come from.
    fn hints(&mut self, text: &str, read: &dyn Fn(&str) -> Diagnoses) {
        let told = read(text);
        let mut hints = 0;
        for diagnosis in told.iter() {
            let advice = diagnosis.advice().unwrap_or_default();
            let says_what = advice.contains("write `") || advice.contains("did you mean `");
            if says_what && diagnosis.mends().is_empty() {
                self.faults.push(format!("nothing to write: {advice}\n{told}"));
            }
            for mend in diagnosis.mends() {
                hints += 1;
                let is_said = |text: &str| advice.contains(text.trim().trim_matches('"'));
                if !mend.text.lines().all(is_said) {
                    self.faults.push(format!("`{}` is not in: {advice}", mend.text));
                }
                let mut mended = text.to_owned();
                mended.replace_range(mend.span.clone(), &mend.text);
                let after = read(&mended);
                let count = |told: &Diagnoses| (told.errors(), told.warnings());
                let (errors, warnings) = count(&told);
                // A warning of what could not be read before may come in place of an error.
                let is_better = match diagnosis.severity() {
                    Severity::Error => after.errors() < errors,
                    Severity::Warning => after.errors() <= errors && after.warnings() < warnings,
                };
                if !is_better || has(&after, diagnosis) {
                    self.faults.push(format!("{told}\n--- once it is followed:\n{mended}\n{after}"));
                }
                let site = diagnosis.help_site().unwrap();
                self.sites.insert((site.file().to_owned(), site.line()));
            }
        }
        if hints == 0 {
            self.faults.push(format!("no hint in: {text}\n{told}"));
        }
    }
}

fn has(told: &Diagnoses, one: &Diagnosis) -> bool {
    told.iter().any(|other| (other.title(), other.span()) == (one.title(), one.span()))
}

/// Every place in the source that says what to write.
fn sites() -> Sites {
    let mut sites = Sites::new();
    for room in ["show", "review", "rig", "schedule", "config"] {
        for entry in Path::new("src").join(room).read_dir().unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            for (number, line) in code.lines().enumerate() {
                if ["Help::write", "Help::meant"].iter().any(|name| line.contains(name)) {
                    sites.insert((path.display().to_string(), number as u32 + 1));
                }
            }
        }
    }
    sites
}

#[test]
fn every_hint_that_says_what_to_write_is_right() {
    let mut tried = Tried::default();
    sheets::try_all(&mut tried);
    rigs::try_all(&mut tried);
    schedules::try_all(&mut tried);
    assert!(tried.faults.is_empty(), "{}", tried.faults.join("\n\n=====\n"));
    let all = sites();
    assert!(all.len() > 40, "{}", all.len());
    let untried: Vec<_> = all.difference(&tried.sites).map(|(file, line)| format!("{file}:{line}")).collect();
    assert!(untried.is_empty(), "these hints are not tried:\n{}", untried.join("\n"));
}
