//! Numbers with decimals: a value that is measured and has no unit. Knows no keys.

use std::ops::RangeInclusive;

use crate::diagnosis::Help;

use super::document::{Form, Value};
use super::fields::Fields;

/// A number that may have decimals.
pub(crate) struct Decimal {
    /// As in "must be a percentage".
    pub(crate) noun: &'static str,
    pub(crate) example: &'static str,
    pub(crate) range: RangeInclusive<f64>,
    /// The range, as in "it goes from 0 to 100".
    pub(crate) bounds: &'static str,
}

/// The value of `key` among `fields`, if it is there and right.
pub(crate) fn read(fields: &mut Fields<'_>, key: &'static str, decimal: &Decimal) -> Option<f64> {
    let Value { span, form } = &fields.entry(key)?.value;
    let error = |title: String| fields.report.error(title);
    let diagnosis = match form {
        Form::Integer(_) | Form::Decimal(_) => {
            let number = if let Form::Integer(whole) = form { *whole as f64 } else { as_decimal(form) };
            if decimal.range.contains(&number) {
                return Some(number);
            }
            let label = format!("it goes from {}", decimal.bounds);
            error(format!("`{key}`{} is out of range", fields.place)).at(span.clone(), label)
        }
        form => {
            let text = fields.report.written(span).trim_matches(['"', '\'', ' ', '%']).replace(',', ".");
            let meant = text.parse().is_ok_and(|number: f64| decimal.range.contains(&number));
            let help = match meant {
                true => {
                    Help::write(span.clone(), &*text).said(format!("write `{key} = {text}`, without quotes"))
                }
                false => Help::write(span.clone(), decimal.example)
                    .said(format!("write a number without quotes, as in `{key} = {}`", decimal.example))
                    .into_example(),
            };
            error(format!("`{key}`{} must be {}", fields.place, decimal.noun))
                .at(span.clone(), format!("this is {}", form.noun()))
                .help(help)
        }
    };
    fields.report.push(diagnosis);
    None
}

fn as_decimal(form: &Form) -> f64 {
    if let Form::Decimal(number) = form { *number } else { f64::NAN }
}
