//! How a cue that makes no difference is told: which line wins, and what to write. Knows not how it was found.

use std::ops::Range;

use crate::diagnosis::{Diagnosis, Help};
use crate::level::Level;
use crate::rig::{Channel, Rig};
use crate::show::{Action, Cue, Effect, Show};
use crate::timeline::{Unseen, WhyUnseen};

pub(super) fn warning(unseen: &Unseen, show: &Show, rig: &Rig) -> Diagnosis {
    let cue = &show.cues[unseen.cue];
    let warning = |title: String| Diagnosis::warning(&show.source, title);
    match unseen.why {
        WhyUnseen::Beaten { by } => {
            let winner = &show.cues[by];
            let line = show.source.line_number(winner.line.start);
            warning(format!("this cue has no effect: line {line} starts at the same time and wins"))
                .at(cue.line.clone(), "")
                .also_at(winner.line.clone(), why_it_wins(winner, cue))
                .help(instead(winner, cue, show, rig))
        }
        WhyUnseen::Covered { by, next } => {
            let cover = &show.cues[by];
            let line = show.source.line_number(cover.line.start);
            let until = match next {
                Some(next) => {
                    let line = show.source.line_number(show.cues[next].line.start);
                    format!("line {line} takes over before anybody sees this")
                }
                None => String::new(),
            };
            let over = match cover.action {
                Action::Over { end, .. } => format!("this lies over it until {}", show.place_of(end)),
                Action::Set(_) | Action::Fade { .. } => String::new(),
            };
            warning(format!("this cue has no effect: line {line} covers it"))
                .at(cue.line.clone(), until)
                .also_at(cover.line.clone(), over)
                .help(Help::advise("remove this cue, or give it another time"))
        }
        WhyUnseen::Rounded { on } => {
            let Channel { name, kind, .. } = rig.channel(unseen.channel);
            let state = if on { "on" } else { "off" };
            let all_along = if has_one_level(cue) { "" } else { " all the time" };
            let kind = match kind.name() {
                "ssr" => "an SSR".to_owned(),
                kind => format!("a {kind}"),
            };
            let warning = warning(format!("`{name}` only switches: it is {state}{all_along} with this cue"));
            let label = format!("{kind} is on from 50 % upwards");
            let what = show.columns(cue).map(|columns| columns.what).unwrap_or_default();
            match &cue.action {
                Action::Over { effect: Effect::Steps { .. }, .. } => warning
                    .at(cue.line.clone(), label)
                    .help(Help::advise("`x` and `5` to `9` are on, `.` and `0` to `4` are off")),
                Action::Over { effect: Effect::Level(_), .. } | Action::Set(_) | Action::Fade { .. } => {
                    warning.at(what.clone(), label).help(Help::write(what, state))
                }
                Action::Over { .. } => {
                    let full = without_levels(&show.source.text()[what.clone()]);
                    warning
                        .at(what.clone(), label)
                        .help(Help::write(what, full).and(" to have it on and off"))
                }
            }
        }
    }
}

fn why_it_wins(winner: &Cue, cue: &Cue) -> String {
    match (leads_to(winner), leads_to(cue)) {
        (Some(high), Some(low)) if high > low => format!("this wins: it leads to {high}, the other to {low}"),
        (Some(level), _) => format!("this wins: both lead to {level}, and this is the lower line"),
        (None, _) => "this wins".to_owned(),
    }
}

fn leads_to(cue: &Cue) -> Option<Level> {
    match cue.action {
        Action::Set(level) | Action::Fade { to: level, .. } => Some(level),
        Action::Over { .. } => None,
    }
}

/// What to write if `winner` starts together with `cue`.
fn instead(winner: &Cue, cue: &Cue, show: &Show, rig: &Rig) -> Help {
    let text = |span: Range<usize>| &show.source.text()[span];
    let wins_everywhere = cue.channels.iter().all(|channel| winner.channels.contains(channel));
    let remove = || Help::advise("remove one of the two, or give it another time");
    let (Some(columns), Some(own)) = (show.columns(winner), show.columns(cue)) else { return remove() };
    if wins_everywhere && winner.channels.len() > cue.channels.len() {
        let written = text(own.who);
        let names = cue.channels.iter().map(|channel| rig.channel(*channel).name.as_str());
        let who = match written.contains(" but ") {
            true => names.collect::<Vec<_>>().join(", "),
            false => written.to_owned(),
        };
        let winners = text(columns.who.clone());
        let but = if winners.contains(" but ") { "," } else { " but" };
        return Help::write(columns.who, format!("{winners}{but} {who}"))
            .and(&format!(" in line {}", show.source.line_number(winner.line.start)));
    }
    let both = match (&winner.action, &cue.action) {
        (Action::Fade { from: None, to, .. }, Action::Set(level)) if level != to => Some((columns, level)),
        (Action::Set(level), Action::Fade { from: None, to, .. }) if level != to => Some((own, level)),
        _ => None,
    };
    match both.and_then(|(fade, level)| Some((text(fade.what).strip_prefix("fade")?, level))) {
        Some((rest, level)) => Help::advise(format!("one cue does both: `fade from {level}{rest}`")),
        None => remove(),
    }
}

fn has_one_level(cue: &Cue) -> bool {
    matches!(cue.action, Action::Set(_) | Action::Over { effect: Effect::Level(_), .. })
}

/// An effect without its two levels: `twinkle 10 to 40 % every 1/8` as `twinkle every 1/8`.
fn without_levels(what: &str) -> String {
    let words: Vec<&str> = what.split_whitespace().collect();
    let Some(to) = words.iter().position(|word| *word == "to") else { return what.to_owned() };
    let is_unit = |at: usize| words.get(at).is_some_and(|word| *word == "%");
    let first = if is_unit(to - 1) { to - 2 } else { to - 1 };
    let behind = if is_unit(to + 2) { to + 3 } else { to + 2 };
    [&words[..first], &words[behind.min(words.len())..]].concat().join(" ")
}
