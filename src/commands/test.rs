//! `starcourt test`: lights the channels one after another and tells where each is wired. It is a show
//! made out of the rig: lock, guardian and endings are those of every show.

use std::time::Duration;

use anyhow::anyhow;

use crate::cli::{PlayOptions, TestOptions};
use crate::level::Level;
use crate::rig::{ChannelId, Rig};
use crate::show::Cue;
use crate::stage::{Key, Stage};
use crate::time::ShowTime;

use super::files;
use super::instance::{Companion, Direction};
use super::made;
use super::outcome::{Failure, Outcome};
use super::play;

/// Between two channels: to see that one has gone before the next one comes.
const DARK: Duration = Duration::from_millis(300);

pub(super) fn test(options: &TestOptions) -> Result<Outcome, Failure> {
    let output = files::output_kind(&options.output);
    let rig = files::driveable_rig(&options.rig, output)?;
    let channels = match &options.channel {
        Some(name) => vec![made::channel(&rig.rig, name)?],
        None => rig.rig.channel_ids().collect(),
    };
    if options.step && !Stage::hears_keys() {
        return Err(Failure::bad_command_line(anyhow!(
            "--step waits for keys, and there is no terminal; over SSH: `ssh -t pi starcourt test --step`"
        )));
    }
    let play = PlayOptions {
        silent: true,
        trace: options.trace.clone(),
        ..made::options(options.pins.clone(), &options.rig, &options.lock, &options.output)
    };
    made::refuse_pins(&play, output)?;
    let turns = turns(&rig.rig, &channels, options.seconds);
    let end = turns.last().map_or(ShowTime::ZERO, |turn| turn.dark + DARK);
    let cues = turns.iter().flat_map(|turn| turn.cues(&rig.rig)).collect();
    let show = made::show("test", "Test", cues, end, None);
    let walk = Walk { turns: labelled(turns, &rig.rig), next: 0, waits: options.step, held: None };
    play::present(rig, show, &play, Some(Box::new(walk)))
}

/// One channel's time on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct ChannelTurn {
    channel: ChannelId,
    lit: ShowTime,
    dark: ShowTime,
}

impl ChannelTurn {
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

/// The turns of `channels`, one after another. No relay is asked for less than it can do.
fn turns(rig: &Rig, channels: &[ChannelId], time: Duration) -> Vec<ChannelTurn> {
    let mut lit = ShowTime::ZERO + DARK;
    let turn = |channel: &ChannelId| {
        let dark = lit + time.max(rig.channel(*channel).min_on);
        let turn = ChannelTurn { channel: *channel, lit, dark };
        lit = dark + DARK;
        turn
    };
    channels.iter().map(turn).collect()
}

fn labelled(turns: Vec<ChannelTurn>, rig: &Rig) -> Vec<(ChannelTurn, String)> {
    turns.into_iter().map(|turn| (turn, made::place(rig.channel(turn.channel)))).collect()
}

/// Tells each channel when its turn comes, and has the show wait for a key where that is wished.
struct Walk {
    turns: Vec<(ChannelTurn, String)>,
    /// The turn that has not been told yet.
    next: usize,
    waits: bool,
    /// Where it waits, or has waited.
    held: Option<usize>,
}

impl Companion for Walk {
    fn look(&mut self, time: ShowTime) -> Vec<Direction> {
        let mut directions = Vec::new();
        while let Some((_, place)) = self.turns.get(self.next).filter(|(turn, _)| turn.lit <= time) {
            let number = self.next + 1;
            directions.push(Direction::Tell(format!("{number} of {}  {place}", self.turns.len())));
            self.next += 1;
        }
        let now = self.next.checked_sub(1).filter(|now| self.waits && self.held != Some(*now));
        if let Some(now) = now.filter(|now| self.turns[*now].0.middle() <= time) {
            self.held = Some(now);
            directions.push(Direction::Pause);
            directions.push(Direction::Tell("any key goes on, q ends".to_owned()));
        }
        directions
    }

    fn title(&self) -> Option<String> {
        let (_, place) = self.turns.get(self.next.checked_sub(1)?)?;
        place.split(',').next().map(|place| place.replace(':', ""))
    }

    fn hear(&mut self, _key: Key) -> Vec<Direction> {
        vec![Direction::Resume]
    }
}
