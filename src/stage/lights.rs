//! The channels of a status, as large as the window allows: bulbs that shine, rows with names, or mere dots. Where
//! there is no room for names, pages have them. Pure.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::colours::{CREAM, Colours, DUSK, SHADE, brightness, light};
use super::glow::{Bulb, Canvas};
use super::words::{cut, width_of};
use crate::ipc::ChannelStatus;

/// How one channel is drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum LightForm {
    /// A bulb so many cells tall, over its name and, with `address`, what it is wired to.
    Bulb { rows: u16, address: bool },
    /// Light, name and address beside one another.
    Row,
    /// Light and name.
    ShortRow,
    /// Light alone, in so many columns.
    Dot { width: u16 },
}

/// From the most beautiful to the smallest.
const FORMS: [LightForm; 11] = [
    LightForm::Bulb { rows: 8, address: true },
    LightForm::Bulb { rows: 6, address: true },
    LightForm::Bulb { rows: 5, address: true },
    LightForm::Bulb { rows: 4, address: true },
    LightForm::Bulb { rows: 3, address: true },
    LightForm::Bulb { rows: 2, address: false },
    LightForm::Row,
    LightForm::ShortRow,
    LightForm::Dot { width: 3 },
    LightForm::Dot { width: 2 },
    LightForm::Dot { width: 1 },
];

/// The first marks the place of a channel that is dark.
const SHAPES: [char; 9] = ['·', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

impl LightForm {
    const fn height(self) -> u16 {
        match self {
            Self::Bulb { rows, address } => rows + 1 + address as u16,
            Self::Row | Self::ShortRow | Self::Dot { .. } => 1,
        }
    }

    /// The narrowest and the widest place for it.
    fn widths(self, longest: Longest) -> (u16, u16) {
        match self {
            // `12 · 100 %` and air, or the bulb and air.
            Self::Bulb { rows, address: true } => ((2 * rows + 2).max(12), 12 + rows * 3),
            Self::Bulb { .. } => (11, 14),
            Self::Row => (16 + longest.address, 26 + longest.address),
            Self::ShortRow => (4 + longest.name, 24),
            Self::Dot { width } => (width, width),
        }
    }

    const fn has_names(self) -> bool {
        !matches!(self, Self::Dot { .. })
    }

    /// How many fit into `area`.
    fn room(self, area: Rect, longest: Longest) -> usize {
        usize::from(area.width / self.widths(longest).0) * usize::from(area.height / self.height())
    }
}

/// Columns of the longest text of its kind, within bounds.
#[derive(Clone, Copy)]
struct Longest {
    name: u16,
    /// Of a short address.
    address: u16,
}

impl Longest {
    fn of(channels: &[ChannelStatus]) -> Self {
        let longest = |width: fn(&ChannelStatus) -> usize| channels.iter().map(width).max().unwrap_or(0);
        Self {
            name: longest(|channel| width_of(&channel.name)).clamp(4, 20) as u16,
            address: longest(|channel| width_of(&short_address(channel))).clamp(2, 12) as u16,
        }
    }
}

/// Channels, each with its place: columns of equal width, rows as even as can be, the whole in the middle.
pub(super) struct Lights<'a> {
    channels: &'a [ChannelStatus],
    form: LightForm,
    area: Rect,
    longest: Longest,
    columns: u16,
    width: u16,
    /// From one row to the next.
    pitch: u16,
    origin: (u16, u16),
    pages: usize,
    /// Which of how many channels these are, unless they are all of them.
    label: Option<String>,
}

impl<'a> Lights<'a> {
    /// All `channels` at once, or the `page` of their names, from 1. `wide` is used where `area` has no room for
    /// names.
    pub(super) fn new(channels: &'a [ChannelStatus], page: usize, area: Rect, wide: Rect) -> Self {
        let longest = Longest::of(channels);
        let form_in = |area: Rect| FORMS.into_iter().find(|form| form.room(area, longest) >= channels.len());
        if let Some(form) = form_in(area).filter(|form| form.has_names()) {
            return Self::placed(channels, form, area, longest);
        }
        let overview = form_in(wide);
        if let Some(form) = overview.filter(|form| form.has_names()) {
            return Self::placed(channels, form, wide, longest);
        }
        // A page leaves a row for its label.
        let inside = Rect { height: wide.height.saturating_sub(1), ..wide };
        let room = LightForm::Row.room(inside, longest);
        let pages = if room == 0 { 0 } else { channels.len().div_ceil(room) };
        match (page.min(pages), overview) {
            (0, Some(form)) => Self { pages, ..Self::placed(channels, form, wide, longest) },
            (0, None) if pages == 0 => {
                let form = LightForm::Dot { width: 1 };
                let shown = channels.len().min(form.room(wide, longest));
                Self::placed(&channels[..shown], form, wide, longest)
            }
            (page, _) => {
                let first = (page.max(1) - 1) * room;
                let last = channels.len().min(first + room);
                let label = format!("channels {} to {last} of {}", first + 1, channels.len());
                let lights = Self::placed(&channels[first..last], LightForm::Row, inside, longest);
                Self { pages, label: Some(label), area: wide, ..lights }
            }
        }
    }

