//! How another process makes a chain safe: by its whole word. Drives nothing.

use serde::{Deserialize, Serialize};

use super::word::ChainWord;
use crate::output::line::Signal;
use crate::rig::{Active, Address, Chain, ChainOutput, Channel, Rig};

/// A chain, and what all its outputs carry while no show plays.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "WrittenSafeChain")]
pub struct SafeChain {
    chain: Chain,
    word: ChainWord,
    /// Those with a channel, by number.
    outputs: Vec<u8>,
}

/// A channel on an output of a chain, as a simulation shows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ShownOutput {
    pub number: u8,
    pub name: String,
    pub active: Active,
}

impl SafeChain {
    /// Of all channels of `rig` on `chain`, driven or not: whoever writes the chain writes every output.
    #[must_use]
    pub fn of(chain: Chain, rig: &Rig) -> Self {
        let channels: Vec<_> = channels_on(chain, rig).collect();
        let mut word = ChainWord::low(chain);
        for chip in 0..chain.chips().into() {
            let mut on_chip = channels.iter().filter(|(output, _)| output.place().0 == chip).peekable();
            // A board whose relays are on when low has such relays at the outputs without a channel, too.
            if on_chip.peek().is_some() && on_chip.all(|(_, channel)| channel.active == Active::Low) {
                word.fill(chip, Signal::High);
            }
        }
        for (output, channel) in &channels {
            word.set(*output, Signal::safe(channel));
        }
        Self { chain, word, outputs: channels.iter().map(|(output, _)| output.number()).collect() }
    }

    #[must_use]
    pub const fn chain(&self) -> Chain {
        self.chain
    }

    #[must_use]
    pub const fn word(&self) -> &ChainWord {
        &self.word
    }

    /// The outputs with a channel.
    pub fn addresses(&self) -> impl Iterator<Item = Address> {
        self.outputs.iter().filter_map(|number| self.chain.output(*number)).map(Address::Chain)
    }
}

impl ShownOutput {
    /// All channels of `rig` on `chain`.
    #[must_use]
    pub fn all(chain: Chain, rig: &Rig) -> Vec<Self> {
        let shown = |(output, channel): (ChainOutput, &Channel)| Self {
            number: output.number(),
            name: channel.name.clone(),
            active: channel.active,
        };
        channels_on(chain, rig).map(shown).collect()
    }
}

fn channels_on(chain: Chain, rig: &Rig) -> impl Iterator<Item = (ChainOutput, &Channel)> {
    rig.channels.iter().filter_map(move |channel| {
        let output = channel.address.chain_output().filter(|output| output.chain() == chain)?;
        Some((output, channel))
    })
}

/// A safe chain as orders have it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSafeChain {
    chain: Chain,
    word: ChainWord,
    outputs: Vec<u8>,
}

impl TryFrom<WrittenSafeChain> for SafeChain {
    type Error = &'static str;

    fn try_from(WrittenSafeChain { chain, word, outputs }: WrittenSafeChain) -> Result<Self, Self::Error> {
        let are_its = outputs.iter().all(|number| chain.output(*number).is_some());
        match word.fits(chain) && are_its {
            true => Ok(Self { chain, word, outputs }),
            false => Err("a chain is made safe by a byte for each of its chips"),
        }
    }
}
