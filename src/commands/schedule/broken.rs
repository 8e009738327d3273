//! Shows that a schedule names and that cannot be played. Loads none.

use std::collections::BTreeMap;

/// Each with the reason.
pub(super) type Broken = BTreeMap<String, String>;
