//! What the documents show is true: every example in them is loaded.
#![allow(clippy::unwrap_used)]

mod common;

use common::{PORCH, blocks, read, rig, sheet};

fn document(name: &str) -> String {
    std::fs::read_to_string(format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[test]
fn every_show_in_the_language_page_is_read_without_a_warning() {
    let page = document("docs/cue-sheet.md");
    let shows = blocks(&page, "show").into_iter().map(str::to_owned);
    let cues = blocks(&page, "cues").into_iter().map(sheet);
    let all: Vec<String> = shows.chain(cues).collect();
    assert!(all.len() >= 8, "{}", all.len());
    for text in all {
        match read(&text, &rig(PORCH)) {
            Ok((_, told)) => assert!(told.is_empty(), "{told}\nin\n{text}"),
            Err(told) => panic!("{told}\nin\n{text}"),
        }
    }
}
