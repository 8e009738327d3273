//! Every command that a refusal prints is typed as it stands there, and helps.

use rustix::process::Signal;

use crate::common::launch::{Launch, until};
use crate::setup::Setup;

/// What is refused: the words, and the show that `status` names when they are obeyed.
const WISHES: [(&str, &str); 4] = [
    ("play porch --silent", "porch"),
    ("play porch --silent --from 0:01 --trace trace.csv", "porch"),
    ("test garland --seconds 60", "test"),
    ("bench --pin 21 --seconds 60", "bench"),
];

/// Who is in the way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Holder {
    IdleService,
    PlayingService,
    PausedService,
    Terminal,
    PausedTerminal,
    /// `lock = "show"`: this show, and one more that shares no line with it.
    SideBySide(&'static str),
}

/// A rig and shows, found as the service finds them, and whoever is in the way.
struct Scene {
    setup: Setup,
    launches: Vec<Launch>,
}

impl Scene {
    fn with(holder: Holder) -> Self {
        let head = if matches!(holder, Holder::SideBySide(_)) { "lock = \"show\"\n" } else { "" };
        let mut scene = Self { setup: Setup::new(head), launches: Vec::new() };
        match holder {
            Holder::IdleService | Holder::PlayingService | Holder::PausedService => {
                scene.begin("serve");
                until("served", || scene.type_in("status").end().code == 0);
            }
            Holder::Terminal | Holder::PausedTerminal | Holder::SideBySide(_) => {}
        }
        if holder != Holder::IdleService {
            let show = if let Holder::SideBySide(show) = holder { show } else { "mall" };
            scene.begin(&format!("play {show} --silent"));
            scene.comes_to(show);
        }
        match holder {
            Holder::PausedService | Holder::PausedTerminal => {
                scene.type_in("pause").end().with(0, &[]);
            }
            Holder::SideBySide(_) => {
                scene.begin("play sign --silent");
                until("both", || {
                    scene.type_in("status --json").end().said.matches("\"playing\"").count() == 2
                });
            }
            _ => {}
        }
        scene
    }

    /// `words` as a person types them, in whose shell the rig and the shows are named.
    fn type_in(&self, words: &str) -> Launch {
        let lock = if words.contains("--lock-dir") { "" } else { " --lock-dir lock" };
        let output = ["play", "serve", "test", "bench"].iter().any(|command| words.starts_with(command));
        let output = if output && !words.contains("--output") { " --output sim" } else { "" };
        let mut command = self.setup.folder.command(&format!("{words}{output}{lock}"));
        command.env("STARCOURT_RIG", self.setup.folder.path("rig.toml"));
        command.env("STARCOURT_SHOWS", self.setup.folder.path("shows"));
        Launch::of(command)
    }

    fn begin(&mut self, words: &str) {
        let launch = self.type_in(words);
        self.launches.push(launch);
    }

    /// Whether `word` is what some instance plays, or is.
    fn comes_to(&self, word: &str) {
        let last = self.launches.last().unwrap();
        until(word, || match word {
            // It hears no orders.
            "bench" => last.told().contains("measuring"),
            _ => self.type_in("status --json").end().said.contains(&format!("\"{word}\"")),
        });
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        for launch in &self.launches {
            launch.signal(Signal::KILL);
        }
    }
}

/// The commands of a refusal, without what they do.
fn ways_out(told: &str) -> Vec<String> {
    let lines = told.lines().filter_map(|line| line.strip_prefix("  starcourt "));
    lines.map(|line| line.split("  ").next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn each_way_out_helps_against_an_idle_service() {
    check(Holder::IdleService);
}

#[test]
fn each_way_out_helps_against_a_service_that_plays() {
    check(Holder::PlayingService);
}

#[test]
fn each_way_out_helps_against_a_service_that_is_paused() {
    check(Holder::PausedService);
}

#[test]
fn each_way_out_helps_against_a_show_in_a_terminal() {
    check(Holder::Terminal);
}

#[test]
fn each_way_out_helps_against_a_show_that_is_paused() {
    check(Holder::PausedTerminal);
}

#[test]
fn each_way_out_helps_against_the_same_show() {
    check(Holder::SideBySide("porch"));
}

#[test]
fn each_way_out_helps_against_a_show_on_some_of_the_lines() {
    check(Holder::SideBySide("trees"));
}

fn check(holder: Holder) {
    for (wish, show) in WISHES {
        let ways = refused(&Scene::with(holder), wish);
        // An idle service plays what can be handed to it.
        let is_handed = holder == Holder::IdleService && wish == WISHES[0].0;
        assert_eq!(ways.len() < 2, is_handed, "{holder:?}, {wish}: {ways:?}");
        for way in ways.iter().map(|way| way.split(" --lock-dir").next().unwrap()) {
            helps(holder, (wish, show), way);
        }
    }
}

/// What is printed against `wish`; nothing if it is not refused.
fn refused(scene: &Scene, wish: &str) -> Vec<String> {
    let launch = scene.type_in(wish);
    until("refused or playing", || launch.has_ended() || is_on(&launch));
    ways_out(&launch.told())
}

/// Whether it plays, or measures.
fn is_on(launch: &Launch) -> bool {
    !launch.said().is_empty() || launch.told().contains("measuring")
}

/// Types `way` where `wish` was refused.
#[track_caller]
fn helps(holder: Holder, (wish, show): (&str, &str), way: &str) {
    println!("{holder:?}, {wish}: starcourt {way}");
    let mut scene = Scene::with(holder);
    if way.starts_with("status") {
        scene.type_in(way).end().with(0, &["PID"]);
        return;
    }
    if way.starts_with("play") {
        scene.begin(way);
        if way.contains("--wait") {
            let waits = || scene.launches.last().is_some_and(|launch| launch.told().contains("waiting"));
            until("waiting", waits);
            let other = if let Holder::SideBySide(show) = holder { show } else { "" };
            scene.type_in(&format!("stop {other}")).end().with(0, &[]);
        }
    } else {
        scene.type_in(way).end().with(0, &[]);
        // Of several that play, a measurement names one after the other.
        let is_one_of_two =
            matches!(holder, Holder::SideBySide(_)) && show == "bench" && !way.starts_with("off");
        if is_one_of_two {
            assert!(!refused(&scene, wish).contains(&way.to_owned()));
            return;
        }
        // Whoever was ended may need a moment.
        until("free", || {
            scene.begin(wish);
            let launch = scene.launches.last().unwrap();
            until("refused or playing", || launch.has_ended() || is_on(launch));
            !launch.has_ended()
        });
    }
    scene.comes_to(show);
}
