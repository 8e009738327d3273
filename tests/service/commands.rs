//! What is heard of commands: their words, their refusals, and in which order they are run.

use std::fs;
use std::path::Path;
use std::time::Duration;

use starcourt::schedule::{Condition, Hook};
use starcourt::service::conditions;
use starcourt::service::hooks::{self, HookContext, HookEvent, HookOutcome};

use crate::shell::{Heard, about, ask, line, refused, run};

#[test]
fn a_command_that_succeeds_says_its_lines() {
    assert_eq!(
        run("echo dry; echo enough >&2"),
        (vec!["can_run: dry".into(), "can_run: enough".into()], HookOutcome::Succeeded)
    );
    assert_eq!(run("true"), (vec![], HookOutcome::Succeeded));
}

#[test]
fn the_last_line_of_a_refusal_is_its_reason() {
    assert_eq!(
        run("echo looks; echo 'it rains'; exit 3"),
        (vec!["can_run: looks".into()], refused("it rains"))
    );
    assert_eq!(run("exit 3"), (vec![], refused("it ended with code 3")));
}

#[test]
fn a_command_that_is_not_there_or_is_killed_says_so() {
    let (_, done) = run("/nowhere/is-it-dry");
    assert!(matches!(&done, HookOutcome::Refused { reason } if reason.contains("not found")), "{done:?}");
    let (_, done) = run("kill -KILL $$");
    assert!(matches!(&done, HookOutcome::Failed(why) if why.contains("killed")), "{done:?}");
}

#[test]
fn a_command_is_told_of_its_show() {
    let words = "echo \"$STARCOURT_SHOW,$STARCOURT_ENTRY,$STARCOURT_EVENT,${STARCOURT_REASON-none}\"";
    for (reason, entry, event, expected) in [
        (None, Some("evenings"), HookEvent::Start, "start: demo,evenings,start,none"),
        (Some("it rains; \"$(ls)\""), None, HookEvent::Blocked, "blocked: demo,,blocked,it rains; \"$(ls)\""),
    ] {
        let (reason, entry) = (reason.map(str::to_owned), entry.map(str::to_owned));
        let about = HookContext { entry, event, reason, ..about(event) };
        let (said, _) = Heard::of_script(&line(words), &about).finish();
        assert_eq!(said, [expected]);
    }
}

#[test]
fn a_command_that_floods_is_heard_to_its_end() {
    let (said, done) = run("yes chatter | head -n 100000; echo 'it rains'; exit 1");
    assert_eq!((said.len(), done), (21, refused("it rains")));
}

#[test]
fn gates_are_asked_in_turn_until_one_refuses() {
    let folder = tempfile::tempdir().unwrap();
    let reached = folder.path().join("reached");
    let touch = format!("touch {}", reached.display());
    assert_eq!(ask(&[("true", None), ("echo no; false", None), (&touch, None)]).1, refused("no"));
    assert!(!reached.exists());
    assert_eq!(ask(&[("true", None), (&touch, None)]).1, HookOutcome::Succeeded);
    assert!(reached.exists());
    assert_eq!(ask(&[]).1, HookOutcome::Succeeded);
}

#[test]
fn the_reason_that_the_schedule_gives_for_a_gate_comes_first() {
    assert_eq!(ask(&[("echo no; false", Some("it rains"))]).1, refused("it rains"));
    assert_eq!(ask(&[("kill -KILL $$", Some("it rains"))]).1, refused("it rains"));
    let (_, done) = ask(&[("kill -KILL $$", None)]);
    assert!(matches!(&done, HookOutcome::Refused { reason } if reason.contains("killed")), "{done:?}");
}

#[test]
fn a_gate_that_does_not_answer_is_named() {
    let script = Hook { patience: Duration::from_millis(100), ..line("sleep 300") };
    let gates = vec![Condition { hook: script, reason: None }];
    let (_, done) = Heard::of(|tell| conditions::ask(gates, &about(HookEvent::CanRun), tell)).finish();
    assert_eq!(done, refused("`sleep 300` took longer than 0.1 s"));
}

/// What a row of commands leaves in a file, each its own letter, where `b` fails.
fn row(start: impl FnOnce(&Path, &dyn Fn(&str) -> Hook) -> Heard) -> (String, HookOutcome) {
    let folder = tempfile::tempdir().unwrap();
    let trail = folder.path().join("trail");
    let step = |letter: &str| {
        let code = if letter == "b" { 1 } else { 0 };
        line(&format!("printf {letter} >> {}; echo {letter}; exit {code}", trail.display()))
    };
    let (_, done) = start(&trail, &step).finish();
    (fs::read_to_string(&trail).unwrap(), done)
}

#[test]
fn what_is_run_before_a_show_stops_at_the_first_that_fails() {
    let (trail, done) = row(|_, step| {
        Heard::of(|tell| {
            hooks::run_until_refused(["a", "b", "c"].map(step).into(), &about(HookEvent::Before), tell)
        })
    });
    assert_eq!((&*trail, done), ("ab", refused("b")));
}

#[test]
fn what_is_run_after_a_show_is_run_whatever_comes_of_it() {
    let (trail, done) = row(|_, step| {
        Heard::of(|tell| hooks::run_all(["a", "b", "c"].map(step).into(), &about(HookEvent::After), tell))
    });
    assert_eq!((&*trail, done), ("abc", refused("b")));
}
