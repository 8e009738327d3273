//! Messages to systemd: that the service is ready, what it does, that it lives and that it ends. Without `NOTIFY_SOCKET`
//! nothing is sent. Nobody waits for a systemd that does not read. Knows nothing of what it sends.

use std::env;
use std::ffi::OsStr;
use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

use sd_notify::NotifyState;

/// As much as `systemctl status` shows on a line.
const LONGEST: usize = 200;

/// The socket of who started this process.
#[derive(Debug)]
pub struct Notifier {
    is_asked: bool,
    interval: Option<Duration>,
    told: String,
    /// What could not be sent.
    unsent: Unsent,
}

#[derive(Clone, Copy, Debug, Default)]
struct Unsent {
    ready: bool,
    sign_of_life: bool,
}

impl Notifier {
    /// As `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID` say.
    #[must_use]
    pub fn from_environment() -> Self {
        let is_asked = env::var_os("NOTIFY_SOCKET").is_some();
        let patience = if is_asked { sd_notify::watchdog_enabled() } else { None };
        Self {
            is_asked,
            interval: patience.map(|patience| patience / 2),
            told: String::new(),
            unsent: Unsent::default(),
        }
    }

    /// How often [`feed`](Self::feed) is to be called: half of the watchdog's patience. `None`: there is no
    /// watchdog.
    #[must_use]
    pub fn interval(&self) -> Option<Duration> {
        self.interval
    }

    /// The service is ready.
    ///
    /// # Errors
    /// When systemd cannot be reached, or does not read now; as everything here. [`catch_up`](Self::catch_up) sends it
    /// later.
    pub fn ready(&mut self) -> io::Result<()> {
        let told = self.send(&[NotifyState::Ready]);
        self.unsent.ready = told.is_err();
        told
    }

    /// To be called now and then: sends again what could not be sent.
    pub fn catch_up(&mut self) {
        if self.unsent.ready {
            let _ = self.ready();
        }
        if self.unsent.sign_of_life {
            let _ = self.feed();
        }
    }

    /// What `systemctl status` shows. The same text is not sent twice in a row.
    ///
    /// # Errors
    /// As [`ready`](Self::ready).
    pub fn status(&mut self, text: &str) -> io::Result<()> {
        // A second line would be read as an assignment.
        let text: String = text.chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
        if !self.is_asked || text == self.told {
            return Ok(());
        }
        self.send(&[NotifyState::Status(&text)])?;
        self.told = text;
        Ok(())
    }

    /// The watchdog starts to wait anew.
    ///
    /// # Errors
    /// As [`ready`](Self::ready).
    pub fn feed(&mut self) -> io::Result<()> {
        let told = self.send(&[NotifyState::Watchdog]);
        self.unsent.sign_of_life = told.is_err();
        told
    }

    /// The service ends.
    ///
    /// # Errors
    /// As [`ready`](Self::ready).
    pub fn stopping(&mut self) -> io::Result<()> {
        self.send(&[NotifyState::Stopping])
    }

    fn send(&self, news: &[NotifyState<'_>]) -> io::Result<()> {
        let Some(name) = env::var_os("NOTIFY_SOCKET").filter(|_| self.is_asked) else { return Ok(()) };
        let text: String = news.iter().map(|news| format!("{news}\n")).collect();
        // Not the library's own call: it waits for as long as systemd's queue is full.
        let socket = UnixDatagram::unbound()?;
        socket.set_nonblocking(true)?;
        socket.send_to_addr(text.as_bytes(), &address(&name)?).map(drop)
    }
}

/// A path, or a name that no file has, with `@` in front.
fn address(name: &OsStr) -> io::Result<SocketAddr> {
    match name.as_bytes() {
        [b'@', abstract_name @ ..] => SocketAddr::from_abstract_name(abstract_name),
        _ => SocketAddr::from_pathname(name),
    }
}
