//! Three simulated lights, and shows that can be told apart by them.

use std::collections::BTreeMap;

use rustix::process::Signal;

use crate::common::launch::Launch;
use crate::common::three_lights::CHANNELS;
pub(crate) use crate::common::three_lights::{SAFE, ThreeLights as Setup};

/// Lines 4, 17 and 20 as the shows have them.
pub(crate) const MALL: [char; 3] = ['1', '1', '0'];
pub(crate) const GONG: [char; 3] = ['0', '0', '0'];
pub(crate) const BELL: [char; 3] = ['0', '1', '0'];

/// A level change of a trace.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Edge {
    pub(crate) show_us: u64,
    pub(crate) due_ns: u64,
    pub(crate) channel: String,
    pub(crate) level: u16,
}

impl Setup {
    /// Whose rig begins with `head`.
    pub(crate) fn new(head: &str) -> Self {
        Self::on_rig(&format!("{head}{CHANNELS}"))
            .with_show("mall", "10:00", "0:00  garland  on\n0:00  exit  off\n")
            .with_show("ticks", "10:00", "0:00 to 10:00  garland  strobe every 20 ms\n")
            .with_show("gong", "10:00", "0:00  neon  on\n")
            .with_show("bell", "10:00", "0:00  neon, garland  on\n")
            .with_show("ding", "0:00.300", "0:00  neon  on\n")
            .with_show("sign", "10:00", "0:00  neon  on\n")
    }

    pub(crate) fn launch(&self, show_and_options: &str) -> Launch {
        let words = format!("play {show_and_options} --silent --output sim --pins pins");
        Launch::of(self.command(&words))
    }

    /// Launches a show and waits until the lines are so.
    #[track_caller]
    pub(crate) fn play(&self, show_and_options: &str, lines: [char; 3]) -> Launch {
        let launch = self.launch(show_and_options);
        self.comes_to_show(lines);
        launch
    }

    pub(crate) fn launch_interrupt(&self, show: &str) -> Launch {
        Launch::of(self.command(&format!("play {show} --interrupt --silent --output sim")))
    }

    /// Has `show` interrupt what plays, and waits until the lines are so.
    #[track_caller]
    pub(crate) fn interrupt(&self, show: &str, lines: [char; 3]) -> Launch {
        let launch = self.launch_interrupt(show);
        self.comes_to_show(lines);
        launch
    }

    /// In microseconds.
    #[track_caller]
    pub(crate) fn position(&self) -> u64 {
        self.now()["show"]["position_us"].as_u64().unwrap_or_default()
    }

    /// The trace, once the launch that wrote it has ended.
    pub(crate) fn trace(&self) -> Vec<Edge> {
        let text = self.folder.text("trace.csv");
        let edge = |line: &str| {
            let columns: Vec<&str> = line.split(',').collect();
            Edge {
                show_us: columns[0].parse().unwrap(),
                due_ns: columns[1].parse().unwrap(),
                channel: columns[3].to_owned(),
                level: columns[4].parse().unwrap(),
            }
        };
        text.lines().skip(1).map(edge).collect()
    }

    /// Ends `launch`, and sees that every line is safe and nobody holds the lock.
    #[track_caller]
    pub(crate) fn ends(&self, launch: Launch) {
        launch.ends_on(Signal::TERM).with(0, &["the lights are safe"]);
        self.assert_safe_and_free();
    }

    #[track_caller]
    pub(crate) fn assert_safe_and_free(&self) {
        self.comes_to_show(SAFE);
        self.tell("status").with(3, &["nothing is playing"]);
        assert!(!self.folder.path("lock/starcourt.sock").exists() || self.next_plays());
    }

    /// Whoever was killed could remove nothing; that is in nobody's way.
    fn next_plays(&self) -> bool {
        self.launch("ding").end().with(0, &["has played to its end"]);
        !self.folder.path("lock/starcourt.sock").exists() && self.lines() == SAFE
    }
}

/// How long each channel of `edges` was lit in all, in edges.
pub(crate) fn times_lit(edges: &[Edge]) -> BTreeMap<&str, usize> {
    let mut times = BTreeMap::new();
    for edge in edges.iter().filter(|edge| edge.level == 1_000) {
        *times.entry(edge.channel.as_str()).or_default() += 1;
    }
    times
}
