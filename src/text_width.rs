//! How many columns of a terminal a text takes, and texts cut to fit. Knows no terminal.

use unicode_width::UnicodeWidthStr;

/// Columns that `text` takes.
#[must_use]
pub fn width_of(text: &str) -> usize {
    text.width()
}

/// `text`, or as much of it as fits with `…` at the end.
#[must_use]
pub fn cut(text: &str, room: usize) -> String {
    cut_with(text, room, '…')
}

/// `text`, or as much of it as fits with `mark` at the end, which takes one column.
#[must_use]
pub fn cut_with(text: &str, room: usize, mark: char) -> String {
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
    kept.extend((room > 0).then_some(mark));
    kept
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
        assert_eq!(cut_with("windows", 5, '~'), "wind~");
    }
}
