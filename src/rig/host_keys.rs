//! Reads the name or address of a computer from the rig file. Knows not what it is for.

use crate::diagnosis::Help;

use super::fields::{Fields, Spanned};
use super::host::{HostFlaw, NetworkHost};

/// Reads a host at `key`; `example` is one.
pub(super) fn read(
    fields: &mut Fields<'_>,
    key: &'static str,
    example: &str,
) -> Option<Spanned<NetworkHost>> {
    let span = fields.entry(key)?.value.span.clone();
    let noun = "the name or address of a computer";
    let text = fields.text_that(key, noun, example, |text| NetworkHost::new(text).is_ok())?;
    let flaw = match NetworkHost::new(&text) {
        Ok(value) => return Some(Spanned { value, span }),
        Err(flaw) => flaw,
    };
    let report = fields.report;
    let label = match flaw {
        HostFlaw::Unreadable => "expected an IP address or a name, without a port",
        HostFlaw::TooLong => "a name has 63 characters at most here",
        HostFlaw::NoAddress => "an address has four numbers from 0 to 255",
        HostFlaw::NotOne => "this means several computers, or none",
    };
    let help = match meant(&text) {
        Some(meant) => Help::meant_is(span.clone(), &meant, format!("\"{meant}\"")),
        None => Help::write(span.clone(), format!("\"{example}\""))
            .said(format!(
                "write the address or the name that the controller's own page shows, as in `{key} = \"{example}\"`"
            ))
            .into_example(),
    };
    let title = format!("`{key}`{} cannot be \"{text}\"", fields.place);
    report.push(report.error(title).at(span, label).help(help));
    None
}

/// The host in `http://wled.local:80/`.
fn meant(text: &str) -> Option<String> {
    let text = text.trim();
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let host = rest.split(['/', '?']).next()?;
    let host = match host.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => host,
    };
    let host = NetworkHost::new(host.trim_start_matches('[').trim_end_matches(']')).ok()?;
    Some(host.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_a_page_means_its_host() {
        for (text, expected) in [
            ("http://WLED.local/", Some("wled.local")),
            ("192.0.2.7:4048", Some("192.0.2.7")),
            (" 192.0.2.7 ", Some("192.0.2.7")),
            ("http://[2001:db8::7]:80/x", Some("2001:db8::7")),
            ("the porch", None),
            ("192.0.2.777", None),
        ] {
            assert_eq!(meant(text).as_deref(), expected, "{text}");
        }
    }
}
