//! A guardian's orders as a text (JSON): its instance sends them, and its file in the lock directory has them for the next
//! instance if the guardian is killed. Knows no files and drives nothing.

use anyhow::{Context, Result};

use crate::output::safe_plan::SafePlan;

/// The text of `plan`, in one line.
#[must_use]
pub fn write(plan: &SafePlan) -> Vec<u8> {
    serde_json::to_vec(plan).expect("a plan has no map and nothing that can fail")
}

/// Reads a text of [`write()`].
///
/// # Errors
/// When it is none: this version's or another's.
pub fn read(text: &[u8]) -> Result<SafePlan> {
    serde_json::from_slice(text).context("these are no orders of this version")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::safe_plan::SafePart;
    use crate::output::{Signal, Wire};
    use crate::rig::{Line, Release};

    #[test]
    fn orders_read_as_they_were_written_and_anything_else_is_refused() {
        let wire = Wire { line: Line::new(17).unwrap(), safe: Signal::High };
        let plan = SafePlan { parts: vec![SafePart::Header { lines: vec![wire], release: Release::Input }] };
        let text = write(&plan);
        assert_eq!(
            String::from_utf8_lossy(&text),
            r#"{"parts":[{"header":{"lines":[{"line":17,"safe":"high"}],"release":"input"}}]}"#
        );
        assert_eq!(read(&text).unwrap(), plan);
        for length in 0..text.len() {
            assert!(read(&text[..length]).is_err(), "{length} bytes of it");
        }
        assert!(read(b"release driven\nline 4 high\npins").is_err(), "those of another version");
    }
}
