//! Cues that make no difference, because others win or because a relay only switches. Pure; it judges, and changes
//! nothing.
//!
//! A cue that says what is so already, such as `off` at the beginning, is a plain way to write, and none of these.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::level::Level;
use crate::rig::{ChannelId, Rig};
use crate::show::{Action, Cue, Show};
use crate::time::ShowTime;

use super::Track;
use super::base::{base, setting, shape};
use super::compile::{cover_of, cues_by_channel};
use super::stretch::{Cover, Stretch, StretchShape, for_each_top, overlay};

/// A line of a sheet that makes no difference on any of its channels, however often it is played.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unseen {
    /// One of its cues, as an index into [`Show::cues`].
    pub cue: usize,
    /// One of the cue's channels.
    pub channel: ChannelId,
    /// Why that channel does not show it. Other cues are given as indices, too.
    pub why: WhyUnseen,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WhyUnseen {
    /// `by` starts at the same time, sets the base as well, and wins.
    Beaten { by: usize },
    /// `by`, and perhaps others, lie over it as long as it lasts: to its end, or until `next` sets the base.
    Covered { by: usize, next: Option<usize> },
    /// The channel only switches, and all its levels are on, or all are off. So it is with all channels of the line.
    Rounded { on: bool },
}

/// The lines of `show` that make no difference on `rig`, in the order of the sheet. One is enough for each line.
#[must_use]
pub fn unseen(show: &Show, rig: &Rig) -> Vec<Unseen> {
    let mut makes_difference = vec![false; show.cues.len()];
    let mut found = Vec::new();
    for (channel, cues) in rig.channel_ids().zip(cues_by_channel(show, rig)) {
        let part = ChannelPart::new(&cues, show, rig, channel);
        part.judge(&mut |cue, why| match why {
            Some(WhyUnseen::Rounded { .. }) if is_dimmed_somewhere(&show.cues[cue], rig) => {
                makes_difference[cue] = true;
            }
            Some(why) => found.push(Unseen { cue, channel, why }),
            None => makes_difference[cue] = true,
        });
    }
    found.retain(|unseen| !makes_difference[unseen.cue]);
    // What is rounded makes a difference all the same, so that comes first.
    found.sort_by_key(|unseen| (!matches!(unseen.why, WhyUnseen::Rounded { .. }), unseen.cue));
    let mut lines = BTreeMap::new();
    for unseen in found {
        lines.entry(show.cues[unseen.cue].line.start).or_insert(unseen);
    }
    for (cue, _) in show.cues.iter().zip(&makes_difference).filter(|(_, makes_difference)| **makes_difference)
    {
        if lines.is_empty() {
            break;
        }
        lines.remove(&cue.line.start);
    }
    lines.into_values().collect()
}

fn is_dimmed_somewhere(cue: &Cue, rig: &Rig) -> bool {
    cue.channels.iter().any(|channel| rig.channel(*channel).kind.dims())
}

/// What is told of a cue, by number: why it makes no difference, or `None` if it makes one.
type Judge<'a> = dyn FnMut(usize, Option<WhyUnseen>) + 'a;

/// The part of a show that one channel has in it.
struct ChannelPart<'a> {
    /// Those that set the base, by number.
    setting: Vec<(u32, &'a Cue)>,
    /// A stretch for each time at which one of these starts.
    base: Vec<Stretch>,
    /// The numbers of the cues that lie over the base.
    over: Vec<u32>,
    covers: Vec<Cover>,
    /// From when on which cover is on top.
    tops: Vec<(ShowTime, Option<u32>)>,
    switches: bool,
    /// What is seen in the end, once somebody asks.
    track: OnceCell<Track>,
}

impl<'a> ChannelPart<'a> {
    /// `cues` are those of `channel` by number, with its place in each.
    fn new(cues: &[(u32, u32)], show: &'a Show, rig: &Rig, channel: ChannelId) -> Self {
        let channel = rig.channel(channel);
        let numbered = || cues.iter().map(|(number, _)| (*number, &show.cues[*number as usize]));
        // As if there were no frames: what wins over a cue without them does so with them.
        let base = base(numbered().map(|(_, cue)| cue), std::iter::empty());
        let over = numbered().zip(cues).filter_map(|((number, cue), (_, place))| {
            cover_of(cue, *place as usize, &channel.name).map(|cover| (number, cover))
        });
        let (over, covers): (Vec<u32>, Vec<Cover>) = over.unzip();
        let mut tops = Vec::new();
        for_each_top(&covers, |from, _, top| tops.push((from, top.map(|top| top as u32))));
        let setting = setting(numbered());
        Self { setting, base, over, covers, tops, switches: !channel.kind.dims(), track: OnceCell::new() }
    }

