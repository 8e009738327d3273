//! What a card tells of its delay, held against the instants at which it asks for frames. Pure: knows no card and
//! no clock.
//!
//! A sound server tells its delay from a few reports, and runs on along a line through them: one report that
//! came late bends what it tells by milliseconds, for seconds (measured under PulseAudio: up to 9 ms). The instants
//! at which it asks for frames keep the card's pace far better: the earliest of a quarter of a second lie within
//! 0.1 ms of a straight line. So a delay that creeps away from that line is wrong, and is put right here. One that
//! jumps tells of a card that stood still, and is believed. Where the requests make no line, all is believed.

use crate::clock::Position;
use crate::time::Mono;

/// See the head of this file. Nanoseconds throughout.
#[derive(Debug)]
pub(super) struct Arrivals {
    /// The earliest request of each [`BIN`], oldest first; they lie on one line.
    bins: [Request; BINS],
    count: usize,
    filling: Option<Bin>,
    /// By how much too late the card is believed to tell its sound.
    bend: i64,
    /// What the bend was when the bin before this one began.
    bend_before: i64,
    /// What it was when the first of [`Self::bins`] was closed.
    bend_at_first: i64,
    last: Option<Compared>,
    /// Until the first line.
    first: Option<FirstTold>,
}

/// A request for frames: when it came, and how much later than its card time.
#[derive(Clone, Copy, Default, Debug)]
struct Request {
    at: i64,
    late: i64,
}

#[derive(Clone, Copy, Debug)]
struct Bin {
    begun: i64,
    earliest: Request,
    /// When it began.
    bend: i64,
}

/// What was told last, against the line.
#[derive(Clone, Copy, Debug)]
struct Compared {
    at: i64,
    /// How much later than the line the latest three were. Of these the middle one counts: one that was told in a
    /// busy moment teaches nothing.
    late: [i64; 3],
}

/// The mean of what was told at first, before any line could bend it, as sound minus card time.
#[derive(Clone, Copy, Default, Debug)]
struct FirstTold {
    mean: i64,
    count: i64,
}

const BIN: i64 = 250_000_000;
/// Eight seconds: over longer ones a warming crystal is no straight line.
const BINS: usize = 32;
/// So many bins on one line are believed.
const PROVEN: usize = 2;
/// So many make a line that taught something when it ends: two seconds.
const LASTING: usize = 8;
/// A bin that is further off the line begins another: the card stood still, or its requests tell nothing.
const OFF_LINE: i64 = 700_000;
/// How uncertain the earliest of a bin is, against how far a usual crystal is off: 50 µs, 60 ppm.
const DOUBT: f64 = 50_000.0 / 60e-6;
/// What is told jumps by more than a wrong line ever does from one request to the next.
const JUMP: i64 = 5_000_000;
/// In so many nanoseconds what is told draws ours in: a wrong beginning is mended in the long run.
const DRAWN_IN: f64 = 30e9;
/// No server was seen to be so wrong: what was learnt is wrong then.
const MOST_BEND: i64 = 20_000_000;
/// 160 ms of usual requests.
const FIRST: i64 = 8;
/// Those that differ by more than this from their mean are no beginning.
const FIRST_AGREE: i64 = 1_000_000;

impl Arrivals {
    pub(super) const fn new() -> Self {
        Self {
            bins: [Request { at: 0, late: 0 }; BINS],
            count: 0,
            filling: None,
            bend: 0,
            bend_before: 0,
            bend_at_first: 0,
            last: None,
            first: Some(FirstTold { mean: 0, count: 0 }),
        }
    }

    /// When the frame at `card`, asked for at `now`, is heard; the card tells `heard`.
    pub(super) fn heard(&mut self, now: Mono, heard: Mono, card: Position) -> Mono {
        let at = now.nanos().cast_signed();
        let told = heard.nanos().cast_signed() - card.0;
        self.note(Request { at, late: at - card.0 });
        let astray = match (self.line(at), &mut self.first) {
            (Some(line), _) => self.compare(at, told, line),
            (None, Some(first)) => first.note(told),
            (None, None) => 0,
        };
        if self.bend.abs() > MOST_BEND {
            *self = Self::new();
        }
        heard.offset(-self.bend - astray)
    }

