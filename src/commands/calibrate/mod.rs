//! `starcourt calibrate`: a click and a flash once a second, moved against each other by keys until they
//! meet; what that makes the speaker's latency is written into the rig.

mod click;

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use anyhow::anyhow;

use crate::cli::PlayOptions;
use crate::instance::{Direction, Observer};
use crate::level::Level;
use crate::printable::printable;
use crate::rig::{self, AmendError, Channel, ChannelId};
use crate::stage::{Key, KeyMeaning, Stage};
use crate::time::{Offset, ShowTime};

use super::files::{self, LoadedShow};
use super::made;
use super::outcome::{Failure, Outcome};
use super::{play, printed};
use click::click;

/// From one click to the next.
const PERIOD: Duration = Duration::from_secs(1);
/// In the middle: the sound begins and ends with silence.
const BEAT: Duration = Duration::from_millis(500);
const FLASH: Duration = Duration::from_millis(100);

/// As far as a rig's latency goes.
const FARTHEST: i64 = 2_000_000; // µs
const COARSE: i64 = 5_000; // µs
const FINE: i64 = 1_000; // µs

const KEYS: [KeyMeaning; 4] = [
    KeyMeaning { key: "Enter", short: "keep", meaning: "writes this latency into the rig" },
    KeyMeaning { key: "q", short: "leave", meaning: "leaves the rig as it was; so does Esc" },
    KeyMeaning { key: "← →", short: "5 ms", meaning: "the flash 5 ms earlier, later" },
    KeyMeaning { key: "[ ]", short: "1 ms", meaning: "the flash 1 ms earlier, later" },
];

pub(super) fn calibrate(channel: Option<&str>, options: PlayOptions) -> Result<Outcome, Failure> {
    if !Stage::hears_keys() {
        return Err(Failure::bad_command_line(anyhow!(
            "calibrating needs a terminal with keys; over SSH: `ssh -t pi starcourt calibrate`"
        )));
    }
    let output = files::output_kind(&options.stage.output);
    made::refuse_pins(&options, output)?;
    let mut rig = files::driveable_rig(&options.stage.rig, output)?;
    let id = match channel {
        Some(name) => made::channel(&rig.rig, name)?,
        None => ChannelId::new(0),
    };
    let flashing = rig.rig.channel(id);
    let flash = FLASH.max(flashing.min_on);
    refuse_the_slow(flashing, flash)?;
    // Without sound there is nothing for the light to meet.
    rig.rig.audio.required = true;
    let (path, before) = (rig.path.clone(), rig.rig.audio.latency);

    let lit = ShowTime::ZERO + BEAT;
    let cues = vec![made::set(id, lit, Level::FULL), made::set(id, lit + flash, Level::OFF)];
    let click = click(BEAT, PERIOD)?;
    let length = ShowTime::ZERO + PERIOD;
    let show = LoadedShow::made("calibrate", "Calibrate", cues, length, Some(click.path()));
    let kept = Rc::new(Cell::new(None));
    let keys = LatencyKeys { latency: before, kept: Rc::clone(&kept), has_told: false };
    let options = PlayOptions { looped: true, ..options };
    let outcome = play::present(rig, show, &options, Some(Box::new(keys)))?;
    let said = match kept.get() {
        Some(latency) if outcome == Outcome::Done => {
            let backup = rig::keep_latency(&path, latency).map_err(|error| failure(error, latency))?;
            let (path, backup) = (path.display(), backup.display());
            format!("latency = \"{latency}\" is in {path}; {backup} has the rig as it was")
        }
        _ => format!("the rig is as it was: latency = \"{before}\""),
    };
    Ok(printed::done((format!("{}\n", printable(&said)), outcome)))
}

/// A relay needs its rests within a second.
fn refuse_the_slow(channel: &Channel, flash: Duration) -> Result<(), Failure> {
    let Channel { name, min_off, .. } = channel;
    match flash + *min_off < PERIOD && flash < PERIOD - BEAT {
        true => Ok(()),
        false => Err(Failure::bad_command_line(anyhow!(
            "`{name}` may not flash once a second (min_on, min_off); name another with --channel"
        ))),
    }
}

fn failure(error: AmendError, latency: Offset) -> Failure {
    let is_forbidden = matches!(error, AmendError::NotPermitted(_));
    let told = anyhow!("{error}; write `latency = \"{latency}\"` under [audio] there yourself");
    if is_forbidden { Failure::not_permitted(told) } else { told.into() }
}

/// Obeys the keys, and knows how far the light has been moved.
struct LatencyKeys {
    latency: Offset,
    /// The latency that shall be kept, once Enter was pressed.
    kept: Rc<Cell<Option<Offset>>>,
    has_told: bool,
}

impl LatencyKeys {
    fn moved(&mut self, by: i64) -> Vec<Direction> {
        self.latency = Offset::from_micros((self.latency.micros() + by).clamp(-FARTHEST, FARTHEST));
        vec![Direction::Latency(self.latency)]
    }
}

impl Observer for LatencyKeys {
    fn observe(&mut self, _time: ShowTime) -> Vec<Direction> {
        if std::mem::replace(&mut self.has_told, true) {
            return Vec::new();
        }
        let words = "flash after the click: press ←; before it: →; when they meet: Enter";
        vec![Direction::Tell(words.to_owned())]
    }

    fn title(&self) -> Option<String> {
        Some(format!("latency {}", self.latency))
    }

    fn keys(&self) -> &'static [KeyMeaning] {
        &KEYS
    }

    fn handle_key(&mut self, key: Key) -> Vec<Direction> {
        match key {
            Key::Left | Key::ShiftLeft => self.moved(-COARSE),
            Key::Right | Key::ShiftRight => self.moved(COARSE),
            Key::Char('[') => self.moved(-FINE),
            Key::Char(']') => self.moved(FINE),
            Key::Enter => {
                self.kept.set(Some(self.latency));
                vec![Direction::Stop]
            }
            Key::Escape => vec![Direction::Stop],
            Key::Char(_) | Key::Alt(_) | Key::Backspace | Key::Up | Key::Down => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_move_the_latency_within_what_a_rig_takes() {
        let mut keys = LatencyKeys { latency: Offset::ZERO, kept: Rc::default(), has_told: false };
        for (key, micros) in [
            (Key::Right, 5_000),
            (Key::Char(']'), 6_000),
            (Key::Left, 1_000),
            (Key::Char('['), 0),
            (Key::Char('x'), 0),
            (Key::Left, -5_000),
        ] {
            keys.handle_key(key);
            assert_eq!(keys.latency.micros(), micros, "{key:?}");
        }
        (0..1_000).for_each(|_| _ = keys.handle_key(Key::Right));
        assert_eq!((keys.latency.micros(), keys.kept.get()), (FARTHEST, None));
        assert_eq!(keys.handle_key(Key::Enter), [Direction::Stop]);
        assert_eq!(keys.kept.get(), Some(Offset::from_micros(FARTHEST)));
    }
}
