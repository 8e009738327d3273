//! Cues with times by the clock become the lines of a sheet: what happens together stands in one line, and what happens
//! again and again in one with `every`. Knows no format.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::rig::{ChannelId, Rig};
use crate::time::ShowTime;

/// Fewer cues of an even row are written one by one.
pub(super) const FEWEST_OF_A_ROW: usize = 4;
/// A sheet does not list more names in one line.
const MOST_NAMES: usize = 12;

/// Something that happens to one channel.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct ClockCue {
    pub(super) channel: ChannelId,
    pub(super) from: ShowTime,
    /// How long it lasts, if the sheet has to say it with `to` or `for`.
    pub(super) lasts: Option<Duration>,
    /// As a sheet has it: `on`, `40 %`, `fade from 0 to 80 % over 2 s`.
    pub(super) what: String,
}

/// The lines of `cues`, in the order of time. What `in_beats` has a word for stands there, and else its time by the clock.
pub(super) fn cue_lines(
    cues: Vec<ClockCue>,
    rig: &Rig,
    in_beats: &dyn Fn(ShowTime) -> Option<String>,
) -> String {
    timed_lines(cues, rig, in_beats).into_iter().map(|(_, line)| line).collect()
}

/// The same, each with its time.
pub(super) fn timed_lines(
    cues: Vec<ClockCue>,
    rig: &Rig,
    in_beats: &dyn Fn(ShowTime) -> Option<String>,
) -> Vec<(ShowTime, String)> {
    let mut together: BTreeMap<(ShowTime, Option<Duration>, String), Vec<ChannelId>> = BTreeMap::new();
    for cue in cues {
        together.entry((cue.from, cue.lasts, cue.what)).or_default().push(cue.channel);
    }
    let mut rows: BTreeMap<(Vec<ChannelId>, Option<Duration>, String), Vec<ShowTime>> = BTreeMap::new();
    for ((from, lasts, what), mut channels) in together {
        channels.sort_unstable();
        channels.dedup();
        rows.entry((channels, lasts, what)).or_default().push(from);
    }
    let mut lines: Vec<(ShowTime, String, String, String)> = Vec::new();
    for ((channels, lasts, what), times) in rows {
        let who = names(&channels, rig);
        for row in even_rows(&times) {
            let (when, what) = when_and_what(&row, lasts, &what, in_beats);
            lines.push((row.from, when, who.clone(), what));
        }
    }
    lines.sort();
    lines.into_iter().map(|(time, when, who, what)| (time, line("", &when, &who, &what))).collect()
}

/// A line in columns.
pub(super) fn line(margin: &str, when: &str, who: &str, what: &str) -> String {
    let width = 26_usize.saturating_sub(margin.len());
    format!("{margin}{when:<width$}  {who:<12}  {what}\n")
}

/// `channels` as a sheet names them: `all`, a group, a list, or `all but` a few.
pub(super) fn names(channels: &[ChannelId], rig: &Rig) -> String {
    let listed = |channels: &[ChannelId]| {
        let names: Vec<&str> = channels.iter().map(|channel| rig.channel(*channel).name.as_str()).collect();
        names.join(", ")
    };
    if channels.len() == 1 {
        return listed(channels);
    }
    if channels.len() == rig.channels.len() {
        return "all".to_owned();
    }
    let is_all_of = |group: &[ChannelId]| {
        group.len() == channels.len() && group.iter().all(|channel| channels.contains(channel))
    };
    if let Some(group) = rig.groups.iter().find(|group| is_all_of(&group.channels)) {
        return group.name.clone();
    }
    let others: Vec<ChannelId> = rig.channel_ids().filter(|channel| !channels.contains(channel)).collect();
    match channels.len() > MOST_NAMES.min(3 * others.len()) && others.len() < channels.len() {
        true => format!("all but {}", listed(&others)),
        false => listed(channels),
    }
}

/// Times that follow one another in even steps.
struct EvenRow {
    from: ShowTime,
    /// How far apart they are, and how many.
    every: Option<(Duration, u32)>,
}

