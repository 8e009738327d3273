//! Calls `starcourt net`, and hands over what it has to send. Knows no channels.

use std::ffi::OsString;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, ErrorKind};
use std::os::fd::AsFd;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::Instant;

use anyhow::{Context, Result, anyhow, ensure};

use super::PATIENCE;
use crate::net_link::{InstanceId, LinkPlan, NetLevels, NetLink, NetNotice, USUAL_FOLDER, WakeSender};
use crate::output::gpio::{GROUP, Unavailable};
use crate::printable::shell_word;

/// The lights of an instance on the network, and where `starcourt net` listens.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SafeNetwork {
    pub(super) socket: OsString,
    pub(super) plan: LinkPlan,
}

impl SafeNetwork {
    /// Those of `plan`, sent by whoever listens at `socket`.
    #[must_use]
    pub fn new(socket: &Path, plan: LinkPlan) -> Self {
        Self { socket: socket.into(), plan }
    }

    /// How many outputs they have.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.plan.outputs().count()
    }

    /// Has them all sent their safe levels, and waits until that is done: two seconds at most.
    ///
    /// # Errors
    /// [`Unavailable`] where `starcourt net` does not run; any other error where a level could not be sent.
    pub fn make_safe(&self) -> Result<()> {
        let levels = NetLevels::new(self.outputs()).context("sharing levels with starcourt net")?;
        levels.close();
        let end = self.for_next_show().call(&levels, &wake()?).map_err(Unavailable::from)?;
        let begun = Instant::now();
        while let Some(notice) = end.next(PATIENCE.saturating_sub(begun.elapsed()))? {
            match notice {
                NetNotice::Safe { is_sure } => {
                    ensure!(is_sure, "not every light on the network could be sent its safe level");
                    return Ok(());
                }
                NetNotice::Lost { receiver, why } => return Err(anyhow!("receiver `{receiver}`: {why}")),
                NetNotice::Refused { .. }
                | NetNotice::Replaced
                | NetNotice::Ready
                | NetNotice::Back { .. }
                | NetNotice::Alive => {}
            }
        }
        Err(anyhow!("starcourt net did not say that the lights on the network are safe"))
    }

    /// For the next show of this process.
    pub(super) fn for_next_show(&self) -> Self {
        let mut next = self.clone();
        next.plan.instance = next_instance();
        next
    }

    /// Connects, hands over `levels`, and waits until they are taken: two seconds at most.
    ///
    /// # Errors
    /// Where nobody takes them.
    pub(super) fn call(&self, levels: &NetLevels, wake: &WakeSender) -> Result<NetLink, CallError> {
        let end = NetLink::connect(Path::new(&self.socket)).map_err(|error| self.why(&error))?;
        end.hand_over(&self.plan, levels.as_fd(), wake.as_fd()).map_err(|error| self.why(&error))?;
        match end.next(PATIENCE).map_err(|error| self.why(&error))? {
            Some(NetNotice::Ready) => Ok(end),
            Some(NetNotice::Refused { why }) => Err(CallError::Refused(why)),
            Some(_) | None => Err(CallError::Unavailable(Unavailable::Missing(
                "starcourt net does not answer, which sends to the lights on the network: start it anew, with \
                 `sudo systemctl restart starcourt-net` where it is the service"
                    .to_owned(),
            ))),
        }
    }

    fn why(&self, error: &io::Error) -> CallError {
        CallError::Unavailable(match error.kind() {
            ErrorKind::PermissionDenied => Unavailable::NotPermitted {
                device: Path::new(&self.socket).display().to_string(),
                group: GROUP,
            },
            ErrorKind::NotFound | ErrorKind::ConnectionRefused => Unavailable::Missing(format!(
                "starcourt net does not run, which sends to the lights on the network: run \
                 `sudo systemctl enable --now starcourt-net`, or `starcourt net{}` in another terminal",
                self.option()
            )),
            _ => Unavailable::Missing(format!("speaking to starcourt net: {error}")),
        })
    }

    /// ` --lock-dir DIR` where it is not the usual one.
    fn option(&self) -> String {
        let folder = Path::new(&self.socket).parent().unwrap_or(Path::new("/"));
        match folder == Path::new(USUAL_FOLDER) {
            true => String::new(),
            false => format!(" --lock-dir {}", shell_word(folder)),
        }
    }
}

/// Why nobody takes what is handed over.
#[derive(Debug)]
pub(super) enum CallError {
    /// Another instance has a receiver of it; in words.
    Refused(String),
    Unavailable(Unavailable),
}

impl From<CallError> for Unavailable {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Refused(why) => {
                Self::Missing(format!("starcourt net does not send to the lights on the network: {why}"))
            }
            CallError::Unavailable(unavailable) => unavailable,
        }
    }
}

/// What tells `starcourt net` of changes.
pub(super) fn wake() -> Result<WakeSender> {
    WakeSender::new().context("sharing levels with starcourt net")
}

/// A number that no other process has.
fn token() -> u64 {
    static TOKEN: OnceLock<u64> = OnceLock::new();
    // The standard library's own chance, which it takes from the kernel.
    *TOKEN.get_or_init(|| RandomState::new().build_hasher().finish())
}

/// Of the next show of this process.
fn next_instance() -> InstanceId {
    static SHOWS: AtomicU64 = AtomicU64::new(0);
    InstanceId { token: token(), pid: std::process::id(), show: SHOWS.fetch_add(1, SeqCst) + 1 }
}
