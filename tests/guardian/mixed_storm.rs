//! Launches that get into each other's way, and signals of every kind to them and to their guardians, all
//! at random instants: two never play at once, and what they leave is safe and free.

use std::collections::BTreeMap;
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::common::setup::{LIT, Setup};
use crate::common::show_launch::ShowLaunch;
use crate::guardian_process::GuardianProcess;
use crate::storm::{Dice, tell};

/// Generous: a debug build on a machine under load, after a standstill.
const SLOWEST: Duration = Duration::from_secs(15);
const LAUNCHES: usize = 4;
const BLOWS: usize = 12;
const BETWEEN_MICROS: u64 = 40_000;

/// After [`LIT`]: dark and lit in turn, so that lights go out and come on while a show is stopped.
const BLINKING: &str = "0:00.150 to 0:59 every 300 ms  neon, garland, moon  off\n\
                        0:00.300 to 0:59 every 300 ms  neon, garland  on\n\
                        0:00.300 to 0:59 every 300 ms  moon  60 %\n\
                        0:00.150 to 0:59 every 500 ms  exit  on\n\
                        0:00.400 to 0:59 every 500 ms  exit  off\n";

/// What ends a show, stops it or sets it going again; what a terminal or a neighbour may send.
const SIGNALS: [Signal; 9] = [
    Signal::INT,
    Signal::TERM,
    Signal::HUP,
    Signal::QUIT,
    Signal::KILL,
    Signal::TSTP,
    Signal::STOP,
    Signal::CONT,
    Signal::CONT,
];
/// How a launch may go about the lock.
const WAYS: [&str; 4] = ["--wait=300ms", "--wait", "--takeover", "--volume=50"];

fn rounds() -> usize {
    std::env::var("STARCOURT_STORM_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(10)
}

/// What became of all rounds.
#[derive(Default)]
struct Log {
    blows: BTreeMap<(&'static str, String), usize>,
    codes: BTreeMap<i32, usize>,
    safe_after: Vec<Duration>,
    played: usize,
    made_safe_by_off: usize,
}

#[test]
fn in_a_storm_of_signals_two_never_play_at_once_and_what_they_leave_is_safe_and_free() {
    let mut dice = Dice::new();
    let mut log = Log::default();
    for round in 0..rounds() {
        let setup = Setup::new("0 ms", "1:00", &format!("{LIT}{BLINKING}"));
        weather(round, &setup, &mut dice, &mut log);
        setup.assert_safe_and_free();
    }
    println!("{} rounds of {LAUNCHES} launches: {} of them played", rounds(), log.played);
    let blows = log.blows.iter().map(|((whom, signal), count)| format!("{count} {signal} to {whom}"));
    println!("{}; exit codes {:?}", blows.collect::<Vec<_>>().join(", "), log.codes);
    println!("{} rounds took the guardian, too, and left its work to `off`", log.made_safe_by_off);
    tell("in a storm", log.safe_after);
}

fn weather(round: usize, setup: &Setup, dice: &mut Dice, log: &mut Log) {
    let pause = |dice: &mut Dice| thread::sleep(Duration::from_micros(dice.below(BETWEEN_MICROS)));
    let mut launches: Vec<ShowLaunch<'_>> = Vec::new();
    let mut hits_guardian = false;
    let mut stuck = Vec::new();
    for blow in 0..BLOWS {
        if blow % (BLOWS / LAUNCHES) == 0 {
            let mut command = setup.command();
            command.arg(dice.of(&WAYS)).arg("--trace").arg(setup.path(&trace(launches.len())));
            launches.push(setup.launch(command));
            pause(dice);
        }
        let signal = dice.of(&SIGNALS);
        let whom = match dice.below(6) {
            0 => match GuardianProcess::named_on(setup) {
                Some(guardian) if guardian.is_there() => {
                    // In between it may have ended, as it should.
                    stuck.extend(guardian.try_signal(signal));
                    hits_guardian |= [Signal::KILL, Signal::STOP].contains(&signal);
                    "a guardian"
                }
                _ => continue,
            },
            _ => {
                let last = launches.len() - 1;
                let target = launches.get_mut(dice.below(last as u64 + 1) as usize).unwrap();
                if !target.has_ended() {
                    target.signal_waiting(signal);
                }
                "a show"
            }
        };
        *log.blows
            .entry((whom, format!("{signal:?}").replace("Signal::", "").replace('"', "")))
            .or_default() += 1;
        pause(dice);
    }
    for launch in &mut launches {
        if !launch.has_ended() {
            launch.signal_waiting(dice.of(&[Signal::TERM, Signal::KILL]));
        }
    }
    let struck = Instant::now();
    for launch in &mut launches {
        launch.until("over", |launch| {
            // Again and again: who was sent to sleep may be about to lie down just now.
            let has_ended = launch.has_ended();
            if !has_ended {
                launch.signal_waiting(Signal::CONT);
            }
            has_ended
        });
        let code = launch.code();
        *log.codes.entry(code).or_default() += 1;
        let is_known = [0, 75].contains(&code) || code > 128;
        assert!(is_known, "round {round}: {code}\n{}", launch.said());
    }
    if let Some(after) = comes_to_be_safe(setup, struck, hits_guardian) {
        log.safe_after.push(after);
    } else {
        log.made_safe_by_off += 1;
        let off = setup.command_for("off").status().unwrap();
        assert!(off.success() && setup.is_safe(), "round {round}: {off}, {}", setup.pins());
    }
    log.played += nobody_met_another(setup, launches.len());
}

fn trace(number: usize) -> String {
    format!("trace-{number}.csv")
}

/// How long after `struck` every line was safe; `None` where nobody was left to see to it.
#[track_caller]
fn comes_to_be_safe(setup: &Setup, struck: Instant, hits_guardian: bool) -> Option<Duration> {
    loop {
        if setup.is_safe() || setup.pins().is_empty() || setup.pins().chars().all(|line| line == '.') {
            return (!setup.pins().is_empty()).then(|| struck.elapsed());
        }
        let nobody_will = hits_guardian && struck.elapsed() > SLOWEST / 5;
        if nobody_will {
            return None;
        }
        assert!(struck.elapsed() < SLOWEST, "not safe: {}", setup.pins());
        thread::sleep(Duration::from_micros(200));
    }
}

/// From the first to the last level that each launch wrote: no two of these times meet. Tells how many
/// launches came to play.
#[track_caller]
fn nobody_met_another(setup: &Setup, launches: usize) -> usize {
    let mut played: Vec<(u64, u64)> = (0..launches)
        .filter_map(|number| {
            let text = fs::read_to_string(setup.path(&trace(number))).ok()?;
            // The last line of a killed one may be cut short.
            let whole = &text[..text.rfind('\n')?];
            let written = whole.lines().filter_map(|line| line.split(',').nth(2)?.parse().ok());
            let written: Vec<u64> = written.collect();
            Some((*written.iter().min()?, *written.iter().max()?))
        })
        .collect();
    played.sort_unstable();
    for pair in played.windows(2) {
        assert!(pair[0].1 < pair[1].0, "two played at once: {pair:?}");
    }
    played.len()
}
