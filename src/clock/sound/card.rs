//! The sound library at the rim: a stream on a sound card. The one file that names cpal. Knows no file and no
//! show time.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

use cpal::traits::{DeviceTrait, HostTrait, StreamTrait};
use cpal::{BufferSize, ErrorKind, FromSample, SampleFormat, SupportedBufferSize};
use rustix::io::Errno;
use thiserror::Error;

use super::cards::SoundCards;
use super::device_fault::DeviceFault;
use super::device_name::listed;
use super::quiet::silence_alsa;
use crate::audio::Spec;
use crate::clock::monotonic;
use crate::time::Mono;

/// What went wrong on a running stream. The library tells it in a hot loop when a sound server dies.
#[derive(Debug, Default)]
pub(super) struct Faults {
    /// The device is gone for good.
    pub gone: AtomicBool,
    /// All but underruns, from which the stream recovers by itself.
    pub errors: AtomicU64,
}

/// Shorter than a period: should the device recover, no sound is missed.
const ERROR_NAP: Duration = Duration::from_millis(5);

impl Faults {
    fn count(&self, error: &cpal::Error) {
        match error.kind() {
            ErrorKind::DeviceNotAvailable | ErrorKind::StreamInvalidated => self.gone.store(true, Relaxed),
            ErrorKind::Xrun | ErrorKind::RealtimeDenied | ErrorKind::DeviceChanged => {}
            _ => {
                self.errors.fetch_add(1, Relaxed);
                // The library would tell the same again a few microseconds later, and burn a core.
                thread::sleep(ERROR_NAP);
            }
        }
    }
}

/// Fills the next samples; they are heard from `heard` on. `now` is when it was asked.
pub(super) trait Render: FnMut(&mut [f32], Mono, Mono) + Send + 'static {}
impl<F: FnMut(&mut [f32], Mono, Mono) + Send + 'static> Render for F {}

/// A sound card that was found, with the format in which it will play.
#[derive(Clone)]
pub(super) struct Card {
    device: cpal::Device,
    format: Format,
}

/// A stream that plays until it is dropped. Dropping may block for as long as a sound server likes.
pub(super) struct Stream(#[expect(dead_code, reason = "held for its Drop")] cpal::Stream);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Format {
    spec: Spec,
    sample: SampleFormat,
    period: BufferSize,
}

/// Why a card cannot be used, with the sound library's own words.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("{words}")]
pub(super) struct CardError {
    fault: DeviceFault,
    words: String,
}

impl CardError {
    pub(super) fn new(fault: DeviceFault, words: impl Into<String>) -> Self {
        Self { fault, words: words.into() }
    }

    /// The same, with what the machine says of its cards: without permission ALSA finds no card at all.
    pub(super) fn on_this_machine(self, device: &str) -> Self {
        let cards = SoundCards::gather(Path::new("/")).unwrap_or_default();
        Self { fault: self.fault.in_view_of(device, &cards, cards.are_permitted()), ..self }
    }

    /// What people are told. The library's own words go to the log.
    pub(super) fn fault_of(&self, device: &str) -> DeviceFault {
        log::debug!("sound device `{device}`: {self}");
        self.fault
    }
}

/// What a plugin of ALSA answers if its sound server is not there, or is not this user's.
const SERVER_ERRORS: [Errno; 7] = [
    Errno::HOSTDOWN,
    Errno::HOSTUNREACH,
    Errno::CONNREFUSED,
    Errno::CONNRESET,
    Errno::CONNABORTED,
    Errno::NOTCONN,
    Errno::TIMEDOUT,
];

impl From<cpal::Error> for CardError {
    fn from(error: cpal::Error) -> Self {
        let words = error.to_string();
        let fault = match error.kind() {
            ErrorKind::DeviceNotAvailable => DeviceFault::NotThere,
            ErrorKind::PermissionDenied => DeviceFault::NotPermitted,
            ErrorKind::DeviceBusy => DeviceFault::Busy,
            _ => match errno(&words) {
                Some(errno) if SERVER_ERRORS.contains(&errno) => DeviceFault::NoServer,
                Some(Errno::NXIO) => DeviceFault::NotThere,
                _ => DeviceFault::NotOpened,
            },
        };
        Self { fault, words }
    }
}

/// The number in `ALSA function 'snd_pcm_open' failed with error 'Host is down (112)'`, which the library has in its
/// words only.
fn errno(words: &str) -> Option<Errno> {
    let (_, number) = words.rsplit_once('(')?;
    let (number, _) = number.split_once(')')?;
    number.parse().ok().map(Errno::from_raw_os_error)
}

/// Frames of a fiftieth of a second: two of them are queued, enough to sleep through a busy moment.
const PERIODS_A_SECOND: u32 = 50;

impl Card {
    /// Finds the device called `name`, and no other. Blocks for as long as its driver or sound
    /// server takes.
    pub(super) fn find(name: &str, wanted: Spec) -> Result<Self, CardError> {
        silence_alsa();
        let host = cpal::host_from_id(cpal::HostId::Alsa)?;
        let device = match name {
            // Whatever ALSA's configuration makes of it; it is in no list until it is opened.
            "default" => host.default_output_device(),
            _ => [Some(name.to_owned()), listed(name)]
                .into_iter()
                .flatten()
                .find_map(|name| host.device_by_id(&cpal::DeviceId::new(cpal::HostId::Alsa, &name))),
        };
        let device = device
            .ok_or_else(|| CardError::new(DeviceFault::NotThere, "ALSA does not list such a device"))?;
        let ranges = device.supported_output_configs()?;
        let format = best_format(ranges, wanted)
            .ok_or_else(|| CardError::new(DeviceFault::NoFormat, "no sample format known here"))?;
        Ok(Self { device, format })
    }

