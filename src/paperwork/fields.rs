//! The keys of one table of a file, each asked for once; what nobody asked for is unknown.

use crate::diagnosis::{Diagnosis, did_you_mean};

use super::document::{Entry, Form, Span, Table, Value};
use super::quantity::Quantity;
use super::report::Report;

/// A value, and where it is written.
pub(crate) struct Found<T> {
    pub(crate) value: T,
    pub(crate) span: Span,
}

pub(crate) struct Fields<'a> {
    table: &'a Table,
    /// Follows a key in a title: " of channel `neon`"; empty at the top of the file.
    pub(crate) place: String,
    pub(crate) report: &'a Report<'a>,
    asked: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(table: &'a Table, place: impl Into<String>, report: &'a Report<'a>) -> Self {
        Self { table, place: place.into(), report, asked: Vec::new() }
    }

    pub(crate) fn entry(&mut self, key: &'static str) -> Option<&'a Entry> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
        self.table.entries.iter().find(|entry| entry.key == key)
    }

    /// The value of `key`, a string with a unit.
    pub(crate) fn quantity<T: PartialOrd>(
        &mut self,
        key: &'static str,
        quantity: &Quantity<T>,
    ) -> Option<Found<T>> {
        let Value { span, form } = &self.entry(key)?.value;
        let Form::Text(text) = form else {
            let mend = format!("write `{key} = \"{}\"`, with the quotes and the unit", quantity.example);
            self.mistyped(key, quantity.noun, span, form, mend);
            return None;
        };
        match (quantity.read)(text) {
            Ok(value) if quantity.range.contains(&value) => Some(Found { value, span: span.clone() }),
            Ok(_) => {
                let label = format!("it goes from {}", quantity.bounds);
                self.wrong(format!("`{key}`{} is out of range", self.place), span, label);
                None
            }
            Err(expected) => {
                self.wrong(format!("`{key}`{} is not {}", self.place, quantity.noun), span, expected);
                None
            }
        }
    }

    /// The value of `key`, one of the words in `choices`.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&'static str, T)],
    ) -> Option<Found<T>> {
        let Value { span, form } = &self.entry(key)?.value;
        let words = || choices.iter().map(|(word, _)| *word);
        let listed = any_of(words().map(|word| format!("\"{word}\"")));
        let Form::Text(text) = form else {
            self.mistyped(key, &listed, span, form, format!("write `{key} = \"{}\"`", choices[0].0));
            return None;
        };
        let chosen = choices.iter().find(|(word, _)| word == text);
        if chosen.is_none() {
            let title = format!("`{key}`{} cannot be \"{text}\"", self.place);
            let diagnosis = self.report.error(title).at(span.clone(), format!("expected {listed}"));
            self.report.push(diagnosis.help_if_any(did_you_mean(text, words())));
        }
        chosen.map(|(_, value)| Found { value: *value, span: span.clone() })
    }

    pub(crate) fn text(&mut self, key: &'static str, noun: &str, example: &str) -> Option<String> {
        let Value { span, form } = &self.entry(key)?.value;
        match form {
            Form::Text(text) if !text.trim().is_empty() => Some(text.clone()),
            Form::Text(_) => {
                self.wrong(format!("`{key}`{} is empty", self.place), span, format!("expected {noun}"));
                None
            }
            form => {
                self.mistyped(key, noun, span, form, format!("write `{key} = \"{example}\"`"));
                None
            }
        }
    }

    /// The value of `key`, a text or a list of texts; what is wrong with single ones is told.
    pub(crate) fn texts(
        &mut self,
        key: &'static str,
        noun: &str,
        example: &str,
    ) -> Option<Vec<Found<&'a str>>> {
        let value = &self.entry(key)?.value;
        let mend = || format!("write `{key} = \"{example}\"`, or several as `[\"{example}\", …]`");
        let text = |value: &'a Value| match &value.form {
            Form::Text(text) if text.trim().is_empty() => {
                self.wrong(
                    format!("`{key}`{} is empty", self.place),
                    &value.span,
                    format!("expected {noun}"),
                );
                None
            }
            Form::Text(text) => Some(Found { value: text.as_str(), span: value.span.clone() }),
            form => {
                self.mistyped(key, noun, &value.span, form, mend());
                None
            }
        };
        match &value.form {
            Form::Array(values) => Some(values.iter().filter_map(text).collect()),
            _ => text(value).map(|found| vec![found]),
        }
    }

    pub(crate) fn integer(&mut self, key: &'static str, noun: &str, example: i64) -> Option<Found<i64>> {
        let Value { span, form } = &self.entry(key)?.value;
        if let Form::Integer(value) = form {
            return Some(Found { value: *value, span: span.clone() });
        }
        let meant = match form {
            Form::Text(text) => text.trim().parse().unwrap_or(example),
            _ => example,
        };
        self.mistyped(key, noun, span, form, format!("write `{key} = {meant}`, without quotes"));
        None
    }

    pub(crate) fn boolean(&mut self, key: &'static str) -> Option<Found<bool>> {
        let Value { span, form } = &self.entry(key)?.value;
        if let Form::Boolean(value) = form {
            return Some(Found { value: *value, span: span.clone() });
        }
        let mend = format!("write `{key} = true` or `{key} = false`, without quotes");
        self.mistyped(key, "true or false", span, form, mend);
        None
    }

    pub(crate) fn table(&mut self, key: &'static str) -> Option<&'a Table> {
        let Value { span, form } = &self.entry(key)?.value;
        if let Form::Table(table) = form {
            return Some(table);
        }
        self.mistyped(key, "a table", span, form, format!("write `[{key}]`, and its keys below it"));
        None
    }

    /// Tells every key that nobody asked for.
    pub(crate) fn finish(self) {
        for entry in &self.table.entries {
            if !self.asked.contains(&entry.key.as_str()) {
                self.report.push(self.unknown(entry));
            }
        }
    }

    fn unknown(&self, entry: &Entry) -> Diagnosis {
        let key = entry.key.as_str();
        let help = if self.report.top_keys.contains(&key) {
            format!("`{key}` belongs at the top of the file, above the first `[…]`")
        } else {
            did_you_mean(key, self.asked.iter().copied()).unwrap_or_else(|| {
                let known: Vec<String> = self.asked.iter().map(|key| format!("`{key}`")).collect();
                format!("here may stand {}", known.join(", "))
            })
        };
        self.report
            .error(format!("no key is called `{key}`{}", self.place))
            .at(entry.key_span.clone(), "unknown")
            .help(help)
    }

    fn mistyped(&self, key: &str, noun: &str, span: &Span, form: &Form, mend: String) {
        let title = format!("`{key}`{} must be {noun}", self.place);
        let label = format!("this is {}", form.noun());
        self.report.push(self.report.error(title).at(span.clone(), label).help(mend));
    }

    fn wrong(&self, title: String, span: &Span, label: String) {
        self.report.push(self.report.error(title).at(span.clone(), label));
    }
}

/// "a, b or c".
pub(crate) fn any_of(words: impl Iterator<Item = String>) -> String {
    let mut words: Vec<String> = words.collect();
    match words.pop() {
        Some(last) if !words.is_empty() => format!("{} or {last}", words.join(", ")),
        last => last.unwrap_or_default(),
    }
}
