//! The text of a composed sheet: its head, what was heard, its cues and its sections. Knows no files.

use std::fmt::Write as _;
use std::time::Duration;

use super::approval::{CuePlace, ReadSheet, WrittenSheet, approved};
use super::arrange::{Arrangement, arrange};
use super::form::SongForm;
use super::lights::LightUse;
use super::line::{ColumnWidths, ComposedLine, CueLine, CueWhen};
use super::style::ShowStyle;
use crate::analysis::HeardSong;
use crate::beats::BarGrid;
use crate::random::Random;
use crate::rig::Rig;
use crate::show::as_name;
use crate::template::title_in_sheet;
use crate::time::ShowTime;

/// More flashes a second can cause a seizure, whatever the rig allows (WCAG 2.2, "three flashes").
const MOST_FLASHES: u64 = 3;
/// So much slower than the limit, because no band is a clock.
const MARGIN: f64 = 1.1;
/// Of the lines of a section.
const INDENT: &str = "  ";
const ALWAYS: &str = "a String takes everything";

/// What a show is composed of.
pub struct ComposeRequest<'a> {
    /// What its music or its person calls it; any text.
    pub title: &'a str,
    /// The name of the music beside it.
    pub music: &'a str,
    pub length: ShowTime,
    pub heard: &'a HeardSong,
    /// The beats of the sheet's tempo; the first begins bar 1.
    pub grid: BarGrid<'a>,
    /// As in a sheet: `tempo 112 bpm, 4/4, first beat at 0.420 s`.
    pub tempo_line: &'a str,
    /// What was heard, in a few words; each becomes a comment.
    pub heard_words: &'a [String],
    pub rig: &'a Rig,
    pub seed: u64,
}

/// Composes a show: the text of its sheet. `read` reads a sheet and has its lights follow the music. `None` if no sheet of
/// this head can be read.
#[must_use]
pub fn composed(request: &ComposeRequest, read: &ReadSheet) -> Option<String> {
    let ComposeRequest { rig, length, seed, .. } = *request;
    let mut chance = Random::new(&[b"compose", &seed.to_le_bytes(), b"lights"]);
    let lights = LightUse::of(rig, &mut chance);
    let form = SongForm::of(request.heard, &request.grid, shortest_flash(rig));
    let mut made = arrange(rig, &lights, &form, length, seed);
    let in_bar = request.grid.in_bar;
    let head = head(request, &lights);
    let write = |made: &Arrangement| written(&head, made, in_bar);
    let text = approved(&mut made, rig, length, &write, read)?;
    if made.has_cues() {
        return Some(text);
    }
    // Every rig allows one light that stays on.
    let first = &rig.channels.first()?.name;
    let mut made =
        Arrangement { lines: vec![CueLine::new(CueWhen::At(0), first, "on").into()], sections: Vec::new() };
    approved(&mut made, rig, length, &write, read)
}

fn shortest_flash(rig: &Rig) -> Duration {
    let flashes = rig.limits.flash.map_or(MOST_FLASHES, |limit| u64::from(limit).min(MOST_FLASHES)).max(1);
    Duration::from_secs_f64(MARGIN / flashes as f64)
}

fn head(request: &ComposeRequest, lights: &LightUse) -> String {
    let mut text = String::new();
    let mut line = |line: String| writeln!(text, "{line}").expect(ALWAYS);
    line(format!(
        "# A show that `starcourt compose --seed {}` wrote from what it heard; another seed gives another show.",
        request.seed
    ));
    line(
        "# It is yours now: play it, change its lines, add your own. docs/cue-sheet.md teaches the language."
            .to_owned(),
    );
    line("#".to_owned());
    for words in request.heard_words {
        line(format!("# {words}"));
    }
    line("#".to_owned());
    if lights.wash.is_some() {
        line(format!("# style: {}", ShowStyle::of(request.seed).words()));
    }
    let sets = |sets: &[super::naming::LightSet]| -> String {
        sets.iter().map(|set| set.who.clone()).collect::<Vec<_>>().join("; ")
    };
    let one =
        |set: &Option<super::naming::LightSet>| set.as_ref().map_or(String::new(), |set| set.who.clone());
    let background = match &lights.answers {
        Some((call, answer)) => ("background, in two halves", format!("{}; {}", call.who, answer.who)),
        None => ("background", one(&lights.wash)),
    };
    for (name, who) in [
        background,
        ("the tune", one(&lights.tune)),
        ("twinkling", one(&lights.sparkle)),
        ("drums, from low to high", sets(&lights.drums)),
        ("relays that mark the parts", sets(&lights.marks)),
    ] {
        if !who.is_empty() {
            line(format!("# {name}: {who}"));
        }
    }
    line(String::new());
    line(format!("title   {}", title_in_sheet(request.title)));
    line(format!("audio   {}", as_name(request.music)));
    let tempo = request.tempo_line.strip_prefix("tempo ").unwrap_or(request.tempo_line);
    line(format!("tempo   {tempo}"));
    text
}

fn written(head: &str, made: &Arrangement, in_bar: u32) -> WrittenSheet {
    let mut sheet = WrittenSheet { text: head.to_owned(), places: Vec::new() };
    let sections = made.sections.iter().map(|section| ColumnWidths::of(&section.lines, in_bar, INDENT));
    let widths = sections.fold(ColumnWidths::of(&made.lines, in_bar, ""), ColumnWidths::widest);
    let write = |lines: &[ComposedLine], section: Option<usize>, indent: &str, sheet: &mut WrittenSheet| {
        for (number, line) in lines.iter().enumerate() {
            let from = sheet.text.len();
            line.write(&mut sheet.text, in_bar, indent, widths);
            sheet.places.push((from..sheet.text.len(), CuePlace { section, line: number }));
        }
    };
    sheet.text.push('\n');
    sheet.text.push_str(&widths.names());
    write(&made.lines, None, "", &mut sheet);
    for (number, section) in made.sections.iter().enumerate() {
        writeln!(sheet.text, "\nsection {:<20}  # {}", section.name, section.why).expect(ALWAYS);
        write(&section.lines, Some(number), INDENT, &mut sheet);
    }
    sheet
}
