//! What is wrong with lines that are not TOML, as a person sees it: a forgotten comma, quote or bracket. The parser
//! only tells what it expected. Knows no keys.

use crate::diagnosis::Help;

use super::document::Span;
use super::line_reader::{Fix, LineReader};
use super::token::{Token, TokenKind, tokens};

/// What is wrong with one line, and how to write it.
pub(super) struct Slip {
    pub(super) span: Span,
    pub(super) title: String,
    pub(super) help: Help,
    /// A bracket is not closed, so what the parser reads after it means nothing.
    pub(super) is_open: bool,
}

/// The slips in `text`, at most one for each line. None in a text with strings of several lines.
pub(super) fn slips(text: &str) -> Vec<Slip> {
    if text.contains("\"\"\"") || text.contains("'''") {
        return Vec::new();
    }
    let lines: Vec<Vec<Token<'_>>> = lines(text).map(|(start, line)| tokens(line, start)).collect();
    let mut slips = Vec::new();
    let mut open = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let next = lines[number + 1..].iter().find(|line| !line.is_empty());
        let (line, comment) = match line.split_last() {
            Some((last, line)) if last.kind == TokenKind::Slashes => (line, Some(*last)),
            _ => (line.as_slice(), None),
        };
        let mut reading = LineReader::new(line, open);
        reading.read();
        if let Some(sign) = comment {
            reading.fix(sign.start..sign.end(), "#", "a comment starts with `#`".to_owned(), false);
        }
        reading.end(next.map_or(&[], Vec::as_slice));
        open = reading.open;
        slips.extend(slip(text, reading.fixes));
    }
    slips
}

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len() + 1;
        Some((start, line))
    })
}

/// All changes of one line in one hint: each alone would leave the line broken.
fn slip(text: &str, mut fixes: Vec<Fix>) -> Option<Slip> {
    fixes.sort_by_key(|fix| fix.span.start);
    let (start, end) = (fixes.first()?.span.start, fixes.iter().map(|fix| fix.span.end).max()?);
    let mut written = text[start..end].to_owned();
    for fix in fixes.iter().rev() {
        written.replace_range(fix.span.start - start..fix.span.end - start, &fix.text);
    }
    let help = match written.is_empty() {
        true => Help::take_out(start..end, "take it out"),
        false => Help::write(start..end, written),
    };
    let is_open = fixes.iter().any(|fix| fix.is_open);
    let Fix { span, title, .. } = fixes.swap_remove(0);
    Some(Slip { span, title, help, is_open })
}

#[cfg(test)]
mod tests {
    use super::super::line_reader::NO_COLON;
    use super::*;
    use crate::diagnosis::{Diagnosis, Source};

    /// The first slip of `text` has this title, and once its hint is followed `text` is `mended`.
    #[track_caller]
    fn check(text: &str, title: &str, mended: &str) {
        let slip = slips(text).into_iter().next().unwrap_or_else(|| panic!("no slip in {text}"));
        assert_eq!(slip.title, title, "{text}");
        let told = Diagnosis::error(&Source::new("rig.toml", text), "").help(slip.help);
        let (mut written, mend) = (text.to_owned(), &told.mends()[0]);
        written.replace_range(mend.span.clone(), &mend.text);
        assert_eq!(written, mended);
    }

    #[test]
    fn a_forgotten_sign_is_told() {
        check(
            "a = { pin = 17 kind = \"ssr\" }",
            "a comma is missing after `17`",
            "a = { pin = 17, kind = \"ssr\" }",
        );
        check(
            "a = { kind = \"ssr\" pin = 17 }",
            "a comma is missing after `ssr`",
            "a = { kind = \"ssr\", pin = 17 }",
        );
        check("a = { kind = ssr pin = 17 }", "`ssr` needs quotes", "a = { kind = \"ssr\", pin = 17 }");
        check("g = [\"a\" \"b\", \"c\"]", "a comma is missing after `a`", "g = [\"a\", \"b\", \"c\"]");
        check("g = [\n  \"a\"\n  \"b\"\n]", "a comma is missing after `a`", "g = [\n  \"a\",\n  \"b\"\n]");
        check("a = { pin = 17\nb = 3", "a `}` is missing at the end of this line", "a = { pin = 17 }\nb = 3");
        check(
            "g = [\"a\", \"b\"\n[audio]",
            "a `]` is missing at the end of this line",
            "g = [\"a\", \"b\"]\n[audio]",
        );
        check("[channels\na = 1", "a `]` is missing after `channels`", "[channels]\na = 1");
        check("a { pin = 17 }", "a `=` is missing after `a`", "a = { pin = 17 }");
        check("a = { pin = 17; b = 2 }", "values are separated by commas", "a = { pin = 17, b = 2 }");
        check("a = { pin = GPIO17 }", "a pin is its number alone", "a = { pin = 17 }");
        check("My Porch = 17", "a name has no spaces", "my_porch = 17");
        check("a = { pin 17 }", "a `=` is missing after `pin`", "a = { pin = 17 }");
    }

    #[test]
    fn a_word_without_quotes_or_with_others_is_told() {
        check("a = { kind = relay, pin = 1 }", "`relay` needs quotes", "a = { kind = \"relay\", pin = 1 }");
        check("g = [neon, sign]", "`neon` needs quotes", "g = [\"neon\", \"sign\"]");
        check("a = 150 ms", "`150 ms` needs quotes", "a = \"150 ms\"");
        check("a = 80% # bright", "`80%` needs quotes", "a = \"80%\" # bright");
        check("days = mon to fri", "`mon to fri` needs quotes", "days = \"mon to fri\"");
        check("at = 5:00pm", "`5:00pm` needs quotes", "at = \"5:00pm\"");
        check("a = “relay”", "quotes are straight: `\"`", "a = \"relay\"");
        check("a = \"relay", "this quote is never closed", "a = \"relay\"");
        check("a = { k = \"relay, b = 3 }", "this quote is never closed", "a = { k = \"relay\", b = 3 }");
        check(
            "a = { k = \"relay, b = \"low\" }",
            "this quote is never closed",
            "a = { k = \"relay\", b = \"low\" }",
        );
        check("a = relay\"", "`relay` needs quotes", "a = \"relay\"");
        check("a = True", "`True` is written `true`", "a = true");
        check("pin = 05", "a number has no `0` in front", "pin = 5");
        check("pin: 17", NO_COLON, "pin = 17");
        check("pin : 17", NO_COLON, "pin = 17");
        check("a = 1 // mine", "a comment starts with `#`", "a = 1 # mine");
    }

    #[test]
    fn a_line_that_is_toml_has_no_slip() {
        for text in [
            "a = { pin = 17, kind = \"relay\" } # x = y\n[a.b]\n[[c]]\n",
            "g = [\n  \"a\",\n  \"b\", # two\n]\n",
            "g = [\n  \"a\"\n]\n",
            "a = {\n  pin = 17,\n  kind = 'ssr'\n}\n",
            "d = 2026-12-24\nt = 17:30:00\nf = -1.5\nh = 0x1F\nb = true\n\"a b\" = 1_000\na.b = nan\n",
        ] {
            assert_eq!(slips(text).len(), 0, "{text}");
        }
    }
}
