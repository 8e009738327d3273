//! The hints of schedules.

use std::collections::BTreeSet;

use starcourt::diagnosis::Source;
use starcourt::schedule::{MissingShow, ScheduleContext};

use super::Tried;

const SCHEDULES: &[&str] = &[
    "[schedule]\nk = { play = \"demo\" }",
    "[schedule]\nk = { play = \"demo\", at = \"all night\" }",
    "[schedule]\nk = { play = \"demo\", at = \"late\" }",
    "[schedule]\nk = { play = \"demo\", at = \"always\" }",
    "[schedule]\nk = { play = \"demo\", at = \"18-22\" }",
    "[schedule]\nk = { play = \"demo\", at = \"6 to 10 pm\" }",
    "[schedule]\nk = { play = \"demo\", from = \"all day\", to = \"late\" }",
    "[place]\nlatitude = \"49.45 N\"\nlongitude = \"11.08 E\"\n[schedule]\nk = { play = \"demo\", at = \"evening\" }",
    "[playlists]\np = { shows = [\"demo\"], pause = \"half an hour\" }",
    "[playlists]\np = { shows = [\"demo\"], pause = \"1/2 h\" }",
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
    "[commands]\nbefore = { timeout = \"5 s\" }",
    "[commands]\nbefore = 5",
    "[commands]\nafter = 5",
    "[commands]\ncan_run = { run = 5 }",
    "[commands]\ncan_run = { run = \"true\", reason = 5 }",
    "[on]\nstart = 5",
    "[on]\nend = 5",
    "[on]\nblocked = 5",
    "[on]\nfailed = 5",
    "[place]\nlatitude = 51.5\nlongitude = \"-0.12\"",
    "[place]\nlatitude = \"51.5 N\"\nlongitude = \"-0.12\"",
    "[place]\nlatitude = -33.9\nlongitude = \"18 E\"",
    "[place]\ntimezone = 5",
    "volume = 0.3",
    "closed = \"24.12.\"",
    "[schedule]\nk = { play = \"starcourt\", from = \"17.30\" }",
    "[schedule]\nk = { play = \"starcourt\", to = \"22\" }",
    "[schedule]\nk = { play = \"starcourt\", from = \"noone\" }",
    "[schedule]\nk = { play = \"starcourt\", days = \"fryday\" }",
    "[schedule]\nk = { play = \"starcourt\", dates = \"1.12. - 6.1.\" }",
    "[schedule]\nk = { play = \"starcourt\", except = \"12/24\" }",
    "[schedule]\nk = { play = \"starcourt\", at = 5:00pm }",
    "[schedule]\nk = { play = \"starcourt\", days = Mon-Fri, from = 5pm, to = 10pm }",
    "[schedule]\nk = { play = \"starcourt\", start = \"17:00\" }",
    "[schedule]\nk = { play = \"starcourt\", from = [\"17:00\", \"18:00\"] }",
    "[schedule]\nk = { play = \"starcourt\", at = \"8:00\", between = \"dark\" }",
    "[schedule]\nk = { from = \"17:00\" }",
    "[schedule]\nk = { between = 5 }",
    "[schedule]\nk = \"starcourt\"",
    "[schedule]\n\"The Evening\" = { play = \"demo\" }",
    "[schedule]\nk = { play = \"Demo\" }",
    "[playlists]\nEvening = [\"demo\"]\n[schedule]\nk = { play = \"evening\" }",
    "[playlists]\np = { shows = 5 }",
    "[playlists]\np = 5",
    "[playlists]\np = []",
    "[playlists]\np = { order = \"shuffle\" }",
    "[playlists]\ndemo = [\"starcourt\"]",
    "[looks]\nglow = 5",
    "[looks]\nglow = { neon = 20 }",
    "[looks]\nglow = { neon = \"40 %\" }",
    "[looks]\nglow = { all = \"60 %\" }",
    "[shows]\ndemo = 60",
    "[schedule]\nk = { play = \"demo.show\" }",
    "[schedule]\nk = { show = \"demo\" }",
    "[schedule]\nk = { play = \"demo\", days = \"mondays and wensdays\" }",
    "[playlists]\np = { shows = \"demo\", order = \"random\" }",
    "[quiet]\nnight = 22",
    "[schedule]\nk = { play = \"starcourt\", from = \"5pm\", to = \"9:30\" }",
    "[playlists]\np = [\"demo\", \"starcuort\"]",
];