/// `times`, which rise, as rows: as long as possible from the left.
fn even_rows(times: &[ShowTime]) -> Vec<EvenRow> {
    let mut rows = Vec::new();
    let mut at = 0;
    while at < times.len() {
        let step = times.get(at + 1).map(|next| *next - times[at]);
        let count = match step {
            Some(step) => 1 + times[at..].windows(2).take_while(|pair| pair[1] - pair[0] == step).count(),
            None => 1,
        };
        match step.filter(|step| count >= FEWEST_OF_A_ROW && *step >= Duration::from_millis(1)) {
            Some(step) => {
                rows.push(EvenRow { from: times[at], every: Some((step, count as u32)) });
                at += count;
            }
            None => {
                rows.push(EvenRow { from: times[at], every: None });
                at += 1;
            }
        }
    }
    rows
}

fn when_and_what(
    row: &EvenRow,
    lasts: Option<Duration>,
    what: &str,
    in_beats: &dyn Fn(ShowTime) -> Option<String>,
) -> (String, String) {
    if let (None, Some(place)) = (row.every, in_beats(row.from)) {
        let lasts = lasts.map_or_else(String::new, |lasts| format!(" for {}", length(lasts)));
        return (place, format!("{what}{lasts}"));
    }
    match (row.every, lasts) {
        (Some((every, count)), lasts) => {
            let when = format!("{} to {} every {}", row.from, row.from + every * count, length(every));
            let lasts = lasts.map_or_else(String::new, |lasts| format!(" for {}", length(lasts)));
            (when, format!("{what}{lasts}"))
        }
        (None, Some(lasts)) => (format!("{} to {}", row.from, row.from + lasts), what.to_owned()),
        (None, None) => (row.from.to_string(), what.to_owned()),
    }
}

/// A duration as a sheet has it, exact: `2 s`, `250 ms`, `166.667 ms`.
pub(super) fn length(duration: Duration) -> String {
    let micros = duration.as_micros();
    let (whole, unit, decimals) = match micros {
        micros if micros >= 1_000_000 && micros.is_multiple_of(1_000) => (1_000_000, "s", 6),
        _ => (1_000, "ms", 3),
    };
    match micros % whole {
        0 => format!("{} {unit}", micros / whole),
        rest => {
            let rest = format!("{rest:0decimals$}");
            format!("{}.{} {unit}", micros / whole, rest.trim_end_matches('0'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::Source;

    const RIG: &str = "channels.a = { pin = 4, kind = \"ssr\" }\nchannels.b = { pin = 5, kind = \"ssr\" }\n\
        channels.c = { pin = 6, kind = \"ssr\" }\ngroups.two = [\"c\", \"b\"]\n";

    fn rig() -> Rig {
        crate::rig::read(&Source::new("rig.toml", RIG)).0.unwrap()
    }

    /// Milliseconds and channels, each lit for 100 ms.
    fn lines(cues: &[(u64, usize)]) -> Vec<String> {
        let cue = |(millis, channel): &(u64, usize)| ClockCue {
            channel: ChannelId::new(*channel),
            from: ShowTime::from_micros(millis * 1_000),
            lasts: Some(Duration::from_millis(100)),
            what: "on".to_owned(),
        };
        let text = cue_lines(cues.iter().map(cue).collect(), &rig(), &|_| None);
        text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn what_happens_together_is_one_line_and_an_even_row_too() {
        assert_eq!(lines(&[(0, 0), (0, 1), (0, 2)]), ["0:00.000 to 0:00.100 all on"]);
        assert_eq!(lines(&[(0, 2), (0, 1)]), ["0:00.000 to 0:00.100 two on"]);
        assert_eq!(lines(&[(0, 0), (0, 1)]), ["0:00.000 to 0:00.100 a, b on"]);
        let row: Vec<(u64, usize)> = (0..5).map(|flash| (1_000 + flash * 250, 0)).collect();
        assert_eq!(lines(&row), ["0:01.000 to 0:02.250 every 250 ms a on for 100 ms"]);
        assert_eq!(lines(&row[..3]).len(), 3);
    }

    #[test]
    fn lengths_are_exact_and_have_the_unit_that_people_say() {
        for (micros, text) in [
            (2_000_000, "2 s"),
            (1_250_000, "1.25 s"),
            (250_000, "250 ms"),
            (166_667, "166.667 ms"),
            (1_166_667, "1166.667 ms"),
            (5, "0.005 ms"),
        ] {
            assert_eq!(length(Duration::from_micros(micros)), text);
        }
    }
}
