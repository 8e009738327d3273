//! Commands that are run around shows: may it play, before and after it, and when something happens.
//! Runs none of them.

use std::time::Duration;

use crate::config::document::{Form, Value};
use crate::config::fields::{Fields, Found};
use crate::config::quantity::{Quantity, duration};
use crate::config::report::Report;

/// A command that takes longer than this holds up an evening.
const PATIENCE: Duration = Duration::from_secs(10);

const TIMEOUT: Quantity<Duration> = Quantity {
    noun: "a duration",
    example: "10 s",
    read: duration,
    range: Duration::from_millis(100)..=Duration::from_secs(600),
    bounds: "100 ms to 10 min",
};

/// A line for the shell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Script {
    pub line: String,
    /// After this time it is ended, and has failed.
    pub patience: Duration,
}

/// A command whose failure keeps a show from playing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gate {
    pub script: Script,
    /// Why it does not play, for the log; without one the command's own words.
    pub reason: Option<String>,
}

/// What is run for every show.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Commands {
    pub can_run: Option<Gate>,
    pub before: Option<Script>,
    /// Whatever happened to the show, and to `before`.
    pub after: Option<Script>,
    pub on_start: Option<Script>,
    pub on_end: Option<Script>,
    /// A gate did not let a show play.
    pub on_blocked: Option<Script>,
    /// A show could not be played, or ended by a mistake.
    pub on_failed: Option<Script>,
}

/// Reads `[commands]` and `[on]`.
pub(super) fn read(top: &mut Fields<'_>) -> Commands {
    let mut commands = Commands::default();
    let report = top.report;
    if let Some(table) = top.table("commands") {
        let mut fields = Fields::new(table, " under `[commands]`", report);
        commands.can_run = gate(&mut fields);
        commands.before = script(&mut fields, "before");
        commands.after = script(&mut fields, "after");
        fields.finish();
    }
    if let Some(table) = top.table("on") {
        let mut fields = Fields::new(table, " under `[on]`", report);
        commands.on_start = script(&mut fields, "start");
        commands.on_end = script(&mut fields, "end");
        commands.on_blocked = script(&mut fields, "blocked");
        commands.on_failed = script(&mut fields, "failed");
        fields.finish();
    }
    commands
}

/// `key = "COMMAND"` or `key = { run = "COMMAND", timeout = "10 s" }`.
pub(super) fn script(fields: &mut Fields<'_>, key: &'static str) -> Option<Script> {
    let value = &fields.entry(key)?.value;
    read_script(fields, key, value, |_| ()).map(|(script, ())| script)
}

/// `can_run`, which may give a reason too.
pub(super) fn gate(fields: &mut Fields<'_>) -> Option<Gate> {
    let value = &fields.entry("can_run")?.value;
    let reason = |inner: &mut Fields<'_>| inner.text("reason", "words for the log", "it rains");
    let (script, reason) = read_script(fields, "can_run", value, reason)?;
    Some(Gate { script, reason })
}

fn read_script<T: Default>(
    fields: &Fields<'_>,
    key: &'static str,
    value: &Value,
    more: impl FnOnce(&mut Fields<'_>) -> T,
) -> Option<(Script, T)> {
    let report: &Report<'_> = fields.report;
    let place = &fields.place;
    match &value.form {
        Form::Text(line) if !line.trim().is_empty() => {
            Some((Script { line: line.clone(), patience: PATIENCE }, T::default()))
        }
        Form::Table(table) => {
            let mut inner = Fields::new(table, format!(" of `{key}`{place}"), report);
            let line = inner.text("run", "a command", "/usr/local/bin/is-it-dry");
            let patience: Option<Found<Duration>> = inner.quantity("timeout", &TIMEOUT);
            let more = more(&mut inner);
            let has_run = inner.entry("run").is_some();
            inner.finish();
            if !has_run {
                let title = format!("`{key}`{place} has no command");
                report.push(
                    report.error(title).at(value.span.clone(), "").help("its command stands behind `run`"),
                );
            }
            let patience = patience.map_or(PATIENCE, |found| found.value);
            Some((Script { line: line?, patience }, more))
        }
        form => {
            let title = format!("`{key}`{place} must be a command");
            let mend = format!("a command stands in quotes, as in `{key} = \"/usr/local/bin/is-it-dry\"`");
            let label = match form {
                Form::Text(_) => "this is empty".to_owned(),
                form => format!("this is {}", form.noun()),
            };
            report.push(report.error(title).at(value.span.clone(), label).help(mend));
            None
        }
    }
}
