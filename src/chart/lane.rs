//! The light of one channel over a part of a show, as straight lines: what a picture draws. Knows no cues.

use crate::easing::Easing;
use crate::level::Level;
use crate::rig::{Channel, Kind};
use crate::time::ShowTime;
use crate::timeline::{Ramp, Track};

/// A curved fade is drawn as so many straight lines.
const LINES_A_CURVE: u64 = 8;

/// The light of one channel.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lane {
    pub name: String,
    pub kind: Kind,
    /// One after another without a gap, from the beginning of the part to its end.
    pub slopes: Vec<Slope>,
}

/// A straight line from one level to another, or a level that stays.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Slope {
    pub start: ShowTime,
    pub end: ShowTime,
    pub from: Level,
    /// Just before the end.
    pub to: Level,
}

impl Slope {
    pub(super) fn level_at(&self, time: ShowTime) -> Level {
        let (into, whole) = ((time - self.start).as_micros(), (self.end - self.start).as_micros());
        if whole == 0 || into >= whole {
            return self.to;
        }
        let (from, to) = (u128::from(self.from.hundredths()), u128::from(self.to.hundredths()));
        Level::from_hundredths(((from * (whole - into) + to * into + whole / 2) / whole) as u16)
    }

    /// The line between `from` and `to`; nothing where it does not lie there.
    fn within(&self, from: ShowTime, to: ShowTime) -> Option<Self> {
        let (start, end) = (self.start.max(from), self.end.min(to));
        let cut = || Self { start, end, from: self.level_at(start), to: self.level_at(end) };
        (start < end).then(cut)
    }
}

impl Lane {
    /// Where a signal is sent early, because its contact is slow, this is when the light comes.
    pub(super) fn of(channel: &Channel, track: &Track, from: ShowTime, to: ShowTime) -> Self {
        let lead = channel.lead;
        let sent = |time: ShowTime| time.saturating_sub(lead);
        let starts = track.pieces().map(|(start, ..)| start).skip(1).chain([ShowTime::MAX]);
        let mut lines = LaneBuilder { slopes: Vec::new(), from: sent(from), to: sent(to) };
        let first = track.pieces().next().map_or(ShowTime::MAX, |(start, ..)| start);
        lines.hold(ShowTime::ZERO, first, Level::OFF);
        for ((start, level, ramp), end) in track.pieces().zip(starts) {
            match ramp {
                Some(ramp) => lines.ramp(start, end, &ramp),
                None => lines.hold(start, end, level),
            }
        }
        let mut slopes = lines.slopes;
        for slope in &mut slopes {
            (slope.start, slope.end) = (slope.start + lead, slope.end + lead);
        }
        // Nothing is sent before the show begins.
        if let Some(first) = slopes.first_mut() {
            first.start = from;
        }
        Self { name: channel.name.clone(), kind: channel.kind, slopes }
    }

    /// The mean level from `start` to `end`: full or off only if it is so all the time.
    #[must_use]
    pub fn mean(&self, start: ShowTime, end: ShowTime) -> Level {
        let first = self.slopes.partition_point(|slope| slope.end <= start);
        let (mut light, mut time) = (0, 0);
        let (mut is_off, mut is_full) = (true, true);
        for slope in self.slopes[first..].iter().map_while(|slope| slope.within(start, end)) {
            let lasts = (slope.end - slope.start).as_micros();
            light += lasts * (u128::from(slope.from.hundredths()) + u128::from(slope.to.hundredths())) / 2;
            time += lasts;
            is_off &= !slope.from.is_lit() && !slope.to.is_lit();
            is_full &= (slope.from, slope.to) == (Level::FULL, Level::FULL);
        }
        match (is_off, is_full) {
            (true, _) => Level::OFF,
            (_, true) => Level::FULL,
            _ => {
                let mean = light.checked_div(time).unwrap_or_default() as u16;
                Level::from_hundredths(mean.clamp(1, Level::FULL.hundredths() - 1))
            }
        }
    }
}

/// Lines that are put one after another, cut to a part of the show.
struct LaneBuilder {
    slopes: Vec<Slope>,
    from: ShowTime,
    to: ShowTime,
}

impl LaneBuilder {
    fn hold(&mut self, start: ShowTime, end: ShowTime, level: Level) {
        self.add(Slope { start, end, from: level, to: level });
    }

