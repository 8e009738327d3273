//! Which process the kernel ends first when memory runs out: the instance, not its guardian. Knows nothing else.

use std::fs;

const SCORE: &str = "/proc/self/oom_score_adj";

/// In thousandths of all memory. A guardian is far smaller than its instance anyway; this is for
/// machines with next to nothing left, and no reason to end a show before a program that eats them up.
const HANDICAP: i32 = 20;

/// Makes this process a better choice than its children that [`lower`].
pub(super) fn raise() {
    shift(HANDICAP);
}

/// Takes back what the parent did with [`raise`].
pub(super) fn lower() {
    shift(-HANDICAP);
}

/// Where that is not permitted, or there is no such file, the sizes alone decide.
fn shift(by: i32) {
    let score = fs::read_to_string(SCORE).ok().and_then(|text| text.trim().parse::<i32>().ok());
    if let Some(score) = score {
        let _ = fs::write(SCORE, (score + by).clamp(-1_000, 1_000).to_string());
    }
}
