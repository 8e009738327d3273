//! What is a mistake in a schedule, and how it is told.

use super::told;
use starcourt::diagnosis::Diagnosis;

/// Checks that the mistakes are told with these titles, in the text's order.
#[track_caller]
fn check(text: &str, titles: &[&str]) {
    let (schedule, diagnoses) = told(text);
    let mut told: Vec<&Diagnosis> = diagnoses.iter().collect();
    told.sort_by_key(|diagnosis| diagnosis.span().map(|span| span.start));
    let told: Vec<&str> = told.iter().map(|diagnosis| diagnosis.title()).collect();
    assert_eq!(told, titles, "\n{diagnoses}");
    assert_eq!(schedule.is_some(), titles.is_empty());
}

#[track_caller]
fn check_entry(keys: &str, titles: &[&str]) {
    check(&format!("[schedule]\nx = {{ {keys} }}\n"), titles);
}

#[test]
fn an_empty_schedule_is_one() {
    check("", &[]);
}

#[test]
fn a_wrong_entry_is_told() {
    for (keys, title) in [
        ("", "entry `x` plays nothing"),
        ("play = \"carl\"", "no playlist or show `carl`"),
        ("play = [\"carol\", \"storm\"]", "`play` of entry `x` names more than one"),
        ("play = 1", "`play` of entry `x` must be the name of a playlist or show"),
        ("play = \"carol\", from = \"25:00\"", "`from` of entry `x` must be a time of day"),
        ("play = \"carol\", to = \"teatime\"", "`to` of entry `x` must be a time of day"),
        ("play = \"carol\", to = 22", "`to` of entry `x` must be a time of day"),
        ("play = \"carol\", from = \"sunset\"", "sunrise and sunset need a `[place]`"),
        ("play = \"carol\", at = \"sunset\"", "sunrise and sunset need a `[place]`"),
        ("play = \"carol\", days = \"fryday\"", "`days` of entry `x` must be days of the week"),
        ("play = \"carol\", dates = \"Feb 30\"", "`dates` of entry `x` must be dates"),
        ("play = \"carol\", except = [\"Dec 24\", 3]", "`except` of entry `x` must be dates"),
        ("play = \"carol\", priority = 101", "`priority` of entry `x` is out of range"),
        ("play = \"carol\", every = \"1 s\"", "`every` of entry `x` is out of range"),
        (
            "play = \"carol\", at = \"8:00\", to = \"9:00\"",
            "`at` of entry `x` cannot be combined with `from`, `to` or `every`",
        ),
        ("play = \"carol\", sharp = \"yes\"", "`sharp` of entry `x` must be true or false"),
        ("play = \"carol\", prority = 3", "no key is called `prority` of entry `x`"),
        ("between = \"grow\"", "no look or show `grow`"),
        (
            "play = \"carol\", at = \"8:00\", between = \"dark\"",
            "entry `x` has no time between its shows: it plays them one by one",
        ),
    ] {
        check_entry(keys, &[title]);
    }
    check("schedule.x = \"carol\"", &["entry `x` must be a table"]);
    check("schedule.X = { play = \"carol\" }", &["`X` cannot be the name of an entry"]);
}

