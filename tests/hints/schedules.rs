//! The hints of schedules.

use std::collections::BTreeSet;

use starcourt::diagnosis::Source;
use starcourt::schedule::{MissingShow, ScheduleContext};

use super::Tried;

const SCHEDULES: [&str; 31] = [
    "[place]\nlatitude = \"40.7 N\"\nlongitude = \"74.0 E\"\ntimezone = \"America/New_York\"",
    "volume = 60",
    "volume = \"60\"",
    "between = \"drak\"",
    "closed = 2026-12-24",
    "closed = [\"Dec 24\", 2026-12-25]",
    "[schedule]\nk = { play = \"starcourt\", from = 17:00:00 }",
    "[schedule]\nk = { play = \"starcourt\", at = 17:30:00 }",
    "[schedule]\nk = { play = \"starcourt\", at = [20:00:00, \"21:00\"] }",
    "[schedule]\nk = { play = \"starcourt\", from = 17 }",
    "[schedule]\nk = { play = \"starcuort\" }",
    "[schedule]\nk = { play = \"starcourt\", prioriti = 5 }",
    "[schedule]\nk = { play = \"starcourt\", priority = \"5\" }",
    "[schedule]\nk = { play = \"starcourt\", sharp = \"yes\" }",
    "[schedule]\nk = { play = \"starcourt\", from = \"17:00\", to = \"22:00\", every = 30 }",
    "[schedule]\nk = { play = 2026 }",
    "[schedule]\nk = { between = \"demmo\" }",
    "[playlists]\np = \"demo\"",
    "[playlists]\np = [\"dmeo\"]",
    "[playlists]\np = { shows = [\"demo\", 2026] }",
    "[playlists]\np = { shows = \"demo\", order = \"shufle\" }",
    "[playlists]\np = { shows = \"demo\", pause = 5 }",
    "[looks]\ndusk = { noen = \"20 %\" }",
    "[shows]\ndmeo = { volume = \"60 %\" }",
    "[shows]\ndemo = { volume = 60 }",
    "[place]\nlatitude = 49.45\nlongitude = \"11.08 E\"",
    "[place]\nlatitude = \"49.45 N\"\nlongitude = \"11.08\"",
    "[place]\nlatitude = \"49,45 N\"\nlongitude = \"11.08 E\"",
    "[place]\ntimezone = \"Europe/Berln\"",
    "[quiet]\nnight = { from = 22:00:00, to = \"7:00\" }",
    "[commands]\nbefore = { run = \"true\", timeout = 5 }",
];

pub(super) fn try_all(tried: &mut Tried) {
    let rig = "[channels]\nneon = { pin = 17, kind = \"ssr\" }\n";
    let rig = starcourt::rig::read(&Source::new("rig.toml", rig)).0.unwrap();
    let shows = BTreeSet::from(["starcourt", "demo", "2026"].map(str::to_owned));
    let known = ScheduleContext { shows: &shows, rig: &rig, missing: MissingShow::Mistake };
    let read = |text: &str| starcourt::schedule::read(&Source::new("schedule.toml", text), &known).1;
    for text in SCHEDULES {
        tried.hints(text, &read);
    }
}
