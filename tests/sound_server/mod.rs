//! A PulseAudio server of the test's own, with a sink that nobody hears and a recording of it.
//! It paces like a sound card, which ALSA's own `null` does not.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use starcourt::clock::monotonic;
use starcourt::time::Mono;

const CHILD: &str = "STARCOURT_TEST_SOUND_FOLDER";
const RATE: u32 = 48_000;

/// A machine that has other things to do starves the server, and then it is the server that is late. What is
/// wrong with our own sound is wrong each time.
const TRIALS: usize = 3;

/// One server at a time: two would starve each other.
static STAGE: Mutex<()> = Mutex::new(());

/// Runs `body` in a process of its own, whose ALSA device `default` is a sound server in the folder
/// that `body` is given. ALSA reads its configuration from the environment, which cannot be changed
/// safely once there are threads.
pub(crate) fn with_own_sound(test: &str, body: impl FnOnce(&Path)) {
    if let Some(folder) = std::env::var_os(CHILD) {
        return body(Path::new(&folder));
    }
    let _alone = STAGE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let succeeds = (0..TRIALS).any(|_| {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args([test, "--exact", "--nocapture"]).env(CHILD, folder.path());
        hearing(&mut command, folder.path()).status().unwrap().success()
    });
    assert!(succeeds, "{test} failed {TRIALS} times in a process of its own, see above");
}

/// Gives `command` the sound server in `folder` as its ALSA device `default`.
pub(crate) fn hearing<'a>(command: &'a mut Command, folder: &Path) -> &'a mut Command {
    let config = folder.join("asound.conf");
    let socket = socket(folder);
    let text = format!(
        "</usr/share/alsa/alsa.conf>\npcm.!default {{ type pulse server \"unix:{}\" }}\n",
        socket.display()
    );
    std::fs::write(&config, text).unwrap();
    command.env("ALSA_CONFIG_PATH", &config).env("HOME", folder).env("XDG_RUNTIME_DIR", folder)
}

fn socket(folder: &Path) -> PathBuf {
    folder.join("sound")
}

pub(crate) struct SoundServer {
    process: Child,
    address: String,
}

impl SoundServer {
    pub(crate) fn start(folder: &Path) -> Self {
        let socket = socket(folder);
        let mut process = Command::new("pulseaudio")
            .args(["-n", "--daemonize=no", "--exit-idle-time=-1", "--log-level=error", "--use-pid-file=no"])
            .args(["--disable-shm=yes", "-L"])
            .arg(format!("module-native-protocol-unix auth-anonymous=1 socket={}", socket.display()))
            .args(["-L", &format!("module-null-sink sink_name=n rate={RATE}")])
            .stderr(Stdio::null())
            .spawn()
            .expect("this test needs `pulseaudio` (Debian: apt install pulseaudio libasound2-plugins)");
        let address = format!("unix:{}", socket.display());
        let patience = Instant::now() + Duration::from_secs(20);
        while std::os::unix::net::UnixStream::connect(&socket).is_err() {
            assert!(process.try_wait().unwrap().is_none(), "pulseaudio ended at once");
            assert!(Instant::now() < patience, "pulseaudio does not listen");
            thread::sleep(Duration::from_millis(20));
        }
        Self { process, address }
    }

    /// As a crash would end it.
    pub(crate) fn kill(mut self) {
        self.end();
    }

    /// Answers nobody from now on.
    #[allow(dead_code, reason = "each test file uses its own part")]
    pub(crate) fn stalls(&self) {
        let pid = rustix::process::Pid::from_child(&self.process);
        rustix::process::kill_process(pid, rustix::process::Signal::STOP).unwrap();
    }

    fn end(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    pub(crate) fn record(&self) -> Recording {
        Recording::start(&self.address)
    }
}

impl Drop for SoundServer {
    fn drop(&mut self) {
        self.end();
    }
}

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
    fn start(address: &str) -> Self {
        let mut process = Command::new("parec")
            .args(["-s", address, "-d", "n.monitor", "--latency-msec=2", "--raw", "--channels=1"])
            .args(["--format=s16le", &format!("--rate={RATE}")])
            .stdout(Stdio::piped())
            .spawn()
            .expect("this test needs `parec` (Debian: apt install pulseaudio-utils)");
        let mut pipe = process.stdout.take().unwrap();
        let heard = Arc::new(Mutex::new(Heard::default()));
        let shared = Arc::clone(&heard);
        thread::spawn(move || {
            let (mut bytes, mut kept) = ([0; 8_192], 0);
            while let Ok(read @ 1..) = pipe.read(&mut bytes[kept..]) {
                let (now, whole) = (monotonic::now(), (kept + read) / 2 * 2);
                shared.lock().unwrap().add(&bytes[..whole], now);
                bytes.copy_within(whole..kept + read, 0);
                kept = kept + read - whole;
            }
        });
        let patience = Instant::now() + Duration::from_secs(20);
        while heard.lock().unwrap().samples.is_empty() {
            assert!(Instant::now() < patience, "parec records nothing");
            thread::sleep(Duration::from_millis(10));
        }
        Self { process, heard }
    }

    /// The instants at which something loud began after a twentieth of a second of quiet.
    pub(crate) fn clicks(&self) -> Vec<Mono> {
        let heard = self.heard.lock().unwrap();
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

    /// When `frame` was recorded, by the piece that came quickest within a second of it: over longer
    /// times the sink's own pace would show.
    fn instant_of(&self, frame: usize) -> Mono {
        let near = self.pieces.iter().filter(|(count, _)| count.abs_diff(frame) < RATE as usize);
        let by_piece = near.map(|&(count, now)| now.offset(nanos(frame) - nanos(count)));
        by_piece.min().expect("it came in some piece")
    }
}

fn nanos(frames: usize) -> i64 {
    frames as i64 * 1_000_000_000 / i64::from(RATE)
}

impl Drop for Recording {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Writes a stereo WAV of `seconds` with a click at each of `clicks`, in milliseconds.
pub(crate) fn write_clicks(file: &Path, rate: u32, seconds: u32, clicks: &[u64]) {
    let mut samples = vec![0_i16; 2 * (rate * seconds) as usize];
    for &millis in clicks {
        let frame = (millis * u64::from(rate) / 1_000) as usize;
        samples[2 * frame..2 * frame + rate as usize / 250].fill(24_000);
    }
    let bytes = (samples.len() * 2) as u32;
    let mut wav = Vec::new();
    wav.extend(b"RIFF");
    wav.extend((36 + bytes).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0\x01\0\x02\0");
    wav.extend(rate.to_le_bytes());
    wav.extend((rate * 4).to_le_bytes());
    wav.extend(b"\x04\0\x10\0data");
    wav.extend(bytes.to_le_bytes());
    wav.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    std::fs::write(file, wav).unwrap();
}
