//! What an instance has to send to. Both processes check it: neither believes the other. Knows no levels.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::rig::{NetworkOutput, NetworkReceiver, Receiver, Rig};

/// Which process hands over, and for which of its shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstanceId {
    /// A number that no other process has.
    pub token: u64,
    /// To name it to a person; another container may have the same.
    pub pid: u32,
    /// Later ones have higher numbers.
    pub show: u64,
}

impl InstanceId {
    /// Whether it is the same process.
    #[must_use]
    pub const fn is_same(self, other: Self) -> bool {
        self.token == other.token
    }
}

/// The receivers of an instance, each with its outputs.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkPlan {
    pub instance: InstanceId,
    pub receivers: Vec<LinkedReceiver>,
}

/// A receiver, and how it is sent to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkedReceiver {
    /// As the rig calls it.
    pub name: String,
    pub receiver: Receiver,
    pub priority: u8,
    /// Frames a second at most.
    pub rate: u8,
    pub interface: Option<String>,
    /// No two of them share a slot.
    pub outputs: Vec<LinkedOutput>,
}

/// The output of one channel.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkedOutput {
    pub output: NetworkOutput,
    /// Whether it is fully lit while nobody plays, else dark.
    pub is_safe_lit: bool,
}

/// Why a plan is not carried out.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum PlanFlaw {
    #[error("it has more than {} outputs", Rig::MOST_CHANNELS)]
    TooManyOutputs,
    #[error("it has more than {} receivers", LinkPlan::MOST_RECEIVERS)]
    TooManyReceivers,
    #[error("{0} has no outputs")]
    Empty(Receiver),
    #[error("{0} has pixels of three and of four colours")]
    MixedPixels(Receiver),
    #[error("it names {0} twice")]
    Twice(Receiver),
    #[error("an output of {0} is another receiver's")]
    Elsewhere(Receiver),
    #[error("two outputs of {0} share a slot")]
    Overlap(Receiver),
    #[error("a priority, a rate or a name of {0} is out of range")]
    OutOfRange(Receiver),
}

impl LinkPlan {
    /// Each takes a socket.
    pub const MOST_RECEIVERS: usize = 256;

    /// Those of `outputs`, on the receivers of `rig`, with whether each is lit while nobody plays. In the order in which
    /// the plan has them, which is the order of the levels that are shared.
    #[must_use]
    pub fn of(rig: &Rig, outputs: &[LinkedOutput]) -> Self {
        let linked = |receiver: &NetworkReceiver| {
            let outputs = outputs.iter().filter(|linked| linked.output.receiver() == receiver.receiver);
            LinkedReceiver {
                name: receiver.name.clone(),
                receiver: receiver.receiver,
                priority: receiver.priority,
                rate: receiver.rate,
                interface: receiver.interface.clone(),
                outputs: outputs.copied().collect(),
            }
        };
        let receivers = rig.receivers.iter().map(linked);
        let instance = InstanceId::default();
        Self { instance, receivers: receivers.filter(|receiver| !receiver.outputs.is_empty()).collect() }
    }

    /// All outputs, in the order of the levels that are shared.
    pub fn outputs(&self) -> impl Iterator<Item = LinkedOutput> {
        self.receivers.iter().flat_map(|receiver| receiver.outputs.iter().copied())
    }

    /// # Errors
    /// Where it is none that a rig can have.
    pub fn check(&self) -> Result<(), PlanFlaw> {
        if self.outputs().count() > Rig::MOST_CHANNELS {
            return Err(PlanFlaw::TooManyOutputs);
        }
        if self.receivers.len() > Self::MOST_RECEIVERS {
            return Err(PlanFlaw::TooManyReceivers);
        }
        let mut seen = BTreeSet::new();
        self.receivers.iter().try_for_each(|linked| match seen.insert(linked.receiver) {
            true => linked.check(),
            false => Err(PlanFlaw::Twice(linked.receiver)),
        })
    }
}

