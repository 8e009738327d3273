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
    let mut connection = instance.connection();
    connection.writes(r#"{"order":"pause"}"#);
    instance.receives_order(&Order::Pause {}).done("paused at 0:12");
    connection.reads(r#"{"done":"paused at 0:12"}"#);
    connection.writes(r#"{"order":"blackout","on":true}"#);
    instance.receives_order(&Order::Blackout { on: true }).refuse("not now", 75);
    connection.reads(r#"{"refused":{"why":"not now","exit":75}}"#);
}

#[test]
fn answers_find_those_who_asked() {
    let instance = Instance::new();
    let mut connections = [instance.connection(), instance.connection(), instance.connection()];
    let mut callers = Vec::new();
    for (index, connection) in connections.iter_mut().enumerate() {
        let play = Play { volume: Some(index as u8), ..Play::show("demo") };
        connection.stream.write_all(&Order::Play(play.clone()).line()).unwrap();
        callers.push(instance.receives_order(&Order::Play(play)));
    }
    for (index, caller) in callers.iter().enumerate().rev() {
        caller.done(format!("number {index}"));
    }
    for (index, connection) in connections.iter_mut().enumerate() {
        connection.reads(&format!("number {index}"));
    }
}

#[test]
fn status_is_answered_without_asking_the_instance_and_followed_as_it_changes() {
    let instance = Instance::new();
    let mut connection = instance.connection();
    connection.writes(r#"{"order":"status"}"#);
    connection.reads(r#""position_us":0"#);
    instance.server.publish(status(1));
    connection.writes(r#"{"order":"status","follow":true}"#);
    connection.reads(r#""position_us":1000000"#);
    for second in 2..5 {
        instance.server.publish(status(second));
        connection.reads(&format!(r#""position_us":{second}000000"#));
    }
    instance.receives_nothing();
}

#[test]
fn what_is_no_order_is_answered_and_not_passed_on() {
    let instance = Instance::new();
    let mut connection = instance.connection();
    for line in
        ["", "hello", "{}", r#"{"order":"dance"}"#, "\u{0}\u{1b}[31m", r#"{"order":"play","show":"a/b"}"#]
    {
        connection.writes(line);
        connection.reads(r#"{"refused":{"why":"this is no order: "#);
    }
    connection.writes(r#"{"order":"stop"}"#);
    instance.receives_order(&Order::Stop {}).done("");
    connection.reads("done");
    instance.receives_nothing();
}

#[test]
fn a_script_that_says_its_order_and_listens_gets_its_answer() {
    let instance = Instance::new();
    let mut connection = instance.connection();
    connection.writes(r#"{"order":"next"}"#);
    connection.stream.shutdown(Shutdown::Write).unwrap();
    instance.receives_order(&Order::Next {}).done("next");
    connection.reads("next");
    assert_eq!(connection.line(), "", "and then the instance hangs up");
}

#[test]
fn the_socket_is_the_groups_comes_back_when_deleted_and_goes_with_the_instance() {
    let mut instance = Instance::new();
    let path = instance.path.clone();
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o660);
    let mut old = instance.connection();
    std::fs::remove_file(&path).unwrap();
    instance.server.restore_socket().unwrap();
    for connection in [&mut old, &mut instance.connection()] {
        connection.writes(r#"{"order":"status"}"#);
        connection.reads("playing");
    }
    drop(instance);
    assert!(!path.exists());
    assert_eq!(old.line(), "");
}

#[test]
fn a_client_asks_and_an_instance_that_is_not_there_is_no_error() {
    let instance = Instance::new();
    let mut client = Client::connect(&instance.path).unwrap().unwrap();
    assert_eq!(client.status(SOON).unwrap(), status(0));
    let impatient = client.ask(&Order::Pause {}, Duration::from_millis(50)).unwrap_err();
    assert!(impatient.to_string().contains("does not answer"), "{impatient}");
    let nowhere = instance.path.with_file_name("nobody.sock");
    assert!(Client::connect(&nowhere).unwrap().is_none());
}

#[test]
fn an_instance_that_no_longer_listens_says_so() {
    let Instance { server: _server, events, path, _folder } = Instance::new();
    drop(events);
    let mut client = Client::connect(&path).unwrap().unwrap();
    match client.ask(&Order::Stop {}, SOON).unwrap() {
        Answer::Refused { why, exit } => assert_eq!((&*why, exit), ("this instance is ending", 75)),
        answer => panic!("{answer:?}"),
    }
}

#[test]
fn an_order_is_carried_out_also_when_its_connection_closes_at_once() {
    let instance = Instance::new();
    for _ in 0..50 {
        let mut connection = instance.connection();
        connection.writes(r#"{"order":"pause"}"#);
        drop(connection);
        instance.receives_order(&Order::Pause {}).done("paused");
    }
    instance.answers_in_the_end();
}

#[test]
fn an_order_that_comes_too_late_is_refused_not_dropped() {
    let instance = Instance::new();
    let mut connection = instance.connection();
    connection.writes(r#"{"order":"next"}"#);
    let _never_answered = instance.receives_order(&Order::Next {});
    drop(instance.server);
    connection.reads(r#"{"refused":{"why":"this instance is ending","exit":75}}"#);
    assert_eq!(connection.line(), "", "hung up");
}
