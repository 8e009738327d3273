//! `starcourt check`: reports every mistake in the rig, the shows and the schedule, and what would do harm.

use std::path::PathBuf;

use crate::cli::{OutputKind, RigOptions, ScheduleFile};
use crate::diagnosis::{Diagnoses, Diagnosis, Help, Source, did_you_mean};
use crate::printable::printable;
use crate::review;
use crate::rig::{ButtonOrder, Rig};
use crate::schedule::MissingShow;
use crate::show::{self, Show};
use crate::timeline::{Change, Changed, compile};

use super::files::{self, LoadedRig, LoadedShow};
use super::outcome::{Failure, Outcome};
use super::printed::counted;
use super::{schedule, warnings};

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
    loaded.told.extend(orders_in_vain(&loaded, &places));
    let asks_for_all = names.is_empty();
    let mut text = String::new();
    // Whoever asks about a show has read what is told of the rig, or does not look for it now.
    let told_in_short = if asks_for_all { None } else { warnings::of_rig(&loaded.told, options) };
    match told_in_short {
        Some(line) => text += &format!("{line}\n"),
        None => {
            text.push_str(&loaded.told.render(colour));
            let channels = counted(loaded.rig.channels.len(), "channel");
            verdict(&mut text, &format!("rig {}: {channels}", loaded.path.display()), &loaded.told);
        }
    }
    let mut outcome = Outcome::Done;
    let names = match names {
        [] => every_show(&places).unwrap_or_else(|failure| {
            outcome = failure.outcome;
            text += &format!("{}\n", failure.message(colour));
            Vec::new()
        }),
        names => names.to_vec(),
    };
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
    told.extend(review::without_effect(&show, rig));
    let compiled = compile(&show, rig);
    told.extend(review::strains(&show, rig, length, &compiled.timeline));
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
        several => counted(several, "warning"),
    };
    *text += &format!("{}, {verdict}\n", printable(what));
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
        text += &format!("  {:>10}  {name:<12} {what}\n", show.place_of(change.time));
    }
    if changes.len() > CHANGES_SHOWN {
        text += &format!("  … and {} more\n", changes.len() - CHANGES_SHOWN);
    }
    text
}