/// Schedules before and after a person's work.
const BY_HAND: &[(&str, &str)] = &[
    (
        "[schedule]\nk = { play = \"demo\", from = \"18:00\", to = \"18:00\" }",
        "[schedule]\nk = { play = \"demo\", from = \"0:00\", to = \"24:00\" }",
    ),
    (
        "[schedule]\nk = { play = \"demo\", from = \"18:00\", to = \"22:00\", volume = 0.5 }",
        "[schedule]\nk = { play = \"demo\", from = \"18:00\", to = \"22:00\" }\n\
         [quiet]\nk = { from = \"18:00\", to = \"22:00\", volume = \"50 %\" }",
    ),
    (
        "[schedule]\nk = { play = \"demo\", at = \"18:00\", volume = \"50 %\" }",
        "[schedule]\nk = { play = \"demo\", at = \"18:00\" }\n[shows]\ndemo = { volume = \"50 %\" }",
    ),
    (
        "[schedule]\nk = { play = \"demo\", at = \"sundown\" }",
        "[place]\nlatitude = \"49.45 N\"\nlongitude = \"11.08 E\"\n\
         [schedule]\nk = { play = \"demo\", at = \"sunset\" }",
    ),
    (
        "[schedule]\nk = { play = \"demo, starcourt\", from = \"18:00\" }",
        "[schedule]\nk = { play = \"k\", from = \"18:00\" }\n[playlists]\nk = [\"demo\", \"starcourt\"]",
    ),
    ("[place]\nlatitude = \"49.45 N\"", "[place]\nlatitude = \"49.45 N\"\nlongitude = \"11.08 E\""),
    ("[place]\ntimezone = \"Qqqqqqqq\"", "[place]\ntimezone = \"Europe/Berlin\""),
    (
        "[place]\nlatitude = \"40.7 N\"\nlongitude = \"74.0 E\"\ntimezone = \"Australia/Sydney\"",
        "[place]\nlatitude = \"33.9 S\"\nlongitude = \"151.2 E\"\ntimezone = \"Australia/Sydney\"",
    ),
    (
        "[place]\nlatitude = \"49.45 N\"\nlongitude = \"11.08 E\"\ntimezone = \"Europe/Berlin\"\n\
         [schedule]\nk = { play = \"demo\", from = \"sunset\", to = \"21:00\" }",
        "[place]\nlatitude = \"49.45 N\"\nlongitude = \"11.08 E\"\ntimezone = \"Europe/Berlin\"\n\
         [schedule]\nk = { play = \"demo\", from = \"sunset\", to = \"21:00\", dates = \"Sep 15 to Mar 31\" }",
    ),
    (
        "[schedule]\nk = { play = \"demo\", from = \"sunset\" }",
        "[place]\nlatitude = \"49.45 N\"\nlongitude = \"11.08 E\"\n[schedule]\nk = { play = \"demo\", from = \"sunset\" }",
    ),
    (
        "[schedule]\nk = { play = \"demo\", at = \"8:00\", to = \"9:00\" }",
        "[schedule]\nk = { play = \"demo\", at = \"8:00\" }",
    ),
    (
        "[schedule]\nk = { play = [\"starcourt\", \"demo\"], from = \"17:00\" }\n",
        "[schedule]\nk = { play = \"k\", from = \"17:00\" }\n[playlists]\nk = [\"starcourt\", \"demo\"]\n",
    ),
    (
        "[playlists]\nk = [\"demo\"]\n[schedule]\nk = { play = [\"starcourt\", \"demo\"], from = \"17:00\" }\n",
        "[playlists]\nk = [\"demo\"]\nk_list = [\"starcourt\", \"demo\"]\n\
         [schedule]\nk = { play = \"k_list\", from = \"17:00\" }\n",
    ),
    ("[place]\ntimezone = \"GMT+1\"", "[place]\ntimezone = \"Europe/Berlin\""),
    (
        "[schedule]\nfrom = \"18:00\"\n",
        "[schedule]\nevening = { play = \"demo\", from = \"18:00\", to = \"22:00\" }\n",
    ),
    ("[playlists]\np = [\"unheard\"]", "[playlists]\np = [\"demo\"]"),
    (
        "[schedule]\nk = { play = \"demo\", from = \"17:00\" }\nl = { play = \"starcourt\", from = \"18:00\" }",
        "[schedule]\nk = { play = \"demo\", from = \"17:00\" }\nl = { play = \"starcourt\", from = \"18:00\", priority = 1 }",
    ),
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
    for case in BY_HAND {
        tried.by_hand(*case, &read);
    }
}
