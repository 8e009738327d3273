//! What PulseAudio's client tells of its delay, put right where it bends. Pure: knows no card and no clock.
//!
//! It tells its delay from a few reports. PulseAudio (16, 17) takes its first report for exact, so
//! one that was late by 2 ms makes it tell a delay that is 2 ms wrong at first, right after a second, 8 ms wrong
//! after four, and that jumps at each report. The instants at which it asks for frames keep the card's pace far
//! better. So where these are proven to lie on a straight line, what is told about a second after the start is
//! believed, and from there on the line. Where there is no such line, all that is told is believed.

use super::request_line::{FrameRequest, RequestLine};
use crate::clock::Position;
use crate::time::Mono;

/// See the head of this file. Nanoseconds throughout.
#[derive(Debug)]
pub(super) struct Delay {
    line: RequestLine,
    begun: Option<i64>,
    last: FrameRequest,
    /// Told minus card time.
    last_told: i64,
    believed: Believed,
    /// How much later than a request its frame is heard, by what was believed.
    offset: Option<i64>,
    /// By how much too late the card tells its sound.
    bend: i64,
    /// Since when there is no line: the bend is what was known before.
    without_line: Option<i64>,
    /// Whether the line was a lasting one when it was looked at last.
    lasted: bool,
    /// What the bend was when the line was found.
    bend_before: i64,
    /// Requests in a row whose delay jumped.
    jumped: u32,
}

/// The mean of what is told about a second after the start.
#[derive(Clone, Copy, Default, Debug)]
struct Believed {
    at: i64,
    told: i64,
    count: i64,
}

/// What came of one request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Corrected {
    pub at: Mono,
    /// The pace of the card, parts per billion, where its delay has just been found out: what it told before
    /// was worth less.
    pub found: Option<f64>,
}

/// When PulseAudio's first report counts for nothing: measured, and the same in each of 80 launches.
const BELIEVED_FROM: i64 = 1_000_000_000;
const BELIEVED_TO: i64 = 1_130_000_000;
/// What is told jumps by more than a wrong report ever makes it.
const JUMP: i64 = 5_000_000;
/// One that was told in a busy moment says the same as a jump, once.
const JUMPS: u32 = 3;
/// A card that tells the truth is less off its requests' line than this: nothing is put right there.
const TRUE: i64 = 100_000;
/// No server was seen to be so wrong: what was learnt is wrong then.
const MOST_BEND: i64 = 20_000_000;
/// So long a bend is remembered without a line; then it goes away.
const REMEMBERED: i64 = 3_000_000_000;
const GOES_AWAY_IN: f64 = 2e9;
/// In so many nanoseconds what is told draws ours in: a wrong beginning is mended in the long run, at 17 ppm
/// at most.
const DRAWN_IN: f64 = 30e9;
const DRAWS_AT_MOST: i64 = 500_000;
/// Longer gaps between requests teach nothing.
const LONGEST_STEP: i64 = 250_000_000;

impl Delay {
    pub(super) const fn new() -> Self {
        Self {
            line: RequestLine::new(),
            begun: None,
            last: FrameRequest { at: 0, late: 0 },
            last_told: 0,
            believed: Believed { at: 0, told: 0, count: 0 },
            offset: None,
            bend: 0,
            without_line: None,
            lasted: false,
            bend_before: 0,
            jumped: 0,
        }
    }

    /// When the frame at `card`, asked for at `now`, is heard; the card tells `heard`.
    pub(super) fn heard(&mut self, now: Mono, heard: Mono, card: Position) -> Corrected {
        let at = now.nanos().cast_signed();
        let told = heard.nanos().cast_signed() - card.0;
        let request = FrameRequest { at, late: at - card.0 };
        if self.offset.is_none() && (told - self.last_told).abs() > JUMP {
            // A sink that wakes, or the first request of all.
            *self = Self { begun: Some(at), last: request, ..Self::new() };
        }
        let step = (at - self.last.at).clamp(0, LONGEST_STEP);
        (self.last, self.last_told) = (request, told);
        self.line.note(request);
        let believed = self.believe(at, told);
        let found = match self.line.at(at) {
            Some(line) if believed => self.compare(told, line, request.late - line, step),
            _ => {
                self.forget(at, step);
                false
            }
        };
        if self.bend.abs() > MOST_BEND {
            *self = Self { begun: self.begun, last: request, last_told: told, ..Self::new() };
        }
        let found = found.then(|| self.line.pace_ppb());
        Corrected { at: heard.offset(-beyond(self.bend, TRUE)), found }
    }

    /// Whether what is to be believed is known.
    fn believe(&mut self, at: i64, told: i64) -> bool {
        let since = at - self.begun.unwrap_or(at);
        let believed = &mut self.believed;
        match since {
            ..BELIEVED_FROM => return false,
            BELIEVED_FROM..BELIEVED_TO => {}
            _ => return believed.count > 0,
        }
        if believed.count == 0 {
            *believed = Believed { at, told, count: 1 };
        } else {
            believed.count += 1;
            believed.at += (at - believed.at) / believed.count;
            believed.told += (told - believed.told) / believed.count;
        }
        false
    }

    /// What is told moves along with the line, or it bends. Whether that is known for the first time.
    fn compare(&mut self, told: i64, line: i64, late: i64, step: i64) -> bool {
        let is_first = self.offset.is_none();
        let offset = self.offset.unwrap_or_else(|| match self.line.at(self.believed.at) {
            Some(line) if self.line.begun() <= self.believed.at => self.believed.told - line,
            _ => told - line,
        });
        let mut bend = told - line - offset;
        self.offset = Some(offset);
        let is_another = self.without_line.take().is_some() && !is_first;
        // Across a standstill requests and delay move by the same amount. Where they did not, or where one of the
        // lines came by chance, what is heard goes on as it was.
        if is_another && (!self.lasted || (bend - self.bend).abs() > JUMP) {
            bend = self.bend;
            self.offset = Some(told - line - bend);
        }
        if is_first || is_another {
            self.bend_before = if is_first { 0 } else { bend };
        }
        self.lasted = self.line.is_lasting();
        // A server that learns that it was wrong jumps back, and its requests come in time.
        let is_mended = bend.abs() < self.bend.abs() && late < JUMP;
        if !is_first && !is_mended && (bend - self.bend).abs() > JUMP {
            self.jumped += 1;
            if self.jumped >= JUMPS {
                self.jumped = 0;
                self.line.begin_anew();
            }
            return false;
        }
        self.jumped = 0;
        self.bend = bend;
        let drawn = bend.clamp(-DRAWS_AT_MOST, DRAWS_AT_MOST) as f64 * step as f64 / DRAWN_IN;
        self.offset = self.offset.map(|offset| offset + drawn as i64);
        is_first
    }

    /// Without a line, what was known of the bend is worth less and less.
    fn forget(&mut self, at: i64, step: i64) {
        if self.without_line.is_none() && !self.lasted {
            // The line came by chance and taught nothing.
            self.bend = self.bend_before;
        }
        let since = *self.without_line.get_or_insert(at);
        if at - since > REMEMBERED {
            self.bend -= (self.bend as f64 * step as f64 / GOES_AWAY_IN) as i64;
        }
    }
}

/// What of `value` is beyond `least`, in either direction.
fn beyond(value: i64, least: i64) -> i64 {
    value - value.clamp(-least, least)
}

#[cfg(test)]
mod tests;
