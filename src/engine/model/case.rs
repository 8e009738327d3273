//! What is tried: a random rig, a random show on it, and what happens while it plays.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;

use crate::diagnosis::Source;
use crate::engine::{Extent, Passes};
use crate::envelope::{EnvelopeMeter, SongEnvelope};
use crate::level::Level;
use crate::output::testing::{channel, rig_of};
use crate::rig::{Active, Kind, Rig};
use crate::speed::Speed;
use crate::time::{LoopRange, ShowTime};
use crate::timeline::{Timeline, compile};

/// A channel, and its cues: milliseconds, and what the sheet says.
#[derive(Clone, Debug)]
pub(super) struct RandomChannel {
    pub(super) driving: Driving,
    active: Active,
    is_safe_lit: bool,
    min_on_ms: u16,
    min_off_ms: u16,
    cues: Vec<(u16, RandomCue)>,
    /// Those of the other show, which may be taken up instead.
    other_cues: Vec<(u16, RandomCue)>,
}

/// How a channel is driven.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Driving {
    Relay,
    Ssr,
    /// The timing thread makes each pulse.
    Pulses,
    /// The output takes levels by itself.
    ByOutput,
    /// A bus with a thread of its own brings the levels.
    ByBus,
    /// A relay on that bus.
    RelayOnBus,
    /// Another show drives it.
    ByAnother,
}

#[derive(Clone, Copy, Debug)]
enum RandomCue {
    Level(u8),
    Fade {
        to: u8,
        over_ms: u16,
    },
    /// For so long, from dark to this level.
    Follow {
        to: u8,
        over_ms: u16,
    },
}

#[derive(Clone, Copy, Debug)]
pub(super) enum RandomEnd {
    Once,
    Loop,
    /// From half-way to where it begins.
    LoopPart,
}

/// What happens, one thing after another.
#[derive(Clone, Copy, Debug)]
pub(super) enum RandomStep {
    Blackout(bool),
    Pause,
    Resume,
    /// Ctrl-Z: safe, then the process stands still for so many milliseconds, then it goes on.
    Suspend(u16),
    Stop {
        fade_ms: u16,
    },
    /// From now on time passes so fast.
    Speed(Speed),
    /// The playhead is somewhere else: milliseconds of the show, passes of a loop counted through.
    Jump(u16),
    /// Right after a cue it comes back as little as a clock that is being corrected may.
    Slew {
        micros: u16,
    },
    /// The playhead holds after so many milliseconds, until a jump or a release.
    HoldAfter(u16),
    Release,
    /// From now on this show or the other one plays, again and again or not.
    TakeUp {
        is_other: bool,
        end: RandomEnd,
    },
    /// The process stands still; a guardian acts where it would.
    Stall(u16),
    /// Somebody makes every line safe without any stall.
    Intervene,
    /// It takes so long, while the thread goes on, and may be broken off in its middle.
    InterveneFor {
        millis: u16,
        is_finished: bool,
    },
    /// The same in the very middle of a turn: after the decision, before or after the write.
    InterveneWhileWriting {
        is_before: bool,
    },
    /// So many of the next writes to a line that the output dims fail.
    FailWrites(u8),
}

/// A whole sequence. Each step is followed by as many milliseconds as stand beside it.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) channels: Vec<RandomChannel>,
    on_at_once: Option<usize>,
    frequency: u32,
    length_ms: u32,
    end: RandomEnd,
    from_ms: u16,
    /// The playhead waits for so long before it runs.
    pub(super) waits_ms: u16,
    pub(super) steps: Vec<(RandomStep, u16)>,
    /// Of how late the machine wakes the thread.
    pub(super) seed: u64,
}

