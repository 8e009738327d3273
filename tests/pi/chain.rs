//! A chain of shift registers behind the header: what its outputs showed, read from the log of register writes by the
//! data sheet of the 74HC595 (Texas Instruments SCLS041).

use rustix::process::Signal;

use crate::common::launch::until;
use crate::fake_pi::Step::{BecameInput, BecameOutput, High, Low};
use crate::fake_pi::{Event, FakePi};
use crate::setup::Setup;

const DATA: usize = 10;
const CLOCK: usize = 11;
const LATCH: usize = 8;
const OE: usize = 25;

/// The second chip is a board whose relays are on when low.
const RIG: &str = r#"
[expanders]
board = { chip = "74hc595", data = 10, clock = 11, latch = 8, oe = 25, chained = 2 }

[channels]
neon = { pin = 4, kind = "relay", active = "low" }
tree = { out = "board.0", kind = "ssr" }
exit = { out = "board.7", kind = "ssr", safe = "100 %" }
star = { out = "board.9", kind = "relay", active = "low" }
gate = { out = "board.15", kind = "relay", active = "low" }
"#;

/// The output beside the Pi first.
const SAFE: &str = "0000000111111111";
const LIT: &str = "1000000110111110";

const PLAY: &str = "--silent --rig rig.toml --lock-dir lock";

/// What the outputs showed from one latch on.
pub(crate) struct Shown {
    pub(crate) word: String,
    by: u32,
    /// Whether the outputs were on by then.
    is_on: bool,
}

/// Chips of which nobody knows what they hold.
pub(crate) fn shown(events: &[Event]) -> Vec<Shown> {
    shown_of(events, 16)
}

/// Of a chain with so many outputs.
pub(crate) fn shown_of(events: &[Event], outputs: usize) -> Vec<Shown> {
    let mut registers = vec!['?'; outputs];
    let mut levels = [false; 28];
    let mut is_on = false;
    let mut shown = Vec::new();
    for event in events {
        let is_high = match event.step {
            High => true,
            Low => false,
            BecameOutput => {
                is_on |= event.line == OE && !levels[OE];
                continue;
            }
            BecameInput => panic!("GPIO {} became an input", event.line),
        };
        let rises = !std::mem::replace(&mut levels[event.line], is_high) && is_high;
        match event.line {
            CLOCK if rises => {
                registers.rotate_right(1);
                registers[0] = if levels[DATA] { '1' } else { '0' };
            }
            LATCH if rises => {
                let word = registers.iter().collect();
                shown.push(Shown { word, by: event.pid, is_on });
            }
            _ => {}
        }
    }
    shown
}

fn words(shown: &[Shown]) -> Vec<&str> {
    shown.iter().map(|shown| shown.word.as_str()).collect()
}

fn setup(cues: &str) -> Setup {
    let setup = Setup::on(FakePi::new(), RIG);
    setup.folder.write("shows/chain.show", cues);
    setup
}

/// The last word, if there is one, is this one.
fn shows(setup: &Setup, word: &str) -> bool {
    shown(&setup.pi.events()).last().is_some_and(|shown| shown.word == word)
}

#[test]
fn each_instant_of_a_show_is_one_latch_of_all_outputs_from_safe_to_safe() {
    let setup = setup(
        "length 0:01.200\n0:00  exit  on\n0:00.2  tree, star, gate  on\n0:00.4  exit  off\n0:00.6  all  off\n0:00.8  neon, tree  on\n",
    );
    setup.run(&format!("play chain {PLAY}")).with(0, &["has played to its end"]);
    let events = setup.pi.events();
    let shown = shown(&events);
    let dark = "0000000011111111";
    let expected = [SAFE, LIT, "1000000010111110", dark, "1000000011111111", SAFE, SAFE, SAFE];
    let mut told = words(&shown);
    // Safe at the end of the show, when all outputs are made safe, and when the lines are let go.
    told.dedup();
    let mut wanted = expected.to_vec();
    wanted.dedup();
    assert_eq!(told, wanted);
    assert!(!shown[0].is_on && shown[1].is_on, "the outputs are safe before they are on");
    for line in [DATA, CLOCK, LATCH, OE] {
        let steps = setup.pi.steps(line);
        assert_eq!(steps[..2], [Low, BecameOutput], "GPIO {line}");
        assert_eq!(setup.pi.line(line), (true, false), "GPIO {line} stays driven");
    }
    // What the header shows at the same instant comes first.
    let neon = events.iter().position(|event| (event.line, event.step) == (4, Low)).unwrap();
    assert_eq!(words(&self::shown(&events[..neon])).last(), Some(&dark));
}

