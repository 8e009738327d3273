//! From a packet's bytes to samples. The one file that names the library that decodes, and lends its checksums. Knows no
//! file.

use symphonia::core::audio::{Channels, GenericAudioBufferRef, Position};
use symphonia::core::checksum::{Crc8Ccitt, Crc16Ansi, Crc32};
use symphonia::core::codecs::audio::well_known::{
    CODEC_ID_AAC, CODEC_ID_ADPCM_IMA_WAV, CODEC_ID_ADPCM_MS, CODEC_ID_ALAC, CODEC_ID_FLAC, CODEC_ID_MP3,
    CODEC_ID_VORBIS,
};
use symphonia::core::codecs::audio::{AudioCodecId, AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::io::Monitor;
use symphonia::core::packet::PacketRef;
use symphonia::core::units::{Duration, Timestamp};
use symphonia::default::get_codecs;

use super::mix::usual_mask;
use super::pcm::Pcm;
use crate::catch_panic::catch_panic;

/// What a stream of packets is decoded with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Codec {
    pub kind: CodecKind,
    pub rate: u32,
    /// Samples a frame, never 0.
    pub channels: u16,
    /// Where the channels belong, in the order of its bits (see [`super::mix::place`]); 0 where nothing says so.
    pub mask: u32,
    /// What a decoder must have read before it, such as code books; what it is, the kind knows.
    pub setup: Vec<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum CodecKind {
    Pcm(Pcm),
    /// With the frames a block.
    AdpcmIma(u32),
    AdpcmMs(u32),
    Mp3,
    /// `setup` is a stream information block (RFC 9639, 8.2).
    Flac,
    /// `setup` is the identification header and the setup header (Vorbis I, 4.2).
    Vorbis,
    /// `setup` is an AudioSpecificConfig (ISO 14496-3, 1.6.2.1).
    Aac,
    /// `setup` is ALAC's magic cookie.
    Alac,
}

impl CodecKind {
    /// Packets that a decoder must have heard before it is itself again.
    pub(super) const fn run_up(self) -> u64 {
        match self {
            Self::Pcm(_) | Self::AdpcmIma(_) | Self::AdpcmMs(_) | Self::Flac | Self::Alac => 0,
            Self::Aac | Self::Vorbis => 2,
            // A frame may lie in the 511 bytes before it, and the shortest frames have 24 bytes.
            Self::Mp3 => 24,
        }
    }
}

/// Decodes packets of one stream, in their order.
pub(super) struct Decoder {
    inner: Inner,
    /// Where the decoder puts the channels, where that is not as the codec's mask says.
    pub mask: u32,
}

enum Inner {
    Pcm(Pcm),
    Library(Box<dyn AudioDecoder>),
}

/// The bytes are no packet of this stream, or the decoder does not know what is in them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Undecoded;

impl Decoder {
    /// `None` where the library knows no such stream.
    pub(super) fn new(codec: &Codec) -> Option<Self> {
        let inner = match codec.kind {
            CodecKind::Pcm(pcm) => Inner::Pcm(pcm),
            _ => {
                let (parameters, options) =
                    (parameters(codec)?, AudioDecoderOptions::default().gapless(false));
                let made = catch_panic(|| get_codecs().make_audio_decoder(&parameters, &options));
                Inner::Library(made?.ok()?)
            }
        };
        let mask = if codec.mask == 0 { usual_mask(codec.channels) } else { codec.mask };
        Some(Self { inner, mask })
    }

    /// Decodes `packet`, `frames` of which are expected, and appends its samples to `out`, `channels` a
    /// frame. After an error, a panic among them, a decoder may be left half-way: make another.
    pub(super) fn decode(
        &mut self,
        packet: &[u8],
        frames: u32,
        channels: u16,
        out: &mut Vec<f32>,
    ) -> Result<(), Undecoded> {
        match &mut self.inner {
            Inner::Pcm(pcm) => {
                pcm.decode(packet, out);
                Ok(())
            }
            Inner::Library(decoder) => {
                let packet = PacketRef::new(0, Timestamp::ZERO, Duration::from(u64::from(frames)), packet);
                let begin = out.len();
                let mask = catch_panic(|| match decoder.decode_ref(&packet) {
                    Ok(decoded) => interleave(&decoded, channels, out),
                    Err(_) => None,
                });
                match mask {
                    Some(Some(mask)) => {
                        self.mask = mask;
                        Ok(())
                    }
                    _ => {
                        out.truncate(begin);
                        Err(Undecoded)
                    }
                }
            }
        }
    }
}

/// Appends what was decoded to `out` and tells where its channels belong; `None` where they are others than
/// expected.
fn interleave(decoded: &GenericAudioBufferRef<'_>, channels: u16, out: &mut Vec<f32>) -> Option<u32> {
    let spec = decoded.spec();
    if spec.channels().count() != usize::from(channels) && decoded.frames() > 0 {
        return None;
    }
    let begin = out.len();
    out.resize(begin + decoded.samples_interleaved(), 0.0);
    decoded.copy_to_slice_interleaved::<f32, _>(&mut out[begin..]);
    out[begin..].iter_mut().filter(|sample| !sample.is_finite()).for_each(|sample| *sample = 0.0);
    Some(match spec.channels() {
        Channels::Positioned(places) => u32::try_from(places.bits()).unwrap_or(0),
        _ => 0,
    })
}

fn parameters(codec: &Codec) -> Option<AudioCodecParameters> {
    let id: AudioCodecId = match codec.kind {
        CodecKind::AdpcmIma(_) => CODEC_ID_ADPCM_IMA_WAV,
        CodecKind::AdpcmMs(_) => CODEC_ID_ADPCM_MS,
        CodecKind::Mp3 => CODEC_ID_MP3,
        CodecKind::Flac => CODEC_ID_FLAC,
        CodecKind::Vorbis => CODEC_ID_VORBIS,
        CodecKind::Aac => CODEC_ID_AAC,
        CodecKind::Alac => CODEC_ID_ALAC,
        CodecKind::Pcm(_) => return None,
    };
    let places = Position::from_wave_channel_mask(usual_mask(codec.channels))?;
    let mut parameters = AudioCodecParameters::new();
    parameters.for_codec(id).with_sample_rate(codec.rate).with_channels(Channels::Positioned(places));
    if let CodecKind::AdpcmIma(frames) | CodecKind::AdpcmMs(frames) = codec.kind {
        parameters.with_max_frames_per_packet(frames.into()).with_frames_per_block(frames.into());
    }
    if !codec.setup.is_empty() {
        parameters.with_extra_data(codec.setup.clone().into_boxed_slice());
    }
    Some(parameters)
}

/// The checksum of a FLAC frame's header (RFC 9639, 9.1.8).
pub(super) fn crc8(bytes: &[u8]) -> u8 {
    let mut sum = Crc8Ccitt::new(0);
    sum.process_buf_bytes(bytes);
    sum.crc()
}

/// The checksum of a FLAC frame (RFC 9639, 9.3), continued from `sum`.
pub(super) fn crc16(sum: u16, bytes: &[u8]) -> u16 {
    let mut sum = Crc16Ansi::new(sum);
    sum.process_buf_bytes(bytes);
    sum.crc()
}

/// The checksum of an Ogg page (RFC 3533, 6) that consists of `pieces`.
pub(super) fn crc32(pieces: [&[u8]; 3]) -> u32 {
    let mut sum = Crc32::new(0);
    pieces.iter().for_each(|piece| sum.process_buf_bytes(piece));
    sum.crc()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sum_is_the_one_of_its_standard() {
        assert_eq!(crc8(b"123456789"), 0xf4);
        assert_eq!(crc16(crc16(0, b"12345"), b"6789"), 0xfee8);
        assert_eq!(crc32([b"1234", b"", b"56789"]), 0x89a1_897f);
    }
}
