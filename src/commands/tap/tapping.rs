//! A person taps: keys become taps, and the beats behind them are shown while the song plays. Knows no sound and no file.

use std::time::Duration;

use super::along::{Along, KeyOutcome, progress};
use crate::beats::{Beats, FEWEST, Tap};
use crate::commands::song_beats::words;
use crate::show::Measure;
use crate::stage::{Flash, Key, KeyMeaning, TapView, Wish};
use crate::time::{Offset, ShowTime};

/// A beat lights up for so long.
const FLASH: Duration = Duration::from_millis(120);

const BEAT: KeyMeaning = KeyMeaning { key: "space", short: "beat", meaning: "a beat" };
const BAR: KeyMeaning = KeyMeaning { key: "Enter", short: "bar", meaning: "the first beat of a bar" };
const UNDO: KeyMeaning = KeyMeaning { key: "Backspace", short: "undo", meaning: "takes the last tap back" };
const KEEP: KeyMeaning = KeyMeaning { key: "q", short: "write", meaning: "ends, and writes the beat map" };
const KEEP_ALL: KeyMeaning = KeyMeaning {
    key: "w",
    short: "write all",
    meaning: "ends, and writes the beat map and the tempo line of the show",
};
const LEAVE: KeyMeaning = KeyMeaning { key: "Esc", short: "leave", meaning: "leaves; nothing is written" };

/// What is to be written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ToWrite {
    Nothing,
    Map,
    /// And the tempo line of the show.
    MapAndTempo,
}

/// The taps so far.
pub(super) struct Tapping {
    pub(super) title: String,
    /// The end of the song.
    pub(super) length: ShowTime,
    pub(super) measure: Option<Measure>,
    /// How much later than the beat the hand is.
    pub(super) hand: Offset,
    pub(super) has_sheet: bool,
    pub(super) taps: Vec<Tap>,
    pub(super) beats: Option<Beats>,
    /// If the song ends now.
    pub(super) wanted: ToWrite,
}

impl Tapping {
    fn tap(&mut self, at: Option<ShowTime>, begins_bar: bool) {
        let heard = at.map(|at| at.micros().cast_signed() - self.hand.micros());
        // Before the first sound there is no beat.
        if let Some(at) = heard.and_then(|at| u64::try_from(at).ok()) {
            self.taps.push(Tap { at: ShowTime::from_micros(at), begins_bar });
            self.beats = Beats::of(&self.taps);
        }
    }

    /// By the person, or by the taps.
    pub(super) fn measure(&self) -> Measure {
        let tapped = || self.beats.as_ref().and_then(Beats::beats_a_bar);
        self.measure.unwrap_or_else(|| Measure::of_beats(tapped().unwrap_or(4)))
    }

    /// Bar and beat, counted from the first bar of the song.
    fn place(&self, at: ShowTime) -> Option<String> {
        let beats_a_bar = self.measure().beats();
        let song = self.beats.as_ref()?.over_song(beats_a_bar, ShowTime::ZERO, self.length);
        let beat = song.partition_point(|beat| *beat <= at).checked_sub(1)?;
        let bar = beat / beats_a_bar as usize;
        Some(format!("{}.{}", bar + 1, beat % beats_a_bar as usize + 1))
    }
}

impl Along for Tapping {
    fn handle_key(&mut self, wish: Wish, at: Option<ShowTime>) -> KeyOutcome {
        match wish {
            // To the stage of a show, the space bar is a pause.
            Wish::Pause => self.tap(at, false),
            Wish::Key(Key::Enter) => self.tap(at, true),
            Wish::Key(Key::Backspace) => {
                self.taps.pop();
                self.beats = Beats::of(&self.taps);
            }
            Wish::Quit => return KeyOutcome::End,
            Wish::Key(Key::Char('w' | 'W')) if self.has_sheet => {
                self.wanted = ToWrite::MapAndTempo;
                return KeyOutcome::End;
            }
            Wish::Key(Key::Escape) => {
                self.wanted = ToWrite::Nothing;
                return KeyOutcome::End;
            }
            _ => {}
        }
        KeyOutcome::GoOn
    }

