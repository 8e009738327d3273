//! Relieving the guardian of an instance that was killed, before its lines are taken by the next one: it
//! must not switch them off under that one's hands. Waits for it, and does its work where it does not.

use std::error::Error;
use std::fmt;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;

use super::orders;
use crate::lock::{Lock, Pid, StuckGuard};

/// A guardian is done within a millisecond, unless the machine is on its knees.
const PATIENCE: Duration = Duration::from_millis(200);
const LOOK: Duration = Duration::from_micros(500);

/// Why lines may not be taken yet: they may still be switched by a guardian, or are left as it found them.
#[derive(Debug)]
pub struct InTheWay(anyhow::Error);

/// Waits until no other guardian is at the lines of `lock`, a moment at most; then ends those that are,
/// and makes safe what they were to make safe, but for lines that another instance has taken since.
///
/// # Errors
/// [`InTheWay`]; then no line may be taken.
pub fn relieve(lock: &Lock) -> Result<(), InTheWay> {
    let began = Instant::now();
    loop {
        let guards = lock.guards().map_err(|refusal| InTheWay(refusal.into()))?;
        if guards.is_empty() {
            return Ok(());
        }
        if began.elapsed() >= PATIENCE {
            return guards.into_iter().try_for_each(|guard| take_over(lock, guard));
        }
        thread::sleep(LOOK);
    }
}

fn take_over(lock: &Lock, guard: Pid) -> Result<(), InTheWay> {
    let Some(orders) = lock.end_guard(guard)? else { return Ok(()) };
    let patch = orders::read(&orders).with_context(|| unfinished(guard)).map_err(InTheWay)?;
    // Nobody can take one of these lines meanwhile.
    let made_safe = lock.in_the_door(|is_anothers| {
        let patch = patch.only(|line| !is_anothers(line));
        // Taking the lines makes them safe, and letting them go leaves them so.
        patch.open().map(drop)
    });
    made_safe
        .map_err(|refusal| InTheWay(refusal.into()))?
        .with_context(|| unfinished(guard))
        .map_err(InTheWay)
}

fn unfinished(guard: Pid) -> String {
    format!("making safe what guardian {guard} of a killed instance did not")
}

impl From<StuckGuard> for InTheWay {
    fn from(stuck: StuckGuard) -> Self {
        Self(stuck.into())
    }
}

impl fmt::Display for InTheWay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.0)
    }
}

impl Error for InTheWay {}
