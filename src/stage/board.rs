//! The whole picture: title, progress and standing above, lamps in the middle, notice and keys below.
//! Pure: a scene and a size become cells.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::colours::{AMBER, CREAM, Colours, DUSK, NIGHT, PINK, Rgb, SHADE, TEAL, sunset};
use super::lights;
use super::words::{cut, fitting, lettered, width_of};
use crate::ipc::{PlayState, ShowStatus, Status};

/// Wider than this, a person would have to turn their head.
const WIDEST: u16 = 108;

/// What is on the board besides the scene.
#[derive(Clone, Copy, Default)]
pub(super) struct Margin<'a> {
    pub(super) notice: Option<&'a str>,
    /// Whether there is a keyboard to name keys for.
    pub(super) keys: bool,
}

/// How the rows of a window are shared out; lamps get what the others leave.
struct Rows {
    title: Option<u16>,
    progress: u16,
    standing: Option<u16>,
    lights: (u16, u16),
    notice: Option<u16>,
    keys: Option<u16>,
}

impl Rows {
    fn of(height: u16, margin: &Margin) -> Self {
        let airy = u16::from(height >= 18);
        let title = (height >= 2).then_some(airy);
        let progress = title.map_or(0, |title| title + 1 + airy);
        let standing = (height >= 5).then_some(progress + 1);
        let top = standing.unwrap_or(progress) + 1 + airy;
        let keys = (margin.keys && height >= 7).then(|| height - 1 - airy);
        let below = keys.unwrap_or(height);
        // In a window with room the notice has its place before there is one: no lamp jumps.
        let notice = (margin.notice.is_some() && height >= 6 || height >= 12).then(|| below - 1);
        let bottom = notice.unwrap_or(below).saturating_sub(airy);
        Self { title, progress, standing, lights: (top, bottom.saturating_sub(top)), notice, keys }
    }
}

pub(super) fn draw(status: &Status, margin: &Margin, colours: Colours, window: Rect) -> Buffer {
    let mut buffer = Buffer::empty(window);
    if window.is_empty() {
        return buffer;
    }
    buffer.set_style(window, Style::new().bg(colours.ink(NIGHT)).fg(colours.ink(CREAM)));
    let inset = u16::from(window.width >= 40) * 2;
    let width = window.width.saturating_sub(2 * inset).min(WIDEST);
    let left = window.x + (window.width - width) / 2;
    let rows = Rows::of(window.height, margin);
    let (top, height) = rows.lights;
    lights::draw(&status.channels, colours, Rect::new(left, window.y + top, width, height), &mut buffer);

    let mut pen = Pen { buffer, colours, left, top: window.y, width };
    if let Some(row) = rows.title {
        title(status, row, &mut pen);
    }
    if let Some(show) = &status.show {
        progress(show, rows.progress, &mut pen);
    }
    if let Some(row) = rows.standing {
        standing(status, row, &mut pen);
    }
    if let (Some(row), Some(notice)) = (rows.notice, margin.notice) {
        pen.write(0, row, &cut(notice, usize::from(width)), AMBER);
    }
    if let Some(row) = rows.keys {
        keys(status.state, row, &mut pen);
    }
    pen.buffer
}

/// Writes within the board's margins.
struct Pen {
    buffer: Buffer,
    colours: Colours,
    left: u16,
    top: u16,
    width: u16,
}

impl Pen {
    fn write(&mut self, column: usize, row: u16, text: &str, colour: Rgb) {
        self.write_styled(column, row, text, Style::new().fg(self.colours.ink(colour)));
    }

    /// Returns the column after the text.
    fn write_styled(&mut self, column: usize, row: u16, text: &str, style: Style) -> usize {
        let room = usize::from(self.width).saturating_sub(column);
        if room > 0 {
            self.buffer.set_stringn(self.left + column as u16, self.top + row, text, room, style);
        }
        column + width_of(text)
    }

    fn right(&self, text: &str) -> usize {
        usize::from(self.width).saturating_sub(width_of(text))
    }
}

