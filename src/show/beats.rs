//! The beats of a show one after another, with their bars. Knows no cues.

use crate::time::ShowTime;

use super::tempo::{Tempo, Ticks};

/// A beat of the music.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Beat {
    pub time: ShowTime,
    /// 1 begins with the first beat of the music; beats before that are in bar 0 and below.
    pub bar: i64,
    /// In its bar, from 1 on.
    pub beat: i64,
}

impl Tempo {
    /// The beats from `from` on, before `to`.
    pub fn beats(&self, from: ShowTime, to: ShowTime) -> impl Iterator<Item = Beat> + '_ {
        // One beat earlier, as times of beats are rounded.
        let first = self.tick_at(from).0.div_euclid(Ticks::PER_BEAT) - 1;
        (first..)
            .map(|beat| Ticks(beat * Ticks::PER_BEAT))
            .skip_while(move |tick| self.time_of(*tick).is_none_or(|time| time < from))
            .map_while(|tick| Some((tick, self.time_of(tick)?)))
            .take_while(move |(_, time)| *time < to)
            .map(|(tick, time)| {
                let (bar, into) = self.bar_at(tick);
                Beat { time, bar, beat: into.0 / Ticks::PER_BEAT + 1 }
            })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tempo::{Bpm, Measure};
    use super::*;

    const fn at(millis: u64) -> ShowTime {
        ShowTime::from_micros(millis * 1_000)
    }

    fn told(tempo: &Tempo, from: u64, to: u64) -> Vec<(u64, i64, i64)> {
        tempo
            .beats(at(from), at(to))
            .map(|Beat { time, bar, beat }| (time.micros() / 1_000, bar, beat))
            .collect()
    }

    #[test]
    fn beats_are_counted_from_the_first_bar_on_and_before_it() {
        let mut tempo = Tempo::constant(Bpm(120_000), Measure::COMMON, at(700));
        assert_eq!(
            told(&tempo, 0, 2_000),
            [(200, 0, 4), (700, 1, 1), (1_200, 1, 2), (1_700, 1, 3)],
            "from the show's start"
        );
        tempo.change_measure(2, Measure { beats: 3, note: 4 });
        assert_eq!(told(&tempo, 3_700, 5_000), [(3_700, 2, 3), (4_200, 3, 1), (4_700, 3, 2)]);
        assert_eq!(told(&tempo, 3_701, 3_702), []);
    }

    #[test]
    fn each_beat_is_where_the_tempo_says_that_it_is() {
        let tempo = Tempo::constant(Bpm(112_000), Measure::COMMON, at(420));
        let beats: Vec<Beat> = tempo.beats(ShowTime::ZERO, at(77_000)).collect();
        assert_eq!(beats.len(), 143);
        for beat in beats {
            assert_eq!(tempo.bar_beat_at(beat.time), (beat.bar, beat.beat));
            assert_eq!(tempo.beats(beat.time, at(77_000)).next(), Some(beat));
        }
    }
}
