//! One channel of every kind, wired to a fake Pi, and two shows.

use std::process::Command;

use crate::common::folder::Folder;
use crate::common::launch::{Ended, Launch, STARCOURT, until};
use crate::fake_pi::{Event, FakePi, without_rights};

pub(crate) const RIG: &str = r#"
[channels]
neon   = { pin = 4,  kind = "relay", active = "low" }
exit   = { pin = 20, kind = "ssr", safe = "100 %" }
garden = { pin = 22, kind = "ssr" }
star   = { pin = 18, kind = "pwm", curve = "linear" }
"#;

/// The lines of that rig, with what they are driven to when nobody plays: high, or low.
const SAFE: [(usize, bool); 4] = [(4, true), (20, true), (22, false), (18, false)];
/// Those that no dimming moves, as the show `lit` has them.
const LIT: [(usize, bool); 3] = [(4, false), (20, false), (22, true)];

/// Every channel on and off, in a tenth of a second each: far longer than a busy machine is late.
pub(crate) const CUES: &str = "
0:00.200  star    40 %
0:00.300  neon    on
0:00.400  garden  on
0:00.500  neon    off
0:00.600  garden  off
0:00.700  exit    on
0:00.800  neon    on for 100 ms
0:01.000  garden, neon  on
0:01.100  exit    off
";
pub(crate) const LENGTH: &str = "0:01.200";

pub(crate) struct Setup {
    pub(crate) pi: FakePi,
    pub(crate) folder: Folder,
}

impl Setup {
    pub(crate) fn new() -> Self {
        Self::on(FakePi::new(), RIG)
    }

    /// With this Pi, and this rig as `rig.toml`.
    pub(crate) fn on(pi: FakePi, rig: &str) -> Self {
        let folder = Folder::new(rig).with_show("cues", LENGTH, CUES).with_show(
            "lit",
            "1:00",
            "0:00  neon, garden  on\n0:00  star  60 %\n0:00  exit  off\n",
        );
        Self { pi, folder }
    }

    pub(crate) fn command(&self, words: &str) -> Command {
        self.command_of(STARCOURT, words)
    }

    pub(crate) fn command_of(&self, program: &str, words: &str) -> Command {
        let mut command = self.pi.command(program);
        self.folder.dress(&mut command, words);
        command
    }

    #[track_caller]
    pub(crate) fn run(&self, words: &str) -> Ended {
        self.launch(words).end()
    }

    /// As who may not open what asks for permission.
    #[track_caller]
    pub(crate) fn run_without_rights(&self, words: &str) -> Ended {
        Launch::of(without_rights(self.command(words))).end()
    }

    pub(crate) fn launch(&self, words: &str) -> Launch {
        Launch::of(self.command(words))
    }

    /// Launches the show `lit` and waits until it is.
    #[track_caller]
    pub(crate) fn play(&self) -> Launch {
        let launch = self.launch("play lit --silent --rig rig.toml --lock-dir lock");
        self.comes_to_be_lit();
        launch
    }

    #[track_caller]
    pub(crate) fn comes_to_be_lit(&self) {
        until("lit", || LIT.iter().all(|(line, is_high)| self.pi.line(*line) == (true, *is_high)));
    }

    /// Whether every line is an output, and safe.
    pub(crate) fn is_safe(&self) -> bool {
        SAFE.iter().all(|(line, is_high)| self.pi.line(*line) == (true, *is_high))
    }

    /// Every line is an output, and safe.
    #[track_caller]
    pub(crate) fn assert_safe(&self) {
        for (line, is_high) in SAFE {
            assert_eq!(self.pi.line(line), (true, is_high), "GPIO {line}: an output, and high");
        }
    }

    /// No register was written.
    #[track_caller]
    pub(crate) fn assert_untouched(&self) {
        assert_eq!(self.pi.events(), []);
    }

    /// The PID of the guardian, as its file tells it.
    #[track_caller]
    pub(crate) fn guardian(&self) -> u32 {
        let text = self.folder.text("lock/guardian_starcourt.lock");
        text.lines().next().and_then(|line| line.strip_prefix("pid ")).unwrap().parse().unwrap()
    }

    pub(crate) fn events_of(&self, pid: u32) -> Vec<Event> {
        self.pi.events().into_iter().filter(|event| event.pid == pid).collect()
    }
}