impl LinkedReceiver {
    fn check(&self) -> Result<(), PlanFlaw> {
        let receiver = self.receiver;
        let is_short = |text: &str| text.len() <= 255;
        let is_in_range = NetworkReceiver::PRIORITIES.contains(&self.priority)
            && NetworkReceiver::RATES.contains(&self.rate)
            && is_short(&self.name)
            && self.interface.as_deref().is_none_or(is_short);
        if !is_in_range {
            return Err(PlanFlaw::OutOfRange(receiver));
        }
        if self.outputs.is_empty() {
            return Err(PlanFlaw::Empty(receiver));
        }
        let has = |slots| self.outputs.iter().any(|linked| linked.output.pixel().slots() == slots);
        if matches!(receiver, Receiver::Ddp(_)) && has(3) && has(4) {
            return Err(PlanFlaw::MixedPixels(receiver));
        }
        if self.outputs.iter().any(|linked| linked.output.receiver() != receiver) {
            return Err(PlanFlaw::Elsewhere(receiver));
        }
        let mut slots: Vec<_> = self.outputs.iter().map(|linked| linked.output.slots()).collect();
        slots.sort_unstable_by_key(|slots| slots.start);
        let is_apart = slots.windows(2).all(|pair| pair[0].end <= pair[1].start);
        is_apart.then_some(()).ok_or(PlanFlaw::Overlap(receiver))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rig::{NetworkHost, Pixel, SacnDestination};

    fn universe(universe: u16) -> Receiver {
        Receiver::Sacn { universe, to: SacnDestination::Multicast }
    }

    fn linked(number: u16, slots: &[(u16, u16)]) -> LinkedReceiver {
        let receiver = universe(number);
        let output = |(from, to): &(u16, u16)| LinkedOutput {
            output: NetworkOutput::new(receiver, *from, *to, Pixel::Slot).unwrap(),
            is_safe_lit: false,
        };
        let outputs = slots.iter().map(output).collect();
        LinkedReceiver { name: "stage".into(), receiver, priority: 100, rate: 40, interface: None, outputs }
    }

    #[test]
    fn only_a_plan_that_a_rig_can_have_is_carried_out() {
        let good = linked(5, &[(10, 20), (1, 9), (21, 21)]);
        let check = |receivers: &[LinkedReceiver]| {
            LinkPlan { receivers: receivers.to_vec(), ..LinkPlan::default() }.check()
        };
        assert_eq!(check(&[]), Ok(()));
        assert_eq!(check(&[good.clone(), linked(6, &[(1, 512)])]), Ok(()));
        assert_eq!(check(&[good.clone(), good.clone()]), Err(PlanFlaw::Twice(universe(5))));
        assert_eq!(check(&[linked(5, &[(1, 9), (9, 9)])]), Err(PlanFlaw::Overlap(universe(5))));
        assert_eq!(check(&[linked(5, &[])]), Err(PlanFlaw::Empty(universe(5))));
        let many: Vec<_> = (1..=257).map(|number| linked(number, &[(1, 1)])).collect();
        assert_eq!((check(&many[1..]), check(&many)), (Ok(()), Err(PlanFlaw::TooManyReceivers)));
        let ddp = Receiver::Ddp(NetworkHost::new("wled").unwrap());
        let of = |pixel, place| LinkedOutput {
            output: NetworkOutput::new(ddp, place, place, pixel).unwrap(),
            is_safe_lit: false,
        };
        let outputs = vec![of(Pixel::Rgb([1; 3]), 1), of(Pixel::Rgbw([1; 4]), 9)];
        let mixed = LinkedReceiver { receiver: ddp, outputs, ..good.clone() };
        assert_eq!(check(&[mixed]), Err(PlanFlaw::MixedPixels(ddp)));
        let elsewhere = LinkedReceiver { receiver: universe(7), ..good.clone() };
        assert_eq!(check(&[elsewhere]), Err(PlanFlaw::Elsewhere(universe(7))));
        for wrong in [
            LinkedReceiver { rate: 0, ..good.clone() },
            LinkedReceiver { priority: 201, ..good.clone() },
            LinkedReceiver { name: "x".repeat(300), ..good.clone() },
            LinkedReceiver { interface: Some("x".repeat(300)), ..good.clone() },
        ] {
            assert_eq!(check(&[wrong]), Err(PlanFlaw::OutOfRange(universe(5))));
        }
        let one_each = |number| linked(number, &(1..=512).map(|slot| (slot, slot)).collect::<Vec<_>>());
        assert_eq!(check(&[1, 2, 3, 4, 5, 6, 7, 8].map(one_each)), Ok(()));
        assert_eq!(check(&[1, 2, 3, 4, 5, 6, 7, 8, 9].map(one_each)), Err(PlanFlaw::TooManyOutputs));
    }
}
