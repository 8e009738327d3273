//! How commands end that do not end by themselves: patience, a service that ends, what ignores signals.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use starcourt::schedule::Hook;
use starcourt::service::hooks::{HookEvent, HookMessage, HookOutcome, Jobs};

use crate::shell::{Heard, PATIENCE, about, line, run};

/// A shell is up and has said its word by then, also on a machine under load.
const SHORT: Duration = Duration::from_secs(1);

/// It says which process sleeps.
fn sleeper(prefix: &str) -> String {
    format!("{prefix} sleep 300 & echo $!; wait")
}

fn is_alive(pid: &str) -> bool {
    let stat = std::fs::read_to_string(Path::new("/proc").join(pid).join("stat")).unwrap_or_default();
    !matches!(stat.rsplit(") ").next().and_then(|rest| rest.chars().next()), None | Some('Z'))
}

#[track_caller]
fn dies(pid: &str) {
    let start = Instant::now();
    while is_alive(pid) {
        assert!(start.elapsed() < PATIENCE, "{pid} lives on");
        thread::sleep(Duration::from_millis(5));
    }
}

fn pid_in(said: &str) -> String {
    said.rsplit(' ').next().unwrap().to_owned()
}

fn impatient(text: &str) -> Hook {
    Hook { line: text.to_owned(), patience: SHORT }
}

#[test]
fn a_command_that_takes_too_long_is_ended_with_all_that_it_started() {
    for prefix in ["", "trap '' TERM; ", "trap 'kill -STOP $$' TERM; "] {
        let heard = Heard::of_script(&impatient(&sleeper(prefix)), &about(HookEvent::CanRun));
        let (said, done) = heard.finish();
        assert_eq!(done, HookOutcome::Overran, "{said:?}");
        dies(&pid_in(&said[0]));
    }
}

#[test]
fn a_command_may_clear_up_when_its_patience_is_over() {
    let text = "trap 'sleep 0.2; echo cleared up; exit 0' TERM; while :; do sleep 0.05; done";
    let (said, done) = Heard::of_script(&impatient(text), &about(HookEvent::After)).finish();
    // Before that a shell may say what became of its `sleep`.
    assert_eq!((said.last().unwrap().as_str(), done), ("after: cleared up", HookOutcome::Overran));
}

#[test]
fn a_command_that_is_dropped_is_ended_and_tells_no_end() {
    let text = "sleep 300 & echo $!; echo idle; wait";
    let heard = Heard::of_script(&line(text), &about(HookEvent::Start));
    let pid = pid_in(&heard.says());
    assert!(is_alive(&pid));
    assert_eq!(heard.rest(), [HookMessage::Output("start: idle".to_owned())]);
    dies(&pid);
}

#[test]
fn what_a_command_leaves_in_the_background_is_not_waited_for_and_lives_on() {
    let (said, done) = run("sleep 300 & echo $!");
    assert_eq!(done, HookOutcome::Succeeded);
    let pid = pid_in(&said[0]);
    assert!(is_alive(&pid));
    kill_process(Pid::from_raw(pid.parse().unwrap()).unwrap(), Signal::KILL).unwrap();
}

#[test]
fn whoever_ends_waits_for_commands_to_end_but_not_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let done = folder.path().join("done");
    let quick = line(&format!("sleep 0.3; touch {}", done.display()));
    let mut jobs = Jobs::default();
    jobs.add(Heard::of_script(&quick, &about(HookEvent::End)).running);
    jobs.finish(PATIENCE);
    assert!(done.exists());

    let stubborn: Vec<Heard> = (0..5).map(|_| stubborn()).collect();
    let pids: Vec<String> = stubborn.iter().map(|heard| pid_in(&heard.says())).collect();
    stubborn.into_iter().for_each(|heard| jobs.add(heard.running));
    jobs.finish(Duration::from_millis(200));
    pids.iter().for_each(|pid| assert!(!is_alive(pid)));
}

/// It says who it is, and does not listen.
fn stubborn() -> Heard {
    Heard::of_script(&line("trap '' TERM; echo $$; echo idle; sleep 300"), &about(HookEvent::End))
}
