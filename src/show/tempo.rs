//! The tempo of a show: when each bar and beat is by the clock. Exact, in integers. Knows no cues.

use std::fmt;

use crate::time::ShowTime;

/// A position or a distance in the music, in parts of a beat. The first beat of the music is 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub(super) struct Ticks(pub(super) i64);

impl Ticks {
    /// Divisible by 2⁹, 3², 5⁴ and 7, so that every usual subdivision is exact; 25 ns at 120 bpm.
    pub(super) const PER_BEAT: i64 = 20_160_000;

    pub(super) const fn beats(beats: i64) -> Self {
        Self(beats * Self::PER_BEAT)
    }
}

/// How many beats a bar has, and which note is one beat.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Measure {
    pub(super) beats: u32,
    pub(super) note: u32,
}

/// A beat of the music, and where people count it: the first beat of the music is 1.1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CountedBeat {
    pub at: ShowTime,
    pub bar: i64,
    pub beat: i64,
}

impl Measure {
    pub(super) const COMMON: Self = Self { beats: 4, note: 4 };

    /// The usual one with so many beats, 1 to 64: eighths from 6 beats on.
    #[must_use]
    pub fn of_beats(beats: u32) -> Self {
        Self { beats: beats.clamp(1, 64), note: if beats < 6 { 4 } else { 8 } }
    }

    #[must_use]
    pub const fn beats(self) -> u32 {
        self.beats
    }

    fn bar(self) -> i64 {
        i64::from(self.beats) * Ticks::PER_BEAT
    }
}

/// As a tempo line has it.
impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.beats, self.note)
    }
}

/// Beats a minute, in thousandths.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Bpm(pub(super) u32);

/// From `tick` on until the next span, the tempo is constant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct TempoSpan {
    tick: i64,
    /// When `tick` is, in units of 2⁻³² µs: a thousand changes of tempo still err by less than 10⁻⁶ µs.
    at: i128,
    /// Microseconds a tick, as a fraction.
    micros: i128,
    ticks: i128,
}

impl TempoSpan {
    fn at_bpm(tick: i64, at: i128, bpm: Bpm) -> Self {
        Self { tick, at, micros: 60_000_000_000, ticks: i128::from(bpm.0) * i128::from(Ticks::PER_BEAT) }
    }

    fn time_of(&self, tick: i64) -> i128 {
        let product = (i128::from(tick - self.tick) * self.micros) << 32;
        self.at + product.div_euclid(self.ticks)
    }

    fn tick_at(&self, time: i128) -> i64 {
        let product = (time - self.at) * self.ticks;
        let tick = (product + (self.micros << 31)).div_euclid(self.micros << 32);
        // A day holds fewer than 10¹⁴ ticks at the fastest tempo that is allowed.
        self.tick + tick as i64
    }
}

/// From bar `bar`, which begins at `tick`, bars are of this measure.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Bars {
    bar: i64,
    tick: i64,
    measure: Measure,
}

/// The tempo of a whole show.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tempo {
    /// Never empty, in order.
    spans: Vec<TempoSpan>,
    /// Never empty, in order.
    bars: Vec<Bars>,
}

impl Tempo {
    pub(super) fn constant(bpm: Bpm, measure: Measure, first_beat: ShowTime) -> Self {
        let first = TempoSpan::at_bpm(0, i128::from(first_beat.micros()) << 32, bpm);
        Self { spans: vec![first], bars: vec![Bars { bar: 1, tick: 0, measure }] }
    }

    /// One beat at each of `beats`, which rise; at least two.
    #[must_use]
    pub fn from_beats(beats: &[ShowTime], measure: Measure) -> Self {
        let spans = beats
            .windows(2)
            .enumerate()
            .map(|(index, pair)| TempoSpan {
                tick: index as i64 * Ticks::PER_BEAT,
                at: i128::from(pair[0].micros()) << 32,
                micros: i128::from(pair[1].micros() - pair[0].micros()),
                ticks: i128::from(Ticks::PER_BEAT),
            })
            .collect();
        Self { spans, bars: vec![Bars { bar: 1, tick: 0, measure }] }
    }

    /// Another speed from `tick` on, which lies after every change so far.
    pub(super) fn change_speed(&mut self, tick: Ticks, bpm: Bpm) {
        let at = self.span_of(tick.0).time_of(tick.0);
        self.spans.truncate(self.spans.partition_point(|span| span.tick < tick.0));
        self.spans.push(TempoSpan::at_bpm(tick.0, at, bpm));
    }

