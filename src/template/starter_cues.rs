//! The cues of a first show, spread over its length. Knows the roles of lights, and no rig.

use super::light_roles::LightRoles;
use crate::time::ShowTime;

/// Channels of a row are lit one after the other, so long each: the first of these that fits.
const STEPS: [u64; 3] = [1_000, 500, 250];
/// An effect comes to each channel so often.
const MOST_ROUNDS: u64 = 3;
const LONGEST_FADE: u64 = 4_000;
/// In a shorter show no change would be seen.
const SHORTEST: u64 = 1_000;

/// A line of the sheet, with what it teaches.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct StarterCue {
    pub(super) when: String,
    pub(super) who: String,
    pub(super) what: String,
    pub(super) why: &'static str,
}

fn cue(when: impl Into<String>, who: &str, what: impl Into<String>, why: &'static str) -> StarterCue {
    StarterCue { when: when.into(), who: who.to_owned(), what: what.into(), why }
}

/// Five cues with fades and an effect; `None` where the show has no time for them.
pub(super) fn varied(lights: &LightRoles, length: ShowTime) -> Option<Vec<StarterCue>> {
    let times = ShowParts::of(length)?;
    let (second, third, middle) = (times.part(1), times.part(2), times.part(4));
    let last = times.length - times.fade;
    let fade = words(times.fade);
    let rest = u64::try_from(lights.rest.as_millis()).unwrap_or(u64::MAX);
    let step = STEPS.into_iter().chain([rest.next_multiple_of(100).max(100)]).filter(|step| *step >= rest);
    let steps = step.filter_map(|step| Some((step, steps_within(middle - third, step, lights.row_length)?)));
    let (step, count) = steps.into_iter().next()?;
    let until = third + count * step;
    let effect = match (lights.row_length, lights.all_dim) {
        (1, true) => format!("pulse every {}", words(2 * step)),
        (1, false) => format!("strobe every {}", words(2 * step)),
        _ => format!("chase every {}", words(step)),
    };
    let first = match &lights.glow {
        Some(glow) => cue("0:00", glow, format!("fade to 30 % over {fade}"), "from dark to a faint glow"),
        None => cue("0:00", &lights.first, "on", "lit from the beginning"),
    };
    let next = match (&lights.glow, &lights.second) {
        (_, Some(other)) if lights.all_dim => cue(
            clock(second),
            other,
            format!("fade to 70 % over {fade}"),
            "one light brighter than the others",
        ),
        (_, Some(other)) => cue(clock(second), other, "on", "stays on until another cue changes it"),
        (Some(glow), None) => cue(clock(second), glow, format!("fade to 70 % over {fade}"), "brighter"),
        (None, None) => cue(clock(second), &lights.first, "off", "dark again"),
    };
    let full = match lights.all_dim {
        true => format!("fade to on over {fade}"),
        false => "on".to_owned(),
    };
    Some(vec![
        first,
        next,
        cue(
            format!("{} to {}", clock(third), clock(until)),
            &lights.row,
            effect,
            "an effect lies over the lights, and ends by itself",
        ),
        cue(clock(until), &lights.most, full, "the middle of the show"),
        cue(clock(last), "all", format!("fade to off over {fade}"), "dark when the show ends"),
    ])
}

/// Five cues in which one light is lit at a time.
pub(super) fn one_at_a_time(lights: &LightRoles, length: ShowTime) -> Option<Vec<StarterCue>> {
    let times = ShowParts::of(length)?;
    let other = lights.second.as_ref().unwrap_or(&lights.first);
    let (on, off) = ("on", "off");
    Some(vec![
        cue("0:00", &lights.first, on, "lit from the beginning"),
        cue(clock(times.part(2)), &lights.first, off, "dark again"),
        cue(clock(times.part(3)), other, on, "stays on until another cue changes it"),
        cue(clock(times.part(5)), other, off, "the rig allows few changes, or few lights at once"),
        cue(clock(times.part(6)), &lights.first, on, "lit to the end"),
    ])
}

/// One cue, which every rig and every length allows.
pub(super) fn single(lights: &LightRoles) -> Vec<StarterCue> {
    vec![cue("0:00", &lights.first, "on", "lit from the beginning to the end")]
}

/// How many steps of an effect along `channels` fit into `room`: whole rounds if they fit.
fn steps_within(room: u64, step: u64, channels: usize) -> Option<u64> {
    let channels = channels as u64;
    // A single channel is lit for one step and dark for the next.
    let round = if channels == 1 { 2 } else { channels };
    let rounds = (room / step / round).min(MOST_ROUNDS);
    let count = if rounds > 0 { rounds * round } else { room / step };
    (count >= 2).then_some(count)
}

/// Times of a show in milliseconds, on a grid that is easy to read.
struct ShowParts {
    length: u64,
    fade: u64,
    grid: u64,
}

impl ShowParts {
    fn of(length: ShowTime) -> Option<Self> {
        let length = length.micros() / 1_000;
        let grid = match length {
            60_000.. => 1_000,
            8_000.. => 500,
            2_500.. => 100,
            SHORTEST.. => 10,
            _ => return None,
        };
        let fade = (length / 12).min(LONGEST_FADE) / grid.min(500) * grid.min(500);
        Some(Self { length: length / grid * grid, fade, grid })
    }

    /// So many eighths of the show.
    fn part(&self, eighths: u64) -> u64 {
        self.length * eighths / 8 / self.grid * self.grid
    }
}

/// A time by the clock, as short as it can be written.
fn clock(millis: u64) -> String {
    let text = ShowTime::from_micros(millis * 1_000).to_millis();
    text.strip_suffix(".000").map_or(text.clone(), str::to_owned)
}

/// A duration with its unit.
fn words(millis: u64) -> String {
    match (millis, millis % 1_000) {
        (1_000.., 0) => format!("{} s", millis / 1_000),
        (1_000.., rest) if rest % 100 == 0 => format!("{}.{} s", millis / 1_000, rest / 100),
        _ => format!("{millis} ms"),
    }
}
