//! The text of a new cue sheet, in which every line is explained and `check` finds nothing. Knows no files.

use std::fmt::Write as _;

use super::light_roles::LightRoles;
use super::starter_cues::{StarterCue, one_at_a_time, single, varied};
use crate::diagnosis::Source;
use crate::printable::{is_harmful, printable};
use crate::review;
use crate::rig::{Kind, Rig};
use crate::show::{self, as_name};
use crate::time::ShowTime;

/// Tags may hold whole letters; a screen has no room for a longer title.
const LONGEST_TITLE: usize = 80;
/// Of very many channels or groups the first ones are listed.
const MOST_LISTED: usize = 48;
const MOST_GROUPS: usize = 12;
const WIDTH: usize = 96;

/// What a new show is made of.
#[derive(Clone, Copy, Debug)]
pub struct NewShow<'a> {
    /// What its music or its person calls it; any text.
    pub title: &'a str,
    /// The name of the music beside it.
    pub music: Option<&'a str>,
    pub length: ShowTime,
    /// The rig, and the name of its file.
    pub rig: Option<(&'a Rig, &'a str)>,
    /// The command that finds the tempo of its music, and writes it into the sheet.
    pub tap: Option<&'a str>,
}

/// The text of the sheet; `None` if no sheet can name the music.
#[must_use]
pub fn show_text(new: &NewShow) -> Option<String> {
    if !new.music.is_none_or(can_name_music) {
        return None;
    }
    let mut texts = plans(new).into_iter().map(|cues| text(new, &cues)).peekable();
    let Some((rig, _)) = new.rig else { return texts.next() };
    // Of plans of which `check` would say something, the last.
    while let Some(text) = texts.next() {
        if texts.peek().is_none() || is_silent(&text, new, rig) {
            return Some(text);
        }
    }
    None
}

/// Cues for the show, the most varied ones first. The last ones are allowed by every rig.
fn plans(new: &NewShow) -> Vec<Vec<StarterCue>> {
    let Some((rig, _)) = new.rig else {
        let lights = LightRoles::unknown();
        return varied(&lights, new.length).into_iter().chain([single(&lights)]).collect();
    };
    let lights = LightRoles::all_of(rig);
    let few = rig.limits.on_at_once.map(|most| LightRoles::few_of(rig, most));
    let varied = varied(&lights, new.length).into_iter().chain(few.and_then(|few| varied(&few, new.length)));
    varied.chain(one_at_a_time(&lights, new.length)).chain([single(&lights)]).collect()
}

/// Whether `check` would say nothing about this sheet.
fn is_silent(text: &str, new: &NewShow, rig: &Rig) -> bool {
    let Ok((show, told)) = show::read("new", &Source::new("new.show", text), rig, &no_map) else {
        return false;
    };
    if !(told.is_empty() && show.cues_after(new.length).is_empty()) {
        return false;
    }
    let (warnings, compiled) = review::warnings(&show, rig, new.length);
    warnings.is_empty() && compiled.changes.is_empty()
}

/// Whether a cue sheet can name the music: not every name of a file can be written in a sheet.
#[must_use]
pub fn can_name_music(music: &str) -> bool {
    if music.contains(is_harmful) {
        return false;
    }
    let any_light = "[channels]\nany = { pin = 4, kind = \"ssr\" }\n";
    let rig = crate::rig::read(&Source::new("rig.toml", any_light)).0.expect("a rig of one channel");
    let head = format!("audio   {}\n", as_name(music));
    let read = show::read("new", &Source::new("new.show", head), &rig, &no_map);
    read.is_ok_and(|(show, told)| {
        told.is_empty() && show.audio.is_some_and(|named| named.path.as_os_str() == music)
    })
}

fn no_map(file: &str) -> anyhow::Result<std::sync::Arc<Source>> {
    anyhow::bail!("a new show has no beat map {file}")
}

fn text(new: &NewShow, cues: &[StarterCue]) -> String {
    const ALWAYS: &str = "a String takes everything";
    let mut text = String::from(
        "# A first show. Each line below is a cue: when, who, what. Change these lines, and add your own.\n\
         # Text behind a # is a comment. docs/cue-sheet.md teaches the language.\n\n\
         # What the screen shows while it plays:\n",
    );
    writeln!(text, "title   {}", title_in_sheet(new.title)).expect(ALWAYS);
    match new.music {
        Some(music) => writeln!(
            text,
            "# The music, beside this file. It lasts {}; the show ends with it:\naudio   {}",
            new.length.to_millis(),
            as_name(music)
        ),
        None => {
            writeln!(text, "# For music, put a file beside this one and take the # away:\n# audio  song.ogg")
        }
    }
    .expect(ALWAYS);
    if new.music.is_none() {
        writeln!(text, "# When the show ends:\nlength  {}", new.length.to_millis()).expect(ALWAYS);
    }
    text.push_str("# With a tempo you can write bars and beats: `9.2` is bar 9, beat 2.\n");
    let or = match new.tap {
        Some(tap) => format!("# `{}` finds it, and writes it into this file.\n# Or write", printable(tap)),
        None => "# Write".to_owned(),
    };
    writeln!(
        text,
        "{or} your own numbers here, and take the # away:\n# tempo  120 bpm, 4/4, first beat at 0.420 s\n"
    )
    .expect(ALWAYS);
    text.push_str(&listed(new.rig));
    text.push('\n');
    text.push_str(&table(cues));
    text
}

