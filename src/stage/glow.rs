//! Bulbs and the light around them, on a canvas of half cells: nearly square points, two a cell.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::Color;

use super::colours::{CREAM, Colours, NIGHT, Rgb, SHADE};
use crate::rig::Kind;

/// How far a bulb's light reaches, in bulb radii.
const REACH: f32 = 3.2;
/// The same with 256 colors, which have no faint ones: a ring around the bulb.
const REACH_OF_RING: f32 = 1.9;
/// How bright the air is right beside a bulb, against the bulb itself.
const HAZE: f32 = 0.42;

/// Part of the night, to be lit.
pub(super) struct Canvas {
    area: Rect,
    colours: Colours,
    points: Vec<CanvasPoint>,
}

/// What is seen there, and the kind of light that it mostly is, if it is any.
#[derive(Clone, Copy)]
struct CanvasPoint {
    colour: Rgb,
    kind: Option<Kind>,
}

/// One bulb on a canvas; lengths in half cells.
pub(super) struct Bulb {
    pub(super) kind: Kind,
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) radius: f32,
    /// What it sheds on its surroundings.
    pub(super) light: Rgb,
    /// What it looks like itself.
    pub(super) glass: Rgb,
    /// 0 to 1.
    pub(super) brightness: f32,
}

impl Canvas {
    pub(super) fn new(area: Rect, colours: Colours) -> Self {
        let night = CanvasPoint { colour: NIGHT, kind: None };
        Self { area, colours, points: vec![night; usize::from(area.width) * usize::from(area.height) * 2] }
    }

    /// Lights the air around the bulb. All bulbs do this before any [`hang`](Self::hang)s.
    pub(super) fn light(&mut self, bulb: &Bulb) {
        // Sixteen colors have none for it.
        if self.colours == Colours::Sixteen || bulb.brightness == 0.0 {
            return;
        }
        let reach = if self.colours == Colours::Indexed { REACH_OF_RING } else { REACH };
        self.each_near(bulb, bulb.radius * reach, |point, distance, _| {
            let fading = 1.0 - (distance - bulb.radius).max(0.0) / (bulb.radius * (reach - 1.0));
            let haze = HAZE * bulb.brightness * fading.max(0.0).powi(2);
            point.colour = point.colour.towards(bulb.light, haze);
            if haze > HAZE / 4.0 || point.kind.is_none() {
                point.kind = Some(bulb.kind);
            }
        });
    }

    /// The bulb itself: brightest in the middle and round at the rim. With sixteen colors it is a gauge, filled to its
    /// level.
    pub(super) fn hang(&mut self, bulb: &Bulb) {
        if self.colours == Colours::Sixteen {
            // At least the lowest row of points is filled.
            let filled = (bulb.brightness * bulb.radius * 2.0).max(bulb.brightness.ceil()) - bulb.radius;
            return self.each_near(bulb, bulb.radius + 0.1, |point, _, down| {
                point.colour = if down > -filled { bulb.glass } else { SHADE };
            });
        }
        let kind = (bulb.brightness > 0.0).then_some(bulb.kind);
        // With 256 colors a rim that is darker than the bulb has another hue.
        let soft = if self.colours == Colours::Indexed { 0.1 } else { 0.5 };
        self.each_near(bulb, bulb.radius + soft, |point, distance, _| {
            let middle = 1.0 - (distance / bulb.radius).min(1.0);
            let glass = bulb.glass.towards(CREAM, 0.7 * bulb.brightness * middle);
            // A point on the rim belongs to it in part.
            let part = if soft < 0.5 { 1.0 } else { bulb.radius + soft - distance };
            point.colour = point.colour.towards(glass, part);
            point.kind = kind;
        });
    }

    /// `change` is given a point, its distance from the middle of the bulb, and how far below that it is.
    fn each_near(&mut self, bulb: &Bulb, reach: f32, change: impl Fn(&mut CanvasPoint, f32, f32)) {
        let (width, height) = (usize::from(self.area.width), usize::from(self.area.height) * 2);
        let range = |centre: f32, limit: usize| {
            ((centre - reach).floor().max(0.0) as usize)
                ..((centre + reach).ceil().max(0.0) as usize).min(limit)
        };
        for y in range(bulb.y, height) {
            for x in range(bulb.x, width) {
                let (right, down) = (x as f32 + 0.5 - bulb.x, y as f32 + 0.5 - bulb.y);
                // Not `hypot`, whose care for huge numbers costs more than all the rest.
                let distance = (right * right + down * down).sqrt();
                if distance < reach {
                    change(&mut self.points[y * width + x], distance, down);
                }
            }
        }
    }

    /// Puts the canvas under whatever is written on it later.
    pub(super) fn paint(&self, buffer: &mut Buffer) {
        let width = usize::from(self.area.width).max(1);
        for (row, points) in self.points.chunks_exact(width * 2).enumerate() {
            let (upper, lower) = points.split_at(width);
            for (column, (upper, lower)) in upper.iter().zip(lower).enumerate() {
                let (x, y) = (self.area.x + column as u16, self.area.y + row as u16);
                let [upper, lower] = [upper, lower].map(|point| self.colours.shine(point.colour, point.kind));
                let cell = &mut buffer[(x, y)];
                match upper == lower {
                    _ if self.colours == Colours::Sixteen => self.paint_letter(upper, lower, cell),
                    true => _ = cell.set_bg(upper),
                    false => _ = cell.set_char('▀').set_fg(upper).set_bg(lower),
                }
            }
        }
    }

    /// The console of Linux has bright colors only for letters, and few letters. Two colors meet in one only where a
    /// gauge is filled to: there the upper one is left out.
    fn paint_letter(&self, upper: Color, lower: Color, cell: &mut Cell) {
        let [night, unlit] = [NIGHT, SHADE].map(|colour| self.colours.ink(colour));
        let (letter, colour) = match (upper == lower, upper, lower) {
            (true, colour, _) if colour == night => return,
            (true, colour, _) if colour == unlit => ('░', unlit),
            (true, colour, _) => ('█', colour),
            // A rim of half letters would be brighter than what it is around.
            (false, upper, lower) if [upper, lower].contains(&unlit) && [upper, lower].contains(&night) => {
                return;
            }
            (false, upper, lower) if lower == night => ('▀', upper),
            (false, _, lower) => ('▄', lower),
        };
        cell.set_char(letter).set_fg(colour);
    }
}
