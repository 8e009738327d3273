//! Makes text from outside harmless before a person sees it: titles, file names, keys, answers of another process. The
//! only place for it. Knows neither terminals nor files.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// `text` for one line: it moves no cursor, changes no colour, and turns no letters around.
///
/// A control character becomes its visible picture (escape is `␛`), a tab becomes a space, and what has no
/// picture becomes `�`. The zero-width joiners stay: Persian, Hindi and emoji need them, and they steer
/// nothing.
#[must_use]
pub fn printable(text: &str) -> String {
    text.chars().map(|letter| if letter == '\t' { ' ' } else { shown(letter) }).collect()
}

/// As [`printable`], for a text of several lines: its line breaks and tabs stay.
#[must_use]
pub fn printable_lines(text: &str) -> String {
    let stays = |letter| matches!(letter, '\n' | '\t');
    text.chars().map(|letter| if stays(letter) { letter } else { shown(letter) }).collect()
}

/// `json` with every such character written as JSON's own escape; it says the same as before.
#[must_use]
pub fn printable_json(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for letter in json.chars() {
        // Outside its texts JSON has line breaks, and no other letter of this kind.
        if is_harmful(letter) && letter != '\n' {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                text.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            text.push(letter);
        }
    }
    text
}

/// `path` as a shell takes it, in quotes where it needs them, and printable whatever its bytes are.
#[must_use]
pub fn shell_word(path: &Path) -> String {
    let bytes = path.as_os_str().as_bytes();
    let is_plain = |b: &u8| b.is_ascii_alphanumeric() || b"/._-+:@%".contains(b);
    // A word that begins with a dash would be taken for an option.
    let ahead = if bytes.starts_with(b"-") { "./" } else { "" };
    match str::from_utf8(bytes) {
        Ok(text) if !bytes.is_empty() && bytes.iter().all(is_plain) => format!("{ahead}{text}"),
        Ok(text) if !text.contains(is_harmful) => format!("'{ahead}{}'", text.replace('\'', r"'\''")),
        _ => {
            let escaped: String = bytes
                .iter()
                .map(|b| if is_plain(b) { char::from(*b).to_string() } else { format!("\\x{b:02x}") })
                .collect();
            format!("$'{ahead}{escaped}'")
        }
    }
}

/// As [`printable_lines`], where every letter keeps its length in bytes if it has more than one: what points
/// into `text` by bytes still does, once the controls of one byte are drawn as they are by the one who draws.
#[must_use]
pub fn printable_in_place(text: &str) -> String {
    text.chars()
        .map(|letter| match letter.len_utf8() {
            _ if !is_harmful(letter) => letter,
            1 => letter,
            // From U+0080 to U+009F.
            2 => '¤',
            3 => char::REPLACEMENT_CHARACTER,
            _ => '\u{1fbc4}', // an inverse question mark, of four bytes
        })
        .collect()
}

fn shown(letter: char) -> char {
    match u32::from(letter) {
        control @ 0..=0x1f => char::from_u32(0x2400 + control).expect("a picture of each control character"),
        0x7f => '␡',
        _ if is_harmful(letter) => char::REPLACEMENT_CHARACTER,
        _ => letter,
    }
}

/// Whether a letter may steer a terminal, turn the text beside it around, or hide.
#[must_use]
pub fn is_harmful(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            // Soft hyphen, Arabic letter mark, Mongolian vowel separator, zero-width space.
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'
            // Marks of direction, line and paragraph separators, embeddings and overrides.
            | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            // Word joiner, invisible operators, isolates, deprecated formats.
            | '\u{2060}'..='\u{206f}'
            // Byte order mark, interlinear annotations, tags that are never seen.
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_steer_the_terminal() {
        for (text, shown) in [
            ("a\x1b[2Jb\r\n", "a␛[2Jb␍␊"),
            ("\x1b]0;pwned\x07", "␛]0;pwned␇"),
            ("one\ttwo\x7f", "one two␡"),
            ("\u{9b}31m\u{85}", "�31m�"),
            ("a\u{202e}b\u{2066}c\u{200b}d\u{feff}", "a�b�c�d�"),
            ("tag\u{e0041}", "tag�"),
            ("weiß Jürgen 星庭 👩‍👧", "weiß Jürgen 星庭 👩‍👧"),
        ] {
            assert_eq!(printable(text), shown);
        }
        assert_eq!(printable_lines("a\tb\n\x1bc\r\n"), "a\tb\n␛c␍\n");
    }

    #[test]
    fn every_control_character_and_every_override_is_caught() {
        let harmful = (0..0x20).chain(0x7f..0xa0).chain(0x202a..0x202f).chain(0x2066..0x206a);
        for letter in harmful.filter_map(char::from_u32) {
            let text = format!("a{letter}b");
            assert!(!printable(&text).contains(letter) || letter == ' ', "{letter:?}");
            assert_eq!(printable_in_place(&text).len(), text.len(), "{letter:?}");
        }
        assert_eq!(printable_in_place("x\u{9b}\u{202e}\u{e0041}\x1b"), "x¤�\u{1fbc4}\x1b");
    }

    #[test]
    fn a_path_is_one_word_of_a_shell() {
        for (path, word) in [
            (&b"shows/demo.show"[..], "shows/demo.show"),
            (b"Jingle Bells.show", "'Jingle Bells.show'"),
            (b"it's.show", r"'it'\''s.show'"),
            ("weiß.show".as_bytes(), "'weiß.show'"),
            (b"-rf", "./-rf"),
            (b"a\x1b[2J.show", r"$'a\x1b\x5b2J.show'"),
            (b"gr\xfcn.show", r"$'gr\xfcn.show'"),
            (b"", "''"),
        ] {
            assert_eq!(shell_word(Path::new(std::ffi::OsStr::from_bytes(path))), word);
        }
    }

    #[test]
    fn json_says_the_same_without_the_letters() {
        let json = "{\n  \"title\": \"a\u{9b}\u{202e}\u{e0041}ß\"\n}\n";
        let printed = printable_json(json);
        assert_eq!(printed, "{\n  \"title\": \"a\\u009b\\u202e\\udb40\\udc41ß\"\n}\n");
        let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(read(&printed), read(json));
    }
}
