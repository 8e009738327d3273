//! Which names a show may have. Knows no files.

pub(super) const SUFFIX: &str = "show";

pub(super) const NAME_RULE: &str = "small letters, digits, `_` and `-` are allowed";

/// Whether `name` can be the name of a show: `[a-z0-9_-]+`.
#[must_use]
pub fn is_show_name(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-".contains(&b))
}
