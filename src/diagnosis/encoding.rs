//! Decodes the bytes of a file, or reports how it was saved wrongly. Knows no file's meaning.

use std::path::Path;
use std::sync::Arc;

use super::foreign::foreign_kind;
use super::{Diagnoses, Diagnosis, Help, Source};
use crate::printable::shell_word;

/// The text of the file at `path`, which is a `what`: "rig", "cue sheet".
///
/// # Errors
/// One mistake, where it is not text as this program reads it: UTF-8, with lines that end in a line feed.
pub fn decoded(path: &Path, bytes: Vec<u8>, what: &str) -> Result<Arc<Source>, Diagnoses> {
    let mut told = Diagnoses::default();
    if let Some(other) = foreign_kind(&bytes) {
        let source = Source::new(path, "");
        told.push(Diagnosis::error(&source, format!("this is {other}, not a {what}")).help(Help::advise(
            format!("a {what} is plain text, written in an editor; this file cannot be converted into one"),
        )));
        return Err(told);
    }
    if is_utf16(&bytes) {
        let source = Source::new(path, "");
        let name = shell_word(path);
        told.push(Diagnosis::error(&source, format!("the {what} is saved as UTF-16, not as UTF-8")).help(
            Help::advise(format!(
                "save it as UTF-8, or run: iconv -f UTF-16 -t UTF-8 {name} > new && mv new {name}"
            )),
        ));
        return Err(told);
    }
    let source = match String::from_utf8(bytes) {
        Ok(text) => Source::new(path, text),
        Err(error) => {
            let start = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes());
            // `Source` leaves out a byte order mark.
            let mark = if text.starts_with('\u{feff}') { 3 } else { 0 };
            let source = Source::new(path, text);
            let diagnosis = Diagnosis::error(&source, format!("the {what} is not UTF-8 text"));
            let start = start.saturating_sub(mark);
            let diagnosis = diagnosis.at(start..start + char::REPLACEMENT_CHARACTER.len_utf8(), "");
            told.push(diagnosis.help(Help::advise("save it as UTF-8 in a text editor")));
            return Err(told);
        }
    };
    if has_returns_for_lines(source.text()) {
        let diagnosis = Diagnosis::error(&source, format!("the {what} has the line ends of an old Mac"));
        let label = "each line ends in a carriage return (CR) alone";
        let command = format!(r"run: sed -i 's/\r/\n/g' {}", shell_word(path));
        let help = format!("save it with the line ends of Linux or Windows, or {command}");
        // Without a place: the whole file is one line.
        told.push(diagnosis.help(Help::advise(format!("{label}; {help}"))));
        return Err(told);
    }
    Ok(source)
}

/// With a byte order mark, or without one if the text is mostly ASCII.
fn is_utf16(bytes: &[u8]) -> bool {
    let marked = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let nothings = bytes.iter().take(1_000).filter(|byte| **byte == 0).count();
    marked || (bytes.len() >= 4 && nothings * 3 > bytes.len().min(1_000))
}

/// Whether carriage returns alone end more lines than line feeds do.
fn has_returns_for_lines(text: &str) -> bool {
    let bytes = text.trim_end_matches('\r').as_bytes();
    let feeds = bytes.iter().filter(|byte| **byte == b'\n').count();
    let alone = |(at, byte): &(usize, &u8)| **byte == b'\r' && bytes.get(at + 1) != Some(&b'\n');
    bytes.iter().enumerate().filter(alone).nth(feeds).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> String {
        decoded(Path::new("a.show"), bytes.to_owned(), "cue sheet").unwrap_err().to_string()
    }

    #[test]
    fn what_other_programs_save_is_told_as_what_it_is() {
        let utf16: Vec<u8> = "title A\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(told(&utf16).contains("UTF-16"));
        assert!(told(&[&[0xff, 0xfe], &utf16[..]].concat()).contains("iconv -f UTF-16 -t UTF-8 a.show"));
        assert!(told(b"title A\r\rlength 5 s\r").contains("old Mac"));
        assert!(told(b"title A\rlength 5 s\r0:01 porch on").contains("sed -i 's/\\r/\\n/g' a.show"));
        assert!(told(b"# gr\xfcn\n").contains("a.show:1:5"));
    }

    #[test]
    fn other_line_ends_and_a_byte_order_mark_are_no_mistake() {
        for text in
            ["title A\r\nlength 5 s\r\n", "title A\nlength 5 s\r\n", "\u{feff}title A\n", "title A\r", ""]
        {
            assert!(decoded(Path::new("a.show"), text.into(), "cue sheet").is_ok(), "{text:?}");
        }
    }
}