    /// Another measure from `bar` on, which lies after every change so far.
    pub(super) fn change_measure(&mut self, bar: i64, measure: Measure) {
        let tick = self.start_of(bar).0;
        self.bars.truncate(self.bars.partition_point(|bars| bars.bar < bar));
        self.bars.push(Bars { bar, tick, measure });
    }

    /// When `tick` is heard, to the nearest microsecond; `None` before the show begins.
    pub(super) fn time_of(&self, tick: Ticks) -> Option<ShowTime> {
        let time = self.span_of(tick.0).time_of(tick.0);
        let micros = (time + (1 << 31)) >> 32;
        u64::try_from(micros).ok().map(ShowTime::from_micros)
    }

    /// The tick that is heard at `time`.
    pub(super) fn tick_at(&self, time: ShowTime) -> Ticks {
        let time = i128::from(time.micros()) << 32;
        let begun = self.spans.partition_point(|span| span.at <= time);
        Ticks(self.spans[begun.saturating_sub(1)].tick_at(time))
    }

    pub(super) fn start_of(&self, bar: i64) -> Ticks {
        let begun = self.bars.partition_point(|bars| bars.bar <= bar);
        let bars = &self.bars[begun.saturating_sub(1)];
        Ticks(bars.tick + (bar - bars.bar) * bars.measure.bar())
    }

    pub(super) fn measure_of(&self, bar: i64) -> Measure {
        let begun = self.bars.partition_point(|bars| bars.bar <= bar);
        self.bars[begun.saturating_sub(1)].measure
    }

    /// The bar that `tick` lies in, and how far in.
    pub(super) fn bar_at(&self, tick: Ticks) -> (i64, Ticks) {
        let begun = self.bars.partition_point(|bars| bars.tick <= tick.0);
        let bars = &self.bars[begun.saturating_sub(1)];
        let (ahead, length) = (tick.0 - bars.tick, bars.measure.bar());
        (bars.bar + ahead.div_euclid(length), Ticks(ahead.rem_euclid(length)))
    }

    /// Bar and beat at `time`, as people count: the first beat of the music is `(1, 1)`.
    #[must_use]
    pub fn bar_beat_at(&self, time: ShowTime) -> (i64, i64) {
        let tick = self.tick_at(time);
        // A beat's time is rounded to a microsecond, which is many ticks: the beat may have begun by the clock alone.
        let next = Ticks((tick.0.div_euclid(Ticks::PER_BEAT) + 1) * Ticks::PER_BEAT);
        let has_begun = self.time_of(next).is_some_and(|next| next <= time);
        let (bar, into) = self.bar_at(if has_begun { next } else { tick });
        (bar, into.0 / Ticks::PER_BEAT + 1)
    }

    /// When the beat that is heard at `time` begins; `None` before the show begins.
    pub(super) fn beat_start(&self, time: ShowTime) -> Option<ShowTime> {
        let (bar, beat) = self.bar_beat_at(time);
        self.time_of(Ticks(self.start_of(bar).0 + Ticks::beats(beat - 1).0))
    }

    /// How much of the beat at `time` has passed, in thousandths.
    #[must_use]
    pub fn beat_permille_at(&self, time: ShowTime) -> u16 {
        let (_, into) = self.bar_at(self.tick_at(time));
        (into.0 % Ticks::PER_BEAT * 1_000 / Ticks::PER_BEAT) as u16
    }

