//! The lamps of a scene, as large as the window allows: bulbs that shine, rows, or mere dots.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::colours::{CREAM, Colours, DUSK, SHADE, brightness, light};
use super::glow::{Bulb, Canvas};
use super::words::{cut, width_of};
use crate::ipc::ChannelStatus;

/// How one lamp is drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Form {
    /// A bulb so many cells tall, over its name and, with `line`, its GPIO line.
    Bulb { rows: u16, line: bool },
    /// Light, name and line beside one another.
    Row,
    /// Nothing but light.
    Dot,
}

/// From the most beautiful to the smallest.
const FORMS: [Form; 8] = [
    Form::Bulb { rows: 8, line: true },
    Form::Bulb { rows: 6, line: true },
    Form::Bulb { rows: 5, line: true },
    Form::Bulb { rows: 4, line: true },
    Form::Bulb { rows: 3, line: true },
    Form::Bulb { rows: 2, line: false },
    Form::Row,
    Form::Dot,
];

/// The first marks the place of a lamp that is dark.
const SHAPES: [char; 9] = ['·', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

impl Form {
    const fn height(self) -> u16 {
        match self {
            Self::Bulb { rows, line } => rows + 1 + line as u16,
            Self::Row | Self::Dot => 1,
        }
    }

    /// The narrowest and the widest place for it.
    fn widths(self) -> (u16, u16) {
        match self {
            // `12 · 100 %` and air, or the bulb and air.
            Self::Bulb { rows, line: true } => ((2 * rows + 2).max(12), 12 + rows * 3),
            Self::Bulb { .. } => (11, 14),
            Self::Row => (18, 28),
            Self::Dot => (3, 3),
        }
    }
}

/// Where each lamp goes: columns of equal width, rows as even as can be, the whole in the middle.
struct Places {
    form: Form,
    columns: u16,
    width: u16,
    /// From one row to the next.
    pitch: u16,
    origin: (u16, u16),
}

impl Places {
    fn of(count: usize, area: Rect) -> Self {
        let count = u16::try_from(count).unwrap_or(u16::MAX).max(1);
        let rows_of = |form: Form| count.div_ceil((area.width / form.widths().0).max(1));
        let fits =
            |form: &&Form| area.width >= form.widths().0 && rows_of(**form) * form.height() <= area.height;
        let form = *FORMS.iter().find(fits).unwrap_or(&Form::Dot);
        let rows = rows_of(form);
        let columns = count.div_ceil(rows);
        let width = (area.width / columns).clamp(1, form.widths().1);
        let left = (area.width.saturating_sub(width * columns)) / 2;
        let (pitch, top) = match form {
            Form::Bulb { .. } => {
                // A row of air between bulbs, where there is one to spare.
                let pitch = (area.height / rows).clamp(form.height(), form.height() + 1);
                (pitch, area.height.saturating_sub(rows * pitch) / 2)
            }
            Form::Row | Form::Dot => (1, 0),
        };
        Self { form, columns, width, pitch, origin: (area.x + left, area.y + top) }
    }

    fn place(&self, index: usize) -> Rect {
        let index = u16::try_from(index).unwrap_or(u16::MAX);
        let (row, column) = (index / self.columns, index % self.columns);
        let x = self.origin.0 + column * self.width;
        Rect::new(x, self.origin.1 + row * self.pitch, self.width, self.form.height())
    }
}

pub(super) fn draw(channels: &[ChannelStatus], colours: Colours, area: Rect, buffer: &mut Buffer) {
    let places = Places::of(channels.len(), area);
    let placed = || {
        channels.iter().enumerate().map(|(index, channel)| (channel, places.place(index).intersection(area)))
    };
    if let (Form::Bulb { rows, .. }, Colours::All | Colours::Indexed) = (places.form, colours) {
        let bulb = |(channel, place): (&ChannelStatus, Rect)| bulb(channel, place, rows, colours);
        // Light does not stop at the edge of the lamps' own area.
        let mut canvas = Canvas::new(buffer.area, colours);
        placed().map(bulb).for_each(|bulb| canvas.light(&bulb));
        placed().map(bulb).for_each(|bulb| canvas.hang(&bulb));
        canvas.paint(buffer);
    }
    for (channel, place) in placed().filter(|(_, place)| !place.is_empty()) {
        match places.form {
            Form::Bulb { rows, line } => bulb_labels(channel, rows, line, colours, place, buffer),
            Form::Row => row(channel, colours, place, buffer),
            Form::Dot => dot(channel, colours, place, buffer),
        }
    }
}

fn bulb(channel: &ChannelStatus, place: Rect, rows: u16, colours: Colours) -> Bulb {
    Bulb {
        x: f32::from(place.x) + f32::from(place.width) / 2.0,
        y: f32::from(place.y) * 2.0 + f32::from(rows),
        radius: f32::from(rows) * 0.66,
        light: light(channel.kind, channel.level),
        glass: colours.glass(channel.kind, channel.level),
        brightness: brightness(channel.level),
    }
}

fn bulb_labels(
    channel: &ChannelStatus,
    rows: u16,
    line: bool,
    colours: Colours,
    place: Rect,
    buffer: &mut Buffer,
) {
    if colours == Colours::None {
        let middle = place.x + place.width.saturating_sub(3) / 2;
        for row in 0..rows {
            let shape = shape_of_row(channel, rows, row).to_string().repeat(3);
            buffer.set_stringn(middle, place.y + row, shape, 3, Style::new());
        }
    }
    let mut centred = |row: u16, text: &str, style: Style| {
        let text = cut(text, usize::from(place.width).saturating_sub(1));
        let left = place.width.saturating_sub(width_of(&text) as u16) / 2;
        buffer.set_stringn(place.x + left, place.y + row, &text, usize::from(place.width - left), style);
    };
    centred(rows, &channel.name, name_style(channel, colours));
    if line {
        // `GPIO 18 · 100 %` with air on both sides, or the same without its first word.
        let line = if place.width >= 17 { channel.address.clone() } else { short_address(channel) };
        let line = match channel.kind.dims() {
            true => format!("{line} · {} %", channel.level.permille() / 10),
            false => channel.address.clone(),
        };
        centred(rows + 1, &line, Style::new().fg(colours.ink(SHADE.towards(DUSK, 0.75))));
    }
}

fn row(channel: &ChannelStatus, colours: Colours, place: Rect, buffer: &mut Buffer) {
    dot(channel, colours, place, buffer);
    // Light and a space before, `27` and a gap to the next column behind.
    let room = usize::from(place.width).saturating_sub(3 + 5);
    let name = cut(&channel.name, room);
    buffer.set_stringn(place.x + 3, place.y, name, room, name_style(channel, colours));
    let line = format!("{:>2}", short_address(channel));
    buffer.set_stringn(place.right() - 4, place.y, line, 2, Style::new().fg(colours.ink(DUSK)));
}

fn dot(channel: &ChannelStatus, colours: Colours, place: Rect, buffer: &mut Buffer) {
    let (shape, style) = match colours {
        Colours::None => (shape_of_row(channel, 1, 0), Style::new()),
        _ => ('█', Style::new().fg(colours.ink(colours.glass(channel.kind, channel.level)))),
    };
    buffer.set_stringn(place.x, place.y, shape.to_string().repeat(2), 2, style);
}

/// The part of a column of light that falls into `row` of `rows`, counted from the top. A lit lamp
/// never looks dark.
fn shape_of_row(channel: &ChannelStatus, rows: u16, row: u16) -> char {
    let eighths = (brightness(channel.level) * f32::from(rows * 8)).round() as u16;
    let eighths = eighths.max(u16::from(channel.level.is_lit()));
    let below = (rows - 1 - row) * 8;
    match eighths.saturating_sub(below).min(8) {
        0 if below > 0 => ' ',
        shape => SHAPES[usize::from(shape)],
    }
}

/// `17` for `GPIO 17`.
fn short_address(channel: &ChannelStatus) -> String {
    channel.gpio.map_or_else(|| channel.address.clone(), |bcm| bcm.to_string())
}

fn name_style(channel: &ChannelStatus, colours: Colours) -> Style {
    Style::new().fg(colours.ink(DUSK.towards(CREAM, brightness(channel.level) * 2.0)))
}
