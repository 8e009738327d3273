//! Doing what the guardian of an instance that was killed did not, before its lines are taken by the next one.
//! Ends nobody: a guardian that comes later sees that the lines are another's.

use std::error::Error;
use std::fmt;

use anyhow::{Context, Result};

use super::orders;
use crate::lock::Lock;
use crate::output::patch::{Patch, Way};

/// Why lines may not be taken: they could not be made safe.
#[derive(Debug)]
pub struct LinesNotSafe(anyhow::Error);

/// Makes the lines of `lock`, which are those of `patch`, safe where the guardian of an instance that is gone
/// did not; and with them what else it was to make safe, where that is known from one who can be believed,
/// through what this launch drives and no other way. Returns what the person should know.
///
/// # Errors
/// [`LinesNotSafe`]; then no line may be taken.
pub fn finish_leftovers(lock: &Lock, patch: &Patch) -> Result<Option<String>, LinesNotSafe> {
    let left = lock.leftovers().map_err(|refusal| LinesNotSafe(refusal.into()))?;
    if !left.is_unsafe {
        return Ok(None);
    }
    // Taking the lines makes them safe, and letting them go leaves them so.
    patch
        .open()
        .map(drop)
        .context("making safe what a show that was killed left lit")
        .map_err(LinesNotSafe)?;
    let others = left.orders.iter().try_for_each(|orders| finish(lock, patch, orders));
    match others {
        Ok(()) => {
            lock.forget(&left);
            Ok(None)
        }
        Err(error) => Ok(Some(format!(
            "lights of a show that was killed, which this one does not use, may still be on: {error:#}"
        ))),
    }
}

/// Makes safe what else is in `orders`, but for lines that another instance has taken since.
fn finish(lock: &Lock, ours: &Patch, orders: &[u8]) -> Result<()> {
    let theirs = orders::read(orders)?;
    let rest = through(ours, theirs).context("they are driven another way")?;
    let own: Vec<_> = ours.lines().collect();
    lock.while_no_launch(|is_anothers| {
        let rest = rest.only(|line| !own.contains(&line) && !is_anothers(line));
        match rest.lines().next() {
            Some(_) => rest.open().map(drop),
            None => Ok(()),
        }
    })?
}

/// `theirs` by way of `ours`; nothing where those are not the same kind of lines.
fn through(ours: &Patch, theirs: Patch) -> Option<Patch> {
    let way = match (&ours.way, theirs.way) {
        (Way::Pins { .. }, Way::Pins { dimmed, period }) => Way::Pins { dimmed, period },
        (Way::File(path), Way::File(_)) => Way::File(path.clone()),
        (Way::Memory, Way::Memory) => Way::Memory,
        _ => return None,
    };
    Some(Patch { way, ..theirs })
}

impl fmt::Display for LinesNotSafe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.0)
    }
}

impl Error for LinesNotSafe {}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::rig::Release;

    fn patch(way: Way) -> Patch {
        Patch { way, wires: Vec::new(), release: Release::Driven }
    }

    #[test]
    fn another_way_of_driving_than_this_launchs_is_never_taken() {
        let (here, there) = (patch(Way::File("/here".into())), patch(Way::File("/there".into())));
        let pins = || patch(Way::Pins { dimmed: Vec::new(), period: Duration::from_millis(5) });
        assert_eq!(through(&here, there.clone()).map(|patch| patch.way), Some(here.way.clone()));
        assert_eq!(through(&pins(), there), None);
        assert_eq!(through(&here, pins()), None);
        assert_eq!(through(&patch(Way::Memory), pins()), None);
        assert_eq!(through(&pins(), pins()), Some(pins()));
    }
}