    /// Every beat from the start of the show to `end`.
    pub fn beats_until(&self, end: ShowTime) -> impl Iterator<Item = CountedBeat> + '_ {
        let first = self.tick_at(ShowTime::ZERO).0.div_euclid(Ticks::PER_BEAT);
        let times = (first..).map(|beat| (Ticks::beats(beat), self.time_of(Ticks::beats(beat))));
        // The first may lie just before the show.
        let timed = times.skip_while(|(_, at)| at.is_none()).map_while(|(tick, at)| Some((tick, at?)));
        timed.take_while(move |(_, at)| *at <= end).map(|(tick, at)| {
            let (bar, into) = self.bar_at(tick);
            CountedBeat { at, bar, beat: into.0 / Ticks::PER_BEAT + 1 }
        })
    }

    fn span_of(&self, tick: i64) -> &TempoSpan {
        let begun = self.spans.partition_point(|span| span.tick <= tick);
        &self.spans[begun.saturating_sub(1)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(tempo: &Tempo, bar: i64, beat: i64) -> u64 {
        tempo.time_of(Ticks(tempo.start_of(bar).0 + Ticks::beats(beat - 1).0)).unwrap().micros()
    }

    fn waltz_at_the_end() -> Tempo {
        let mut tempo = Tempo::constant(Bpm(120_000), Measure::COMMON, ShowTime::from_micros(420_000));
        tempo.change_speed(tempo.start_of(3), Bpm(60_000));
        tempo.change_measure(5, Measure { beats: 3, note: 4 });
        tempo
    }

    #[test]
    fn beats_of_a_constant_tempo_are_even_and_exact() {
        let tempo = Tempo::constant(Bpm(112_000), Measure::COMMON, ShowTime::from_micros(420_000));
        for (bar, beat, micros) in
            [(1, 1, 420_000), (1, 2, 955_714), (9, 2, 18_098_571), (1000, 1, 2_141_134_286)]
        {
            assert_eq!(at(&tempo, bar, beat), micros, "{bar}.{beat}");
        }
    }

    #[test]
    fn a_change_of_tempo_or_measure_holds_from_its_bar_on() {
        let tempo = waltz_at_the_end();
        for (bar, beat, micros) in
            [(2, 1, 2_420_000), (3, 1, 4_420_000), (3, 2, 5_420_000), (5, 1, 12_420_000), (6, 1, 15_420_000)]
        {
            assert_eq!(at(&tempo, bar, beat), micros, "{bar}.{beat}");
        }
    }

    #[test]
    fn a_beat_map_is_met_at_every_label_and_goes_on_evenly() {
        let beats = [500_000, 1_000_000, 1_600_000, 2_300_000].map(ShowTime::from_micros);
        let tempo = Tempo::from_beats(&beats, Measure::COMMON);
        for (bar, beat, micros) in
            [(1, 1, 500_000), (1, 2, 1_000_000), (1, 4, 2_300_000), (2, 1, 3_000_000), (0, 4, 0)]
        {
            assert_eq!(at(&tempo, bar, beat), micros, "{bar}.{beat}");
        }
        assert_eq!(tempo.time_of(Ticks::beats(-2)), None);
    }

    #[test]
    fn the_tick_at_a_time_is_the_inverse_of_the_time_of_a_tick() {
        let tempo = waltz_at_the_end();
        for micros in [420_000, 421_337, 4_420_000, 7_777_777, 60_000_001] {
            let time = ShowTime::from_micros(micros);
            assert_eq!(tempo.time_of(tempo.tick_at(time)), Some(time));
        }
    }

    #[test]
    fn people_count_bars_and_beats_from_one() {
        let tempo = waltz_at_the_end();
        for (micros, bar, beat) in
            [(420_000, 1, 1), (0, 0, 4), (12_420_000, 5, 1), (15_420_000, 6, 1), (15_419_000, 5, 3)]
        {
            assert_eq!(tempo.bar_beat_at(ShowTime::from_micros(micros)), (bar, beat), "{micros}");
        }
        let uneven = Tempo::constant(Bpm(112_000), Measure::COMMON, ShowTime::ZERO);
        for bar in 1..100 {
            let start = ShowTime::from_micros(at(&uneven, bar, 1));
            assert_eq!(uneven.bar_beat_at(start), (bar, 1), "its start is rounded to a microsecond");
        }
    }

    #[test]
    fn beats_are_counted_from_the_start_of_the_show_to_its_end() {
        let tempo = waltz_at_the_end();
        let counted: Vec<_> = tempo.beats_until(ShowTime::from_micros(16_420_000)).collect();
        let places: Vec<(i64, i64)> = counted.iter().map(|beat| (beat.bar, beat.beat)).collect();
        assert_eq!(places[..2], [(1, 1), (1, 2)]);
        assert_eq!(places[places.len() - 5..], [(5, 1), (5, 2), (5, 3), (6, 1), (6, 2)]);
        assert!(counted.iter().all(|beat| tempo.bar_beat_at(beat.at) == (beat.bar, beat.beat)));
        let early = Tempo::constant(Bpm(120_000), Measure::COMMON, ShowTime::from_micros(2_600_000));
        let first = early.beats_until(ShowTime::MAX).next().unwrap();
        assert_eq!((first.at.micros(), first.bar, first.beat), (100_000, -1, 4));
    }

    #[test]
    fn a_beat_passes_in_thousandths_at_the_speed_of_its_bar() {
        let tempo = waltz_at_the_end();
        for (micros, permille) in
            [(420_000, 0), (545_000, 250), (0, 160), (4_420_000, 0), (4_670_000, 250), (5_400_000, 980)]
        {
            assert_eq!(tempo.beat_permille_at(ShowTime::from_micros(micros)), permille, "{micros}");
        }
    }
}
