//! Three simulated lights, and a service whose shows can be told apart by them.

use std::fs;
use std::process::Command;

use rustix::process::Signal;

use crate::common::launch::{Ended, Launch, until};
use crate::common::three_lights::CHANNELS;
pub(crate) use crate::common::three_lights::{SAFE, ThreeLights as Setup};

const BUTTONS: &str = r#"
[buttons]
bell    = { pin = 21, press = "interrupt gong", key = "1" }
"#;

/// Has commands write down which of them was run, for which show and why.
pub(crate) const DIARY: &str = r#"
[commands]
before = "echo before $STARCOURT_SHOW >>diary"
after  = "echo after $STARCOURT_SHOW >>diary"

[on]
start   = "echo start $STARCOURT_SHOW $STARCOURT_ENTRY >>diary"
end     = "echo end $STARCOURT_SHOW >>diary"
blocked = "echo blocked $STARCOURT_SHOW: $STARCOURT_REASON >>diary"
failed  = "echo failed $STARCOURT_SHOW: $STARCOURT_REASON >>diary"
"#;

/// Lines 4, 17 and 20 as the shows have them.
pub(crate) const MALL: [char; 3] = ['1', '1', '0'];
pub(crate) const GONG: [char; 3] = ['0', '0', '0'];
/// The look `dusk` of the tests' schedules.
pub(crate) const DUSK: [char; 3] = ['0', '1', '0'];

impl Setup {
    /// With this text as its schedule.
    pub(crate) fn new(schedule: &str) -> Self {
        let setup = Self::on_rig(&format!("{CHANNELS}{BUTTONS}"))
            .with_show("mall", "10:00", "0:00  garland  on\n0:00  exit  off\n")
            .with_show("gong", "10:00", "0:00  neon  on\n0:00  exit  off\n")
            .with_show("ticks", "10:00", "0:00 to 10:00  garland  strobe every 20 ms\n")
            .with_show("ding", "0:00.200", "0:00  neon  on\n")
            .with_show("dong", "0:00.200", "0:00  garland  on\n");
        setup.folder.write("shows/schedule.toml", schedule);
        setup
    }

    pub(crate) fn service(&self) -> Command {
        self.command("serve --output sim --pins pins")
    }

    /// Starts the service and waits until it can be spoken to.
    #[track_caller]
    pub(crate) fn serve(&self) -> Launch {
        self.launch(self.service())
    }

    /// The same, as `command` refines it.
    #[track_caller]
    pub(crate) fn launch(&self, command: Command) -> Launch {
        let service = Launch::of(command);
        until("served", || self.state().is_some());
        service
    }

    pub(crate) fn play(&self, show_and_options: &str) -> Launch {
        Launch::of(self.command(&format!("play {show_and_options} --silent --output sim")))
    }

    fn state(&self) -> Option<String> {
        self.now()["state"].as_str().map(str::to_owned)
    }

    /// Waits until nothing plays, whatever stands there; what comes next is told with these words.
    #[track_caller]
    pub(crate) fn comes_to_rest(&self, words: &str) {
        until(&format!("idle, {words}"), || {
            let now = self.now();
            now["state"] == "idle"
                && now["show"].is_null()
                && now["next"].as_str().unwrap_or_default().contains(words)
        });
    }

    pub(crate) fn diary(&self) -> Vec<String> {
        self.folder.text("diary").lines().map(|line| line.trim_end().to_owned()).collect()
    }

    #[track_caller]
    pub(crate) fn diary_comes_to(&self, is_so: impl Fn(&[String]) -> bool) {
        let mut diary = Vec::new();
        let start = std::time::Instant::now();
        while !is_so(&diary) {
            assert!(start.elapsed() < crate::common::launch::PATIENCE, "only {diary:#?}");
            std::thread::sleep(std::time::Duration::from_millis(5));
            diary = self.diary();
        }
    }

    /// The shows that began so far, in their order.
    pub(crate) fn begun(&self) -> Vec<String> {
        let begun = |line: &String| Some(line.strip_prefix("start ")?.split(' ').next()?.to_owned());
        self.diary().iter().filter_map(begun).collect()
    }

    /// Has `service` end, as systemd does.
    #[track_caller]
    pub(crate) fn ends(&self, service: Launch) -> Ended {
        let ended = service.ends_on(Signal::TERM).with(0, &[]);
        self.assert_safe_and_free();
        ended
    }

    #[track_caller]
    pub(crate) fn assert_safe_and_free(&self) {
        assert_eq!(self.lines(), SAFE);
        self.tell("status").with(3, &["nothing is playing"]);
        let left = fs::read_dir(self.folder.path("lock")).unwrap();
        let sockets =
            left.filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|e| e == "sock"));
        assert_eq!(sockets.count(), 0);
    }
}

/// How often `line` stands in `diary`.
pub(crate) fn count(diary: &[String], line: &str) -> usize {
    diary.iter().filter(|found| *found == line).count()
}
