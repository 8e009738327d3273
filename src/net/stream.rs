//! When the frames of a receiver are sent. Pure: time is an argument, and nothing is sent here.

use std::time::Duration;

use crate::time::Mono;

/// An unchanged frame is sent so often at least. E1.31 wants 0.8 to 1 s (6.6.2); WLED leaves what it is sent after 2.5 s.
const KEEPALIVE: Duration = Duration::from_millis(800);
/// A new frame is sent so many times more, because a network loses packets (E1.31, 6.6.2).
const REPEATS: u8 = 2;
/// At the end.
const SAFE_FRAMES: u8 = 3;
/// Packets that end a stream (E1.31, 6.2.6).
const END_PACKETS: u8 = 3;
/// After a frame that could not be sent.
const RETRY: Duration = Duration::from_millis(250);
/// Frames that cannot be sent at the end are tried for so long.
const LAST_TRIES: Duration = Duration::from_secs(10);

/// The frames of one receiver.
#[derive(Clone, Debug)]
pub(super) struct FrameStream {
    interval: Duration,
    /// Sent last, or to be sent now.
    frame: Vec<u8>,
    /// Where the next frame is written.
    next: Vec<u8>,
    /// No frame is sent earlier.
    not_before: Mono,
    /// An unchanged frame is sent then.
    keep_alive: Mono,
    /// What is wanted may have changed.
    is_changed: bool,
    repeats: u8,
    phase: StreamPhase,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum StreamPhase {
    Levels,
    /// So many safe frames are left. What cannot be sent is tried until then.
    Safe {
        left: u8,
        until: Mono,
    },
    /// So many packets are left that end it.
    End {
        left: u8,
    },
    Ended,
}

/// What is to be sent now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum StreamStep {
    /// The frame.
    Frame,
    /// The stream ends: the frame is not looked at.
    End,
}

impl FrameStream {
    /// Of `rate` frames a second at most.
    pub(super) fn new(rate: u8) -> Self {
        let begin = Mono::from_nanos(0);
        Self {
            interval: Duration::from_secs(1) / u32::from(rate.max(1)),
            frame: Vec::new(),
            next: Vec::new(),
            not_before: begin,
            keep_alive: begin,
            is_changed: true,
            repeats: 0,
            phase: StreamPhase::Levels,
        }
    }

    /// What is wanted may have changed.
    pub(super) fn wake(&mut self) {
        self.is_changed = true;
    }

    /// When [`next`](Self::next) is to be asked; `None` where it has ended.
    pub(super) fn due(&self) -> Option<Mono> {
        match self.phase {
            StreamPhase::Ended => None,
            StreamPhase::Levels if !self.is_changed && self.repeats == 0 => Some(self.keep_alive),
            _ => Some(self.not_before),
        }
    }

    /// What is to be sent at `now`, if anything. `fill` writes the frame that is wanted. Followed by
    /// [`sent`](Self::sent).
    pub(super) fn next(&mut self, now: Mono, fill: impl FnOnce(&mut Vec<u8>)) -> Option<StreamStep> {
        if self.due().is_none_or(|due| now < due) {
            return None;
        }
        if let StreamPhase::End { .. } = self.phase {
            return Some(StreamStep::End);
        }
        fill(&mut self.next);
        self.is_changed = false;
        let is_new = self.next != self.frame;
        if is_new {
            std::mem::swap(&mut self.next, &mut self.frame);
            self.repeats = REPEATS;
        } else if self.repeats > 0 {
            self.repeats -= 1;
        } else if self.phase == StreamPhase::Levels && now < self.keep_alive {
            // Something else has changed.
            return None;
        }
        Some(StreamStep::Frame)
    }

    pub(super) fn frame(&self) -> &[u8] {
        &self.frame
    }

    /// What [`next`](Self::next) gave was sent at `now`, or could not be.
    pub(super) fn sent(&mut self, now: Mono, was_sent: bool) {
        let pause = if was_sent { self.interval } else { RETRY.max(self.interval) };
        self.not_before = after(now, pause);
        self.keep_alive = after(now, KEEPALIVE);
        if !was_sent && self.phase == StreamPhase::Levels {
            // As a new one.
            self.repeats = REPEATS + 1;
        }
        self.phase = match self.phase {
            StreamPhase::Safe { left, until } if was_sent || now >= until => match left - 1 {
                0 => StreamPhase::End { left: END_PACKETS },
                left => StreamPhase::Safe { left, until },
            },
            StreamPhase::End { left: 1 } => StreamPhase::Ended,
            StreamPhase::End { left } => StreamPhase::End { left: left - 1 },
            same => same,
        };
    }

