//! Samples that are written as they are: whole numbers, floats, and the two laws of telephony. Knows no file.

/// How one sample is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Pcm {
    pub kind: SampleFormat,
    /// Whether the lowest byte comes first.
    pub is_little: bool,
    /// Bytes a sample, 1 to 8.
    pub bytes: u8,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum SampleFormat {
    /// Zero is silence.
    Signed,
    /// The middle is silence.
    Unsigned,
    Float,
    ALaw,
    MuLaw,
}

impl Pcm {
    /// `None` where no such samples exist.
    pub(super) fn new(kind: SampleFormat, is_little: bool, bytes: u8) -> Option<Self> {
        let is_known = match kind {
            SampleFormat::Signed | SampleFormat::Unsigned => (1..=4).contains(&bytes),
            SampleFormat::Float => matches!(bytes, 4 | 8),
            SampleFormat::ALaw | SampleFormat::MuLaw => bytes == 1,
        };
        is_known.then_some(Self { kind, is_little, bytes })
    }

    /// Appends the samples in `bytes` to `out`, full scale being 1.
    pub(super) fn decode(self, bytes: &[u8], out: &mut Vec<f32>) {
        out.extend(bytes.chunks_exact(self.bytes.into()).map(|sample| self.sample(sample)));
    }

    fn sample(self, bytes: &[u8]) -> f32 {
        // The highest byte first, from the top down.
        let mut wide = [0; 8];
        for (place, index) in wide.iter_mut().zip(0..bytes.len()) {
            *place = bytes[if self.is_little { bytes.len() - 1 - index } else { index }];
        }
        let word = u32::from_be_bytes([wide[0], wide[1], wide[2], wide[3]]);
        const FULL: f32 = 2_147_483_648.0; // 2^31
        match self.kind {
            SampleFormat::Signed => word.cast_signed() as f32 / FULL,
            SampleFormat::Unsigned => (word ^ 0x8000_0000).cast_signed() as f32 / FULL,
            SampleFormat::Float if self.bytes == 8 => finite(f64::from_be_bytes(wide) as f32),
            SampleFormat::Float => finite(f32::from_bits(word)),
            SampleFormat::ALaw => f32::from(a_law(bytes[0])) / 32_768.0,
            SampleFormat::MuLaw => f32::from(mu_law(bytes[0])) / 32_768.0,
        }
    }
}

/// What is no number is silence: a resampler would spread it over all that follows.
fn finite(sample: f32) -> f32 {
    if sample.is_finite() { sample } else { 0.0 }
}

/// ITU-T G.711.
fn a_law(code: u8) -> i16 {
    let code = code ^ 0x55;
    let (exponent, mantissa) = (code >> 4 & 7, i16::from(code & 0x0f));
    let magnitude = match exponent {
        0 => mantissa << 4 | 8,
        exponent => (mantissa << 4 | 0x108) << (exponent - 1),
    };
    if code & 0x80 != 0 { magnitude } else { -magnitude }
}

/// ITU-T G.711.
fn mu_law(code: u8) -> i16 {
    let code = !code;
    let magnitude = ((i16::from(code & 0x0f) << 3 | 0x84) << (code >> 4 & 7)) - 0x84;
    if code & 0x80 != 0 { -magnitude } else { magnitude }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: SampleFormat, is_little: bool, bytes: &[u8], expected: f32) {
        let mut out = Vec::new();
        Pcm::new(kind, is_little, bytes.len() as u8).unwrap().decode(bytes, &mut out);
        assert_eq!(out, [expected], "{kind:?} {bytes:02x?}");
    }

    #[test]
    fn each_way_of_writing_a_sample_is_read() {
        check(SampleFormat::Signed, true, &[0x00, 0x40], 0.5);
        check(SampleFormat::Signed, false, &[0x40, 0x00], 0.5);
        check(SampleFormat::Signed, true, &[0x00, 0x00, 0xc0], -0.5);
        check(SampleFormat::Signed, true, &[0, 0, 0, 0x80], -1.0);
        check(SampleFormat::Signed, false, &[0xc0], -0.5);
        check(SampleFormat::Unsigned, true, &[0x80], 0.0);
        check(SampleFormat::Unsigned, true, &[0xc0], 0.5);
        check(SampleFormat::Float, true, &0.25_f32.to_le_bytes(), 0.25);
        check(SampleFormat::Float, false, &(-0.25_f64).to_be_bytes(), -0.25);
        check(SampleFormat::Float, true, &f32::NAN.to_le_bytes(), 0.0);
        check(SampleFormat::ALaw, true, &[0xd5], 8.0 / 32_768.0);
        check(SampleFormat::ALaw, true, &[0x2a], -32_256.0 / 32_768.0);
        check(SampleFormat::MuLaw, true, &[0xff], 0.0);
        check(SampleFormat::MuLaw, true, &[0x00], -32_124.0 / 32_768.0);
        assert_eq!(Pcm::new(SampleFormat::Float, true, 3), None);
    }
}
