//! Shows that end with a connection.

use std::io::Write;

use starcourt::ipc::{Answer, ConnectionEvent, Order, Play, Responder};

use crate::instance::{Instance, Visitor, status};

/// Somebody, and how the instance speaks to them.
fn asks_for_a_show(instance: &Instance) -> (Visitor, Responder) {
    let mut visitor = instance.visitor();
    let play = Order::Play(Play { attach: true, ..Play::show("demo") });
    visitor.voice.write_all(&play.line()).unwrap();
    (visitor, instance.hears_order(&play))
}

#[test]
fn a_show_that_is_somebodys_ends_with_their_connection() {
    let instance = Instance::new();
    let (mut visitor, caller) = asks_for_a_show(&instance);
    caller.done("demo begins");
    visitor.hears_of("begins");
    caller.tell(Answer::Notice("the sound is lost".to_owned()));
    visitor.hears_of(r#"{"notice":"the sound is lost"}"#);
    instance.control.publish(status(7));
    visitor.hears_of(r#""position_us":7000000"#);
    drop(visitor);
    match instance.hears() {
        ConnectionEvent::Closed(id) => assert_eq!(id, caller.id()),
        call => panic!("{call:?}"),
    }
}

#[test]
fn whoever_has_been_told_of_the_end_leaves_without_a_word() {
    let instance = Instance::new();
    let (mut visitor, caller) = asks_for_a_show(&instance);
    caller.done("demo begins");
    caller.tell(Answer::Ended { how: "played".to_owned(), exit: 0 });
    visitor.hears_of("begins");
    visitor.hears_of(r#"{"ended":{"how":"played","exit":0}}"#);
    drop(visitor);
    instance.hears_nothing();
}

/// What somebody asked for may have begun before they hear of it.
#[test]
fn whoever_hangs_up_before_their_show_begins_is_reported() {
    let instance = Instance::new();
    let (visitor, caller) = asks_for_a_show(&instance);
    drop(visitor);
    match instance.hears() {
        ConnectionEvent::Closed(id) => assert_eq!(id, caller.id()),
        call => panic!("{call:?}"),
    }
    caller.done("demo begins");
    instance.hears_nothing();
}

#[test]
fn a_connection_has_one_show() {
    let instance = Instance::new();
    let mut visitor = instance.visitor();
    let play = Order::Play(Play { attach: true, interrupt: true, ..Play::show("demo") });
    visitor.voice.write_all(&play.line()).unwrap();
    let caller = instance.hears_order(&play);
    caller.done("demo begins");
    visitor.hears_of("begins");
    visitor.voice.write_all(&play.line()).unwrap();
    visitor.hears_of("a connection has one");
    caller.tell(Answer::Ended { how: "played".to_owned(), exit: 0 });
    visitor.hears_of("ended");
    visitor.voice.write_all(&play.line()).unwrap();
    instance.hears_order(&play).refuse("not now", 75);
    visitor.hears_of("not now");
}
