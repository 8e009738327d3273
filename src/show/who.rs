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
        Some(word) if rig.names().any(|name| name == word.text) => {
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
        for channel in rig.channels_named(word.text).ok_or_else(|| unknown(word, rig))? {
            if !channels.contains(&channel) {
                channels.push(channel);
            }
        }
        if line.take(",").is_none() {
            return Ok(channels);
        }
    }
}

fn unknown(word: Word, rig: &Rig) -> Mistake {
    let help = match word.text {
        "for" => Some(Help::from("how long stands at the end of the line: `5.1  neon  on for 2 s`")),
        verb if VERBS.contains(&verb) => Some("who stands before what: `5.1  neon  on`".into()),
        _ => Help::meant(word.span(), word.text, rig.names().chain(["all", "play"])),
    };
    Mistake::new(word.span(), format!("no channel or group `{}`", word.text))
        .label("not in the rig")
        .help_if_any(help)
}
