//! The socket flooded with rubbish while a show plays: not one edge is lost.

use std::io::Write;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::common::launch::until;
use crate::setup::Setup;

const CLIENTS: usize = 100;
const LINES: usize = 100_000;
/// Longer than the hypervisor of a shared machine stalls it: after a stall, flashes that are over are skipped.
const EDGE_US: u64 = 200_000;
/// By then the show is under way, on however slow a machine.
const BEGINS_US: u64 = 1_000_000;
const FLICKERING_US: u64 = 4_000_000;

/// Says rubbish until all of them together have said so many lines; shown out, it comes again.
fn rave(socket: &Path, said: &AtomicUsize) {
    while said.load(Ordering::Relaxed) < LINES {
        let Ok(mut stream) = UnixStream::connect(socket) else { return };
        for line in ["rubbish\n", "{\"order\":\"dance\"}\n", "[[[[[[[[\n", "\u{0}\u{fffd}\n"].iter().cycle() {
            if stream.write_all(line.as_bytes()).is_err() {
                break;
            }
            said.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[test]
fn every_edge_is_written_while_a_hundred_rave() {
    let setup = Setup::new("");
    setup.folder.write("shows/rave.show", "length 0:05\n0:01 to 0:05  garland  strobe every 400 ms\n");
    let show = setup.launch("rave --trace trace.csv");
    let socket = setup.folder.path("lock/starcourt.sock");
    until("there", || socket.exists());
    let said = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| rave(&socket, &said));
        }
    });
    show.end().with(0, &["has played to its end"]);
    assert!(said.load(Ordering::Relaxed) >= LINES, "the show was over before all was said");
    let lit: Vec<u64> =
        setup.trace().iter().filter(|edge| edge.channel == "garland").map(|edge| edge.show_us).collect();
    let expected: Vec<u64> = (0..FLICKERING_US / EDGE_US).map(|edge| BEGINS_US + edge * EDGE_US).collect();
    assert_eq!(lit, expected);
}
