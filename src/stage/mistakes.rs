//! The mistakes in a text that is being written, in a frame over the lights, as they are told elsewhere: a line each, cut
//! and not broken, so that what is underlined stays under it. Pure.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Margin, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Clear, Widget};

use super::colours::{AMBER, CREAM, Colours, DUSK, NIGHT, SHADE};
use super::words::cut;

/// In longer lines the eye gets lost.
const WIDEST: u16 = 108;
/// A smaller place has no frame.
const FRAMED: Rect = Rect::new(0, 0, 40, 5);

/// At the bottom of `room`, in as few of its rows as they take: lights stay above it.
pub(super) fn draw(lines: &[String], has_keyboard: bool, colours: Colours, room: Rect, buffer: &mut Buffer) {
    let ink = |colour| Style::new().fg(colours.ink(colour));
    let frame = u16::from(room.width >= FRAMED.width && room.height >= FRAMED.height);
    let wanted = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(frame * 2);
    let height = wanted.min(room.height);
    let area = Rect { y: room.bottom() - height, height, ..room };
    let area = area.centered_horizontally(Constraint::Max(WIDEST));
    Clear.render(area, buffer);
    let style = ink(CREAM).bg(colours.ink(NIGHT));
    let mut block = Block::new().style(style);
    if frame > 0 {
        block = Block::bordered()
            .border_type(BorderType::Rounded)
            .border_style(ink(SHADE))
            .title(Span::styled(" Mistakes in the saved text ", ink(AMBER)))
            .style(style);
        if has_keyboard {
            block = block.title_bottom(Line::styled(" Esc closes this ", ink(DUSK)).right_aligned());
        }
    }
    block.render(area, buffer);
    let inside = area.inner(Margin::new(frame * 2, frame));
    let rows = usize::from(inside.height);
    let (shown, more) = match lines.len() > rows {
        true => {
            (&lines[..rows.saturating_sub(1)], Some(format!("… and {} more lines", lines.len() + 1 - rows)))
        }
        false => (lines, None),
    };
    let texts = shown.iter().map(String::as_str).chain(more.as_deref());
    for (text, row) in texts.zip(inside.rows()) {
        let colour = if text.starts_with("error") { AMBER } else { CREAM };
        Span::styled(cut(text, usize::from(inside.width)), ink(colour)).render(row, buffer);
    }
}
