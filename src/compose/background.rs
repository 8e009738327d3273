//! What the dimmed lights do in a part that are the background or follow the tune, by how strong the part is and in which
//! style the show moves. Knows nothing of the parts around it.

use super::form::{FormPart, Intensity};
use super::line::{ComposedLine, CueLine, CueWhen};
use super::lookbook::{Lookbook, middle};
use super::naming::LightSet;
use super::style::ShowStyle;

impl Lookbook<'_> {
    /// The lines of the background, from the part's own beat 0.
    pub(super) fn wash(&self, part: &FormPart, intensity: Intensity, beats: i64) -> Vec<ComposedLine> {
        let Some(wash) = &self.lights.wash else { return Vec::new() };
        let (bar, felt) = (i64::from(self.form.in_bar), i64::from(self.form.felt));
        match (intensity, self.style) {
            (Intensity::Calm, _) => self.calm_wash(wash, part, beats),
            // The peak is all that is seen of it.
            (Intensity::Full, _) if part.is_peak => Vec::new(),
            (Intensity::Steady, ShowStyle::Breathing) => self.follows(wash, beats, "10 to 60 %", "loudness"),
            (Intensity::Strong, ShowStyle::Breathing) => self.follows(wash, beats, "20 to 80 %", "bass"),
            (Intensity::Full, ShowStyle::Breathing) => self.in_turn(wash, beats, 2 * felt, "40 to 100 %"),
            (Intensity::Steady, ShowStyle::Beating) => self.in_turn(wash, beats, 2 * felt, "15 to 55 %"),
            (Intensity::Strong, ShowStyle::Beating) => self.in_turn(wash, beats, 2 * felt, "30 to 85 %"),
            (Intensity::Full, ShowStyle::Beating) => {
                vec![pulse(wash, (0, beats), "40 to 100 %", self.felt())]
            }
            (Intensity::Steady, ShowStyle::Flowing) => self.in_turn(wash, beats, 4 * bar, "15 to 60 %"),
            (Intensity::Strong, ShowStyle::Flowing) => self.in_turn(wash, beats, 2 * bar, "25 to 85 %"),
            (Intensity::Full, ShowStyle::Flowing) => self.follows(wash, beats, "45 to 100 %", "bass"),
        }
    }

    /// The strongest part of all has more than the others that are as strong.
    pub(super) fn peak(&self, beats: i64) -> Vec<ComposedLine> {
        let why = "brighter than before";
        if let Some(wash) = &self.lights.wash {
            let mut lines = match self.style {
                ShowStyle::Breathing => {
                    self.in_turn(wash, beats, 2 * i64::from(self.form.felt), "60 to 100 %")
                }
                ShowStyle::Beating => vec![pulse(wash, (0, beats), "60 to 100 %", self.felt())],
                ShowStyle::Flowing => self.follows(wash, beats, "65 to 100 %", "bass"),
            };
            if let Some(ComposedLine::Cue(first)) = lines.first_mut() {
                first.why = why.to_owned();
            }
            return lines;
        }
        // Lights that only switch are lit for longer.
        let bar = i64::from(self.form.in_bar);
        let Some(drums) = self.together(&self.lights.drums) else { return Vec::new() };
        let when = CueWhen::Every { from: 0, to: beats, every: self.length(4 * bar) };
        let what = format!("on for {}", self.length(bar));
        vec![CueLine::new(when, &drums.who, what).why(why).into()]
    }

    /// All of it follows this band; if it has parts, one follows the bass, and the other slowly the loudness.
    fn follows(&self, wash: &LightSet, beats: i64, levels: &str, band: &str) -> Vec<ComposedLine> {
        match &self.lights.answers {
            Some((call, answer)) => {
                let slowly = |fall: u32| format!("follow loudness {levels} rise 500 ms fall {fall} s");
                let slow = CueLine::new(CueWhen::Span(0, beats), &answer.who, slowly(1)).or(slowly(3));
                vec![follow(call, beats, &format!("bass {levels}")).into(), slow.into()]
            }
            None => vec![follow(wash, beats, &format!("{band} {levels}")).into()],
        }
    }

    /// Its parts flare up in turn, each once in `every` beats. If it has no parts, all of it does, twice as often.
    fn in_turn(&self, wash: &LightSet, beats: i64, every: i64, levels: &str) -> Vec<ComposedLine> {
        let half = every / 2;
        match &self.lights.answers {
            Some((call, answer)) if beats > every => {
                let mut lines = vec![pulse(call, (0, beats), levels, self.length(every))];
                if half > i64::from(self.form.felt) {
                    // Until its first turn, it is not what it was in the part before.
                    let low = levels.split(' ').next().unwrap_or("0");
                    let what = format!("{low} %");
                    lines.push(CueLine::new(CueWhen::Span(0, half), &answer.who, what).into());
                }
                lines.push(pulse(answer, (half, beats), levels, self.length(every)));
                lines
            }
            _ => vec![pulse(wash, (0, beats), levels, self.length(half.max(1)))],
        }
    }

    /// Without a beat, the background changes with the harmony; if it has parts, one is brighter in turn.
    fn calm_wash(&self, wash: &LightSet, part: &FormPart, beats: i64) -> Vec<ComposedLine> {
        let bar = i64::from(self.form.in_bar);
        let level = 15 + (part.energy * 40.0).round() as u32;
        // What was below the effects of the part before is not what was seen of it.
        let from = part.before.and_then(middle).map_or(String::new(), |from| format!("from {from} "));
        let over = self.length(beats.min(2 * bar));
        let what = format!("fade {from}to {level} % over {over} ease");
        let mut lines = vec![CueLine::new(CueWhen::At(0), &wash.who, what).into()];
        let chords = part.chords.iter().copied().filter(|at| at + bar <= beats);
        for (number, at) in chords.enumerate() {
            let fade = |set: &LightSet, is_up: bool| {
                let level = if is_up { level + 20 } else { level };
                let what = format!("fade to {level} % over {} ease", self.length(bar));
                CueLine::new(CueWhen::At(at), &set.who, what)
            };
            let is_first = number.is_multiple_of(2);
            let (up, down) = match &self.lights.answers {
                Some((call, answer)) if is_first => (fade(call, true), Some(fade(answer, false))),
                Some((call, answer)) => (fade(answer, true), Some(fade(call, false))),
                None => (fade(wash, is_first), None),
            };
            lines.push(up.why("another chord").into());
            lines.extend(down.filter(|_| number > 0).map(ComposedLine::from));
        }
        lines
    }

    pub(super) fn tune(&self, part: &FormPart, intensity: Intensity, beats: i64) -> Vec<ComposedLine> {
        let Some(tune) = &self.lights.tune else { return Vec::new() };
        // Where nobody leads, they are a part of the background.
        if !part.has_tune && intensity < Intensity::Full {
            return vec![follow(tune, beats, "treble 5 to 55 %").into()];
        }
        let levels = match intensity {
            Intensity::Calm => "middle 0 to 40 %",
            Intensity::Steady => "middle 5 to 80 %",
            Intensity::Strong => "middle 10 to 90 %",
            Intensity::Full => "middle 20 to 100 %",
        };
        vec![follow(tune, beats, levels).into()]
    }
}

fn pulse(set: &LightSet, (from, to): (i64, i64), levels: &str, every: String) -> ComposedLine {
    CueLine::new(CueWhen::Span(from, to), &set.who, format!("pulse {levels} every {every}")).into()
}

/// Lights that breathe with the music itself. Where it flickers too fast for people's eyes, they fall more slowly.
pub(super) fn follow(set: &LightSet, beats: i64, levels: &str) -> CueLine {
    CueLine::new(CueWhen::Span(0, beats), &set.who, format!("follow {levels}"))
        .or(format!("follow {levels} fall 1 s"))
        .or(format!("follow {levels} rise 500 ms fall 3 s"))
}
