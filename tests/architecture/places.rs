//! What is dangerous to do anywhere is done in one place.

use crate::fail_on;
use crate::source::{SourceFile, source_files};

/// Each line of code in `files` of which `is_broken` is true.
fn lines<'a>(files: impl Iterator<Item = &'a SourceFile>, is_broken: impl Fn(&str) -> bool) -> Vec<String> {
    let mut broken = Vec::new();
    for file in files {
        let lines = file.code().filter(|(_, line)| is_broken(line));
        broken.extend(lines.map(|(number, line)| format!("{}:{number}: {}", file.path, line.trim())));
    }
    broken
}

/// Drop closes what was opened: pins are made safe, the socket is removed, the lock is freed.
#[test]
fn nothing_ends_the_process_without_closing_what_it_opened() {
    let mut broken = Vec::new();
    for file in source_files() {
        let contents = &file.contents;
        let imports = contents.imports.iter().map(|import| &import.mention);
        let ends = contents.mentions.iter().chain(imports).filter(|mention| {
            let path: Vec<&str> = mention.path.iter().map(String::as_str).collect();
            path.ends_with(&["process", "exit"]) || path.ends_with(&["process", "abort"])
        });
        broken.extend(ends.map(|mention| format!("{}:{}", file.path, mention.line)));
    }
    fail_on(broken);
}

/// What names, titles or other processes say may steer a terminal.
#[test]
fn what_prints_makes_foreign_text_harmless() {
    const PRINTS: [&str; 3] = ["writeln!(std", "write!(std", "spool.line("];
    let careless =
        source_files().iter().filter(|file| !file.text.contains("::printable") && file.module() != "spool");
    fail_on(lines(careless, |line| PRINTS.iter().any(|print| line.contains(print))));
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
        "src/file_access/",
        "src/lock/",
        "src/output/pwm_block/",
        "src/guardian/oom.rs",
        "src/group_socket.rs",
        "src/audio/wav.rs",
    ];
    let others = source_files()
        .iter()
        .filter(|file| !MAY.iter().any(|may| file.path.starts_with(may)) && !file.path.contains("tests"));
    fail_on(lines(others, |line| MAKES.iter().any(|make| line.contains(make))));
}

/// `println!` and `eprintln!` end the process when nobody reads, and what is left in the standard library's hands is
/// lost without a word on a full disk.
#[test]
fn answers_are_printed_in_one_place() {
    const PRINTS: [&str; 3] = ["println!(", "print!(", "(stdout()"];
    // Whether there are colours.
    const MAY: [&str; 2] = ["src/commands/printed.rs", "src/commands/mod.rs"];
    let others = source_files()
        .iter()
        .filter(|file| file.module() == "commands" && !MAY.contains(&file.path.as_str()));
    fail_on(lines(others, |line| PRINTS.iter().any(|print| line.contains(print))));
}

/// A line of the log takes a mutex and memory: none comes from the timing thread or from a signal's handler. A bus has a
/// thread of its own, and so has the link to `starcourt net`.
#[test]
fn the_timing_thread_never_logs() {
    const SILENT: [&str; 5] = ["engine", "output", "timeline", "heartbeat", "realtime"];
    const MAY: [&str; 2] = ["src/output/i2c/worker.rs", "src/output/network/link_thread.rs"];
    let is_silent = |file: &&SourceFile| SILENT.contains(&file.module()) && !MAY.contains(&&*file.path);
    let files: Vec<_> = source_files().iter().filter(is_silent).collect();
    assert!(files.len() > 30, "{}", files.len());
    fail_on(lines(files.into_iter(), |line| line.contains("log::") || line.contains("logging")));
}
