//! A sound server of the test's own, PulseAudio or PipeWire, with a sink that nobody hears and a recording of
//! it. It paces like a sound card, which ALSA's own `null` does not. Nothing of it is installed: see `unpacked`.

#[path = "../common/child.rs"]
#[allow(clippy::duplicate_mod, reason = "a test file may have `common` as well")]
pub(crate) mod child;
mod click_file;
mod pipewire;
mod pulseaudio;
mod recording;
mod unpacked;

use std::ffi::OsStr;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

#[allow(unused_imports, reason = "each test file uses its own part")]
pub(crate) use self::click_file::write_clicks;
#[allow(unused_imports, reason = "each test file uses its own part")]
pub(crate) use self::recording::Recording;
use self::unpacked::Unpacked;

const FOLDER: &str = "STARCOURT_TEST_SOUND_FOLDER";
const SERVER: &str = "STARCOURT_TEST_SOUND_SERVER";
const RATE: u32 = 48_000;
const PATIENCE: Duration = Duration::from_secs(20);

/// A machine that has other things to do starves the server, and then it is the server that is late. What is
/// wrong with our own sound is wrong each time.
const TRIALS: usize = 3;

/// One server of each kind at a time: more would starve each other.
static STAGES: [Mutex<()>; 2] = [const { Mutex::new(()) }; 2];

/// Whose sound server: what a Raspberry Pi with a desktop has (PipeWire), or had (PulseAudio).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Server {
    PulseAudio,
    PipeWire,
}

impl Server {
    #[allow(dead_code, reason = "each test file uses its own part")]
    pub(crate) const ALL: [Self; 2] = [Self::PulseAudio, Self::PipeWire];

    /// The one for which [`with_own_sound`] runs this process; PulseAudio elsewhere.
    pub(crate) fn current() -> Self {
        match std::env::var_os(SERVER).as_deref().and_then(OsStr::to_str) {
            Some("pipewire") => Self::PipeWire,
            _ => Self::PulseAudio,
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::PulseAudio => "pulseaudio",
            Self::PipeWire => "pipewire",
        }
    }

    /// Gives `command` this server, once it has been started in `folder`, as its ALSA device `default`.
    pub(crate) fn heard_by<'a>(self, command: &'a mut Command, folder: &Path) -> &'a mut Command {
        let parts = Unpacked::of(self);
        let config = folder.join("asound.conf");
        let device = match self {
            Self::PulseAudio => pulseaudio::device(folder),
            Self::PipeWire => pipewire::DEVICE.to_owned(),
        };
        std::fs::write(
            &config,
            format!("{}\npcm.!default {{ {device} }}\n", unpacked::alsa_without_machine()),
        )
        .expect("the test's folder can be written");
        parts.for_command(command);
        if self == Self::PipeWire {
            pipewire::configure_clients(folder);
            pipewire::for_command(command, folder);
        }
        command.env("ALSA_CONFIG_PATH", &config).env("HOME", folder).env("XDG_RUNTIME_DIR", folder)
    }
}

/// Runs `body` for each sound server, side by side, each in a process of its own, whose ALSA device `default` is that server in the
/// folder that `body` is given. ALSA reads its configuration from the environment, which cannot be changed
/// safely once there are threads.
pub(crate) fn with_own_sound(test: &str, body: impl FnOnce(&Path)) {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return body(Path::new(&folder));
    }
    let trials = Server::ALL.map(|server| {
        thread::spawn({
            let test = test.to_owned();
            move || try_with(server, &test)
        })
    });
    let ends = trials.map(|trial| trial.join().expect("a trial tells how it ended"));
    for (server, ends) in Server::ALL.iter().zip(ends) {
        let name = server.name();
        assert!(ends.len() < TRIALS, "{test} failed each time with {name}, see above: {ends:?}");
    }
}

