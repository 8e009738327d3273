//! What the documents show is true: every example in them is loaded.
#![allow(clippy::unwrap_used)]

mod common;

use common::{PORCH, blocks, read, rig, sheet};
use starcourt::diagnosis::Source;
use starcourt::ipc::{Answer, LONGEST_LINE, OrderLine};
use starcourt::schedule::{self, MissingShow, ScheduleContext};

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
fn every_command_and_option_that_the_readme_names_is_there() {
    let readme = document("README.md");
    let lines = readme.lines().filter_map(|line| line.trim().strip_prefix("starcourt "));
    let named: Vec<Vec<String>> = lines
        .map(|line| line.split('#').next().unwrap().split_whitespace().map(str::to_owned).collect())
        .collect();
    assert!(named.len() >= 4);
    for words in named {
        let line = std::iter::once("starcourt".to_owned()).chain(words);
        let read = starcourt::cli::read(line.map(Into::into));
        assert!(read.is_ok(), "{read:?}");
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
