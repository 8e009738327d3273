//! Three simulated lights, and shows that name one, some or all of them.

use rustix::process::Signal;

use crate::common::launch::{Ended, Launch};
pub(crate) use crate::common::three_lights::{SAFE, ThreeLights as Setup};

const CHANNELS: &str = r#"
[channels]
neon    = { pin = 4,  kind = "relay", active = "low" }
garland = { pin = 17, kind = "ssr" }
exit    = { pin = 20, kind = "ssr", safe = "100 %" }
"#;

/// Lines 4, 17 and 20 as the show `mall` has them.
pub(crate) const LIT: [char; 3] = ['0', '1', '0'];

impl Setup {
    /// Whose rig begins with `head`.
    pub(crate) fn new(head: &str) -> Self {
        Self::on_rig(&format!("{head}{CHANNELS}"))
            .with_show("mall", "10:00", "0:00  neon, garland  on\n0:00  exit  off\n")
            .with_show("sign", "10:00", "0:00  neon  on\n")
            .with_show("trees", "10:00", "0:00  garland  on\n")
            .with_show("porch", "10:00", "0:00  garland  on\n0:00  exit  off\n")
            .with_show("encore", "0:00.050", "0:00  all  on\n")
    }

    /// What a person types to play.
    pub(crate) fn words(show_and_options: &str) -> String {
        format!("play {show_and_options} --silent --output sim --pins pins --rig rig.toml --lock-dir lock")
    }

    pub(crate) fn launch(&self, show_and_options: &str) -> Launch {
        self.folder.launch(&Self::words(show_and_options))
    }

    #[track_caller]
    pub(crate) fn run(&self, show_and_options: &str) -> Ended {
        self.folder.run(&Self::words(show_and_options))
    }

    /// Launches `show` and waits until the lines are so.
    #[track_caller]
    pub(crate) fn play(&self, show: &str, lines: [char; 3]) -> Launch {
        let launch = self.launch(show);
        self.comes_to_show(lines);
        launch
    }

    /// The next launch plays, whatever is left of those before, and leaves the lines safe.
    #[track_caller]
    pub(crate) fn assert_free(&self) {
        self.run("encore").with(0, &["has played to its end"]);
        assert_eq!(self.lines(), SAFE);
    }

    /// `launch` ends when it is asked to, with its lines safe.
    #[track_caller]
    pub(crate) fn ends(&self, launch: Launch) {
        launch.ends_on(Signal::TERM).with(0, &["the lights are safe"]);
        assert_eq!(self.lines(), SAFE);
    }
}
