//! The lines of text above and below the lights: what plays, how far it is, what its sheet says, which keys there are.
//! Each takes as many columns as it is given. Pure.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::colours::{AMBER, CREAM, Colours, DUSK, PINK, Rgb, SHADE, TEAL, sunset};
use super::wish::KeyMeaning;
use super::words::{cut, fitting, lettered, width_of};
use crate::ipc::{PlayState, ShowStatus, Standing, Status};

/// So much of each beat its dot is lit, in thousandths.
const LIT_BEAT: u16 = 350;

pub(super) fn title(status: &Status, colours: Colours, area: Rect, buffer: &mut Buffer) {
    let colour = match status.state {
        PlayState::Playing => TEAL,
        PlayState::Idle | PlayState::Waiting | PlayState::Paused | PlayState::FadingOut => AMBER,
        PlayState::Blackout => PINK,
    };
    let state = Span::styled(format!("● {}", status.state_words()), colours.ink(colour));
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
        let span = Span::styled(letter.to_string(), colours.ink(colour)).patch_style(Modifier::BOLD);
        column += span.width();
        span
    });
    // The style of a whole line would be that of all its area.
    Line::from_iter(letters).render(area, buffer);
    Line::from(state).right_aligned().render(area, buffer);
}

/// `1:12  ━━━━━╾─────  3:00`; between shows what comes next.
pub(super) fn progress(status: &Status, colours: Colours, width: usize) -> Line<'static> {
    let Some(show) = shown(status) else {
        let next = follower(status).unwrap_or_default();
        return Span::styled(cut(&next, width), colours.ink(CREAM)).into();
    };
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

/// The show whose time passes: a look has none.
fn shown(status: &Status) -> Option<&ShowStatus> {
    status.show.as_ref().filter(|_| !matches!(status.stands, Some(Standing::Look(_))))
}

/// `next  freedom about 19:31 (evening until Thu 22:00)`.
fn follower(status: &Status) -> Option<String> {
    let then = (!status.then.is_empty()).then(|| status.then.join(", "));
    then.or_else(|| status.next.clone()).map(|next| format!("next  {next}"))
}

/// `● bar 17.3   volume 80 % · simulated · sound card leads · real time`. Worries are in amber, and come before what is
/// as it should be: the line may be too short for all of it.
pub(super) fn state(status: &Status, colours: Colours, width: usize) -> Line<'static> {
    let ink = |text: String, colour: Rgb| Span::styled(text, colours.ink(colour));
    let output = ink(status.output.to_string(), DUSK);
    let Some(show) = &status.show else { return output.into() };
    let volume = show.volume.map_or("silent".to_owned(), |volume| format!("volume {volume} %"));
    let volume = ink(volume, DUSK);
    let late = show.lateness().map(|late| ink(late, AMBER));
    let (worry, realtime) = match show.realtime {
        true => (None, Some(ink("real time".to_owned(), DUSK))),
        false => (Some(ink("not real time".to_owned(), AMBER)), None),
    };
    let leader = ink(show.leader().to_owned(), DUSK);
    let [repetition, pace] = [show.repetition(), show.pace()].map(|words| Some(ink(words?, CREAM)));
    let parts = [pace, repetition, Some(volume), late, worry, Some(output), Some(leader), realtime];
    let beat = beat(show, colours).unwrap_or_default();
    let room = width.saturating_sub(beat.iter().map(Span::width).sum());
    let parts = parts.into_iter().flatten().map(|part| vec![part]);
    let mut line = fitting(parts, ink(" · ".to_owned(), DUSK), room);
    line.spans.splice(0..0, beat);
    line
}

/// `● bar 17.3`, with a dot that blinks on each beat, and in another color on the first of a bar.
fn beat(show: &ShowStatus, colours: Colours) -> Option<Vec<Span<'static>>> {
    let (bar, passed) = (show.bar_beat.as_ref()?, show.beat_permille.unwrap_or(u16::MAX));
    let colour = if bar.ends_with(".1") { PINK } else { CREAM };
    let dark = 1.0_f32.min(f32::from(passed) / 700.0);
    let (shape, colour) = match colours {
        Colours::All | Colours::Indexed => ('●', colour.towards(SHADE, dark)),
        _ if passed < LIT_BEAT => ('●', colour),
        _ => ('○', SHADE),
    };
    // Bars count up while they play: room for three digits and a half beat keeps the rest still.
    let bar = Span::styled(format!(" {:<11}", format!("bar {bar}")), colours.ink(CREAM));
    Some(vec![Span::styled(shape.to_string(), colours.ink(colour)), bar.patch_style(Modifier::BOLD)])
}

/// `chorus   line 63: 17.1 to 25.1 signs chase every 1 bar`: what the cue sheet says now.
pub(super) fn cue(status: &Status, colours: Colours, width: usize) -> Line<'static> {
    let Some(show) = shown(status) else { return Line::default() };
    let mut line = Line::default();
    if let Some(part) = &show.part {
        line.push_span(Span::styled(cut(part, width / 2), colours.ink(AMBER)));
        line.push_span(Span::raw("   "));
    }
    if let (Some(number), Some(cue)) = (show.line, &show.cue) {
        let number = Span::styled(format!("line {number}: "), colours.ink(DUSK));
        let room = width.saturating_sub(line.width() + number.width());
        line.push_span(number);
        line.push_span(Span::styled(cut(cue, room), colours.ink(CREAM.towards(DUSK, 0.5))));
    }
    line
}

/// `space pause   q quit   b blackout`: what each key would do now, and on the right what comes next.
pub(super) fn keys(
    status: &Status,
    own: &[KeyMeaning],
    has_pages: bool,
    colours: Colours,
    width: usize,
) -> Line<'static> {
    let pause = if status.paused { "go on" } else { "pause" };
    let blackout = if status.state == PlayState::Blackout { "lights" } else { "blackout" };
    let usual = [("space", pause), ("q", if status.service { "end service" } else { "quit" })];
    let has_own = !own.is_empty();
    let own = own.iter().map(|own| (own.key, own.short));
    let usual = usual.into_iter().filter(|_| !has_own);
    let next = (status.service && !has_own).then_some(("n", "next"));
    let pages = has_pages.then_some(("↑ ↓", "names"));
    let keys = own.chain(usual).chain([("?", "help")]).chain([("b", blackout)]);
    let keys = keys.chain(next).chain(pages).chain([("+ -", "volume")]);
    let parts = keys.map(|(key, meaning)| {
        vec![Span::styled(key, colours.ink(CREAM)), Span::styled(format!(" {meaning}"), colours.ink(DUSK))]
    });
    let follower = follower(status).filter(|_| shown(status).is_some()).unwrap_or_default();
    // When it comes is told longer than why.
    let short = follower.split(" (").next().unwrap_or_default().replace(" about ", " ~");
    let usual_keys = 55;
    let follower = if width_of(&follower) + usual_keys <= width { follower } else { short };
    let follower = cut(&follower, width / 2);
    let taken = if follower.is_empty() { 0 } else { width_of(&follower) + 3 };
    let mut line = fitting(parts, "   ".into(), width.saturating_sub(taken));
    let air = width.saturating_sub(line.width() + width_of(&follower));
    line.push_span(Span::raw(" ".repeat(air)));
    line.push_span(Span::styled(follower, colours.ink(TEAL)));
    line
}
