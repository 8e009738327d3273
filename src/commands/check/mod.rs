//! `starcourt check`: reports every mistake in the rig, the shows and the schedule, and what would do harm.

mod report;

use std::path::{Path, PathBuf};

use anyhow::anyhow;

use crate::cli::{OutputKind, RigOptions, ScheduleFile};
use crate::diagnosis::{Diagnoses, Diagnosis, Help, Source, did_you_mean};
use crate::preview::layout::LAYOUT_FILE;
use crate::printable::shell_word;
use crate::review;
use crate::rig::{ButtonOrder, Rig};
use crate::schedule::MissingShow;
use crate::show::{self, Show};
use crate::timeline::Change;

use super::files::{self, LoadedRig, LoadedSchedule, LoadedShow};
use super::outcome::{Failure, Outcome};
use super::printed::{self, counted};
use super::sheets_here::sheets_here;
use super::{schedule, warnings};
use report::{CheckReport, Checked, CheckedKind};

/// Of very many changes, the first ones and the number of the others are shown.
const CHANGES_SHOWN: usize = 20;

pub(super) fn check(
    names: &[String],
    options: &RigOptions,
    schedule: &ScheduleFile,
    form: AnswerForm,
) -> Result<(String, Outcome), Failure> {
    if let Some(file) =
        names.iter().map(Path::new).find(|name| name.extension().is_some_and(|it| it == "toml"))
    {
        return Err(no_show(file));
    }
    let output = files::output_kind(&options.output);
    let mut loaded = files::rig(&options.rig, output)?;
    let places = files::show_places(options);
    loaded.told.extend(orders_in_vain(&loaded, &places));
    let asks_for_all = names.is_empty();
    // Whoever asks about a show has read what is told of the rig, or does not look for it now.
    let rig_in_short = if asks_for_all { None } else { warnings::of_rig(&loaded.told, options) };
    let mut report = CheckReport { rig_in_short, ..CheckReport::default() };
    let LoadedRig { path, rig, told } = loaded;
    report.push(Checked {
        kind: CheckedKind::Rig,
        name: path.display().to_string(),
        size: counted(rig.channels.len(), "channel"),
        told,
        failure: None,
        remarks: String::new(),
    });
    let names = if asks_for_all { every_show(&places, &mut report) } else { names.to_vec() };
    for name in names {
        let checked = match files::inspected_show(&name, &places, &rig) {
            Ok(show) => checked_show(show, &rig),
            Err(failure) => unusable(CheckedKind::Show, name, failure),
        };
        report.push(checked);
    }
    if asks_for_all {
        for found in show::misnamed::misnamed(&places).map_err(Failure::bad_file)? {
            report.skip(found.path.display().to_string(), found.to_string(), Some(Outcome::BadFile));
        }
        let here = sheets_here(&places);
        if !here.is_empty() {
            report.skip(String::new(), format!("not checked: {}", here.trim_start()), None);
        }
    }
    if asks_for_all || schedule.schedule.is_some() {
        for leftover in files::leftovers(schedule, output, &places) {
            let outcome = (!leftover.is_replaced).then_some(Outcome::BadFile);
            report.skip(String::new(), leftover.to_string(), outcome);
        }
        match checked_schedule(schedule, output, &places, &rig) {
            Ok(checked) => checked.into_iter().for_each(|checked| report.push(checked)),
            Err(failure) => report.push(unusable(CheckedKind::Schedule, String::new(), failure)),
        }
    }
    let text = match form {
        AnswerForm::Text { colour } => report.text(colour),
        AnswerForm::Json => printed::json(&report.for_programs()),
    };
    Ok((text, report.outcome.unwrap_or(Outcome::Done)))
}

/// `file` is a rig or a schedule: how it is checked.
fn no_show(file: &Path) -> Failure {
    if file.file_name().is_some_and(|name| name == LAYOUT_FILE) {
        return Failure::bad_command_line(anyhow!(
            "{} is no show; `starcourt preview SHOW` checks where the lamps hang, and tells its mistakes",
            shell_word(file)
        ));
    }
    let option = match file.file_stem().is_some_and(|stem| stem.to_string_lossy().contains("schedule")) {
        true => "--schedule",
        false => "--rig",
    };
    let file = shell_word(file);
    Failure::bad_command_line(anyhow!(
        "{file} is no show; write `starcourt check {option} {file}`; `starcourt check` alone checks the rig and the \
         schedule that it finds"
    ))
}