    /// Of a late request nothing stays: it is not the earliest.
    fn note(&mut self, request: Request) {
        match &mut self.filling {
            Some(bin) if request.at - bin.begun < BIN => {
                if request.late < bin.earliest.late {
                    bin.earliest = request;
                }
                return;
            }
            Some(bin) => {
                let bin = *bin;
                self.close(bin);
            }
            None => {}
        }
        self.filling = Some(Bin { begun: request.at, earliest: request, bend: self.bend });
    }

    fn close(&mut self, bin: Bin) {
        let expected = self.through(bin.earliest.at);
        if expected.is_some_and(|line| (bin.earliest.late - line).abs() > OFF_LINE) {
            // What was learnt since the bin before began came of a wrong line. So did all of it where the line
            // did not last: such requests tell nothing.
            self.bend = if self.count < LASTING { self.bend_at_first } else { self.bend_before };
            self.begin_line();
        }
        if self.count == BINS {
            self.bins.rotate_left(1);
            self.count -= 1;
        }
        self.bins[self.count] = bin.earliest;
        self.count += 1;
        self.bend_before = if self.last.is_some() { bin.bend } else { self.bend };
    }

    /// The card stood still, or its requests tell nothing. Only how much it bends stays.
    fn begin_line(&mut self) {
        (self.count, self.last) = (0, None);
        (self.bend_before, self.bend_at_first) = (self.bend, self.bend);
    }

    /// How late a request at `at` is at the earliest, once that is proven.
    fn line(&self, at: i64) -> Option<i64> {
        self.through(at).filter(|_| self.count >= PROVEN)
    }

    /// The line through the bins, of whose pace little is believed while they are few.
    fn through(&self, at: i64) -> Option<i64> {
        let bins = &self.bins[..self.count];
        let first = bins.first()?;
        let count = bins.len() as f64;
        let x = |bin: &Request| (bin.at - at) as f64;
        let y = |bin: &Request| (bin.late - first.late) as f64;
        let mean_x = bins.iter().map(x).sum::<f64>() / count;
        let mean_y = bins.iter().map(y).sum::<f64>() / count;
        let spread = bins.iter().map(|bin| (x(bin) - mean_x).powi(2)).sum::<f64>();
        let both = bins.iter().map(|bin| (x(bin) - mean_x) * (y(bin) - mean_y)).sum::<f64>();
        let pace = both / (spread + DOUBT * DOUBT);
        Some(first.late + (mean_y - pace * mean_x).round() as i64)
    }

    /// What is told moves along with the line, or it bends. Tells how far off this one alone is.
    fn compare(&mut self, at: i64, told: i64, line: i64) -> i64 {
        let late = told - line;
        let mut compared = self.last.unwrap_or(Compared { at, late: [late; 3] });
        let before = compared.middle();
        compared.late.rotate_left(1);
        compared.late[2] = late;
        if let Some(last) = self.last {
            let step = compared.middle() - before;
            if step.abs() > JUMP {
                self.begin_line();
                return 0;
            }
            self.bend += step;
            let span = (at - last.at).clamp(0, BIN) as f64;
            self.bend -= (self.bend as f64 * span / DRAWN_IN) as i64;
        } else if let Some(first) = self.first.take().and_then(FirstTold::agreed) {
            let bend = told - first;
            self.bend = if bend.abs() <= JUMP { bend } else { 0 };
        }
        self.last = Some(Compared { at, ..compared });
        Some(late - compared.middle()).filter(|off| off.abs() <= JUMP).unwrap_or(0)
    }
}

impl Compared {
    fn middle(self) -> i64 {
        let [a, b, c] = self.late;
        a.min(b).max(a.max(b).min(c))
    }
}

impl FirstTold {
    /// Nothing is known to be astray yet.
    fn note(&mut self, told: i64) -> i64 {
        if self.count == 0 || (told - self.mean).abs() > FIRST_AGREE {
            *self = Self { mean: told, count: 1 };
        } else if self.count < FIRST {
            self.count += 1;
            self.mean += (told - self.mean) / self.count;
        }
        0
    }

    fn agreed(self) -> Option<i64> {
        (self.count == FIRST).then_some(self.mean)
    }
}

#[cfg(test)]
mod tests;
