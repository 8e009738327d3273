//! Shows that end with a connection.

use std::io::Write;

use starcourt::ipc::{Answer, ConnectionEvent, Order, Play, Responder};

use crate::instance::{Connection, Instance, status};

/// A connection that has ordered a show of its own, and how it is answered.
fn asks_for_a_show(instance: &Instance) -> (Connection, Responder) {
    let mut connection = instance.connection();
    let play = Order::Play(Play { attach: true, ..Play::show("demo") });
    connection.stream.write_all(&play.line()).unwrap();
    (connection, instance.receives_order(&play))
}

#[test]
fn a_connection_that_owns_a_show_is_reported_when_it_closes() {
    let instance = Instance::new();
    let (mut connection, caller) = asks_for_a_show(&instance);
    caller.done("demo begins");
    connection.reads("begins");
    caller.tell(Answer::Notice("the sound is lost".to_owned()));
    connection.reads(r#"{"notice":"the sound is lost"}"#);
    instance.server.publish(status(7));
    connection.reads(r#""position_us":7000000"#);
    drop(connection);
    match instance.receives() {
        ConnectionEvent::Closed(id) => assert_eq!(id, caller.id()),
        call => panic!("{call:?}"),
    }
}

#[test]
fn a_connection_whose_show_has_ended_is_not_reported() {
    let instance = Instance::new();
    let (mut connection, caller) = asks_for_a_show(&instance);
    caller.done("demo begins");
    caller.tell(Answer::Ended { how: "played".to_owned(), exit: 0 });
    connection.reads("begins");
    connection.reads(r#"{"ended":{"how":"played","exit":0}}"#);
    drop(connection);
    instance.receives_nothing();
}

/// The show may have begun before the answer is read.
#[test]
fn a_connection_that_closes_before_its_show_begins_is_reported() {
    let instance = Instance::new();
    let (connection, caller) = asks_for_a_show(&instance);
    drop(connection);
    match instance.receives() {
        ConnectionEvent::Closed(id) => assert_eq!(id, caller.id()),
        call => panic!("{call:?}"),
    }
    caller.done("demo begins");
    instance.receives_nothing();
}

#[test]
fn a_connection_has_one_show() {
    let instance = Instance::new();
    let mut connection = instance.connection();
    let play = Order::Play(Play { attach: true, interrupt: true, ..Play::show("demo") });
    connection.stream.write_all(&play.line()).unwrap();
    let caller = instance.receives_order(&play);
    caller.done("demo begins");
    connection.reads("begins");
    connection.stream.write_all(&play.line()).unwrap();
    connection.reads("a connection has one");
    caller.tell(Answer::Ended { how: "played".to_owned(), exit: 0 });
    connection.reads("ended");
    connection.stream.write_all(&play.line()).unwrap();
    instance.receives_order(&play).refuse("not now", 75);
    connection.reads("not now");
}
