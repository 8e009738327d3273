//! Text and numbers as SVG takes them. Knows no picture.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Writes `text` from `x` on, on the line `y`.
pub(super) fn text(svg: &mut String, x: usize, y: usize, class: &str, text: &str) {
    let _always = writeln!(svg, "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{}</text>", escaped(text));
}

/// `text` between tags or in quotes: letters that XML reserves are escaped, and those that it forbids are replaced.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    let is_plain = |letter: char| !matches!(letter, '&' | '<' | '>' | '"' | '\'') && is_allowed(letter);
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            letter if is_allowed(letter) => escaped.push(letter),
            _ => escaped.push(char::REPLACEMENT_CHARACTER),
        }
    }
    Cow::Owned(escaped)
}

/// The production `Char` of XML 1.0, without the controls that it allows.
const fn is_allowed(letter: char) -> bool {
    matches!(letter, ' '..='\u{7e}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_a_tag_or_begins_one() {
        for (text, expected) in [
            ("Starcourt", "Starcourt"),
            ("<script>alert('x')</script>", "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"),
            ("]]>\" & more", "]]&gt;&quot; &amp; more"),
            ("a\0b\u{1b}c\u{ffff}d\u{85}", "a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}"),
            ("星庭 👩‍👧", "星庭 👩‍👧"),
        ] {
            assert_eq!(escaped(text), expected);
        }
    }
}
