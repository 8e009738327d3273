//! Numbers as FSEQ writes them, the lowest byte first. Knows nothing of what they mean.

/// The 16 bits at `at`.
///
/// # Panics
/// When `bytes` ends before.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

/// The 32 bits at `at`.
///
/// # Panics
/// When `bytes` ends before.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
