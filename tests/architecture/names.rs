//! Names come from the lighting and audio fields and from engineering, and each names one thing.

use std::collections::{BTreeMap, BTreeSet};

use crate::fail_on;
use crate::source::{SourceFile, other_files, source_files};

/// Words that no name of a module or type has in it, and what to say.
const BACKSTAGE: &[(&str, &str)] = &[
    ("cast", "child process"),
    ("crew", "jobs"),
    ("guest", "connection"),
    ("herald", "notify"),
    ("house", "instance"),
    ("mall", "a plain name for the test's files"),
    ("mishap", "catch_panic"),
    ("paperwork", "config"),
    ("playbill", "lock info"),
    ("porch", "a plain name for the test's files"),
    ("programme", "schedule, or audio source"),
    ("rundown", "cursor"),
    ("season", "scheduler"),
    ("storey", "layer"),
    ("theatre", "a plain name for the test's files"),
    ("troupe", "render thread"),
    ("venue", "a plain name for the test's files"),
    ("visitor", "connection"),
];

/// Words that are no name of a module or type by themselves, and what to say. They may be part of a name.
const VAGUE_ALONE: &[(&str, &str)] = &[
    ("act", "running show"),
    ("anchor", "second anchor"),
    ("book", "frame"),
    ("chance", "random"),
    ("companion", "observer"),
    ("contact", "relay dwell"),
    ("door", "launch mutex"),
    ("face", "backend"),
    ("front", "terminal or journal"),
    ("gates", "conditions"),
    ("hall", "a plain name for the test's files"),
    ("hear", "handle"),
    ("lamps", "soft PWM"),
    ("latch", "lock file"),
    ("letters", "tx"),
    ("operator", "mixer"),
    ("panel", "inputs"),
    ("paper", "plain"),
    ("post", "guardian lock, or outbox"),
    ("prompt", "mailbox"),
    ("pulse", "watchdog"),
    ("reel", "decoder"),
    ("register", "open locks"),
    ("rest", "sleep plan"),
    ("role", "child process"),
    ("room", "module"),
    ("run", "extent"),
    ("script", "hooks"),
    ("stage_door", "admission"),
    ("strip", "channel state"),
    ("told", "event"),
    ("turn", "play request, or slot"),
];

/// Words that say nothing, of which no name has one in it.
const EMPTY: &[&str] = &["manager", "handler", "helper", "util"];

/// The names of a file's types and modules, its own and its folder's included, each with its line.
fn types_and_modules(file: &SourceFile) -> impl Iterator<Item = (&str, usize)> {
    let types = file.contents.types.iter().map(|(name, line)| (name.as_str(), *line));
    let inline = file.contents.modules.iter().filter_map(|(path, _)| Some((path.last()?.as_str(), 1)));
    let own = file.path.split('/').skip(1).map(|part| (part.trim_end_matches(".rs"), 1));
    types.chain(inline).chain(own)
}

/// `StageDoor` as `stage_door`.
fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for character in name.chars() {
        if character.is_uppercase() && !snake.is_empty() && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.extend(character.to_lowercase());
    }
    snake
}

/// What to say instead of `name`.
fn better(name: &str) -> Option<&'static str> {
    let name = snake_case(name);
    let has = |word: &str| name.split('_').any(|part| part == word);
    let backstage = BACKSTAGE.iter().find(|(word, _)| has(word));
    backstage.or_else(|| VAGUE_ALONE.iter().find(|(word, _)| *word == name)).map(|(_, better)| *better)
}

#[test]
fn names_need_no_glossary() {
    let mut broken = BTreeSet::new();
    for file in source_files().iter().chain(other_files()) {
        for (name, line) in types_and_modules(file) {
            if let Some(better) = better(name) {
                broken.insert(format!("{}:{line}: {name}: say {better}", file.path));
            }
        }
    }
    fail_on(broken);
}

#[test]
fn names_say_something() {
    let mut broken = Vec::new();
    for file in source_files() {
        let functions =
            file.contents.functions.iter().map(|function| (function.name.as_str(), function.line));
        for (name, line) in types_and_modules(file).chain(functions) {
            let is_empty = EMPTY.iter().any(|word| snake_case(name).contains(word));
            if is_empty || name.starts_with("get_") {
                broken.push(format!("{}:{line}: {name}", file.path));
            }
        }
    }
    fail_on(broken);
}

#[test]
fn no_two_types_have_the_same_name() {
    let mut places: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for file in source_files() {
        for (name, line) in &file.contents.types {
            places.entry(name.as_str()).or_default().push(format!("{}:{line}", file.path));
        }
    }
    let twice = places.iter().filter(|(_, places)| places.len() > 1);
    fail_on(twice.map(|(name, places)| format!("{name}: {}", places.join(", "))).collect::<Vec<_>>());
}
