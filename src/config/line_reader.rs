//! Reads one line of a configuration file as far as it makes sense, and notes what must be changed to make it TOML.
//! Knows no keys.

use super::document::Span;
use super::token::{Token, TokenKind, is_scalar};

/// The slip of people who write YAML or JSON.
pub(super) const NO_COLON: &str = "a value follows its key with `=`, not with `:`";

/// One change of the text, and what was wrong there.
pub(super) struct Fix {
    pub(super) span: Span,
    pub(super) text: String,
    pub(super) title: String,
    /// A bracket is not closed.
    pub(super) is_open: bool,
}

/// One line, read as far as it makes sense.
pub(super) struct LineReader<'a, 't> {
    tokens: &'a [Token<'t>],
    at: usize,
    pub(super) fixes: Vec<Fix>,
    /// The brackets that are open, `{` or `[`. The last was opened in this line if it has a place here.
    pub(super) open: Vec<Bracket>,
}

#[derive(Clone, Copy)]
pub(super) struct Bracket {
    is_brace: bool,
    /// Something follows it in its line.
    has_more: bool,
}

impl<'a, 't> LineReader<'a, 't> {
    /// `open` are the brackets that the lines above have opened.
    pub(super) fn new(tokens: &'a [Token<'t>], open: Vec<Bracket>) -> Self {
        Self { tokens, at: 0, fixes: Vec::new(), open }
    }

    pub(super) fn read(&mut self) {
        if self.open.is_empty() {
            match self.peek() {
                None => return,
                Some(token) if token.text == "[" => return self.header(),
                Some(_) => self.pair(),
            }
        }
        while !self.open.is_empty() && self.peek().is_some() {
            self.inside();
        }
        if let (Some(comma), true) = (self.peek(), self.at + 1 == self.tokens.len())
            && comma.text == ","
            && self.open.is_empty()
        {
            self.fix(comma.start..comma.end(), "", "a line has no comma at its end".to_owned(), false);
        }
    }

    /// `[name]` or `[[name]]`.
    fn header(&mut self) {
        let names = self.tokens.iter().filter(|token| !matches!(token.text, "[" | "]"));
        let count = |bracket| self.tokens.iter().filter(|token| token.text == bracket).count();
        if let ([name], true) = (&names.collect::<Vec<_>>()[..], count("]") < count("[")) {
            let (first, last) = (&self.tokens[0], &self.tokens[self.tokens.len() - 1]);
            let title = format!("a `]` is missing after `{}`", name.text);
            // What is below belongs to this table, which the parser does not know.
            self.fix(first.start..last.end(), format!("[{}]", name.text), title, true);
        }
    }

    /// `key = value`, as far as it is in this line.
    fn pair(&mut self) {
        let Some(key) = self.next().filter(|key| matches!(key.kind, TokenKind::Word | TokenKind::Quoted))
        else {
            return;
        };
        self.name_with_spaces(key);
        let is_value = |next: Token<'t>| next.kind != TokenKind::Sign || matches!(next.text, "{" | "[");
        match self.peek() {
            Some(sign) if sign.text == "=" => {
                self.next();
            }
            Some(sign) if sign.text == ":" => {
                self.next();
                self.fix(sign.start..sign.end(), "=", NO_COLON.to_owned(), false);
            }
            Some(_) if key.text.ends_with(':') => {
                let name = key.text.trim_end_matches(':');
                self.fix(key.start..key.end(), format!("{name} ="), NO_COLON.to_owned(), false);
            }
            Some(next) if is_value(next) => {
                let title = format!("a `=` is missing after `{}`", key.text);
                self.fix(key.start..key.end(), format!("{} =", key.text), title, false);
            }
            _ => return,
        }
        self.value();
    }

    /// `my porch = …`.
    fn name_with_spaces(&mut self, first: Token<'t>) {
        let rest = &self.tokens[self.at..];
        let words = rest.iter().take_while(|word| word.kind == TokenKind::Word).count();
        if words > 0 && rest.get(words).is_some_and(|sign| sign.text == "=") {
            let last = rest[words - 1];
            let name: Vec<&str> =
                std::iter::once(first.text).chain(rest[..words].iter().map(|word| word.text)).collect();
            self.at += words;
            let title = "a name has no spaces".to_owned();
            self.fix(first.start..last.end(), name.join("_").to_lowercase(), title, false);
        }
    }

    /// What comes next inside the last bracket.
    fn inside(&mut self) {
        let Some((bracket, token)) = self.open.last().copied().zip(self.peek()) else { return };
        match token.text {
            "}" | "]" => {
                self.next();
                self.open.pop();
                self.comma();
            }
            "," | ";" => {
                self.next();
            }
            _ if bracket.is_brace => self.pair(),
            _ => self.value(),
        }
    }

    /// One value. A bracket is only opened.
    fn value(&mut self) {
        let Some(token) = self.peek() else { return };
        match token.kind {
            TokenKind::Sign if matches!(token.text, "{" | "[") => {
                self.next();
                let bracket = Bracket { is_brace: token.text == "{", has_more: self.peek().is_some() };
                self.open.push(bracket);
                return;
            }
            // Not a value: the parser tells.
            TokenKind::Sign | TokenKind::Slashes => {
                self.next();
                return;
            }
            TokenKind::Quoted => {
                self.next();
            }
            TokenKind::Unclosed => {
                self.next();
                let inside = token.text.trim_start_matches(['"', '\'']);
                let title = "this quote is never closed".to_owned();
                self.fix(token.start..token.end(), format!("\"{inside}\""), title, false);
            }
            TokenKind::Curly => {
                self.next();
                let inside = token.text.trim_matches(['“', '”', '„', '‘', '’', '"']);
                let title = "quotes are straight: `\"`".to_owned();
                self.fix(token.start..token.end(), format!("\"{inside}\""), title, false);
            }
            TokenKind::Word => self.words(token),
        }
        self.comma();
    }

    /// A value without quotes. If it is no number, all words of it get quotes.
    fn words(&mut self, first: Token<'t>) {
        let mut last = first;
        self.next();
        while let Some(word) = self.peek().filter(|word| word.kind == TokenKind::Word) {
            // It is the next key.
            if self.tokens.get(self.at + 1).is_some_and(|sign| sign.text == "=") {
                break;
            }
            last = word;
            self.next();
        }
        let span = first.start..last.end();
        let all = first.line[first.start - first.line_start..last.end() - first.line_start].to_owned();
        if is_scalar(&all) {
            return;
        }
        let plain = all.trim_matches(['"', '\'']);
        let (text, title) = match plain {
            "True" | "TRUE" | "yes" | "Yes" => ("true".to_owned(), format!("`{plain}` is written `true`")),
            "False" | "FALSE" | "no" | "No" => ("false".to_owned(), format!("`{plain}` is written `false`")),
            _ => match plain.trim_start_matches('0') {
                number if plain.starts_with('0') && is_scalar(number) => {
                    (number.to_owned(), "a number has no `0` in front".to_owned())
                }
                _ => match number_of_pin(plain) {
                    Some(number) => (number.to_owned(), "a pin is its number alone".to_owned()),
                    None => (format!("\"{plain}\""), format!("`{plain}` needs quotes")),
                },
            },
        };
        self.fix(span, text, title, false);
    }

    /// Behind a value inside a bracket: what follows must be a comma or the bracket's end.
    fn comma(&mut self) {
        let (Some(next), Some(last)) = (self.peek(), self.tokens.get(self.at.wrapping_sub(1)).copied())
        else {
            return;
        };
        if next.text == ";" {
            self.fix(next.start..next.end(), ",", "values are separated by commas".to_owned(), false);
        }
        let is_value = next.kind != TokenKind::Sign || matches!(next.text, "{" | "[");
        if is_value && !self.open.is_empty() {
            self.missing_comma(last);
        }
    }

    fn missing_comma(&mut self, last: Token<'t>) {
        let shown = if last.kind == TokenKind::Sign { last.text.to_owned() } else { last.shown().to_owned() };
        let title = format!("a comma is missing after `{shown}`");
        // The value may get quotes as well.
        match self.fixes.last_mut().filter(|fix| fix.span.end == last.end()) {
            Some(fix) => fix.text.push(','),
            None => self.fix(last.start..last.end(), format!("{},", last.text), title, false),
        }
    }

    /// At the end of the line, with what the `next` line has: is an open bracket meant to be closed there?
    pub(super) fn end(&mut self, next: &[Token<'t>]) {
        let (Some(bracket), Some(last)) = (self.open.last().copied(), self.tokens.last().copied()) else {
            return;
        };
        let goes_on = matches!(last.text, "," | "{" | "[");
        let is_closed_below = next.first().is_some_and(|first| matches!(first.text, "}" | "]" | ","));
        let is_statement = match next {
            [] => true,
            [first, ..] if first.text == "[" => {
                bracket.is_brace || next.last().is_some_and(|last| last.text == "]")
            }
            [_, sign, ..] => sign.text == "=",
            [_] => false,
        };
        if goes_on || is_closed_below {
            return;
        }
        if !(is_statement && (bracket.has_more || !bracket.is_brace)) {
            return self.missing_comma(last);
        }
        let missing: String =
            self.open.drain(..).rev().map(|bracket| if bracket.is_brace { " }" } else { "]" }).collect();
        let title = format!("a `{}` is missing at the end of this line", missing.trim());
        match self.fixes.last_mut().filter(|fix| fix.span.end == last.end()) {
            Some(fix) => {
                fix.text.push_str(&missing);
                fix.is_open = true;
            }
            None => self.fix(last.start..last.end(), format!("{}{missing}", last.text), title, true),
        }
    }

    pub(super) fn fix(&mut self, span: Span, text: impl Into<String>, title: String, is_open: bool) {
        self.fixes.push(Fix { span, text: text.into(), title, is_open });
    }

    fn peek(&self) -> Option<Token<'t>> {
        self.tokens.get(self.at).copied()
    }

    fn next(&mut self) -> Option<Token<'t>> {
        let token = self.peek();
        self.at += usize::from(token.is_some());
        token
    }
}

/// `GPIO17` as `17`.
fn number_of_pin(word: &str) -> Option<&str> {
    let number = word.trim_start_matches(|c: char| !c.is_ascii_digit());
    let letters = word[..word.len() - number.len()].trim().to_lowercase();
    (matches!(&*letters, "gpio" | "bcm" | "pin") && is_scalar(number)).then_some(number)
}
