//! The text of a file, however its letters are stored: UTF-8 or UTF-16. Knows no format.

use std::borrow::Cow;

use super::fault::{FilePlace, ImportFault};

/// To know what a file is.
const BEGINNING: usize = 4_096;

/// The first letters of a file, if it is text.
pub(super) fn beginning(bytes: &[u8]) -> Option<String> {
    let bytes = &bytes[..bytes.len().min(BEGINNING)];
    let (stored, mark) = stored(bytes);
    let text = match stored {
        StoredLetters::Utf8 => match str::from_utf8(&bytes[mark..]) {
            Ok(text) => text.to_owned(),
            // A letter may be cut in two.
            Err(error) if error.error_len().is_none() => {
                str::from_utf8(&bytes[mark..mark + error.valid_up_to()]).ok()?.to_owned()
            }
            Err(_) => return None,
        },
        StoredLetters::Utf16(unit) => char::decode_utf16(units(&bytes[mark..], unit))
            .map(|letter| letter.unwrap_or('\u{fffd}'))
            .collect(),
    };
    (!text.contains('\0')).then_some(text)
}

/// As UTF-8, its letters may need half as much again.
const LARGEST_UTF_16: usize = 12 << 20;

/// All of its text. UTF-16 is known by its mark, or by the zeros of Latin letters.
///
/// # Errors
/// At the first byte that belongs to no letter.
pub(super) fn whole(bytes: &[u8]) -> Result<Cow<'_, str>, ImportFault> {
    let (stored, mark) = stored(bytes);
    let text = match stored {
        StoredLetters::Utf8 => str::from_utf8(&bytes[mark..]).map(Cow::Borrowed).map_err(|error| {
            ImportFault::new(FilePlace::Byte(mark + error.valid_up_to()), "this is no letter of UTF-8")
                .advise("save the file as UTF-8 in the program that wrote it")
        })?,
        StoredLetters::Utf16(_) if bytes.len() > LARGEST_UTF_16 => {
            return Err(ImportFault::new(
                FilePlace::Whole,
                "a file of UTF-16 of more than 12 MiB is too large",
            )
            .advise("save the file as UTF-8 in the program that wrote it"));
        }
        StoredLetters::Utf16(unit) => {
            let mut text = String::with_capacity(bytes.len() / 2);
            let mut at = mark;
            for letter in char::decode_utf16(units(&bytes[mark..], unit)) {
                let letter = letter.map_err(|_| {
                    ImportFault::new(FilePlace::Byte(at), "this is no letter of UTF-16")
                        .advise("save the file as UTF-8 in the program that wrote it")
                })?;
                at += 2 * letter.len_utf16();
                text.push(letter);
            }
            Cow::Owned(text)
        }
    };
    match text.find('\0') {
        Some(at) => Err(ImportFault::new(FilePlace::Byte(at), "a text has no zeros; this file is damaged")),
        None => Ok(text),
    }
}

/// Of two bytes, which comes first.
type CodeUnit = fn([u8; 2]) -> u16;

enum StoredLetters {
    Utf8,
    Utf16(CodeUnit),
}

/// With the length of the mark before it.
fn stored(bytes: &[u8]) -> (StoredLetters, usize) {
    match bytes {
        [0xef, 0xbb, 0xbf, ..] => (StoredLetters::Utf8, 3),
        [0xff, 0xfe, ..] => (StoredLetters::Utf16(u16::from_le_bytes), 2),
        [0xfe, 0xff, ..] => (StoredLetters::Utf16(u16::from_be_bytes), 2),
        [1..=255, 0, 1..=255, 0, ..] => (StoredLetters::Utf16(u16::from_le_bytes), 0),
        [0, 1..=255, 0, 1..=255, ..] => (StoredLetters::Utf16(u16::from_be_bytes), 0),
        _ => (StoredLetters::Utf8, 0),
    }
}

fn units(bytes: &[u8], unit: CodeUnit) -> impl Iterator<Item = u16> + '_ {
    bytes.chunks_exact(2).map(move |pair| unit([pair[0], pair[1]]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_in_every_way_in_which_windows_stores_it() {
        let little: Vec<u8> = "<a>ü𝄞".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "<a>ü𝄞".encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [
            "<a>ü𝄞".as_bytes().to_vec(),
            "\u{feff}<a>ü𝄞".as_bytes().to_vec(),
            [&[0xff, 0xfe], &*little].concat(),
            [&[0xfe, 0xff], &*big].concat(),
            little,
            big,
        ] {
            assert_eq!(whole(&bytes).as_deref(), Ok("<a>ü𝄞"));
            assert_eq!(beginning(&bytes).as_deref(), Some("<a>ü𝄞"));
        }
    }

    #[test]
    fn what_is_no_letter_is_told_with_its_place() {
        assert_eq!(whole(b"ab\xfcd").unwrap_err().place, FilePlace::Byte(2));
        assert_eq!(whole(b"ab\0d").unwrap_err().place, FilePlace::Byte(2));
        assert_eq!(whole(b"\xff\xfea\0\0\xd8b\0").unwrap_err().place, FilePlace::Byte(4));
        assert_eq!(beginning(b"ab\xc3").as_deref(), Some("ab"));
        assert_eq!(beginning(b"ab\xfcd"), None);
    }
}