/// The cues in columns.
fn table(cues: &[StarterCue]) -> String {
    let wide = |of: fn(&StarterCue) -> &str, least: usize| {
        cues.iter().map(|cue| of(cue).len()).max().unwrap_or(0).max(least)
    };
    let (when, who, what) = (wide(|cue| &cue.when, 12), wide(|cue| &cue.who, 8), wide(|cue| &cue.what, 10));
    let mut text = format!("# {:<first$}  {:<who$}  what\n", "when", "who", first = when - 2);
    for cue in cues {
        text += &format!("{:<when$}  {:<who$}  {:<what$}  # {}\n", cue.when, cue.who, cue.what, cue.why);
    }
    text
}

/// The names that cues may use, as comments.
fn listed(rig: Option<(&Rig, &str)>) -> String {
    let Some((rig, file)) = rig else {
        return "# There is no rig yet. `all` is every light of any rig. `starcourt new --rig` describes yours; then use\n\
                # the names of your own lights here.\n"
            .to_owned();
    };
    let mut text = format!("# The names of your lights, from {}. `all` is every light.\n", printable(file));
    let kinds: [(&[Kind], _); 3] =
        [(&[Kind::Pwm, Kind::Dimmer], "dimmed"), (&[Kind::Relay], "relays"), (&[Kind::Ssr], "ssr")];
    for (kinds, title) in kinds {
        let channels = rig.channels.iter().filter(|channel| kinds.contains(&channel.kind));
        text += &wrapped(title, &channels.map(|channel| channel.name.as_str()).collect::<Vec<_>>());
    }
    for group in rig.groups.iter().take(MOST_GROUPS) {
        let members: Vec<&str> = group.channels.iter().map(|id| rig.channel(*id).name.as_str()).collect();
        text += &wrapped(&format!("group {}", group.name), &members);
    }
    match rig.groups.len().saturating_sub(MOST_GROUPS) {
        0 => {}
        more => text += &format!("#   and {more} more groups\n"),
    }
    text
}

/// `names` in as many comment lines as they need.
fn wrapped(title: &str, names: &[&str]) -> String {
    if names.is_empty() {
        return String::new();
    }
    let mut words: Vec<String> = names.iter().take(MOST_LISTED).map(|name| format!("{name},")).collect();
    match names.len().saturating_sub(MOST_LISTED) {
        0 => words.iter_mut().last().into_iter().for_each(|last| _ = last.pop()),
        more => words.push(format!("and {more} more")),
    }
    let mut lines = vec![format!("#   {title}:")];
    for word in words {
        match lines.last_mut() {
            Some(line) if line.len() + word.len() < WIDTH => *line += &format!(" {word}"),
            _ => lines.push(format!("#      {word}")),
        }
    }
    lines.join("\n") + "\n"
}

/// `title` as a sheet can write it: one line without controls, in quotes where it needs them.
#[must_use]
pub fn title_in_sheet(title: &str) -> String {
    let visible: String = title.chars().map(|letter| if is_harmful(letter) { ' ' } else { letter }).collect();
    let words: Vec<&str> = visible.split_whitespace().collect();
    let words = words.join(" ");
    let mut title: String = words.chars().take(LONGEST_TITLE).collect();
    if words.chars().count() > LONGEST_TITLE {
        title = format!("{}…", title.trim_end());
    }
    let is_plain = title.starts_with(char::is_alphanumeric) && !title.contains(['#', '"']);
    match (title.is_empty(), is_plain) {
        (true, _) => "New show".to_owned(),
        (false, true) => title,
        // Quotes cannot be nested.
        (false, false) => format!("\"{}\"", title.replace('"', "'")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_title_is_a_title_of_one_line() {
        for (title, written) in [
            ("Jingle Bells", "Jingle Bells"),
            ("  a\x1b[2J\r\nb\u{202e} ", "a [2J b"),
            ("Song #1", "\"Song #1\""),
            ("\"Weird Al\" live", "\"'Weird Al' live\""),
            ("= 5", "\"= 5\""),
            ("", "New show"),
            ("\u{200b}\n", "New show"),
        ] {
            assert_eq!(title_in_sheet(title), written);
        }
        assert_eq!(title_in_sheet(&"long ".repeat(40)).chars().count(), LONGEST_TITLE);
    }
}
