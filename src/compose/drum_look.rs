//! What the quick lights show of the drums in a part. Knows nothing of the parts around it.

use super::form::{DrumPattern, Intensity};
use super::line::{ComposedLine, StepGrid, StepGridRow};
use super::lookbook::Lookbook;
use super::style::ShowStyle;

/// What one light shows: when it is lit in each felt beat of a bar, and what that is.
struct DrumRow {
    hits: Vec<Hit>,
    why: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Hit {
    None,
    On,
    /// In the second half of the beat.
    Off,
}

impl Lookbook<'_> {
    /// A grid with a row for each light that shows drums. The stronger the part, the more there is to see, also if there is
    /// only one such light.
    pub(super) fn drums(
        &self,
        pattern: &DrumPattern,
        intensity: Intensity,
        beats: i64,
    ) -> Option<ComposedLine> {
        let lights = &self.lights.drums;
        let rows = self.drum_rows(pattern, intensity).into_iter().zip(lights);
        let rows: Vec<StepGridRow> = rows
            .map(|(row, light)| StepGridRow {
                who: light.who.clone(),
                strip: self.strip(&row.hits),
                why: row.why,
            })
            .collect();
        (!rows.is_empty()).then(|| self.grid(beats, rows))
    }

    /// One light that shows the drums of quiet music: the last one, as it is seen the least.
    pub(super) fn quiet_drums(&self, pattern: &DrumPattern, beats: i64) -> Option<ComposedLine> {
        let light = self.lights.drums.last()?;
        let is_hit = pattern.low.iter().zip(&pattern.high).map(|(low, high)| *low || *high);
        let hits: Vec<Hit> = is_hit.map(|hit| if hit { Hit::On } else { Hit::None }).collect();
        let row = StepGridRow { who: light.who.clone(), strip: self.strip(&hits), why: "quiet drums" };
        Some(self.grid(beats, vec![row]))
    }

    fn grid(&self, to: i64, rows: Vec<StepGridRow>) -> ComposedLine {
        let by = if self.form.felt == 1 { "1/2 beat" } else { "1 beat" };
        ComposedLine::Grid(StepGrid { from: 0, to, by: by.to_owned(), rows })
    }

    /// As many rows as there is to show, at most three.
    fn drum_rows(&self, pattern: &DrumPattern, intensity: Intensity) -> Vec<DrumRow> {
        let hits = |is_hit: &dyn Fn(usize) -> bool| -> Vec<Hit> {
            (0..pattern.low.len()).map(|place| if is_hit(place) { Hit::On } else { Hit::None }).collect()
        };
        let first = || DrumRow { hits: hits(&|place| place == 0), why: "every bar" };
        let low = || DrumRow { hits: hits(&|place| pattern.low[place]), why: "low drums" };
        let high = || DrumRow { hits: hits(&|place| pattern.high[place]), why: "high drums" };
        let both =
            || DrumRow { hits: hits(&|place| pattern.low[place] || pattern.high[place]), why: "drums" };
        let every = || DrumRow { hits: hits(&|_| true), why: "every beat" };
        let between = || match self.form.felt {
            1 => DrumRow { hits: vec![Hit::Off; pattern.low.len()], why: "between the beats" },
            _ => every(),
        };
        let is_beating = self.style == ShowStyle::Beating;
        match (intensity, self.lights.drums.len()) {
            // Without a background, the lowest drum is all there is to see.
            (Intensity::Calm, _) if self.lights.wash.is_none() || is_beating => vec![first()],
            (Intensity::Calm, _) => Vec::new(),
            (Intensity::Steady, 1) => vec![low()],
            (Intensity::Strong, 1) => vec![both()],
            (Intensity::Full, 1) => vec![every()],
            (Intensity::Steady, _) | (Intensity::Strong, 2) => vec![low(), high()],
            (Intensity::Full, 2) => vec![every(), if is_beating { between() } else { high() }],
            (Intensity::Strong, _) => vec![low(), high(), every()],
            (Intensity::Full, _) => vec![low(), high(), if is_beating { between() } else { every() }],
        }
    }

    /// A bar of steps: lit for a part of each felt beat that is hit.
    fn strip(&self, hits: &[Hit]) -> String {
        let steps = if self.form.felt == 1 { 2 } else { self.form.felt as usize };
        let felt = |hit: &Hit| match hit {
            Hit::None => ".".repeat(steps),
            Hit::On => format!("x{}", ".".repeat(steps - 1)),
            Hit::Off => format!("{}x", ".".repeat(steps - 1)),
        };
        hits.iter().map(felt).collect::<Vec<_>>().join(" ")
    }
}
