//! Reads which slots or pixels of a receiver a channel lights. Knows no other key.

use crate::diagnosis::Help;

use super::Address;
use super::document::Span;
use super::fields::{Fields, Spanned};
use super::network::{NetworkOutput, Pixel, Receiver};
use super::network_keys::WiredReceiver;

/// Reads `out = "wled.1-150"`, of which `receiver` is the part before the dot; with the `colour` beside it.
pub(super) fn read(
    fields: &mut Fields<'_>,
    channel: &str,
    (text, span): (&str, Span),
    wired: &WiredReceiver<'_>,
) -> Option<Spanned<Address>> {
    let pixel = match colour(fields) {
        Ok(pixel) => pixel,
        Err(WrongColour) => return None,
    };
    // Its mistakes are told.
    let receiver = wired.receiver.as_ref()?.receiver;
    let label = text.split_once('.').map_or("", |(_, label)| label);
    let output = range(label).and_then(|(from, to)| NetworkOutput::new(receiver, from, to, pixel));
    if let Some(output) = output {
        return Some(Spanned { value: Address::Network(output), span });
    }
    let report = fields.report;
    let diagnosis = report.error(format!("channel `{channel}` cannot be on \"{text}\""));
    let diagnosis = diagnosis.at(span.clone(), outputs(wired.name, receiver, pixel));
    let help = match meant(label, receiver, pixel) {
        Some(meant) => {
            let meant = format!("{}.{meant}", wired.name);
            Help::meant_is(span, &meant, format!("\"{meant}\""))
        }
        None => {
            let example = format!("{}.1", wired.name);
            let said = format!(
                "write its number, as in `out = \"{example}\"`, or the first and the last of several, as in `out = \
                 \"{example}-10\"`"
            );
            Help::write(span, format!("\"{example}\"")).said(said).into_example()
        }
    };
    report.push(diagnosis.help(help));
    None
}

fn outputs(name: &str, receiver: Receiver, pixel: Pixel) -> String {
    let most = NetworkOutput::most(receiver, pixel);
    match pixel {
        Pixel::Slot => format!("`{name}` has the slots 1 to {most}"),
        _ => format!("`{name}` has the pixels 1 to {most}: a channel with a colour is on pixels"),
    }
}

/// `7` as 7 and 7, `1-150` as 1 and 150.
fn range(label: &str) -> Option<(u16, u16)> {
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?;
    match label.split_once('-') {
        Some((from, to)) => Some((number(from)?, number(to)?)),
        None => number(label).map(|both| (both, both)),
    }
}

/// What is probably meant by `1..150`, `1 to 150`, `150-1` or `[7]`.
fn meant(label: &str, receiver: Receiver, pixel: Pixel) -> Option<String> {
    let numbers: Vec<u16> = label
        .split(|c: char| !c.is_ascii_digit())
        .filter(|number| !number.is_empty())
        .map(|number| number.parse().ok())
        .collect::<Option<_>>()?;
    let (from, to) = match numbers[..] {
        [both] => (both, both),
        [one, other] => (one.min(other), one.max(other)),
        _ => return None,
    };
    NetworkOutput::new(receiver, from, to, pixel).map(NetworkOutput::label)
}

/// It is told.
struct WrongColour;

fn colour(fields: &mut Fields<'_>) -> Result<Pixel, WrongColour> {
    let Some(found) = fields.entry("colour") else { return Ok(Pixel::Slot) };
    let span = found.value.span.clone();
    let text = fields.text_that("colour", "a colour", "#ffb060", |text| pixel(text).is_some());
    let text = text.ok_or(WrongColour)?;
    let read = pixel(&text);
    if let Some(pixel) = read.filter(|pixel| pixel.at_full().iter().any(|colour| *colour > 0)) {
        return Ok(pixel);
    }
    let report = fields.report;
    let title = format!("`colour`{} cannot be \"{text}\"", fields.place);
    let near = pixel_meant(&text).filter(|_| read.is_none());
    let (label, help) = match near {
        _ if read.is_some() => (
            "black gives no light",
            Help::write(span.clone(), "\"#ffb060\"").said("write what it shows at full, as in `colour = \"#ffb060\"`").into_example(),
        ),
        Some(near) => {
            ("expected `#` and six digits", Help::meant_is(span.clone(), &near, format!("\"{near}\"")))
        }
        None => (
            "expected `#` and six digits",
            Help::write(span.clone(), "\"#ffb060\"")
                .said(
                    "write red, green and blue as two hexadecimal digits each, as in `colour = \"#ffb060\"`; two more \
                     are the white of pixels that have one",
                )
                .into_example(),
        ),
    };
    report.push(report.error(title).at(span, label).help(help));
    Err(WrongColour)
}

/// `#ffb060` or, with white, `#ffb06080`.
fn pixel(text: &str) -> Option<Pixel> {
    let digits = text.strip_prefix('#')?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let bytes = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
    match (digits.len(), bytes) {
        (6, [_, red, green, blue]) => Some(Pixel::Rgb([red, green, blue])),
        (8, bytes) => Some(Pixel::Rgbw(bytes)),
        _ => None,
    }
}

/// The colour in `ffb060`, `0xFFB060` or `#fb6`.
fn pixel_meant(text: &str) -> Option<String> {
    let digits = text.trim().trim_start_matches('#').trim_start_matches("0x");
    let digits = match digits.len() {
        3 => digits.chars().flat_map(|digit| [digit, digit]).collect(),
        _ => digits.to_ascii_lowercase(),
    };
    let text = format!("#{digits}");
    pixel(&text).map(|_| text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_three_or_four_times_two_digits() {
        for (text, expected) in [
            ("#ffb060", Some(Pixel::Rgb([0xff, 0xb0, 0x60]))),
            ("#FFB06001", Some(Pixel::Rgbw([0xff, 0xb0, 0x60, 1]))),
            ("#fff", None),
            ("ffb060", None),
            ("#+fb060", None),
            ("#ffb0600", None),
        ] {
            assert_eq!(pixel(text), expected, "{text}");
        }
        for (text, expected) in [
            ("ffB060", Some("#ffb060")),
            ("0xffb060", Some("#ffb060")),
            ("#fb6", Some("#ffbb66")),
            ("amber", None),
        ] {
            assert_eq!(pixel_meant(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_run_is_its_first_and_its_last() {
        assert_eq!(range("7"), Some((7, 7)));
        assert_eq!(range("1-150"), Some((1, 150)));
        for wrong in ["", "-", "1-", "+1", "1-2-3", "99999", "a"] {
            assert_eq!(range(wrong), None, "{wrong}");
        }
        let ddp = Receiver::Ddp(super::super::NetworkHost::new("wled").unwrap());
        for (label, expected) in
            [("1..150", Some("1-150")), ("150-1", Some("1-150")), ("[7]", Some("7")), ("0", None)]
        {
            assert_eq!(meant(label, ddp, Pixel::Slot).as_deref(), expected, "{label}");
        }
    }
}
