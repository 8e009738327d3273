//! Launches of the real binary whose light goes on at each click of its music: when each light was switched, by
//! the trace, is held against when each click was heard, by a recording of the sink.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use starcourt::time::Mono;

use crate::sound_server::{Server, SoundServer, child, write_clicks};

const RIG: &str = "[channels]\nclick = { pin = 4, kind = \"ssr\" }\n";
const RATE: u32 = 48_000;
/// What is still on its way to the recording when the show has ended.
const TAIL: Duration = Duration::from_millis(300);
/// A launch that has not ended by so much more than its show hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// A sound server of its own, and the folder in which it plays.
pub(crate) struct Stage {
    folder: tempfile::TempDir,
    server: Server,
    pub(crate) sound: SoundServer,
    seconds: u32,
    /// Of `play`, beside those that each launch has.
    options: Vec<&'static str>,
    /// Where the clicks are in the show, milliseconds.
    pub(crate) clicks: Vec<u64>,
}

impl Stage {
    /// For a show of `seconds`, with clicks from its first tenth of a second to its last. The sink of a server
    /// that `dozes` sleeps soon after nobody plays.
    pub(crate) fn new(server: Server, dozes: bool, seconds: u32) -> Self {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let sound = SoundServer::start_as(server, folder.path(), dozes);
        // Not evenly: a click that belongs to another light is no multiple of anything away.
        let place = |click: u64| 100 + click * 245 + click % 7 * 11;
        let clicks: Vec<u64> =
            (0..).map(place).take_while(|&click| click + 60 < u64::from(seconds) * 1_000).collect();
        let stage = Self { folder, server, sound, seconds, options: Vec::new(), clicks };
        write_clicks(&stage.path("clicks.wav"), RATE, seconds, &stage.clicks);
        stage.write_show("clicks.wav");
        fs::write(stage.path("rig.toml"), RIG).expect("the folder can be written");
        stage
    }

    /// Each launch has this option, too.
    #[allow(dead_code, reason = "the benchmark has no use for it")]
    pub(crate) fn with_option(mut self, option: &'static str) -> Self {
        self.options.push(option);
        self
    }

    pub(crate) fn write_show(&self, audio: &str) {
        let cues = self.clicks.iter().map(|millis| format!("{millis} ms  click  on for 50 ms\n"));
        let sheet = format!("audio {audio}\n{}", cues.collect::<String>());
        fs::write(self.path("clicks.show"), sheet).expect("the folder can be written");
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Plays the show while `meanwhile` does something to it. The recording begins with the launch, or, where
    /// the sink is to be `awake`, before it.
    pub(crate) fn play(&self, awake: bool, meanwhile: impl FnOnce(&Child)) -> Result<Launch, String> {
        let recording = awake.then(|| self.sound.record());
        let mut starcourt = self.launch();
        let recording = recording.unwrap_or_else(|| self.sound.record());
        meanwhile(&starcourt);
        let patience = Instant::now() + Duration::from_secs(self.seconds.into()) + PATIENCE;
        let status = loop {
            if let Some(status) = starcourt.try_wait().expect("it is a child of ours") {
                break status;
            }
            if Instant::now() > patience {
                let _ = starcourt.kill();
                let _ = starcourt.wait();
                return Err("the show does not end".to_owned());
            }
            thread::sleep(Duration::from_millis(5));
        };
        if !status.success() {
            let told = fs::read_to_string(self.path("errors")).unwrap_or_default();
            return Err(format!("ended with {status}: {told}"));
        }
        thread::sleep(TAIL);
        Ok(Launch {
            lights: lights(&self.path("trace.csv")),
            heard: recording.clicks(),
            cues: self.clicks.len(),
        })
    }

    fn launch(&self) -> Child {
        let mut starcourt = Command::new(env!("CARGO_BIN_EXE_starcourt"));
        self.server
            .heard_by(&mut starcourt, self.folder.path())
            .args(["play", "clicks"])
            .args(&self.options)
            .args(["--output", "sim", "--rig"])
            .arg(self.path("rig.toml"))
            .arg("--shows")
            .arg(self.folder.path())
            .arg("--lock-dir")
            .arg(self.path("lock"))
            .arg("--trace")
            .arg(self.path("trace.csv"))
            .stdout(Stdio::null())
            .stderr(fs::File::create(self.path("errors")).expect("the folder can be written"));
        child::spawn(starcourt).expect("the binary can be launched")
    }
}

/// What came of one launch.
pub(crate) struct Launch {
    pub(crate) lights: Vec<Light>,
    /// When each click was heard.
    pub(crate) heard: Vec<Mono>,
    /// How many lights and clicks the show has.
    pub(crate) cues: usize,
}

/// A light that went on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Light {
    /// Where in the show.
    pub(crate) millis: u64,
    at: Mono,
}

/// A light and the click that belongs to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Apart {
    /// Where in the show.
    #[allow(dead_code, reason = "a failed test shows it, the benchmark reads it")]
    pub(crate) millis: u64,
    /// Sound minus light: positive when the light comes first.
    pub(crate) nanos: i64,
}

/// No two clicks are nearer to each other than twice this: further off, a click belongs to no light.
const OWN: i64 = 100_000_000;

impl Launch {
    /// Each light against its click, where one was heard.
    pub(crate) fn apart(&self) -> Vec<Apart> {
        let apart = |light: &Light| {
            let nearest =
                self.heard.iter().map(|heard| heard.since(light.at)).min_by_key(|nanos| nanos.abs());
            nearest.filter(|nanos| nanos.abs() < OWN).map(|nanos| Apart { millis: light.millis, nanos })
        };
        self.lights.iter().filter_map(apart).collect()
    }

    /// Whether each light came on, and each click was heard.
    pub(crate) fn is_whole(&self) -> bool {
        self.lights.len() == self.cues && self.heard.len() == self.cues
    }

    /// Clicks that were heard with no light.
    pub(crate) fn unlit(&self) -> usize {
        let lit = |heard: &&Mono| self.lights.iter().any(|light| heard.since(light.at).abs() < OWN);
        self.heard.len() - self.heard.iter().filter(lit).count()
    }
}

/// Nanoseconds between the middle one of `apart` and each.
pub(crate) fn off_median(apart: &[Apart]) -> Vec<Apart> {
    let median = median(apart);
    apart.iter().map(|apart| Apart { nanos: apart.nanos - median, ..*apart }).collect()
}

pub(crate) fn median(apart: &[Apart]) -> i64 {
    let mut sorted: Vec<i64> = apart.iter().map(|apart| apart.nanos).collect();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or(0)
}

/// When the light went on, each time.
fn lights(trace: &Path) -> Vec<Light> {
    let text = fs::read_to_string(trace).expect("the trace can be read");
    let lit = text.lines().skip(1).filter(|line| line.ends_with(",1000"));
    lit.map(|line| {
        let column = |place| line.split(',').nth(place).and_then(|column| column.parse::<u64>().ok());
        let (show, written) = column(0).zip(column(2)).expect("a line of the trace");
        Light { millis: show / 1_000, at: Mono::from_nanos(written) }
    })
    .collect()
}
