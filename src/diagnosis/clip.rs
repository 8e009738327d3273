//! Cuts the texts of messages to a length that a person reads. Knows no mistakes.

/// A longer message is cut. A file that is one endless word would make one.
const LONGEST_MESSAGE: usize = 200;

/// `message`, cut to a length that a person reads.
pub(super) fn clipped(mut message: String) -> String {
    if let Some((end, _)) = message.char_indices().nth(LONGEST_MESSAGE) {
        message.truncate(end);
        message.push('…');
    }
    message
}