pub(super) fn cases() -> impl Strategy<Value = Case> {
    let show = (vec(channels(), 1..5), prop_oneof![3 => Just(None), 1 => (1_usize..3).prop_map(Some)]);
    let frequency = prop_oneof![4 => Just(50_u32), 1 => Just(200)];
    // The longest has so long a way to its end that the thread sleeps long.
    let length = prop_oneof![4 => 400_u32..2_500, 1 => Just(20_000), 1 => Just(8_000_000)];
    let end = ends();
    let start =
        (prop_oneof![2 => Just(0_u16), 1 => 0_u16..2_000], prop_oneof![2 => Just(0_u16), 1 => 0_u16..100]);
    (show, frequency, length, end, start, vec((steps(), 0_u16..300), 1..12), any::<u64>()).prop_map(
        |((channels, on_at_once), frequency, length_ms, end, (from_ms, waits_ms), steps, seed)| Case {
            channels,
            on_at_once,
            frequency,
            length_ms,
            end,
            from_ms: from_ms.min(u16::try_from(length_ms / 2).unwrap_or(u16::MAX)),
            waits_ms,
            steps,
            seed,
        },
    )
}

fn ends() -> impl Strategy<Value = RandomEnd> {
    prop_oneof![2 => Just(RandomEnd::Once), 1 => Just(RandomEnd::Loop), 1 => Just(RandomEnd::LoopPart)]
}

fn channels() -> impl Strategy<Value = RandomChannel> {
    let driving = prop_oneof![
        4 => Just(Driving::Relay),
        2 => Just(Driving::Ssr),
        3 => Just(Driving::Pulses),
        2 => Just(Driving::ByOutput),
        2 => Just(Driving::ByBus),
        2 => Just(Driving::RelayOnBus),
        1 => Just(Driving::ByAnother),
    ];
    let active = prop_oneof![Just(Active::High), Just(Active::Low)];
    let rests = prop_oneof![1 => Just((0_u16, 0_u16)), 3 => (0_u16..200, 0_u16..200)];
    let is_safe_lit = prop_oneof![3 => Just(false), 1 => Just(true)];
    let sheet = || vec((0_u16..2_400, cues()), 0..10);
    (driving, active, is_safe_lit, rests, sheet(), sheet()).prop_map(
        |(driving, active, is_safe_lit, (min_on_ms, min_off_ms), cues, other_cues)| RandomChannel {
            driving,
            active,
            is_safe_lit,
            min_on_ms,
            min_off_ms,
            cues,
            other_cues,
        },
    )
}

fn cues() -> impl Strategy<Value = RandomCue> {
    let level = prop_oneof![2 => Just(0_u8), 2 => Just(100), 1 => 0_u8..=100];
    prop_oneof![
        4 => level.prop_map(RandomCue::Level),
        1 => (0_u8..=100, 10_u16..600).prop_map(|(to, over_ms)| RandomCue::Fade { to, over_ms }),
        1 => (1_u8..=100, 10_u16..900).prop_map(|(to, over_ms)| RandomCue::Follow { to, over_ms }),
    ]
}

fn steps() -> impl Strategy<Value = RandomStep> {
    prop_oneof![
        3 => any::<bool>().prop_map(RandomStep::Blackout),
        2 => Just(RandomStep::Pause),
        2 => Just(RandomStep::Resume),
        2 => (0_u16..3_000).prop_map(RandomStep::Suspend),
        1 => prop_oneof![Just(0_u16), 0_u16..600].prop_map(|fade_ms| RandomStep::Stop { fade_ms }),
        4 => (0_u16..3_000).prop_map(RandomStep::Jump),
        3 => prop_oneof![Just(Speed::Half), Just(Speed::Normal), Just(Speed::Double)].prop_map(RandomStep::Speed),
        1 => (0_u16..1_000).prop_map(|micros| RandomStep::Slew { micros }),
        2 => (0_u16..200).prop_map(RandomStep::HoldAfter),
        2 => Just(RandomStep::Release),
        3 => (any::<bool>(), ends()).prop_map(|(is_other, end)| RandomStep::TakeUp { is_other, end }),
        4 => (0_u16..4_000).prop_map(RandomStep::Stall),
        2 => Just(RandomStep::Intervene),
        1 => (0_u16..300, any::<bool>())
            .prop_map(|(millis, is_finished)| RandomStep::InterveneFor { millis, is_finished }),
        2 => any::<bool>().prop_map(|is_before| RandomStep::InterveneWhileWriting { is_before }),
        1 => (1_u8..4).prop_map(RandomStep::FailWrites),
    ]
}

