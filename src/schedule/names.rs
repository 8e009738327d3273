//! The names that a schedule may use: of shows, and of its own playlists and looks. Each name means one thing.
//! Knows no times.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::config::document::{Form, KeyValue, Span, Value};
use crate::config::fields::{Fields, Spanned, quoted};
use crate::config::quantity::level;
use crate::config::report::Report;
use crate::diagnosis::{Diagnosis, Help, nearest};
use crate::level::Level;
use crate::rig::{ChannelId, Rig, is_called, is_name, nearest_name};
use crate::show::is_show_name;

use super::units::{LOOK_LEVEL, PAUSE};
use super::{Idle, Look, PlayOrder, Playlist};

const ORDERS: [(&str, PlayOrder); 2] = [("in turn", PlayOrder::InTurn), ("shuffle", PlayOrder::Shuffle)];
const OTHER_ORDERS: [(&str, &str); 4] =
    [("random", "shuffle"), ("shuffled", "shuffle"), ("in order", "in turn"), ("sequential", "in turn")];
const DARK: &str = "dark";

/// What a schedule is checked against.
pub struct ScheduleContext<'a> {
    pub shows: &'a BTreeSet<String>,
    pub rig: &'a Rig,
    pub missing: MissingShow,
}

/// What is reported if a show that the schedule names is missing, or a show has the name of a playlist or look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MissingShow {
    /// A mistake, for a person who writes the file. A warning where the other shows of its playlist still play.
    Mistake,
    /// A warning, for the service. A missing show is passed over like one that cannot be read; of two things with
    /// one name the playlist or look counts.
    Warning,
}

/// What the rest of the file may name.
pub(super) struct Names<'a> {
    known: &'a ScheduleContext<'a>,
    playlists: Vec<Arc<Playlist>>,
    looks: Vec<Arc<Look>>,
    report: &'a Report<'a>,
}

impl<'a> Names<'a> {
    pub(super) fn read(top: &mut Fields<'a>, known: &'a ScheduleContext<'a>) -> Self {
        let report = top.report;
        let mut names = Self { known, playlists: Vec::new(), looks: Vec::new(), report };
        let looks = top.table("looks").map(|table| table.entries.as_slice()).unwrap_or_default();
        for entry in looks {
            names.check_new(entry, "look");
            let levels = names.levels(entry);
            names.looks.push(Arc::new(Look { name: entry.key.clone(), levels }));
        }
        let playlists = top.table("playlists").map(|table| table.entries.as_slice()).unwrap_or_default();
        for entry in playlists {
            names.check_new(entry, "playlist");
            let playlist = names.playlist(entry);
            names.playlists.push(Arc::new(playlist));
        }
        names
    }

    fn check_new(&self, entry: &KeyValue, whose: &str) {
        check_name(entry, whose, self.report);
        let name = entry.key.as_str();
        let is_show = self.known.shows.contains(name);
        let other = if is_show {
            "a show"
        } else if self.looks.iter().any(|look| look.name == name) {
            "a look"
        } else if name == DARK {
            "the word for no light"
        } else {
            return;
        };
        let title = format!("`{name}` is {other} already");
        let diagnosis = if is_show { self.of_shows(title) } else { self.report.error(title) };
        let diagnosis = diagnosis.at(entry.key_span.clone(), format!("the {whose}"));
        let other = format!("{name}_{whose}");
        let help = Help::write(entry.key_span.clone(), &*other)
            .said(format!("choose another name, such as `{other}`"));
        self.report.push(diagnosis.help(help));
    }

