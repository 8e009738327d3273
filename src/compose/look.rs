//! What the lights do in a part, by how strong it is. Knows nothing of the parts around it.

use super::form::{FormPart, Intensity};
use super::line::{ComposedLine, CueLine, CueWhen};
use super::lookbook::Lookbook;
use super::naming::LightSet;
use super::style::ShowStyle;
use crate::random::Random;

const FILL_EVERY: i64 = 4; // bars
const PHRASE: i64 = 8; // bars
/// From so many bars on, a part has phrases that differ.
const LONG: i64 = 16; // bars

/// What is added when a part comes again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Growth {
    Sparkle,
    Chase,
    Marks,
}

impl Lookbook<'_> {
    /// The lines of a part of so many beats, from its own beat 0.
    pub(super) fn look(
        &self,
        part: &FormPart,
        intensity: Intensity,
        beats: i64,
        chance: &mut Random,
    ) -> Vec<ComposedLine> {
        let mut lines = self.marks(intensity, beats);
        lines.extend(self.wash(part, intensity, beats));
        lines.extend(self.tune(part, intensity, beats));
        let phrases = self.varied(beats);
        let is_long = beats >= LONG * i64::from(self.form.in_bar);
        match (intensity, self.style) {
            (Intensity::Steady, ShowStyle::Breathing) => {
                lines.extend(phrases.iter().flat_map(|phrase| self.sparkle(intensity, *phrase, chance)));
            }
            // Its second time brings it.
            (Intensity::Steady, ShowStyle::Beating) => {}
            _ => lines.extend(self.sparkle(intensity, (0, beats), chance)),
        }
        lines.extend(self.drums(&part.drums, intensity, beats));
        if part.is_peak {
            // Over the drums, where these are all there is.
            lines.extend(self.peak(beats));
        }
        if intensity >= Intensity::Strong {
            lines.extend(self.fills(beats, chance));
        }
        let chased = match intensity {
            Intensity::Full => phrases,
            Intensity::Strong if is_long => phrases,
            _ => Vec::new(),
        };
        lines.extend(chased.into_iter().flat_map(|phrase| self.chase(intensity, phrase, chance)));
        lines
    }

    /// The phrases of a part that differ from the others: every second one of a long part, else its second half.
    fn varied(&self, beats: i64) -> Vec<(i64, i64)> {
        let bar = i64::from(self.form.in_bar);
        let phrase = PHRASE * bar;
        if beats < LONG * bar {
            let half = beats / bar / 2 * bar;
            return if half > 0 { vec![(half, beats)] } else { Vec::new() };
        }
        // What is left at the end belongs to the last phrase.
        let count = beats / phrase;
        let end = |number: i64| if number + 1 == count { beats } else { (number + 1) * phrase };
        (1..count).step_by(2).map(|number| (number * phrase, end(number))).collect()
    }

    /// What such a look does not have yet, the smallest first.
    pub(super) fn growths(intensity: Intensity) -> &'static [Growth] {
        match intensity {
            Intensity::Calm | Intensity::Steady => &[Growth::Sparkle, Growth::Chase, Growth::Marks],
            Intensity::Strong => &[Growth::Chase, Growth::Marks],
            Intensity::Full => &[Growth::Chase],
        }
    }

    pub(super) fn grown(
        &self,
        growth: Growth,
        intensity: Intensity,
        beats: i64,
        chance: &mut Random,
    ) -> Vec<ComposedLine> {
        match growth {
            Growth::Sparkle => self.sparkle(intensity.max(Intensity::Strong), (0, beats), chance),
            Growth::Chase => {
                let bar = i64::from(self.form.in_bar);
                let half = beats / 2 / bar * bar;
                // The second half has one already.
                if intensity == Intensity::Full {
                    return self.chase(intensity, (0, half), chance);
                }
                self.chase(intensity, (half.max(beats - PHRASE * bar), beats), chance)
            }
            Growth::Marks => self.more_marks(intensity),
        }
    }

    /// What comes in all at once is seen so.
    pub(super) fn entry(&self) -> Vec<ComposedLine> {
        let sets = self.lights.wash.iter().chain(&self.lights.tune).chain(&self.lights.sparkle);
        let sets: Vec<LightSet> = sets.cloned().collect();
        let Some(all) = self.together(&sets) else { return Vec::new() };
        let felt = i64::from(self.form.felt);
        vec![CueLine::new(CueWhen::Span(0, felt), &all.who, "on").why("everything comes in").into()]
    }

    fn sparkle(
        &self,
        intensity: Intensity,
        (from, to): (i64, i64),
        chance: &mut Random,
    ) -> Vec<ComposedLine> {
        let Some(sparkle) = &self.lights.sparkle else { return Vec::new() };
        let levels = match intensity {
            Intensity::Calm => "5 to 30 %",
            Intensity::Steady | Intensity::Strong => "15 to 60 %",
            Intensity::Full => "30 to 100 %",
        };
        let seed = 1 + chance.below(99);
        let what = format!("twinkle {levels} every {} seed {seed}", self.felt());
        vec![CueLine::new(CueWhen::Span(from, to), &sparkle.who, what).into()]
    }

    /// The end of every fourth bar runs along a row, as a drummer fills it.
    fn fills(&self, beats: i64, chance: &mut Random) -> Vec<ComposedLine> {
        let Some(row) = self.rows_beside_wash().next() else { return Vec::new() };
        let bar = i64::from(self.form.in_bar);
        let long = (bar / 2).max(1);
        if beats < FILL_EVERY * bar {
            return Vec::new();
        }
        let when =
            CueWhen::Every { from: FILL_EVERY * bar - long, to: beats, every: format!("{FILL_EVERY} bars") };
        let way = if chance.below(2) == 0 { "" } else { " reverse" };
        let what = format!("chase every {}{way} for {}", self.fill_step(row), self.length(long));
        vec![CueLine::new(when, &row.who, what).why("a fill").into()]
    }

    /// A chase along the longest row of dimmed lights, else of others.
    fn chase(&self, intensity: Intensity, (from, to): (i64, i64), chance: &mut Random) -> Vec<ComposedLine> {
        let is_dimmed = |row: &&LightSet| row.channels.iter().all(|id| self.rig.channel(*id).kind.dims());
        let row = self.lights.rows.iter().find(is_dimmed).or(self.lights.rows.first());
        let Some(row) = row.filter(|_| from < to) else { return Vec::new() };
        let way = ["", " bounce", " reverse"][chance.below(3) as usize];
        let wide = match row.count() {
            0..=3 => String::new(),
            count @ 4..=5 => format!(" {} wide", count / 2),
            count => format!(" {} wide", count / 3),
        };
        let step = self.chase_step(row);
        // A chase over lights that shine takes little light.
        let levels = match (is_dimmed(&row), intensity) {
            (true, Intensity::Full) => " 50 to 100 %",
            (true, _) => " 25 to 90 %",
            (false, _) => "",
        };
        let what = format!("chase{levels} every {step}{way}{wide}");
        vec![CueLine::new(CueWhen::Span(from, to), &row.who, what).into()]
    }

    /// Each light of a row comes again after a felt beat or more.
    fn chase_step(&self, row: &LightSet) -> String {
        let felt = i64::from(self.form.felt);
        match (felt, row.count()) {
            (1, 12..) => "1/4 beat".to_owned(),
            (1, 4..) => "1/2 beat".to_owned(),
            (1, _) => "1 beat".to_owned(),
            (felt, 6..) => self.length((felt / 2).max(1)),
            (felt, _) => self.length(felt),
        }
    }

    /// A fill is so short that it may be quick.
    pub(super) fn fill_step(&self, row: &LightSet) -> String {
        match (self.form.felt, row.count()) {
            (1, 0..=4) => "1/2 beat".to_owned(),
            (1, _) => "1/4 beat".to_owned(),
            (felt, _) => self.length(i64::from(felt / 2).max(1)),
        }
    }

    /// Rows whose chases leave the background as it is; a chase over it would hide its fades.
    pub(super) fn rows_beside_wash(&self) -> impl Iterator<Item = &LightSet> {
        let is_beside = |row: &&LightSet| self.lights.wash.as_ref().is_none_or(|wash| !row.overlaps(wash));
        self.lights.rows.iter().filter(is_beside)
    }
}