#[test]
fn the_rest_of_the_file_is_checked_likewise() {
    for (text, title) in [
        ("volume = \"101 %\"", "`volume` must be a percentage"),
        ("volume = \"50.5 %\"", "`volume` must be a percentage"),
        ("volume = 50", "`volume` must be a percentage"),
        ("closed = \"Smarch 3\"", "`closed` must be dates"),
        ("between = \"nothing\"", "no look or show `nothing`"),
        ("place = { latitude = \"49.45 N\" }", "`[place]` has no longitude"),
        (
            "place = { latitude = \"49.45\", longitude = \"11 E\" }",
            "`latitude` under `[place]` must be degrees north or south",
        ),
        (
            "place = { latitude = \"91 N\", longitude = \"11 E\" }",
            "`latitude` under `[place]` is out of range",
        ),
        ("place.timezone = \"Europe/Berlim\"", "no time zone `Europe/Berlim`"),
        ("playlists.x = []", "playlist `x` has no shows"),
        ("playlists.x = {}", "playlist `x` has no shows"),
        ("playlists.x = \"carol\"", "playlist `x` must be a list of shows"),
        ("playlists.x = [\"strom\"]", "no show `strom`"),
        ("playlists.x = [\"carol\", 3]", "playlist `x` lists names of shows only"),
        (
            "playlists.x = { shows = \"carol\", order = \"random\" }",
            "`order` of playlist `x` cannot be \"random\"",
        ),
        ("playlists.x = { shows = \"carol\", pause = \"2\" }", "`pause` of playlist `x` must be a duration"),
        ("playlists.carol = [\"storm\"]", "`carol` is a show already"),
        ("looks.glow = { all = \"on\" }", "`glow` is a show already"),
        ("looks.dark = { all = \"on\" }", "`dark` is the word for no light already"),
        ("looks.x = { porhc = \"on\" }", "no channel or group `porhc`"),
        ("looks.x = { porch = \"bright\" }", "`porch` of look `x` must be a level"),
        ("looks.x = { porch = nan }", "`porch` of look `x` must be a level"),
        ("looks.x = 3", "look `x` must be a table"),
        ("quiet.x = { volume = \"loud\" }", "`volume` of quiet `x` must be a percentage"),
        ("quiet.x = { from = \"8\" }", "`from` of quiet `x` must be a time of day"),
        ("shows.strom = { volume = \"50 %\" }", "no show `strom`"),
        ("shows.storm = \"50 %\"", "show `storm` must be a table"),
        ("commands.before = \"\"", "`before` under `[commands]` must be a command"),
        ("commands.can_run = { timeout = \"5 s\" }", "`can_run` under `[commands]` has no command"),
        (
            "commands.can_run = { run = \"a\", timeout = \"0 s\" }",
            "`timeout` of `can_run` under `[commands]` is out of range",
        ),
        (
            "commands.after = { run = \"a\", reason = \"b\" }",
            "no key is called `reason` of `after` under `[commands]`",
        ),
        ("on.strat = \"a\"", "no key is called `strat` under `[on]`"),
        ("[place]\nvolume = \"3 %\"", "no key is called `volume` under `[place]`"),
        ("volume 3", "a `=` is missing after `volume`"),
    ] {
        check(text, &[title]);
    }
}

#[test]
fn every_mistake_is_told_at_once() {
    check(
        "volume = \"x\"\n[schedule]\na = { play = \"carl\", from = \"9\" }\nb = { play = \"storm\", to = \"x\" }\n",
        &[
            "`volume` must be a percentage",
            "no playlist or show `carl`",
            "`from` of entry `a` must be a time of day",
            "`to` of entry `b` must be a time of day",
        ],
    );
}

#[test]
fn a_mistake_shows_its_place_and_the_nearest_name() {
    let (_, told) = told("[schedule]\nevening = { play = \"strom\", from = \"18:00\" }\n");
    let told = told.to_string();
    assert!(told.contains("schedule.toml:2:20") && told.contains("did you mean `storm`?"), "{told}");
    let (_, told) = super::told("place.timezone = \"Berlin\"");
    assert!(told.to_string().contains("did you mean `Europe/Berlin`?"), "{told}");
}

#[test]
fn a_place_far_from_its_time_zone_is_doubted() {
    let place = |longitude: &str, zone: &str| {
        let text =
            format!("[place]\nlatitude = \"40.7 N\"\nlongitude = \"{longitude}\"\ntimezone = \"{zone}\"\n");
        let (schedule, told) = told(&text);
        assert!(schedule.is_some(), "{told}");
        let told: Vec<String> =
            told.iter().map(|told| told.advice().unwrap_or_default().to_owned()).collect();
        told.join("; ")
    };
    let mend = place("74.0 E", "America/New_York");
    assert_eq!(mend, "write `longitude = \"74.0 W\"` if it lies on the other side of Greenwich");
    assert_eq!(
        place("74.0 E", "Australia/Sydney"),
        "either `longitude` or `timezone` belongs to another place"
    );
    for (longitude, zone) in [
        ("74.0 W", "America/New_York"),
        ("73.9 E", "Asia/Shanghai"),
        ("157.4 W", "Pacific/Kiritimati"),
        ("165.4 W", "America/Nome"),
        ("74.0 W", "UTC"),
    ] {
        assert_eq!(place(longitude, zone), "", "{longitude} {zone}");
    }
}
