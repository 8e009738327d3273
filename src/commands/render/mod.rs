//! `starcourt render`: what a show does to the lights, without playing it: as a grid, as a picture, or as a table of all
//! changes.

mod changes;

use std::env;
use std::io::stderr;
use std::path::Path;

use anyhow::{Context, anyhow};

use crate::chart::grid::{self, GridForm};
use crate::chart::{Chart, ColumnUnit, Glyphs, Waveform, svg};
use crate::cli::RenderOptions;
use crate::engine::Passes;
use crate::file_access::{replace_named, why_unwritable};
use crate::instance::{self, state::part_of};
use crate::output::trace::{self, TraceForm};
use crate::printable::{printable, shell_word};
use crate::rig::Rig;
use crate::spool;
use crate::time::ShowTime;
use crate::timeline::{Timeline, compile};

use super::files::{self, LoadedShow};
use super::music_file;
use super::outcome::{Failure, Outcome};
use super::warnings;
use super::which_show::{no_show, which_show};

/// Of a pipe or a file.
const USUAL_WIDTH: usize = 80;

/// What standard output is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Screen {
    /// Of a terminal.
    pub(super) width: Option<usize>,
    pub(super) colour: bool,
}

/// What a file is to hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum FileForm {
    Svg,
    Changes(TraceForm),
}

impl FileForm {
    fn of(path: &Path) -> Result<Self, Failure> {
        if path.extension().is_some_and(|ending| ending == "svg") {
            return Ok(Self::Svg);
        }
        TraceForm::of(path).map(Self::Changes).ok_or_else(|| {
            Failure::bad_command_line(anyhow!(
                "-o {}: the name must end in .svg (a picture), .csv (a line a level change) \
                 or .vcd (for a logic-analyser viewer)",
                path.display()
            ))
        })
    }
}

pub(super) fn render(
    name: Option<&str>,
    options: &RenderOptions,
    screen: Screen,
) -> Result<(String, Outcome), Failure> {
    let name = name.ok_or_else(|| which_show("render", &options.stage))?;
    let file = options.file.as_deref().map(|path| FileForm::of(path).map(|form| (path, form))).transpose()?;
    let rig = files::rig(&options.stage.rig, files::output_kind(&options.stage.output))?;
    let places = files::show_places(&options.stage);
    if music_file::is_file(name) {
        return Err(no_show(Path::new(name), &places));
    }
    let loaded = files::show(name, &places, &rig.rig)?;
    let part = part_of(&loaded, options.from.as_ref(), options.to.as_ref(), false)
        .map_err(|why| Failure::bad_command_line(anyhow!(why)))?;
    let to = match part.passes {
        Passes::Once(end) => end,
        Passes::Loop(range) => range.end(),
    };
    if let Some(unit @ (ColumnUnit::Beat | ColumnUnit::Bar)) =
        options.by.filter(|_| loaded.show.tempo.is_none())
    {
        let show = &loaded.show.name;
        return Err(Failure::bad_command_line(anyhow!(
            "a column cannot be {unit}: {show} has no tempo; write seconds, such as `--by 0.5`"
        )));
    }
    let told = [
        warnings::of_rig(&rig.told, &options.stage),
        warnings::of_show(&loaded.told, &loaded.show, &options.stage),
    ];
    for line in told.into_iter().flatten() {
        spool::print_line(&stderr(), &printable(&line));
    }
    let timeline = compile(&loaded.show, &rig.rig).timeline;
    let scene = Scene { loaded: &loaded, rig: &rig.rig, timeline: &timeline, from: part.from, to };
    let text = match file {
        None => scene.grid(options, screen)?,
        Some((path, form)) => scene.file(path, form)?,
    };
    Ok((text, Outcome::Done))
}

/// The part of a compiled show that is rendered.
struct Scene<'a> {
    loaded: &'a LoadedShow,
    rig: &'a Rig,
    timeline: &'a Timeline,
    from: ShowTime,
    to: ShowTime,
}

impl Scene<'_> {
    fn chart(&self) -> Chart {
        Chart::of(&self.loaded.show, self.rig, self.timeline, self.from, self.to)
    }

    fn grid(&self, options: &RenderOptions, screen: Screen) -> Result<String, Failure> {
        let form = GridForm {
            unit: options.by,
            width: options.width.or(screen.width).unwrap_or(USUAL_WIDTH),
            glyphs: Glyphs::of(|name| env::var(name).ok()),
            colour: screen.colour,
        };
        grid::text(&self.chart(), &form).map_err(|many| Failure::bad_command_line(many.into()))
    }

    /// Writes the file; what there is to say about it.
    fn file(&self, path: &Path, form: FileForm) -> Result<String, Failure> {
        let content = match form {
            FileForm::Svg => self.picture()?.into_bytes(),
            FileForm::Changes(form) => {
                let driven = instance::outputs(self.rig, &self.loaded.show);
                let changes = changes::changes(self.timeline, self.rig, &driven, self.from, self.to);
                trace::unplayed(form, self.rig, changes)
            }
        };
        replace_named(path, &content)
            .map_err(|error| anyhow!(why_unwritable(path, &error)))
            .with_context(|| format!("writing {}", path.display()))?;
        Ok(format!("{} is written\n", shell_word(path)))
    }

    fn picture(&self) -> Result<String, Failure> {
        let mut chart = self.chart();
        if let Some(music) = &self.loaded.show.audio {
            let points = svg::waveform_points(&chart);
            let waveform = Waveform::read(&music.path, self.from, self.to, points);
            chart.waveform = Some(waveform.map_err(|error| Failure::bad_file(error.into()))?);
        }
        Ok(svg::draw(&chart))
    }
}
