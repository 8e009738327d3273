//! Which lights of the rig the channels of a file are: by the command line, by their names, else in order. Knows no
//! format.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use super::fault::{FilePlace, ImportFault, quoted};
use crate::diagnosis::did_you_mean;
use crate::rig::{ChannelId, Rig, is_called};

/// No file has more channels.
const HIGHEST: u32 = 10_000_000;
/// Of more channels, the first ones and the number of the others are told.
const TOLD: usize = 8;

/// What the command line says about channels, as in `--map 1=neon --map 4-6=windows --map Tree=none`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ChannelMap {
    entries: Vec<MapEntry>,
    has_levels: bool,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct MapEntry {
    /// As it was typed.
    typed: String,
    from: MapSource,
    /// `None` leaves the channel out.
    to: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum MapSource {
    Numbers(RangeInclusive<u32>),
    Name(String),
}

/// A channel of a file that does something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SourceChannel {
    /// As people count it in the program that wrote the file.
    pub number: u32,
    pub name: Option<String>,
}

impl SourceChannel {
    fn told(&self) -> String {
        match &self.name {
            Some(name) => format!("{} {}", self.number, quoted(name)),
            None => self.number.to_string(),
        }
    }
}

/// A channel of a file, and the lights that it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MappedChannel {
    /// The place among the channels of the file.
    pub source: usize,
    /// As a sheet writes it: a channel or a group.
    pub name: String,
    pub channels: Vec<ChannelId>,
}

/// The channels of a file that become lights, in the order of the file; and the others, in sentences.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct MappedChannels {
    pub mapped: Vec<MappedChannel>,
    pub left: Vec<String>,
}

impl ChannelMap {
    /// Reads `NUMBER=NAME`, `FIRST-LAST=NAME`, `NAME=NAME` or any of these with `none`.
    ///
    /// # Errors
    /// A sentence about the first one that is written in another way, or names a channel for the second time.
    pub fn read<S: AsRef<str>>(typed: &[S]) -> Result<Self, String> {
        let mut entries: Vec<MapEntry> = Vec::new();
        for typed in typed.iter().map(AsRef::as_ref) {
            let expected = || {
                format!(
                    "{} is no map; write `--map 1=neon`, `--map 4-6=windows`, or `--map 1=none` to leave a channel out",
                    quoted(typed)
                )
            };
            let (from, to) = typed.rsplit_once('=').ok_or_else(expected)?;
            let (from, to) = (from.trim(), to.trim());
            if from.is_empty() || to.is_empty() {
                return Err(expected());
            }
            let source = match numbers(from) {
                Some(range) if range.is_empty() || *range.end() > HIGHEST => {
                    return Err(format!(
                        "{} is no range of channels; write the lower number first",
                        quoted(from)
                    ));
                }
                Some(range) => MapSource::Numbers(range),
                None => MapSource::Name(from.to_owned()),
            };
            if let Some(other) = entries.iter().find(|other| other.from.overlaps(&source)) {
                return Err(format!(
                    "`--map {}` and `--map {}` name the same channel; for several lights, name a group of the rig",
                    quoted(&other.typed).trim_matches('`'),
                    quoted(typed).trim_matches('`')
                ));
            }
            let to = (to != "none").then(|| to.to_owned());
            entries.push(MapEntry { typed: typed.to_owned(), from: source, to });
        }
        Ok(Self { entries, has_levels: false })
    }

    /// Whether how hard a note is struck says how bright its light is.
    #[must_use]
    pub fn with_levels(self, has_levels: bool) -> Self {
        Self { has_levels, ..self }
    }