    /// From now on it sends safe frames, and then ends. `fill` gives those to [`next`](Self::next).
    pub(super) fn end(&mut self, now: Mono) {
        if self.phase == StreamPhase::Levels {
            self.phase = StreamPhase::Safe { left: SAFE_FRAMES, until: after(now, LAST_TRIES) };
            // Whatever was sent a moment ago.
            self.not_before = now;
        }
    }

    /// Sends levels again, after its end or instead of it.
    pub(super) fn resume(&mut self) {
        self.phase = StreamPhase::Levels;
        self.is_changed = true;
    }

    /// What could not be sent may be tried now.
    pub(super) fn retry(&mut self, now: Mono) {
        if self.repeats > REPEATS || self.phase != StreamPhase::Levels {
            self.not_before = self.not_before.min(now);
        }
    }

    /// Has what is wanted from now on sent three times, also if it is what was sent before, or it was about to end.
    pub(super) fn insist(&mut self, now: Mono) {
        self.phase = StreamPhase::Levels;
        self.is_changed = true;
        // The first of them counts.
        self.repeats = REPEATS + 1;
        self.not_before = now;
    }

    /// Whether what is wanted was sent as often as it shall be, but for what keeps the stream alive.
    pub(super) const fn is_quiet(&self) -> bool {
        !self.is_changed && self.repeats == 0
    }

    pub(super) fn has_ended(&self) -> bool {
        self.phase == StreamPhase::Ended
    }
}

