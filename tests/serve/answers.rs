//! Answers that come late: what is said about one show is never taken for what is said about another.

use std::thread;
use std::time::{Duration, Instant};

use crate::common::launch::{Launch, until};
use crate::setup::{DIARY, Setup, count};

/// The service stands still this long after it was started, and so long that all the rest happens meanwhile.
const STANDS_STILL: &str = "performance after 1500 ms for 3000 ms";
/// It does by then: it looks twice a second whether it is to.
const BY_THEN: Duration = Duration::from_millis(2_200);
/// Until an order lies in the inbox, or a command's last word.
const A_WHILE: Duration = Duration::from_millis(300);

/// The mall is asked or prepared by `key` until the file `answer` is there, and succeeds or not with `code`;
/// meanwhile it is stopped, and ding played.
#[track_caller]
fn ding_plays_whatever_comes_of_the_mall(key: &str, code: u8) {
    let run = format!("touch asked; until [ -e answer ]; do sleep 0.02; done; exit {code}");
    let setup = Setup::new(&format!(
        "[schedule]\nday = {{ play = \"mall\" }}\n\
         [shows]\nmall = {{ {key} = {{ run = \"{run}\", timeout = \"20 s\" }} }}\n\
         ding = {{ before = \"sleep 0.1; echo ready >>diary\" }}\n{DIARY}"
    ));
    let mut service = setup.service();
    service.env("STARCOURT_FAULT", STANDS_STILL);
    let began = Instant::now();
    let service = setup.launch(service);
    until("asked", || setup.folder.path("asked").exists());
    thread::sleep(BY_THEN.saturating_sub(began.elapsed()));
    let stop = Launch::of(setup.command("stop"));
    thread::sleep(A_WHILE);
    let ding = setup.play("ding");
    thread::sleep(A_WHILE);
    setup.folder.write("answer", "");
    stop.end().with(0, &["nothing is playing"]);
    ding.end().with(0, &["ding has played to its end"]);
    setup.diary_comes_to(|diary| count(diary, "end ding") == 1);
    let diary = setup.diary();
    let place = |line: &str| diary.iter().position(|found| found.trim_end() == line);
    assert!(place("ready").is_some() && place("ready") < place("start ding"), "{diary:#?}");
    assert_eq!(place("start mall day"), None, "{diary:#?}");
    setup.ends(service);
}

#[test]
fn a_refusal_that_comes_too_late_blocks_no_other_show() {
    ding_plays_whatever_comes_of_the_mall("can_run", 1);
}

#[test]
fn what_failed_before_a_show_that_was_stopped_fails_no_other() {
    ding_plays_whatever_comes_of_the_mall("before", 1);
}

#[test]
fn what_succeeded_before_a_show_that_was_stopped_lets_no_other_begin_early() {
    ding_plays_whatever_comes_of_the_mall("before", 0);
}
