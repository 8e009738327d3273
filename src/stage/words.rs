//! Text in a bounded number of terminal columns.

use ratatui::text::{Line, Span};

/// Columns that `text` takes.
pub(super) fn width_of(text: &str) -> usize {
    Span::raw(text).width()
}

/// `text`, or as much of it as fits with `…` at the end.
pub(super) fn cut(text: &str, room: usize) -> String {
    if width_of(text) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for letter in text.chars() {
        if width_of(&kept) + width_of(letter.encode_utf8(&mut [0; 4])) >= room {
            break;
        }
        kept.push(letter);
    }
    kept.extend((room > 0).then_some('…'));
    kept
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
    fn what_does_not_fit_is_cut_with_an_ellipsis() {
        for (text, room, expected) in [
            ("neon", 4, "neon"),
            ("windows", 5, "wind…"),
            ("windows", 1, "…"),
            ("windows", 0, ""),
            ("星庭モール", 6, "星庭…"),
        ] {
            assert_eq!(cut(text, room), expected);
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
