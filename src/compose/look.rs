//! What the lights do in a part, by how strong it is. Knows nothing of the parts around it.

use super::form::{DrumPattern, FormPart, Intensity};
use super::line::{ComposedLine, CueLine, CueWhen, StepGrid, StepGridRow};
use super::lookbook::{Lookbook, middle};
use super::naming::LightSet;
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
        let all = (0, beats);
        match intensity {
            Intensity::Steady => {
                for phrase in self.varied(beats) {
                    lines.extend(self.sparkle(intensity, phrase, chance));
                }
            }
            _ => lines.extend(self.sparkle(intensity, all, chance)),
        }
        lines.extend(self.drums(&part.drums, intensity, beats));
        if intensity >= Intensity::Strong {
            lines.extend(self.fills(beats, chance));
        }
        let phrases = self.varied(beats);
        match intensity {
            Intensity::Strong if phrases.len() > 1 || beats >= LONG * i64::from(self.form.in_bar) => {
                lines.extend(phrases.into_iter().flat_map(|phrase| self.chase(intensity, phrase, chance)));
            }
            Intensity::Full => {
                lines.extend(phrases.into_iter().flat_map(|phrase| self.chase(intensity, phrase, chance)))
            }
            _ => {}
        }
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
            Intensity::Full => &[],
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
                self.chase(intensity, (half.max(beats - PHRASE * bar), beats), chance)
            }
            Growth::Marks => self.more_marks(intensity),
        }
    }

    /// The strongest part of all has more than the others that are as strong.
    pub(super) fn peak(&self, beats: i64) -> Vec<ComposedLine> {
        let Some(wash) = &self.lights.wash else { return Vec::new() };
        let what = format!("pulse 60 to 100 % every {}", self.felt());
        vec![CueLine::new(CueWhen::Span(0, beats), &wash.who, what).why("brighter than before").into()]
    }

    /// What comes in all at once is seen so.
    pub(super) fn entry(&self) -> Vec<ComposedLine> {
        let sets = self.lights.wash.iter().chain(&self.lights.tune).chain(&self.lights.sparkle);
        let sets: Vec<LightSet> = sets.cloned().collect();
        let Some(all) = self.together(&sets) else { return Vec::new() };
        let felt = i64::from(self.form.felt);
        vec![CueLine::new(CueWhen::Span(0, felt), &all.who, "on").why("everything comes in").into()]
    }

    fn wash(&self, part: &FormPart, intensity: Intensity, beats: i64) -> Vec<ComposedLine> {
        let Some(wash) = &self.lights.wash else { return Vec::new() };
        let cue = match intensity {
            Intensity::Calm => return self.calm_wash(wash, part, beats),
            Intensity::Steady => follow(wash, beats, "loudness 15 to 55 %"),
            Intensity::Strong => follow(wash, beats, "bass 25 to 75 %"),
            Intensity::Full if part.is_peak => return self.peak(beats),
            Intensity::Full => return self.full_wash(wash, beats),
        };
        vec![cue.into()]
    }

    /// All of it on each beat; if it has parts, they answer one another.
    fn full_wash(&self, wash: &LightSet, beats: i64) -> Vec<ComposedLine> {
        let felt = i64::from(self.form.felt);
        let pulse = |from: i64, who: &str, every: i64| {
            let what = format!("pulse 40 to 100 % every {}", self.length(every));
            CueLine::new(CueWhen::Span(from, beats), who, what).into()
        };
        match &self.lights.answers {
            Some((call, answer)) if beats > 2 * felt => {
                vec![pulse(0, &call.who, 2 * felt), pulse(felt, &answer.who, 2 * felt)]
            }
            _ => vec![pulse(0, &wash.who, felt)],
        }
    }

    /// Without a beat, the background changes with the harmony.
    fn calm_wash(&self, wash: &LightSet, part: &FormPart, beats: i64) -> Vec<ComposedLine> {
        let bar = i64::from(self.form.in_bar);
        let level = 15 + (part.energy * 40.0).round() as u32;
        let next = part.chords.iter().copied().filter(|at| at + bar <= beats);
        let fade = |(number, at): (usize, i64)| {
            let level = if number.is_multiple_of(2) { level } else { level + 20 };
            let over = if number == 0 { beats.min(2 * bar) } else { bar };
            // What was below the effects of the part before is not what was seen of it.
            let from = part.before.filter(|_| number == 0).and_then(middle);
            let from = from.map_or(String::new(), |from| format!("from {from} "));
            let what = format!("fade {from}to {level} % over {} ease", self.length(over));
            let why = if number == 0 { "" } else { "another chord" };
            CueLine::new(CueWhen::At(at), &wash.who, what).why(why).into()
        };
        std::iter::once(0).chain(next).enumerate().map(fade).collect()
    }

    fn tune(&self, part: &FormPart, intensity: Intensity, beats: i64) -> Vec<ComposedLine> {
        let Some(tune) = &self.lights.tune else { return Vec::new() };
        // Where nobody leads, they are a part of the background.
        if !part.has_tune && intensity < Intensity::Full {
            return vec![follow(tune, beats, "treble 5 to 40 %").into()];
        }
        let levels = match intensity {
            Intensity::Calm => "middle 0 to 40 %",
            Intensity::Steady => "middle 5 to 70 %",
            Intensity::Strong => "middle 10 to 85 %",
            Intensity::Full => "middle 20 to 100 %",
        };
        vec![follow(tune, beats, levels).into()]
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

    fn drums(&self, pattern: &DrumPattern, intensity: Intensity, beats: i64) -> Vec<ComposedLine> {
        let voices = match intensity {
            // Without a background, the lowest drum is all there is to see.
            Intensity::Calm if self.lights.wash.is_none() => 1,
            Intensity::Calm => 0,
            Intensity::Steady => 2,
            Intensity::Strong | Intensity::Full => 3,
        };
        let always = vec![true; pattern.low.len()];
        let first: Vec<bool> = (0..pattern.low.len()).map(|place| place == 0).collect();
        let low = if intensity == Intensity::Calm { &first } else { &pattern.low };
        let strips = [(low, "low drums"), (&pattern.high, "high drums"), (&always, "every beat")];
        let drums = self.lights.drums.iter().zip(strips).take(voices);
        let rows: Vec<StepGridRow> = drums
            .map(|(drum, (hits, why))| StepGridRow { who: drum.who.clone(), strip: self.strip(hits), why })
            .collect();
        match rows.is_empty() {
            true => Vec::new(),
            false => vec![ComposedLine::Grid(StepGrid { from: 0, to: beats, by: self.step(), rows })],
        }
    }

    /// A bar of steps: lit for the first part of each felt beat that is hit.
    fn strip(&self, hits: &[bool]) -> String {
        let steps = if self.form.felt == 1 { 2 } else { self.form.felt as usize };
        let felt = |hit: &bool| format!("{}{}", if *hit { 'x' } else { '.' }, ".".repeat(steps - 1));
        hits.iter().map(felt).collect::<Vec<_>>().join(" ")
    }

    fn step(&self) -> &'static str {
        if self.form.felt == 1 { "1/2 beat" } else { "1 beat" }
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
            0..=5 => String::new(),
            count => format!(" {} wide", count / 3),
        };
        let step = self.chase_step(row);
        // A chase over lights that shine adds light, and takes none.
        let levels = match (is_dimmed(&row), intensity) {
            (true, Intensity::Full) => " 60 to 100 %",
            (true, _) => " 40 to 90 %",
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

/// LightUse that breathe with the music itself. Where it flickers too fast for people's eyes, they fall more slowly.
/// Lights that breathe with the music itself. Where it flickers too fast for people's eyes, they fall more slowly.
fn follow(set: &LightSet, beats: i64, levels: &str) -> CueLine {
    CueLine::new(CueWhen::Span(0, beats), &set.who, format!("follow {levels}"))
        .or(format!("follow {levels} fall 1 s"))
        .or(format!("follow {levels} rise 500 ms fall 3 s"))
}
