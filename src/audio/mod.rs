//! Music files: which format one has, how long it is to the frame, what is wrong with it, and its sound as frames from any
//! place, at any rate and loudness. Usable alone: knows no sound card, no clock and no lights.
//!
//! [`measure`] tells a file's length, [`inspect`] what is wrong with it, and [`AudioSource::render`] decodes it.

mod channels;
mod decode;
mod decoded_wav;
mod error;
mod first_sound;
mod gain;
mod length;
mod music;
mod resample;
mod song_envelope;
mod spec;
mod title;
#[cfg(test)]
pub(crate) mod wav;

pub use decode::AudioSource;
pub use decoded_wav::DecodedWav;
pub use error::SoundError;
pub use first_sound::first_sound;
pub use gain::Volume;
pub use length::{Damage, Measured, inspect, measure};
pub use music::{is_place_exact, media_type};
pub use song_envelope::song_envelope;
pub use title::title;

pub(crate) use channels::mapped;
pub(crate) use decode::{SourceEnd, TrackDecoder};
pub(crate) use gain::Gain;
pub(crate) use resample::Resampler;
pub(crate) use spec::Spec;
