//! From the file's channels to the card's. Knows no file and no card.

/// Appends `frames` of `from` channels to `out` as frames of `to` channels.
///
/// One channel goes to both front speakers; more channels than the card has are mixed into those it
/// has; speakers for which the file has nothing stay silent.
pub(crate) fn mapped(frames: &[f32], from: u16, to: u16, out: &mut Vec<f32>) {
    let (from, to) = (usize::from(from), usize::from(to));
    if from == to {
        return out.extend_from_slice(frames);
    }
    let share = 1.0 / from.div_ceil(to) as f32;
    for frame in frames.chunks_exact(from) {
        let begin = out.len();
        out.resize(begin + to, 0.0);
        let place = &mut out[begin..];
        if from == 1 {
            place.iter_mut().take(2).for_each(|sample| *sample = frame[0]);
        } else {
            frame.iter().enumerate().for_each(|(channel, sample)| place[channel % to] += sample * share);
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
        check(&[0.5, 0.25, 0.0, 0.5], &[0.25, 0.375]);
    }
}
