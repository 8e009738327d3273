//! Commands in the documents: each exists, with its options, and so does each file that they name.

use std::ffi::OsString;

use clap::error::ErrorKind;

use super::common::blocks;
use super::{document, fail_on, pages, path_of, prose};

/// Files that a reader makes.
const OF_THE_READER: [&str; 2] = ["shows/opening.show", "shows/opening.ogg"];

/// Commands that do something to the program, as to any other.
const OF_OTHERS: [&str; 10] =
    ["apt", "cargo", "cd", "git", "journalctl", "killall", "pkill", "systemctl", "systemd-analyze", "-u"];

/// The words of each command in a line of shell.
fn commands(line: &str) -> Vec<Vec<&str>> {
    let line = if line.starts_with('#') { "" } else { line.split(" #").next().unwrap() };
    let parts = line.split("&&").flat_map(|part| part.split('|'));
    parts.map(|part| part.split_whitespace().collect()).collect()
}

/// What starcourt, make or a script is asked to do by these words and cannot.
fn fault(words: &[&str]) -> Option<String> {
    if let Some(at) = words.iter().position(|word| *word == "starcourt")
        && !words[..at].iter().any(|word| OF_OTHERS.contains(word))
        && words.len() > at + 1
    {
        let words = words[at..].iter().filter(|word| !word.contains(['<', '>']));
        let read = starcourt::cli::read(words.map(OsString::from));
        // `starcourt play` names the command, and no show.
        let asked_for = [ErrorKind::MissingRequiredArgument, ErrorKind::DisplayHelp];
        let wrong = read.err().filter(|error| !asked_for.contains(&error.kind()));
        return wrong.map(|error| error.to_string());
    }
    if let ["make", target, ..] = words {
        let is_there = document("Makefile").lines().any(|line| line.starts_with(&format!("{target}:")));
        return (!is_there).then(|| "the Makefile has no such target".to_owned());
    }
    let shipped = "/usr/share/doc/starcourt/examples/";
    if let Some(name) = words.iter().find_map(|word| word.strip_prefix(shipped)) {
        let is_there = document("Cargo.toml").contains(&format!("[\"deploy/{name}\", \"{}\"", &shipped[1..]));
        return (!is_there).then(|| "the package has no such file".to_owned());
    }
    None
}

/// What stands in backquotes in the running text.
fn code_spans(page: &str) -> Vec<String> {
    let text = prose(page).replace('\n', " ");
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_command_in_the_documents_is_there_with_its_options() {
    let (mut faults, mut count) = (Vec::new(), 0);
    for (name, page) in pages() {
        let blocks: Vec<String> =
            blocks(&page, "sh").into_iter().flat_map(str::lines).map(str::to_owned).collect();
        for line in blocks.into_iter().chain(code_spans(&page)) {
            for words in commands(line.trim()) {
                count += usize::from(words.contains(&"starcourt"));
                faults.extend(fault(&words).map(|fault| format!("{name}: {line}\n{fault}")));
            }
        }
    }
    assert!(count > 80, "{count}");
    fail_on(&faults);
}

#[test]
fn every_file_that_the_documents_name_is_there() {
    let folders = ["benches/", "deploy/", "docs/", "examples/", "fuzz/", "shows/", "src/", "tests/"];
    let (mut faults, mut count) = (Vec::new(), 0);
    for (name, page) in pages() {
        for span in code_spans(&page) {
            let is_path = folders.iter().any(|folder| span.starts_with(folder));
            let is_source = [".rs", ".py", ".sh"].iter().any(|end| span.ends_with(end));
            if !(is_path || is_source) || span.contains([' ', '*']) || OF_THE_READER.contains(&span.as_str())
            {
                continue;
            }
            count += 1;
            let places = ["", "src/", "deploy/", "tests/emulated_pi/"];
            if !places.iter().any(|place| path_of(&format!("{place}{span}")).exists()) {
                faults.push(format!("{name}: there is no {span}"));
            }
        }
    }
    assert!(count > 50, "{count}");
    fail_on(&faults);
}
