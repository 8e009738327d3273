//! Reads the second column of a cue: channels, groups, `all`, `but`. Knows the rig's names and nothing of time.

use std::sync::Arc;

use crate::diagnosis::Help;
use crate::rig::{ChannelId, Rig};

use super::slip::duration_first;
use super::what::VERBS;
use super::words::{Mistake, SheetLine, Word};

/// Channels in the order in which effects run along them; never empty, none twice.
pub(super) type Who = Arc<[ChannelId]>;

pub(super) fn who(line: &mut SheetLine, rig: &Rig) -> Result<Who, Mistake> {
    let start = line.peek().map_or(line.span().start, |word| word.start);
    let mut channels = names(line, rig)?;
    if let Some(but) = line.take("but") {
        let left_out = names(line, rig)?;
        channels.retain(|channel| !left_out.contains(channel));
        if channels.is_empty() {
            return Err(Mistake::new(start..but.span().end, "this leaves no channel")
                .label("all of these are left out again"));
        }
    }
    Ok(channels.into())
}

/// A second name without a comma is a mistake.
pub(super) fn no_further_name(line: &SheetLine, rig: &Rig) -> Result<(), Mistake> {
    match line.peek() {
        Some(word) if rig.names().any(|name| name == word.text) => {
            Err(Mistake::new(word.span(), "a comma is missing")
                .label("before this")
                .help(Help::write(word.span(), format!(", {}", word.text)))
                .exact())
        }
        _ => Ok(()),
    }
}

fn names(line: &mut SheetLine, rig: &Rig) -> Result<Vec<ChannelId>, Mistake> {
    let mut channels = Vec::new();
    loop {
        let word = line.expect("a channel or a group")?;
        for channel in rig.channels_named(word.text).ok_or_else(|| unknown(word, line, rig))? {
            if !channels.contains(&channel) {
                channels.push(channel);
            }
        }
        if line.take(",").is_none() {
            return Ok(channels);
        }
    }
}

/// `line` goes on after `word`.
fn unknown(word: Word, line: &SheetLine, rig: &Rig) -> Mistake {
    let help = match word.text {
        "for" => duration_first(word, line),
        verb if VERBS.contains(&verb) => Some(action_first(word, line, rig)),
        _ => several_in_one(word, rig)
            .or_else(|| Help::meant(word.span(), word.text, rig.names().chain(["all", "play"])))
            .or_else(|| Some(Help::advise(format!("the rig has {}", listed(rig))))),
    };
    Mistake::new(word.span(), format!("no channel or group `{}`", word.text))
        .label("not in the rig")
        .help_if_any(help)
}

/// `5.1  on  neon`: who comes before what.
fn action_first(verb: Word, line: &SheetLine, rig: &Rig) -> Help {
    let is_name = |word: &Word| word.text == "all" || rig.names().any(|name| name == word.text);
    match line.clone().find(|word| word.text != "the").filter(is_name) {
        Some(name) => {
            let swapped = format!("{}  {}", name.text, verb.text);
            Help::write(verb.start..name.span().end, swapped).and(": the channel comes before the action")
        }
        None => {
            let name = rig.names().next().unwrap_or("all");
            Help::write(verb.span(), format!("{name}  {}", verb.text)).and(": which channel?").into_example()
        }
    }
}

/// `left+right`: several names with another sign between them.
fn several_in_one(word: Word, rig: &Rig) -> Option<Help> {
    let names: Vec<&str> = word.text.split(['+', '/', ';', '&']).collect();
    let are_known = names.len() > 1 && names.iter().all(|name| rig.channels_named(name).is_some());
    are_known.then(|| Help::write(word.span(), names.join(", ")))
}

/// The first names of the rig, for a person who has forgotten them.
fn listed(rig: &Rig) -> String {
    const LISTED: usize = 8;
    let names: Vec<String> = rig.names().take(LISTED).map(|name| format!("`{name}`")).collect();
    match rig.names().count().saturating_sub(LISTED) {
        0 => names.join(", "),
        more => format!("{} and {more} more names", names.join(", ")),
    }
}
