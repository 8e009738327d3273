//! What the documents show is true: every example in them is loaded, and every link leads somewhere.
#![allow(clippy::unwrap_used)]

mod commands;
#[path = "../common/mod.rs"]
mod common;
mod links;
mod program;
mod wiring;

use std::path::{Path, PathBuf};

use common::{PORCH, blocks, read, rig, sheet};
use starcourt::diagnosis::Source;
use starcourt::ipc::{Answer, LONGEST_LINE, OrderLine};
use starcourt::schedule::{self, MissingShow, ScheduleContext};

/// A file of the project, by its path in it.
fn path_of(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn document(name: &str) -> String {
    std::fs::read_to_string(path_of(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Every page for people: its path in the project, and its text.
fn pages() -> Vec<(String, String)> {
    let docs = std::fs::read_dir(path_of("docs")).unwrap().map(|entry| entry.unwrap().file_name());
    let docs =
        docs.map(|name| format!("docs/{}", name.to_str().unwrap())).filter(|name| name.ends_with(".md"));
    let names = ["README.md".to_owned(), "shows/README.md".to_owned()].into_iter().chain(docs);
    let pages: Vec<_> = names.map(|name| (name.clone(), document(&name))).collect();
    assert!(pages.len() > 15, "{}", pages.len());
    pages
}

/// The text between its fenced blocks.
fn prose(page: &str) -> String {
    let mut is_fenced = false;
    let outside = page.lines().filter(|line| {
        let is_fence = line.trim_start_matches([' ', '>']).starts_with("```");
        is_fenced ^= is_fence;
        !is_fenced && !is_fence
    });
    outside.collect::<Vec<_>>().join("\n")
}

/// Fails with everything in `faults`, a line each.
#[track_caller]
fn fail_on(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
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

#[test]
fn the_rig_and_the_show_of_the_readme_go_together() {
    let readme = document("README.md");
    let rigs = blocks(&readme, "toml");
    let shows = blocks(&readme, "show");
    assert!(!rigs.is_empty() && !shows.is_empty());
    let rig = rig(rigs[0]);
    for text in shows {
        match read(text, &rig) {
            Ok((_, told)) => assert!(told.is_empty(), "{told}"),
            Err(told) => panic!("{told}"),
        }
    }
    for text in rigs {
        let (_, told) = starcourt::rig::read(&Source::new("README.md", text));
        assert!(told.is_empty(), "{told}");
    }
}

#[test]
fn every_schedule_in_the_documents_is_read_without_a_warning() {
    let rig = rig(&document("shows/rig.toml"));
    let shows = ["starcourt", "demo"].map(str::to_owned).into();
    let known = ScheduleContext { shows: &shows, rig: &rig, missing: MissingShow::Mistake };
    let (page, readme, sample) =
        (document("docs/schedule.md"), document("README.md"), document("shows/schedule.toml"));
    let mut schedules = blocks(&page, "toml");
    assert!(schedules.len() >= 7, "{}", schedules.len());
    schedules.extend(blocks(&readme, "schedule"));
    schedules.push(&sample);
    for text in schedules {
        let (schedule, told) = schedule::read(&Source::new("schedule.toml", text), &known);
        assert!(schedule.is_some() && told.is_empty(), "{told}\nin\n{text}");
    }
}

#[test]
fn the_layout_of_the_documents_is_read_without_a_warning() {
    let rig = rig(&document("shows/rig.toml"));
    let page = document("docs/preview.md");
    let layouts = blocks(&page, "toml");
    assert_eq!(layouts.len(), 1);
    let (layout, told) = starcourt::preview::layout::read(&Source::new("layout.toml", layouts[0]), &rig);
    assert!(layout.is_some_and(|layout| layout.lamps.len() == 2) && told.is_empty(), "{told}");
}

/// Every block is of a kind that a test tries. The blocks in Rust are tried by `cargo test --doc`, `text` is no example.
#[test]
fn every_example_is_of_a_kind_that_is_tried() {
    let tried = ["show", "cues", "toml", "schedule", "sh", "json", "rust,no_run", "python", "text", ""];
    let mut faults = Vec::new();
    for (name, page) in pages() {
        let mut fences =
            page.lines().filter_map(|line| line.trim_start_matches([' ', '>']).strip_prefix("```"));
        while let Some(language) = fences.next() {
            fences.next();
            if !tried.contains(&language) {
                faults.push(format!("{name}: no test tries a block in `{language}`"));
            }
            // Pages on which a test looks for these languages.
            let looks = match language {
                "show" | "cues" => ["README.md", "docs/cue-sheet.md"].contains(&name.as_str()),
                "toml" => [
                    "README.md",
                    "docs/preview.md",
                    "docs/network.md",
                    "docs/rig.md",
                    "docs/schedule.md",
                    "docs/sound.md",
                    "docs/wiring.md",
                ]
                .contains(&name.as_str()),
                "schedule" => name == "README.md",
                "json" | "python" => name == "docs/protocol.md",
                "rust,no_run" => name == "docs/lock.md",
                _ => true,
            };
            if !looks {
                faults.push(format!("{name}: no test looks there for a block in `{language}`"));
            }
        }
    }
    fail_on(&faults);
}

/// As it stands, on the rig beside it and on the one that a simulation finds.
#[test]
fn the_show_of_the_readme_can_be_saved_and_played() {
    let readme = document("README.md");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("opening.show");
    std::fs::write(&path, blocks(&readme, "show")[0]).unwrap();
    for rig_text in [blocks(&readme, "toml")[0], &document("shows/rig.toml")] {
        let (show, told) = starcourt::show::load(&path, &rig(rig_text)).unwrap();
        assert!(told.is_empty(), "{told}");
        assert!(show.cues.iter().all(|cue| cue.start < starcourt::time::ShowTime::from_micros(29_000_000)));
    }
}

#[test]
fn every_line_of_the_protocol_is_an_order_or_an_answer() {
    let page = document("docs/protocol.md");
    let lines: Vec<&str> = blocks(&page, "json").into_iter().flat_map(str::lines).collect();
    let (orders, answers): (Vec<&str>, _) = lines.iter().partition(|line| line.contains(r#"{"order""#));
    for line in &orders {
        let read = OrderLine::read(line.as_bytes());
        assert!(read.is_ok() || line.contains("dance"), "{line}: {read:?}");
        assert!(line.len() <= LONGEST_LINE);
    }
    for line in &answers {
        let answer = Answer::read(line.as_bytes()).unwrap_or_else(|error| panic!("{line}: {error}"));
        // Said again it is the same text: no field is missing, none is invented.
        assert_eq!(String::from_utf8_lossy(&answer.line()).trim_end(), *line);
    }
    let told = OrderLine::read(br#"{"order":""}"#).unwrap_err();
    let (_, named) = told.split_once("one of ").unwrap();
    let names: Vec<&str> = named.split('`').skip(1).step_by(2).collect();
    assert!(names.len() >= 9, "{told}");
    for name in names {
        assert!(orders.iter().any(|line| line.contains(&format!(r#""order":"{name}""#))), "{name}");
    }
}

#[test]
fn the_protocol_tells_every_field_of_a_status() {
    let page = document("docs/protocol.md");
    let lines = blocks(&page, "json").into_iter().flat_map(str::lines);
    let status = lines.filter(|line| line.starts_with(r#"{"status""#)).max_by_key(|line| line.len()).unwrap();
    let fields = status.split('"').skip(1).step_by(2).zip(status.split('"').skip(2).step_by(2));
    let fields: Vec<&str> =
        fields.filter(|(_, after)| after.starts_with(':')).map(|(name, _)| name).collect();
    assert!(fields.len() >= 20, "{fields:?}");
    for field in fields.into_iter().filter(|field| *field != "status") {
        assert!(page.contains(&format!("`{field}`")), "{field}");
    }
    assert!(page.contains(&format!("{LONGEST_LINE} bytes a line")));
}
