//! A TOML file as a tree in which everything has its place in the text, also if parts of the file are broken.
//! The only file that uses `toml`. Knows no key's meaning.

use std::ops::Range;

use toml::Spanned as TomlSpanned;
use toml::de::{DeTable, DeValue};

/// Bytes of the file's text.
pub(crate) type Span = Range<usize>;

/// A value, and where it is written.
pub(crate) struct Value {
    pub(crate) span: Span,
    pub(crate) form: Form,
}

/// What a person may write to the right of a `=`.
pub(crate) enum Form {
    Text(String),
    Integer(i64),
    /// It may be endless.
    Decimal(f64),
    Boolean(bool),
    Array(Vec<Value>),
    Table(Table),
    /// A value that no key takes, with the noun for it.
    Other(&'static str),
}

impl Form {
    /// "a text in quotes", "a number": for "this is …".
    pub(crate) fn noun(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text in quotes",
            Self::Integer(_) => "a number",
            Self::Decimal(_) => "a decimal number",
            Self::Boolean(_) => "true or false",
            Self::Array(_) => "a list",
            Self::Table(_) => "a table",
            Self::Other(noun) => noun,
        }
    }
}

/// `key = value`.
pub(crate) struct KeyValue {
    pub(crate) key: String,
    pub(crate) key_span: Span,
    pub(crate) value: Value,
}

/// Entries in the order of the text; no key stands twice.
#[derive(Default)]
pub(crate) struct Table {
    pub(crate) entries: Vec<KeyValue>,
}

/// What is not TOML at all.
pub(crate) struct SyntaxError {
    pub(crate) message: String,
    pub(crate) span: Span,
}

/// Reads all of `text` that can be read, and reports the rest.
pub(crate) fn parse(text: &str) -> (Table, Vec<SyntaxError>) {
    let (document, errors) = DeTable::parse_recoverable(text);
    let errors = errors.into_iter().map(|error| SyntaxError {
        message: error.message().to_owned(),
        span: error.span().unwrap_or(text.len()..text.len()),
    });
    (table(document.get_ref()), errors.collect())
}

fn table(table: &DeTable<'_>) -> Table {
    let mut entries: Vec<KeyValue> = table
        .iter()
        .map(|(key, inner)| KeyValue {
            key: key.get_ref().to_string(),
            key_span: key.span(),
            value: value(inner),
        })
        .collect();
    // `toml` sorts by name; channels and schedules come in the order in which they are written.
    entries.sort_by_key(|entry| entry.key_span.start);
    Table { entries }
}

fn value(value: &TomlSpanned<DeValue<'_>>) -> Value {
    let form = match value.get_ref() {
        DeValue::String(text) => Form::Text(text.clone().into_owned()),
        DeValue::Integer(digits) => i64::from_str_radix(digits.as_str(), digits.radix())
            .map_or(Form::Other("a number that is far too large"), Form::Integer),
        DeValue::Float(float) if float.as_str().ends_with("nan") => Form::Other("not a number"),
        DeValue::Float(float) => {
            let number = float.as_str().replace('_', "").parse();
            number.map_or(Form::Other("a decimal number"), Form::Decimal)
        }
        DeValue::Boolean(answer) => Form::Boolean(*answer),
        DeValue::Datetime(_) => Form::Other("a date or time of day"),
        DeValue::Array(values) => Form::Array(values.iter().map(self::value).collect()),
        DeValue::Table(inner) => Form::Table(table(inner)),
    };
    Value { span: value.span(), form }
}
