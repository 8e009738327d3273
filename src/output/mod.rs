//! Outputs: drivers make the levels of channels light, and a trace writes down what they did. Knows nothing of shows.
//!
//! | driver | drives |
//! |---|---|
//! | [`on_off`] on [`gpio`] | lines of the header, with PWM in software |
//! | [`by_level`] on [`pwm_block`] | lines that the chip itself dims |
//! | [`chain`] on [`gpio`] or [`sim`] | outputs of shift registers behind lines of the header |
//! | [`i2c`] | outputs of chips on I²C buses |
//! | [`network`] | slots of receivers on the network, sent to by another process |
//! | [`on_off`] and [`by_level`] on [`sim`] | simulated outputs |
//!
//! A new kind of output needs three things: a driver ([`Driver`]), its part of a [`safe_plan`], which another process
//! carries out, and its place in the [`patch`].

pub mod board;
pub mod by_level;
pub mod chain;
mod channel_places;
mod dimmer;
mod driver;
pub mod drivers;
pub mod gpio;
pub mod i2c;
mod line;
pub mod network;
pub mod on_off;
pub mod patch;
pub mod pwm_block;
pub mod safe_outputs;
pub mod safe_plan;
pub mod sim;
mod soft_pwm;
#[cfg(test)]
pub(crate) mod testing;
pub mod trace;

pub use driver::{Driver, DriverContext, LevelChange, LevelOutputs, LineEdge};
pub use line::{DimmedWire, LineOutputs, Signal, Wire};
