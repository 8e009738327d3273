//! Reads the commands of a schedule: those that decide whether a show may play, those before and after it, and
//! those for events. Runs none of them.

use std::time::Duration;

use crate::config::document::{Form, Value};
use crate::config::fields::{Fields, Spanned};
use crate::config::report::Report;

use super::units::TIMEOUT;
use crate::diagnosis::Help;

const EXAMPLE: &str = "/usr/local/bin/is-it-dry";

/// The time limit where the schedule gives none.
const PATIENCE: Duration = Duration::from_secs(10);

/// A command line for the shell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hook {
    pub line: String,
    /// The time limit. After it the command is ended, and counts as failed.
    pub patience: Duration,
}

/// A show plays only if this command succeeds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Condition {
    pub hook: Hook,
    /// For the log, if the show may not play. If `None`, what the command wrote.
    pub reason: Option<String>,
}

/// The commands for all shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Commands {
    pub can_run: Option<Condition>,
    pub before: Option<Hook>,
    /// Runs whatever became of the show and of `before`.
    pub after: Option<Hook>,
    pub on_start: Option<Hook>,
    pub on_end: Option<Hook>,
    /// A condition kept a show from playing.
    pub on_blocked: Option<Hook>,
    /// A show could not be played, or broke off.
    pub on_failed: Option<Hook>,
}

/// Reads `[commands]` and `[on]`.
pub(super) fn read(top: &mut Fields<'_>) -> Commands {
    let mut commands = Commands::default();
    let report = top.report;
    if let Some(table) = top.table("commands") {
        let mut fields = Fields::new(table, " under `[commands]`", report);
        commands.can_run = condition(&mut fields);
        commands.before = hook(&mut fields, "before");
        commands.after = hook(&mut fields, "after");
        fields.finish();
    }
    if let Some(table) = top.table("on") {
        let mut fields = Fields::new(table, " under `[on]`", report);
        commands.on_start = hook(&mut fields, "start");
        commands.on_end = hook(&mut fields, "end");
        commands.on_blocked = hook(&mut fields, "blocked");
        commands.on_failed = hook(&mut fields, "failed");
        fields.finish();
    }
    commands
}

/// `key = "COMMAND"` or `key = { run = "COMMAND", timeout = "10 s" }`.
pub(super) fn hook(fields: &mut Fields<'_>, key: &'static str) -> Option<Hook> {
    let value = &fields.entry(key)?.value;
    read_hook(fields, key, value, |_| ()).map(|(hook, ())| hook)
}

/// As [`hook`], and `can_run` may give a reason too.
pub(super) fn condition(fields: &mut Fields<'_>) -> Option<Condition> {
    let value = &fields.entry("can_run")?.value;
    let reason = |inner: &mut Fields<'_>| inner.text("reason", "words for the log", "it rains");
    let (hook, reason) = read_hook(fields, "can_run", value, reason)?;
    Some(Condition { hook, reason })
}

fn read_hook<T: Default>(
    fields: &Fields<'_>,
    key: &'static str,
    value: &Value,
    more: impl FnOnce(&mut Fields<'_>) -> T,
) -> Option<(Hook, T)> {
    let report: &Report<'_> = fields.report;
    let place = &fields.place;
    match &value.form {
        Form::Text(line) if !line.trim().is_empty() => {
            Some((Hook { line: line.clone(), patience: PATIENCE }, T::default()))
        }
        Form::Table(table) => {
            let mut inner = Fields::new(table, format!(" of `{key}`{place}"), report);
            let line = inner.text("run", "a command", EXAMPLE);
            let patience: Option<Spanned<Duration>> = inner.quantity("timeout", &TIMEOUT);
            let more = more(&mut inner);
            let has_run = inner.entry("run").is_some();
            inner.finish();
            if !has_run {
                let title = format!("`{key}`{place} has no command");
                let (room, comma) = report.room_in(value);
                let help = Help::write(room, format!("{comma}run = \"{EXAMPLE}\""))
                    .said(format!("add its command, as in `run = \"{EXAMPLE}\"`"));
                report.push(report.error(title).at(value.span.clone(), "").help(help));
            }
            let patience = patience.map_or(PATIENCE, |found| found.value);
            Some((Hook { line: line?, patience }, more))
        }
        form => {
            let title = format!("`{key}`{place} must be a command");
            let help = Help::write(value.span.clone(), format!("\"{EXAMPLE}\""))
                .said(format!("write a command in quotes, as in `{key} = \"{EXAMPLE}\"`"));
            let label = match form {
                Form::Text(_) => "this is empty".to_owned(),
                form => format!("this is {}", form.noun()),
            };
            report.push(report.error(title).at(value.span.clone(), label).help(help));
            None
        }
    }
}
