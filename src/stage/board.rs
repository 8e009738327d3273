//! The whole picture: title, progress, state and cue above, the channels in the middle, notice and keys below.
//! Pure: a status and a size become cells.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Margin, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Widget};

use super::captions;
use super::colours::{AMBER, CREAM, Colours, NIGHT};
use super::help;
use super::lights::Lights;
use super::mistakes;
use super::wish::KeyMeaning;
use super::words::{cut, wrapped};
use crate::ipc::Status;

/// Text lies within so many columns: in longer lines the eye gets lost.
const WIDEST: u16 = 108;
/// A window with so many rows has empty ones between the parts of the picture.
const AIRY: u16 = 18;
/// And one with so many has another one at the bottom.
const AIRIER: u16 = 26;
/// What stands behind a notice that is longer than its rows.
const MORE: &str = "  ? shows all";

/// What is on the board besides the status.
#[derive(Clone, Copy, Default)]
pub(super) struct View<'a> {
    pub(super) notice: Option<&'a str>,
    /// Whether there is a keyboard to name keys for.
    pub(super) has_keyboard: bool,
    /// The page of channel names, from 1; 0 shows all channels at once.
    pub(super) page: usize,
    /// What keys do besides, in this command.
    pub(super) own_keys: &'a [KeyMeaning],
    /// All notices so far, if the keys and these are shown in place of the channels.
    pub(super) help: Option<&'a [String]>,
    /// The lines of mistakes in a text that is being written.
    pub(super) mistakes: &'a [String],
}

/// Where everything goes in a window; what has no place has no area.
struct Areas {
    title: Rect,
    progress: Rect,
    state: Rect,
    cue: Rect,
    lights: Rect,
    /// `lights` over the whole width of the window.
    wide: Rect,
    notice: Rect,
    keys: Rect,
}

impl Areas {
    fn of(status: &Status, view: &View, window: Rect) -> Self {
        let height = window.height;
        let rows = |is_there: bool| Constraint::Length(u16::from(is_there));
        let air = rows(height >= AIRY);
        let inner = window.inner(Margin::new(u16::from(window.width >= 40) * 2, 0));
        // In a window with room a notice has its place before there is one, with the air above it for a second row, and
        // so has a cue: no light jumps.
        let notice = match height {
            AIRY.. => 2,
            12.. => 1,
            _ => u16::from(view.notice.is_some() && height >= 6),
        };
        let [_, title, _, progress, state, cue, _, lights, notice, keys, _] = Layout::vertical([
            air,
            rows(height >= 2),
            air,
            rows(true),
            rows(height >= 5),
            rows(height >= 14 && status.show.is_some()),
            air,
            Constraint::Fill(1),
            Constraint::Length(notice),
            rows(view.has_keyboard && height >= 7),
            rows(height >= AIRIER),
        ])
        .areas(inner.centered_horizontally(Constraint::Max(WIDEST)));
        let wide = Rect { x: inner.x, width: inner.width, ..lights };
        Self { title, progress, state, cue, lights, wide, notice, keys }
    }

    fn lights<'a>(&self, status: &'a Status, page: usize) -> Lights<'a> {
        Lights::new(&status.channels, page, self.lights, self.wide)
    }
}

/// How many pages of channel names there are: none if all names are on the board at once.
pub(super) fn pages(status: &Status, window: Rect) -> usize {
    let view = View { has_keyboard: true, ..View::default() };
    Areas::of(status, &view, window).lights(status, 0).pages()
}

pub(super) fn draw(status: &Status, view: &View, colours: Colours, window: Rect) -> Buffer {
    let mut buffer = Buffer::empty(window);
    let ink = |colour| Style::new().fg(colours.ink(colour));
    Block::new().style(ink(CREAM).bg(colours.ink(NIGHT))).render(window, &mut buffer);
    let areas = Areas::of(status, view, window);
    let lights = areas.lights(status, view.page);
    lights.draw(colours, &mut buffer);
    let line = |line: Line<'static>, area: Rect, buffer: &mut Buffer| line.render(area, buffer);
    let width_of = |area: Rect| usize::from(area.width);
    captions::title(status, colours, areas.title, &mut buffer);
    line(captions::progress(status, colours, width_of(areas.progress)), areas.progress, &mut buffer);
    line(captions::state(status, colours, width_of(areas.state)), areas.state, &mut buffer);
    line(captions::cue(status, colours, width_of(areas.cue)), areas.cue, &mut buffer);
    let keys = captions::keys(status, view.own_keys, lights.pages() > 0, colours, width_of(areas.keys));
    line(keys, areas.keys, &mut buffer);
    if let Some(notice) = view.notice {
        let lines = notice_lines(notice, view.has_keyboard, areas.notice);
        let below = areas.notice.height.saturating_sub(lines.len() as u16);
        for (text, row) in lines.into_iter().zip(areas.notice.rows().skip(usize::from(below))) {
            Span::styled(text, ink(AMBER)).render(row, &mut buffer);
        }
    }
    if !view.mistakes.is_empty() {
        // The rows of a notice stay free: the last thing that happened is told there.
        let room = Rect { height: areas.lights.height, ..areas.wide };
        mistakes::draw(view.mistakes, view.has_keyboard, colours, room, &mut buffer);
    }
    if let Some(notices) = view.help {
        help::draw(status, notices, view.own_keys, lights.pages() > 0, colours, window, &mut buffer);
    }
    buffer
}

/// As much of a notice as its area takes, and where the rest is found.
fn notice_lines(notice: &str, has_keyboard: bool, area: Rect) -> Vec<String> {
    let (width, rows) = (usize::from(area.width), usize::from(area.height));
    let mut lines = wrapped(notice, width, rows);
    if let Some(last) = lines.last_mut().filter(|last| has_keyboard && last.ends_with('…') && width >= 30) {
        *last = cut(last, width - MORE.len()) + MORE;
    }
    lines
}
