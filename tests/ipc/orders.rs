//! What is said: orders, their answers, and what is no order.

use std::io::Write;
use std::net::Shutdown;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use starcourt::ipc::{Answer, Client, Order, Play};

use crate::instance::{Instance, SOON, status};

#[test]
fn an_order_is_passed_on_and_its_answer_comes_back() {
    let instance = Instance::new();
    let mut visitor = instance.visitor();
    visitor.says(r#"{"order":"pause"}"#);
    instance.hears_order(&Order::Pause {}).done("paused at 0:12");
    visitor.hears_of(r#"{"done":"paused at 0:12"}"#);
    visitor.says(r#"{"order":"blackout","on":true}"#);
    instance.hears_order(&Order::Blackout { on: true }).refuse("not now", 75);
    visitor.hears_of(r#"{"refused":{"why":"not now","exit":75}}"#);
}

#[test]
fn answers_find_those_who_asked() {
    let instance = Instance::new();
    let mut visitors = [instance.visitor(), instance.visitor(), instance.visitor()];
    let mut callers = Vec::new();
    for (index, visitor) in visitors.iter_mut().enumerate() {
        let play = Play { volume: Some(index as u8), ..Play::show("demo") };
        visitor.voice.write_all(&Order::Play(play.clone()).line()).unwrap();
        callers.push(instance.hears_order(&Order::Play(play)));
    }
    for (index, caller) in callers.iter().enumerate().rev() {
        caller.done(format!("number {index}"));
    }
    for (index, visitor) in visitors.iter_mut().enumerate() {
        visitor.hears_of(&format!("number {index}"));
    }
}

#[test]
fn status_is_answered_without_asking_the_instance_and_followed_as_it_changes() {
    let instance = Instance::new();
    let mut visitor = instance.visitor();
    visitor.says(r#"{"order":"status"}"#);
    visitor.hears_of(r#""position_us":0"#);
    instance.control.publish(status(1));
    visitor.says(r#"{"order":"status","follow":true}"#);
    visitor.hears_of(r#""position_us":1000000"#);
    for second in 2..5 {
        instance.control.publish(status(second));
        visitor.hears_of(&format!(r#""position_us":{second}000000"#));
    }
    instance.hears_nothing();
}

#[test]
fn what_is_no_order_is_answered_and_reaches_nobody() {
    let instance = Instance::new();
    let mut visitor = instance.visitor();
    for line in
        ["", "hello", "{}", r#"{"order":"dance"}"#, "\u{0}\u{1b}[31m", r#"{"order":"play","show":"a/b"}"#]
    {
        visitor.says(line);
        visitor.hears_of(r#"{"refused":{"why":"this is no order: "#);
    }
    visitor.says(r#"{"order":"stop"}"#);
    instance.hears_order(&Order::Stop {}).done("");
    visitor.hears_of("done");
    instance.hears_nothing();
}

#[test]
fn a_script_that_says_its_order_and_listens_gets_its_answer() {
    let instance = Instance::new();
    let mut visitor = instance.visitor();
    visitor.says(r#"{"order":"next"}"#);
    visitor.voice.shutdown(Shutdown::Write).unwrap();
    instance.hears_order(&Order::Next {}).done("next");
    visitor.hears_of("next");
    assert_eq!(visitor.hears(), "", "and then the instance hangs up");
}

#[test]
fn the_socket_is_the_groups_comes_back_when_deleted_and_goes_with_the_instance() {
    let mut instance = Instance::new();
    let path = instance.path.clone();
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o660);
    let mut old = instance.visitor();
    std::fs::remove_file(&path).unwrap();
    instance.control.look_after().unwrap();
    for visitor in [&mut old, &mut instance.visitor()] {
        visitor.says(r#"{"order":"status"}"#);
        visitor.hears_of("playing");
    }
    drop(instance);
    assert!(!path.exists());
    assert_eq!(old.hears(), "");
}

#[test]
fn a_remote_asks_and_nobody_at_home_is_no_error() {
    let instance = Instance::new();
    let mut remote = Client::connect(&instance.path).unwrap().unwrap();
    let answer = remote.ask(&Order::Status { follow: false }, SOON).unwrap();
    assert_eq!(answer, Answer::Status(Box::new(status(0))));
    let impatient = remote.ask(&Order::Pause {}, Duration::from_millis(50)).unwrap_err();
    assert!(impatient.to_string().contains("does not answer"), "{impatient}");
    let nowhere = instance.path.with_file_name("nobody.sock");
    assert!(Client::connect(&nowhere).unwrap().is_none());
}

#[test]
fn an_instance_that_no_longer_listens_says_so() {
    let Instance { control: _control, calls, path, _folder } = Instance::new();
    drop(calls);
    let mut remote = Client::connect(&path).unwrap().unwrap();
    match remote.ask(&Order::Stop {}, SOON).unwrap() {
        Answer::Refused { why, exit } => assert_eq!((&*why, exit), ("this instance is ending", 75)),
        answer => panic!("{answer:?}"),
    }
}

#[test]
fn an_order_left_behind_by_somebody_who_does_not_listen_is_taken() {
    let instance = Instance::new();
    for _ in 0..50 {
        let mut visitor = instance.visitor();
        visitor.says(r#"{"order":"pause"}"#);
        drop(visitor);
        instance.hears_order(&Order::Pause {}).done("paused");
    }
    instance.answers_in_the_end();
}

#[test]
fn an_order_that_comes_too_late_is_refused_not_dropped() {
    let instance = Instance::new();
    let mut visitor = instance.visitor();
    visitor.says(r#"{"order":"next"}"#);
    let _never_answered = instance.hears_order(&Order::Next {});
    drop(instance.control);
    visitor.hears_of(r#"{"refused":{"why":"this instance is ending","exit":75}}"#);
    assert_eq!(visitor.hears(), "", "hung up");
}
