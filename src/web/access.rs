//! Who is let in: whoever knows the secret of the address, by a page of this very server. Pure.
//!
//! Another page in the same browser can send requests to this server, too. It does not know the secret; it cannot write,
//! because its origin is another one; and a name that it has lead here (DNS rebinding) is not among the hosts.

use std::fmt::Write as _;
use std::hint::black_box;
use std::io;
use std::sync::{Mutex, PoisonError};

use rustix::rand::{GetRandomFlags, getrandom};

/// Bytes of a secret: nobody guesses 2^128.
const SECRET_BYTES: usize = 16;
/// The port of an address that names none.
const HTTP_PORT: u16 = 80;

/// What a request must have.
#[derive(Debug)]
pub struct Access {
    secret: String,
    port: u16,
    /// Leads to the secret, once.
    ticket: Mutex<Option<String>>,
}

/// Where a request that is let in leads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Destination<'a> {
    /// The path below the secret.
    Path(&'a str),
    /// To the page, by a ticket.
    Page,
}

/// Where a request comes from and goes to, as its head has it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RequestHead<'a> {
    pub(super) path: &'a str,
    pub(super) host: Option<&'a str>,
    pub(super) origin: Option<&'a str>,
    pub(super) only_reads: bool,
}

/// Why a request is refused: a status of HTTP, and words.
pub(super) type Refused = (u16, &'static str);

/// Letters and digits that nobody knows yet.
fn secret() -> io::Result<String> {
    let mut bytes = [0; SECRET_BYTES];
    let mut filled = 0;
    while filled < bytes.len() {
        filled += getrandom(&mut bytes[filled..], GetRandomFlags::empty())?;
    }
    Ok(bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes everything");
        text
    }))
}

impl Access {
    /// With a new secret, for a server at `port`.
    ///
    /// # Errors
    /// If the kernel has no random numbers.
    pub fn new(port: u16) -> io::Result<Self> {
        Ok(Self { secret: secret()?, port, ticket: Mutex::default() })
    }

    /// The address of the page, for a person.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/{}/", self.port, self.secret)
    }

    /// An address that leads to the page once. It is for a browser that is started with it: all users of a machine see
    /// the command lines of all programs, so the secret is in none.
    ///
    /// # Errors
    /// If the kernel has no random numbers.
    pub fn address_for_once(&self) -> io::Result<String> {
        let ticket = secret()?;
        let address = format!("http://127.0.0.1:{}/{ticket}", self.port);
        *self.ticket.lock().unwrap_or_else(PoisonError::into_inner) = Some(ticket);
        Ok(address)
    }

    /// Where whoever has a ticket is sent.
    pub(super) fn page(&self) -> String {
        format!("/{}/", self.secret)
    }

    /// Where the request leads.
    pub(super) fn destination<'a>(&self, head: &RequestHead<'a>) -> Result<Destination<'a>, Refused> {
        if !head.host.is_some_and(|host| self.is_own(host)) {
            return Err((421, "this server answers to 127.0.0.1 only"));
        }
        let is_own_page = || {
            head.origin
                .and_then(|origin| origin.strip_prefix("http://"))
                .is_some_and(|host| self.is_own(host))
        };
        if !head.only_reads && !is_own_page() {
            return Err((403, "only the page of this server may write"));
        }
        let missing = (404, "there is nothing here");
        if head.only_reads && self.takes_ticket(head.path) {
            return Ok(Destination::Page);
        }
        let (secret, path) =
            head.path.strip_prefix('/').and_then(|path| path.split_once('/')).ok_or(missing)?;
        if are_equal(secret.as_bytes(), self.secret.as_bytes()) {
            Ok(Destination::Path(path))
        } else {
            Err(missing)
        }
    }

    /// Whether `path` is the ticket. It is of no more use then.
    fn takes_ticket(&self, path: &str) -> bool {
        let mut ticket = self.ticket.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |ticket: &mut String| {
            path.strip_prefix('/').is_some_and(|path| are_equal(path.as_bytes(), ticket.as_bytes()))
        };
        ticket.take_if(is_it).is_some()
    }

    fn is_own(&self, host: &str) -> bool {
        let name = match self.port {
            // Browsers leave it out.
            HTTP_PORT => Some(host.strip_suffix(":80").unwrap_or(host)),
            port => host.strip_suffix(&format!(":{port}")),
        };
        name.is_some_and(|name| matches!(name, "127.0.0.1" | "localhost" | "[::1]"))
    }
}