    pub(super) fn has_levels(&self) -> bool {
        self.has_levels
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The lights of `rig` that `channels` are. If the map names lights, only the channels that it names are taken. Else a
    /// channel is the light that has its name, and the others are the free lights, in the order of the rig.
    ///
    /// # Errors
    /// If the map names a light that is not in the rig, or a channel that is not in the file.
    pub fn map(&self, channels: &[SourceChannel], rig: &Rig) -> Result<MappedChannels, ImportFault> {
        self.must_fit(channels, rig)?;
        let mut found = MappedChannels::default();
        let is_told = self.entries.iter().any(|entry| entry.to.is_some());
        let (mut open, mut none) = (Vec::new(), Vec::new());
        for (source, channel) in channels.iter().enumerate() {
            match self.entries.iter().find(|entry| entry.from.means(channel)) {
                Some(MapEntry { to: None, .. }) => none.push(channel),
                Some(entry) => {
                    let name = entry.light_of(channel, rig);
                    let channels = rig.channels_named(&name).unwrap_or_default();
                    found.mapped.push(MappedChannel { source, name, channels });
                }
                None => open.push(source),
            }
        }
        if !is_told {
            open = in_order(open, channels, rig, &mut found.mapped);
        }
        found.mapped.sort_by_key(|mapped| mapped.source);
        let open: Vec<&SourceChannel> = open.into_iter().map(|source| &channels[source]).collect();
        if !none.is_empty() {
            found.left.push(format!("channels that are mapped to none: {}", listed(&none)));
        }
        match (open.is_empty(), is_told) {
            (true, _) => {}
            (false, true) => found.left.push(format!("channels that no --map names: {}", listed(&open))),
            (false, false) => found.left.push(format!(
                "channels for which the rig has no more lights: {}; `--map {}=NAME` chooses others",
                listed(&open),
                open[0].number
            )),
        }
        Ok(found)
    }

    fn must_fit(&self, channels: &[SourceChannel], rig: &Rig) -> Result<(), ImportFault> {
        for entry in &self.entries {
            let place = || FilePlace::Words(format!("--map {}", quoted(&entry.typed).trim_matches('`')));
            if let Some(to) = &entry.to {
                let Some(lights) = rig.channels_named(to) else {
                    let near = did_you_mean(to, rig.names()).unwrap_or_else(|| {
                        let names: Vec<&str> = rig.names().take(TOLD).collect();
                        format!("the rig has {}", names.join(", "))
                    });
                    let what = format!("the rig has no channel or group {}", quoted(to));
                    return Err(ImportFault::new(place(), what).advise(near));
                };
                if let MapSource::Numbers(range) = &entry.from
                    && range.start() < range.end()
                    && lights.len() > 1
                    && (range.end() - range.start()) as usize + 1 != lights.len()
                {
                    let (count, lights) = (range.end() - range.start() + 1, lights.len());
                    let what = format!("{count} channels cannot be the {lights} lights of {}", quoted(to));
                    return Err(ImportFault::new(place(), what)
                        .advise("name a group of as many lights, or one light for all of them"));
                }
            }
            if !channels.iter().any(|channel| entry.from.means(channel)) {
                let what = "the file has no such channel that does something";
                let there: Vec<&SourceChannel> = channels.iter().collect();
                let advice = match there.is_empty() {
                    true => "no channel of the file does anything".to_owned(),
                    false => format!("it has {}", listed(&there)),
                };
                return Err(ImportFault::new(place(), what).advise(advice));
            }
        }
        Ok(())
    }
}

impl MapEntry {
    /// A range onto a group of as many lights maps in order; everything else drives all that is named.
    fn light_of(&self, channel: &SourceChannel, rig: &Rig) -> String {
        let to = self.to.clone().unwrap_or_default();
        match (&self.from, rig.channels_named(&to)) {
            (MapSource::Numbers(range), Some(lights)) if range.start() < range.end() && lights.len() > 1 => {
                let light = channel.number.checked_sub(*range.start()).and_then(|at| lights.get(at as usize));
                light.map_or(to, |light| rig.channel(*light).name.clone())
            }
            _ => to,
        }
    }
}

impl MapSource {
    fn means(&self, channel: &SourceChannel) -> bool {
        match self {
            Self::Numbers(range) => range.contains(&channel.number),
            Self::Name(name) => channel.name.as_deref().is_some_and(|its| its.trim() == name),
        }
    }

    fn overlaps(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Numbers(one), Self::Numbers(other)) => {
                one.start() <= other.end() && other.start() <= one.end()
            }
            (one, other) => one == other,
        }
    }
}

/// Maps `open` channels by name and then in order; returns those for which no light is free.
fn in_order(
    open: Vec<usize>,
    channels: &[SourceChannel],
    rig: &Rig,
    mapped: &mut Vec<MappedChannel>,
) -> Vec<usize> {
    let mut taken: BTreeSet<ChannelId> = BTreeSet::new();
    let mut unnamed = Vec::new();
    for source in open {
        let name = channels[source].name.as_deref().unwrap_or_default();
        let light = rig.channel_ids().find(|id| is_called(name, &rig.channel(*id).name));
        match light.filter(|light| taken.insert(*light)) {
            Some(light) => mapped.push(one(source, light, rig)),
            None => unnamed.push(source),
        }
    }
    let mut free = rig.channel_ids().filter(|id| !taken.contains(id));
    unnamed.retain(|source| match free.next() {
        Some(light) => {
            mapped.push(one(*source, light, rig));
            false
        }
        None => true,
    });
    unnamed
}

