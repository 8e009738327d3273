//! Which names of files a sheet may have. Opens no file.

use crate::diagnosis::Help;

use super::words::{Mistake, Word};

/// `name`, if it is the name of a file in the folder of the show.
pub(super) fn beside_the_show(name: Word) -> Result<Word, Mistake> {
    if name.text.contains('/') || name.text.contains(":\\") || name.text == ".." {
        return Err(Mistake::new(name.span(), "only the name of the file is expected here")
            .label("no folders")
            .help(Help::advise("put the file into the folder of the show, and write its name alone")));
    }
    Ok(name)
}
