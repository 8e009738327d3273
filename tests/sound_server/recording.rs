//! What a test's sink plays, recorded, and the instants at which clicks are in it.

use std::io::Read;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use starcourt::clock::monotonic;
use starcourt::time::Mono;

use super::{RATE, Server, Unpacked, child, wait_until};

/// What the sink plays, from now on.
pub(crate) struct Recording {
    process: Child,
    heard: Arc<Mutex<Heard>>,
}

#[derive(Default)]
struct Heard {
    samples: Vec<i16>,
    /// How many samples there were when a piece had come, and when that was.
    pieces: Vec<(usize, Mono)>,
}

impl Recording {
    pub(super) fn start(server: Server, address: &str) -> Self {
        let mut recorder = Unpacked::of(server).program("parec");
        recorder
            .args(["-s", address, "-d", "n.monitor", "--latency-msec=2", "--raw", "--channels=1"])
            .args(["--format=s16le", &format!("--rate={RATE}")])
            .stdout(Stdio::piped());
        let mut process = child::spawn(recorder).expect("the unpacked recorder can be launched");
        let mut pipe = process.stdout.take().expect("it was asked for");
        let heard = Arc::new(Mutex::new(Heard::default()));
        let shared = Arc::clone(&heard);
        thread::spawn(move || {
            let (mut bytes, mut kept) = ([0; 8_192], 0);
            while let Ok(read @ 1..) = pipe.read(&mut bytes[kept..]) {
                let (now, whole) = (monotonic::now(), (kept + read) / 2 * 2);
                shared.lock().expect("whoever reads it does not panic").add(&bytes[..whole], now);
                bytes.copy_within(whole..kept + read, 0);
                kept = kept + read - whole;
            }
        });
        wait_until("parec records", || !heard.lock().expect("nobody panics with it").samples.is_empty());
        Self { process, heard }
    }

    /// The instants at which something loud began after a twentieth of a second of quiet.
    pub(crate) fn clicks(&self) -> Vec<Mono> {
        let heard = self.heard.lock().expect("nobody panics with it");
        let mut clicks = Vec::new();
        let mut quiet_until = 0;
        for (frame, sample) in heard.samples.iter().enumerate() {
            if sample.unsigned_abs() > 6_000 {
                if frame >= quiet_until {
                    clicks.push(heard.instant_of(frame));
                }
                quiet_until = frame + RATE as usize / 20;
            }
        }
        clicks
    }
}

impl Heard {
    fn add(&mut self, bytes: &[u8], now: Mono) {
        self.samples.extend(bytes.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])));
        self.pieces.push((self.samples.len(), now));
    }

    /// When `frame` was recorded, by the piece that came quickest within a fifth of a second of it: over longer
    /// times the sink's own pace would show, and so would what a starved recorder left out. A sink that stood still, or ran to catch up, is behind or ahead
    /// by more than a recorder ever is: what came before or after tells nothing of such a frame.
    fn instant_of(&self, frame: usize) -> Mono {
        let begin = |(count, now): (usize, Mono)| now.offset(-nanos(count));
        let own = self.pieces.partition_point(|(count, _)| *count <= frame);
        let own = begin(*self.pieces.get(own).expect("it came in some piece"));
        let near = self.pieces.iter().filter(|(count, _)| count.abs_diff(frame) < RATE as usize / 5);
        let alike = near.map(|&piece| begin(piece)).filter(|begin| begin.since(own).abs() < RECORDER_LATE);
        alike.min().unwrap_or(own).offset(nanos(frame))
    }
}

/// A recorder that was not woken may be as late as this, nanoseconds.
const RECORDER_LATE: i64 = 150_000_000;

fn nanos(frames: usize) -> i64 {
    frames as i64 * 1_000_000_000 / i64::from(RATE)
}

impl Drop for Recording {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
