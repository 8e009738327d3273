//! Reads the second column of a cue: channels, groups, `all`, `but`. Knows the rig's names and nothing of time.

use std::sync::Arc;

use crate::diagnosis::Help;
use crate::rig::{ChannelId, Rig};

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
            return Err(Mistake::new(start..but.span().end, "this leaves nobody")
                .label("all of these are left out again"));
        }
    }
    Ok(channels.into())
}

/// A second name without a comma is a mistake.
pub(super) fn no_further_name(line: &SheetLine, rig: &Rig) -> Result<(), Mistake> {
    match line.peek() {
        Some(word) if rig.channel_named(word.text).is_some() || rig.group_named(word.text).is_some() => {
            Err(Mistake::new(word.span(), "a comma is missing")
                .label("before this")
                .help(Help::write(word.span(), format!(", {}", word.text))))
        }
        _ => Ok(()),
    }
}

fn names(line: &mut SheetLine, rig: &Rig) -> Result<Vec<ChannelId>, Mistake> {
    let mut channels = Vec::new();
    loop {
        let word = line.expect("a channel or a group")?;
        match rig.channel_named(word.text) {
            Some(channel) => add(&mut channels, [channel]),
            None => add(&mut channels, several(word, rig)?),
        }
        if line.take(",").is_none() {
            return Ok(channels);
        }
    }
}

fn add(channels: &mut Vec<ChannelId>, more: impl IntoIterator<Item = ChannelId>) {
    for channel in more {
        if !channels.contains(&channel) {
            channels.push(channel);
        }
    }
}

fn several(word: Word, rig: &Rig) -> Result<Vec<ChannelId>, Mistake> {
    if word.text == "all" {
        return Ok(rig.channel_ids().collect());
    }
    match rig.group_named(word.text) {
        Some(group) => Ok(group.channels.clone()),
        None => Err(unknown(word, rig)),
    }
}

fn unknown(word: Word, rig: &Rig) -> Mistake {
    let channels = rig.channels.iter().map(|channel| channel.name.as_str());
    let groups = rig.groups.iter().map(|group| group.name.as_str());
    let help = match word.text {
        "for" => Some(Help::from("how long stands at the end of the line: `5.1  neon  on for 2 s`")),
        verb if VERBS.contains(&verb) => Some("who stands before what: `5.1  neon  on`".into()),
        _ => Help::meant(word.span(), word.text, channels.chain(groups).chain(["all", "play"])),
    };
    Mistake::new(word.span(), format!("no channel or group `{}`", word.text))
        .label("not in the rig")
        .help_if_any(help)
}
