//! Files are short, and say what they are.

use crate::fail_on;
use crate::source::{other_files, source_files};

#[test]
fn every_file_says_what_it_is() {
    let files = source_files().iter().chain(other_files());
    fail_on(files.filter(|file| !file.text.starts_with("//! ")).map(|file| file.path.clone()));
}

#[test]
fn no_file_grows_past_a_second_idea() {
    const LONGEST: usize = 400;
    let lengths = source_files().iter().map(|file| (file.text.lines().count(), &file.path));
    fail_on(
        lengths.filter(|(count, _)| *count > LONGEST).map(|(count, path)| format!("{path}: {count} lines")),
    );
}