impl Case {
    pub(super) fn rig(&self) -> Rig {
        let channels = self.channels.iter().zip(0..).map(|(lamp, bcm)| {
            let millis = |millis: u16| Duration::from_millis(millis.into());
            let kind = lamp.driving.kind();
            let mut channel = channel(&format!("lamp{bcm}"), bcm, kind, lamp.active);
            channel.safe = if lamp.is_safe_lit { Level::FULL } else { Level::OFF };
            if kind == Kind::Relay {
                (channel.min_on, channel.min_off) = (millis(lamp.min_on_ms), millis(lamp.min_off_ms));
            }
            channel
        });
        let mut rig = rig_of(channels.collect());
        rig.limits.on_at_once = self.on_at_once;
        rig.pwm_frequency = self.frequency;
        rig
    }

    /// As a person writes it.
    fn sheet(&self, is_other: bool) -> String {
        let mut sheet = format!("length {} ms\naudio song.wav\n", self.length_ms);
        for (lamp, bcm) in self.channels.iter().zip(0..) {
            for (millis, cue) in if is_other { &lamp.other_cues } else { &lamp.cues } {
                write!(sheet, "{millis} ms  lamp{bcm}  ").unwrap();
                match cue {
                    RandomCue::Level(percent) => writeln!(sheet, "{percent} %").unwrap(),
                    RandomCue::Fade { to, over_ms } => {
                        writeln!(sheet, "fade to {to} % over {over_ms} ms").unwrap();
                    }
                    RandomCue::Follow { to, over_ms } => {
                        writeln!(sheet, "follow loudness 0 to {to} % for {over_ms} ms").unwrap();
                    }
                }
            }
        }
        sheet
    }

    /// Of its show, or of the other one.
    pub(super) fn timeline(&self, is_other: bool, rig: &Rig) -> Arc<Timeline> {
        let source = Source::new("model.show", self.sheet(is_other));
        let no_map = |_: &str| unreachable!("it has no beat map");
        let (mut show, _) =
            crate::show::read("model", &source, rig, &no_map).map_err(|told| told.to_string()).unwrap();
        show.follow(&swelling());
        Arc::new(compile(&show, rig).timeline)
    }

    pub(super) fn extent(&self) -> Extent {
        self.extent_to(self.end)
    }

    pub(super) fn extent_to(&self, end: RandomEnd) -> Extent {
        let time = |ms: u32| ShowTime::from_micros(u64::from(ms) * 1_000);
        let length = time(self.length_ms);
        let passes = match end {
            RandomEnd::Once => Passes::Once(length),
            RandomEnd::Loop => Passes::Loop(LoopRange::whole(length)),
            RandomEnd::LoopPart => Passes::Loop(LoopRange::new(time(u32::from(self.from_ms) / 2), length)),
        };
        Extent { from: time(self.from_ms.into()), passes }
    }
}

/// Three seconds of a tone that grows louder and stops, again and again.
fn swelling() -> SongEnvelope {
    const RATE: u32 = 8_000;
    let mut meter = EnvelopeMeter::new(RATE, usize::MAX);
    for frame in 0..3 * RATE {
        let height = (frame % (RATE / 4) * 16) as i16;
        let sample = if frame / 8 % 2 == 0 { height } else { -height };
        meter.take(sample, sample);
    }
    meter.finish()
}

impl Driving {
    pub(super) const fn is_on_bus(self) -> bool {
        matches!(self, Self::ByBus | Self::RelayOnBus)
    }

    /// Whether its output takes levels, and no signals.
    pub(super) const fn takes_levels(self) -> bool {
        self.is_on_bus() || matches!(self, Self::ByOutput)
    }

    const fn kind(self) -> Kind {
        match self {
            Self::Relay | Self::RelayOnBus => Kind::Relay,
            Self::Ssr | Self::ByAnother => Kind::Ssr,
            Self::Pulses | Self::ByOutput | Self::ByBus => Kind::Pwm,
        }
    }
}
