//! `starcourt preview`: a show in the browser, with its lamps and its sound. Drives no light.

mod source;

use std::path::Path;

use anyhow::{Context, anyhow};

use crate::cli::PreviewOptions;
use crate::file_access::{replace_named, why_unwritable};
use crate::printable::shell_word;

use super::files;
use super::music_file;
use super::outcome::{Failure, Outcome};
use super::printed::answer;
use super::which_show::{no_show, which_show};
use source::PreviewSource;

/// What a file is to hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum PageFile {
    Json,
}

impl PageFile {
    fn of(path: &Path) -> Result<Self, Failure> {
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("json") => Ok(Self::Json),
            _ => Err(Failure::bad_command_line(anyhow!(
                "-o {}: the name must end in .html (a page that needs no starcourt) or .json (for other programs)",
                path.display()
            ))),
        }
    }
}

pub(super) fn preview(name: Option<&str>, options: &PreviewOptions) -> Result<Outcome, Failure> {
    let name = name.ok_or_else(|| which_show("preview", &options.stage))?;
    let file = options.file.as_deref().map(|path| PageFile::of(path).map(|form| (path, form))).transpose()?;
    if music_file::is_file(name) {
        return Err(no_show(Path::new(name), &files::show_places(&options.stage)));
    }
    let source = PreviewSource::read(name, options)?;
    match file {
        Some((path, form)) => answer((written(&source, path, form)?, Outcome::Done)),
        None => Err(anyhow!("not yet").into()),
    }
}

/// Writes the file; what there is to say about it.
fn written(source: &PreviewSource, path: &Path, form: PageFile) -> Result<String, Failure> {
    let content = match form {
        PageFile::Json => source.json()?,
    };
    replace_named(path, content.as_bytes())
        .map_err(|error| anyhow!(why_unwritable(path, &error)))
        .with_context(|| format!("writing {}", path.display()))?;
    Ok(format!("{} is written\n", shell_word(path)))
}
