//! Whether a sound device can be opened. Plays a moment of silence on it.

use std::sync::Arc;
use std::time::Duration;

use super::card::{Card, CardError, Faults, Stream};
use super::closing::give_up_after;
use super::device_fault::DeviceFault;
use crate::audio::Spec;

/// As most music has it.
const USUAL: Spec = Spec { rate: 48_000, channels: 2 };
/// A living device closes within its two periods.
const CLOSING: Duration = Duration::from_millis(500);

/// Opens the ALSA device called `name` as a show would, and closes it. Blocks for as long as the device likes.
///
/// # Errors
/// Why it cannot be opened by this process.
pub fn try_device(name: &str) -> Result<(), DeviceFault> {
    let opened = Card::find(name, USUAL)
        .and_then(|card| silence(&card).or_else(|_| silence(&card.with_its_own_period())));
    let stream = opened.map_err(|error| error.on_this_machine(name).fault_of(name))?;
    give_up_after(CLOSING, move || drop(stream));
    Ok(())
}

fn silence(card: &Card) -> Result<Stream, CardError> {
    card.play(|samples, _, _| samples.fill(0.0), Arc::new(Faults::default()))
}
