//! From the file's channels to the card's. Knows no file and no card.

/// Appends `frames` of one or two channels to `out` as frames of `to` channels.
///
/// Both front speakers have the sound, a single one has the mean of both channels, and all others are silent.
pub(crate) fn mapped(frames: &[f32], from: u16, to: u16, out: &mut Vec<f32>) {
    if from == to {
        return out.extend_from_slice(frames);
    }
    for frame in frames.chunks_exact(from.into()) {
        let (left, right) = (frame[0], frame[frame.len() - 1]);
        match to {
            1 => out.push(left.midpoint(right)),
            _ => {
                out.extend([left, right]);
                out.resize(out.len() + usize::from(to) - 2, 0.0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(frame: &[f32], expected: &[f32]) {
        let mut out = Vec::new();
        mapped(&[frame, frame].concat(), frame.len() as u16, expected.len() as u16, &mut out);
        assert_eq!(out, [expected, expected].concat());
    }

    #[test]
    fn every_channel_is_heard_on_some_speaker() {
        check(&[0.5, -0.5], &[0.5, -0.5]);
        check(&[0.5], &[0.5, 0.5]);
        check(&[0.5], &[0.5, 0.5, 0.0, 0.0]);
        check(&[0.5, 0.25], &[0.375]);
        check(&[0.5, 0.25], &[0.5, 0.25, 0.0, 0.0]);
        check(&[0.5, 0.25], &[0.5, 0.25, 0.0]);
    }
}
