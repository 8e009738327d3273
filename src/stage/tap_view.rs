//! What a person sees who taps beats: the place in the song, the beat that was tapped last, the tempo so far, the keys.
//! Pure.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Widget};

use super::colours::{AMBER, CREAM, Colours, DUSK, NIGHT, PINK, SHADE, TEAL};
use super::wish::KeyMeaning;
use super::words::{cut, wrapped};

/// Columns of the names at the left.
const NAMES: usize = 10;
/// In longer lines the eye gets lost.
const WIDEST: u16 = 80;
/// A window with so many rows has empty ones between the parts of the picture.
const AIRY: u16 = 16;

/// The beat that lights up, for a moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Flash {
    #[default]
    None,
    Beat,
    /// The first beat of a bar.
    Bar,
}

/// What is shown while beats are tapped or played. Texts from outside are [printable](crate::printable) already.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TapView {
    pub title: String,
    /// `1:12 of 3:00`.
    pub progress: String,
    /// Bar and beat.
    pub place: String,
    pub flash: Flash,
    /// A name and what there is to say about it, a row each.
    pub rows: Vec<(&'static str, String)>,
    pub notice: Option<String>,
    pub keys: Vec<KeyMeaning>,
}

impl TapView {
    pub(super) fn draw(&self, colours: Colours, window: Rect) -> Buffer {
        let mut buffer = Buffer::empty(window);
        let ink = |colour| Style::new().fg(colours.ink(colour));
        Block::new().style(ink(CREAM).bg(colours.ink(NIGHT))).render(window, &mut buffer);
        let room = usize::from(window.width.min(WIDEST).saturating_sub(2));
        let airy = window.height >= AIRY;
        let mut lines = vec![Line::styled(cut(&self.title, room), ink(AMBER))];
        lines.push(Line::styled(cut(&self.progress, room), ink(DUSK)));
        lines.extend(airy.then(Line::default));
        // Without colors the sign tells.
        let (sign, colour) = match self.flash {
            Flash::None => ("·", SHADE),
            Flash::Beat => ("●", TEAL),
            Flash::Bar => ("◆", PINK),
        };
        lines.push(Line::from(vec![
            Span::styled(format!("{sign} "), ink(colour)),
            Span::styled(cut(&self.place, room.saturating_sub(2)), ink(CREAM)),
        ]));
        lines.extend(airy.then(Line::default));
        for (name, text) in &self.rows {
            lines.push(Line::from(vec![
                Span::styled(format!("{name:<NAMES$}"), ink(DUSK)),
                Span::styled(cut(text, room.saturating_sub(NAMES)), ink(CREAM)),
            ]));
        }
        lines.extend(airy.then(Line::default));
        // The keys come before a notice: there are rows for both in any usual window.
        for key in &self.keys {
            lines.push(Line::from(vec![
                Span::styled(format!("{:<NAMES$}", key.key), ink(CREAM)),
                Span::styled(cut(key.meaning, room.saturating_sub(NAMES)), ink(DUSK)),
            ]));
        }
        if let Some(notice) = &self.notice {
            lines.extend(airy.then(Line::default));
            lines.extend(wrapped(notice, room, 3).into_iter().map(|line| Line::styled(line, ink(AMBER))));
        }
        let inside =
            Rect { x: window.x + 1.min(window.width), width: window.width.saturating_sub(2), ..window };
        for (line, row) in lines.into_iter().zip(inside.rows()) {
            line.render(row, &mut buffer);
        }
        buffer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view() -> TapView {
        TapView {
            title: "Porch".into(),
            progress: "0:32 of 3:00".into(),
            place: "17.1".into(),
            flash: Flash::Bar,
            rows: vec![("tempo", "120 bpm".into()), ("taps", "64 count".into())],
            notice: Some("the sound is back".into()),
            keys: vec![KeyMeaning { key: "space", short: "beat", meaning: "a beat" }],
        }
    }

    fn drawn(width: u16, height: u16) -> Vec<String> {
        let buffer = view().draw(Colours::None, Rect::new(0, 0, width, height));
        let row = |y| (0..width).map(|x| buffer[(x, y)].symbol()).collect::<String>().trim_end().to_owned();
        (0..height).map(row).collect()
    }

    #[test]
    fn a_large_window_has_air_and_a_small_one_none() {
        let large = drawn(40, 16);
        assert_eq!(large[..4], [" Porch", " 0:32 of 3:00", "", " ◆ 17.1"]);
        assert_eq!(
            large[5..],
            [
                " tempo     120 bpm",
                " taps      64 count",
                "",
                " space     a beat",
                "",
                " the sound is back",
                "",
                "",
                "",
                "",
                ""
            ]
        );
        let small = drawn(40, 7);
        assert_eq!(
            small[2..],
            [
                " ◆ 17.1",
                " tempo     120 bpm",
                " taps      64 count",
                " space     a beat",
                " the sound is back"
            ]
        );
    }

    #[test]
    fn no_window_is_too_small() {
        for (width, height) in [(0, 0), (1, 1), (3, 2), (12, 4), (300, 1)] {
            drawn(width, height);
        }
    }
}