/// Takes as long wherever they differ: the time of an answer tells nothing.
fn are_equal(one: &[u8], other: &[u8]) -> bool {
    let differences = one.iter().zip(other).fold(0, |all, (one, other)| black_box(all | (one ^ other)));
    one.len() == other.len() && differences == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(head: RequestHead<'_>, expected: Result<&str, u16>) {
        let access = Access { secret: "abc".into(), port: 8123, ticket: Mutex::default() };
        let led = access.destination(&head).map_err(|(status, _)| status);
        assert_eq!(led, expected.map(Destination::Path), "{head:?}");
    }

    const GET: RequestHead =
        RequestHead { path: "/abc/", host: Some("127.0.0.1:8123"), origin: None, only_reads: true };

    #[test]
    fn whoever_knows_the_secret_is_let_in() {
        for (path, expected) in [
            ("/abc/", Ok("")),
            ("/abc/page/main.js", Ok("page/main.js")),
            ("/abc", Err(404)),
            ("/", Err(404)),
            ("", Err(404)),
            ("*", Err(404)),
            ("/ab/", Err(404)),
            ("/abcd/", Err(404)),
            ("/abd/page/main.js", Err(404)),
            ("//abc/", Err(404)),
        ] {
            check(RequestHead { path, ..GET }, expected);
        }
    }

    #[test]
    fn another_name_of_this_machine_is_refused() {
        for host in ["localhost:8123", "[::1]:8123"] {
            check(RequestHead { host: Some(host), ..GET }, Ok(""));
        }
        for host in ["evil.example:8123", "127.0.0.1", "127.0.0.1:8124", "127.0.0.1.evil.example:8123", ""] {
            check(RequestHead { host: Some(host), ..GET }, Err(421));
        }
        check(RequestHead { host: None, ..GET }, Err(421));
    }

    #[test]
    fn browsers_leave_the_port_of_http_out() {
        let access = Access { secret: "abc".into(), port: 80, ticket: Mutex::default() };
        for (host, expected) in [
            ("127.0.0.1", Ok(Destination::Path(""))),
            ("127.0.0.1:80", Ok(Destination::Path(""))),
            ("127.0.0.1:8080", Err(421)),
            ("evil.example", Err(421)),
            ("evil.example:80", Err(421)),
        ] {
            let origin = format!("http://{host}");
            for (origin, only_reads) in [(None, true), (Some(&*origin), false)] {
                let head = RequestHead { path: "/abc/", host: Some(host), origin, only_reads };
                let led = access.destination(&head).map_err(|(status, _)| status);
                assert_eq!(led, expected, "{host}");
            }
        }
    }

    #[test]
    fn only_its_own_page_writes() {
        let put = RequestHead { only_reads: false, ..GET };
        for (origin, expected) in [
            (Some("http://127.0.0.1:8123"), Ok("")),
            (Some("http://localhost:8123"), Ok("")),
            (Some("https://127.0.0.1:8123"), Err(403)),
            (Some("http://evil.example"), Err(403)),
            (Some("null"), Err(403)),
            (None, Err(403)),
        ] {
            check(RequestHead { origin, ..put }, expected);
        }
        check(RequestHead { origin: Some("http://evil.example"), ..GET }, Ok(""));
    }

    #[test]
    fn a_ticket_leads_to_the_page_once() {
        let access = Access::new(8123).unwrap();
        let address = access.address_for_once().unwrap();
        assert!(!address.contains(&access.secret));
        let path = address.strip_prefix("http://127.0.0.1:8123").unwrap();
        let longer = format!("{path}0");
        for (path, expected) in
            [(&*longer, Err(404)), ("/", Err(404)), (path, Ok(Destination::Page)), (path, Err(404))]
        {
            let led = access.destination(&RequestHead { path, ..GET }).map_err(|(status, _)| status);
            assert_eq!(led, expected, "{path}");
        }
    }

    #[test]
    fn secrets_differ() {
        let secrets: std::collections::BTreeSet<String> = (0..100).map(|_| secret().unwrap()).collect();
        assert_eq!(secrets.len(), 100);
        assert!(secrets.iter().all(|secret| secret.len() == 2 * SECRET_BYTES));
    }
}
