//! One channel as it is drawn: its light, and the words at it. Pure.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::colours::{CREAM, Colours, DUSK, SHADE, brightness, light};
use super::glow::Bulb;
use super::words::cut;
use crate::ipc::ChannelStatus;

/// The first marks the place of a channel that is dark.
const SHAPES: [char; 9] = ['·', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

pub(super) fn bulb(channel: &ChannelStatus, place: Rect, rows: u16, colours: Colours) -> Bulb {
    Bulb {
        kind: channel.kind,
        x: f32::from(place.x) + f32::from(place.width) / 2.0,
        y: f32::from(place.y) * 2.0 + f32::from(rows),
        radius: f32::from(rows) * 0.66,
        light: light(channel.kind, channel.level),
        glass: colours.glass(channel.kind, channel.level),
        brightness: brightness(channel.level),
    }
}

pub(super) fn bulb_labels(
    channel: &ChannelStatus,
    name: &str,
    rows: u16,
    has_address: bool,
    colours: Colours,
    place: Rect,
    buffer: &mut Buffer,
) {
    // A column of air to the right of each text.
    let mut centred = |row: u16, text: String, style: Style| {
        let text = cut(&text, usize::from(place.width).saturating_sub(1));
        let area = Rect { y: place.y + row, height: 1, ..place };
        Line::from(Span::styled(text, style)).centered().render(area.intersection(place), buffer);
    };
    if colours == Colours::None {
        for row in 0..rows {
            centred(row, shape_of_row(channel, rows, row).to_string().repeat(3), Style::new());
        }
    }
    centred(rows, name.to_owned(), name_style(channel, colours));
    if has_address {
        centred(rows + 1, address_and_level(channel, place.width), address_style(colours));
    }
}

/// `GPIO 18 · 100 %` with air on both sides, or the same without its first word.
fn address_and_level(channel: &ChannelStatus, width: u16) -> String {
    match channel.kind.dims() {
        true if width >= 17 => format!("{} · {} %", channel.address, channel.level.permille() / 10),
        true => format!("{} · {} %", short_address(channel), channel.level.permille() / 10),
        false => channel.address.clone(),
    }
}

fn address_style(colours: Colours) -> Style {
    Style::new().fg(colours.ink(SHADE.towards(DUSK, 0.75)))
}

/// `███ windows` over `▀▀▀ 18 · 80 %`: three columns and a row and a half make a square.
pub(super) fn tall_row(
    channel: &ChannelStatus,
    name: &str,
    colours: Colours,
    place: Rect,
    buffer: &mut Buffer,
) {
    let light = dot(channel, 3, colours);
    let below = match light.content.starts_with('█') {
        true => Span::styled("▀▀▀", light.style),
        false => Span::raw("   "),
    };
    let room = usize::from(place.width).saturating_sub(5);
    let address = cut(&address_and_level(channel, place.width.saturating_sub(5)), room);
    let name = Span::styled(format!(" {name}"), name_style(channel, colours));
    let address = Span::styled(format!(" {address}"), address_style(colours));
    for (line, row) in [[light, name], [below, address]].into_iter().zip(place.rows()) {
        Line::from(line.to_vec()).render(row, buffer);
    }
}

pub(super) fn dot(channel: &ChannelStatus, width: u16, colours: Colours) -> Span<'static> {
    let (shape, style) = match colours {
        Colours::None => (shape_of_row(channel, 1, 0), Style::new()),
        Colours::Sixteen => {
            let glass = colours.glass(channel.kind, channel.level);
            (shape_of_row(channel, 1, 0), Style::new().fg(colours.ink(glass)))
        }
        Colours::All | Colours::Indexed => {
            let glass = colours.glass(channel.kind, channel.level);
            let kind = channel.level.is_lit().then_some(channel.kind);
            ('█', Style::new().fg(colours.shine(glass, kind)))
        }
    };
    Span::styled(shape.to_string().repeat(usize::from(width)), style)
}

/// The part of a column of light that falls into `row` of `rows`, counted from the top. A lit channel never looks
/// dark.
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
pub(super) fn short_address(channel: &ChannelStatus) -> String {
    channel.gpio.map_or_else(|| channel.address.clone(), |bcm| bcm.to_string())
}

pub(super) fn name_style(channel: &ChannelStatus, colours: Colours) -> Style {
    Style::new().fg(colours.ink(DUSK.towards(CREAM, brightness(channel.level) * 2.0)))
}
