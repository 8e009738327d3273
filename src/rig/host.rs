//! The name or number of a computer on the network. Knows not how a name is resolved.

use std::fmt;
use std::net::IpAddr;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A name such as `wled-porch.local` or an IP address. It is copied as a number is, so that addresses of channels are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NetworkHost {
    text: [u8; Self::LONGEST],
    length: u8,
}

/// Why a text is no host that levels can be sent to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HostFlaw {
    /// Neither a name nor an address.
    Unreadable,
    TooLong,
    /// It looks like an address of IPv4, but is none.
    NoAddress,
    /// An address that means several computers, or none.
    NotOne,
}

impl NetworkHost {
    /// As long as one label of a name may be (RFC 1035, 2.3.4).
    pub const LONGEST: usize = 63;

    /// # Errors
    /// Where `text` means no single computer.
    pub fn new(text: &str) -> Result<Self, HostFlaw> {
        if text.len() > Self::LONGEST {
            return Err(HostFlaw::TooLong);
        }
        match text.parse::<IpAddr>() {
            Ok(address) => check_single(address)?,
            Err(_) if is_numeric(text) => return Err(HostFlaw::NoAddress),
            Err(_) if is_host_name(text) => {}
            Err(_) => return Err(HostFlaw::Unreadable),
        }
        let mut host = Self { text: [0; Self::LONGEST], length: text.len() as u8 };
        host.text[..text.len()].copy_from_slice(text.to_ascii_lowercase().as_bytes());
        Ok(host)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.text[..usize::from(self.length)]).unwrap_or_default()
    }

    /// What it says itself where it is an address; `None` for a name.
    #[must_use]
    pub fn address(&self) -> Option<IpAddr> {
        self.as_str().parse().ok()
    }
}

fn check_single(address: IpAddr) -> Result<(), HostFlaw> {
    let is_broadcast = matches!(address, IpAddr::V4(address) if address.is_broadcast());
    let is_single = !(address.is_multicast() || address.is_unspecified() || is_broadcast);
    is_single.then_some(()).ok_or(HostFlaw::NotOne)
}

/// Only digits and dots: no name ends so.
fn is_numeric(text: &str) -> bool {
    text.contains('.') && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

fn is_host_name(text: &str) -> bool {
    let is_label = |label: &str| {
        let is_known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        !label.is_empty() && label.bytes().all(is_known) && !label.starts_with('-') && !label.ends_with('-')
    };
    let has_letter = text.bytes().any(|byte| byte.is_ascii_alphabetic());
    has_letter && text.split('.').all(is_label)
}

impl fmt::Display for NetworkHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for NetworkHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NetworkHost({})", self.as_str())
    }
}

impl Serialize for NetworkHost {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for NetworkHost {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(&text).map_err(|_| D::Error::custom("no name or address of a computer"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_one_computer_by_its_name_or_its_address() {
        for (text, expected) in [
            ("192.0.2.7", Ok("192.0.2.7")),
            ("2001:db8::7", Ok("2001:db8::7")),
            ("WLED-Porch.local", Ok("wled-porch.local")),
            ("wled", Ok("wled")),
            ("4me.example", Ok("4me.example")),
            ("192.0.2.300", Err(HostFlaw::NoAddress)),
            ("192.0.2", Err(HostFlaw::NoAddress)),
            ("7", Err(HostFlaw::Unreadable)),
            ("239.255.0.5", Err(HostFlaw::NotOne)),
            ("255.255.255.255", Err(HostFlaw::NotOne)),
            ("0.0.0.0", Err(HostFlaw::NotOne)),
            ("ff02::1", Err(HostFlaw::NotOne)),
            ("http://wled", Err(HostFlaw::Unreadable)),
            ("wled:4048", Err(HostFlaw::Unreadable)),
            ("two words", Err(HostFlaw::Unreadable)),
            ("-x.local", Err(HostFlaw::Unreadable)),
            ("wled..local", Err(HostFlaw::Unreadable)),
            ("", Err(HostFlaw::Unreadable)),
            (&"x".repeat(64), Err(HostFlaw::TooLong)),
        ] {
            let host = NetworkHost::new(text);
            assert_eq!(host.as_ref().map(NetworkHost::as_str).map_err(|flaw| *flaw), expected, "{text}");
        }
        let host = NetworkHost::new("wled.local").unwrap();
        assert_eq!(host.address(), None);
        let text = serde_json::to_string(&host).unwrap();
        assert_eq!(serde_json::from_str::<NetworkHost>(&text).unwrap(), host);
        assert!(serde_json::from_str::<NetworkHost>("\"a b\"").is_err());
    }
}
