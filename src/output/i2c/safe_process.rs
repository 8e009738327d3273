//! A bus made safe in a process of its own, which is ended after a second: a bus that hangs holds up neither a guardian
//! nor whoever else makes lights safe. Knows no registers.

use std::io::{self, IsTerminal, Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, anyhow, ensure};

use super::PATIENCE;
use super::bus::DeviceBus;
use super::safe::SafeBus;
use crate::child_end::ends_within;
use crate::realtime;

/// The command line's word for [`run`].
pub const COMMAND: &str = "safe-bus";
const BY_HAND: &str = "this is nothing to start by hand: `starcourt off` makes every light safe";
/// As the guardian: `killall starcourt` must not end it together with its instance.
const NAME: &str = "light-guardian";
/// This very program, even if its file was replaced by a newer one.
const THIS_PROGRAM: &str = "/proc/self/exe";
/// More than 128 chips need. It fits into a pipe, so nobody waits for whoever reads it.
const LONGEST: u64 = 32 * 1024;

/// Makes the bus safe that standard input describes.
///
/// # Errors
/// When that is no description, the bus is not to be had, or a chip does not answer; the others are safe then.
pub fn run() -> Result<()> {
    ensure!(!io::stdin().is_terminal(), BY_HAND);
    realtime::wake_first();
    let mut text = Vec::new();
    io::stdin().take(LONGEST).read_to_end(&mut text).context("reading which bus to make safe")?;
    let safe: SafeBus = serde_json::from_slice(&text).context(BY_HAND)?;
    let mut bus = DeviceBus::open(safe.number())?;
    // Another number at each try.
    let first = std::process::id() as usize;
    match safe.make_safe(&mut bus, first).into_iter().next() {
        None => Ok(()),
        Some((chip, error)) => Err(anyhow!("the {chip} does not answer ({error})")),
    }
}

/// A bus, to be made safe by a process of its own.
pub(in crate::output) struct SafeBusProcess {
    safe: SafeBus,
    /// Begun, and not awaited yet.
    child: Option<(Child, Instant)>,
    /// Killed, and not ended yet: the kernel may keep one for as long as its bus hangs.
    killed: Vec<Child>,
}

impl SafeBusProcess {
    /// Starts no process yet.
    pub(in crate::output) const fn new(safe: SafeBus) -> Self {
        Self { safe, child: None, killed: Vec::new() }
    }

    pub(in crate::output) const fn bus(&self) -> &SafeBus {
        &self.safe
    }

    /// Starts the process.
    ///
    /// # Errors
    /// When that is not possible.
    pub(in crate::output) fn begin(&mut self) -> Result<()> {
        let text = serde_json::to_vec(&self.safe).expect("it has no map and nothing that can fail");
        ensure!((text.len() as u64) < LONGEST, "I²C bus {} has too many chips", self.safe.number());
        let mut command = Command::new(THIS_PROGRAM);
        command.arg0(NAME).arg(COMMAND);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        // Else each would stay in the list of processes.
        self.killed.retain_mut(|child| matches!(child.try_wait(), Ok(None)));
        let mut child = command.spawn().context("starting the process that makes an I²C bus safe")?;
        let told = child.stdin.take().expect("it is piped").write_all(&text);
        self.child = Some((child, Instant::now()));
        told.context("telling the process of an I²C bus what is safe")
    }

    /// Waits for the process, until a second after it was started; then it is killed.
    ///
    /// # Errors
    /// When the bus is not safe; the text names what does not answer.
    pub(in crate::output) fn finish(&mut self) -> Result<()> {
        let Some((mut child, begun)) = self.child.take() else { return Ok(()) };
        let bus = self.safe.number();
        let is_over = ends_within(&mut child, PATIENCE.saturating_sub(begun.elapsed()));
        if !is_over.unwrap_or(false) {
            let _ = child.kill();
            self.killed.push(child);
            return Err(anyhow!("I²C bus {bus} hangs, and its lights may be on; switch their supply off"));
        }
        let status = child.wait().context("asking what became of the process of an I²C bus")?;
        if status.success() {
            return Ok(());
        }
        let mut told = String::new();
        // It has ended, so nothing is waited for.
        let _ = child.stderr.take().expect("it is piped").take(LONGEST).read_to_string(&mut told);
        let told = match told.trim() {
            "" => status.to_string(),
            told => told.strip_prefix("starcourt: ").unwrap_or(told).to_owned(),
        };
        Err(anyhow!("I²C bus {bus}: {told}; its lights may be on"))
    }
}
