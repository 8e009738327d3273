//! Lights cannot follow the music of a show that has none. Knows no files.

use crate::diagnosis::Help;

use super::sheet_parts::{Instruction, Sheet, SheetItem};
use super::what::What;
use super::words::Mistake;

/// The mistake of the first line with lights that follow, in a show without music.
pub(super) fn without_music(sheet: &Sheet) -> Option<Mistake> {
    let items = sheet.items.iter().flatten().chain(sheet.sections.iter().flat_map(|section| &section.items));
    let follows = |item: &SheetItem| match &item.instruction {
        Instruction::Cue { what: What::Follow { span, .. }, .. } => Some(*span),
        _ => None,
    };
    let span = items.filter_map(follows).min_by_key(|span| span.range().start)?;
    let help = Help::advise("put the music beside the show, and name it at the top, as in `audio song.ogg`");
    Some(
        Mistake::new(span, "this show has no music that lights could follow")
            .label("`audio` is missing")
            .help(help),
    )
}
