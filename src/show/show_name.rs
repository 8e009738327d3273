//! Which names a show may have. Knows no files.

pub(super) const SUFFIX: &str = "show";

pub(super) const NAME_RULE: &str = "small letters, digits, `_` and `-` are allowed";

pub use crate::rig::is_plain_name as is_show_name;
