//! The night and the lights in it, for terminals with all colors, 256, sixteen, or none.

use ratatui::style::Color;

pub(super) use super::rgb::{AMBER, CREAM, DUSK, NIGHT, PINK, Rgb, SHADE, TEAL, brightness};
use super::table;
use crate::level::Level;
use crate::rig::Kind;

/// Values of `TERM` whose terminals have 24 bits. SSH passes `TERM` on, and `COLORTERM` not.
const WITH_ALL: [&str; 8] =
    ["alacritty", "contour", "foot", "foot-extra", "rio", "wezterm", "xterm-ghostty", "xterm-kitty"];
/// Values of `TERM` that promise eight colors or none, of terminals that have had 256 for decades.
const WITH_256: [&str; 8] = ["konsole", "putty", "rxvt-unicode", "screen", "st", "tmux", "vte", "xterm"];

/// How many colours the terminal has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Colours {
    /// 24 bits.
    All,
    /// The xterm table.
    Indexed,
    /// Eight colors, each dark and bright.
    Sixteen,
    /// None, by the terminal's nature or the person's wish: levels are told by shapes.
    None,
}

impl Colours {
    /// Asks the environment: `NO_COLOR` (no-color.org), `COLORTERM` and `TERM`.
    #[must_use]
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let is = |name: &str, test: fn(&str) -> bool| variable(name).is_some_and(|value| test(&value));
        let is_mono = |term: &str| (term.starts_with("vt") && term != "vte") || term.ends_with("-mono");
        match () {
            () if is("NO_COLOR", |wish| !wish.is_empty()) => Self::None,
            () if is("TERM", is_mono) => Self::None,
            () if is("COLORTERM", |depth| matches!(depth, "truecolor" | "24bit")) => Self::All,
            () if is("TERM", |term| term.ends_with("-direct") || WITH_ALL.contains(&term)) => Self::All,
            () if is("TERM", |term| term.contains("256color") || WITH_256.contains(&term)) => Self::Indexed,
            () => Self::Sixteen,
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
            Self::Sixteen => colour.of_sixteen(),
            Self::None => Color::Reset,
        }
    }

    /// The same for a point that light of `kind` is seen at: its hue must not change where there are few colors.
    pub(super) fn shine(self, colour: Rgb, kind: Option<Kind>) -> Color {
        match self {
            Self::Indexed => Color::Indexed(table::nearest(kind, colour)),
            _ => self.ink(colour),
        }
    }

    /// What a lamp itself looks like.
    pub(super) fn glass(self, kind: Kind, level: Level) -> Rgb {
        match self {
            Self::Indexed => table::glass(kind, level),
            Self::Sixteen if level.is_lit() => light(kind, Level::HALF),
            Self::Sixteen => SHADE,
            Self::All | Self::None => {
                NIGHT.towards(light(kind, level), DARK_GLASS + (1.0 - DARK_GLASS) * brightness(level))
            }
        }
    }
}

/// How much of its colour a bulb without light shows.
const DARK_GLASS: f32 = 0.13;
const EMBER: Rgb = Rgb([176.0, 44.0, 12.0]);
const FILAMENT: Rgb = Rgb([255.0, 222.0, 158.0]);

/// The light of a lamp that is fully lit or dimmed, before it falls on anything. What is switched is
/// neon; what is dimmed is a filament, and reddens as filaments do.
pub(super) fn light(kind: Kind, level: Level) -> Rgb {
    match kind {
        Kind::Relay => PINK,
        Kind::Ssr => TEAL,
        Kind::Pwm | Kind::Dimmer => match brightness(level) {
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
        check(&[("TERM", "xterm-kitty")], Colours::All);
        check(&[("TERM", "xterm-direct")], Colours::All);
        check(&[("TERM", "screen")], Colours::Indexed);
        check(&[("TERM", "linux")], Colours::Sixteen);
        check(&[("TERM", "xterm-16color")], Colours::Sixteen);
        check(&[("NO_COLOR", "1"), ("COLORTERM", "truecolor")], Colours::None);
        check(&[("NO_COLOR", ""), ("COLORTERM", "24bit")], Colours::All);
    }

    #[test]
    fn of_sixteen_colours_the_kinds_have_three() {
        let ink = |kind| Colours::Sixteen.shine(light(kind, Level::HALF), Some(kind));
        let inks = [Kind::Relay, Kind::Ssr, Kind::Pwm].map(ink);
        assert_eq!(inks, [Color::LightMagenta, Color::LightCyan, Color::LightYellow]);
    }

    #[test]
    fn a_dimmed_filament_is_redder_than_a_bright_one() {
        let blue_of = |percent| light(Kind::Pwm, Level::from_percent(percent)).0[2];
        assert!(blue_of(10) < blue_of(50) && blue_of(50) < blue_of(100));
    }
}
