//! The architecture rules of `docs/architecture.md`, kept by machine: who may use whom, who may name what.

#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

/// The modules, lowest layer first; a module may use those of earlier rows only.
const LAYERS: &[&[&str]] = &[
    &[
        "level",
        "easing",
        "time",
        "volume",
        "random",
        "faults",
        "file_access",
        "heartbeat",
        "catch_panic",
        "printable",
        "spool",
    ],
    &["diagnosis", "realtime"],
    &["config"],
    &["rig"],
    &["show"],
    &["schedule"],
    &["timeline"],
    &["clock", "output"],
    &["engine", "buttons", "scene"],
    &["player", "bench"],
    &["ipc", "lock", "signals", "stage", "wear"],
    &["guardian", "service"],
    &["doctor", "cli"],
    &["commands"],
];

/// Libraries that one module only may name, and in how many of its files.
const KEPT: &[(&[&str], &str, usize)] = &[
    (&["rppal"], "output", 1),
    (&["cpal"], "clock", 1),
    (&["symphonia"], "clock", 1),
    (&["rubato"], "clock", 1),
    (&["file_lock"], "lock", 1),
    (&["ctrlc"], "signals", 1),
    (&["signal_hook"], "signals", 1),
    (&["gpiocdev"], "buttons", 1),
    (&["memchr"], "clock", 1),
    (&["ratatui", "crossterm"], "stage", usize::MAX),
    (&["toml"], "config", 1),
    (&["toml_edit"], "rig", 1),
    (&["clap"], "cli", 2),
    (&["annotate_snippets"], "diagnosis", 1),
    (&["sd_notify"], "service", 1),
];

struct File {
    path: PathBuf,
    /// The module it belongs to; `main` and `lib` are none.
    module: String,
    text: String,
}

impl File {
    /// The lines that are code, with their numbers: a remark may name what it likes.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(index, line)| (index + 1, line));
        lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    fn names(&self, library: &str) -> bool {
        self.code().any(|(_, line)| {
            line.match_indices(library).any(|(at, _)| {
                let before = line[..at].chars().next_back();
                line[at + library.len()..].starts_with("::")
                    && !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
            })
        })
    }
}

fn files() -> Vec<File> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut open = vec![source.clone()];
    let mut files = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in folder.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|suffix| suffix == "rs") {
                let within = path.strip_prefix(&source).unwrap();
                let first = within.components().next().unwrap().as_os_str().to_string_lossy();
                let module = first.trim_end_matches(".rs").to_owned();
                files.push(File { text: std::fs::read_to_string(&path).unwrap(), module, path });
            }
        }
    }
    assert!(files.len() > 30, "{}", files.len());
    files
}

/// Fails with everything in `broken`, a line each.
#[track_caller]
fn none(broken: Vec<String>) {
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|modules| modules.contains(&module))
}

#[test]
fn a_module_uses_only_modules_below_it() {
    let mut broken = Vec::new();
    for file in files() {
        let Some(own) = layer(&file.module) else { continue };
        for (number, line) in file.code() {
            for (at, _) in line.match_indices("crate::") {
                let used: String =
                    line[at + 7..].chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
                if used != file.module && layer(&used).is_none_or(|used| used >= own) {
                    broken.push(format!("{}:{number}: {} uses {used}", file.path.display(), file.module));
                }
            }
        }
    }
    none(broken);
}

#[test]
fn every_module_stands_in_the_table() {
    let modules = files().into_iter().filter(|file| !["main", "lib"].contains(&file.module.as_str()));
    none(
        modules
            .filter(|file| layer(&file.module).is_none())
            .map(|file| file.path.display().to_string())
            .collect(),
    );
}

#[test]
fn a_library_is_named_in_its_module_only() {
    let files = files();
    let mut broken = Vec::new();
    for (libraries, module, most) in KEPT {
        for library in *libraries {
            let naming: Vec<&File> = files.iter().filter(|file| file.names(library)).collect();
            let strangers = naming.iter().filter(|file| file.module != *module);
            broken.extend(strangers.map(|file| format!("{} names {library}", file.path.display())));
            if naming.len() > *most {
                broken.push(format!("{library} is named in {} files", naming.len()));
            }
        }
    }
    none(broken);
}

#[test]
fn nothing_leaves_without_closing_what_it_opened() {
    let exits = |line: &str| line.contains("process::exit") || line.contains("process::abort");
    let mut broken = Vec::new();
    for file in files() {
        let lines = file.code().filter(|(_, line)| exits(line));
        broken.extend(lines.map(|(number, _)| format!("{}:{number}", file.path.display())));
    }
    none(broken);
}

