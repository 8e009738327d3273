//! What to do about a word that a command does not take, by the whole line that it stands in. Knows words only.

use std::path::Path;

use crate::printable::{printable, shell_word};
use crate::show::is_show_name;

/// The options whose value is a time or a bar.
const PLACES: [&str; 3] = ["--from", "--to", "--start"];
/// What people write behind a number.
const UNITS: [&str; 7] = ["bar", "bars", "beat", "beats", "s", "sec", "seconds"];
/// What `render` writes.
const PICTURES: [&str; 3] = ["svg", "csv", "vcd"];
/// What `preview` writes, and what it shows behind the lamps.
const PAGES: [&str; 2] = ["html", "json"];
const PHOTOS: [&str; 4] = ["jpg", "jpeg", "png", "webp"];

/// What is probably meant by a word that is no setting: whoever wants it dark or quiet is not told how to light it.
fn setting_meant(command: &str, word: &str) -> Option<&'static str> {
    let word = word.to_lowercase();
    Some(match (command, word.as_str()) {
        ("volume", "mute" | "muted" | "off" | "none" | "silent" | "silence" | "quiet") => "0",
        ("volume", "low" | "lower" | "down" | "softer" | "quieter" | "less") => "-10",
        ("volume", "up" | "high" | "higher" | "louder" | "more" | "unmute" | "on") => "+10",
        ("volume", "half") => "50",
        ("volume", "max" | "full" | "maximum") => "100",
        (
            "blackout" | "loop",
            "false" | "no" | "stop" | "end" | "ends" | "undo" | "none" | "lift" | "release" | "cancel"
            | "disable" | "0",
        ) => "off",
        _ => return None,
    })
}

/// What is wrong with `word` where `command` takes a setting such as `like`, and what to write for a show of that name.
pub(super) fn no_setting(command: &str, word: &str, like: &str) -> String {
    let takes =
        if like == "on" { "`on` or `off`" } else { "a volume from 0 to 100, or a change such as `+10`" };
    let typed = shell(word);
    let meant = setting_meant(command, word);
    let like = meant.unwrap_or(like);
    let other = match is_show_name(word) && meant.is_none() {
        true => format!("; if `{word}` is a show, where several play: `starcourt {command} {like} {typed}`"),
        false => String::new(),
    };
    let word = printable(word);
    format!(
        "`starcourt {command}` takes {takes}, and not `{word}`\n  as in `starcourt {command} {like}`{other}"
    )
}

/// One line: what to do about `word`, which `command` does not take. `before` is the name that it takes, if it has one;
/// `line` is the whole command line.
pub(super) fn extra_word(command: &str, word: &str, before: Option<&str>, line: &[&str]) -> String {
    if let Some(way) = spaced_place(line).or_else(|| after_an_option(word, line)) {
        return way;
    }
    let (typed, first) = (shell(word), before.map(shell));
    let in_turn = |what: &str| match &first {
        Some(first) => {
            format!("one {what} at a time: `starcourt {command} {first}`, then `starcourt {command} {typed}`")
        }
        None => format!("`starcourt {command}` takes one {what} at a time"),
    };
    match (command, before) {
        ("off", _) => format!(
            "`starcourt off` alone makes everything safe; if `{typed}` is a show, where several play: `starcourt stop {typed}`"
        ),
        ("list" | "shows" | "ls", _) => {
            format!("`starcourt list` lists all shows; `starcourt check {typed}` looks at one")
        }
        ("serve", _) => format!("`starcourt serve` follows the schedule; `starcourt play {typed}` plays a show"),
        ("play" | "render" | "tap", _) if before.is_some_and(|before| before != word) && is_place_word(word) => {
            let option = if matches!(word, "to" | "until") { "--to" } else { "--from" };
            let place = line.iter().skip_while(|typed| **typed != word).nth(1).copied().unwrap_or("9.1");
            format!("write it as an option: `starcourt {command} {} {option} {}`", first.unwrap_or_default(), shell(place))
        }
        ("play", _) => {
            "one show plays at a time; `starcourt help schedule` shows how several play in turn".to_owned()
        }
        ("schedule", _) => format!("name a file with `--schedule {typed}`, or a day with `--at 2026-12-24`"),
        ("calibrate", _) => format!("name the channel that flashes with `--channel {typed}`"),
        ("render", Some(show)) if is_picture(word) => {
            format!("name the file with -o: `starcourt render {} -o {typed}`", shell(show))
        }
        ("render", Some(file)) if is_picture(file) => {
            format!("name the file with -o: `starcourt render {typed} -o {}`", shell(file))
        }
        ("render", _) => in_turn("show"),
        ("preview", Some(show)) if ends_with_one_of(&PAGES, word) => {
            format!("name the file with -o: `starcourt preview {} -o {typed}`", shell(show))
        }
        ("preview", Some(show)) if ends_with_one_of(&PHOTOS, word) => {
            format!("name the photograph with --photo: `starcourt preview {} --photo {typed}`", shell(show))
        }
        ("preview", _) => in_turn("show"),
        ("tap", _) if is_number(word) => format!(
            "`starcourt tap` finds the tempo; if you know it, write it into the show as a line: `tempo {word} bpm, 4/4`"
        ),
        ("tap" | "listen", _) => in_turn("song"),
        ("new", Some(show)) if is_number(&word.replace(':', ".")) && Path::new(show).extension().is_none() => {
            format!("name the length with --length: `starcourt new {} --length {typed}`", shell(show))
        }
        ("new", Some(song)) if Path::new(song).extension().is_some() && is_show_name(word) => {
            format!("name the show with --name: `starcourt new {} --name {typed}`", shell(song))
        }
        ("new", _) => in_turn("song"),
        ("seek", _) => {
            "write the place as one word: `starcourt seek +10s`, `starcourt seek 84.1` or `starcourt seek 1:20`"
                .to_owned()
        }
        (
            "stop" | "quit" | "pause" | "resume" | "unpause" | "next" | "skip" | "status" | "volume"
            | "blackout" | "loop" | "speed",
            _,
        ) => format!("`starcourt {command}` takes the name of one show"),
        _ => format!("`starcourt {command}` takes no name"),
    }
}