    /// The rate and channels in which it will play.
    pub(super) fn spec(&self) -> Spec {
        self.format.spec
    }

    /// The same card, which chooses how much it takes at a time.
    pub(super) fn with_its_own_period(&self) -> Self {
        let mut card = self.clone();
        card.format.period = BufferSize::Default;
        card
    }

    /// Starts to play what `render` gives, on a thread of the sound library's.
    pub(super) fn play(&self, render: impl Render, faults: Arc<Faults>) -> Result<Stream, CardError> {
        let stream = match self.format.sample {
            SampleFormat::F32 => self.stream::<f32>(render, faults),
            SampleFormat::I32 => self.stream::<i32>(render, faults),
            SampleFormat::I24 => self.stream::<cpal::I24>(render, faults),
            SampleFormat::I16 => self.stream::<i16>(render, faults),
            _ => self.stream::<u8>(render, faults),
        };
        let stream = stream?;
        stream.play()?;
        Ok(Stream(stream))
    }

    fn stream<T: cpal::SizedSample + FromSample<f32>>(
        &self,
        mut render: impl Render,
        faults: Arc<Faults>,
    ) -> Result<cpal::Stream, cpal::Error> {
        let Format { spec, period, .. } = self.format;
        let config =
            cpal::StreamConfig { channels: spec.channels, sample_rate: spec.rate, buffer_size: period };
        let mut samples = vec![0.0; spec.samples((spec.rate / PERIODS_A_SECOND) as usize)];
        let fill = move |out: &mut [T], told: &cpal::OutputCallbackInfo| {
            let now = monotonic::now();
            // The library's instants have an epoch of their own: only their difference means something.
            let time = told.timestamp();
            let queued = time.playback.saturating_duration_since(time.callback);
            samples.resize(out.len(), 0.0);
            render(&mut samples, now, now.offset(queued.as_nanos() as i64));
            for (place, sample) in out.iter_mut().zip(&samples) {
                *place = T::from_sample_(*sample);
            }
        };
        // Some drivers do not wake a poll when they die: look after them twice a second.
        let look_after = Some(Duration::from_millis(500));
        self.device.build_output_stream(config, fill, move |error| faults.count(&error), look_after)
    }
}

/// Whether ALSA has found the way to a sound card through PulseAudio's own plugin: its client tells a delay that bends.
/// To be asked after [`Card::find`].
pub(super) fn asks_pulseaudio() -> bool {
    // The plugin is a library that ALSA loads when its configuration names it.
    std::fs::read_to_string("/proc/self/maps").is_ok_and(|maps| maps.contains("libasound_module_pcm_pulse"))
}

/// The sound's own rate, else the next higher one; its own channels, else the next more; then the
/// finest samples.
fn best_format(
    ranges: impl Iterator<Item = cpal::SupportedStreamConfigRange>,
    wanted: Spec,
) -> Option<Format> {
    const SAMPLES: [SampleFormat; 5] =
        [SampleFormat::F32, SampleFormat::I32, SampleFormat::I24, SampleFormat::I16, SampleFormat::U8];
    ranges
        .filter_map(|range| {
            let coarseness = SAMPLES.iter().position(|&sample| sample == range.sample_format())?;
            let rate = wanted.rate.clamp(range.min_sample_rate(), range.max_sample_rate());
            let channels = range.channels();
            let period = match *range.buffer_size() {
                SupportedBufferSize::Range { min, max } if min <= max => {
                    (rate / PERIODS_A_SECOND).clamp(min, max)
                }
                _ => rate / PERIODS_A_SECOND,
            };
            let period = BufferSize::Fixed(period);
            let far = |have: u32, want: u32| (have < want, have.abs_diff(want));
            let rank = (far(rate, wanted.rate), far(channels.into(), wanted.channels.into()), coarseness);
            Some((rank, Format { spec: Spec { rate, channels }, sample: range.sample_format(), period }))
        })
        .min_by_key(|(rank, _)| *rank)
        .map(|(_, format)| format)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sound_server_that_is_out_of_reach_is_known_by_its_number() {
        let told = |words: &'static str| {
            CardError::from(cpal::Error::with_message(ErrorKind::BackendError, words)).fault
        };
        for (words, fault) in [
            ("ALSA function 'snd_pcm_open' failed with error 'Host is down (112)'", DeviceFault::NoServer),
            (
                "ALSA function 'snd_pcm_open' failed with error 'Connection refused (111)'",
                DeviceFault::NoServer,
            ),
            ("ALSA function 'snd_pcm_open' failed with error 'Unknown errno (6)'", DeviceFault::NotThere),
            ("ALSA function 'snd_pcm_open' failed with error 'I/O error (5)'", DeviceFault::NotOpened),
            ("something else (no number)", DeviceFault::NotOpened),
        ] {
            assert_eq!(told(words), fault, "{words}");
        }
        let busy = CardError::from(cpal::Error::from(ErrorKind::DeviceBusy));
        assert_eq!(busy.fault, DeviceFault::Busy);
    }
}
