//! The keys of one table of a file. A reader asks for each key that it knows; the others are mistakes. Knows no
//! key's meaning.

use crate::diagnosis::{Diagnosis, Help, any_of, nearest};

use super::document::{Form, KeyValue, Span, Table, Value};
use super::key_names::{INVERTED, OTHER_KEYS};
use super::quantity::Quantity;
use super::report::Report;

/// A value, and where it is written.
pub(crate) struct Spanned<T> {
    pub(crate) value: T,
    pub(crate) span: Span,
}

pub(crate) struct Fields<'a> {
    table: &'a Table,
    /// Follows a key in a title: " of channel `neon`"; empty at the top of the file.
    pub(crate) place: String,
    pub(crate) report: &'a Report<'a>,
    asked: Vec<&'static str>,
    /// An example of the whole, for a person who does not know the keys.
    example: Option<String>,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(table: &'a Table, place: impl Into<String>, report: &'a Report<'a>) -> Self {
        Self { table, place: place.into(), report, asked: Vec::new(), example: None }
    }

    /// With an example of the whole table.
    pub(crate) fn like(mut self, example: String) -> Self {
        self.example = Some(example);
        self
    }

    pub(crate) fn entry(&mut self, key: &'static str) -> Option<&'a KeyValue> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
        self.table.entries.iter().find(|entry| entry.key == key)
    }

    /// Whether a key was probably meant as `key`: it is reported as unknown.
    pub(crate) fn has_key_like(&self, key: &str) -> bool {
        self.table.entries.iter().any(|entry| entry.key != key && nearest(&entry.key, [key]).is_some())
    }

    /// Whether a key that is unknown here was probably meant as `key`.
    pub(crate) fn has_key_for(&self, key: &str) -> bool {
        self.table.entries.iter().any(|entry| {
            let plain = entry.key.to_lowercase();
            let is_other = OTHER_KEYS.iter().any(|(other, meant)| *other == plain && *meant == key);
            entry.key != key && !self.asked.contains(&entry.key.as_str()) && (is_other || plain == key)
        })
    }

    /// The value of `key`, a string with a unit.
    pub(crate) fn quantity<T: PartialOrd>(
        &mut self,
        key: &'static str,
        quantity: &Quantity<T>,
    ) -> Option<Spanned<T>> {
        let Value { span, form } = &self.entry(key)?.value;
        let Form::Text(text) = form else {
            let meant = quantity.meant(self.report.written(span));
            let help = quoted(key, span, &meant).unwrap_or_else(|| {
                let example = format!("\"{}\"", quantity.example);
                Help::write(span.clone(), &*example)
                    .said(format!("write it in quotes with its unit, as in `{key} = {example}`"))
                    .into_example()
            });
            self.mistyped(key, quantity.noun, span, form, help);
            return None;
        };
        match (quantity.read)(text) {
            Ok(value) if quantity.range.contains(&value) => Some(Spanned { value, span: span.clone() }),
            Ok(_) => {
                let label = format!("it goes from {}", quantity.bounds);
                self.wrong(format!("`{key}`{} is out of range", self.place), span, label);
                None
            }
            Err(expected) => {
                let title = format!("`{key}`{} must be {}", self.place, quantity.noun);
                let diagnosis = self.report.error(title).at(span.clone(), expected);
                self.report.push(diagnosis.help_if_any(quoted(key, span, &quantity.meant(text))));
                None
            }
        }
    }

    /// The value of `key`, one of the words in `choices`.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&'static str, T)],
    ) -> Option<Spanned<T>> {
        self.choice_meant(key, choices, &[])
    }

    /// As [`choice`](Self::choice). `others` are words that people write instead, each with the one that it means.
    pub(crate) fn choice_meant<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&'static str, T)],
        others: &[(&str, &'static str)],
    ) -> Option<Spanned<T>> {
        let Value { span, form } = &self.entry(key)?.value;
        let words = || choices.iter().map(|(word, _)| *word);
        let listed = any_of(words().map(|word| format!("\"{word}\"")));
        let Form::Text(text) = form else {
            // It cannot be told which one is meant: `active = false` may be either.
            let all: Vec<String> = words().map(str::to_owned).collect();
            let help = quoted(key, span, &all).expect("there are words to choose from");
            self.mistyped(key, &listed, span, form, help);
            return None;
        };
        let chosen = choices.iter().find(|(word, _)| word == text);
        if chosen.is_none() {
            let title = format!("`{key}`{} cannot be \"{text}\"", self.place);
            let diagnosis = self.report.error(title).at(span.clone(), format!("expected {listed}"));
            let plain = text.trim().to_lowercase();
            let other = others.iter().find(|(word, _)| *word == plain).map(|(_, meant)| *meant);
            let near = other.or_else(|| nearest(text.trim(), words()));
            let help = near.map(|near| Help::meant_is(span.clone(), near, format!("\"{near}\"")));
            self.report.push(diagnosis.help_if_any(help));
        }
        chosen.map(|(_, value)| Spanned { value: *value, span: span.clone() })
    }

    pub(crate) fn text(&mut self, key: &'static str, noun: &str, example: &str) -> Option<String> {
        self.text_that(key, noun, example, |_| true)
    }

    /// As [`text`](Self::text); a value of another type is only suggested as a text that `fits`.
    pub(crate) fn text_that(
        &mut self,
        key: &'static str,
        noun: &str,
        example: &str,
        fits: impl Fn(&str) -> bool,
    ) -> Option<String> {
        let Value { span, form } = &self.entry(key)?.value;
        match form {
            Form::Text(text) if !text.trim().is_empty() => Some(text.clone()),
            Form::Text(_) => {
                self.wrong(format!("`{key}`{} is empty", self.place), span, format!("expected {noun}"));
                None
            }
            form => {
                let help = self.as_text(key, span, form, example, &fits);
                self.mistyped(key, noun, span, form, help);
                None
            }
        }
    }

    /// The value of `key`, a text or a list of texts. Each text that is wrong is reported.
    pub(crate) fn texts(
        &mut self,
        key: &'static str,
        noun: &str,
        example: &str,
        fits: &dyn Fn(&str) -> bool,
    ) -> Option<Vec<Spanned<&'a str>>> {
        let value = &self.entry(key)?.value;
        let is_single = !matches!(value.form, Form::Array(_));
        let text = |value: &'a Value| match &value.form {
            Form::Text(text) if text.trim().is_empty() => {
                self.wrong(
                    format!("`{key}`{} is empty", self.place),
                    &value.span,
                    format!("expected {noun}"),
                );
                None
            }
            Form::Text(text) => Some(Spanned { value: text.as_str(), span: value.span.clone() }),
            form => {
                // In a list the suggestion is the text alone.
                let name = if is_single { key } else { "" };
                let help = self.as_text(name, &value.span, form, example, fits);
                self.mistyped(key, noun, &value.span, form, help);
                None
            }
        };
        match &value.form {
            Form::Array(values) => Some(values.iter().filter_map(text).collect()),
            _ => text(value).map(|found| vec![found]),
        }
    }

    /// The value of `key`, a whole number. If a value of another type contains a number that `fits`, it is suggested.
    pub(crate) fn integer(
        &mut self,
        key: &'static str,
        noun: &str,
        example: i64,
        fits: impl Fn(i64) -> bool,
    ) -> Option<Spanned<i64>> {
        let Value { span, form } = &self.entry(key)?.value;
        if let Form::Integer(value) = form {
            return Some(Spanned { value: *value, span: span.clone() });
        }
        let help = match number_in(self.report.written(span)).filter(|number| fits(*number)) {
            Some(number) => Help::write(span.clone(), number.to_string())
                .said(format!("write `{key} = {number}`, without quotes")),
            None => Help::write(span.clone(), example.to_string())
                .said(format!("write a number without quotes, as in `{key} = {example}`"))
                .into_example(),
        };
        self.mistyped(key, noun, span, form, help);
        None
    }

    pub(crate) fn boolean(&mut self, key: &'static str) -> Option<Spanned<bool>> {
        let Value { span, form } = &self.entry(key)?.value;
        if let Form::Boolean(value) = form {
            return Some(Spanned { value: *value, span: span.clone() });
        }
        let help = Help::write_one_of(span.clone(), ["true", "false"])
            .said(format!("write `{key} = true` or `{key} = false`, without quotes"));
        self.mistyped(key, "true or false", span, form, help);
        None
    }

    /// The table to the right of `entry`, which messages call `what`. It is written like `example`.
    pub(crate) fn braces<'b>(
        entry: &'b KeyValue,
        what: &str,
        example: &str,
        report: &Report<'_>,
    ) -> Option<&'b Table> {
        if let Form::Table(table) = &entry.value.form {
            return Some(table);
        }
        let help = report.to_the_top(&entry.key).unwrap_or_else(|| {
            Help::write(entry.value.span.clone(), example)
                .said(format!("put its keys in braces, as in `{} = {example}`", entry.key))
                .into_example()
        });
        let diagnosis = report.error(format!("{what} `{}` must be a table", entry.key));
        let label = format!("this is {}", entry.value.form.noun());
        report.push(diagnosis.at(entry.value.span.clone(), label).help(help));
        None
    }

    pub(crate) fn table(&mut self, key: &'static str) -> Option<&'a Table> {
        let Value { span, form } = &self.entry(key)?.value;
        if let Form::Table(table) = form {
            return Some(table);
        }
        let help = format!("put `[{key}]` on a line of its own, and its keys on the lines below");
        self.mistyped(key, "a table", span, form, Help::advise(help));
        None
    }

    /// Reports every key that was not asked for.
    pub(crate) fn finish(self) {
        for entry in &self.table.entries {
            if !self.asked.contains(&entry.key.as_str()) {
                self.report.push(self.unknown(entry));
            }
        }
    }

    fn unknown(&self, entry: &KeyValue) -> Diagnosis {
        let key = entry.key.as_str();
        let help = if let Some(to_the_top) = self.report.to_the_top(key) {
            to_the_top
        } else if let Some(active) = self.says_already(key, "active") {
            let words = format!("take `{key}` out: `{active}` alone says which level lights it");
            Help::take_out(self.report.all_of(entry), words)
        } else if let (true, Form::Boolean(is_low)) = (INVERTED.contains(&key), &entry.value.form) {
            let active = if *is_low { "active = \"low\"" } else { "active = \"high\"" };
            Help::write(entry.key_span.start..entry.value.span.end, active)
        } else {
            // A key that is there already is not suggested.
            let is_free = |known: &&str| !self.table.entries.iter().any(|entry| entry.key == *known);
            let free = || self.asked.iter().copied().filter(is_free);
            let plain = key.to_lowercase();
            let other =
                OTHER_KEYS.iter().find(|(word, meant)| *word == plain && free().any(|key| key == *meant));
            let near = other.map(|(_, meant)| *meant).or_else(|| nearest(key, free()));
            near.map(|near| Help::meant_is(entry.key_span.clone(), near, near)).unwrap_or_else(|| {
                let known: Vec<String> = self.asked.iter().map(|key| format!("`{key}`")).collect();
                let example = self.example.as_ref().map_or(String::new(), |like| format!("; as in `{like}`"));
                Help::advise(format!("the keys here are {}{example}", known.join(", "))).into_example()
            })
        };
        self.report
            .error(format!("no key is called `{key}`{}", self.place))
            .at(entry.key_span.clone(), "unknown")
            .help(help)
    }

    /// What is written for `known`, if `key` means the same.
    fn says_already(&self, key: &str, known: &str) -> Option<&str> {
        let means_it = OTHER_KEYS.iter().any(|(other, meant)| *other == key && *meant == known);
        let entry = self.table.entries.iter().find(|entry| entry.key == known)?;
        let is_asked = self.asked.contains(&known);
        (means_it && is_asked).then(|| self.report.written(&(entry.key_span.start..entry.value.span.end)))
    }

    fn mistyped(&self, key: &str, noun: &str, span: &Span, form: &Form, help: Help) {
        let title = format!("`{key}`{} must be {noun}", self.place);
        let label = format!("this is {}", form.noun());
        self.report.push(self.report.error(title).at(span.clone(), label).help(help));
    }

    /// Suggests how a value of another type is written as a text that `fits`.
    fn as_text(
        &self,
        key: &str,
        span: &Span,
        form: &Form,
        example: &str,
        fits: &dyn Fn(&str) -> bool,
    ) -> Help {
        let written = self.report.written(span);
        let is_plain = !matches!(form, Form::Table(_) | Form::Array(_) | Form::Text(_));
        // TOML's times of day have seconds, and an hour alone is a number.
        let texts = [written, written.strip_suffix(":00").unwrap_or(written), &format!("{written}:00")];
        let meant = texts.into_iter().filter(|_| is_plain).find(|text| fits(text)).map(str::to_owned);
        quoted(key, span, meant.as_slice()).unwrap_or_else(|| {
            let ahead = if key.is_empty() { String::new() } else { format!("{key} = ") };
            let example = format!("\"{example}\"");
            Help::write(span.clone(), &*example)
                .said(format!("write it in quotes, as in `{ahead}{example}`"))
                .into_example()
        })
    }

    fn wrong(&self, title: String, span: &Span, label: String) {
        self.report.push(self.report.error(title).at(span.clone(), label));
    }
}

/// "write `key = "text"`" of each of `texts`; `None` where there are none.
pub(crate) fn quoted(key: &str, span: &Span, texts: &[String]) -> Option<Help> {
    let quoted = texts.iter().map(|text| format!("\"{text}\""));
    let ahead = if key.is_empty() { String::new() } else { format!("{key} = ") };
    let shown = any_of(quoted.clone().map(|text| format!("`{ahead}{text}`")));
    (!texts.is_empty()).then(|| Help::write_one_of(span.clone(), quoted).said(format!("write {shown}")))
}

/// The whole number in a text, where there is only one: 18 in "GPIO18".
fn number_in(text: &str) -> Option<i64> {
    let text = text.trim_matches(['"', '\'']).trim().trim_end_matches(".0");
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
    let number = numbers.next().filter(|_| numbers.next().is_none() && !text.contains(['-', '.']))?;
    number.parse().ok()
}
