//! The simplest file of frames.

/// FSEQ version 1: frames of 50 ms, each with as many values.
pub fn fseq(frames: &[&[u8]]) -> Vec<u8> {
    let channels = frames.first().map_or(0, |frame| frame.len() as u32);
    let mut bytes = Vec::from(*b"PSEQ\x1c\0\0\x01\x1c\0");
    bytes.extend(channels.to_le_bytes());
    bytes.extend((frames.len() as u32).to_le_bytes());
    bytes.extend([50, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    frames.iter().for_each(|frame| bytes.extend(*frame));
    bytes
}
