//! Every hint for a mistake in a rig, a layout, a schedule or a cue sheet is tried. A hint that says what to write is written
//! into the file, as it is printed; for one that asks for a person's work, the case has the file after that work.
//! Then the mistake is gone, and no other has come in its place. A hint that no case prints fails the test.

#![allow(clippy::unwrap_used)]

mod frames;
mod layouts;
mod mangled;
mod newcomers;
mod receivers;
mod rig_lines;
mod rigs;
mod schedule_lines;
mod schedules;
mod sheets;
mod show_lines;

use std::collections::BTreeSet;
use std::path::Path;

use starcourt::diagnosis::{Diagnoses, Diagnosis, Mend, Severity};

/// Of a machine without time zones, which the machine of a test has.
const UNTRIED: &str = "this machine has no table of time zones";

/// The places in the source at which a hint was given that was tried.
type Sites = BTreeSet<(String, u32)>;

/// What was tried, and what did not mend.
#[derive(Default)]
struct Tried {
    sites: Sites,
    /// The keys of configuration files whose hints were tried.
    keys: BTreeSet<String>,
    faults: Vec<String>,
}

impl Tried {
    /// Tries each hint of `text` that says what to write; there is at least one.
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
                let mut mended = text.to_owned();
                mended.replace_range(mend.span.clone(), &mend.text);
                if !is_printed(advice, mend, &mended) {
                    self.faults.push(format!("`{}` is not what is printed: {advice}\n{told}", mend.text));
                }
                self.expect_gone(diagnosis, (text, &told), (&mended, &read(&mended)));
            }
        }
        if hints == 0 {
            self.faults.push(format!("no hint in: {text}\n{told}"));
        }
    }

    /// Tries the hints of `text` that ask for a person's work, after which the file is `mended`; there is at least
    /// one.
    fn by_hand(&mut self, (text, mended): (&str, &str), read: &dyn Fn(&str) -> Diagnoses) {
        let (told, after) = (read(text), read(mended));
        let mut advised =
            told.iter().filter(|told| told.help_site().is_some() && told.mends().is_empty()).peekable();
        if advised.peek().is_none() {
            self.faults.push(format!("no advice in: {text}\n{told}"));
        }
        for diagnosis in advised {
            self.expect_gone(diagnosis, (text, &told), (mended, &after));
        }
    }

    fn expect_gone(
        &mut self,
        one: &Diagnosis,
        (text, told): (&str, &Diagnoses),
        (mended, after): (&str, &Diagnoses),
    ) {
        // A warning of what could not be read before may come in place of an error.
        let is_better = match one.severity() {
            Severity::Error => after.errors() < told.errors(),
            Severity::Warning => after.errors() <= told.errors() && after.warnings() < told.warnings(),
        };
        if !is_better || has(after, one) {
            self.faults.push(format!("{text}\n{told}\n--- once it is followed:\n{mended}\n{after}"));
        }
        let site = one.help_site().unwrap();
        self.sites.insert((site.file().to_owned(), site.line()));
        let key = one.title().strip_prefix('`').and_then(|title| title.split('`').next());
        self.keys.extend(key.map(str::to_owned));
    }
}

/// Whether a person who types what is between two backticks of `advice` makes the file `mended`.
fn is_printed(advice: &str, mend: &Mend, mended: &str) -> bool {
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown: Vec<String> = advice.split('`').skip(1).step_by(2).map(flat).collect();
    // What is taken out, or only moved, is not printed. Each of several lines is.
    mend.text.lines().all(|line| {
        let typed = flat(line.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '"')));
        typed.is_empty() || shown.iter().any(|shown| shown.contains(&typed) && flat(mended).contains(shown))
    })
}

fn has(told: &Diagnoses, one: &Diagnosis) -> bool {
    told.iter().any(|other| (other.title(), other.span()) == (one.title(), one.span()))
}

/// The code of all files that read a rig, a layout, a schedule or a cue sheet, without their tests.
fn code() -> Vec<(String, String)> {
    let mut code = Vec::new();
    for room in ["show", "review", "rig", "schedule", "config", "preview/layout"] {
        for entry in Path::new("src").join(room).read_dir().unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            code.push((path.display().to_string(), text.split("#[cfg(test)]").next().unwrap().to_owned()));
        }
    }
    code
}

/// Every place in the source that makes a hint. `Help` has private fields, so nothing else makes one.
fn sites() -> Sites {
    let makes_one = |line: &str| {
        line.contains("Help::") && !line.trim_start().starts_with("//") && !line.contains(UNTRIED)
    };
    let lines = |(path, text): (String, String)| -> Vec<(String, u32)> {
        let numbered = text.lines().enumerate().filter(|(_, line)| makes_one(line));
        numbered.map(|(number, _)| (path.clone(), number as u32 + 1)).collect()
    };
    code().into_iter().flat_map(lines).collect()
}

/// Every key of a configuration file whose value has a form of its own.
fn keys() -> BTreeSet<String> {
    let readers = ["quantity", "choice", "choice_meant", "integer", "boolean", "text", "text_that", "texts"];
    let readers = readers.map(|reader| format!(".{reader}(\""));
    let others = ["one", "several", "hour_of", "read_dates", "order", "hook"];
    let others = others.map(|other| format!(" {other}("));
    let mut keys = BTreeSet::new();
    for (_, text) in code() {
        for line in text.lines() {
            let direct = readers.iter().find_map(|reader| line.split_once(reader.as_str()));
            let passed =
                others.iter().find_map(|other| line.split_once(other.as_str())?.1.split_once(", \""));
            let found = [direct, passed].into_iter().flatten().filter_map(|(_, rest)| rest.split('"').next());
            // What has a space is a noun and no key.
            keys.extend(found.filter(|key| !key.contains(' ')).map(str::to_owned));
        }
    }
    keys
}

#[test]
fn every_hint_is_right() {
    let mut tried = Tried::default();
    sheets::try_all(&mut tried);
    rigs::try_all(&mut tried);
    receivers::try_all(&mut tried);
    schedules::try_all(&mut tried);
    frames::try_all(&mut tried);
    layouts::try_all(&mut tried);
    newcomers::try_all(&mut tried);
    mangled::try_all(&mut tried);
    assert!(tried.faults.is_empty(), "{}", tried.faults.join("\n\n=====\n"));
    let all = sites();
    assert!(all.len() > 100, "{}", all.len());
    let untried: Vec<_> = all.difference(&tried.sites).map(|(file, line)| format!("{file}:{line}")).collect();
    assert!(untried.is_empty(), "these hints are not tried:\n{}", untried.join("\n"));
    let keys = keys();
    assert!(keys.len() > 40, "{keys:?}");
    let untried: Vec<_> = keys.difference(&tried.keys).collect();
    assert!(untried.is_empty(), "no hint of these keys is tried: {untried:?}");
}
