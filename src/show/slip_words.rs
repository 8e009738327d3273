//! What people write in the place of a word of the cue sheet, and the word that they mean. Knows no grammar.

use std::collections::HashSet;

use crate::diagnosis::Help;

use super::length::{foreign_or_own_unit, is_length_unit, parts};
use super::words::Word;
use super::{slip_actions, slip_times};

const EFFECTS: [&str; 5] = ["pulse", "strobe", "chase", "twinkle", "follow"];

/// What to write instead of the word `at` this place of a line, if it is a common slip.
pub(super) fn mend(words: &[Word], at: usize, sections: &HashSet<&str>) -> Option<Help> {
    slip_times::mend(words, at, sections)
        .or_else(|| slip_actions::mend(words, at))
        .or_else(|| in_place(words, at))
}

fn is_action(word: &str) -> bool {
    EFFECTS.contains(&word) || matches!(word, "on" | "off" | "fade" | "level")
}

fn is_light(word: &str) -> bool {
    matches!(word, "light" | "lights" | "lamp" | "lamps")
}

fn in_place(words: &[Word], at: usize) -> Option<Help> {
    let word = words[at];
    let before = at.checked_sub(1).map(|before| words[before]);
    let after = words.get(at + 1).copied();
    let has = |text: &str| words.iter().any(|word| word.text == text);
    let is_number = |word: Word| word.text.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    // Effects need an end, which comes last.
    let end = if has("for") || has("to") || after.is_some() { "" } else { " for 8 s" };
    let pair = before.zip(after);
    // `50 %, 3 s` are a level and a duration.
    let is_length = after.is_some_and(|after| foreign_or_own_unit(after.text, words.get(at + 2)));
    let is_between_numbers = !(is_length && word.text == ",")
        && pair.is_some_and(|(before, after)| (is_number(before) || before.text == "%") && is_number(after));
    let take_out = |why: &str| slip_actions::take_out(words, at, why);
    Some(match word.text {
        // Two times at the start of a line are two moments.
        "and" | "," if is_between_numbers && at == 1 => return None,
        "-" | "–" | "—" | "->" | "→" | ".." | "until" | "till" | "and" | "," if is_between_numbers => {
            let (before, after) = pair?;
            joined(before, after, &format!("{} to {}", before.text, after.text))
        }
        "+" if is_between_numbers => {
            let (before, after) = pair?;
            joined(before, after, &format!("{}+{}", before.text, after.text))
        }
        "-" | "except" | "without" | "not" if before.is_some_and(|before| before.text == "all") => {
            Help::write(word.span(), "but")
        }
        "-" | "–" | "—" | "," | "|" => take_out(": only spaces go between the columns"),
        "and" if before.is_some_and(|before| before.text == ",") => take_out(": the comma is enough"),
        "and" | "+" | "&" | "plus" | "with" if pair.is_some_and(|(before, _)| !is_number(before)) => {
            let (before, after) = pair?;
            joined(before, after, &format!("{}, {}", before.text, after.text))
        }
        "&" | "e" | "a" => {
            let beat = before.filter(|before| is_number(*before))?;
            joined(beat, word, &format!("{}{}", beat.text, word.text))
        }
        "=" | ":" => take_out(": a space is enough"),
        // Which of both is meant cannot be told: dark comes first.
        "not" if at + 3 == words.len() && words[at + 2].text == "on" => {
            let name = after?.text;
            let span = word.start..words[at + 2].span().end;
            Help::write_one_of(span, [format!("{name}  off"), format!("all but {name}  on")])
        }
        "no" if at + 2 == words.len() && after.is_some_and(|after| is_light(after.text)) => {
            joined(word, after?, "all off")
        }
        // `light left on` is about the light `left`.
        "light" | "lights" | "lamps"
            if before.is_none_or(is_number)
                && after.is_none_or(|after| is_number(after) || is_action(after.text)) =>
        {
            Help::write(word.span(), "all")
        }
        "the" | "light" | "lights" | "channel" | "channels" => take_out(": the name is enough"),
        "linear" | "evenly" => take_out(": a fade is even without it"),
        "min" | "minutes" if before.is_some_and(|before| before.text.contains(':')) => {
            take_out(": minutes and seconds need no unit")
        }
        "everything" | "everyone" => Help::write(word.span(), "all"),
        "*" if at > 0 => Help::write(word.span(), "all"),
        "true" | "full" | "max" | "bright" => Help::write(word.span(), "on"),
        "false" | "dark" | "black" => Help::write(word.span(), "off"),
        "backwards" | "backward" | "reversed" if !before_has(words, at, "for") => {
            Help::write(word.span(), "reverse")
        }
        "ease-in-out" | "smooth" | "smoothly" => Help::write(word.span(), "ease"),
        "ramp" | "crossfade" => Help::write(word.span(), "fade"),
        "run" | "wave" => Help::write(word.span(), "chase"),
        "fast" | "quickly" if !has("every") && !has("fade") => Help::write(word.span(), "every 250 ms"),
        "slow" | "slowly" if !has("every") && !has("over") => {
            Help::write(word.span(), if has("fade") { "over 2 s" } else { "every 2 s" })
        }
        "breathe" | "glow" | "throb" => {
            let pulse = if has("every") { "pulse".to_owned() } else { format!("pulse every 2 s{end}") };
            Help::write(word.span(), &*pulse)
                .said(format!("to flare up and fade again and again is `{pulse}`"))
        }
        "wait" | "pause" | "delay" | "sleep" => Help::advise(
            "nothing needs to wait: the next line says when it begins, as in `+2 s` after this one",
        ),
        "every" if at == 0 => Help::advise("say from when until when, as in `1.1 to 9.1 every 1 bar`"),
        "after" if at == 0 && after.is_some_and(is_number) => {
            joined(word, after?, &format!("+{}", after?.text))
        }
        "start" | "starts" | "starting" | "begins" | "offset" if words[0].text == "tempo" => {
            let is_at = after.is_some_and(|after| after.text == "at");
            if let Some(place) = words.get(at + 2).filter(|place| is_at && slip_times::is_in_music(**place)) {
                return Some(Help::write(word.start..place.span().end, format!("from {}", place.text)));
            }
            Help::write(word.span(), if is_at { "first beat" } else { "first beat at" })
        }
        "at" if words[0].text == "tempo" => Help::write(word.span(), ", first beat at"),
        "beat" if words[0].text == "tempo" && after.is_some_and(|after| after.text == "1") => {
            joined(word, after?, "first beat")
        }
        "time" if words[0].text == "tempo" => take_out(": the numbers are enough"),
        "except" | "without" => Help::write(word.span(), "but"),
        "but" if pair.is_some_and(|(before, _)| matches!(before.text, "on" | "off")) => {
            let (before, after) = pair?;
            joined(before, after, &format!("but {}  {}", after.text, before.text))
        }
        "each" | "per" => Help::write(word.span(), "every"),
        "note" | "notes" => take_out(": a note value is enough"),
        "between" | "from"
            if before.is_some_and(|before| EFFECTS.contains(&before.text) || has("follow")) =>
        {
            take_out(": two levels are enough")
        }
        "width" if after.is_some_and(is_number) => joined(word, after?, &format!("{} wide", after?.text)),
        "fadeout" | "fade-out" | "fadein" | "fade-in" => {
            let level = if word.text.ends_with("out") { "off" } else { "on" };
            let over = if has("over") || has("to") { "" } else { " over 2 s" };
            Help::write(word.span(), format!("fade to {level}{over}"))
        }
        "grid" | "pattern" | "sequence" if at == 0 => Help::write(word.span(), "steps"),
        "section" if at > 0 => Help::write(word.span(), "play"),
        "blink" | "flash" | "blinking" | "flashing" => {
            let strobe = if has("every") { "strobe".to_owned() } else { format!("strobe every 500 ms{end}") };
            Help::write(word.span(), &*strobe).said(format!("on and off, again and again, is `{strobe}`"))
        }
        "flicker" | "sparkle" | "shimmer" | "candle" | "random" => {
            let levels = if after.is_some_and(is_number) { "" } else { " 20 to 60 %" };
            let twinkle = format!("twinkle{levels}{end}");
            Help::write(word.span(), &*twinkle).said(format!("an irregular flicker is `{twinkle}`"))
        }
        "attack" if has("follow") => Help::write(word.span(), "rise"),
        "release" | "decay" if has("follow") => Help::write(word.span(), "fall"),
        "music" | "vu" | "equalizer" | "spectrum" if at > 1 && !has("follow") => {
            let follow = format!("follow loudness{end}");
            Help::write(word.span(), &*follow)
                .said(format!("a light that moves with the music is `{follow}`"))
        }
        "dim" | "dimmed" | "brightness" => match after {
            Some(to) if to.text == "to" => Help::write(word.span(), "fade"),
            Some(_) => Help::write(word.span(), "level"),
            None => Help::write(word.span(), "40 %").said("a level is `40 %`"),
        },
        "in" | "out" if before.is_some_and(|before| before.text == "ease") => {
            match after.filter(|after| word.text == "in" && after.text == "out") {
                Some(out) => joined(before?, out, "ease"),
                None => joined(before?, word, &format!("ease-{}", word.text)),
            }
        }
        "in" | "up" | "out" | "down" if before.is_some_and(|before| before.text == "fade") => {
            let level = if matches!(word.text, "in" | "up") { "to on" } else { "to off" };
            match after {
                Some(to) if to.text == "to" => take_out(""),
                // `fade in 2 bars`
                Some(number) if is_number(number) => {
                    joined(word, number, &format!("{level} over {}", number.text))
                }
                _ if has("over") || has("to") || has("for") || has("in") && word.text != "in" => {
                    Help::write(word.span(), level)
                }
                _ => Help::write(word.span(), format!("{level} over 2 s")),
            }
        }
        "in" | "within" | "during" if has("fade") && after.is_some_and(is_number) => {
            let unit = words.get(at + 2).filter(|unit| is_length_unit(unit.text));
            let length = unit.map_or(String::new(), |unit| format!(" {}", unit.text));
            joined(word, *unit.unwrap_or(&after?), &format!("over {}{length}", after?.text))
        }
        "turn" | "switch" | "set" | "go" => {
            let last = if after.is_some_and(|after| after.text == "to") { at + 1 } else { at };
            let end = words.get(last + 1).map_or(words[last].span().end, |next| next.start);
            let why = format!("take `{}` out: `on`, `off` or a level is enough", word.text);
            Help::take_out(word.start..end, why)
        }
        "at" | "@" if at == 0 => {
            let end = after.map_or(word.span().end, |after| after.start);
            Help::take_out(word.start..end, "take it out: a cue begins with the time itself")
        }
        "at" => take_out(""),
        "play" if at == 0 => {
            let play =
                format!("0:10  play{}", after.map_or(String::new(), |section| format!("  {}", section.text)));
            Help::write(word.start..after.unwrap_or(word).span().end, &*play)
                .said(format!("put its time first, as in `{play}`"))
        }
        "loop" | "repeat" => Help::advise(
            "`5.1 to 9.1 every 1 bar` repeats a cue, and `starcourt play NAME --loop` the whole show",
        ),
        "end" | "stop" => Help::advise(
            "a section ends where lines are no longer indented, and a show with its music or at its `length`",
        ),
        "music" | "song" | "sound" | "file" => Help::write(word.span(), "audio"),
        "name" => Help::write(word.span(), "title"),
        "duration" => Help::write(word.span(), "length"),
        "bpm" | "bpm:" => {
            let first = before.filter(|before| before.text == "tempo").unwrap_or(word);
            let number = words[at + 1..].iter().find(|word| !matches!(word.text, "=" | ":"))?;
            is_number(*number).then(|| joined(first, *number, &format!("tempo {} bpm", number.text)))?
        }
        text if is_comment(text) => {
            let sign = text.len() - text.trim_start_matches(['/', ';', '-']).len();
            Help::write(word.start..word.start + sign, "#").said("a comment starts with `#`")
        }
        // `on 50 %`
        _ if is_number(word) && pair.is_some_and(|(on, percent)| (on.text, percent.text) == ("on", "%")) => {
            Help::take_out(before?.start..word.start, "take `on` out: a level is enough")
        }
        // `chase 1/8`
        note if parts(note).is_some() && before.is_some_and(|before| EFFECTS.contains(&before.text)) => {
            Help::write(word.span(), format!("every {note}"))
        }
        text => {
            let (start, end) = dashed(text)?;
            Help::write(word.span(), format!("{start} to {end}"))
        }
    })
}

fn joined(first: Word, last: Word, text: &str) -> Help {
    Help::write(first.start..last.span().end, text)
}

fn is_comment(text: &str) -> bool {
    text.starts_with("//") || text.starts_with(';') || text.starts_with("--")
}

/// `5.1-9.1` or `5.1..9.1`.
fn dashed(word: &str) -> Option<(&str, &str)> {
    let is_time = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let split = ["..", "->", "-", "–"].iter().find_map(|dash| word.split_once(dash));
    split.filter(|(start, end)| is_time(start) && is_time(end))
}

fn before_has(words: &[Word], at: usize, text: &str) -> bool {
    words[..at].iter().any(|word| word.text == text)
}