/// One line: how a time in two words, as in `--from bar 5`, is written as one.
pub(super) fn spaced_place(line: &[&str]) -> Option<String> {
    line.windows(3).find_map(|words| {
        let [option, first, second] = words else { return None };
        if *option == "--by" && is_number(first) && UNITS.contains(second) {
            return Some("`--by` takes one word: `bar`, `beat`, or a number of seconds".to_owned());
        }
        if !PLACES.contains(option) {
            return None;
        }
        let is_bar = |word: &str| matches!(word.to_lowercase().as_str(), "bar" | "bars");
        let place = match (is_bar(first), is_bar(second)) {
            (true, false) if is_number(second) => bar(second),
            (false, true) if is_number(first) => bar(first),
            _ if is_number(first) && matches!(*second, "s" | "sec" | "seconds") => format!("{first}s"),
            _ => return None,
        };
        Some(format!("write the time as one word: `{option} {place}`"))
    })
}

/// What people write before a time instead of an option.
fn is_place_word(word: &str) -> bool {
    matches!(word, "from" | "at" | "to" | "until" | "starting")
}

/// `5.1` for `5`; a beat that is there stays.
fn bar(number: &str) -> String {
    if number.contains('.') { number.to_owned() } else { format!("{number}.1") }
}

/// One line about a `word` behind an option that takes none.
fn after_an_option(word: &str, line: &[&str]) -> Option<String> {
    let at = line.iter().rposition(|typed| *typed == word)?;
    let option = *line.get(at.checked_sub(1)?)?;
    match option {
        "--loop" | "--repeat" => {
            Some(format!("write `{option}` alone: the show plays again and again until you end it"))
        }
        "--wait" | "--interrupt" => Some(format!("write it as one word: `{option}={}`", shell(word))),
        _ => None,
    }
}

pub(super) fn is_picture(word: &str) -> bool {
    ends_with_one_of(&PICTURES, word)
}

fn ends_with_one_of(endings: &[&str], word: &str) -> bool {
    let ending = Path::new(word).extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| endings.contains(&ending))
}

fn is_number(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_digit())
        && word.chars().all(|c| c.is_ascii_digit() || c == '.')
}

fn shell(word: &str) -> String {
    shell_word(Path::new(word))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    fn told(words: &str) -> String {
        let line = std::iter::once("starcourt").chain(words.split_whitespace()).map(OsString::from);
        super::super::read(line).expect_err(words).to_string()
    }

    #[test]
    fn a_word_too_many_is_told_with_what_to_type() {
        for (words, way) in [
            ("off xmas", "`starcourt stop xmas`"),
            ("list xmas", "`starcourt check xmas`"),
            ("serve xmas", "`starcourt play xmas`"),
            ("play demo xmas", "`starcourt help schedule`"),
            ("reload xmas", "`starcourt reload` takes no name"),
            ("calibrate windows", "`--channel windows`"),
            ("render porch x.svg", "`starcourt render porch -o x.svg`"),
            ("render x.svg porch", "`starcourt render porch -o x.svg`"),
            ("render --from 5 porch x.svg", "`starcourt render porch -o x.svg`"),
            ("--from 5 render porch x.svg", "`starcourt render porch -o x.svg`"),
            ("preview porch x.html", "`starcourt preview porch -o x.html`"),
            ("preview porch house.jpg", "`starcourt preview porch --photo house.jpg`"),
            ("preview a b", "`starcourt preview a`, then `starcourt preview b`"),
            ("render a b", "`starcourt render a`, then `starcourt render b`"),
            ("render porch --from bar 5", "`--from 5.1`"),
            ("render porch --by 2 bars", "`--by` takes one word"),
            ("render --by 2 porch x.svg", "`starcourt render porch -o x.svg`"),
            ("play porch --from bar 5", "`--from 5.1`"),
            ("play --from bar 5 porch", "`--from 5.1`"),
            ("play porch --to 5 bars", "`--to 5.1`"),
            ("play porch --from 80 s", "`--from 80s`"),
            ("play porch --loop 3", "write `--loop` alone"),
            ("play porch --wait 30s", "`--wait=30s`"),
            ("play porch from 9.1", "`starcourt play porch --from 9.1`"),
            ("play porch at 1:20", "`starcourt play porch --from 1:20`"),
            ("render porch until 9.1", "`starcourt render porch --to 9.1`"),
            ("tap porch 120", "`tempo 120 bpm, 4/4`"),
            ("tap a.ogg b.ogg", "`starcourt tap a.ogg`, then `starcourt tap b.ogg`"),
            ("listen a.ogg b.ogg", "`starcourt listen a.ogg`, then `starcourt listen b.ogg`"),
            ("new a.ogg b.ogg", "`starcourt new a.ogg`, then `starcourt new b.ogg`"),
            ("new a.ogg carol", "`starcourt new a.ogg --name carol`"),
            ("new porch 0:30", "`starcourt new porch --length 0:30`"),
            ("seek 5 10 porch tree", "`starcourt seek +10s`"),
        ] {
            let told = told(words);
            assert!(told.contains(way), "{words}: {told}");
            assert!(way.contains("help schedule") || !told.contains("one show plays at a time"), "{told}");
            assert!(way.contains("takes no name") || !told.contains("takes no name"), "{told}");
        }
    }
}
