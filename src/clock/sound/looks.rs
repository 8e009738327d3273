//! How long a stream has asked for nothing, counted in looks of the supervisor and not in time: a process that
//! was stopped looked at nothing meanwhile, so its sound card is not blamed. Pure; knows no card.

use std::time::Duration;

/// How often the stream is looked after.
pub(super) const LOOK: Duration = Duration::from_millis(50);
/// A stream that asks for nothing in so many looks is dead: 3 s. The lights hold meanwhile.
const DEAD_AFTER: u32 = 60;
/// A sink that sleeps (HDMI, Bluetooth) may take this long to wake: 10 s.
const START_PATIENCE: u32 = 200;
/// The library fills two periods before it starts the card.
const PREFILLED: u64 = 2;

/// What a stream has asked for since it was opened.
#[derive(Debug)]
pub(super) struct Looks {
    /// What the count of callbacks was then.
    first: u64,
    callbacks: u64,
    /// Looks since the last callback.
    silent: u32,
    /// Looks that it has to begin.
    patience: u32,
}

/// What is wrong with a stream.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum StreamVerdict {
    Lives,
    NeverBegan,
    StandsStill,
}

impl Looks {
    pub(super) fn new(callbacks: u64) -> Self {
        Self { first: callbacks, callbacks, silent: 0, patience: START_PATIENCE }
    }

    /// Of a stream for which a show holds.
    pub(super) fn in_a_hold(callbacks: u64) -> Self {
        Self { patience: DEAD_AFTER, ..Self::new(callbacks) }
    }

    /// To be called once a look, with the callbacks counted so far.
    pub(super) fn look(&mut self, callbacks: u64) -> StreamVerdict {
        self.silent = if callbacks == self.callbacks { self.silent + 1 } else { 0 };
        self.callbacks = callbacks;
        match callbacks > self.first + PREFILLED {
            true if self.silent >= DEAD_AFTER => StreamVerdict::StandsStill,
            false if self.silent >= self.patience => StreamVerdict::NeverBegan,
            _ => StreamVerdict::Lives,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many looks it lives with `callbacks` counted, at most `looks`.
    fn lives(stream: &mut Looks, callbacks: u64, looks: u32) -> (u32, StreamVerdict) {
        for count in 0..looks {
            match stream.look(callbacks) {
                StreamVerdict::Lives => {}
                verdict => return (count, verdict),
            }
        }
        (looks, StreamVerdict::Lives)
    }

    #[test]
    fn a_stream_that_stands_still_is_given_up_after_three_seconds_of_looks() {
        let mut stream = Looks::new(100);
        assert_eq!(lives(&mut stream, 200, 1), (1, StreamVerdict::Lives));
        assert_eq!(lives(&mut stream, 200, 1_000), (59, StreamVerdict::StandsStill));
        assert_eq!(LOOK * DEAD_AFTER, Duration::from_secs(3));
    }

    #[test]
    fn every_callback_begins_the_count_anew() {
        let mut stream = Looks::new(0);
        for callbacks in 3..50 {
            assert_eq!(lives(&mut stream, callbacks, 59), (59, StreamVerdict::Lives));
        }
        // A process that was stopped in between has looked once, whatever the time.
        assert_eq!(lives(&mut stream, 49, 1), (1, StreamVerdict::Lives));
    }

    #[test]
    fn a_stream_that_was_only_prefilled_has_ten_seconds_to_begin() {
        for callbacks in [7, 8, 9] {
            let mut stream = Looks::new(7);
            stream.look(callbacks);
            let (looks, verdict) = lives(&mut stream, callbacks, 1_000);
            assert_eq!(
                (looks.abs_diff(198) <= 1, verdict),
                (true, StreamVerdict::NeverBegan),
                "{looks} looks"
            );
        }
    }
}
