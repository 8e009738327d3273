//! The patch of an instance: which channels it drives, through what, and how it leaves them. Opens nothing until it
//! is asked to.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Result, ensure};

use crate::net_link::{LinkPlan, LinkedOutput, socket_in};
use crate::rig::{Address, Chain, Channel, ChannelId, I2cChip, Receiver, Rig};

use super::by_level::ByLevel;
use super::chain::{ChainDriver, SafeChain, ShownOutput};
use super::driver::Driver;
use super::drivers::Drivers;
use super::i2c::{BusDriver, SafeBus};
use super::line::{DimmedWire, Wire};
use super::network::{NetworkDriver, SafeNetwork};
use super::on_off::OnOff;
use super::safe_outputs::OpenPart;
use super::safe_plan::{SafePart, SafePlan, SimulatedBoard, SimulatedOutput};

/// What an instance drives through.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Means {
    /// The pins of this Raspberry Pi, and what leads from it to other lights. Instances have their locks in this folder,
    /// where `starcourt net` listens.
    Pins { folder: PathBuf },
    /// Simulated, in a pins file.
    File(PathBuf),
    /// Simulated, in the memory of the process.
    Memory,
}

/// The drivers of an instance, none of them opened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Patch {
    means: Means,
    drivers: Vec<PatchedDriver>,
    /// Channels on the network, if there are any: no other process makes them safe.
    network: Option<(SafeNetwork, Vec<(ChannelId, Channel)>)>,
    /// Nanoseconds of a period of PWM.
    period: u64,
}

/// One driver: how its outputs are made safe, and the channels on them, in the same order.
#[derive(Clone, PartialEq, Eq, Debug)]
struct PatchedDriver {
    plan: SafePart,
    channels: Vec<(ChannelId, Channel)>,
}

impl Patch {
    /// Drives those channels of `rig` whose address is `driven`. What `means` cannot reach is left out.
    #[must_use]
    pub fn new(means: &Means, rig: &Rig, driven: impl Fn(Address) -> bool) -> Self {
        let period = u64::try_from(rig.pwm_period().as_nanos()).expect("no period lasts for centuries");
        let channels = |wanted: &dyn Fn(Address) -> bool| -> Vec<(ChannelId, Channel)> {
            let all = rig.channel_ids().zip(&rig.channels);
            let wanted = all.filter(|(_, channel)| driven(channel.address) && wanted(channel.address));
            wanted.map(|(id, channel)| (id, channel.clone())).collect()
        };
        let wires = |channels: &[(ChannelId, Channel)]| {
            channels.iter().filter_map(|(_, channel)| Wire::of(channel)).collect()
        };
        let release = rig.release;
        let chains = chains(&channels(&|address| address.chain_output().is_some()));
        let on_chain = |chain: Chain| {
            channels(&|address| address.chain_output().is_some_and(|output| output.chain() == chain))
        };
        // The header first: no chain or bus is waited for with what is switched at once.
        let drivers = match means {
            Means::Pins { .. } => {
                let on_off = channels(&|address| matches!(address, Address::Line(_)));
                let dimmed = channels(&|address| matches!(address, Address::PwmBlock(_)));
                let lines = dimmed.iter().filter_map(|(_, channel)| DimmedWire::of(channel)).collect();
                let block = SafePart::PwmBlock { lines, period_ns: period };
                let header = SafePart::Header { lines: wires(&on_off), release };
                let mut drivers = vec![
                    PatchedDriver { plan: header, channels: on_off },
                    PatchedDriver { plan: block, channels: dimmed },
                ];
                drivers.extend(chains.into_iter().map(|chain| PatchedDriver {
                    plan: SafePart::Chain(SafeChain::of(chain, rig)),
                    channels: on_chain(chain),
                }));
                let on_buses = channels(&|address| address.i2c_output().is_some());
                drivers.extend(buses(&on_buses).into_iter().map(|(bus, chips)| PatchedDriver {
                    plan: SafePart::I2cBus(SafeBus::of(bus, &chips, rig)),
                    channels: channels(&|address| {
                        address.i2c_output().is_some_and(|output| output.chip().bus() == bus)
                    }),
                }));
                drivers
            }
            Means::File(_) | Means::Memory => {
                let pins = match means {
                    Means::File(path) => Some(path.clone().into_os_string()),
                    Means::Pins { .. } | Means::Memory => None,
                };
                // All of the rig, so that instances on different outputs may share the file.
                let beyond = rig.channels.iter().filter(|channel| channel.address.line().is_none());
                let board =
                    SimulatedBoard { pins, names: beyond.map(|channel| channel.name.clone()).collect() };
                let on_off = channels(&|address| address.line().is_some());
                let levels = channels(&|address| {
                    matches!(address, Address::Simulated(_) | Address::I2c(_) | Address::Network(_))
                });
                let lines = SafePart::SimulatedLines { board: board.clone(), lines: wires(&on_off), release };
                let outputs = levels.iter().filter_map(|(_, channel)| SimulatedOutput::of(channel)).collect();
                let beyond = SafePart::SimulatedLevels { board: board.clone(), outputs, release };
                let mut drivers = vec![
                    PatchedDriver { plan: lines, channels: on_off },
                    PatchedDriver { plan: beyond, channels: levels },
                ];
                drivers.extend(chains.into_iter().map(|chain| PatchedDriver {
                    plan: SafePart::SimulatedChain {
                        board: board.clone(),
                        chain: SafeChain::of(chain, rig),
                        outputs: ShownOutput::all(chain, rig),
                    },
                    channels: on_chain(chain),
                }));
                drivers
            }
        };
        // The first part stays even if it is empty: `SafePlan::through` reads from it whether pins are driven.
        let is_needed = |(place, driver): &(usize, PatchedDriver)| *place == 0 || !driver.channels.is_empty();
        let drivers = drivers.into_iter().enumerate().filter(is_needed).map(|(_, driver)| driver).collect();
        let on_network = channels(&|address| address.network_output().is_some());
        let network = match means {
            Means::Pins { folder } if !on_network.is_empty() => {
                let plan = LinkPlan::of(rig, &linked(rig, &on_network));
                Some((SafeNetwork::new(&socket_in(folder), plan), on_network))
            }
            _ => None,
        };
        Self { means: means.clone(), drivers, network, period }
    }

