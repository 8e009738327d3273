//! What relays do in a part. They mark the parts; where they are alone, they have to be the show, and still rest enough.

use super::form::Intensity;
use super::line::{ComposedLine, CueLine, CueWhen, StepGrid, StepGridRow};
use super::lookbook::Lookbook;
use super::naming::LightSet;
use super::style::ShowStyle;
use crate::rig::ChannelId;

/// Relays that run alone switch no more often than this, for their contacts' sake.
const RELAY_PACE: f64 = 8.0; // seconds from one switching of a relay to the next but one
/// Relays alone go dark together once in so many bars of the strongest parts.
const DARK_EVERY: i64 = 4; // bars
/// So many lines are few enough to end with.
const ONE_BY_ONE: i64 = 8;

impl Lookbook<'_> {
    pub(super) fn marks(&self, intensity: Intensity, beats: i64) -> Vec<ComposedLine> {
        if self.are_alone() && self.lights.marks.len() > 1 {
            return self.relays_alone(intensity, beats);
        }
        let lit = self.marks_lit(intensity);
        let dark = &self.lights.marks[lit.len()..];
        let on = self.switched(&lit, "on");
        on.into_iter().chain(self.switched(dark, "off")).map(ComposedLine::from).collect()
    }

    /// The relays that are not yet lit in a part of this intensity.
    pub(super) fn more_marks(&self, intensity: Intensity) -> Vec<ComposedLine> {
        if self.are_alone() {
            return Vec::new();
        }
        let more = self.marks_lit(Intensity::Full).split_off(self.marks_lit(intensity).len());
        self.switched(&more, "on").into_iter().map(ComposedLine::from).collect()
    }

    /// Relays alone come on one after another, from `from` on, and all of them are lit before `to`.
    pub(super) fn relays_come(&self, from: i64, to: i64) -> Vec<ComposedLine> {
        let felt = i64::from(self.form.felt);
        let marks = &self.lights.marks;
        let count = marks.len() as i64;
        let steps = ((to - from) / felt).clamp(1, count.clamp(1, ONE_BY_ONE) + 1);
        let step = |number: i64| {
            let place = |number: i64| ((number - 1) * count / (steps - 1)) as usize;
            let on = self.switched(&marks[place(number)..place(number + 1)], "on");
            let at = from + number * ((to - from) / felt) / steps * felt;
            on.into_iter().map(move |cue| ComposedLine::from(cue).later(at))
        };
        let off = self.switched(marks, "off").into_iter().map(|cue| ComposedLine::from(cue).later(from));
        // Dark first, or those that are lit already would not be seen to come.
        let first = off.filter(|_| steps > 1);
        first.chain((1..steps).flat_map(step)).collect()
    }

    /// Lights that only switch go out one after another from `from` on, the last at `to`.
    pub(super) fn go_one_by_one(&self, sets: &[LightSet], from: i64, to: i64) -> Vec<ComposedLine> {
        let felt = i64::from(self.form.felt);
        let steps = ((to - from) / felt).min(sets.len() as i64).clamp(1, ONE_BY_ONE);
        let step = |number: i64| {
            let place = |number: i64| (number * sets.len() as i64 / steps) as usize;
            let off = self.switched(&sets[place(number)..place(number + 1)], "off");
            let at = from + (number + 1) * (to - from) / steps;
            off.into_iter().map(move |cue| ComposedLine::from(cue).later(at))
        };
        (0..steps).flat_map(step).collect()
    }

    /// The relays that are lit, the first ones where the song is calmer.
    fn marks_lit(&self, intensity: Intensity) -> Vec<LightSet> {
        let count = self.lights.marks.len();
        let lit = match intensity {
            Intensity::Calm => 0,
            Intensity::Steady => count / 3,
            Intensity::Strong => (2 * count).div_ceil(3),
            Intensity::Full => count,
        };
        self.lights.marks[..lit].to_vec()
    }

    /// One cue for all of `sets` if they can be named together.
    fn switched(&self, sets: &[LightSet], what: &str) -> Vec<CueLine> {
        match self.together(sets) {
            Some(all) => vec![CueLine::new(CueWhen::At(0), &all.who, what)],
            None => sets.iter().map(|set| CueLine::new(CueWhen::At(0), &set.who, what)).collect(),
        }
    }

    /// One lamp, two that run, half of them to and fro, or all of them with moments of darkness.
    fn relays_alone(&self, intensity: Intensity, beats: i64) -> Vec<ComposedLine> {
        let marks = &self.lights.marks;
        let channels: Vec<ChannelId> = marks.iter().flat_map(|set| set.channels.iter().copied()).collect();
        let count = channels.len();
        let Some(all) = LightSet::of(self.rig, channels) else { return Vec::new() };
        let pace = (RELAY_PACE / count as f64 / self.form.bar_seconds()).ceil().max(1.0) as i64;
        let bar = i64::from(self.form.in_bar);
        let pace = self.length(pace * bar);
        let chase = |how: String| {
            vec![CueLine::new(CueWhen::Span(0, beats), &all.who, format!("chase every {pace}{how}")).into()]
        };
        match (intensity, self.style) {
            (Intensity::Calm, _) => {
                let one = CueLine::new(CueWhen::At(0), &marks[0].who, "on");
                let others = self.switched(&marks[1..], "off");
                std::iter::once(one).chain(others).map(ComposedLine::from).collect()
            }
            (Intensity::Steady, _) if count <= 3 => chase(String::new()),
            (Intensity::Steady, ShowStyle::Breathing) => chase(" 2 wide".to_owned()),
            (Intensity::Steady, ShowStyle::Beating) => chase(" reverse".to_owned()),
            (Intensity::Steady, ShowStyle::Flowing) => chase(" bounce 2 wide".to_owned()),
            (Intensity::Strong, ShowStyle::Breathing) => chase(format!(" bounce {} wide", count.div_ceil(2))),
            (Intensity::Strong, ShowStyle::Beating) => self.relays_in_turn(beats),
            // A dark one runs.
            (Intensity::Strong, ShowStyle::Flowing) => chase(format!(" {} wide", count - 1)),
            (Intensity::Full, _) => {
                let mut lines = vec![CueLine::new(CueWhen::At(0), &all.who, "on").into()];
                if beats > DARK_EVERY * bar {
                    lines.extend(self.dark_moments(&all, beats));
                }
                lines
            }
        }
    }

    /// Once in a few bars, all of them go dark for a moment; or every second one, and then the others.
    fn dark_moments(&self, all: &LightSet, beats: i64) -> Vec<ComposedLine> {
        let (bar, felt) = (i64::from(self.form.in_bar), i64::from(self.form.felt));
        let dark = |who: &str, before: i64| {
            let from = DARK_EVERY * bar - before;
            let when = CueWhen::Every { from, to: beats, every: self.length(DARK_EVERY * bar) };
            CueLine::new(when, who, format!("off for {}", self.felt())).into()
        };
        match (self.every_second(0), self.every_second(1)) {
            (Some(one), Some(other)) if self.style == ShowStyle::Beating && 2 * felt <= bar => {
                vec![dark(&one.who, 2 * felt), dark(&other.who, felt)]
            }
            _ => vec![dark(&all.who, felt)],
        }
    }

    fn every_second(&self, first: usize) -> Option<LightSet> {
        let sets: Vec<LightSet> = self.lights.marks.iter().skip(first).step_by(2).cloned().collect();
        self.together(&sets)
    }

    /// Every second relay, and the others, in turn.
    fn relays_in_turn(&self, beats: i64) -> Vec<ComposedLine> {
        let bar = i64::from(self.form.in_bar);
        let bars = (RELAY_PACE / 2.0 / self.form.bar_seconds()).ceil().max(1.0) as i64;
        let of = |first: usize, strip: &str| {
            let who = self.every_second(first)?.who;
            Some(StepGridRow { who, strip: strip.to_owned(), why: "in turn" })
        };
        let rows: Vec<StepGridRow> = [of(0, "x."), of(1, ".x")].into_iter().flatten().collect();
        match rows.is_empty() {
            true => Vec::new(),
            false => {
                vec![ComposedLine::Grid(StepGrid { from: 0, to: beats, by: self.length(bars * bar), rows })]
            }
        }
    }
}
