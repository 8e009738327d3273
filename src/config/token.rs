//! Splits a line of a configuration file into words, quoted texts and signs, also where it is not TOML. Knows no
//! grammar.

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TokenKind {
    /// Without quotes.
    Word,
    Quoted,
    /// A quote that is never closed, up to where it was probably meant to end.
    Unclosed,
    /// In quotes of a word processor.
    Curly,
    /// One of `= , ; : { } [ ]`.
    Sign,
    /// A comment that does not begin with `#`: its sign.
    Slashes,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Token<'t> {
    pub(super) kind: TokenKind,
    pub(super) text: &'t str,
    /// In bytes of the file.
    pub(super) start: usize,
    /// The line that it is in.
    pub(super) line: &'t str,
    pub(super) line_start: usize,
}

impl<'t> Token<'t> {
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Without quotes.
    pub(super) fn shown(&self) -> &'t str {
        self.text.trim_matches(['"', '\''])
    }
}

/// The tokens of `line`, which begins at byte `line_start` of the file. A comment is left out.
pub(super) fn tokens(line: &str, line_start: usize) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    loop {
        let rest = line[at..].trim_start();
        at = line.len() - rest.len();
        let Some(first) = rest.chars().next().filter(|first| *first != '#') else { return tokens };
        let (kind, length) = match first {
            '=' | ',' | '{' | '}' | '[' | ']' => (TokenKind::Sign, 1),
            ':' if rest[1..].starts_with(char::is_whitespace) => (TokenKind::Sign, 1),
            '"' | '\'' => quoted(rest, first),
            '“' | '„' | '‘' => curly(rest, first),
            _ if rest.starts_with("//") => (TokenKind::Slashes, 2),
            ';' if is_inside(&line[..at]) => (TokenKind::Sign, 1),
            ';' => (TokenKind::Slashes, 1),
            _ if tokens.last().is_some_and(|sign: &Token<'_>| sign.text == "=") => {
                (TokenKind::Word, number_or_word(rest))
            }
            _ => (TokenKind::Word, word(rest)),
        };
        tokens.push(Token { kind, text: &rest[..length], start: line_start + at, line, line_start });
        if kind == TokenKind::Slashes {
            return tokens;
        }
        at += length;
    }
}

fn word(text: &str) -> usize {
    text.find(ends_word).unwrap_or(text.len())
}

/// The length of the word that is a value. `0,5` is one word: some write decimals with a comma.
fn number_or_word(text: &str) -> usize {
    let (whole, is_digit) = (word(text), |c: char| c.is_ascii_digit());
    match text[whole..].strip_prefix(',') {
        Some(part) if text[..whole].chars().all(is_digit) && part.starts_with(is_digit) => {
            whole + 1 + word(part)
        }
        _ => whole,
    }
}

fn ends_word(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '=' | ',' | ';' | '{' | '}' | '[' | ']' | '#')
}

/// Whether a bracket is open after this beginning of a line.
fn is_inside(text: &str) -> bool {
    text.matches(['{', '[']).count() > text.matches(['}', ']']).count()
}

/// The kind and length of the text that begins with `quote`.
fn quoted(rest: &str, quote: char) -> (TokenKind, usize) {
    let mut is_escaped = false;
    let close = rest[1..].find(|letter| {
        let closes = letter == quote && !is_escaped;
        is_escaped = letter == '\\' && !is_escaped && quote == '"';
        closes
    });
    match close {
        // A letter right behind it: the quote that closes it was forgotten, and this one opens another text.
        Some(close) if !rest[close + 2..].starts_with(char::is_alphanumeric) => {
            (TokenKind::Quoted, close + 2)
        }
        _ => {
            let end = rest[1..].find([',', '}', ']', '#', quote]).map_or(rest.len(), |end| end + 1);
            (TokenKind::Unclosed, rest[..end].trim_end().len())
        }
    }
}

fn curly(rest: &str, quote: char) -> (TokenKind, usize) {
    let inside = &rest[quote.len_utf8()..];
    let close = inside.char_indices().find(|(_, letter)| matches!(letter, '“' | '”' | '’' | '"'));
    let end = close.map_or(rest.len(), |(at, letter)| quote.len_utf8() + at + letter.len_utf8());
    (TokenKind::Curly, end)
}

/// Whether TOML takes `word` as a value without quotes.
pub(super) fn is_scalar(word: &str) -> bool {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let lengths = |sign: char, text: &str| -> Vec<usize> { text.split(sign).map(str::len).collect() };
    let unsigned = word.trim_start_matches(['+', '-']);
    let is_integer = |text: &str| is_digits(text) && (text.len() == 1 || !text.starts_with('0'));
    let is_number = match unsigned.split_once('.') {
        Some((whole, part)) => is_integer(whole) && is_digits(part),
        None => is_integer(unsigned),
    };
    let is_time = |text: &str| {
        text.bytes().all(|b| b.is_ascii_digit() || b == b':')
            && matches!(lengths(':', text)[..], [2, 2] | [2, 2, 2])
    };
    let is_date = word.bytes().all(|b| b.is_ascii_digit() || b == b'-') && lengths('-', word) == [4, 2, 2];
    let is_other = ["0x", "0o", "0b"].iter().any(|radix| word.starts_with(radix));
    matches!(unsigned, "true" | "false" | "nan" | "inf") || is_number || is_time(word) || is_date || is_other
}
