//! Text in a bounded number of terminal columns.

use ratatui::text::{Line, Span};

pub(super) use crate::text_width::{cut, width_of};

/// `text` in lines of `room` columns, broken between words, or within a word that is too long for a line. After so
/// many `rows` the rest is cut.
pub(super) fn wrapped(text: &str, room: usize, rows: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() && lines.len() < rows {
        if lines.len() + 1 == rows || room == 0 {
            lines.push(cut(rest, room));
            break;
        }
        let line = first_line(rest, room);
        lines.push(line.trim_end().to_owned());
        rest = rest[line.len()..].trim_start();
    }
    lines
}

/// As much of `text` as a line of `room` columns takes; a letter at least.
fn first_line(text: &str, room: usize) -> &str {
    let end_of = |(at, letter): (usize, char)| at + letter.len_utf8();
    let fits = |end: &usize| width_of(&text[..*end]) <= room;
    let ends = || text.char_indices().map(end_of);
    let widest = ends().take_while(fits).last().or_else(|| ends().next()).unwrap_or(0);
    if text[widest..].is_empty() || text[widest..].starts_with(' ') {
        return &text[..widest];
    }
    text[..widest].rfind(' ').map_or(&text[..widest], |space| &text[..space])
}

/// As many of `parts` as fit into `room` columns, in their order, with `between` between them.
pub(super) fn fitting<'a>(
    parts: impl IntoIterator<Item = Vec<Span<'a>>>,
    between: Span<'a>,
    room: usize,
) -> Line<'a> {
    let mut line = Line::default();
    for part in parts {
        let joint = if line.spans.is_empty() { None } else { Some(between.clone()) };
        let longer = line.width() + joint.iter().chain(&part).map(Span::width).sum::<usize>();
        if longer > room {
            break;
        }
        line.spans.extend(joint.into_iter().chain(part));
    }
    line
}

/// `S T A R C O U R T`, as signs over shops are lettered.
pub(super) fn lettered(title: &str) -> String {
    let words = title.split_whitespace().map(|word| {
        let letters: Vec<String> = word.chars().flat_map(char::to_uppercase).map(String::from).collect();
        letters.join(" ")
    });
    words.collect::<Vec<_>>().join("   ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_broken_between_words_and_cut_where_there_are_no_more_rows() {
        for (text, room, rows, expected) in [
            ("the sound is lost", 20, 2, &["the sound is lost"][..]),
            ("the sound is lost", 10, 2, &["the sound", "is lost"]),
            ("the sound is lost", 9, 2, &["the sound", "is lost"]),
            ("the sound is lost", 6, 2, &["the", "sound…"]),
            ("/var/lib/starcourt is full", 8, 9, &["/var/lib", "/starcou", "rt is", "full"]),
            ("the sound", 0, 3, &[""]),
            ("", 5, 3, &[]),
        ] {
            assert_eq!(wrapped(text, room, rows), expected, "{text} in {room} columns");
        }
    }

    #[test]
    fn parts_that_do_not_fit_are_left_out_from_the_end() {
        let parts = || ["one", "two", "three"].map(|word| vec![Span::raw(word)]);
        assert_eq!(fitting(parts(), " · ".into(), 12).to_string(), "one · two");
        assert_eq!(fitting(parts(), " · ".into(), 2).to_string(), "");
    }

    #[test]
    fn a_title_is_lettered_like_a_sign() {
        assert_eq!(lettered("Star court"), "S T A R   C O U R T");
    }
}