/// Runs `test` with `server` until it succeeds, but not more often than [`TRIALS`]. How each run ended that failed.
fn try_with(server: Server, test: &str) -> Vec<ExitStatus> {
    let mut failed = Vec::new();
    while failed.len() < TRIALS {
        // A test that has failed gets the machine to itself.
        let stages = if failed.is_empty() { &STAGES[server as usize..=server as usize] } else { &STAGES };
        let _alone: Vec<_> =
            stages.iter().map(|stage| stage.lock().unwrap_or_else(PoisonError::into_inner)).collect();
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let mut command = Command::new(std::env::current_exe().expect("this test has a file"));
        command.args([test, "--exact", "--nocapture"]);
        command.env(FOLDER, folder.path()).env(SERVER, server.name());
        server.heard_by(&mut command, folder.path());
        let mut process = child::spawn(command).expect("this test can be launched");
        let status = process.wait().expect("it is a child of ours");
        if status.success() {
            break;
        }
        // A signal leaves no message of its own.
        eprintln!("{test} with {}: {status}", server.name());
        failed.push(status);
    }
    failed
}

/// Gives `command` the sound server in `folder` as its ALSA device `default`.
#[allow(dead_code, reason = "each test file uses its own part")]
pub(crate) fn hearing<'a>(command: &'a mut Command, folder: &Path) -> &'a mut Command {
    Server::current().heard_by(command, folder)
}

/// Ends with it, as by a crash.
pub(crate) struct SoundServer {
    server: Server,
    /// Whoever needs another comes after it.
    processes: Vec<Child>,
    /// Where recorders find it.
    address: String,
}

impl SoundServer {
    /// One that never lets its sink sleep.
    pub(crate) fn start(folder: &Path) -> Self {
        Self::start_as(Server::current(), folder, false)
    }

    /// One whose sink sleeps when nobody has played for [`SLEEPS_AFTER`], where it `dozes`.
    pub(crate) fn start_as(server: Server, folder: &Path, dozes: bool) -> Self {
        match server {
            Server::PulseAudio => pulseaudio::start(folder, dozes),
            Server::PipeWire => pipewire::start(folder, dozes),
        }
    }

    /// As a crash would end it.
    pub(crate) fn kill(mut self) {
        self.end();
    }

    /// Answers nobody from now on.
    #[allow(dead_code, reason = "each test file uses its own part")]
    pub(crate) fn stalls(&self) {
        self.signal(Signal::STOP);
    }

    #[allow(dead_code, reason = "each test file uses its own part")]
    pub(crate) fn goes_on(&self) {
        self.signal(Signal::CONT);
    }

    /// Waits until `process`, which ends with the server, listens at `socket`.
    fn add(&mut self, process: Child, socket: &Path) {
        self.processes.push(process);
        let process = self.processes.last_mut().expect("it was just added");
        wait_until(&format!("{} can be reached", socket.display()), || {
            assert_eq!(
                process.try_wait().expect("it is a child of ours"),
                None,
                "a sound server ended at once"
            );
            UnixStream::connect(socket).is_ok()
        });
    }

    fn signal(&self, signal: Signal) {
        for process in &self.processes {
            kill_process(Pid::from_child(process), signal).expect("it is a child of ours");
        }
    }

    fn end(&mut self) {
        for process in self.processes.iter_mut().rev() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    /// The sink's own recording.
    #[allow(dead_code, reason = "each test file uses its own part")]
    pub(crate) fn record(&self) -> Recording {
        Recording::start(self.server, &self.address)
    }
}

impl Drop for SoundServer {
    fn drop(&mut self) {
        self.end();
    }
}

/// How long a sink of a server that dozes stays awake with nobody to play.
#[allow(dead_code, reason = "each test file uses its own part")]
pub(crate) const SLEEPS_AFTER: Duration = Duration::from_secs(1);

fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let patience = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < patience, "never happened in the sound server: {what}");
        thread::sleep(Duration::from_millis(10));
    }
}
