//! Which tempi a song may have: how alike its onsets are to themselves some time later. Knows no beats.

/// The slowest and the fastest tempo that is looked for, as frames a beat.
pub(super) const SHORTEST: usize = 26; // 231 bpm
pub(super) const LONGEST: usize = 150; // 40 bpm
/// So many multiples of a beat's length count.
const MULTIPLES: usize = 4;

/// How alike onsets are to those `lag` frames later, from 0 to 1, for each lag.
pub(super) fn likeness(onsets: &[f32], longest: usize) -> Vec<f32> {
    let mean = onsets.iter().sum::<f32>() / onsets.len().max(1) as f32;
    let centred: Vec<f32> = onsets.iter().map(|onset| onset - mean).collect();
    let product = |lag: usize| -> f32 {
        let later = centred.get(lag..).unwrap_or_default();
        let mut sum = 0.0;
        for (one, other) in centred.chunks(1_024).zip(later.chunks(1_024)) {
            sum += one.iter().zip(other).map(|(one, other)| one * other).sum::<f32>();
        }
        sum * onsets.len() as f32 / later.len().max(1) as f32
    };
    let whole = product(0).max(1e-9);
    (0..=longest).map(|lag| product(lag) / whole).collect()
}

/// Beat lengths that stand out, in frames, the best first.
pub(super) fn beat_lengths(onsets: &[f32], most: usize) -> Vec<f32> {
    let likeness = likeness(onsets, MULTIPLES * LONGEST + 4);
    let near = |lag: f32| {
        let lag = lag.round() as usize;
        likeness[lag.saturating_sub(1)..=lag + 1].iter().copied().fold(f32::MIN, f32::max)
    };
    // Lengths are tried in steps of a hundredth.
    let steps = (libm::logf(LONGEST as f32 / SHORTEST as f32) / 0.01) as usize;
    let lengths: Vec<f32> = (0..steps).map(|step| SHORTEST as f32 * libm::expf(0.01 * step as f32)).collect();
    let strengths: Vec<f32> = lengths
        .iter()
        .map(|length| (1..=MULTIPLES).map(|times| near(length * times as f32) / MULTIPLES as f32).sum())
        .collect();
    let mut peaks: Vec<usize> = (0..steps)
        .filter(|step| {
            let around = &strengths[step.saturating_sub(6)..(step + 7).min(steps)];
            around.iter().all(|other| *other <= strengths[*step])
        })
        .collect();
    peaks.sort_by(|one, other| strengths[*other].total_cmp(&strengths[*one]));
    peaks.truncate(most);
    peaks.into_iter().map(|step| lengths[step]).collect()
}
