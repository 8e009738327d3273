//! Which part of a show plays at a time, from where to where: for people who want to see it again and again. Knows no clock.

use std::time::Duration;

use crate::time::ShowTime;

use super::playing_line::{PlayingLines, readable};
use super::tempo::Tempo;
use super::{SectionPlay, Show};

/// A shorter part is played longer: lights that begin anew more often would flash.
const SHORTEST: Duration = Duration::from_secs(1);

impl Show {
    /// The part that [`PlayingLines`] tells at `time`, from its start to its end. A section lasts until its last cue has
    /// ended; in a show with a tempo it is the whole bars that it lies in, so that the music keeps its beat when they
    /// repeat. What is below a heading lasts to the next heading.
    /// `None` where no part is told. `end` is that of the show.
    #[must_use]
    pub fn part_at(&self, time: ShowTime, end: ShowTime) -> Option<(ShowTime, ShowTime)> {
        let mut lines = PlayingLines::of(self);
        let told = lines.at(self, time)?.part.as_deref()?;
        let is_told = |name: &str| readable(name.chars()) == told;
        let begun = || self.plays.iter().filter(|play| play.start <= time);
        let named = begun().filter(|play| is_told(play.name(&self.source)));
        let (start, part_end) = match named.max_by_key(|play| play.start) {
            Some(play) => self.section(play),
            None => match self.span_below_heading(time, is_told) {
                Some((start, next)) => (start, next.unwrap_or(end)),
                // A section within another.
                None => self.section(begun().filter(|play| time <= play.end).max_by_key(|play| play.start)?),
            },
        };
        Some((start, part_end.max(start + SHORTEST).min(end)))
    }

    fn section(&self, play: &SectionPlay) -> (ShowTime, ShowTime) {
        let Some(tempo) = &self.tempo else { return (play.start, play.end.max(play.start + SHORTEST)) };
        let start = tempo.bar_line_until(play.start);
        (start, tempo.bar_line_from(play.end.max(start + SHORTEST)))
    }

    /// When the heading begins that `is_told` at `time`, and when the next one does.
    fn span_below_heading(
        &self,
        time: ShowTime,
        is_told: impl Fn(&str) -> bool,
    ) -> Option<(ShowTime, Option<ShowTime>)> {
        let headings = self.headings();
        let mut begun = headings.iter().filter(|heading| heading.start <= time && is_told(heading.text));
        let start = begun.next_back()?.start;
        let next = headings.iter().map(|heading| heading.start).find(|next| *next > start);
        Some((start, next))
    }
}

impl Tempo {
    /// `time`, or the beginning of the bar that it is in.
    fn bar_line_until(&self, time: ShowTime) -> ShowTime {
        let (bar, _) = self.bar_at(self.nearest_tick(time));
        self.time_of(self.start_of(bar)).map_or(time, |line| line.min(time))
    }

    /// `time`, or the beginning of the next bar after it.
    fn bar_line_from(&self, time: ShowTime) -> ShowTime {
        let (bar, into) = self.bar_at(self.nearest_tick(time));
        let line = self.time_of(self.start_of(if into.0 == 0 { bar } else { bar + 1 }));
        line.map_or(time, |line| line.max(time))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::Source;
    use crate::rig;
    use crate::show::read;

    /// At so many milliseconds, from where to where.
    fn check(sheet: &str, expected: &[(u64, Option<(u64, u64)>)]) {
        let rig = "[channels]\nneon = { pin = 4, kind = \"ssr\" }\nsign = { pin = 5, kind = \"ssr\" }\n";
        let rig = rig::read(&Source::new("rig.toml", rig)).0.unwrap();
        let none = |_: &str| Err(anyhow::anyhow!("no file"));
        let (show, _) = read("test", &Source::new("test.show", sheet), &rig, &none).unwrap();
        let millis = |time: ShowTime| time.micros() / 1_000;
        for (at, expected) in expected {
            let part = show.part_at(ShowTime::from_micros(at * 1_000), show.length.unwrap());
            assert_eq!(part.map(|(start, end)| (millis(start), millis(end))), *expected, "at {at} ms");
        }
    }

    #[test]
    fn a_section_lasts_to_the_end_of_a_bar_and_a_heading_to_the_next_one() {
        let sheet = "\
length  0:40
tempo   120 bpm, 4/4

0:01    sign   on
# ---- Verse ----
2.1     neon   on
3.1     play   bright
6.1     neon   off
# ---- Chorus ----
9.1     play   bright
# ---- End ----
17.1    neon   off

section bright
  1.1   neon   on
  2.1   play   wink
  3.2   neon   off
section wink
  1.1   sign   on for 1 beat
";
        let (first, again) = (Some((4_000, 10_000)), Some((16_000, 22_000)));
        check(
            sheet,
            &[
                (500, None),
                (1_000, None),
                (2_000, Some((2_000, 16_000))),
                (4_000, first),
                (6_200, first),
                (9_900, first),
                (10_000, Some((2_000, 16_000))),
                (16_000, again),
                (30_000, again),
                (32_000, Some((32_000, 40_000))),
            ],
        );
    }

    #[test]
    fn a_section_within_a_bar_is_the_whole_bar() {
        let sheet = "\
length  0:20
tempo   112 bpm, 4/4, first beat at 0.420 s
1.1     neon   on
4.4     play   fill
6.3     play   long

section fill
  1.1   sign   on for 1 beat
section long
  1.1   sign   on
  2.4   sign   off
";
        // A bar lasts 2.142857 s.
        let (fill, long) = (Some((6_848, 8_991)), Some((11_134, 17_562)));
        check(sheet, &[(8_460, fill), (8_700, fill), (12_300, long), (15_000, long)]);
    }

    #[test]
    fn a_part_that_would_flash_is_longer_and_none_is_longer_than_the_show() {
        let sheet = "\
length  0:03
# == One ==
0:00.0  play  short
0:01.0  neon  off
# == Two ==
0:01.2  neon  on
# == Three ==
0:02.5  neon  off

section short
  0:00  neon  on
";
        check(
            sheet,
            &[
                (0, Some((0, 1_000))),
                (1_000, Some((0, 1_200))),
                (1_300, Some((1_200, 2_500))),
                (2_500, Some((2_500, 3_000))),
            ],
        );
    }

    #[test]
    fn a_sheet_without_parts_has_none() {
        check("length 0:05\n0:01 neon on\n", &[(0, None), (2_000, None)]);
    }
}
