//! The lights in the xterm table of 256 colors. A mixed color comes out grey or in another hue in a table as coarse as
//! that, so each kind of light has a ramp of its own, picked from it.

use super::rgb::{Rgb, brightness};
use crate::level::Level;
use crate::rig::Kind;

/// Indices from a dim light to a full one, and beyond that its hottest point. The eye can tell neighbors apart.
type TableRamp = [u8; 9];

const PINKS: TableRamp = [53, 89, 125, 161, 197, 198, 204, 211, 218];
const TEALS: TableRamp = [23, 29, 30, 36, 37, 43, 80, 122, 195];
const AMBERS: TableRamp = [52, 88, 94, 130, 172, 214, 221, 222, 230];
/// Steps of the ramp that a light takes from dim to full.
const DIMMED: usize = 7;
/// The night, and a lamp without light.
const NIGHT_INDEX: u8 = 233;
const UNLIT_INDEX: u8 = 236;

/// What a lamp itself looks like. A lit lamp never looks dark.
pub(super) fn glass(kind: Kind, level: Level) -> Rgb {
    let step = (brightness(level) * DIMMED as f32).ceil() as usize;
    colour(step.checked_sub(1).map_or(UNLIT_INDEX, |step| ramp(kind)[step]))
}

/// The nearest to `wanted` of the night and the lights of `kind`; without a kind, of the night and an unlit lamp.
pub(super) fn nearest(kind: Option<Kind>, wanted: Rgb) -> u8 {
    let lights: &[u8] = kind.map_or(&[UNLIT_INDEX], |kind| ramp(kind));
    let indices = lights.iter().chain(&[NIGHT_INDEX]);
    let distance = |index: &&u8| colour(**index).distance(wanted);
    let nearest = indices.min_by(|a, b| distance(a).total_cmp(&distance(b)));
    nearest.copied().unwrap_or(NIGHT_INDEX)
}

const fn ramp(kind: Kind) -> &'static TableRamp {
    match kind {
        Kind::Relay => &PINKS,
        Kind::Ssr => &TEALS,
        Kind::Pwm | Kind::Dimmer => &AMBERS,
    }
}

/// Of an index above the first sixteen, which terminals choose themselves.
fn colour(index: u8) -> Rgb {
    const STEPS: [f32; 6] = [0.0, 95.0, 135.0, 175.0, 215.0, 255.0];
    match index.saturating_sub(16) {
        cube @ 0..216 => Rgb([cube / 36, cube / 6 % 6, cube % 6].map(|part| STEPS[usize::from(part)])),
        grey => Rgb([8.0 + 10.0 * f32::from(grey - 216); 3]),
    }
}

#[cfg(test)]
mod tests {
    use super::super::rgb::NIGHT;
    use super::*;

    const KINDS: [Kind; 3] = [Kind::Relay, Kind::Ssr, Kind::Pwm];

    #[test]
    fn an_index_has_the_colour_that_terminals_show_for_it() {
        for (index, colour) in [(16, [0.0; 3]), (214, [255.0, 175.0, 0.0]), (233, [18.0; 3])] {
            assert_eq!(super::colour(index), Rgb(colour));
        }
    }

    #[test]
    fn a_dimmed_light_has_seven_steps_that_get_brighter() {
        for kind in KINDS {
            let luminance = |percent: &u16| {
                let Rgb([red, green, blue]) = glass(kind, Level::from_percent(*percent));
                0.2126 * red.powf(2.2) + 0.7152 * green.powf(2.2) + 0.0722 * blue.powf(2.2)
            };
            let shades: Vec<f32> = [1, 15, 30, 44, 58, 72, 100].iter().map(luminance).collect();
            assert!(shades.is_sorted_by(|darker, brighter| darker < brighter), "{kind:?}: {shades:?}");
        }
    }

    #[test]
    fn no_kind_of_light_has_a_colour_of_another() {
        for (one, other) in [(PINKS, TEALS), (TEALS, AMBERS), (AMBERS, PINKS)] {
            assert!(one.iter().all(|index| !other.contains(index)));
        }
    }

    #[test]
    fn a_lit_lamp_differs_from_a_dark_one_and_from_the_night() {
        for kind in KINDS {
            let dim = nearest(Some(kind), glass(kind, Level::from_percent(1)));
            assert_eq!((dim, nearest(None, glass(kind, Level::OFF))), (ramp(kind)[0], UNLIT_INDEX));
            assert_eq!([Some(kind), None].map(|kind| nearest(kind, NIGHT)), [NIGHT_INDEX; 2]);
        }
    }
}