fn title(status: &Status, row: u16, pen: &mut Pen) {
    let state = format!("● {}", status.state.name());
    let colour = match status.state {
        PlayState::Playing => TEAL,
        PlayState::Idle | PlayState::Waiting | PlayState::Paused | PlayState::FadingOut => AMBER,
        PlayState::Blackout => PINK,
    };
    let room = pen.right(&state).saturating_sub(2);
    let title = match (&status.show, &status.stands) {
        (Some(show), _) => &show.title,
        (None, Some(stands)) => stands.name(),
        (None, None) => "starcourt",
    };
    let lettered = lettered(title);
    // A window too narrow for both says what happens before what it is called.
    let title = if width_of(&lettered) <= room { lettered } else { cut(title, room) };
    let letters = width_of(&title).max(1) as f32;
    let mut column = 0;
    for letter in title.chars() {
        let style = Style::new().fg(pen.colours.ink(sunset(column as f32 / letters)));
        column = pen.write_styled(
            column,
            row,
            letter.encode_utf8(&mut [0; 4]),
            style.add_modifier(Modifier::BOLD),
        );
    }
    pen.write(pen.right(&state), row, &state, colour);
}

fn progress(show: &ShowStatus, row: u16, pen: &mut Pen) {
    let time = show.position.to_minutes();
    let Some(length) = show.length else {
        pen.write(0, row, &time, CREAM);
        return;
    };
    let end = length.to_minutes();
    // The bar must not move when the time grows by a digit.
    let from = width_of(&end).max(width_of(&time)) + 2;
    let to = pen.right(&end).saturating_sub(2);
    pen.write(from - 2 - width_of(&time), row, &time, CREAM);
    pen.write(pen.right(&end), row, &end, DUSK);
    let cells = to.saturating_sub(from);
    let played = show.position.micros() as f32 / length.micros().max(1) as f32;
    let halves = (played.min(1.0) * cells as f32 * 2.0) as usize;
    for cell in 0..cells {
        let (shape, colour) = match halves.saturating_sub(cell * 2) {
            0 => ("─", SHADE),
            1 => ("╾", sunset(cell as f32 / cells as f32)),
            _ => ("━", sunset(cell as f32 / cells as f32)),
        };
        pen.write(from + cell, row, shape, colour);
    }
}

fn standing(status: &Status, row: u16, pen: &mut Pen) {
    let output = status.output.to_string();
    let Some(show) = &status.show else {
        return pen.write(0, row, &output, DUSK);
    };
    let bar = show.bar_beat.as_ref().map(|bar| format!("bar {bar}"));
    let late = match show.late {
        0 => "no edge late".to_owned(),
        1 => "1 edge late".to_owned(),
        late => format!("{late} edges late"),
    };
    let volume = show.volume.map_or("silent".to_owned(), |volume| format!("volume {volume} %"));
    let realtime = if show.realtime { "real time" } else { "not real time" };
    // What matters most comes first: the line may be too short for all of it.
    let (last, first) = if show.late > 0 { (&volume, &late) } else { (&late, &volume) };
    let parts = [&output, show.leader(), realtime, first, last];
    let mut column = 0;
    if let Some(bar) = &bar {
        let style = Style::new().fg(pen.colours.ink(CREAM)).add_modifier(Modifier::BOLD);
        // Bars count up while they play: room for three digits and a half beat keeps the rest still.
        column = pen.write_styled(0, row, &format!("{bar:<11}"), style);
    }
    let rest = fitting(parts, " · ", usize::from(pen.width).saturating_sub(column));
    pen.write(column, row, &rest, DUSK);
    // What a person should worry about stands out of the line.
    for (worry, is_so) in [(realtime, !show.realtime), (&*late, show.late > 0)] {
        if let (true, Some(at)) = (is_so, rest.find(worry)) {
            pen.write(column + width_of(&rest[..at]), row, worry, AMBER);
        }
    }
}

fn keys(state: PlayState, row: u16, pen: &mut Pen) {
    let pause = if state == PlayState::Paused { "go on" } else { "pause" };
    let blackout = if state == PlayState::Blackout { "lights" } else { "blackout" };
    let mut column = 0;
    for (key, meaning) in [("space", pause), ("q", "quit"), ("b", blackout), ("+ -", "volume")] {
        if column + width_of(key) + 1 + width_of(meaning) > usize::from(pen.width) {
            break;
        }
        pen.write(column, row, key, CREAM);
        pen.write(column + width_of(key) + 1, row, meaning, DUSK);
        column += width_of(key) + 1 + width_of(meaning) + 3;
    }
}
