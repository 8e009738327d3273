//! The whole line that is probably meant by a line with a mistake, where no slip that is known by name explains it.
//! Each proposal was read: it is a line without a mistake. Knows neither signs nor words.

use std::cell::Cell;
use std::ops::Range;

use crate::diagnosis::{Help, TryResult};

use super::meant_order::in_order;
use super::meant_signs::in_plain_signs;
use super::meant_words::meant_words;
use super::vocabulary::{Vocabulary, is_number};
use super::words::{SheetLine, Word};

/// No more lines than this are proposed.
const MOST_SPELLINGS: usize = 2;
/// No line is read more often than this.
const MOST_TRIES: usize = 48;

/// A line with one of these says that something is not so: a line without it would say the opposite.
const NEGATIONS: [&str; 8] = ["no", "not", "none", "nothing", "never", "don't", "dont", "nobody"];
/// What people write between the times at which the same happens.
const AND: [&str; 4] = [",", "and", "&", "+"];

/// What is known of a line and its sheet.
pub(super) struct LineFacts<'a> {
    pub(super) words: Vocabulary<'a>,
    /// When the show ends, as its head says.
    pub(super) length: Option<&'a str>,
    pub(super) says_tempo: bool,
    /// It is a row of steps, in which each character counts.
    pub(super) is_row: bool,
}

/// A hint for the mistake in `line` that gives the line that is meant. `read` reads a changed line.
pub(super) fn meant_line(
    line: &str,
    facts: &LineFacts,
    read: &dyn Fn(&str, Range<usize>) -> TryResult,
) -> Option<Help> {
    let all = SheetLine::new(line, 0)?.whole_span();
    let text = &line[all.clone()];
    let tries = Cell::new(MOST_TRIES);
    let tried = |meant: String| {
        let left = tries.get().checked_sub(1)?;
        tries.set(left);
        let is_other = squeezed(&meant) != squeezed(text) || meant.len() != text.len();
        let help = is_other.then(|| Help::write(all.clone(), meant))?;
        help.tried((line, all.clone()), read)
    };
    let plain = in_plain_signs(text);
    if facts.is_row {
        return tried(plain);
    }
    if let Some(lines) = a_line_each_time(&plain, &line[..all.start]) {
        return Help::write_lines_of(all.clone(), vec![lines]).tried((line, all), read);
    }
    if plain.split_whitespace().any(|word| NEGATIONS.contains(&word.to_lowercase().as_str())) {
        return None;
    }
    let remarked = with_remark(&plain);
    let words = meant_words(&plain, &facts.words, facts.length);
    let ordered = in_order(&words, &facts.words);
    if let Some(help) =
        [Some(plain), Some(words.clone()), ordered, remarked].into_iter().flatten().find_map(&tried)
    {
        return Some(help);
    }
    let is_read = |words: &String| {
        let changed = format!("{}{words}{}", &line[..all.start], &line[all.end..]);
        matches!(read(&changed, all.start..all.start + words.len()), TryResult::Mended)
    };
    let mut spelled: Vec<String> = respelled(&words, &facts.words)
        .into_iter()
        .filter_map(|words| {
            let ordered = in_order(&words, &facts.words);
            [Some(words), ordered].into_iter().flatten().find(is_read)
        })
        .collect();
    // A plural and its singular are the same.
    spelled.dedup_by_key(|words| words.trim_end_matches('s').to_owned());
    spelled.truncate(MOST_SPELLINGS);
    (!spelled.is_empty()).then(|| Help::write_one_of(all, spelled))
}

/// `5.1 and 7.1 porch on` as a line for each of its times, indented by `indent`.
fn a_line_each_time(line: &str, indent: &str) -> Option<String> {
    let spaced = line.replace(',', " , ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let is_time = |word: &&str| is_number(word) && word.contains(['.', ':']) && !word.starts_with('+');
    let mut times: Vec<&str> = words.first().copied().filter(|word| is_time(word)).into_iter().collect();
    let mut at = times.len();
    while words.get(at).is_some_and(|sign| AND.contains(sign)) {
        times.extend(words.get(at + 1).copied().filter(|word| is_time(word)));
        at += 2;
    }
    let rest =
        words.get(at..).filter(|rest| times.len() > 1 && at == 2 * times.len() - 1 && !rest.is_empty())?;
    let rest = rest.join(" ").replace(" ,", ",");
    Some(times.iter().map(|time| format!("{time}  {rest}")).collect::<Vec<_>>().join(&format!("\n{indent}")))
}

fn squeezed(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `on (bright)` and `on <- here` with a `#` before what begins with a sign.
fn with_remark(line: &str) -> Option<String> {
    let mut starts = line.match_indices(char::is_whitespace).map(|(at, space)| at + space.len());
    let is_sign = |at: &usize| {
        let tail = &line[*at..];
        (tail.starts_with('(') && tail.ends_with(')'))
            || ["<", "/*", "!"].iter().any(|sign| tail.starts_with(sign))
    };
    let at = starts.rfind(is_sign)?;
    let remark = line[at..].trim_matches(|c: char| "()<>/*![]-".contains(c) || c.is_whitespace());
    (!remark.is_empty()).then(|| format!("{}  # {remark}", line[..at].trim_end()))
}

/// The line `words` with other words in the place of one or two that nobody knows.
fn respelled(line: &str, known: &Vocabulary) -> Vec<String> {
    let words: Vec<Word> = SheetLine::new(line, 0).into_iter().flatten().collect();
    // Any letter is near to many units.
    let is_unknown = |word: &&Word| word.text.len() > 1 && !known.knows(word.text);
    let unknown: Vec<Word> = words.iter().filter(is_unknown).copied().collect();
    let with = |line: &str, word: Word, other: &str| {
        format!("{}{other}{}", &line[..word.start], &line[word.span().end..])
    };
    match unknown[..] {
        [word] => known.near(word.text).into_iter().map(|near| with(line, word, near)).collect(),
        [first, second] => {
            let (firsts, seconds) = (known.near(first.text), known.near(second.text));
            let pairs = firsts.iter().flat_map(|one| seconds.iter().map(move |other| (one, other)));
            pairs.map(|(one, other)| with(&with(line, second, other), first, one)).collect()
        }
        _ => Vec::new(),
    }
}
