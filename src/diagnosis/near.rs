//! Finds the name that was probably meant by a wrong one. Knows no files.

/// The one of `candidates` that is near enough to `word` to be meant; capitals make no difference. Comparing takes
/// time, so only the first of very many candidates are compared, and a very long word is near to none.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    near_ones(word, candidates).first().copied()
}

/// As [`nearest`], all that are near enough, the nearest first.
#[must_use]
pub fn near_ones<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    const LONGEST_WORD: usize = 64;
    const MOST_CANDIDATES: usize = 200;
    let length = word.chars().take(LONGEST_WORD + 1).count();
    if length > LONGEST_WORD {
        return Vec::new();
    }
    let far = (length / 3).max(1);
    let word = word.to_lowercase();
    let mut near: Vec<_> = candidates
        .into_iter()
        .take(MOST_CANDIDATES)
        .filter(|candidate| candidate.chars().take(length + far + 1).count().abs_diff(length) <= far)
        .map(|candidate| (strsim::damerau_levenshtein(&word, candidate), candidate))
        .filter(|(distance, _)| *distance <= far)
        .collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().map(|(_, candidate)| candidate).collect()
}

/// "did you mean `windows`?", where one of `candidates` is [near](nearest) enough.
#[must_use]
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(word, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_near_name_is_proposed() {
        assert_eq!(did_you_mean("neno", ["neon", "sign"]), Some("did you mean `neon`?".into()));
        assert_eq!(did_you_mean("porch", ["neon", "sign"]), None);
        assert_eq!(nearest("NEON", ["neon", "sign"]), Some("neon"));
        assert_eq!(nearest(&"n".repeat(1 << 24), ["neon", "sign"]), None);
    }
}