/// How the answer is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum AnswerForm {
    Text {
        colour: bool,
    },
    /// For other programs.
    Json,
}

fn unusable(kind: CheckedKind, name: String, failure: Failure) -> Checked {
    let (size, remarks) = (String::new(), String::new());
    Checked { kind, name, size, told: Diagnoses::default(), failure: Some(failure), remarks }
}

/// Warnings of buttons that order shows which do not exist.
fn orders_in_vain(loaded: &LoadedRig, places: &[PathBuf]) -> Diagnoses {
    let mut told = Diagnoses::default();
    // That there is no folder of shows is told for itself.
    let Ok(shows) = show::find::all(places) else { return told };
    let source = Source::new(&loaded.path, "");
    for button in &loaded.rig.buttons {
        for name in button.orders().filter_map(ButtonOrder::show).filter(|name| !shows.contains_key(*name)) {
            let title = format!("button `{}` plays `{name}`, and there is no such show", button.name);
            let near = did_you_mean(name, shows.keys().map(String::as_str));
            told.push(Diagnosis::warning(&source, title).help_if_any(near.map(Help::advise)));
        }
    }
    told
}

/// `None` if there is no schedule.
fn checked_schedule(
    file: &ScheduleFile,
    output: OutputKind,
    places: &[PathBuf],
    rig: &Rig,
) -> Result<Option<Checked>, Failure> {
    let Some(loaded) = files::schedule(file, output, places, rig, MissingShow::Mistake)? else {
        return Ok(None);
    };
    let LoadedSchedule { path, schedule, told } = loaded;
    let size = match schedule.entries.len() {
        1 => "1 entry".to_owned(),
        several => format!("{several} entries"),
    };
    let mut remarks: String = schedule::day_and_night(&schedule, rig).into_iter().collect();
    if schedule.entries.is_empty() {
        remarks += schedule::SCHEDULE_EXAMPLE;
    }
    let (kind, name) = (CheckedKind::Schedule, path.display().to_string());
    Ok(Some(Checked { kind, name, size, told, failure: None, remarks }))
}

/// Without a folder of shows that is told once, and no show is checked.
fn every_show(places: &[PathBuf], report: &mut CheckReport) -> Vec<String> {
    match show::find::all(places) {
        Ok(shows) => shows.into_keys().collect(),
        Err(error) => {
            let failure = Failure::bad_file(error);
            report.skip(String::new(), failure.message(false), Some(failure.outcome));
            Vec::new()
        }
    }
}

fn checked_show(LoadedShow { show, mut told, length, .. }: LoadedShow, rig: &Rig) -> Checked {
    let mut remarks = String::new();
    if !review::looks_for_cues_without_effect(&show) {
        remarks += "cues without effect are not looked for: the show has more than 150,000 changes\n";
    }
    let (warnings, compiled) = review::warnings(&show, rig, length);
    told.extend(warnings);
    remarks += &changes(&compiled.changes, &show, rig);
    let framed = show.frames.as_ref().map_or(0, |frames| frames.channels().count());
    let framed =
        if framed > 0 { format!(", {} by frames", counted(framed, "channel")) } else { String::new() };
    let size = format!("{}, {}{framed}", length.to_minutes(), counted(show.cues.len(), "cue"));
    Checked { kind: CheckedKind::Show, name: show.name, size, told, failure: None, remarks }
}

fn changes(changes: &[Change], show: &Show, rig: &Rig) -> String {
    if changes.is_empty() {
        return String::new();
    }
    let things = if changes.len() == 1 { "thing" } else { "things" };
    let mut text = format!("the rig's rules change {} {things} in {}:\n", changes.len(), show.name);
    for change in changes.iter().take(CHANGES_SHOWN) {
        let name = &rig.channel(change.channel).name;
        text += &format!("  {:>10}  {name:<12} {}\n", show.place_of(change.time), change.what);
    }
    if changes.len() > CHANGES_SHOWN {
        text += &format!("  … and {} more\n", changes.len() - CHANGES_SHOWN);
    }
    text
}
