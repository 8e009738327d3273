//! Reads the groups of the rig file. A group names channels and groups above it, in order. Knows no lines.

use crate::diagnosis::{Help, nearest};

use super::document::{Form, KeyValue, Table, Value};
use super::report::Report;
use super::words::{check_name, is_called};
use super::{ChannelId, Group};

/// No correct rig has many more names. Comparing thousands of names with each other takes seconds.
const COMPARED: usize = 100;

/// Reads `[groups]`. `channels` has the entries of all channels, also those with mistakes: a group may name them.
pub(super) fn read(table: &Table, channels: &[KeyValue], report: &Report<'_>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for entry in &table.entries {
        check_name(&entry.key, &entry.key_span, "group", report);
        if let Some(channel) = channels.iter().find(|channel| channel.key == entry.key) {
            let diagnosis = report.error(format!("`{}` is both a channel and a group", entry.key));
            let diagnosis = diagnosis.at(entry.key_span.clone(), "the group");
            report.push(
                diagnosis
                    .also_at(channel.key_span.clone(), "the channel")
                    .help(Help::advise("rename one of them")),
            );
        }
        let scope = Scope { group: &entry.key, table, channels, groups: &groups, report };
        let group = Group { name: entry.key.clone(), channels: scope.channels_in(&entry.value) };
        groups.push(group);
    }
    groups
}

/// The names that members of one group may have.
struct Scope<'a> {
    group: &'a str,
    table: &'a Table,
    channels: &'a [KeyValue],
    /// The groups above.
    groups: &'a [Group],
    report: &'a Report<'a>,
}

impl Scope<'_> {
    fn channels_in(&self, value: &Value) -> Vec<ChannelId> {
        let Form::Array(members) = &value.form else {
            let diagnosis = self.report.error(format!("group `{}` must be a list of names", self.group));
            let label = format!("this is {}", value.form.noun());
            let mend = self.report.to_the_top(self.group).unwrap_or_else(|| self.as_list(value));
            self.report.push(diagnosis.at(value.span.clone(), label).help(mend));
            return Vec::new();
        };
        if members.is_empty() {
            let diagnosis = self.report.error(format!("group `{}` is empty", self.group));
            let example = self.example();
            let words = format!(
                "name its channels in the order in which effects run along them, as in `{} = {example}`",
                self.group
            );
            self.report.push(
                diagnosis
                    .at(value.span.clone(), "")
                    .help(Help::write(value.span.clone(), example).said(words)),
            );
        }
        let mut channels = Vec::new();
        for (position, member) in members.iter().enumerate() {
            let Some(name) = self.name(member) else { continue };
            if let Some(first) = members[..position].iter().find(|other| text(other) == Some(name)) {
                let diagnosis = self.report.error(format!("`{name}` is in group `{}` twice", self.group));
                let diagnosis = diagnosis.at(member.span.clone(), "again").also_at(first.span.clone(), "");
                let again = self.report.with_comma(&member.span);
                self.report.push(diagnosis.help(Help::take_out(again, "take one of them out")));
                continue;
            }
            // A channel that is also in another member keeps its first place.
            for channel in self.named(name, member) {
                if !channels.contains(&channel) {
                    channels.push(channel);
                }
            }
        }
        channels
    }

    /// Suggests the names in a text as a list.
    fn as_list(&self, value: &Value) -> Help {
        let names = text(value).map_or(Vec::new(), |text| {
            text.split([',', ' ']).filter(|name| !name.is_empty()).map(|name| format!("\"{name}\"")).collect()
        });
        let is_known = |name: &String| self.known().any(|known| name.trim_matches('"') == known);
        match !names.is_empty() && names.iter().all(is_known) {
            true => {
                let list = format!("[{}]", names.join(", "));
                Help::write(value.span.clone(), &*list).said(format!("write `{} = {list}`", self.group))
            }
            false => {
                let example = self.example();
                Help::write(value.span.clone(), &*example)
                    .said(format!("write the names in a list, as in `{} = {example}`", self.group))
            }
        }
    }

    /// A list of two names of this rig.
    fn example(&self) -> String {
        let names: Vec<String> =
            self.channels.iter().take(2).map(|channel| format!("\"{}\"", channel.key)).collect();
        format!("[{}]", if names.is_empty() { "\"neon\"".to_owned() } else { names.join(", ") })
    }

    fn name<'v>(&self, member: &'v Value) -> Option<&'v str> {
        let name = text(member);
        if name.is_none() {
            let diagnosis = self.report.error(format!("group `{}` lists names only", self.group));
            let label = format!("this is {}", member.form.noun());
            let name = self.known().next().unwrap_or("neon");
            let help = Help::write(member.span.clone(), format!("\"{name}\""))
                .said(format!("write a name in quotes, as in `\"{name}\"`"));
            self.report.push(diagnosis.at(member.span.clone(), label).help(help));
        }
        name
    }

    fn named(&self, name: &str, member: &Value) -> Vec<ChannelId> {
        if let Some(place) = self.channels.iter().position(|channel| is_called(&channel.key, name)) {
            return vec![ChannelId::new(place)];
        }
        if let Some(group) = self.groups.iter().find(|group| is_called(&group.name, name)) {
            return group.channels.clone();
        }
        let is_below = self.table.entries.iter().any(|entry| entry.key == name);
        let (title, label, help): (_, _, Option<Help>) = if name == self.group {
            let span = self.report.with_comma(&member.span);
            (format!("group `{name}` contains itself"), "", Some(Help::take_out(span, "take it out")))
        } else if is_below {
            let mend = format!("move `{name}` above `{}`", self.group);
            (format!("group `{name}` comes only after `{}`", self.group), "", Some(Help::advise(mend)))
        } else {
            let near = nearest(name, self.known().take(COMPARED))
                .map(|near| Help::meant_is(member.span.clone(), near, format!("\"{near}\"")));
            (format!("no channel or group `{name}`"), "unknown", near)
        };
        self.report.push(self.report.error(title).at(member.span.clone(), label).help_if_any(help));
        Vec::new()
    }

    fn known(&self) -> impl Iterator<Item = &str> {
        let channels = self.channels.iter().map(|channel| channel.key.as_str());
        channels.chain(self.groups.iter().map(|group| group.name.as_str()))
    }
}

fn text(value: &Value) -> Option<&str> {
    match &value.form {
        Form::Text(text) => Some(text),
        _ => None,
    }
}
