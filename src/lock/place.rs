//! Where the lock directory usually is, and the option that names another one. Opens none.

use std::path::{Path, PathBuf};

use crate::net_link::USUAL_FOLDER;
use crate::printable::shell_word;

/// Where every starcourt on a machine looks. A second directory would be a second truth.
pub(super) const DEFAULT: &str = USUAL_FOLDER;

/// `$XDG_RUNTIME_DIR/starcourt`. `None` where the session has no such directory.
pub(super) fn runtime_fallback() -> Option<PathBuf> {
    let runtime = PathBuf::from(std::env::var_os("XDG_RUNTIME_DIR")?);
    runtime.is_absolute().then(|| runtime.join("starcourt"))
}

/// ` --lock-dir DIR`, if a command does not find `dir` without it.
pub(super) fn option_for(dir: &Path) -> String {
    let is_found = dir == Path::new(DEFAULT) || runtime_fallback().is_some_and(|own| dir == own);
    if is_found { String::new() } else { format!(" --lock-dir {}", shell_word(dir)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_directory_that_was_named_needs_its_option() {
        for (dir, option) in [
            ("/run/starcourt", ""),
            ("/tmp/lock", " --lock-dir /tmp/lock"),
            ("/my lock", " --lock-dir '/my lock'"),
        ] {
            assert_eq!(option_for(Path::new(dir)), option);
        }
    }
}