    /// `{ windows = "20 %", neon = "on" }`
    fn levels(&self, entry: &KeyValue) -> Vec<(ChannelId, Level)> {
        let (name, report, rig) = (&entry.key, self.report, self.known.rig);
        let Some(table) = Fields::braces(entry, "look", "{ all = \"20 %\" }", report) else {
            return Vec::new();
        };
        let mut levels: Vec<(ChannelId, Level)> = Vec::new();
        for line in &table.entries {
            let Some(channels) = rig.channels_named(&line.key) else {
                let diagnosis = report.error(format!("no channel or group `{}`", line.key));
                let diagnosis = diagnosis.at(line.key_span.clone(), "not in the rig");
                let near = Help::meant(line.key_span.clone(), &line.key, rig.names().chain(["all"]));
                report.push(diagnosis.help_if_any(near));
                continue;
            };
            let expected = "expected `on`, `off` or a percentage, such as `20 %`";
            let level = match &line.value.form {
                Form::Text(text) => match text.trim() {
                    "on" => Some(Level::FULL),
                    "off" => Some(Level::OFF),
                    text => level(text).ok(),
                },
                _ => None,
            };
            let Some(level) = level else {
                let title = format!("`{}` of look `{name}` must be a level", line.key);
                let meant = LOOK_LEVEL.meant(report.written(&line.value.span));
                let help = quoted(&line.key, &line.value.span, &meant);
                report.push(report.error(title).at(line.value.span.clone(), expected).help_if_any(help));
                continue;
            };
            self.warn_of_rounding(line, &channels, level);
            // A later line is the exception to an earlier one: `all`, then a channel.
            levels.retain(|(channel, _)| !channels.contains(channel));
            levels.extend(channels.into_iter().map(|channel| (channel, level)));
        }
        levels
    }

    /// Warns if `level` is between off and full, and all `channels` only switch. Among dimmed channels it does something.
    fn warn_of_rounding(&self, line: &KeyValue, channels: &[ChannelId], level: Level) {
        let shown = level.switched();
        if level == shown || channels.iter().any(|channel| self.known.rig.channel(*channel).kind.dims()) {
            return;
        }
        let state = if shown.is_lit() { "on" } else { "off" };
        let title = format!("`{}` only switches: it is {state} at this level", line.key);
        let help = quoted(&line.key, &line.value.span, &[state.to_owned()]);
        let warning = self.report.warning(title).at(line.value.span.clone(), "on from 50 % upwards");
        self.report.push(warning.help_if_any(help));
    }

    fn playlist(&self, entry: &KeyValue) -> Playlist {
        let (name, report) = (&entry.key, self.report);
        let mut playlist = Playlist {
            name: name.clone(),
            shows: Vec::new(),
            order: PlayOrder::InTurn,
            pause: Duration::ZERO,
        };
        // In short: `evening = ["starcourt", "demo"]`.
        let (list, written) = match &entry.value.form {
            Form::Table(table) => {
                let mut fields = Fields::new(table, format!(" of playlist `{name}`"), report);
                let names_show = |name: &str| self.known.shows.contains(name);
                let shows = fields.texts("shows", "the names of shows", "starcourt", &names_show);
                let text = fields.entry("shows");
                let written = text.is_some();
                playlist.order = fields
                    .choice_meant("order", &ORDERS, &OTHER_ORDERS)
                    .map(|found| found.value)
                    .unwrap_or_default();
                playlist.pause =
                    fields.quantity("pause", &PAUSE).map(|found| found.value).unwrap_or_default();
                fields.finish();
                let text = text.filter(|entry| matches!(entry.value.form, Form::Text(_)));
                if let Some((entry, list)) = text.and_then(|entry| Some((entry, self.list_meant(entry)?))) {
                    self.no_list(entry, format!("`shows` of playlist `{name}` must be a list"), &list);
                    return playlist;
                }
                (shows, written)
            }
            Form::Array(values) => {
                (Some(values.iter().filter_map(|value| plain(value, name, report)).collect()), true)
            }
            form => {
                let title = format!("playlist `{name}` must be a list of shows");
                if let Some(list) = self.list_meant(entry) {
                    self.no_list(entry, title, &list);
                    return playlist;
                }
                let label = format!("this is {}", form.noun());
                let mend = match form {
                    Form::Text(show) if self.known.shows.contains(show) => {
                        let list = format!("[\"{show}\"]");
                        Help::write(entry.value.span.clone(), &*list).said(format!("write `{name} = {list}`"))
                    }
                    _ => {
                        let list = format!("[\"{}\"]", self.any_show());
                        Help::write(entry.value.span.clone(), &*list)
                            .said(format!("write the shows in a list, as in `{name} = {list}`"))
                    }
                };
                report.push(report.error(title).at(entry.value.span.clone(), label).help(mend));
                return playlist;
            }
        };
        if !written || list.as_ref().is_some_and(Vec::is_empty) {
            let diagnosis = report.error(format!("playlist `{name}` has no shows"));
            let list = format!("[\"{}\"]", self.any_show());
            let help = Help::write(entry.value.span.clone(), &*list)
                .said(format!("name its shows, as in `{name} = {list}`"));
            report.push(diagnosis.at(entry.key_span.clone(), "").help(help));
        }
        let list = list.unwrap_or_default();
        let is_there = |show: &Spanned<&str>| self.known.shows.contains(show.value);
        // While another show plays, a missing one is passed over.
        let missing = if list.iter().any(is_there) { MissingShow::Warning } else { self.known.missing };
        for show in list {
            if is_there(&show) {
                playlist.shows.push(show.value.to_owned());
            } else {
                let may_be_missing = missing == MissingShow::Warning && is_show_name(show.value);
                playlist.shows.extend(may_be_missing.then(|| show.value.to_owned()));
                self.no_show(&show, missing, self.known.shows.iter().map(String::as_str));
            }
        }
        playlist
    }

