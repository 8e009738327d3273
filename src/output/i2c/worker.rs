//! The thread of a bus: writes the images that are wanted, and tells when a chip is lost and back. Knows no registers.
//!
//! It is an ordinary thread: some of the kernel's bus drivers wait without sleep, for which the kernel ends a realtime one.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, Thread};
use std::time::Duration;

use anyhow::{Context, Result};

use super::bus::I2cBus;
use super::safe::SafeBus;
use super::shared_images::SharedImages;
use super::writer::{ChipNotice, WritePass, Writer};
use super::{PATIENCE, SIGN};
use crate::clock::monotonic;
use crate::output::gpio::Unavailable;

/// How often a chip is tried at the end that does not answer.
const LAST_RETRY: Duration = Duration::from_millis(50);
/// After so many tries at the end it is given up: its supply may be off for the night.
const LAST_TRIES: u32 = 8;

/// Opens the bus, in its own thread.
pub(super) type OpenBus = Arc<dyn Fn(&SafeBus) -> Result<Box<dyn I2cBus>, Unavailable> + Send + Sync>;

/// The thread of a bus. Left alone, it goes on until its images are closed.
pub(super) struct Worker {
    bus: u8,
    thread: Thread,
    /// What came of its first pass.
    first: Receiver<Result<Vec<ChipNotice>, Unavailable>>,
    /// Whether every chip surely shows what was wanted last; disconnected if the thread has broken.
    last: Receiver<bool>,
}

impl Worker {
    /// # Errors
    /// When the system has no room for a thread.
    pub(super) fn start(open: OpenBus, safe: &SafeBus, shared: Arc<SharedImages>) -> Result<Self> {
        let (tell_first, first) = sync_channel(1);
        let (tell_last, last) = sync_channel(1);
        let safe = safe.clone();
        let bus = safe.number();
        let thread = thread::Builder::new()
            .name(format!("i2c-{bus}"))
            .spawn(move || {
                // One that hangs in the kernel would keep the link to the guardian open after a kill.
                let _where_the_kernel_can = share_no_descriptor();
                match open(&safe) {
                    Ok(bus) => {
                        let are_shown = work(Writer::new(safe.chips()), bus, &shared, &tell_first);
                        let _told = tell_last.try_send(are_shown);
                    }
                    Err(unavailable) => _ = tell_first.try_send(Err(unavailable)),
                }
            })
            .context("starting the thread of an I²C bus")?;
        Ok(Self { bus, thread: thread.thread().clone(), first, last })
    }

    /// Waits until every chip is safe and driven, a second at most.
    ///
    /// # Errors
    /// [`Unavailable`], whose text names the chip that does not answer, or the mend of the bus.
    pub(super) fn await_first_pass(&self) -> Result<(), Unavailable> {
        let bus = self.bus;
        let lost = match self.first.recv_timeout(PATIENCE) {
            Ok(notices) => notices?.into_iter().find_map(|notice| match notice {
                ChipNotice::Lost(chip, error) => Some((chip, error)),
                ChipNotice::Back(_) => None,
            }),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                return Err(Unavailable::Missing(format!(
                    "I²C bus {bus} hangs: something holds its wires low; take the boards off it one by one, and look \
                     for a short circuit"
                )));
            }
        };
        match lost {
            None => Ok(()),
            Some((chip, error)) => Err(Unavailable::Missing(format!(
                "the {chip} does not answer ({error}); look at its wires, its supply and its address pins: \
                 `i2cdetect -y {bus}` lists what answers"
            ))),
        }
    }

    /// Neither blocks nor allocates.
    pub(super) fn wake(&self) {
        self.thread.unpark();
    }

    /// Waits until it has written a last time, a second at most. Its images are closed by now. Whether every chip surely
    /// shows them.
    pub(super) fn end(self) -> bool {
        self.wake();
        // One that hangs in the kernel is left to itself: it wants what is safe.
        self.last.recv_timeout(PATIENCE).unwrap_or(false)
    }
}

/// From now on this thread has none of the process's descriptors but the standard ones, and the process none of its.
fn share_no_descriptor() -> io::Result<()> {
    // SAFETY: the descriptors that are closed are copies of this thread's own, and it has used none yet.
    let outcome = unsafe { libc::syscall(libc::SYS_close_range, 3, u32::MAX, libc::CLOSE_RANGE_UNSHARE) };
    if outcome == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Whether every chip surely shows what was wanted last.
fn work(
    mut writer: Writer,
    mut bus: Box<dyn I2cBus>,
    shared: &SharedImages,
    first: &SyncSender<Result<Vec<ChipNotice>, Unavailable>>,
) -> bool {
    let mut is_first = true;
    let mut last_tries = 0;
    loop {
        // Before what is wanted is read: what comes later wakes this thread once more.
        let is_last = shared.is_closed();
        if !is_last && !shared.may_write(monotonic::now()) {
            thread::park_timeout(SIGN);
            continue;
        }
        let wanted = shared.wanted();
        // A pass that was begun before the end may carry what is lit: it goes no further.
        let may_write = |now| is_last || shared.may_write(now);
        let WritePass { is_complete, next, notices } =
            writer.write_due(&mut *bus, &wanted, &monotonic::now, &may_write);
        shared.set_failing(writer.is_any_lost());
        if is_complete {
            shared.showed(wanted.version);
        }
        if std::mem::take(&mut is_first) {
            // Who waits for it tells it.
            let _told = first.try_send(Ok(notices));
        } else {
            notices.iter().for_each(tell);
        }
        let now = monotonic::now();
        let mut wait = next.map_or(SIGN, |next| Duration::from_nanos(next.since(now).max(0).unsigned_abs()));
        if is_last {
            if is_complete && writer.is_heard(&mut *bus) {
                return true;
            }
            last_tries += 1;
            if last_tries >= LAST_TRIES {
                return false;
            }
            // What is switched beside it may disturb a message.
            writer.hurry();
            wait = LAST_RETRY;
        }
        thread::park_timeout(wait.min(SIGN));
    }
}

fn tell(notice: &ChipNotice) {
    match notice {
        ChipNotice::Lost(chip, error) => {
            log::warn!(
                "the {chip} does not answer ({error}); its lights are as they were or off, and it is tried again"
            );
        }
        ChipNotice::Back(chip) => log::warn!("the {chip} answers again, and its lights go on"),
    }
}