    fn placed(channels: &'a [ChannelStatus], form: LightForm, area: Rect, longest: Longest) -> Self {
        let (narrowest, widest) = form.widths(longest);
        let count = channels.len().max(1);
        let rows = count.div_ceil(usize::from(area.width / narrowest).max(1));
        let columns = count.div_ceil(rows) as u16;
        let rows = (rows as u16).max(1);
        let width = (area.width / columns).clamp(1, widest);
        let left = area.width.saturating_sub(width * columns) / 2;
        let (pitch, top) = match form {
            LightForm::Bulb { .. } => {
                // A row of air between bulbs, where there is one to spare.
                let pitch = (area.height / rows).clamp(form.height(), form.height() + 1);
                (pitch, area.height.saturating_sub(rows * pitch) / 2)
            }
            _ => (1, 0),
        };
        let origin = (area.x + left, area.y + top);
        Self { channels, form, area, longest, columns, width, pitch, origin, pages: 0, label: None }
    }

    /// How many pages of names there are; none where all names are seen at once.
    pub(super) fn pages(&self) -> usize {
        self.pages
    }

    fn places(&self) -> impl Iterator<Item = (&'a ChannelStatus, Rect)> {
        let place = |index: u16| {
            let (row, column) = (index / self.columns, index % self.columns);
            let x = self.origin.0 + column * self.width;
            Rect::new(x, self.origin.1 + row * self.pitch, self.width, self.form.height())
        };
        (0..).zip(self.channels).map(move |(index, channel)| (channel, place(index).intersection(self.area)))
    }

    pub(super) fn draw(&self, colours: Colours, buffer: &mut Buffer) {
        if let (LightForm::Bulb { rows, .. }, Colours::All | Colours::Indexed) = (self.form, colours) {
            let bulbs = || self.places().map(|(channel, place)| bulb(channel, place, rows, colours));
            // Light does not stop at the edge of the channels' own area.
            let mut canvas = Canvas::new(buffer.area, colours);
            bulbs().for_each(|bulb| canvas.light(&bulb));
            bulbs().for_each(|bulb| canvas.hang(&bulb));
            canvas.paint(buffer);
        }
        for (channel, place) in self.places().filter(|(_, place)| !place.is_empty()) {
            match self.form {
                LightForm::Bulb { rows, address } => {
                    bulb_labels(channel, rows, address, colours, place, buffer);
                }
                LightForm::Row => self.row(channel, self.longest.address, colours).render(place, buffer),
                LightForm::ShortRow => self.row(channel, 0, colours).render(place, buffer),
                LightForm::Dot { width } => dot(channel, width.div_ceil(2), colours).render(place, buffer),
            }
        }
        if let Some(label) = &self.label {
            let last = self.area.rows().next_back().unwrap_or_default();
            Line::styled(label.as_str(), colours.ink(DUSK)).right_aligned().render(last, buffer);
        }
    }

    /// `██ neon         17`, the address in `address` columns.
    fn row(&self, channel: &ChannelStatus, address: u16, colours: Colours) -> Line<'static> {
        // Before the name the light and a space; behind it a space, the address and a gap.
        let gap = if address > 0 { 3 } else { 1 };
        let room = usize::from(self.width).saturating_sub(usize::from(3 + address + gap));
        let name = cut(&channel.name, room);
        let padding = room - width_of(&name);
        let name = Span::styled(format!(" {name}{:padding$}", ""), name_style(channel, colours));
        let mut line = Line::from(vec![dot(channel, 2, colours), name]);
        if address > 0 {
            let width = usize::from(address);
            let address = cut(&short_address(channel), width);
            line.push_span(Span::styled(format!(" {address:>width$}"), colours.ink(DUSK)));
        }
        line
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
    has_address: bool,
    colours: Colours,
    place: Rect,
    buffer: &mut Buffer,
) {
    // A column of air to the right of each text.
    let mut centred = |row: u16, text: String, style: Style| {
        let text = cut(&text, usize::from(place.width).saturating_sub(1));
        let area = Rect { y: place.y + row, height: 1, ..place };
        Line::styled(text, style).centered().render(area.intersection(place), buffer);
    };
    if colours == Colours::None {
        for row in 0..rows {
            centred(row, shape_of_row(channel, rows, row).to_string().repeat(3), Style::new());
        }
    }
    centred(rows, channel.name.clone(), name_style(channel, colours));
    if has_address {
        // `GPIO 18 · 100 %` with air on both sides, or the same without its first word.
        let line = match channel.kind.dims() {
            true if place.width >= 17 => {
                format!("{} · {} %", channel.address, channel.level.permille() / 10)
            }
            true => format!("{} · {} %", short_address(channel), channel.level.permille() / 10),
            false => channel.address.clone(),
        };
        centred(rows + 1, line, Style::new().fg(colours.ink(SHADE.towards(DUSK, 0.75))));
    }
}

fn dot(channel: &ChannelStatus, width: u16, colours: Colours) -> Span<'static> {
    let (shape, style) = match colours {
        Colours::None => (shape_of_row(channel, 1, 0), Style::new()),
        _ => ('█', Style::new().fg(colours.ink(colours.glass(channel.kind, channel.level)))),
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
fn short_address(channel: &ChannelStatus) -> String {
    channel.gpio.map_or_else(|| channel.address.clone(), |bcm| bcm.to_string())
}

fn name_style(channel: &ChannelStatus, colours: Colours) -> Style {
    Style::new().fg(colours.ink(DUSK.towards(CREAM, brightness(channel.level) * 2.0)))
}
