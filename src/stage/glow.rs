//! Bulbs and the light around them, on a canvas of half cells: nearly square points, two a cell.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::colours::{CREAM, Colours, NIGHT, Rgb};

/// How far a bulb's light reaches, in bulb radii.
const REACH: f32 = 3.2;
/// How bright the air is right beside a bulb, against the bulb itself.
const HAZE: f32 = 0.42;

/// Part of the night, to be lit.
pub(super) struct Canvas {
    area: Rect,
    colours: Colours,
    points: Vec<Rgb>,
}

/// One bulb on a canvas; lengths in half cells.
pub(super) struct Bulb {
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
        Self { area, colours, points: vec![NIGHT; usize::from(area.width) * usize::from(area.height) * 2] }
    }

    /// Lights the air around the bulb. All bulbs do this before any [`hang`](Self::hang)s.
    pub(super) fn light(&mut self, bulb: &Bulb) {
        // In 256 colours haze would look like dirt.
        if self.colours != Colours::All || bulb.brightness == 0.0 {
            return;
        }
        self.each_near(bulb, bulb.radius * REACH, |point, distance| {
            let fading = 1.0 - (distance - bulb.radius).max(0.0) / (bulb.radius * (REACH - 1.0));
            point.towards(bulb.light, HAZE * bulb.brightness * fading.max(0.0).powi(2))
        });
    }

    /// The bulb itself: brightest in the middle and round at the rim, where there are colours for it.
    pub(super) fn hang(&mut self, bulb: &Bulb) {
        if self.colours != Colours::All {
            return self.each_near(bulb, bulb.radius + 0.1, |_, _| bulb.glass);
        }
        self.each_near(bulb, bulb.radius + 0.5, |point, distance| {
            let middle = 1.0 - (distance / bulb.radius).min(1.0);
            let glass = bulb.glass.towards(CREAM, 0.7 * bulb.brightness * middle);
            // A point on the rim belongs to it in part.
            point.towards(glass, bulb.radius + 0.5 - distance)
        });
    }

    fn each_near(&mut self, bulb: &Bulb, reach: f32, change: impl Fn(Rgb, f32) -> Rgb) {
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
                    let point = &mut self.points[y * width + x];
                    *point = change(*point, distance);
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
                let (upper, lower) = (self.colours.ink(*upper), self.colours.ink(*lower));
                let cell = &mut buffer[(x, y)];
                match upper == lower {
                    true => cell.set_bg(upper),
                    false => cell.set_char('▀').set_fg(upper).set_bg(lower),
                };
            }
        }
    }
}
