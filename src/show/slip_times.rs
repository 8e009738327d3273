//! Times and names of sections as people write them elsewhere, and how a cue sheet has them. Knows no grammar.

use std::collections::HashSet;

use crate::diagnosis::Help;
use crate::time;

use super::length::{is_length_unit, unit_meant};
use super::words::{SheetLine, Word, is_digits};

/// What to write instead of the phrase that begins with the word `at` this place of a line.
pub(super) fn mend(words: &[Word], at: usize, sections: &HashSet<&str>) -> Option<Help> {
    let word = words[at];
    let after = words.get(at + 1).copied();
    let before = at.checked_sub(1).map(|before| words[before]);
    let write = |last: Word, text: String| Some(Help::write(word.start..last.span().end, text));
    let section = |word: Word| {
        let name = word.text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        sections.get(name.as_str()).copied()
    };
    if words[0].text != "section" && before.is_some_and(|before| before.text != "play") {
        if let Some(name) = section(word) {
            // `27.1 chorus on`
            let last = after.filter(|after| after.text == "on").unwrap_or(word);
            return write(last, format!("play {name}"));
        }
        if matches!(word.text, "call" | "run" | "start" | "repeat" | "do" | "trigger" | "goto")
            && let Some(name) = after.and_then(section)
        {
            return write(after?, format!("play {name}"));
        }
    }
    match word.text.to_lowercase().as_str() {
        "bar" | "measure" | "takt" if at == 0 || words[0].text == "tempo" => bar(&words[at..]),
        // `9.1 tempo 130 bpm`
        "tempo" if at == 1 && after.is_some() => {
            let pace: Vec<&str> = words[2..].iter().map(|word| word.text).collect();
            let line = format!("tempo {} from {}", pace.join(" ").replace(" ,", ","), before?.text);
            Some(Help::write(before?.start..words.last()?.span().end, line))
        }
        // `tempo 130 bpm at 9.1`
        "at" if words[0].text == "tempo" && after.is_some_and(is_in_music) => {
            Some(Help::write(word.span(), "from"))
        }
        "from" if at == 0 && after.is_some_and(is_time) => Some(Help::take_out(
            word.start..after?.start,
            "take `from` out: a cue begins with the time itself",
        )),
        "between" if at == 0 => {
            let [_, start, and, end, ..] = words else { return None };
            let is_range = is_time(*start) && and.text == "and" && is_time(*end);
            is_range.then(|| write(*end, format!("{} to {}", start.text, end.text)))?
        }
        // `2 s later`
        "later" => {
            let first = words[0];
            let length: Vec<&str> = words[..at].iter().map(|word| word.text).collect();
            let is_length = is_time(first) && at <= 2;
            is_length.then(|| Help::write(first.start..word.span().end, format!("+{}", length.join(" "))))
        }
        "then" if at == 0 && after.is_some() => Some(Help::write(word.span(), "+2 s").said(
            "a line that follows another begins with `+` and a duration: write `+2 s` instead of `then`",
        )),
        "play" if at == 0 => {
            let name = after?;
            let [time] = words[2..].iter().filter(|word| word.text != "at").collect::<Vec<_>>()[..] else {
                return None;
            };
            is_time(*time).then(|| write(*time, format!("{}  play  {}", time.text, name.text)))?
        }
        // `1 min 30 s`
        _ if is_digits(word.text)
            && at >= 2
            && unit_of(before) == Some("min")
            && unit_of(after) == Some("s") =>
        {
            let minutes = words[at - 2];
            let seconds: u8 = word.text.parse().ok().filter(|seconds| *seconds < 60)?;
            let span = minutes.start..after?.span().end;
            is_digits(minutes.text).then(|| Help::write(span, format!("{}:{seconds:02}", minutes.text)))
        }
        _ if at == 0 && is_digits(word.text) && after.is_some_and(|after| after.text == "bpm") => {
            write(after?, format!("tempo {} bpm", word.text))
        }
        text if at == 0 => {
            header(words, text).and_then(|(last, name)| write(last, format!("section {name}")))
        }
        _ => None,
    }
}

