//! What an instance asks for. Knows not who has it.

use std::collections::HashSet;

use jiff::Timestamp;

use super::lock_info::LockInfo;
use super::name::Name;
use crate::rig::Address;

/// What an instance asks for.
#[derive(Clone, Debug)]
pub struct Claim {
    pub name: Name,
    /// What it says of itself from the first moment on.
    pub info: LockInfo,
    /// The outputs that it drives, simulated or not. No two instances share one, nor what one of them needs
    /// ([`Address::claims`]).
    pub outputs: Vec<Address>,
}

/// What `outputs` claim, each once.
pub(super) fn claims_of(outputs: &[Address]) -> Vec<Address> {
    let mut claimed: Vec<Address> = Vec::with_capacity(outputs.len());
    let mut numbers = HashSet::with_capacity(outputs.len());
    for claim in outputs.iter().flat_map(|output| output.claims()) {
        if numbers.insert(claim.number()) {
            claimed.push(claim);
        }
    }
    claimed
}

impl Claim {
    /// A claim of no outputs by somebody with nothing to tell but when it began.
    #[must_use]
    pub fn simple(name: Name) -> Self {
        let info = LockInfo { started: Some(Timestamp::now()), ..LockInfo::default() };
        Self { name, info, outputs: Vec::new() }
    }
}
