//! What relays do in a part. They mark the parts; where they are alone, they have to be the show, and still rest enough.

use super::form::Intensity;
use super::line::{ComposedLine, CueLine, CueWhen};
use super::lookbook::Lookbook;
use super::naming::LightSet;
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

    /// Relays alone come on step by step, over the felt beats from `from` to `to`.
    pub(super) fn relays_come(&self, from: i64, to: i64) -> Vec<ComposedLine> {
        let felt = i64::from(self.form.felt);
        let steps = ((to - from) / felt).max(1) as usize;
        let marks = &self.lights.marks;
        let step = |number: usize| {
            let some = &marks[number * marks.len() / steps..(number + 1) * marks.len() / steps];
            let on = self.switched(some, "on");
            on.into_iter().map(move |cue| ComposedLine::from(cue).later(from + number as i64 * felt))
        };
        let off = self.switched(marks, "off").into_iter().map(|cue| ComposedLine::from(cue).later(from));
        // Dark first, or those that are lit already would not be seen to come.
        let first = off.filter(|_| steps > 1);
        first.chain((1..steps).flat_map(step)).collect()
    }

    /// Relays alone go out one after another from `from` on, by `to` at the latest.
    pub(super) fn relays_go(&self, from: i64, to: i64) -> Vec<ComposedLine> {
        let felt = i64::from(self.form.felt);
        let marks = &self.lights.marks;
        let steps = ((to - from) / felt).min(marks.len() as i64).clamp(1, ONE_BY_ONE) as usize;
        let step = |number: usize| {
            let some = &marks[number * marks.len() / steps..(number + 1) * marks.len() / steps];
            let off = self.switched(some, "off");
            off.into_iter().map(move |cue| ComposedLine::from(cue).later(from + number as i64 * felt))
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
        match intensity {
            Intensity::Calm => {
                let one = CueLine::new(CueWhen::At(0), &marks[0].who, "on");
                let others = self.switched(&marks[1..], "off");
                std::iter::once(one).chain(others).map(ComposedLine::from).collect()
            }
            Intensity::Steady if count > 3 => chase(" 2 wide".to_owned()),
            Intensity::Steady => chase(String::new()),
            Intensity::Strong => chase(format!(" bounce {} wide", count.div_ceil(2).max(1))),
            Intensity::Full => {
                let felt = i64::from(self.form.felt);
                let mut lines = vec![CueLine::new(CueWhen::At(0), &all.who, "on").into()];
                if beats > DARK_EVERY * bar {
                    let when = CueWhen::Every {
                        from: DARK_EVERY * bar - felt,
                        to: beats,
                        every: self.length(DARK_EVERY * bar),
                    };
                    let what = format!("off for {}", self.felt());
                    lines.push(CueLine::new(when, &all.who, what).into());
                }
                lines
            }
        }
    }
}
