//! Checksums as FLAC and Ogg have them, from zero, the most significant bit first. Knows no file.

/// CRC-8 with the polynomial 0x07 (RFC 9639, 9.1.8).
pub(super) fn crc8(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, byte| {
        (0..8).fold(sum ^ byte, |sum, _| sum << 1 ^ if sum >> 7 == 1 { 0x07 } else { 0 })
    })
}

/// CRC-16 with the polynomial 0x8005 (RFC 9639, 9.3), continued from `sum`.
pub(super) fn crc16(sum: u16, bytes: &[u8]) -> u16 {
    static TABLE: [u16; 256] = {
        let mut table = [0; 256];
        let mut index = 0;
        while index < 256 {
            let (mut sum, mut bit) = ((index as u16) << 8, 0);
            while bit < 8 {
                sum = sum << 1 ^ if sum >> 15 == 1 { 0x8005 } else { 0 };
                bit += 1;
            }
            table[index] = sum;
            index += 1;
        }
        table
    };
    bytes.iter().fold(sum, |sum, byte| sum << 8 ^ TABLE[usize::from((sum >> 8) as u8 ^ byte)])
}

/// CRC-32 with the polynomial 0x04c11db7 (RFC 3533, 6), continued from `sum`.
pub(super) fn crc32(sum: u32, bytes: &[u8]) -> u32 {
    static TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut index = 0;
        while index < 256 {
            let (mut sum, mut bit) = ((index as u32) << 24, 0);
            while bit < 8 {
                sum = sum << 1 ^ if sum >> 31 == 1 { 0x04c1_1db7 } else { 0 };
                bit += 1;
            }
            table[index] = sum;
            index += 1;
        }
        table
    };
    bytes.iter().fold(sum, |sum, byte| sum << 8 ^ TABLE[usize::from((sum >> 24) as u8 ^ byte)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sum_is_the_one_of_its_standard() {
        assert_eq!(crc8(b"123456789"), 0xf4);
        assert_eq!(crc16(crc16(0, b"12345"), b"6789"), 0xfee8);
        assert_eq!(crc32(crc32(0, b"1234"), b"56789"), 0x89a1_897f);
    }
}