/// What names, titles or other processes say may steer a terminal.
#[test]
fn what_prints_makes_foreign_text_harmless() {
    let prints = |line: &str| {
        ["writeln!(std", "write!(std", "spool.line(", "spool::tell("].iter().any(|call| line.contains(call))
    };
    let mut broken = Vec::new();
    for file in
        files().into_iter().filter(|file| !file.text.contains("::printable") && file.module != "spool")
    {
        let lines = file.code().filter(|(_, line)| prints(line));
        broken.extend(lines.map(|(number, _)| format!("{}:{number}", file.path.display())));
    }
    none(broken);
}

#[test]
fn every_file_says_what_it_is() {
    let silent = files().into_iter().filter(|file| !file.text.starts_with("//! "));
    none(silent.map(|file| file.path.display().to_string()).collect());
}

#[test]
fn no_file_grows_past_a_second_idea() {
    const LONGEST: usize = 400;
    let long = files().into_iter().filter(|file| file.text.lines().count() > LONGEST);
    none(long.map(|file| format!("{}: {} lines", file.path.display(), file.text.lines().count())).collect());
}

#[test]
fn names_come_from_the_lighting_field() {
    const VAGUE: [&str; 4] = ["manager", "handler", "helper", "util"];
    let mut broken = Vec::new();
    for file in files() {
        for (number, line) in file.code() {
            let Some((_, rest)) = line.split_once("fn ").or_else(|| line.split_once("struct ")) else {
                continue;
            };
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            // A foreign function keeps the name that its library gave it.
            if name.starts_with("snd_") {
                continue;
            }
            let is_vague = VAGUE.iter().any(|vague| name.to_lowercase().contains(vague));
            if is_vague || name.starts_with("get_") {
                broken.push(format!("{}:{number}: {name}", file.path.display()));
            }
        }
    }
    none(broken);
}

/// A file in a folder that others may write to is opened, made and replaced in one place only: see
/// `src/file_access`. The others named here write to the kernel's own files, to locks, or to pages.
#[test]
fn files_are_made_in_one_place() {
    const MAKES: [&str; 9] = [
        "File::create",
        "create_new(",
        ".create(true)",
        "fs::write(",
        "fs::copy(",
        "create_dir",
        "set_permissions(",
        "chown(",
        "fs::rename(",
    ];
    const MAY: [&str; 6] = [
        "file_access/",
        "lock/",
        "output/pwm_block/",
        "guardian/oom.rs",
        "ipc/socket.rs",
        "clock/audio/wav.rs",
    ];
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut broken = Vec::new();
    for file in files() {
        let within = file.path.strip_prefix(&source).unwrap().to_string_lossy().into_owned();
        if MAY.iter().any(|may| within.starts_with(may)) || within.contains("tests") {
            continue;
        }
        let tests = file.text.lines().position(|line| line == "#[cfg(test)]").unwrap_or(usize::MAX);
        let lines = file
            .code()
            .filter(|(number, line)| *number < tests && MAKES.iter().any(|make| line.contains(make)));
        broken.extend(lines.map(|(number, line)| format!("{within}:{number}: {}", line.trim())));
    }
    none(broken);
}

/// `println!` and `eprintln!` end the process when nobody reads, and what is left in the standard library's hands is
/// lost without a word on a full disk.
#[test]
fn answers_are_printed_in_one_place() {
    const PRINTS: [&str; 3] = ["println!(", "print!(", "(stdout()"];
    // The show's own words; whether there are colours.
    const MAY: [&str; 3] = ["commands/printed.rs", "commands/instance/display.rs", "commands/mod.rs"];
    let mut broken = Vec::new();
    for file in files().into_iter().filter(|file| !MAY.iter().any(|may| file.path.ends_with(may))) {
        let tests = file.text.lines().position(|line| line == "#[cfg(test)]").unwrap_or(usize::MAX);
        let lines = file.code().filter(|(number, line)| {
            let prints = PRINTS.iter().any(|print| line.contains(print));
            *number < tests && file.module == "commands" && prints
        });
        broken.extend(lines.map(|(number, _)| format!("{}:{number}", file.path.display())));
    }
    none(broken);
}

#[test]
fn a_predicate_answers_and_changes_nothing() {
    const PREDICATES: [&str; 5] = ["fn is_", "fn has_", "fn was_", "fn are_", "fn were_"];
    // The standard library asks a child whether it has ended only through `&mut`.
    const MAY: &str = "guardian/mod.rs";
    let mut broken = Vec::new();
    for file in files() {
        let code: Vec<(usize, &str)> = file.code().collect();
        for (at, (number, line)) in code.iter().enumerate() {
            if !PREDICATES.iter().any(|name| line.contains(name)) {
                continue;
            }
            // A long one goes over several lines.
            let lines = code[at..].iter().map(|(_, line)| *line);
            let end = lines.clone().position(|line| line.ends_with(['{', ';', '}'])).unwrap();
            let signature = lines.take(end + 1).collect::<String>();
            let changes = signature.contains("&mut self") && !file.path.ends_with(MAY);
            if changes || !signature.contains("->") {
                broken.push(format!("{}:{number}: {}", file.path.display(), line.trim()));
            }
        }
    }
    none(broken);
}
