//! Connections that send nothing, send too much, or come and go without end.

use std::io::{BufRead, Write};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use starcourt::ipc::{Answer, ChannelStatus, Client, ConnectionEvent, LONGEST_LINE, Order, Play, Status};
use starcourt::level::Level;
use starcourt::rig::Kind;

use crate::instance::{Connection, Instance, SOON, status};

/// So many may be there at once.
const ROOM: usize = 32;

#[test]
fn a_connection_that_sends_no_order_is_closed() {
    let instance = Instance::new();
    let mut connection = instance.connection();
    for _ in 0..16 {
        connection.writes("GET / HTTP/1.1");
        connection.reads("no order");
    }
    assert_eq!(connection.line(), "", "hung up");
}

#[test]
fn a_line_without_end_is_not_listened_to() {
    let instance = Instance::new();
    let mut connection = instance.connection();
    let _refused_half_way = connection.stream.write_all(&vec![b' '; 20 * LONGEST_LINE]);
    assert!(["", "at most"].iter().any(|words| connection.line().contains(words)));
    let mut another = instance.connection();
    another.writes(r#"{"order":"status"}"#);
    another.reads("playing");
}

#[test]
fn a_flood_of_rubbish_on_a_hundred_connections_delays_no_other_for_good() {
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
    instance.receives_nothing();
}

#[test]
fn connecting_and_hanging_up_without_end_delays_no_other_connection() {
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
fn silent_connections_make_room() {
    let instance = Instance::new();
    let _silent: Vec<Connection> = (0..ROOM).map(|_| instance.connection()).collect();
    let mut refused = instance.connection();
    refused.reads("others are connected");
    instance.answers_in_the_end();
}

#[test]
fn a_reader_that_never_reads_is_spared_news_and_costs_no_memory() {
    let instance = Instance::new();
    let mut connection = instance.connection();
    connection.writes(r#"{"order":"status","follow":true}"#);
    connection.reads("playing");
    for second in 0..20_000 {
        instance.server.publish(status(second));
    }
    let mut another = instance.connection();
    another.writes(r#"{"order":"status"}"#);
    another.reads(r#""position_us":19999000000"#);
    // The first one finds what its socket could take: the rest was left out, and kept nowhere.
    connection.answers.get_ref().set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    let found = connection.answers.lines().map_while(Result::ok).count();
    assert!((1..10_000).contains(&found), "{found} lines");
}

#[test]
fn a_connection_that_finds_no_room_is_told_so() {
    let instance = Instance::new();
    let _silent: Vec<Connection> = (0..ROOM).map(|_| instance.connection()).collect();
    let mut client = Client::connect(&instance.path).unwrap().unwrap();
    // Time enough to be shown out before a word is said.
    instance.receives_nothing();
    match client.ask(&Order::Stop {}, SOON).unwrap() {
        Answer::Refused { why, exit } => assert!(why.contains("others are connected") && exit == 75, "{why}"),
        answer => panic!("{answer:?}"),
    }
}

#[test]
fn a_connection_that_closes_early_keeps_its_place_until_its_order_is_answered() {
    let instance = Instance::new();
    let order = |play: bool| match play {
        true => Order::Play(Play { attach: true, ..Play::show("demo") }),
        false => Order::Pause {},
    };
    for round in 0..10 * ROOM {
        let mut connection = instance.connection();
        // Refused at the door, it can say nothing.
        let _hangs_up = connection.stream.write_all(&order(round % 2 == 0).line());
    }
    instance.connection().reads("others are connected");
    let left = instance.events_so_far();
    let orders = left.iter().filter(|call| matches!(call, ConnectionEvent::Order { .. })).count();
    assert_eq!(
        (orders, left.len()),
        (ROOM, ROOM + ROOM / 2),
        "only a connection that asked for a show is reported as closed"
    );
    for call in left {
        if let ConnectionEvent::Order { caller, .. } = call {
            caller.done("done");
        }
    }
    instance.answers_in_the_end();
    instance.receives_nothing();
}

/// No answer is too long to be told: what is bounded is how much waits to be read.
#[test]
fn a_status_of_thousands_of_channels_arrives_whole() {
    let instance = Instance::new();
    let told = Status { channels: (0..5_000).map(channel).collect(), ..status(7) };
    instance.server.publish(told.clone());
    let mut client = Client::connect(&instance.path).unwrap().unwrap();
    assert_eq!(client.status(SOON).unwrap(), told);
    client.send(&Order::Status { follow: true }).unwrap();
    let (_orders, mut answers) = client.split();
    for pid in 1..3 {
        let expected = Answer::Status(Box::new(Status { pid, ..told.clone() }));
        loop {
            // A reader that is not done with one is spared this one, and told the next.
            instance.server.publish(Status { pid, ..told.clone() });
            if answers.next().unwrap().unwrap() == expected {
                break;
            }
        }
    }
}

fn channel(number: u16) -> ChannelStatus {
    ChannelStatus {
        name: format!("channel-{number}"),
        kind: Kind::Pwm,
        address: format!("sim {number}"),
        gpio: None,
        level: Level::from_hundredths(number),
    }
}
