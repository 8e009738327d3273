//! A function that the board gives to lines of the header. Knows no rig.

/// A function that the board gives to lines, and the command that switches it off.
pub(super) struct BoardJob {
    pub(super) what: String,
    pub(super) lines: Vec<u8>,
    pub(super) mend: String,
    /// It is a bus for chips: those of the rig are meant to be on it.
    pub(super) is_chip_bus: bool,
}

/// The items as one text.
pub(super) fn listed(items: impl Iterator<Item = impl ToString>, separator: &str) -> String {
    items.map(|item| item.to_string()).collect::<Vec<_>>().join(separator)
}
