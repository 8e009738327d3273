//! Those who say nothing, say too much, or come and go without end.

use std::io::Write;
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use starcourt::ipc::{Answer, Client, ConnectionEvent, LONGEST_LINE, Order, Play};

use crate::instance::{Instance, SOON, Visitor, status};

/// So many may be there at once.
const ROOM: usize = 32;

#[test]
fn whoever_never_says_an_order_is_shown_out() {
    let instance = Instance::new();
    let mut visitor = instance.visitor();
    for _ in 0..16 {
        visitor.says("GET / HTTP/1.1");
        visitor.hears_of("no order");
    }
    assert_eq!(visitor.hears(), "", "hung up");
}

#[test]
fn a_line_without_end_is_not_listened_to() {
    let instance = Instance::new();
    let mut visitor = instance.visitor();
    let _refused_half_way = visitor.voice.write_all(&vec![b' '; 20 * LONGEST_LINE]);
    assert!(["", "at most"].iter().any(|words| visitor.hears().contains(words)));
    let mut another = instance.visitor();
    another.says(r#"{"order":"status"}"#);
    another.hears_of("playing");
}

#[test]
fn a_flood_of_rubbish_from_a_hundred_at_once_keeps_nobody_else_waiting_for_good() {
    let instance = Instance::new();
    let path = &instance.path;
    std::thread::scope(|scope| {
        for _ in 0..100 {
            scope.spawn(move || {
                for _ in 0..20 {
                    let Ok(mut stream) = UnixStream::connect(path) else { continue };
                    let _shown_out = stream.write_all(&b"rubbish rubbish rubbish\n".repeat(50));
                }
            });
        }
    });
    instance.answers_in_the_end();
    instance.hears_nothing();
}

#[test]
fn somebody_who_comes_and_goes_without_end_keeps_nobody_waiting() {
    let instance = Instance::new();
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let began = Instant::now();
                while !is_over.load(Ordering::Relaxed) && began.elapsed() < SOON {
                    let _gone_at_once = UnixStream::connect(&instance.path);
                }
            });
        }
        instance.answers_in_the_end();
        is_over.store(true, Ordering::Relaxed);
    });
}

#[test]
fn those_who_say_nothing_make_room() {
    let instance = Instance::new();
    let _silent: Vec<Visitor> = (0..ROOM).map(|_| instance.visitor()).collect();
    let mut refused = instance.visitor();
    refused.hears_of("others are connected");
    instance.answers_in_the_end();
}

#[test]
fn a_reader_that_never_reads_is_spared_news_and_costs_no_memory() {
    let instance = Instance::new();
    let mut visitor = instance.visitor();
    visitor.says(r#"{"order":"status","follow":true}"#);
    visitor.hears_of("playing");
    for second in 0..20_000 {
        instance.control.publish(status(second));
    }
    let mut another = instance.visitor();
    another.says(r#"{"order":"status"}"#);
    another.hears_of(r#""position_us":19999000000"#);
}

#[test]
fn whoever_finds_no_room_is_told_so_in_words() {
    let instance = Instance::new();
    let _silent: Vec<Visitor> = (0..ROOM).map(|_| instance.visitor()).collect();
    let mut remote = Client::connect(&instance.path).unwrap().unwrap();
    // Time enough to be shown out before a word is said.
    instance.hears_nothing();
    match remote.ask(&Order::Stop {}, SOON).unwrap() {
        Answer::Refused { why, exit } => assert!(why.contains("others are connected") && exit == 75, "{why}"),
        answer => panic!("{answer:?}"),
    }
}

#[test]
fn whoever_leaves_an_order_behind_is_counted_as_there_until_it_is_answered() {
    let instance = Instance::new();
    let order = |play: bool| match play {
        true => Order::Play(Play { attach: true, ..Play::show("demo") }),
        false => Order::Pause {},
    };
    for round in 0..10 * ROOM {
        let mut visitor = instance.visitor();
        // Refused at the door, it can say nothing.
        let _hangs_up = visitor.voice.write_all(&order(round % 2 == 0).line());
    }
    instance.visitor().hears_of("others are connected");
    let left = instance.calls_so_far();
    let orders = left.iter().filter(|call| matches!(call, ConnectionEvent::Order { .. })).count();
    assert_eq!(
        (orders, left.len()),
        (ROOM, ROOM + ROOM / 2),
        "of those who ask for a show it is told that they left"
    );
    for call in left {
        if let ConnectionEvent::Order { caller, .. } = call {
            caller.done("done");
        }
    }
    instance.answers_in_the_end();
    instance.hears_nothing();
}
