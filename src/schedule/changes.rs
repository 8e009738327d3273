//! What is different between two schedules, in words. Reads no file.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Entry, Idle, Look, PlayOrder, Playlist, Schedule};
use crate::level::Level;
use crate::rig::Rig;

/// What is different in `after`, which was read for `rig`, a line each; empty if nothing is.
#[must_use]
pub fn changes(before: Option<&Schedule>, after: Option<&Schedule>, rig: &Rig) -> Vec<String> {
    match (before, after) {
        (None, None) => Vec::new(),
        (Some(_), None) => vec!["there is none any more: nothing plays by itself".to_owned()],
        (None, Some(after)) => {
            let names: Vec<&str> = after.entries.iter().map(|entry| entry.name.as_str()).collect();
            vec![match names.is_empty() {
                true => "there was none, and this one has no entry".to_owned(),
                false => format!("there was none; its entries: {}", names.join(", ")),
            }]
        }
        (Some(before), Some(after)) => between(before, after, rig),
    }
}

fn between(before: &Schedule, after: &Schedule, rig: &Rig) -> Vec<String> {
    let named = |schedule: &Schedule, name: &str| -> Option<Arc<Entry>> {
        schedule.entries.iter().find(|entry| entry.name == name).cloned()
    };
    let mut changes = Vec::new();
    for entry in &after.entries {
        match named(before, &entry.name) {
            None => changes.push(format!("entry `{}` is new", entry.name)),
            Some(earlier) => changes.extend(of_entry(&earlier, entry)),
        }
    }
    let gone = before.entries.iter().filter(|entry| named(after, &entry.name).is_none());
    changes.extend(gone.map(|entry| format!("entry `{}` is gone", entry.name)));
    let playlists = playlists(before);
    for (name, playlist) in self::playlists(after) {
        changes.extend(playlists.get(name).and_then(|earlier| of_playlist(earlier, &playlist)));
    }
    let looks = looks(before);
    for (name, look) in self::looks(after) {
        let is_another = looks.get(name).is_some_and(|earlier| *earlier != look);
        changes.extend(is_another.then(|| format!("look `{name}` is now: {}", text_of(&look, rig))));
    }
    let settings = [
        ("`[place]` has changed", before.place != after.place || before.zone != after.zone),
        ("`closed` has changed", before.closed != after.closed),
        ("`[quiet]` has changed", before.quiet != after.quiet),
        ("`volume` has changed", before.volume != after.volume),
        ("`between` has changed", before.between.name() != after.between.name()),
        ("the commands have changed", before.commands != after.commands),
        ("`[shows]` has changed", before.shows != after.shows),
    ];
    changes.extend(settings.into_iter().filter(|(_, is_so)| *is_so).map(|(words, _)| words.to_owned()));
    // Which of several entries of a priority comes first.
    if changes.is_empty() && before != after {
        changes.push("the order of its entries has changed".to_owned());
    }
    changes
}

/// What the entry itself says; playlists and looks are told of once each, however many entries name them.
fn of_entry(before: &Entry, after: &Entry) -> Option<String> {
    let playlist = |entry: &Entry| entry.plays.as_ref().map(|playlist| playlist.name.clone());
    let look = |entry: &Entry| entry.between.as_ref().map(|idle| idle.name().to_owned());
    let mut words = Vec::new();
    if playlist(before) != playlist(after) {
        words.push(
            playlist(after)
                .map_or_else(|| "plays nothing now".to_owned(), |name| format!("plays `{name}` now")),
        );
    }
    if look(before) != look(after) {
        let name = look(after);
        words.push(name.map_or_else(
            || "has no `between` of its own now".to_owned(),
            |name| format!("shows `{name}` between its shows now"),
        ));
    }
    if before.times != after.times {
        words.push("has other times".to_owned());
    }
    if before.priority != after.priority {
        words.push(format!("has priority {} (before: {})", after.priority, before.priority));
    }
    if before.sharp != after.sharp {
        words.push(format!("is {} now", if after.sharp { "sharp" } else { "not sharp" }));
    }
    (!words.is_empty()).then(|| format!("entry `{}` {}", after.name, words.join(", ")))
}

/// The playlists that entries name. A single show is one with its name, in which nothing changes.
fn playlists(schedule: &Schedule) -> BTreeMap<&str, Arc<Playlist>> {
    let playlists = schedule.entries.iter().filter_map(|entry| entry.plays.as_ref());
    playlists.map(|playlist| (playlist.name.as_str(), Arc::clone(playlist))).collect()
}

fn of_playlist(before: &Playlist, after: &Playlist) -> Option<String> {
    let only_in = |one: &Playlist, other: &Playlist| {
        let shows: Vec<_> = one.shows.iter().filter(|show| !other.shows.contains(show)).cloned().collect();
        (!shows.is_empty()).then(|| shows.join(", "))
    };
    let (new, gone) = (only_in(after, before), only_in(before, after));
    let kept = |one: &Playlist, other: &Playlist| {
        one.shows.iter().filter(|show| other.shows.contains(show)).cloned().collect::<Vec<_>>()
    };
    let is_rearranged = kept(before, after) != kept(after, before);
    let mut words: Vec<String> = Vec::new();
    words.extend(new.map(|shows| format!("{shows} added")));
    words.extend(gone.map(|shows| format!("{shows} removed")));
    words.extend(is_rearranged.then(|| format!("its shows are now {}", after.shows.join(", "))));
    if before.order != after.order {
        words.push(format!(
            "it plays {} now",
            if after.order == PlayOrder::Shuffle { "shuffled" } else { "in turn" }
        ));
    }
    if before.pause != after.pause {
        words.push(format!("its pause is now {} s", after.pause.as_secs_f64()));
    }
    (!words.is_empty()).then(|| format!("playlist `{}`: {}", after.name, words.join("; ")))
}

