//! What systemd is told: that the service is up, what it does, that it lives and that it ends. Where no
//! systemd asks, nothing is told to anybody. Knows nothing of what it tells.

use std::env;
use std::io;
use std::time::Duration;

use sd_notify::NotifyState;

/// As much as `systemctl status` shows on a line.
const LONGEST: usize = 200;

/// A line to whoever started this process.
#[derive(Debug)]
pub struct Herald {
    is_asked: bool,
    interval: Option<Duration>,
    told: String,
}

impl Herald {
    /// As `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID` say.
    #[must_use]
    pub fn from_environment() -> Self {
        let is_asked = env::var_os("NOTIFY_SOCKET").is_some();
        let patience = if is_asked { sd_notify::watchdog_enabled() } else { None };
        Self { is_asked, interval: patience.map(|patience| patience / 2), told: String::new() }
    }

    /// How often [`feed`](Self::feed) is to be called: half of the watchdog's patience. `None`: there is no
    /// watchdog.
    #[must_use]
    pub fn interval(&self) -> Option<Duration> {
        self.interval
    }

    /// The service answers.
    ///
    /// # Errors
    /// When systemd cannot be reached; as everything here.
    pub fn ready(&mut self) -> io::Result<()> {
        self.tell(&[NotifyState::Ready])
    }

    /// What `systemctl status` shows. What was told last is not told again.
    ///
    /// # Errors
    /// As [`ready`](Self::ready).
    pub fn status(&mut self, text: &str) -> io::Result<()> {
        // A second line would be read as an assignment.
        let text: String = text.chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
        if !self.is_asked || text == self.told {
            return Ok(());
        }
        self.tell(&[NotifyState::Status(&text)])?;
        self.told = text;
        Ok(())
    }

    /// The watchdog waits anew.
    ///
    /// # Errors
    /// As [`ready`](Self::ready).
    pub fn feed(&mut self) -> io::Result<()> {
        self.tell(&[NotifyState::Watchdog])
    }

    /// The service ends.
    ///
    /// # Errors
    /// As [`ready`](Self::ready).
    pub fn stopping(&mut self) -> io::Result<()> {
        self.tell(&[NotifyState::Stopping])
    }

    fn tell(&self, news: &[NotifyState<'_>]) -> io::Result<()> {
        if self.is_asked { sd_notify::notify(news) } else { Ok(()) }
    }
}