    /// The list that is meant by a text of several shows: `"porch, storm"`.
    fn list_meant(&self, entry: &KeyValue) -> Option<String> {
        let Form::Text(text) = &entry.value.form else { return None };
        let shows: Vec<String> = self.several_in(text)?.iter().map(|show| format!("\"{show}\"")).collect();
        Some(format!("[{}]", shows.join(", ")))
    }

    /// The shows in a text that names several.
    pub(super) fn several_in<'t>(&self, text: &'t str) -> Option<Vec<&'t str>> {
        let words = text.split([',', ';', ' ']).filter(|word| !matches!(*word, "" | "and" | "&" | "+"));
        let shows: Vec<&str> =
            words.map(|word| self.known.shows.contains(word).then_some(word)).collect::<Option<_>>()?;
        (shows.len() > 1).then_some(shows)
    }

    fn no_list(&self, entry: &KeyValue, title: String, list: &str) {
        let span = entry.value.span.clone();
        let help = Help::write(span.clone(), list).said(format!("write `{} = {list}`", entry.key));
        self.report.push(self.report.error(title).at(span, "several shows in one text").help(help));
    }

    /// The lines of a playlist of several shows that the entry `name` is meant to play.
    pub(super) fn playlist_meant(&self, name: &str, shows: &[&str]) -> String {
        let is_taken = self.known.shows.contains(name)
            || self.looks.iter().any(|look| look.name == name)
            || self.playlists.iter().any(|playlist| playlist.name == name);
        let name = if is_taken { format!("{name}_list") } else { name.to_owned() };
        let shows: Vec<String> = shows.iter().map(|show| format!("\"{show}\"")).collect();
        let line = format!("{name} = [{}]", shows.join(", "));
        let place = match self.playlists.is_empty() {
            true => "add `[playlists]` at the end of the file and below it",
            false => "add below `[playlists]`",
        };
        format!("{place} `{line}`, and write `play = \"{name}\"` here")
    }

    fn no_show<'n>(&self, show: &Spanned<&str>, missing: MissingShow, there: impl Iterator<Item = &'n str>) {
        let Spanned { value: name, span } = show;
        let near = nearest(without_suffix(name), there).map(|near| named(span, near, self.report));
        let help = near.unwrap_or_else(|| Help::advise("`starcourt list` lists the shows"));
        let diagnosis = self.as_missing(missing, format!("no show `{name}`"));
        self.report.push(diagnosis.at(span.clone(), "unknown").help(help));
    }

    /// As serious as what the schedule is checked for takes it.
    fn of_shows(&self, title: String) -> Diagnosis {
        self.as_missing(self.known.missing, title)
    }

    /// A mistake or a warning, as `missing` says.
    fn as_missing(&self, missing: MissingShow, title: String) -> Diagnosis {
        match missing {
            MissingShow::Mistake => self.report.error(title),
            MissingShow::Warning => self.report.warning(title),
        }
    }

    /// Whether `name` is taken for a show that is missing now.
    fn may_be_missing(&self, name: &str) -> bool {
        self.known.missing == MissingShow::Warning && is_show_name(name)
    }

    /// Reports a key under `[shows]` that is no show.
    pub(super) fn is_show(&self, entry: &KeyValue) -> bool {
        let is_there = self.known.shows.contains(&entry.key);
        if !is_there {
            let there = self.known.shows.iter().map(String::as_str);
            let show = Spanned { value: entry.key.as_str(), span: entry.key_span.clone() };
            self.no_show(&show, self.known.missing, there);
        }
        is_there
    }

    /// A show that is there, for examples.
    pub(super) fn any_show(&self) -> &str {
        self.known.shows.first().map_or("demo", String::as_str)
    }

    pub(super) fn can_play(&self, name: &str) -> bool {
        self.known.shows.contains(name) || self.playlists.iter().any(|playlist| playlist.name == name)
    }

    /// The playlist or show that `play` names.
    pub(super) fn plays(&self, found: &Spanned<&str>) -> Option<Arc<Playlist>> {
        let name = found.value.trim();
        if let Some(playlist) = self.playlists.iter().find(|playlist| is_called(&playlist.name, name)) {
            return Some(Arc::clone(playlist));
        }
        let alone = || {
            Arc::new(Playlist {
                name: name.to_owned(),
                shows: vec![name.to_owned()],
                order: PlayOrder::InTurn,
                pause: Duration::ZERO,
            })
        };
        if self.known.shows.contains(name) {
            return Some(alone());
        }
        let playlists = self.playlists.iter().map(|playlist| playlist.name.as_str());
        let near =
            nearest(without_suffix(name), playlists.chain(self.known.shows.iter().map(String::as_str)));
        let near = near.map(|near| named(&found.span, near, self.report));
        let diagnosis = self.of_shows(format!("no playlist or show `{name}`"));
        self.report.push(diagnosis.at(found.span.clone(), "unknown").help_if_any(near));
        self.may_be_missing(name).then(alone)
    }

    /// What `between` names.
    pub(super) fn idle(&self, found: &Spanned<&str>) -> Option<Idle> {
        let name = found.value.trim();
        if name == DARK {
            return Some(Idle::Dark);
        }
        if let Some(look) = self.looks.iter().find(|look| is_called(&look.name, name)) {
            return Some(Idle::Look(Arc::clone(look)));
        }
        if self.known.shows.contains(name) {
            return Some(Idle::Show(name.to_owned()));
        }
        let looks = self.looks.iter().map(|look| look.name.as_str());
        let there = looks.chain(self.known.shows.iter().map(String::as_str)).chain([DARK]);
        let near = nearest(without_suffix(name), there).map(|near| named(&found.span, near, self.report));
        let diagnosis = self.of_shows(format!("no look or show `{name}`"));
        self.report.push(diagnosis.at(found.span.clone(), "unknown").help_if_any(near));
        self.may_be_missing(name).then(|| Idle::Show(name.to_owned()))
    }
}