/// The looks that stand between shows.
fn looks(schedule: &Schedule) -> BTreeMap<&str, Arc<Look>> {
    let of_entries = schedule.entries.iter().filter_map(|entry| entry.between.as_ref());
    let looks = of_entries.chain([&schedule.between]).filter_map(|idle| match idle {
        Idle::Look(look) => Some((look.name.as_str(), Arc::clone(look))),
        Idle::Dark | Idle::Show(_) => None,
    });
    looks.collect()
}

/// `windows 20 %, neon on`.
fn text_of(look: &Look, rig: &Rig) -> String {
    let of_channel = |(channel, level): &(_, Level)| {
        let level = match *level {
            Level::FULL => "on".to_owned(),
            Level::OFF => "off".to_owned(),
            level => level.to_string(),
        };
        format!("{} {level}", rig.channel(*channel).name)
    };
    look.levels.iter().map(of_channel).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::diagnosis::Source;
    use crate::rig;
    use crate::schedule::{MissingShow, ScheduleContext, read};

    const RIG: &str = "[channels]\nwindows = { pin = 18, kind = \"pwm\" }\n";

    fn rig() -> Rig {
        rig::read(&Source::new("rig.toml", RIG)).0.unwrap()
    }

    fn schedule(text: &str) -> Schedule {
        let (rig, shows) = (rig(), BTreeSet::from(["demo", "gong", "ding"].map(str::to_owned)));
        let context = ScheduleContext { shows: &shows, rig: &rig, missing: MissingShow::Mistake };
        let (schedule, told) = read(&Source::new("schedule.toml", text), &context);
        schedule.unwrap_or_else(|| panic!("{told}"))
    }

    const EVENING: &str = "[schedule]\nevening = { play = \"demo\", from = \"17:00\", to = \"22:00\" }\n";

    #[test]
    fn each_change_is_a_line_and_the_same_is_none() {
        let evening = schedule(EVENING);
        for (text, expected) in [
            (EVENING.to_owned(), vec![]),
            (format!("# A comment.\n{EVENING}"), vec![]),
            (format!("{EVENING}late = {{ play = \"demo\", at = \"23:00\" }}\n"), vec!["entry `late` is new"]),
            (EVENING.replace("22", "21"), vec!["entry `evening` has other times"]),
            (EVENING.replace("demo", "gong"), vec!["entry `evening` plays `gong` now"]),
            ("volume = \"50 %\"\n".to_owned(), vec!["entry `evening` is gone", "`volume` has changed"]),
            (
                format!("between = \"dusk\"\n[looks]\ndusk = {{ windows = \"5 %\" }}\n{EVENING}"),
                vec!["`between` has changed"],
            ),
        ] {
            assert_eq!(changes(Some(&evening), Some(&schedule(&text)), &rig()), expected, "{text}");
        }
        assert_eq!(changes(None, Some(&evening), &rig()), ["there was none; its entries: evening"]);
        assert_eq!(
            changes(Some(&evening), None, &rig()),
            ["there is none any more: nothing plays by itself"]
        );
    }

    #[test]
    fn a_playlist_and_a_look_are_told_with_what_is_new_in_them() {
        let text = "between = \"dusk\"\n[looks]\ndusk = { windows = \"5 %\" }\n\
                    [playlists]\nall = { shows = [\"demo\", \"gong\"], pause = \"2 s\" }\n\
                    [schedule]\nevening = { play = \"all\", from = \"17:00\", to = \"22:00\", between = \"dusk\" }\n\
                    late = { play = \"all\", from = \"22:00\", to = \"23:00\" }\n";
        let before = schedule(text);
        for (old, new, expected) in [
            ("\"gong\"]", "\"ding\"]", "playlist `all`: ding added; gong removed"),
            (
                "[\"demo\", \"gong\"]",
                "[\"ding\", \"gong\", \"demo\"]",
                "playlist `all`: ding added; its shows are now ding, gong, demo",
            ),
            ("[\"demo\", \"gong\"]", "[\"gong\", \"demo\"]", "playlist `all`: its shows are now gong, demo"),
            ("pause", "order = \"shuffle\", pause", "playlist `all`: it plays shuffled now"),
            ("2 s", "1.5 s", "playlist `all`: its pause is now 1.5 s"),
            ("5 %", "20 %", "look `dusk` is now: windows 20 %"),
            ("\"5 %\"", "\"on\"", "look `dusk` is now: windows on"),
            (
                "\"22:00\", between = \"dusk\"",
                "\"22:00\", sharp = true, priority = 2",
                "entry `evening` has no `between` of its own now, has priority 2 (before: 0), is sharp now",
            ),
        ] {
            let after = schedule(&text.replace(old, new));
            assert_eq!(changes(Some(&before), Some(&after), &rig()), [expected], "{new}");
        }
    }
}
