//! Checks that a cue ends where its line ends, and helps with what people often put there. Knows no times.

use crate::diagnosis::Help;
use crate::rig::Rig;

use super::length::{length, some_length};
use super::levels::is_number;
use super::when::{TimePlace, time_at};
use super::words::{Mistake, SheetLine, Word};

/// As [`SheetLine::finish`] behind a cue whose first column ends at `when_end`.
pub(super) fn finish_cue(line: &mut SheetLine, when_end: usize, rig: &Rig) -> Result<(), Mistake> {
    let Some(next) = line.peek() else { return Ok(()) };
    let all = line.span();
    let moved = || {
        let (when, rest) = (line.between(all.start, when_end), line.between(when_end, next.start));
        let moved = line.between(next.start, all.end);
        let moved = moved.replacen("until", "to", 1).replacen("till", "to", 1);
        if let Some(range) = turned(when.trim(), &moved) {
            return format!("{range}  {}", rest.trim());
        }
        format!("{} {moved}  {}", when.trim(), rest.trim())
    };
    let mistake = Mistake::unexpected(next).label("the cue ends before this");
    if let Some(second) = second_cue(line, when_end, rig) {
        let words = format!("put the second cue on its own line: `{second}`");
        let help = Help::write(next.start..all.end, format!("\n{second}")).said(words);
        return Err(mistake.help(help).exact());
    }
    Err(match next.text {
        "every" if line_has_end(&moved()) => mistake.help(Help::write(line.span(), moved())),
        "every" => mistake.help(Help::advise(
            "to repeat a cue, say until when and how often after its time, as in `5.1 to 9.1 every 1 bar`",
        )),
        // An end goes after the first time, and a repeat after the end.
        "to" | "until" | "till" => mistake.help(Help::write(line.span(), moved())).exact(),
        "from" => {
            let range = line.between(next.span().end, all.end).trim();
            let rest = line.between(when_end, next.start).trim();
            mistake.help(Help::write(line.span(), format!("{range}  {rest}")))
        }
        _ => match some_length(&mut line.clone()) {
            Ok(lasts) => {
                let (start, end) = (next.start, lasts.span.range().end);
                let is_fade = line.clone_from_start().any(|word| word.text == "fade");
                let word = if is_fade { "over" } else { "for" };
                mistake.help(Help::write(start..end, format!("{word} {}", line.between(start, end))))
            }
            Err(_) => mistake,
        },
    })
}

/// The range of `18.1` and `to 9.1`, whose end comes first.
fn turned(start: &str, end: &str) -> Option<String> {
    let place = |text: &str| {
        let mut line = SheetLine::new(text, 0)?;
        let time = time_at(&mut line).ok()?;
        line.peek().is_none().then_some(time.place)
    };
    let end = end.strip_prefix("to")?.trim();
    let is_turned = match (place(start)?, place(end)?) {
        (TimePlace::Music(start), TimePlace::Music(end)) => (end.bar, end.beat) < (start.bar, start.beat),
        (TimePlace::Clock(start), TimePlace::Clock(end)) => end < start,
        _ => false,
    };
    is_turned.then(|| format!("{end} to {start}"))
}

fn line_has_end(line: &str) -> bool {
    line.split_once("every").is_some_and(|(before, _)| before.contains(" to "))
}

/// The cue that goes on at `line`, as a line of its own: `and star on`, or `then off` of the same channels.
fn second_cue(line: &SheetLine, when_end: usize, rig: &Rig) -> Option<String> {
    let mut ahead = line.clone();
    let mut first = ahead.next()?;
    let mut is_joined = false;
    while matches!(first.text, "and" | "," | "&" | "+" | ";" | "then") {
        (is_joined, first) = (true, ahead.next()?);
    }
    let all = line.span();
    let rest = line.between(first.start, all.end).trim();
    if rig.channels_named(first.text).is_some() {
        let when = line.between(all.start, when_end).trim();
        return ahead.next().map(|_| format!("{when}  {rest}"));
    }
    let is_level = is_number(first.text) && ahead.next().is_some_and(|next| next.text == "%");
    let is_action = matches!(first.text, "on" | "off" | "fade" | "level") || is_level;
    (is_joined && is_action).then(|| {
        let (action, later) = match rest.split_once(" after ") {
            Some((action, later)) => (action.trim(), later.trim().to_owned()),
            None => (rest, time_taken(line, first).unwrap_or_else(|| "2 s".to_owned())),
        };
        format!("+{later}  {}  {action}", who_acts(line, when_end, rig))
    })
}

/// How long the cue before `end` takes: what follows its `over` or `for`.
fn time_taken(line: &SheetLine, end: Word) -> Option<String> {
    let mut words = line.clone_from_start();
    words
        .by_ref()
        .take_while(|word| word.start < end.start)
        .find(|word| matches!(word.text, "over" | "for"))?;
    let span = length(&mut words).ok()?.span.range();
    Some(line.between(span.start, span.end).to_owned())
}

/// The second column of a cue.
fn who_acts<'a>(line: &SheetLine<'a>, when_end: usize, rig: &Rig) -> &'a str {
    let is_who = |word: &Word| matches!(word.text, "," | "but") || rig.channels_named(word.text).is_some();
    let who = line.clone_from_start().skip_while(|word| word.start < when_end).take_while(is_who);
    who.last().map_or("all", |last| line.between(when_end, last.span().end).trim())
}