    /// As much of `ramp` as shows from `start` to `end`. When it has arrived, its level stays.
    fn ramp(&mut self, start: ShowTime, end: ShowTime, ramp: &Ramp) {
        let parts = if ramp.easing == Easing::Linear { 1 } else { LINES_A_CURVE };
        let place = |part: u64| ramp.start + ramp.over * part as u32 / parts as u32;
        for part in 0..parts {
            let (from, to) = (place(part), place(part + 1));
            let line = Slope { start: from, end: to, from: ramp.level_at(from), to: ramp.level_at(to) };
            if let Some(line) = line.within(start, end) {
                self.add(line);
            }
        }
        self.hold(ramp.end().max(start), end, ramp.to);
    }

    fn add(&mut self, slope: Slope) {
        let Some(slope) = slope.within(self.from, self.to) else { return };
        match self.slopes.last_mut() {
            Some(last) if [last.from, last.to, slope.to] == [slope.from; 3] => last.end = slope.end,
            _ => self.slopes.push(slope),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const fn at(seconds: u64) -> ShowTime {
        ShowTime::from_micros(seconds * 1_000_000)
    }

    fn lane(track: &Track, from: u64, to: u64) -> Lane {
        let rig = crate::output::testing::rig();
        Lane::of(&rig.channels[1], track, at(from), at(to))
    }

    fn told(lane: &Lane) -> Vec<(u64, u64, u16, u16)> {
        let seconds = |time: ShowTime| time.micros() / 1_000_000;
        let percent = |level: Level| level.hundredths() / 100;
        let slopes = lane.slopes.iter();
        slopes
            .map(|line| (seconds(line.start), seconds(line.end), percent(line.from), percent(line.to)))
            .collect()
    }

    fn fade(start: u64, seconds: u64, easing: Easing) -> Ramp {
        let over = Duration::from_secs(seconds);
        Ramp { start: at(start), over, from: Level::OFF, to: Level::FULL, easing }
    }

    #[test]
    fn lines_follow_one_another_from_the_beginning_to_the_end() {
        let mut track = Track::default();
        track.hold(at(2), Level::FULL);
        track.hold(at(4), Level::OFF);
        track.ramp(at(6), fade(6, 4, Easing::Linear));
        track.hold(at(14), Level::OFF);
        let whole = [(0, 2, 0, 0), (2, 4, 100, 100), (4, 6, 0, 0), (6, 10, 0, 100), (10, 14, 100, 100)];
        assert_eq!(told(&lane(&track, 0, 16)), [&whole[..], &[(14, 16, 0, 0)]].concat());
        assert_eq!(told(&lane(&track, 3, 8)), [(3, 4, 100, 100), (4, 6, 0, 0), (6, 8, 0, 50)]);
        assert_eq!(told(&lane(&Track::default(), 3, 8)), [(3, 8, 0, 0)]);
    }

    #[test]
    fn a_light_is_drawn_when_it_comes_and_not_when_its_signal_is_sent() {
        let mut track = Track::default();
        track.hold(at(0), Level::FULL);
        track.hold(at(4), Level::OFF);
        let mut rig = crate::output::testing::rig();
        rig.channels[1].lead = Duration::from_secs(1);
        let of = |from, to| Lane::of(&rig.channels[1], &track, at(from), at(to));
        assert_eq!(told(&of(0, 9)), [(0, 5, 100, 100), (5, 9, 0, 0)]);
        assert_eq!(told(&of(3, 9)), [(3, 5, 100, 100), (5, 9, 0, 0)]);
    }

    #[test]
    fn a_curve_is_drawn_in_lines_that_meet_it() {
        let ramp = fade(0, 8, Easing::In);
        let mut track = Track::default();
        track.ramp(at(0), ramp);
        let lane = lane(&track, 0, 8);
        assert_eq!(lane.slopes.len(), 8);
        for line in &lane.slopes {
            assert_eq!((line.from, line.to), (ramp.level_at(line.start), ramp.level_at(line.end)));
        }
    }

    #[test]
    fn a_mean_is_full_or_off_only_where_the_light_is() {
        let mut track = Track::default();
        track.hold(at(2), Level::FULL);
        track.hold(at(4), Level::OFF);
        let lane = lane(&track, 0, 1_000_000);
        let percent = |from, to| lane.mean(at(from), at(to)).hundredths();
        assert_eq!((percent(0, 2), percent(2, 4), percent(1, 3)), (0, 10_000, 5_000));
        assert_eq!((percent(0, 1_000_000), percent(5, 5)), (1, 0), "a flash is seen");
    }
}