fn after(now: Mono, pause: Duration) -> Mono {
    now.offset(pause.as_nanos() as i64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rig::NetworkReceiver;

    fn ms(count: u64) -> Mono {
        Mono::from_nanos(1_000_000_000 + count * 1_000_000)
    }

    /// What was sent, and when in milliseconds.
    #[derive(Clone, PartialEq, Eq, Debug)]
    enum Seen {
        Frame(u64, u8),
        Lost(u64, u8),
        End(u64),
    }

    /// Runs a stream millisecond by millisecond. `wanted` changes what is wanted, `fails` says what cannot be sent.
    fn run(
        stream: &mut FrameStream,
        range: std::ops::Range<u64>,
        mut wanted: impl FnMut(u64, &mut FrameStream) -> u8,
        fails: impl Fn(u64) -> bool,
    ) -> Vec<Seen> {
        let mut seen = Vec::new();
        for now in range {
            let value = wanted(now, stream);
            let fill = |frame: &mut Vec<u8>| {
                frame.clear();
                frame.push(value);
            };
            let Some(sending) = stream.next(ms(now), fill) else { continue };
            let is_lost = fails(now);
            seen.push(match (sending, is_lost) {
                (StreamStep::Frame, false) => Seen::Frame(now, stream.frame()[0]),
                (StreamStep::Frame, true) => Seen::Lost(now, stream.frame()[0]),
                (StreamStep::End, _) => Seen::End(now),
            });
            stream.sent(ms(now), !is_lost);
        }
        seen
    }

    #[test]
    fn a_change_after_quiet_is_sent_at_once_and_twice_more() {
        let mut stream = FrameStream::new(40);
        let wanted = |now, stream: &mut FrameStream| {
            // At 1 s something of another receiver changes.
            if now == 1_000 || now == 2_000 {
                stream.wake();
            }
            u8::from(now >= 2_000)
        };
        let seen = run(&mut stream, 0..2_900, wanted, |_| false);
        use Seen::Frame;
        assert_eq!(
            seen,
            [
                Frame(0, 0),
                Frame(25, 0),
                Frame(50, 0),
                Frame(850, 0),
                Frame(1_650, 0),
                Frame(2_000, 1),
                Frame(2_025, 1),
                Frame(2_050, 1),
                Frame(2_850, 1),
            ]
        );
    }

    #[test]
    fn it_ends_with_three_safe_frames_and_three_packets_that_say_so() {
        let mut stream = FrameStream::new(40);
        run(&mut stream, 0..100, |_, _| 200, |_| false);
        stream.end(ms(100));
        stream.end(ms(100));
        let seen = run(&mut stream, 100..5_000, |_, _| 0, |_| false);
        use Seen::{End, Frame};
        assert_eq!(seen, [Frame(100, 0), Frame(125, 0), Frame(150, 0), End(175), End(200), End(225)]);
        assert!(stream.has_ended() && stream.due().is_none());
        stream.resume();
        assert_eq!(run(&mut stream, 5_000..5_001, |_, _| 9, |_| false), [Frame(5_000, 9)]);
    }

    #[test]
    fn what_is_insisted_on_is_sent_three_times_whatever_was_sent_before() {
        for value in [0, 200] {
            let mut stream = FrameStream::new(40);
            run(&mut stream, 0..200, |_, _| value, |_| false);
            stream.insist(ms(200));
            assert!(!stream.is_quiet());
            let seen = run(&mut stream, 200..900, |_, _| 0, |_| false);
            assert_eq!(
                seen,
                [Seen::Frame(200, 0), Seen::Frame(225, 0), Seen::Frame(250, 0)],
                "after {value}"
            );
            assert!(stream.is_quiet());
        }
        let mut stream = FrameStream::new(40);
        stream.insist(ms(0));
        run(&mut stream, 0..5_000, |_, _| 0, |_| true);
        assert!(!stream.is_quiet(), "nothing was sent");
    }

    #[test]
    fn safe_frames_that_cannot_be_sent_are_tried_for_ten_seconds() {
        let mut stream = FrameStream::new(40);
        run(&mut stream, 0..100, |_, _| 200, |_| false);
        stream.end(ms(100));
        let seen = run(&mut stream, 100..15_000, |_, _| 0, |now| now < 9_000);
        assert_eq!(seen.iter().filter(|seen| matches!(seen, Seen::Frame(..))).count(), 3, "{seen:?}");
        let mut stream = FrameStream::new(40);
        stream.end(ms(0));
        run(&mut stream, 0..12_000, |_, _| 0, |_| true);
        assert!(stream.has_ended(), "a cable that stays out is not waited for");
    }

    proptest! {
        /// Whatever is wanted when, and whatever is lost.
        #[test]
        fn frames_come_at_their_rate_and_none_is_missed(
            rate in NetworkReceiver::RATES,
            changes in prop::collection::vec((1_u64..6_000, 1_u8..255), 0..60),
            lost in prop::collection::vec(0_u64..6_000, 0..4),
        ) {
            let mut stream = FrameStream::new(rate);
            let value_at = |now: u64| {
                changes.iter().filter(|(at, _)| *at <= now).max_by_key(|(at, _)| *at).map_or(0, |(_, value)| *value)
            };
            let wanted = |now, stream: &mut FrameStream| {
                if changes.iter().any(|(at, _)| *at == now) {
                    stream.wake();
                }
                value_at(now)
            };
            let fails = |now| lost.iter().any(|from| (*from..from + 300).contains(&now));
            let seen = run(&mut stream, 0..9_000, wanted, fails);
            let interval = 1_000_u64.div_ceil(rate.into());
            let (longest, slowest) = (800.max(interval), 250.max(interval));
            let mut last = None;
            for one in &seen {
                let (Seen::Frame(at, value) | Seen::Lost(at, value)) = one else { panic!("it has not ended") };
                prop_assert_eq!(*value, value_at(*at), "what is sent is what is wanted then");
                if let Some(last) = last {
                    prop_assert!(at - last + 1 >= interval, "too early at {}: {:?}", at, seen);
                    prop_assert!(at - last <= longest + 1, "too late at {}", at);
                }
                last = Some(*at);
            }
            // A level that stays is seen soon, and three times.
            let mut borders: Vec<u64> = changes.iter().map(|(at, _)| *at).chain([0, 9_000]).collect();
            borders.sort_unstable();
            for pair in borders.windows(2) {
                let time = pair[1] - pair[0];
                let sound = (pair[0]..pair[1]).all(|now| !fails(now));
                let before = pair[0].checked_sub(1).map(value_at);
                if !sound || before == Some(value_at(pair[0])) || time < slowest + 3 * interval + 3 {
                    continue;
                }
                let shown = seen.iter().filter(|seen| matches!(seen, Seen::Frame(at, _) if (pair[0]..pair[1]).contains(at)));
                let shown: Vec<_> = shown.collect();
                prop_assert!(shown.len() >= 3, "{:?} shows {:?}", pair, shown);
                let Seen::Frame(first, _) = shown[0] else { unreachable!() };
                prop_assert!(first - pair[0] <= slowest, "{:?} shows {:?}", pair, shown);
            }
        }
    }
}
