//! Writes what was imported as a cue sheet. Knows no format and no files.

use std::fmt::Write as _;

use super::imported::{Imported, ImportedTempo};
use crate::printable::is_harmful;
use crate::show::as_name;
use crate::template::title_in_sheet;
use crate::time::ShowTime;

/// Longer remarks are cut: a line of a sheet is to be read.
const LONGEST_REMARK: usize = 120;

/// The names in a new sheet, and what its files say.
#[derive(Clone, Copy, Debug)]
pub struct SheetNames<'a> {
    /// The file that was imported.
    pub origin: &'a str,
    /// If the file says none.
    pub title: &'a str,
    /// The music beside the sheet.
    pub music: Option<&'a str>,
    /// When the show ends; without it, it ends with its music.
    pub length: Option<ShowTime>,
    /// The beat map beside the sheet, if there is one.
    pub beat_map: &'a str,
}

/// All of the sheet.
#[must_use]
pub fn sheet_text(imported: &Imported, names: &SheetNames) -> String {
    let mut text = format!("# Imported from {}\n", remark(names.origin));
    let title = imported.title.as_deref().unwrap_or(names.title);
    line(&mut text, "title", &title_in_sheet(title));
    if let Some(music) = names.music {
        line(&mut text, "audio", &as_name(music));
    }
    if let Some(length) = names.length {
        line(&mut text, "length", &length.to_string());
    }
    match &imported.tempo {
        Some(ImportedTempo::Lines(lines)) => lines.iter().for_each(|tempo| {
            text += tempo;
            text.push('\n');
        }),
        Some(ImportedTempo::Beats { measures, .. }) => measures.iter().for_each(|(bar, measure)| {
            let tempo = match bar {
                1 => format!("map {}, {measure}", as_name(names.beat_map)),
                bar => format!("{measure} from {bar}.1"),
            };
            line(&mut text, "tempo", &tempo);
        }),
        None => {}
    }
    for further in &imported.head {
        text += further;
        text.push('\n');
    }
    if !imported.cues.is_empty() {
        text.push('\n');
        text += &imported.cues;
    }
    text
}

fn line(text: &mut String, word: &str, value: &str) {
    // Writing to a text cannot fail.
    let _ = writeln!(text, "{word:<7} {value}");
}

/// Text of a file as a remark of one line, which no letter of it can end or turn around.
pub(super) fn remark(text: &str) -> String {
    let visible: String = text.chars().map(|letter| if is_harmful(letter) { ' ' } else { letter }).collect();
    let words: Vec<&str> = visible.split_whitespace().collect();
    let words = words.join(" ");
    match words.char_indices().nth(LONGEST_REMARK) {
        Some((cut, _)) => format!("{}…", words[..cut].trim_end()),
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remark_is_one_line_that_steers_nothing() {
        assert_eq!(remark("  a\r\nb\x1b[2J\u{202e}\tc#\"d\" "), "a b [2J c#\"d\"");
        assert_eq!(remark(&"é".repeat(300)).chars().count(), LONGEST_REMARK + 1);
    }
}