/// `bar 9`, `bar 9 beat 2`, `bar 9.2`.
fn bar(words: &[Word]) -> Option<Help> {
    let bar = words.get(1)?;
    let number = bar.text.trim_end_matches(':');
    let is_sign = |word: &&Word| matches!(word.text, "," | "beat" | ":");
    let signs = words[2..].iter().take_while(is_sign).count();
    let beat = words.get(2 + signs).filter(|_| words[2..2 + signs].iter().any(|word| word.text == "beat"));
    let (last, time) = match beat {
        Some(beat) => (beat, format!("{number}.{}", beat.text.trim_end_matches(':'))),
        None if is_digits(number) => (words.get(1 + signs)?, format!("{number}.1")),
        None => (words.get(1 + signs)?, number.to_owned()),
    };
    is_time(*bar).then(|| Help::write(words[0].start..last.span().end, time))
}

/// `[chorus]` or `chorus:` alone in its line: its last word, and the name in it.
fn header<'a>(words: &[Word<'a>], first: &str) -> Option<(Word<'a>, String)> {
    let last = *words.last()?;
    let is_header = (first.starts_with('[') && last.text.ends_with(']')) || (last.text.ends_with(':'));
    let parts = words.iter().map(|word| word.text.trim_matches(['[', ']', ':', '"']).to_lowercase());
    let name: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    let is_name = name.first().is_some_and(|first| first.starts_with(char::is_alphabetic));
    (is_header && is_name).then(|| (last, name.join("_")))
}

/// `star on at 0:10` and `star 0:10 on`: the line with its time in front.
pub(super) fn time_last(words: &[Word], line: &SheetLine) -> Option<String> {
    let span = line.span();
    let is_start = |word: &Word| matches!(word.text, "beginning" | "start");
    let at = words.iter().rposition(|word| is_time(*word) && word.text.contains([':', '.']));
    let (at, time) = match at {
        Some(at) => (at, words[at].text),
        None => (words.iter().rposition(is_start)?, "0:00"),
    };
    let first =
        words[..at].iter().rposition(|word| !matches!(word.text, "at" | "@" | "from" | "the" | "in"))?;
    let before = line.between(span.start, words[first].span().end);
    let after = line.between(words[at].span().end, span.end);
    Some(format!("{time}  {before} {}", after.trim()).trim_end().to_owned())
}

/// `section verse at 9.1` and `section intro bars 1-8`: the `name` alone, and the line that says when it plays. `line`
/// goes on after the name.
pub(super) fn place_of_section(name: Word, line: &SheetLine) -> Option<Help> {
    let words: Vec<Word> = line.clone().collect();
    let bare = |word: &Word| word.text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let is_place = |word: &Word| {
        matches!(&*bare(word), "at" | "from" | "bar" | "bars" | "beats" | "starts" | "begins" | "lasts")
            || word.text.starts_with(['@', '('])
            || word.text.starts_with(|c: char| c.is_ascii_digit()) && word.text.contains(['.', ':'])
    };
    words.iter().find(|word| is_place(word))?;
    let is_position = |word: &&Word| is_time(**word) && word.text.contains(['.', ':']);
    let of_bars = words.windows(2).find(|pair| matches!(&*bare(&pair[0]), "bar" | "bars"));
    let bar =
        of_bars.map(|pair| pair[1].text.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default());
    let time = match (words.iter().find(is_position), bar.filter(|bar| is_digits(bar))) {
        (Some(time), _) => time.text.trim_end_matches([')', ',', '.']).to_owned(),
        (None, Some(bar)) => format!("{bar}.1"),
        (None, None) => "9.1".to_owned(),
    };
    let said = format!(
        "only the name goes here: write `section {0}`; a line such as `{time}  play  {0}` says when it plays",
        name.text
    );
    Some(Help::write(name.start..line.span().end, name.text).said(said))
}

fn unit_of<'a>(word: Option<Word<'a>>) -> Option<&'a str> {
    let text = word?.text;
    unit_meant(text).or_else(|| is_length_unit(text).then_some(text))
}

/// Whether it is a bar and a beat, or the word before a bar.
pub(super) fn is_in_music(word: Word) -> bool {
    let numbers = word.text.split_once('.');
    let is_position = numbers.is_some_and(|(bar, beat)| {
        is_digits(bar) && bar.bytes().any(|digit| digit != b'0') && matches!(beat, "1" | "2" | "3" | "4")
    });
    is_position || matches!(word.text, "bar" | "measure")
}

/// Whether it looks like a time: `5.1`, `0:10`, `9`.
pub(super) fn is_time(word: Word) -> bool {
    let text = word.text.trim_end_matches([':', ',', '.']);
    is_digits(text)
        || text.contains(['.', ':']) && text.starts_with(|c: char| c.is_ascii_digit())
        || time::parse_clock_time(text).is_ok()
}
