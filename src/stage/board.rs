//! The whole picture: title, progress and state above, the channels in the middle, notice and keys below.
//! Pure: a status and a size become cells.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Margin, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Widget};

use super::colours::{AMBER, CREAM, Colours, DUSK, NIGHT, PINK, Rgb, SHADE, TEAL, sunset};
use super::lights::Lights;
use super::words::{cut, fitting, lettered, width_of};
use crate::ipc::{PlayState, ShowStatus, Status};

/// Text lies within so many columns: in longer lines the eye gets lost.
const WIDEST: u16 = 108;
/// A window with so many rows has empty ones between the parts of the picture.
const AIRY: u16 = 18;

/// What is on the board besides the status.
#[derive(Clone, Copy, Default)]
pub(super) struct View<'a> {
    pub(super) notice: Option<&'a str>,
    /// Whether there is a keyboard to name keys for.
    pub(super) has_keyboard: bool,
    /// The page of channel names, from 1; 0 shows all channels at once.
    pub(super) page: usize,
}

/// Where everything goes in a window; what has no place has no area.
struct Areas {
    title: Rect,
    progress: Rect,
    state: Rect,
    lights: Rect,
    /// `lights` over the whole width of the window.
    wide: Rect,
    notice: Rect,
    keys: Rect,
}

impl Areas {
    fn of(window: Rect, view: &View) -> Self {
        let height = window.height;
        let rows = |is_there: bool| Constraint::Length(u16::from(is_there));
        let air = rows(height >= AIRY);
        let inner = window.inner(Margin::new(u16::from(window.width >= 40) * 2, 0));
        // In a window with room the notice has its place before there is one: no light jumps.
        let notice = view.notice.is_some() && height >= 6 || height >= 12;
        let [_, title, _, progress, state, _, lights, _, notice, keys, _] = Layout::vertical([
            air,
            rows(height >= 2),
            air,
            rows(true),
            rows(height >= 5),
            air,
            Constraint::Fill(1),
            air,
            rows(notice),
            rows(view.has_keyboard && height >= 7),
            air,
        ])
        .areas(inner.centered_horizontally(Constraint::Max(WIDEST)));
        let wide = Rect { x: inner.x, width: inner.width, ..lights };
        Self { title, progress, state, lights, wide, notice, keys }
    }

    fn lights<'a>(&self, status: &'a Status, page: usize) -> Lights<'a> {
        Lights::new(&status.channels, page, self.lights, self.wide)
    }
}

/// How many pages of channel names there are: none if all names are on the board at once.
pub(super) fn pages(status: &Status, window: Rect) -> usize {
    let view = View { has_keyboard: true, ..View::default() };
    Areas::of(window, &view).lights(status, 0).pages()
}

pub(super) fn draw(status: &Status, view: &View, colours: Colours, window: Rect) -> Buffer {
    let mut buffer = Buffer::empty(window);
    let ink = |colour| Style::new().fg(colours.ink(colour));
    Block::new().style(ink(CREAM).bg(colours.ink(NIGHT))).render(window, &mut buffer);
    let areas = Areas::of(window, view);
    let lights = areas.lights(status, view.page);
    lights.draw(colours, &mut buffer);
    title(status, colours, areas.title, &mut buffer);
    if let Some(show) = &status.show {
        progress(show, colours, usize::from(areas.progress.width)).render(areas.progress, &mut buffer);
    }
    state(status, colours, usize::from(areas.state.width)).render(areas.state, &mut buffer);
    if let Some(notice) = view.notice {
        let notice = cut(notice, usize::from(areas.notice.width));
        Line::styled(notice, ink(AMBER)).render(areas.notice, &mut buffer);
    }
    keys(status.state, lights.pages() > 0, colours, usize::from(areas.keys.width))
        .render(areas.keys, &mut buffer);
    buffer
}