fn one(source: usize, light: ChannelId, rig: &Rig) -> MappedChannel {
    MappedChannel { source, name: rig.channel(light).name.clone(), channels: vec![light] }
}

/// `4` or `4-6`.
fn numbers(text: &str) -> Option<RangeInclusive<u32>> {
    let number = |text: &str| {
        let text = text.trim();
        let is_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // What is too large for a number is too large for a channel.
        is_digits.then(|| text.parse().unwrap_or(u32::MAX))
    };
    match text.split_once('-') {
        Some((first, last)) => Some(number(first)?..=number(last)?),
        None => number(text).map(|only| only..=only),
    }
}

fn listed(channels: &[&SourceChannel]) -> String {
    let mut told: Vec<String> = channels.iter().take(TOLD).map(|channel| channel.told()).collect();
    if let Some(more) = channels.len().checked_sub(TOLD).filter(|more| *more > 0) {
        told.push(format!("and {more} more"));
    }
    told.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::Source;

    fn rig() -> Rig {
        let text = "[channels]\nneon = { pin = 4, kind = \"ssr\" }\nleft = { pin = 5, kind = \"ssr\" }\n\
                    right = { pin = 6, kind = \"ssr\" }\n[groups]\nwindows = [\"left\", \"right\"]\n";
        crate::rig::read(&Source::new("rig.toml", text)).0.unwrap()
    }

    fn channels(names: &[&str]) -> Vec<SourceChannel> {
        let name = |name: &&str| (!name.is_empty()).then(|| (*name).to_owned());
        names.iter().zip(1..).map(|(its, number)| SourceChannel { number, name: name(its) }).collect()
    }

    #[track_caller]
    fn check(map: &[&str], names: &[&str], lights: &[(usize, &str)], left: usize) {
        let found = ChannelMap::read(map).unwrap().map(&channels(names), &rig()).unwrap();
        let there: Vec<(usize, &str)> =
            found.mapped.iter().map(|mapped| (mapped.source, mapped.name.as_str())).collect();
        assert_eq!(there, lights, "{map:?}");
        assert_eq!(found.left.len(), left, "{:?}", found.left);
    }

    #[test]
    fn channels_are_lights_by_map_or_name_or_order() {
        check(&[], &["", ""], &[(0, "neon"), (1, "left")], 0);
        check(&[], &["a", "neon", "b", "c"], &[(0, "left"), (1, "neon"), (2, "right")], 1);
        check(&["1=none"], &["", ""], &[(1, "neon")], 1);
        check(&["2=neon"], &["", ""], &[(1, "neon")], 1);
        check(&["1=windows", "2=neon"], &["", ""], &[(0, "windows"), (1, "neon")], 0);
        check(&["1-2=windows"], &["", ""], &[(0, "left"), (1, "right")], 0);
        check(&["1-3=neon"], &["", "", ""], &[(0, "neon"), (1, "neon"), (2, "neon")], 0);
        check(&["Big Tree=all"], &["", "Big Tree"], &[(1, "all")], 1);
    }

    #[test]
    fn a_map_with_a_mistake_is_told() {
        for (map, told) in [
            (&["1"][..], "`1` is no map"),
            (&["=neon"], "is no map"),
            (&["6-4=neon"], "lower number first"),
            (&["1=neon", "1-2=left"], "name the same channel"),
        ] {
            let mistake = ChannelMap::read(map).unwrap_err();
            assert!(mistake.contains(told), "{mistake}");
        }
        for (map, told) in [
            ("1=noen", "did you mean `neon`?"),
            ("9=neon", "it has 1, 2"),
            ("1-3=windows", "3 channels cannot be the 2 lights"),
        ] {
            let map = ChannelMap::read(&[map]).unwrap();
            let fault = map.map(&channels(&["", ""]), &rig()).unwrap_err().to_string();
            assert!(fault.contains(told), "{fault}");
        }
    }
}
