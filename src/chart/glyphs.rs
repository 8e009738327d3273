//! The letters of a grid, for terminals with all letters and for those with ASCII only. Knows no show.

use crate::level::Level;
use crate::rig::Kind;

/// What a grid is drawn with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Glyphs {
    /// The levels of a dimmed channel, from the dimmest to full.
    dimmed: &'static [char],
    off: char,
    on: char,
    /// On for a part of the column.
    partly_on: char,
    /// Between two groups of columns.
    pub(super) bar: char,
    /// Where a section begins, and how it goes on.
    pub(super) section: [char; 2],
    /// Where a text is cut.
    pub(super) cut: char,
}

impl Glyphs {
    pub const UNICODE: Self = Self {
        dimmed: &['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
        off: ' ',
        on: '━',
        partly_on: '╍',
        bar: '│',
        section: ['├', '─'],
        cut: '…',
    };
    /// Tenths and `x` for full, as the strips of a sheet have them.
    pub const ASCII: Self = Self {
        dimmed: &['\'', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'x'],
        off: '.',
        on: '#',
        partly_on: '+',
        bar: '|',
        section: ['[', '-'],
        cut: '~',
    };

    /// For a person with this locale: the first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set decides.
    #[must_use]
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let locale =
            ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(variable).find(|name| !name.is_empty());
        let locale = locale.unwrap_or_default().to_ascii_lowercase();
        if locale.contains("utf-8") || locale.contains("utf8") { Self::UNICODE } else { Self::ASCII }
    }

    /// What a channel of `kind` shows, whose mean level over a column is `mean`.
    pub(super) fn light(&self, kind: Kind, mean: Level) -> char {
        match (kind.dims(), mean) {
            (_, Level::OFF) => self.off,
            (false, Level::FULL) => self.on,
            (false, _) => self.partly_on,
            (true, mean) => {
                // The last letter is for full alone.
                let last = self.dimmed.len() - 1;
                self.dimmed[usize::from(mean.hundredths()) * last / usize::from(Level::FULL.hundredths())]
            }
        }
    }

    /// What the letters mean, for the foot of a grid with channels of these kinds.
    pub(super) fn legend(&self, has_switched: bool, has_dimmed: bool) -> Vec<String> {
        let mut parts = Vec::new();
        if has_switched {
            parts.push(format!("{} on", self.on));
            parts.push(format!("{} on for a part of the column", self.partly_on));
        }
        if has_dimmed {
            parts.push(format!("{} dimmed, up to full", self.dimmed.iter().collect::<String>()));
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locale_says_which_letters_there_are() {
        for (environment, expected) in [
            (&[("LANG", "de_DE.UTF-8")][..], Glyphs::UNICODE),
            (&[("LANG", "C.utf8")], Glyphs::UNICODE),
            (&[("LANG", "de_DE.UTF-8"), ("LC_ALL", "C")], Glyphs::ASCII),
            (&[("LANG", "C"), ("LC_CTYPE", "en_US.UTF-8"), ("LC_ALL", "")], Glyphs::UNICODE),
            (&[], Glyphs::ASCII),
        ] {
            let variable = |name: &str| {
                environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            };
            assert_eq!(Glyphs::of(variable), expected, "{environment:?}");
        }
    }

    #[test]
    fn light_never_looks_like_darkness_and_a_brighter_one_no_dimmer() {
        for glyphs in [Glyphs::UNICODE, Glyphs::ASCII] {
            let levels = [0, 1, 500, 1_000, 3_000, 5_500, 9_000, 9_999, 10_000];
            let letters = levels.map(|level| glyphs.light(Kind::Pwm, Level::from_hundredths(level)));
            let rank = |letter: &char| glyphs.dimmed.iter().position(|known| known == letter);
            assert_eq!(rank(&letters[0]), None);
            assert!(letters.iter().map(rank).collect::<Vec<_>>().is_sorted(), "{letters:?}");
            let switched =
                [0, 1, 9_999, 10_000].map(|level| glyphs.light(Kind::Ssr, Level::from_hundredths(level)));
            assert_eq!(switched, [glyphs.off, glyphs.partly_on, glyphs.partly_on, glyphs.on]);
        }
    }
}
