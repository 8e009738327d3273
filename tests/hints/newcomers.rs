//! Follows the hints for lines as hurried newcomers write them.

use std::collections::BTreeSet;

use starcourt::diagnosis::{Diagnoses, Source};
use starcourt::schedule::{MissingShow, ScheduleContext};

use super::{Tried, rig_lines, schedule_lines, show_lines};

pub(super) const RIG: &str = "[channels]\nneon = { pin = 17, kind = \"ssr\" }\nstar = { pin = 23, kind = \"ssr\" }\n\
                   bell = { pin = 4, kind = \"relay\" }\ntree = { pin = 22, kind = \"ssr\" }\n\
                   strip = { pin = 18, kind = \"pwm\" }\n[groups]\ntrees = [\"star\", \"tree\"]\n\
                   relays = [\"bell\", \"neon\"]\n";
pub(super) const HEAD: &str = "length  2:00\naudio   song.ogg\ntempo   120 bpm\n";
pub(super) const SECTION: &str = "\nsection chorus\n  1.1  neon  on\n";

/// `line` as it is in a file that has the rest.
fn in_file(line: &str, above: &str, below: &str) -> String {
    match (line.strip_prefix('!'), line.strip_prefix('~')) {
        (Some(all), _) => format!("{all}\n"),
        (_, Some(by_clock)) => format!("length 2:00\n{by_clock}\n"),
        _ => format!("{above}{line}\n{below}"),
    }
}

pub(super) fn try_all(tried: &mut Tried) {
    let rig = starcourt::rig::read(&Source::new("rig.toml", RIG)).0.unwrap();
    let map = |name: &str| Ok(Source::new(name, "0\n1\n2\n"));
    let sheet =
        |text: &str| match starcourt::show::read("porch", &Source::new("porch.show", text), &rig, &map) {
            Ok((_, told)) | Err(told) => told,
        };
    for line in show_lines::LINES {
        tried.hints(&in_file(line, HEAD, SECTION), &sheet);
    }
    let read = |text: &str| -> Diagnoses { starcourt::rig::read(&Source::new("rig.toml", text)).1 };
    for line in rig_lines::LINES {
        tried.hints(&in_file(line, "[channels]\nneon = { pin = 20, kind = \"ssr\" }\n", ""), &read);
    }
    let shows = BTreeSet::from(["starcourt", "demo", "2026"].map(str::to_owned));
    let known = ScheduleContext { shows: &shows, rig: &rig, missing: MissingShow::Mistake };
    let read = |text: &str| starcourt::schedule::read(&Source::new("schedule.toml", text), &known).1;
    let above = "[place]\nlatitude = \"49.45 N\"\nlongitude = \"11.08 E\"\n[schedule]\n";
    for line in schedule_lines::LINES {
        tried.hints(&in_file(line, above, ""), &read);
    }
    let read = |text: &str| starcourt::rig::read(&Source::new("rig.toml", text)).1;
    let mended = "[channels]\ntree = { pin = 4, kind = \"ssr\" }\n";
    tried.by_hand(("[channels]\ntree =\n", mended), &read);
}