/// Every 20 ms something changes.
const BUSY: &str = "length 1:00\n0:00 to 1:00  tree  strobe every 40 ms\n0:00.02 to 1:00  exit  strobe every 40 ms\n0:00  star  on\n";

#[test]
fn after_a_kill_at_any_time_the_guardian_shows_the_safe_word_and_no_other_was_ever_shown() {
    let setup = setup(BUSY);
    let allowed = |word: &str| {
        let (first, second) = word.split_at(8);
        let is_first = ["00000000", "10000000", "00000001", "10000001"].contains(&first);
        is_first && ["11111111", "10111111"].contains(&second)
    };
    for round in 0..8 {
        let before = setup.pi.events().len();
        let launch = setup.launch(&format!("play chain {PLAY}"));
        let latches = 6 + 7 * round;
        until("busy", || shown(&setup.pi.events()[before..]).len() > latches);
        let guardian = setup.guardian();
        launch.ends_on(Signal::KILL);
        until("safe", || {
            let events = setup.pi.events();
            shown(&events).last().is_some_and(|shown| shown.by == guardian && shown.word == SAFE)
        });
    }
    let events = setup.pi.events();
    let shown = shown(&events);
    let wrong: Vec<&str> = words(&shown).into_iter().filter(|word| !allowed(word)).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    for line in [DATA, CLOCK, LATCH, OE] {
        assert_eq!(setup.pi.line(line), (true, false), "GPIO {line} stays driven");
    }
}

#[test]
fn a_show_that_was_stopped_comes_back_on_its_chain() {
    let setup = setup("length 1:00\n0:00  tree, star, gate, exit  on\n");
    let launch = setup.launch(&format!("play chain {PLAY}"));
    until("lit", || shows(&setup, LIT));
    launch.signal(Signal::STOP);
    until("safe", || shows(&setup, SAFE));
    launch.signal(Signal::CONT);
    until("lit again", || shows(&setup, LIT));
    launch.ends_on(Signal::TERM).with(0, &["stood still for 2 s"]);
    assert!(shows(&setup, SAFE));
}

#[test]
fn off_makes_a_chain_safe_whatever_it_holds() {
    let setup = setup("length 1:00\n0:00  tree, star, gate, exit  on\n");
    setup.run("off --rig rig.toml --lock-dir lock").with(0, &["5 channels are safe"]);
    let events = setup.pi.events();
    assert!(!shown(&events).is_empty() && words(&shown(&events)).iter().all(|word| *word == SAFE));
}

#[test]
fn a_chain_that_another_process_shifts_into_for_good_is_written_all_the_same() {
    let setup = setup("length 0:00.6\n0:00  exit  on\n0:00.2  tree, star, gate  on\n");
    // As a process that was stopped in the middle of its turn.
    let registers = std::fs::File::open(setup.pi.device("gpiomem")).unwrap();
    registers.lock().unwrap();
    setup.run(&format!("play chain {PLAY}")).with(0, &["has played to its end"]);
    let events = setup.pi.events();
    let mut told = words(&shown(&events)).into_iter().map(str::to_owned).collect::<Vec<_>>();
    told.dedup();
    assert_eq!(told, [SAFE, LIT, SAFE]);
}
