//! A person hears a beat map as clicks. Knows no sound and no file.

use std::time::Duration;

use super::along::{Along, KeyOutcome, progress};
use crate::show::CountedBeat;
use crate::stage::{Flash, Key, KeyMeaning, TapView, Wish};
use crate::time::ShowTime;

/// A beat lights up for so long.
const FLASH: Duration = Duration::from_millis(120);
const END: KeyMeaning = KeyMeaning { key: "q", short: "end", meaning: "ends; so does Esc" };

pub(super) struct Listening {
    pub(super) title: String,
    pub(super) end: ShowTime,
    /// In order.
    pub(super) beats: Vec<CountedBeat>,
    pub(super) told: Option<String>,
}

impl Along for Listening {
    fn handle_key(&mut self, wish: Wish, _at: Option<ShowTime>) -> KeyOutcome {
        match wish {
            Wish::Quit | Wish::Key(Key::Escape) => KeyOutcome::End,
            _ => KeyOutcome::GoOn,
        }
    }

    fn view(&mut self, at: Option<ShowTime>, notice: Option<&str>) -> TapView {
        let begun = |at| self.beats.partition_point(|beat| beat.at <= at);
        let beat = at.and_then(|at| begun(at).checked_sub(1)).map(|last| self.beats[last]);
        let flash = match beat.filter(|beat| at.is_some_and(|at| at - beat.at < FLASH)) {
            Some(beat) if beat.beat == 1 => Flash::Bar,
            Some(_) => Flash::Beat,
            None => Flash::None,
        };
        TapView {
            title: format!("{}: its beats as clicks", self.title),
            progress: progress(at, self.end),
            place: beat.map_or_else(String::new, |beat| format!("{}.{}", beat.bar, beat.beat)),
            flash,
            rows: Vec::new(),
            notice: notice.or(self.told.as_deref()).map(str::to_owned),
            keys: vec![END],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beat_that_clicks_lights_up() {
        let at = |millis: u64| ShowTime::from_micros(millis * 1_000);
        let beats = (0..8).map(|beat| CountedBeat {
            at: at(500 + beat * 500),
            bar: 1 + beat as i64 / 4,
            beat: 1 + beat as i64 % 4,
        });
        let mut listening =
            Listening { title: "song".into(), end: at(5_000), beats: beats.collect(), told: None };
        for (millis, place, flash) in [
            (0, "", Flash::None),
            (500, "1.1", Flash::Bar),
            (1_000, "1.2", Flash::Beat),
            (1_400, "1.2", Flash::None),
            (2_510, "2.1", Flash::Bar),
        ] {
            let view = listening.view(Some(at(millis)), None);
            assert_eq!((view.place.as_str(), view.flash), (place, flash), "{millis}");
        }
        assert_eq!(listening.handle_key(Wish::Pause, None), KeyOutcome::GoOn);
        assert_eq!(listening.handle_key(Wish::Quit, None), KeyOutcome::End);
    }
}
