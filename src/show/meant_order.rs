//! Puts the words of a line into the order of a cue sheet: when, who, what. Knows no names of its own.

use super::head::HEAD_WORDS;
use super::vocabulary::Vocabulary;
use super::when::when;
use super::words::{SheetLine, Word};

/// What comes before a duration, which is then no time.
const BEFORE_DURATIONS: [&str; 7] = ["over", "every", "for", "lit", "to", "by", "seed"];

/// The words of `line` in order; `None` if it has not all that a cue needs.
pub(super) fn in_order(line: &str, known: &Vocabulary) -> Option<String> {
    let line = SheetLine::new(line, 0)?;
    let words: Vec<Word> = line.clone().collect();
    let remark = line.remark().map_or(String::new(), |remark| format!("  {}", remark.text));
    if let Some(head) = words.iter().position(|word| HEAD_WORDS.contains(&word.text)) {
        let rest = [&words[..head], &words[head + 1..]].concat();
        return (head > 0).then(|| format!("{}  {}{remark}", words[head].text, joined(&rest)));
    }
    if words.iter().any(|word| matches!(word.text, "steps" | "section")) {
        return None;
    }
    let (start, end) = time_of(&words, &line)?;
    let mut rest = [&words[..start], &words[end..]].concat();
    let time = joined(&words[start..end]);
    if let Some(play) = rest.iter().position(|word| word.text == "play") {
        rest.remove(play);
        let name = rest.iter().position(|word| known.sections.contains(word.text))?;
        let name = rest.remove(name);
        return Some(
            format!("{time}  play  {} {}", name.text, joined(&rest)).trim_end().to_owned() + &remark,
        );
    }
    let first = rest.iter().position(|word| known.is_name(word.text))?;
    let is_who = |word: &Word| matches!(word.text, "," | "but") || known.is_name(word.text);
    let last = first + rest[first..].iter().take_while(|word| is_who(word)).count();
    let who: Vec<Word> = rest.drain(first..last).collect();
    Some(format!("{time}  {}  {}{remark}", joined(&who), joined(&rest)))
}

/// Where the longest first column is among `words` of `line`.
fn time_of(words: &[Word], line: &SheetLine) -> Option<(usize, usize)> {
    let mut longest = None;
    for start in 0..words.len() {
        let is_duration = start > 0 && BEFORE_DURATIONS.contains(&words[start - 1].text);
        let is_level = words.get(start + 1).is_some_and(|next| next.text == "%");
        if is_duration || is_level {
            continue;
        }
        let mut ahead = line.clone_from_word(words[start]);
        if when(&mut ahead).is_err() {
            continue;
        }
        let end = ahead.peek().map_or(words.len(), |next| {
            words.iter().position(|word| word.start == next.start).unwrap_or(words.len())
        });
        if longest.is_none_or(|(start, before)| before - start < end - start) {
            longest = Some((start, end));
        }
    }
    longest
}

fn joined(words: &[Word]) -> String {
    words.iter().map(|word| word.text).collect::<Vec<_>>().join(" ").replace(" ,", ",")
}
