//! Shows that stand still at random instants for random times, with orders before, meanwhile and after, while
//! their lights go out and come on: in the end each light is as the show has it.

use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::common::setup::Setup;
use crate::common::show_launch::ShowLaunch;
use crate::storm::Dice;

/// Side by side: they mostly wait.
const SIDE_BY_SIDE: usize = 8;
/// From here on the lights stand as the show left them, milliseconds of the show.
const SETTLED: u64 = 3_000;
const LONGEST_STALL: u64 = 4_500;
const A_WHILE: Duration = Duration::from_millis(250);

/// Each channel with its line, and what that carries when it is dark and when it is lit.
const CHANNELS: [(&str, usize, [char; 2]); 4] = [
    ("neon", 4, ['1', '0']),
    ("garland", 17, ['0', '1']),
    ("moon", 18, ['0', '1']),
    ("exit", 27, ['0', '1']),
];

fn rounds() -> usize {
    std::env::var("STARCOURT_STORM_ROUNDS")
        .ok()
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(SIDE_BY_SIDE)
}

#[test]
fn in_a_storm_of_standstills_every_light_comes_to_be_as_the_show_has_it() {
    let mut dice = Dice::new();
    let mut rounds_left = rounds();
    while rounds_left > 0 {
        let at_once = rounds_left.min(SIDE_BY_SIDE);
        rounds_left -= at_once;
        let seeds: Vec<u64> = (0..at_once).map(|_| 1 + dice.below(u64::MAX - 1)).collect();
        thread::scope(|scope| {
            for seed in seeds {
                scope.spawn(move || round(seed));
            }
        });
    }
    println!("{} standstills at random: every light is as its show has it", rounds());
}

fn round(seed: u64) {
    let mut dice = Dice::seeded(seed);
    // Once to three times each, and then for good.
    let (mut sheet, mut last) = (String::new(), Vec::new());
    for (name, line, carries) in CHANNELS {
        let mut is_lit = true;
        sheet += &format!("0:00  {name}  on\n");
        let mut times: Vec<u64> = (0..1 + dice.below(3)).map(|_| 100 + dice.below(SETTLED - 100)).collect();
        times.sort_unstable();
        times.dedup();
        for millis in times {
            is_lit = !is_lit;
            sheet += &format!("{millis} ms  {name}  {}\n", if is_lit { "on" } else { "off" });
        }
        last.push((line, carries[usize::from(is_lit)]));
    }
    let setup = Setup::new("0 ms", "1:00", &sheet);
    let mut launch = setup.launch(setup.command());
    launch.until("played", |launch| !launch.setup.pins().is_empty());
    thread::sleep(Duration::from_millis(dice.below(SETTLED)));
    let mut orders = vec![order(&setup, &mut dice)];
    launch.signal(Signal::STOP);
    orders.push(order(&setup, &mut dice));
    thread::sleep(Duration::from_millis(dice.below(LONGEST_STALL)));
    launch.signal(Signal::CONT);
    if dice.below(3) == 0 {
        launch.signal(Signal::TSTP);
        launch.until("stopped", |launch| launch.is_stopped());
        launch.stays(A_WHILE, "safe", |launch| launch.setup.is_safe());
        launch.signal(Signal::CONT);
    }
    orders.push(order(&setup, &mut dice));
    for order in orders.iter_mut().flatten() {
        order.wait().unwrap();
    }
    assert!(setup.order(&["blackout", "off"]).status().unwrap().success());
    let is_so = |launch: &mut ShowLaunch<'_>| {
        let pins: Vec<char> = launch.setup.pins().chars().collect();
        last.iter().all(|(line, carries)| pins.get(*line) == Some(carries))
    };
    // The longest way to 0:03 of the show, with a stop in which time stood still.
    thread::sleep(Duration::from_millis(SETTLED));
    let words = format!("seed {seed}: as the show has it, {last:?}\n{sheet}");
    let began = Instant::now();
    launch.until(&words, is_so);
    launch.stays(A_WHILE, &words, is_so);
    assert!(began.elapsed() < Duration::from_secs(5), "{words}");
    launch.goes_safe_on_signal(Signal::TERM);
    launch.ends_with(0);
}

/// Perhaps a blackout, or its end. Who is stopped answers when it goes on.
fn order(setup: &Setup, dice: &mut Dice) -> Option<Child> {
    let words: [&[&str]; 3] = [&[], &["blackout", "on"], &["blackout", "off"]];
    let words = dice.of(&words);
    (!words.is_empty()).then(|| setup.order(words).spawn().unwrap())
}