    fn judge(&self, judge: &mut Judge) {
        let seen = self.seen_stretches();
        let together = self.setting.chunk_by(|(_, cue), (_, next)| cue.start == next.start);
        let mut next = None;
        for (index, cues) in (0..self.base.len()).rev().zip(together.rev()) {
            let (winner, cue) = cues[cues.len() - 1];
            let winner = winner as usize;
            for (number, beaten) in &cues[..cues.len() - 1] {
                let start = beaten.start;
                let own = self.light_of(&Stretch { start, shape: shape(beaten, &self.base[..index]) });
                let is_the_same = own == self.light_of(&self.base[index]);
                judge(*number as usize, (!is_the_same).then_some(WhyUnseen::Beaten { by: winner }));
            }
            let until = self.base.get(index + 1).map(|next| next.start);
            let why = match seen[index] || self.shows(&self.base[index], until) {
                true => self.rounded_setting(cue, &self.base[index]),
                false => self.top_at(cue.start).map(|by| WhyUnseen::Covered { by, next }),
            };
            judge(winner, why);
            next = Some(winner);
        }
        let mut is_on_top = vec![false; self.covers.len()];
        self.tops.iter().filter_map(|(_, top)| *top).for_each(|top| is_on_top[top as usize] = true);
        for ((number, cover), is_on_top) in self.over.iter().zip(&self.covers).zip(is_on_top) {
            let is_shown =
                is_on_top || cover.opaque().all(|(stretch, until)| self.shows(stretch, Some(until)));
            let why = match is_shown {
                true => self.rounded(cover.opaque().flat_map(|(stretch, _)| levels_of(&stretch.shape))),
                false => cover.opaque().next().and_then(|(stretch, _)| {
                    self.top_at(stretch.start).map(|by| WhyUnseen::Covered { by, next: None })
                }),
            };
            judge(*number as usize, why);
        }
    }

    /// Whether each stretch of the base is seen at some time, or is where a fade starts that is seen.
    fn seen_stretches(&self) -> Vec<bool> {
        let mut seen = vec![false; self.base.len()];
        let ends = self.tops.iter().skip(1).map(|(from, _)| Some(*from)).chain([None]);
        for ((from, _), until) in self.tops.iter().zip(ends).filter(|((_, top), _)| top.is_none()) {
            let begun = self.base.partition_point(|stretch| stretch.start <= *from);
            let first = begun.saturating_sub(1);
            for (stretch, seen) in self.base[first..].iter().zip(&mut seen[first..]) {
                if until.is_some_and(|until| stretch.start >= until) {
                    break;
                }
                *seen = true;
            }
        }
        let mut winners = self.setting.chunk_by(|(_, cue), (_, next)| cue.start == next.start).rev();
        for index in (1..seen.len()).rev() {
            let winner = winners.next().and_then(<[_]>::last);
            let goes_on =
                winner.is_some_and(|(_, cue)| matches!(cue.action, Action::Fade { from: None, .. }));
            seen[index - 1] |= seen[index] && goes_on;
        }
        seen
    }

    /// The number of the cue that lies on top at `time`.
    fn top_at(&self, time: ShowTime) -> Option<usize> {
        let begun = self.tops.partition_point(|(from, _)| *from <= time);
        self.tops[begun.checked_sub(1)?].1.map(|cover| self.over[cover as usize] as usize)
    }

    /// What the channel would show of `stretch` alone.
    fn light_of(&self, stretch: &Stretch) -> Track {
        switched_if(self.switches, overlay(std::slice::from_ref(stretch), &[]))
    }

    /// Whether the light is as `stretch` wants it from its start `until` the next.
    fn shows(&self, stretch: &Stretch, until: Option<ShowTime>) -> bool {
        let wanted = self.light_of(stretch);
        let track = self.track.get_or_init(|| switched_if(self.switches, overlay(&self.base, &self.covers)));
        let mut time = stretch.start;
        while wanted.level_at(time) == track.level_at(time) {
            let next =
                |track: &Track| track.next_edge(time).filter(|edge| until.is_none_or(|until| *edge < until));
            match (next(&wanted), next(track)) {
                (None, None) => return true,
                (Some(one), Some(other)) if one == other => time = one,
                _ => return false,
            }
        }
        false
    }

    /// As [`Self::rounded`], for a cue that sets the base. A fade that starts at the present level is judged by where it
    /// leads: `fade to off` is a plain way to say `off`.
    fn rounded_setting(&self, cue: &Cue, stretch: &Stretch) -> Option<WhyUnseen> {
        match cue.action {
            Action::Fade { from: None, to, .. } if !is_between(to) => None,
            _ => self.rounded(levels_of(&stretch.shape)),
        }
    }

    fn rounded(&self, levels: impl Iterator<Item = Level>) -> Option<WhyUnseen> {
        if !self.switches {
            return None;
        }
        let mut levels = levels.peekable();
        let shown = levels.peek()?.switched();
        let mut has_between = false;
        let is_constant =
            levels.inspect(|level| has_between |= is_between(*level)).all(|level| level.switched() == shown);
        (is_constant && has_between).then_some(WhyUnseen::Rounded { on: shown.is_lit() })
    }
}

/// Neither off nor full.
fn is_between(level: Level) -> bool {
    level != Level::OFF && level != Level::FULL
}

/// The levels between which it moves.
fn levels_of(shape: &StretchShape) -> impl Iterator<Item = Level> + use<> {
    let levels = match shape {
        StretchShape::Hold(level) => [Some(*level), None],
        StretchShape::Ramp(ramp) => [Some(ramp.from), Some(ramp.to)],
        StretchShape::Shared(levels) => [Some(levels.between.low), Some(levels.between.high)],
        StretchShape::Through => [None, None],
    };
    levels.into_iter().flatten()
}

fn switched_if(switches: bool, track: Track) -> Track {
    if switches { track.switched() } else { track }
}
