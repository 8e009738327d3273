//! A predicate answers and changes nothing; a command is a verb.

use crate::fail_on;
use crate::source::{other_files, source_files};

const PREDICATES: [&str; 5] = ["is_", "has_", "was_", "are_", "were_"];

#[test]
fn a_predicate_answers_and_changes_nothing() {
    let mut broken = Vec::new();
    let mut count = 0;
    for file in source_files().iter().chain(other_files()) {
        let named_so = |name: &str| PREDICATES.iter().any(|predicate| name.starts_with(predicate));
        for function in file.contents.functions.iter().filter(|function| named_so(&function.name)) {
            if function.is_test {
                continue;
            }
            count += 1;
            if function.changes || !function.answers {
                broken.push(format!("{}:{}: {}", file.path, function.line, function.name));
            }
        }
    }
    assert!(count > 100, "only {count} predicates");
    fail_on(broken);
}
