//! `starcourt list`: the shows there are, with their lengths and channels, and how worn the relays are.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::anyhow;
use serde::Serialize;

use crate::cli::RigOptions;
use crate::printable::printable;
use crate::rig::{Kind, Rig};
use crate::show::misnamed::Misnamed;
use crate::show::{self, Show};
use crate::time::ShowTime;
use crate::wear::{self, Wear};

use super::files::{self, LoadedShow};
use super::outcome::{Failure, Outcome};
use super::sheets_here::sheets_here;
use super::{printed, warnings};

pub(super) fn list(options: &RigOptions, json: bool) -> Result<(String, Outcome), Failure> {
    let rig = files::rig(&options.rig, files::output_kind(&options.output))?.rig;
    let places = files::show_places(options);
    let shows = show::find::all(&places)
        .map_err(|none| Failure::bad_file(anyhow!("{none:#}{}", sheets_here(&places))))?;
    let misnamed = show::misnamed::misnamed(&places).map_err(Failure::bad_file)?;
    if json {
        let shows = shows.keys().map(|name| ShowJson::of(name, &places, &rig)).collect();
        let skipped = misnamed.iter().map(SkippedJson::of).collect();
        let wear = files::wear();
        let switchings = wear.iter().collect();
        return Ok((printed::json(&ListJson { shows, skipped, switchings }), Outcome::Done));
    }
    if shows.is_empty() {
        let looked: Vec<_> = places.iter().map(|place| place.display().to_string()).collect();
        let text = format!(
            "no shows in {}{}\n  a song is a good beginning: `starcourt new song.ogg` makes a show of it\n  `starcourt help show` has an example\n",
            looked.join(" or "),
            sheets_here(&places)
        );
        return Ok((text + &no_shows(&misnamed), Outcome::Done));
    }
    let wide = shows.keys().map(String::len).max().unwrap_or(0).max(4);
    let mut text = format!("{:wide$}  {:>6}  {:>8}  TITLE\n", "SHOW", "LENGTH", "CHANNELS");
    for name in shows.keys() {
        let line = match files::unheard_show(name, &places, &rig) {
            Ok(loaded) => {
                let (length, used) = (loaded.length.to_minutes(), channels_of(&loaded.show, &rig));
                format!("{name:wide$}  {length:>6}  {used:>8}  {}", printable(&loaded.show.title))
            }
            Err(_) => {
                let check = warnings::check(Some(name), options, None);
                format!("{name:wide$}  {:>6}  {:>8}  cannot be played: {check}", "-", "-")
            }
        };
        text += &format!("{line}\n");
    }
    text.push_str(&no_shows(&misnamed));
    text.push_str(&relays(&rig, &files::wear()));
    Ok((text, Outcome::Done))
}

#[derive(Serialize)]
struct ListJson<'a> {
    shows: Vec<ShowJson>,
    /// Files that look like shows and cannot be played under their names.
    skipped: Vec<SkippedJson>,
    /// Of each relay in its life.
    switchings: BTreeMap<&'a str, u64>,
}

#[derive(Serialize)]
struct ShowJson {
    name: String,
    title: Option<String>,
    length_us: Option<ShowTime>,
    channels: Vec<String>,
    music: Option<String>,
    /// Why it cannot be played, as `starcourt check` says it.
    mistakes: Option<String>,
}

impl ShowJson {
    fn of(name: &str, places: &[PathBuf], rig: &Rig) -> Self {
        let name = name.to_owned();
        match files::unheard_show(&name, places, rig) {
            Ok(LoadedShow { show, length, .. }) => Self {
                name,
                channels: show.channels().into_iter().map(|id| rig.channel(id).name.clone()).collect(),
                music: show.audio.map(|music| music.path.display().to_string()),
                title: Some(show.title),
                length_us: Some(length),
                mistakes: None,
            },
            Err(failure) => Self {
                name,
                channels: Vec::new(),
                music: None,
                title: None,
                length_us: None,
                mistakes: Some(failure.words()),
            },
        }
    }
}

#[derive(Serialize)]
struct SkippedJson {
    file: String,
    reason: String,
    rename: String,
}

impl SkippedJson {
    fn of(found: &Misnamed) -> Self {
        Self { file: found.path.display().to_string(), reason: found.reason(), rename: found.command() }
    }
}

/// Files that look like shows and are none.
fn no_shows(misnamed: &[Misnamed]) -> String {
    misnamed.iter().map(|found| format!("\n{found}\n")).collect()
}

/// How worn the rig's relays are; empty if none has been counted yet.
fn relays(rig: &Rig, wear: &Wear) -> String {
    let relays = rig.channels.iter().filter(|channel| channel.kind == Kind::Relay);
    let counts: Vec<_> = relays.map(|relay| (relay.name.as_str(), wear.of(&relay.name))).collect();
    if counts.iter().all(|(_, switchings)| *switchings == 0) {
        return String::new();
    }
    let wide = counts.iter().map(|(name, _)| name.len()).max().unwrap_or(0).max(5);
    let mut text = format!("\n{:wide$}  {:>9}\n", "RELAY", "SWITCHED");
    for (name, switchings) in counts {
        let word = if switchings >= wear::LIFE { "  as often as a common relay bears" } else { "" };
        text += &format!("{name:wide$}  {switchings:>9}{word}\n");
    }
    text
}

/// `9 of 12`: how many of the rig's channels the show uses.
fn channels_of(show: &Show, rig: &Rig) -> String {
    format!("{} of {}", show.channels().len(), rig.channels.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::Source;

    #[test]
    fn the_relays_of_the_rig_are_listed_once_one_has_been_counted() {
        let text = "[channels]\nneon = { pin = 4, kind = \"relay\", active = \"low\" }\n\
                    marquee = { pin = 5, kind = \"relay\", active = \"low\" }\n\
                    arcade = { pin = 16, kind = \"ssr\" }\n";
        let rig = crate::rig::read(&Source::new("rig.toml", text)).0.unwrap();
        let mut wear = Wear::default();
        assert_eq!(relays(&rig, &wear), "");
        wear.add("neon", 100_000);
        wear.add("arcade", 7);
        let expected = "\nRELAY     SWITCHED\nneon        100000  as often as a common relay bears\n\
                        marquee          0\n";
        assert_eq!(relays(&rig, &wear), expected);
    }
}