fn title(status: &Status, colours: Colours, area: Rect, buffer: &mut Buffer) {
    let colour = match status.state {
        PlayState::Playing => TEAL,
        PlayState::Idle | PlayState::Waiting | PlayState::Paused | PlayState::FadingOut => AMBER,
        PlayState::Blackout => PINK,
    };
    let state = Line::styled(format!("● {}", status.state.name()), colours.ink(colour)).right_aligned();
    let title = match (&status.show, &status.stands) {
        (Some(show), _) => &show.title,
        (None, Some(stands)) => stands.name(),
        (None, None) => "starcourt",
    };
    let room = usize::from(area.width).saturating_sub(state.width() + 2);
    let lettered = lettered(title);
    // A window too narrow for both says what happens before what it is called.
    let title = if width_of(&lettered) <= room { lettered } else { cut(title, room) };
    let width = width_of(&title).max(1) as f32;
    let mut column = 0;
    let letters = title.chars().map(|letter| {
        let colour = sunset(column as f32 / width);
        let span = Span::styled(letter.to_string(), colours.ink(colour));
        column += span.width();
        span
    });
    Line::from_iter(letters).style(Modifier::BOLD).render(area, buffer);
    state.render(area, buffer);
}

/// `1:12  ━━━━━╾─────  3:00`.
fn progress(show: &ShowStatus, colours: Colours, width: usize) -> Line<'static> {
    let time = show.position.to_minutes();
    let Some(length) = show.length else { return time.into() };
    let end = length.to_minutes();
    // The bar must not move when the time grows by a digit.
    let digits = end.len().max(time.len());
    let cells = width.saturating_sub(digits + end.len() + 4);
    let played = show.position.micros() as f32 / length.micros().max(1) as f32;
    let halves = (played.min(1.0) * cells as f32 * 2.0) as usize;
    let bar = (0..cells).map(|cell| {
        let (shape, colour) = match halves.saturating_sub(cell * 2) {
            0 => ("─", SHADE),
            1 => ("╾", sunset(cell as f32 / cells as f32)),
            _ => ("━", sunset(cell as f32 / cells as f32)),
        };
        Span::styled(shape, colours.ink(colour))
    });
    let mut line = Line::from(format!("{time:>digits$}  "));
    line.spans.extend(bar);
    line.push_span(Span::styled(format!("  {end}"), colours.ink(DUSK)));
    line
}

/// `bar 17.3   simulated · sound card leads · real time · volume 80 %`. Worries are in amber.
fn state(status: &Status, colours: Colours, width: usize) -> Line<'static> {
    let ink = |text: String, colour: Rgb| Span::styled(text, colours.ink(colour));
    let output = ink(status.output.to_string(), DUSK);
    let Some(show) = &status.show else { return output.into() };
    let late = match show.late {
        0 => ink("no edge late".to_owned(), DUSK),
        1 => ink("1 edge late".to_owned(), AMBER),
        late => ink(format!("{late} edges late"), AMBER),
    };
    let volume = show.volume.map_or("silent".to_owned(), |volume| format!("volume {volume} %"));
    let volume = ink(volume, DUSK);
    let realtime = match show.realtime {
        true => ink("real time".to_owned(), DUSK),
        false => ink("not real time".to_owned(), AMBER),
    };
    // What matters most comes first: the line may be too short for all of it.
    let (first, last) = if show.late > 0 { (late, volume) } else { (volume, late) };
    let parts = [output, ink(show.leader().to_owned(), DUSK), realtime, first, last];
    // Bars count up while they play: room for three digits and a half beat keeps the rest still.
    let bar = show.bar_beat.as_ref().map(|bar| format!("{:<11}", format!("bar {bar}")));
    let bar = bar.map(|bar| ink(bar, CREAM).patch_style(Modifier::BOLD));
    let room = width.saturating_sub(bar.as_ref().map_or(0, Span::width));
    let mut line = fitting(parts.map(|part| vec![part]), ink(" · ".to_owned(), DUSK), room);
    line.spans.splice(0..0, bar);
    line
}

/// `space pause   q quit   b blackout`: what each key would do now.
fn keys(state: PlayState, has_pages: bool, colours: Colours, width: usize) -> Line<'static> {
    let pause = if state == PlayState::Paused { "go on" } else { "pause" };
    let blackout = if state == PlayState::Blackout { "lights" } else { "blackout" };
    let names = has_pages.then_some(("↑ ↓", "names"));
    let keys = [("space", pause), ("q", "quit"), ("b", blackout)].into_iter().chain(names);
    let parts = keys.chain([("+ -", "volume")]).map(|(key, meaning)| {
        vec![Span::styled(key, colours.ink(CREAM)), Span::styled(format!(" {meaning}"), colours.ink(DUSK))]
    });
    fitting(parts, "   ".into(), width)
}