    /// Drives the channels of `rig` at `outputs`, through the same as this one.
    ///
    /// # Errors
    /// When a pins file has no place for its outputs: it has one for each of those beyond the header from the start.
    pub fn rewired(&self, rig: &Rig, outputs: &[Address]) -> Result<Self> {
        let rewired = Self::new(&self.means, rig, |address| outputs.contains(&address));
        let places = |patch: &Self| patch.drivers.iter().find_map(|driver| driver.plan.board().cloned());
        if let Means::File(path) = &self.means {
            ensure!(
                places(self) == places(&rewired),
                "the pins file {} has no place for other outputs beyond the header; end starcourt, and \
                 start it again with another file",
                path.display()
            );
        }
        Ok(rewired)
    }

    /// Takes the outputs, each safe before it is driven.
    ///
    /// # Errors
    /// [`Unavailable`](super::gpio::Unavailable) for pins, any other error for simulated outputs; those that were
    /// taken stay safe.
    pub fn open(&self) -> Result<Drivers> {
        let used = self.drivers.iter().filter(|driver| !driver.channels.is_empty());
        let mut drivers: Vec<_> = used.map(|driver| driver.open(self.period)).collect::<Result<_>>()?;
        // Last: what is waited for keeps no other output from being safe.
        if let Some((safe, channels)) = &self.network {
            drivers.push(Box::new(NetworkDriver::new(safe, channels)));
        }
        let mut drivers = Drivers::new(drivers);
        drivers.take()?;
        Ok(drivers)
    }

    /// The lights on the network, if there are any.
    #[must_use]
    pub fn network(&self) -> Option<&SafeNetwork> {
        self.network.as_ref().map(|(safe, _)| safe)
    }

    /// How another process makes the outputs safe, but for those on the network.
    #[must_use]
    pub fn safe_plan(&self) -> SafePlan {
        SafePlan { parts: self.drivers.iter().map(|driver| driver.plan.clone()).collect() }
    }
}

impl PatchedDriver {
    fn open(&self, period: u64) -> Result<Box<dyn Driver>> {
        let ids = || self.channels.iter().map(|(id, _)| *id).collect();
        Ok(match self.plan.open()? {
            OpenPart::Lines(lines) => Box::new(OnOff::new(lines, &self.channels, period)),
            OpenPart::PwmBlock(block) => {
                let channels = self.channels.iter().map(|(_, channel)| channel);
                Box::new(ByLevel::new(block.for_channels(channels), ids()))
            }
            OpenPart::Chain(chain) => Box::new(ChainDriver::new(chain, &self.channels)),
            OpenPart::I2cBus(safe) => Box::new(BusDriver::new(safe.bus(), &self.channels)),
            OpenPart::SimLevels(levels) => Box::new(ByLevel::new(levels, ids())),
        })
    }
}

/// All outputs that `rig` has on the receivers of `channels`, driven or not: a receiver is sent to as a whole.
fn linked(rig: &Rig, channels: &[(ChannelId, Channel)]) -> Vec<LinkedOutput> {
    let output = |channel: &Channel| channel.address.network_output();
    let used: BTreeSet<Receiver> =
        channels.iter().filter_map(|(_, channel)| Some(output(channel)?.receiver())).collect();
    let linked = |channel: &Channel| {
        let output = output(channel).filter(|output| used.contains(&output.receiver()))?;
        Some(LinkedOutput { output, is_safe_lit: channel.safe.is_lit() })
    };
    rig.channels.iter().filter_map(linked).collect()
}

/// The chains that `channels` are on, each once.
fn chains(channels: &[(ChannelId, Channel)]) -> Vec<Chain> {
    let mut chains = Vec::new();
    for output in channels.iter().filter_map(|(_, channel)| channel.address.chain_output()) {
        if !chains.contains(&output.chain()) {
            chains.push(output.chain());
        }
    }
    chains
}

/// The buses that `channels` are on, with their chips, each once.
fn buses(channels: &[(ChannelId, Channel)]) -> BTreeMap<u8, Vec<I2cChip>> {
    let mut buses = BTreeMap::<u8, Vec<I2cChip>>::new();
    for output in channels.iter().filter_map(|(_, channel)| channel.address.i2c_output()) {
        let chips = buses.entry(output.chip().bus()).or_default();
        if !chips.contains(&output.chip()) {
            chips.push(output.chip());
        }
    }
    buses
}
