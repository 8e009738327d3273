//! Orders that are said again, since no answer came: obeyed once, answered each time.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixListener;
use std::process::Command;
use std::thread;

use starcourt::ipc::Order;
use starcourt::lock::{Claim, Lock, LockDir, LockInfo, Name};

use crate::instance::Instance;

#[test]
fn an_order_that_is_said_again_is_passed_on_once_and_answered_each_time() {
    let instance = Instance::new();
    let mut first = instance.connection();
    first.writes(r#"{"order":"next","id":"a"}"#);
    let caller = instance.receives_order(&Order::Next {});
    drop(first);
    let mut second = instance.connection();
    second.writes(r#"{"order":"next","id":"a"}"#);
    instance.receives_nothing();
    caller.done("ends demo");
    second.reads(r#"{"done":"ends demo"}"#);
    for _ in 0..3 {
        second.writes(r#"{"order":"next","id":"a"}"#);
        second.reads(r#"{"done":"ends demo"}"#);
    }
    instance.receives_nothing();
    second.writes(r#"{"order":"next","id":"b"}"#);
    instance.receives_order(&Order::Next {}).refuse("nothing plays", 1);
    second.reads("nothing plays");
    second.writes(r#"{"order":"stop","id":"b"}"#);
    second.reads("another order");
    instance.receives_nothing();
}

#[test]
fn who_hangs_up_while_an_order_is_under_way_leaves_no_place_taken() {
    let instance = Instance::new();
    let mut first = instance.connection();
    first.writes(r#"{"order":"pause","id":"a"}"#);
    let caller = instance.receives_order(&Order::Pause {});
    for _ in 0..20 {
        instance.connection().writes(r#"{"order":"pause","id":"a"}"#);
    }
    caller.done("paused");
    first.reads("paused");
    // One after another: by the first answer the instance has seen who hung up.
    let _crowd: Vec<_> = (0..31)
        .map(|_| {
            let mut connection = instance.connection();
            connection.writes(r#"{"order":"pause","id":"a"}"#);
            connection.reads("paused");
            connection
        })
        .collect();
    instance.receives_nothing();
}

/// An instance that hangs up on the first who gives an order.
#[test]
fn a_command_on_which_the_instance_hangs_up_says_the_same_order_again() {
    let folder = tempfile::tempdir().unwrap();
    let dir = LockDir::open(folder.path().join("lock")).unwrap();
    let info = LockInfo { output: Some("sim".into()), ..LockInfo::of_show("demo") };
    let lock = Lock::acquire(&dir, Claim { name: Name::MACHINE, info, outputs: Vec::new() }).unwrap();
    let listener = UnixListener::bind(dir.socket_path(lock.name())).unwrap();
    let instance = thread::spawn(move || {
        let heard: Vec<String> = (0..2)
            .map(|turn| {
                let (stream, _) = listener.accept().unwrap();
                let mut voice = stream.try_clone().unwrap();
                let order = BufReader::new(stream).lines().next().unwrap().unwrap();
                if turn == 1 {
                    voice.write_all(b"{\"done\":\"ends demo\"}\n").unwrap();
                }
                order
            })
            .collect();
        heard
    });
    let stop = Command::new(env!("CARGO_BIN_EXE_starcourt"))
        .args(["stop", "--lock-dir"])
        .arg(dir.path())
        .output()
        .unwrap();
    assert!(stop.status.success() && stop.stdout == b"ends demo\n", "{stop:?}");
    let heard = instance.join().unwrap();
    assert!(heard[0] == heard[1] && heard[0].contains(r#""id":""#), "{heard:?}");
}
