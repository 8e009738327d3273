//! The lines that the journal gets.

use std::process::Command;

use crate::common::launch::{Launch, until};
use crate::setup::{MALL, Setup};

/// What the service says while `ding` plays and its lock's file is deleted. `refine` prepares its start.
fn said(refine: impl FnOnce(Command) -> Command) -> String {
    let setup = Setup::new("[commands]\nbefore = \"echo the curtain\"\n");
    let service = setup.launch(refine(setup.service()));
    setup.play("ding").end().with(0, &["to its end"]);
    let _ = std::fs::remove_file(setup.folder.path("lock/starcourt.lock"));
    until("mended", || service.said().contains("deleted"));
    setup.ends(service).said
}

/// Starts `command` as systemd does: with the name of the stream that its standard output is.
fn by_systemd(command: Command) -> Command {
    let start = r#"exec 3>&1; export JOURNAL_STREAM=$(stat -L -c %d:%i /dev/fd/3); exec "$0" "$@" 3>&-"#;
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", start]).arg(command.get_program()).args(command.get_args());
    shell.current_dir(command.get_current_dir().expect("the theatre's folder"));
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell
}

fn with(variable: &str, value: &str) -> impl FnOnce(Command) -> Command {
    move |mut command| {
        command.env(variable, value);
        command
    }
}

#[test]
fn each_event_is_a_line_with_its_weight_where_systemd_reads_it() {
    let said = said(by_systemd);
    for line in ["<6>before: the curtain\n", "<6>ding begins (0:00)\n", "<4>the lock's file had been deleted"]
    {
        assert!(said.contains(line), "no {line:?} in:\n{said}");
    }
    assert!(said.lines().all(|line| line.starts_with("<6>") || line.starts_with("<4>")), "{said}");
}

#[test]
fn without_systemd_the_lines_are_for_people() {
    // A terminal's programs have the name of the stream that a desktop's session was started with.
    let said = said(with("JOURNAL_STREAM", "8:1234"));
    assert!(said.contains("ding begins"), "{said}");
    assert!(!said.contains("<6>") && !said.contains("<4>"), "{said}");
}

#[test]
fn decisions_are_told_where_somebody_asks_for_them_and_nowhere_else() {
    let said_with = |level: &str| said(|command| with("STARCOURT_LOG", level)(by_systemd(command)));
    let decision = "<7>";
    let debug = said_with("debug");
    assert!(debug.contains(decision) && debug.contains("<6>ding begins"), "{debug}");
    assert!(!said(by_systemd).contains(decision));
    let warn = said_with("warn");
    assert!(!warn.contains("<6>") && warn.contains("<4>the lock's file had been deleted"), "{warn}");
}

#[test]
fn a_level_that_there_is_not_is_told() {
    let setup = Setup::new("");
    let told = |level: &str| Launch::of(with("STARCOURT_LOG", level)(setup.command("status"))).end().told;
    assert_eq!(told("error"), "");
    let told = told("loud");
    assert!(told.contains("starcourt: STARCOURT_LOG is `loud`: expected error, warn"), "{told}");
}

#[test]
fn what_the_last_commands_say_is_heard_when_the_service_ends() {
    let setup = Setup::new(
        "[schedule]\nday = { play = \"mall\" }\n\
         [commands]\nafter = \"echo the curtain falls\"\n[on]\nend = \"echo good night\"\n",
    );
    let service = setup.serve();
    setup.comes_to_show(MALL);
    let said = setup.ends(service).said;
    for line in ["the curtain falls", "good night"] {
        assert!(said.contains(line), "no {line:?} in:\n{said}");
    }
}
