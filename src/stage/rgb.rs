//! Colors as screens take them, those that the stage is made of, and the nearest to them where there are fewer.

use ratatui::style::Color;

use crate::level::Level;

/// Red, green and blue as screens take them, 0 to 255.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Rgb(pub(super) [f32; 3]);

pub(super) const NIGHT: Rgb = Rgb([15.0, 12.0, 26.0]);
pub(super) const SHADE: Rgb = Rgb([72.0, 64.0, 98.0]);
pub(super) const DUSK: Rgb = Rgb([146.0, 134.0, 168.0]);
pub(super) const CREAM: Rgb = Rgb([244.0, 232.0, 212.0]);
pub(super) const PINK: Rgb = Rgb([255.0, 84.0, 140.0]);
pub(super) const AMBER: Rgb = Rgb([255.0, 180.0, 72.0]);
pub(super) const TEAL: Rgb = Rgb([70.0, 216.0, 196.0]);

impl Rgb {
    /// From `self` (0) to `other` (1).
    pub(super) fn towards(self, other: Self, part: f32) -> Self {
        let part = part.clamp(0.0, 1.0);
        Self(std::array::from_fn(|i| self.0[i] + (other.0[i] - self.0[i]) * part))
    }

    /// The nearest of the xterm table's 6 × 6 × 6 cube and 24 greys.
    pub(super) fn index(self) -> u8 {
        const STEPS: [f32; 6] = [0.0, 95.0, 135.0, 175.0, 215.0, 255.0];
        let nearest =
            |part: f32| (0..6).min_by(|a, b| (STEPS[*a] - part).abs().total_cmp(&(STEPS[*b] - part).abs()));
        let [red, green, blue] = self.0.map(|part| nearest(part).unwrap_or(0));
        let cube = Self([STEPS[red], STEPS[green], STEPS[blue]]);
        let shade = ((self.0.iter().sum::<f32>() / 3.0 - 8.0) / 10.0).round().clamp(0.0, 23.0);
        let grey = Self([8.0 + 10.0 * shade; 3]);
        match self.distance(cube) <= self.distance(grey) {
            true => 16 + (36 * red + 6 * green + blue) as u8,
            false => 232 + shade as u8,
        }
    }

    /// The nearest of the sixteen: a terminal chooses what these look like, so only the words count.
    pub(super) fn of_sixteen(self) -> Color {
        const WORDS: [(Rgb, Color); 7] = [
            (NIGHT, Color::Black),
            (SHADE, Color::DarkGray),
            (DUSK, Color::Gray),
            (CREAM, Color::White),
            (PINK, Color::LightMagenta),
            (AMBER, Color::LightYellow),
            (TEAL, Color::LightCyan),
        ];
        let nearer =
            |a: &&(Self, Color), b: &&(Self, Color)| self.distance(a.0).total_cmp(&self.distance(b.0));
        WORDS.iter().min_by(nearer).map_or(Color::White, |(_, word)| *word)
    }

    pub(super) fn distance(self, other: Self) -> f32 {
        (0..3).map(|i| (self.0[i] - other.0[i]).powi(2)).sum()
    }
}

/// 0 for dark to 1 for full. Levels are as the eye sees them, and so are a screen's numbers.
pub(super) fn brightness(level: Level) -> f32 {
    f32::from(level.hundredths()) / f32::from(Level::FULL.hundredths())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_becomes_the_nearest_of_the_table() {
        for (colour, index) in
            [([255.0, 0.0, 0.0], 196), ([8.0, 8.0, 8.0], 232), ([128.0, 128.0, 128.0], 244)]
        {
            assert_eq!(Rgb(colour).index(), index);
        }
    }
}