/// "did you mean `near`?", in quotes if the name at `span` has quotes.
fn named(span: &Span, near: &str, report: &Report<'_>) -> Help {
    let is_quoted = report.written(span).starts_with(['"', '\'']);
    Help::meant_is(span.clone(), near, if is_quoted { format!("\"{near}\"") } else { near.to_owned() })
}

/// People also write the name of the show's file.
fn without_suffix(name: &str) -> &str {
    name.trim_end_matches(".show")
}

fn plain<'a>(value: &'a Value, name: &str, report: &Report<'_>) -> Option<Spanned<&'a str>> {
    match &value.form {
        Form::Text(text) => Some(Spanned { value: text.as_str(), span: value.span.clone() }),
        form => {
            let title = format!("playlist `{name}` lists names of shows only");
            let label = format!("this is {}", form.noun());
            report.push(report.error(title).at(value.span.clone(), label));
            None
        }
    }
}

/// Reports a name that is not allowed; `whose` is "entry", "playlist" or "look".
pub(super) fn check_name(entry: &KeyValue, whose: &str, report: &Report<'_>) {
    if !is_name(&entry.key) {
        let title = format!("`{}` cannot be the name of {} {whose}", entry.key, article(whose));
        let rule = "only small letters, digits, `_` and `-`, a letter first, at most 32 of them";
        let near = nearest_name(&entry.key, whose).map(|near| Help::write(entry.key_span.clone(), near));
        report.push(report.error(title).at(entry.key_span.clone(), rule).help_if_any(near));
    }
}

fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}
