//! The channels of a status, as large as the window allows: bulbs that shine, rows with names, or mere dots. Where
//! there is no room for names, pages have them. Pure.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::colours::{Colours, DUSK};
use super::glow::Canvas;
use super::labels::labels;
use super::lamp::{bulb, bulb_labels, dot, name_style, short_address, tall_row};
use super::light_form::{FORMS, LightForm, Longest};
use super::words::{cut, width_of};
use crate::ipc::ChannelStatus;

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
                // Some air between rows of bulbs, where there is any to spare.
                let height = form.height();
                let pitch = (area.height / rows).clamp(height, height + 1 + height / 5);
                (pitch, area.height.saturating_sub(rows * pitch) / 2)
            }
            form => (form.height(), 0),
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
        if let LightForm::Bulb { rows, .. } = self.form
            && colours != Colours::None
        {
            let bulbs = || self.places().map(|(channel, place)| bulb(channel, place, rows, colours));
            // Light does not stop at the edge of the channels' own area.
            let mut canvas = Canvas::new(buffer.area, colours);
            bulbs().for_each(|bulb| canvas.light(&bulb));
            bulbs().for_each(|bulb| canvas.hang(&bulb));
            canvas.paint(buffer);
        }
        let names: Vec<&str> = self.channels.iter().map(|channel| &*channel.name).collect();
        let names = if self.form.has_names() { labels(&names, self.name_room()) } else { Vec::new() };
        let names = names.iter().map(String::as_str).chain(std::iter::repeat(""));
        for ((channel, place), name) in self.places().zip(names).filter(|((_, place), _)| !place.is_empty()) {
            match self.form {
                LightForm::Bulb { rows, address } => {
                    bulb_labels(channel, name, rows, address, colours, place, buffer);
                }
                LightForm::TallRow => tall_row(channel, name, colours, place, buffer),
                LightForm::Row | LightForm::ShortRow => {
                    self.row(channel, name, colours).render(place, buffer);
                }
                LightForm::Dot { width } => dot(channel, width.div_ceil(2), colours).render(place, buffer),
            }
        }
        if let Some(label) = &self.label {
            let last = self.area.rows().next_back().unwrap_or_default();
            Line::from(Span::styled(label, colours.ink(DUSK))).right_aligned().render(last, buffer);
        }
    }

    /// Columns for each name.
    fn name_room(&self) -> usize {
        // Before the name the light and a space; behind it a space, the address and a gap.
        let beside = match self.form {
            LightForm::Row => 6 + self.longest.address,
            LightForm::TallRow => 5,
            LightForm::ShortRow => 4,
            // A column of air to the right of each text.
            LightForm::Bulb { .. } | LightForm::Dot { .. } => 1,
        };
        usize::from(self.width.saturating_sub(beside))
    }

    /// `██ neon         17`, or without the address.
    fn row(&self, channel: &ChannelStatus, name: &str, colours: Colours) -> Line<'static> {
        let padding = self.name_room().saturating_sub(width_of(name));
        let name = Span::styled(format!(" {name}{:padding$}", ""), name_style(channel, colours));
        let mut light = dot(channel, 2, colours);
        if matches!(colours, Colours::All | Colours::Indexed) {
            // Not as tall as its row: lights below one another are several.
            light.content = "▆▆".into();
        }
        let mut line = Line::from(vec![light, name]);
        if self.form == LightForm::Row {
            let width = usize::from(self.longest.address);
            let address = cut(&short_address(channel), width);
            line.push_span(Span::styled(format!(" {address:>width$}"), colours.ink(DUSK)));
        }
        line
    }
}
