//! The night and the lights in it, for terminals with all colours, 256, or none.

use ratatui::style::Color;

use crate::level::Level;
use crate::rig::Kind;

/// How many colours the terminal has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Colours {
    /// 24 bits.
    All,
    /// The xterm table.
    Indexed,
    /// None, by the terminal's nature or the person's wish: levels are told by shapes.
    None,
}

impl Colours {
    /// Asks the environment: `NO_COLOR` (no-color.org), `COLORTERM` and `TERM`.
    #[must_use]
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let is = |name: &str, test: fn(&str) -> bool| variable(name).is_some_and(|value| test(&value));
        match () {
            () if is("NO_COLOR", |wish| !wish.is_empty()) => Self::None,
            () if is("TERM", |term| term.starts_with("vt") || term.ends_with("-mono")) => Self::None,
            () if is("COLORTERM", |depth| matches!(depth, "truecolor" | "24bit")) => Self::All,
            () => Self::Indexed,
        }
    }

    /// The terminal's word for a colour.
    pub(super) fn ink(self, colour: Rgb) -> Color {
        match self {
            Self::All => {
                let [red, green, blue] = colour.0.map(|part| (part + 0.5) as u8);
                Color::Rgb(red, green, blue)
            }
            Self::Indexed => Color::Indexed(colour.index()),
            Self::None => Color::Reset,
        }
    }

    /// What a lamp itself looks like.
    pub(super) fn glass(self, kind: Kind, level: Level) -> Rgb {
        let brightness = brightness(level);
        if self != Self::Indexed {
            return NIGHT.towards(light(kind, level), DARK_GLASS + (1.0 - DARK_GLASS) * brightness);
        }
        // Mixed colours come out grey in a table as coarse as that; these are picked from it.
        let steps: &[[u8; 3]] = match kind {
            Kind::Relay => &[[95, 0, 95], [135, 0, 95], [175, 0, 95], [215, 0, 95], [255, 95, 135]],
            Kind::Ssr => &[[0, 95, 95], [0, 135, 135], [0, 175, 175], [95, 215, 215]],
            Kind::Pwm => &[
                [95, 0, 0],
                [135, 0, 0],
                [175, 95, 0],
                [215, 135, 0],
                [255, 175, 0],
                [255, 215, 95],
                [255, 215, 135],
            ],
        };
        match (brightness * steps.len() as f32).ceil() as usize {
            0 => UNLIT,
            step => Rgb(steps[step.min(steps.len()) - 1].map(f32::from)),
        }
    }
}

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
/// A bulb without light, of 256 colours.
const UNLIT: Rgb = Rgb([48.0, 48.0, 48.0]);
/// How much of its colour a bulb without light shows.
const DARK_GLASS: f32 = 0.13;
const EMBER: Rgb = Rgb([176.0, 44.0, 12.0]);
const FILAMENT: Rgb = Rgb([255.0, 222.0, 158.0]);

impl Rgb {
    /// From `self` (0) to `other` (1).
    pub(super) fn towards(self, other: Self, part: f32) -> Self {
        let part = part.clamp(0.0, 1.0);
        Self(std::array::from_fn(|i| self.0[i] + (other.0[i] - self.0[i]) * part))
    }

    /// The nearest of the xterm table's 6 × 6 × 6 cube and 24 greys.
    fn index(self) -> u8 {
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

    fn distance(self, other: Self) -> f32 {
        (0..3).map(|i| (self.0[i] - other.0[i]).powi(2)).sum()
    }
}

/// 0 for dark to 1 for full. Levels are as the eye sees them, and so are a screen's numbers.
pub(super) fn brightness(level: Level) -> f32 {
    f32::from(level.hundredths()) / f32::from(Level::FULL.hundredths())
}

/// The light of a lamp that is fully lit or dimmed, before it falls on anything. What is switched is
/// neon; what is dimmed is a filament, and reddens as filaments do.
pub(super) fn light(kind: Kind, level: Level) -> Rgb {
    match kind {
        Kind::Relay => PINK,
        Kind::Ssr => TEAL,
        Kind::Pwm => match brightness(level) {
            low @ ..0.5 => EMBER.towards(AMBER, low * 2.0),
            high => AMBER.towards(FILAMENT, high * 2.0 - 1.0),
        },
    }
}

/// A colour along the evening sky, from pink (0) to amber (1).
pub(super) fn sunset(part: f32) -> Rgb {
    PINK.towards(AMBER, part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(environment: &[(&str, &str)], colours: Colours) {
        let variable = |name: &str| {
            environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        };
        assert_eq!(Colours::of(variable), colours, "{environment:?}");
    }

    #[test]
    fn the_environment_says_how_many_colours_there_are() {
        check(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")], Colours::All);
        check(&[("TERM", "xterm-256color")], Colours::Indexed);
        check(&[("TERM", "vt220")], Colours::None);
        check(&[("NO_COLOR", "1"), ("COLORTERM", "truecolor")], Colours::None);
        check(&[("NO_COLOR", ""), ("COLORTERM", "24bit")], Colours::All);
    }

    #[test]
    fn a_colour_becomes_the_nearest_of_the_table() {
        for (colour, index) in
            [([255.0, 0.0, 0.0], 196), ([8.0, 8.0, 8.0], 232), ([128.0, 128.0, 128.0], 244)]
        {
            assert_eq!(Rgb(colour).index(), index);
        }
    }

    #[test]
    fn a_dimmed_filament_is_redder_than_a_bright_one() {
        let blue_of = |percent| light(Kind::Pwm, Level::from_percent(percent)).0[2];
        assert!(blue_of(10) < blue_of(50) && blue_of(50) < blue_of(100));
    }
}
