//! `starcourt check`: reports every mistake in the rig, the shows and the schedule, and what would do harm.

use std::path::PathBuf;

use crate::cli::{OutputKind, RigOptions, ScheduleFile};
use crate::diagnosis::{Diagnoses, Diagnosis, Help, Source, did_you_mean};
use crate::printable::printable;
use crate::rig::{ButtonOrder, Rig};
use crate::schedule::MissingShow;
use crate::show::{self, Show};
use crate::time::ShowTime;
use crate::timeline::{Change, Changed, Strain, Strained, compile, strain};

use super::files::{self, LoadedRig, LoadedShow};
use super::outcome::{Failure, Outcome};
use super::printed::counted;
use super::schedule;

/// Of very many changes, the first ones and the number of the others are shown.
const CHANGES_SHOWN: usize = 20;

pub(super) fn check(
    names: &[String],
    options: &RigOptions,
    schedule: &ScheduleFile,
    colour: bool,
) -> Result<(String, Outcome), Failure> {
    let output = files::output_kind(&options.output);
    let mut loaded = files::rig(&options.rig, output)?;
    let places = files::show_places(options);
    loaded.told.extend(orders_in_vain(&loaded, &places)?);
    let mut text = loaded.told.render(colour);
    let channels = counted(loaded.rig.channels.len(), "channel");
    verdict(&mut text, &format!("rig {}: {channels}", loaded.path.display()), &loaded.told);

    let asks_for_all = names.is_empty();
    let names = match names {
        [] => every_show(&places)?,
        names => names.to_vec(),
    };
    let mut outcome = Outcome::Done;
    for name in &names {
        match files::inspected_show(name, &places, &loaded.rig) {
            Ok(loaded_show) => text.push_str(&told_of(loaded_show, &loaded.rig, colour)),
            Err(failure) => {
                outcome = failure.outcome;
                text += &format!("{}\n\nshow {name}: cannot be played\n", failure.message(colour));
            }
        }
    }
    if asks_for_all {
        for found in show::misnamed::misnamed(&places).map_err(Failure::bad_file)? {
            outcome = Outcome::BadFile;
            text += &format!("{found}\n");
        }
    }
    if asks_for_all || schedule.schedule.is_some() {
        for leftover in files::leftovers(schedule, output, &places) {
            if !leftover.is_replaced {
                outcome = Outcome::BadFile;
            }
            text += &format!("{leftover}\n");
        }
        match told_of_schedule(schedule, output, &places, &loaded.rig, colour) {
            Ok(told) => text.push_str(&told),
            Err(failure) => {
                outcome = failure.outcome;
                text += &format!("{}\n\nthe schedule cannot be used\n", failure.message(colour));
            }
        }
    }
    Ok((text, outcome))
}

/// Warnings of buttons that order shows which do not exist.
fn orders_in_vain(loaded: &LoadedRig, places: &[PathBuf]) -> Result<Diagnoses, Failure> {
    let mut told = Diagnoses::default();
    if loaded.rig.buttons.is_empty() {
        return Ok(told);
    }
    let shows = show::find::all(places).map_err(Failure::bad_file)?;
    let source = Source::new(&loaded.path, "");
    for button in &loaded.rig.buttons {
        for name in button.orders().filter_map(ButtonOrder::show).filter(|name| !shows.contains_key(*name)) {
            let title = format!("button `{}` plays `{name}`, and there is no such show", button.name);
            let near = did_you_mean(name, shows.keys().map(String::as_str));
            told.push(Diagnosis::warning(&source, title).help_if_any(near.map(Help::advise)));
        }
    }
    Ok(told)
}

/// Empty if there is no schedule.
fn told_of_schedule(
    file: &ScheduleFile,
    output: OutputKind,
    places: &[PathBuf],
    rig: &Rig,
    colour: bool,
) -> Result<String, Failure> {
    let Some(loaded) = files::schedule(file, output, places, rig, MissingShow::Mistake)? else {
        return Ok(String::new());
    };
    let mut text = loaded.told.render(colour);
    let lines = match loaded.schedule.entries.len() {
        1 => "1 entry".to_owned(),
        several => format!("{several} entries"),
    };
    verdict(&mut text, &format!("schedule {}: {lines}", loaded.path.display()), &loaded.told);
    text.extend(schedule::day_and_night(&loaded.schedule, rig));
    Ok(text)
}

fn every_show(places: &[PathBuf]) -> Result<Vec<String>, Failure> {
    let shows = show::find::all(places).map_err(Failure::bad_file)?;
    Ok(shows.into_keys().collect())
}

fn told_of(LoadedShow { show, mut told, length }: LoadedShow, rig: &Rig, colour: bool) -> String {
    let compiled = compile(&show, rig);
    for strain in strain(&compiled.timeline, rig, length) {
        told.push(warning(&strain, &show, rig, length));
    }
    let mut text = told.render(colour);
    text.push_str(&changes(&compiled.changes, &show, rig));
    let name = &show.name;
    verdict(
        &mut text,
        &format!("show {name}: {}, {}", length.to_minutes(), counted(show.cues.len(), "cue")),
        &told,
    );
    text
}

fn verdict(text: &mut String, what: &str, told: &Diagnoses) {
    let verdict = match told.warnings() {
        0 => "fine".to_owned(),
        1 => "1 warning".to_owned(),
        several => format!("{several} warnings"),
    };
    *text += &format!("{}, {verdict}\n", printable(what));
}

fn warning(strain: &Strain, show: &Show, rig: &Rig, length: ShowTime) -> Diagnosis {
    let name = &rig.channel(strain.channel).name;
    let time = strain.time;
    let warning = match strain.what {
        Strained::Eyes { flashes } => Diagnosis::warning(
            &show.source,
            format!("`{name}` flashes up to {flashes} times a second, from {time} on"),
        )
        .help(Help::advise("more than three flashes a second can bring on a seizure; `flash` under `[limits]` in the rig is the limit")),
        Strained::Contacts { switchings } => {
            let rate = switchings as f64 / length.as_duration().as_secs_f64();
            Diagnosis::warning(
                &show.source,
                format!("the relay `{name}` switches {switchings} times, {rate:.1} times a second on average"),
            )
            .help(Help::advise("above 0.5 a second a relay's contacts wear out within months; an SSR never does"))
        }
    };
    match show.line_behind(strain.channel, time) {
        Some(line) => warning.at(line, "from this cue on"),
        None => warning,
    }
}

fn changes(changes: &[Change], show: &Show, rig: &Rig) -> String {
    if changes.is_empty() {
        return String::new();
    }
    let things = if changes.len() == 1 { "thing" } else { "things" };
    let mut text = format!("the rig's rules change {} {things} in {}:\n", changes.len(), show.name);
    for change in changes.iter().take(CHANGES_SHOWN) {
        let name = &rig.channel(change.channel).name;
        let what = match change.what {
            Changed::OnLater(by) => format!("on {} ms later (min_off)", by.as_millis()),
            Changed::OffLater(by) => format!("off {} ms later (min_on)", by.as_millis()),
            Changed::FlashLeftOut => "flash left out (min_off leaves it no time)".to_owned(),
            Changed::GapLeftOut => "gap left out (min_on leaves it no time)".to_owned(),
            Changed::StaysDark => "stays dark until it is switched on again (on_at_once)".to_owned(),
        };
        text += &format!("  {:>10}  {name:<12} {what}\n", change.time.to_string());
    }
    if changes.len() > CHANGES_SHOWN {
        text += &format!("  … and {} more\n", changes.len() - CHANGES_SHOWN);
    }
    text
}
