//! Instances that hang, or answer byte by byte: nobody waits for them without a limit.

use std::io::Write;
use std::os::unix::net::UnixListener;
use std::thread;
use std::time::{Duration, Instant};

use starcourt::ipc::{Client, Order};

use crate::instance::SOON;

#[test]
fn an_answer_that_comes_byte_by_byte_is_waited_for_no_longer_than_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let listener = UnixListener::bind(&path).unwrap();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        // Until the other end hangs up.
        while stream.write_all(b" ").is_ok() {
            thread::sleep(Duration::from_millis(20));
        }
    });
    let mut client = Client::connect(&path).unwrap().unwrap();
    let start = Instant::now();
    client.status(Duration::from_millis(300)).unwrap_err();
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
    drop(client);
    server.join().unwrap();
}

#[test]
fn an_instance_that_takes_no_orders_holds_up_nobody_who_gives_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let listener = UnixListener::bind(&path).unwrap();
    let mut client = Client::connect(&path).unwrap().unwrap();
    let _unread = listener.accept().unwrap();
    let start = Instant::now();
    // More than any socket holds.
    let given = (0..1_000_000).find(|_| client.send(&Order::Pause {}).is_err());
    assert!(given.is_some() && start.elapsed() < 3 * SOON, "{given:?} after {:?}", start.elapsed());
}
