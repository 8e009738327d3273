//! All keys, and all notices in full, in a frame over the lights. Pure.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Margin, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Clear, Widget};

use super::colours::{AMBER, CREAM, Colours, DUSK, NIGHT, SHADE};
use super::wish::KeyMeaning;
use super::words::{cut, wrapped};
use crate::ipc::{OutputKind, Status};

/// Columns of the keys' names.
const NAMES: usize = 9;
/// In longer lines the eye gets lost.
const WIDEST: u16 = 80;
/// A window that is smaller has no frame.
const FRAMED: Rect = Rect::new(0, 0, 40, 12);

pub(super) fn draw(
    status: &Status,
    notices: &[String],
    own: &[KeyMeaning],
    has_pages: bool,
    colours: Colours,
    window: Rect,
    buffer: &mut Buffer,
) {
    let ink = |colour| Style::new().fg(colours.ink(colour));
    let has_frame = window.width >= FRAMED.width && window.height >= FRAMED.height;
    let frame = if has_frame { 1 } else { 0 };
    let width = window.width.min(WIDEST);
    let room = usize::from(width).saturating_sub(usize::from(frame) * 4);
    let keys = keys(status, own, has_pages).map(|(key, meaning)| {
        let meaning = cut(&meaning, room.saturating_sub(NAMES));
        Line::from(vec![Span::styled(format!("{key:<NAMES$}"), ink(CREAM)), Span::styled(meaning, ink(DUSK))])
    });
    let mut lines: Vec<Line<'static>> = keys.collect();
    let rows = usize::from(window.height.saturating_sub(frame * 2));
    let told = told(notices, room, rows.saturating_sub(lines.len() + 1));
    if !told.is_empty() {
        lines.push(Line::default());
        lines.extend(told.into_iter().map(|line| Line::styled(line, ink(AMBER))));
    }
    let height = (lines.len() as u16 + frame * 2).min(window.height);
    let area = window.centered(Constraint::Length(width), Constraint::Length(height));
    Clear.render(area, buffer);
    let mut block = Block::new().style(ink(CREAM).bg(colours.ink(NIGHT)));
    if has_frame {
        let title = if notices.is_empty() { " Keys " } else { " Keys, and what happened " };
        block = Block::bordered()
            .border_type(BorderType::Rounded)
            .border_style(ink(SHADE))
            .title(Span::styled(title, ink(CREAM)))
            .style(block_style(colours));
    }
    block.render(area, buffer);
    let inside = area.inner(Margin::new(frame * 2, frame));
    for (line, row) in lines.into_iter().zip(inside.rows()) {
        line.render(row, buffer);
    }
}

fn block_style(colours: Colours) -> Style {
    Style::new().fg(colours.ink(CREAM)).bg(colours.ink(NIGHT))
}

fn keys<'a>(
    status: &Status,
    own: &'a [KeyMeaning],
    has_pages: bool,
) -> impl Iterator<Item = (&'a str, String)> {
    let end = match status.service {
        true => "ends the service, and the show with a fade; again: at once",
        false => "ends the show with a fade; again: at once",
    };
    let next = status.service.then_some(("n", "ends this show, and the next one plays"));
    let pages = has_pages.then_some(("↑ ↓", "turn the pages of the channels' names"));
    // A command that has keys of its own may have another use for these.
    let moves = [
        ("← →", "5 s back or forward; with shift: a bar"),
        ("r", "the show from its beginning"),
        ("l", "repeats the part that plays; again: plays on"),
    ];
    let speed = ("< >", "slower or faster: half or double speed, without sound");
    let speed = (status.output == OutputKind::Sim).then_some(speed);
    let moves = moves.into_iter().chain(speed).filter(|_| own.is_empty());
    let own = own.iter().map(|own| (own.key, own.meaning));
    let pause = [("space", "pauses the show, or goes on")];
    let usual = [
        ("b", "blackout: all lights safe while time goes on; again: the lights"),
        ("+ -", "volume up or down by 5 %"),
    ];
    let last = [
        ("q Ctrl-C", end),
        ("Ctrl-Z", "all lights safe, and starcourt stops; `fg` goes on"),
        ("? Esc", "closes this"),
    ];
    let keys = own.chain(pause).chain(moves).chain(usual).chain(next).chain(pages).chain(last);
    keys.map(|(key, meaning)| (key, meaning.to_owned()))
}

/// The latest notices, each in full, in so many rows; what is older is left out.
fn told(notices: &[String], room: usize, rows: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for notice in notices.iter().rev() {
        let told = wrapped(notice, room, rows);
        if lines.len() + told.len() > rows {
            break;
        }
        lines.splice(0..0, told);
    }
    lines
}