    fn view(&mut self, at: Option<ShowTime>, notice: Option<&str>) -> TapView {
        let last = self.taps.last().filter(|tap| at.is_some_and(|at| at >= tap.at && at - tap.at < FLASH));
        let flash = match last {
            None => Flash::None,
            Some(tap) if tap.begins_bar => Flash::Bar,
            Some(_) => Flash::Beat,
        };
        let rows = match &self.beats {
            Some(beats) => vec![
                ("tempo", words::tempo(beats)),
                ("evenness", words::scatter(beats)),
                ("taps", words::taps(beats)),
                ("bars", self.measure().to_string()),
            ],
            None => {
                let missing = FEWEST.saturating_sub(self.taps.len()).max(1);
                let taps = format!("{} so far; {missing} more tell the tempo", self.taps.len());
                vec![("taps", taps)]
            }
        };
        let all =
            [Some(BEAT), Some(BAR), Some(UNDO), Some(KEEP), self.has_sheet.then_some(KEEP_ALL), Some(LEAVE)];
        TapView {
            title: format!("{}: tap the beats", self.title),
            progress: progress(at, self.length),
            place: at.and_then(|at| self.place(at)).unwrap_or_default(),
            flash,
            rows,
            notice: notice.map(str::to_owned),
            keys: all.into_iter().flatten().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tapping() -> Tapping {
        Tapping {
            title: "song".into(),
            length: ShowTime::from_micros(60_000_000),
            measure: None,
            hand: Offset::from_micros(10_000),
            has_sheet: true,
            taps: Vec::new(),
            beats: None,
            wanted: ToWrite::Map,
        }
    }

    fn at(millis: u64) -> Option<ShowTime> {
        Some(ShowTime::from_micros(millis * 1_000))
    }

    #[test]
    fn keys_become_taps_without_the_delay_of_the_hand() {
        let mut tapping = tapping();
        tapping.handle_key(Wish::Pause, None);
        tapping.handle_key(Wish::Pause, at(5));
        assert_eq!(tapping.taps, [], "before the first sound");
        for beat in 0..16 {
            let key = if beat % 3 == 0 { Wish::Key(Key::Enter) } else { Wish::Pause };
            assert_eq!(tapping.handle_key(key, at(1_010 + beat * 500)), KeyOutcome::GoOn);
        }
        tapping.handle_key(Wish::Pause, at(8_700));
        tapping.handle_key(Wish::Key(Key::Backspace), at(8_900));
        assert_eq!(tapping.taps.len(), 16);
        assert_eq!(tapping.taps[0], Tap { at: ShowTime::from_micros(1_000_000), begins_bar: true });
        assert_eq!(tapping.measure().to_string(), "3/4");
        // The bar of the first tap is not the first one of the song.
        assert_eq!(tapping.place(ShowTime::from_micros(2_600_000)).as_deref(), Some("2.1"));
        let view = tapping.view(at(8_510), None);
        assert_eq!((view.flash, view.rows[0].1.as_str()), (Flash::Bar, "120 bpm, the same all along"));
    }

    #[test]
    fn each_way_to_end_says_what_is_written() {
        for (wish, wanted) in [
            (Wish::Quit, ToWrite::Map),
            (Wish::Key(Key::Char('w')), ToWrite::MapAndTempo),
            (Wish::Key(Key::Escape), ToWrite::Nothing),
        ] {
            let mut tapping = tapping();
            assert_eq!(tapping.handle_key(wish, at(100)), KeyOutcome::End);
            assert_eq!(tapping.wanted, wanted, "{wish:?}");
        }
        let mut song = Tapping { has_sheet: false, ..tapping() };
        assert_eq!(song.handle_key(Wish::Key(Key::Char('w')), at(100)), KeyOutcome::GoOn);
        assert!(song.view(None, None).keys.iter().all(|key| key.key != "w"));
    }

    #[test]
    fn no_keys_at_random_stop_it() {
        let wishes =
            [Wish::Pause, Wish::Key(Key::Enter), Wish::Key(Key::Backspace), Wish::Louder, Wish::Next];
        let mut random = crate::random::Random::new(&[b"keys"]);
        for _ in 0..20 {
            let (mut tapping, mut now) = (tapping(), 0);
            for _ in 0..60 {
                now += random.below(700);
                let wish = wishes[random.below(wishes.len() as u64) as usize];
                assert_eq!(tapping.handle_key(wish, at(now)), KeyOutcome::GoOn);
                tapping.view(at(now), Some("x"));
            }
            assert!(tapping.taps.windows(2).all(|pair| pair[0].at <= pair[1].at));
        }
    }
}
