//! `starcourt test`: lights the channels one after another and tells where each is wired. It is a show
//! made out of the rig: lock, guardian and endings are those of every show.

use std::time::Duration;

use anyhow::anyhow;

use crate::cli::{PlayOptions, TestOptions};
use crate::instance::{Direction, Observer};
use crate::level::Level;
use crate::rig::{ChannelId, Rig};
use crate::show::Cue;
use crate::stage::{Key, KeyMeaning, Stage};
use crate::time::ShowTime;

use super::files::{self, LoadedShow};
use super::made;
use super::outcome::{Failure, Outcome};
use super::play;

const STEP_KEYS: [KeyMeaning; 2] = [
    KeyMeaning { key: "any key", short: "go on", meaning: "lights the next channel" },
    KeyMeaning { key: "q", short: "quit", meaning: "ends the test; so does Esc" },
];

/// Between two channels: to see that one has gone before the next one comes.
const DARK: Duration = Duration::from_millis(300);

pub(super) fn test(options: TestOptions) -> Result<Outcome, Failure> {
    let output = files::output_kind(&options.machine.output);
    let rig = files::driveable_rig(&options.machine.rig, output)?;
    let names: Vec<String> = options.names.iter().chain(&options.channel).cloned().collect();
    let channels = match names.is_empty() {
        false => made::channels(&rig.rig, &names)?,
        true => rig.rig.channel_ids().collect(),
    };
    if options.step && !Stage::hears_keys() {
        return Err(Failure::bad_command_line(anyhow!(
            "--step waits for keys, and there is no terminal; over SSH: `ssh -t pi starcourt test --step`"
        )));
    }
    let play =
        PlayOptions { silent: true, trace: options.trace, ..made::options(options.pins, options.machine) };
    made::refuse_pins(&play, output)?;
    let tests = tests(&rig.rig, &channels, options.seconds);
    let end = tests.last().map_or(ShowTime::ZERO, |test| test.dark + DARK);
    let cues = tests.iter().flat_map(|test| test.cues(&rig.rig)).collect();
    let show = LoadedShow::made("test", "Test", cues, end, None);
    let walk = Walk { tests: labelled(tests, &rig.rig), next: 0, waits: options.step, held: None };
    play::present(rig, show, &play, Some(Box::new(walk)))
}

/// One channel's time on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct ChannelTest {
    channel: ChannelId,
    lit: ShowTime,
    dark: ShowTime,
}

impl ChannelTest {
    /// When it shines in full, at the latest.
    fn middle(&self) -> ShowTime {
        self.lit + self.half()
    }

    fn half(&self) -> Duration {
        self.dark.as_duration().saturating_sub(self.lit.as_duration()) / 2
    }

    fn cues(&self, rig: &Rig) -> Vec<Cue> {
        let Self { channel, lit, dark } = *self;
        match rig.channel(channel).kind.dims() {
            true => vec![
                made::fade(channel, lit, Level::FULL, self.half()),
                made::fade(channel, self.middle(), Level::OFF, self.half()),
            ],
            false => {
                vec![made::set(channel, lit, Level::FULL), made::set(channel, dark, Level::OFF)]
            }
        }
    }
}

/// The tests of `channels`, one after another. No relay is asked for less than it can do.
fn tests(rig: &Rig, channels: &[ChannelId], time: Duration) -> Vec<ChannelTest> {
    let mut lit = ShowTime::ZERO + DARK;
    let test = |channel: &ChannelId| {
        let dark = lit + time.max(rig.channel(*channel).min_on);
        let test = ChannelTest { channel: *channel, lit, dark };
        lit = dark + DARK;
        test
    };
    channels.iter().map(test).collect()
}

fn labelled(tests: Vec<ChannelTest>, rig: &Rig) -> Vec<(ChannelTest, String)> {
    tests.into_iter().map(|test| (test, made::place(rig, test.channel))).collect()
}

/// Tells each channel when its test comes, and has the show wait for a key where that is wished.
struct Walk {
    tests: Vec<(ChannelTest, String)>,
    /// The test that has not been told yet.
    next: usize,
    waits: bool,
    /// Where it waits, or has waited.
    held: Option<usize>,
}

impl Observer for Walk {
    fn observe(&mut self, time: ShowTime) -> Vec<Direction> {
        let mut directions = Vec::new();
        while let Some((_, place)) = self.tests.get(self.next).filter(|(test, _)| test.lit <= time) {
            let number = self.next + 1;
            directions.push(Direction::Tell(format!("{number} of {}  {place}", self.tests.len())));
            self.next += 1;
        }
        let now = self.next.checked_sub(1).filter(|now| self.waits && self.held != Some(*now));
        if let Some(now) = now.filter(|now| self.tests[*now].0.middle() <= time) {
            self.held = Some(now);
            directions.push(Direction::Pause);
        }
        directions
    }

    fn title(&self) -> Option<String> {
        let (_, place) = self.tests.get(self.next.checked_sub(1)?)?;
        place.split(',').next().map(|place| place.replace(':', ""))
    }

    fn keys(&self) -> &'static [KeyMeaning] {
        if self.waits { &STEP_KEYS } else { &[] }
    }

    fn handle_key(&mut self, key: Key) -> Vec<Direction> {
        vec![if key == Key::Escape { Direction::Stop } else { Direction::Resume }]
    }
}
