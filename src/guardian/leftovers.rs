//! Before an instance takes its lines: what the guardian of a killed instance left undone. Ends nobody: a guardian that
//! comes later sees that the lines are another's.

use std::error::Error;
use std::fmt;

use anyhow::{Context, Result};

use super::orders;
use crate::lock::Lock;
use crate::output::safe_plan::SafePlan;
use crate::rig::Address;

/// Why lines may not be taken: they could not be made safe.
#[derive(Debug)]
pub struct LinesNotSafe(anyhow::Error);

/// Makes the outputs of `lock`, which are those of `plan`, safe where the guardian of an instance that is gone
/// did not; and with them what else it was to make safe, where that is known from one who can be believed,
/// through what this launch drives and no other way. Returns what the person should know.
///
/// # Errors
/// [`LinesNotSafe`]; then no line may be taken.
pub fn finish_leftovers(lock: &Lock, plan: &SafePlan) -> Result<Option<String>, LinesNotSafe> {
    let left = lock.leftovers().map_err(|refusal| LinesNotSafe(refusal.into()))?;
    if !left.is_unsafe {
        return Ok(None);
    }
    plan.make_safe().context("making safe what a show that was killed left lit").map_err(LinesNotSafe)?;
    let others = left.orders.iter().try_for_each(|orders| finish(lock, plan, orders));
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
fn finish(lock: &Lock, ours: &SafePlan, orders: &[u8]) -> Result<()> {
    let rest = orders::read(orders)?.through(ours).context("they are driven another way")?;
    let own: Vec<_> = ours.addresses().collect();
    lock.while_no_launch(|is_anothers| {
        let is_own = |address: Address| own.iter().any(|own| own.shares_claim_with(address));
        let rest = rest.only(|address| !is_own(address) && !is_anothers(address));
        match rest.addresses().next() {
            Some(_) => rest.make_safe(),
            None => Ok(()),
        }
    })?
}

impl fmt::Display for LinesNotSafe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.0)
    }
}

impl Error for LinesNotSafe {}
