//! Chains on chips that do what their data sheet says, and processes that die or are kept from running at any edge.

use std::sync::{Arc, Mutex, MutexGuard};

use super::sim::ShiftRegisters;
use super::*;
use crate::level::Level;
use crate::output::driver::{Driver, DriverContext, LevelChange};
use crate::output::testing::{channel, rig_of};
use crate::rig::{Active, Address, Chain, Channel, ChannelId, Kind, Line, Rig};
use crate::time::Mono;

fn chain(chips: u8) -> Chain {
    let line = |bcm| Line::new(bcm).unwrap();
    Chain::new(line(10), line(11), line(8), Some(line(25)), chips).unwrap()
}

fn on(name: &str, chain: Chain, number: u8, active: Active) -> Channel {
    let address = Address::Chain(chain.output(number).unwrap());
    Channel { address, ..channel(name, 0, Kind::Ssr, active) }
}

/// Two chips. The second is a board whose relays are on when low; the exit sign is lit while no show plays.
fn rig() -> Rig {
    let chain = chain(2);
    let exit = Channel { safe: Level::FULL, ..on("exit", chain, 7, Active::High) };
    rig_of(vec![
        on("tree", chain, 0, Active::High),
        exit,
        on("star", chain, 9, Active::Low),
        on("gate", chain, 15, Active::Low),
    ])
}

/// The chips, which outlive who shifts into them.
struct Chips {
    registers: ShiftRegisters,
    /// What the outputs showed, one after another, in a character an output: the one beside the Pi first.
    shown: Vec<String>,
    /// How often something was shown before the outputs were switched on.
    shown_before_on: Option<usize>,
    /// After so many edges whoever drives them is dead, or was kept from running.
    edges_left: usize,
}

#[derive(Clone)]
struct TestLines(Arc<Mutex<Chips>>);

impl TestLines {
    fn new(outputs: usize) -> Self {
        Self(Arc::new(Mutex::new(Chips {
            registers: ShiftRegisters::new(outputs),
            shown: Vec::new(),
            shown_before_on: None,
            edges_left: usize::MAX,
        })))
    }

    fn chips(&self) -> MutexGuard<'_, Chips> {
        self.0.lock().unwrap()
    }

    fn shown(&self) -> String {
        self.chips().shown.last().cloned().unwrap_or_default()
    }

    fn open(&self) -> ShiftChain {
        ShiftChain::new(Box::new(self.clone()), SafeChain::of(chain(2), &rig()).word().clone())
    }

    fn driver(&self) -> ChainDriver {
        let rig = rig();
        let channels: Vec<_> = rig.channel_ids().zip(rig.channels.iter().cloned()).collect();
        let mut driver = ChainDriver::new(self.open(), &channels);
        driver.take().unwrap();
        driver
    }
}

impl ChainLines for TestLines {
    fn take(&mut self) -> Result<()> {
        Ok(())
    }

    fn enable(&mut self) -> Result<()> {
        let mut chips = self.chips();
        chips.shown_before_on = Some(chips.shown.len());
        Ok(())
    }

    fn begin(&mut self, _patience: Duration) -> bool {
        true
    }

    fn drive(&mut self, line: ChainLine, signal: Signal) -> bool {
        let mut chips = self.chips();
        if chips.edges_left == 0 {
            return false;
        }
        chips.edges_left -= 1;
        if chips.registers.drive(line, signal) {
            let outputs = chips.registers.outputs().unwrap().iter();
            let shown = outputs.map(|signal| if *signal == Signal::High { '1' } else { '0' }).collect();
            chips.shown.push(shown);
        }
        true
    }

    fn end(&mut self) {}
}

/// Dark but for the exit sign; what has no channel is as dark as its neighbours.
const SAFE: &str = "0000000111111111";
const LIT: &str = "1000000110111110";

const NOW: Mono = Mono::from_nanos(7_000);

/// Whether it was written, and how many edges were told.
fn set(driver: &mut ChainDriver, channels: &[usize], level: Level) -> (bool, usize) {
    let change =
        |channel: &usize| LevelChange { channel: ChannelId::new(*channel), level, due: NOW, written: None };
    let mut changes: Vec<LevelChange> = channels.iter().map(change).collect();
    let mut edges = 0;
    let mut tell_edge = |_| edges += 1;
    driver.set(&mut changes, &mut DriverContext::new(NOW, &|| NOW, &mut tell_edge));
    let are_written: Vec<bool> = changes.iter().map(|change| change.written.is_some()).collect();
    assert!(are_written.iter().all(|is_written| *is_written == are_written[0]), "all of it or none");
    (are_written[0], edges)
}

#[test]
fn outputs_are_safe_before_they_are_switched_on_change_together_and_end_safe() {
    let lines = TestLines::new(16);
    let mut driver = lines.driver();
    assert_eq!(lines.chips().shown_before_on, Some(1));
    assert_eq!(set(&mut driver, &[0, 2, 3], Level::FULL), (true, 3));
    assert_eq!(set(&mut driver, &[0], Level::FULL), (true, 0));
    assert_eq!(set(&mut driver, &[1], Level::OFF), (true, 1));
    assert!(driver.make_safe());
    assert_eq!(set(&mut driver, &[0, 2, 3], Level::FULL), (true, 3), "it is known what is shown");
    drop(driver);
    assert_eq!(lines.chips().shown, [SAFE, LIT, "1000000010111110", SAFE, LIT, SAFE]);
}

#[test]
fn wherever_a_process_dies_its_guardian_shows_the_safe_word_and_nothing_else_is_ever_shown() {
    let edges = 2 + 3 * 16 + 3;
    for edges_left in 0..=edges {
        let lines = TestLines::new(16);
        let mut driver = lines.driver();
        lines.chips().edges_left = edges_left;
        set(&mut driver, &[0, 2, 3], Level::FULL);
        // No destructor runs.
        std::mem::forget(driver);
        lines.chips().edges_left = usize::MAX;
        let mut guardian = lines.open();
        guardian.take().unwrap();
        assert_eq!(lines.shown(), SAFE, "after {edges_left} edges");
        let shown = lines.chips().shown.clone();
        assert!(shown.iter().all(|word| [SAFE, LIT].contains(&word.as_str())), "{shown:?}");
    }
}

#[test]
fn what_was_broken_off_changes_no_output_and_does_not_come_with_the_next_change() {
    for edges_left in 0..50 {
        let lines = TestLines::new(16);
        let mut driver = lines.driver();
        lines.chips().edges_left = edges_left;
        assert_eq!(set(&mut driver, &[0, 2], Level::FULL), (false, 0));
        assert_eq!(lines.shown(), SAFE);
        lines.chips().edges_left = usize::MAX;
        assert_eq!(set(&mut driver, &[3], Level::FULL), (true, 1));
        assert_eq!(lines.shown(), "0000000111111110");
        lines.chips().edges_left = edges_left;
        assert!(!driver.make_safe());
        lines.chips().edges_left = usize::MAX;
        assert!(set(&mut driver, &[3], Level::OFF).0);
        assert_eq!(lines.shown(), SAFE, "written although nothing is to change");
    }
}

#[test]
fn a_chain_is_written_anew_once_a_second_whatever_has_become_of_it() {
    let lines = TestLines::new(16);
    let mut driver = lines.driver();
    let seconds = |seconds: i64| NOW.offset(seconds * 1_000_000_000);
    let tick = |driver: &mut ChainDriver, at: Mono| {
        let mut tell_edge = |_| panic!("nothing changes");
        driver.tick(&mut DriverContext::new(at, &|| at, &mut tell_edge))
    };
    assert_eq!(tick(&mut driver, NOW), Some(seconds(1)));
    assert!(set(&mut driver, &[0, 2, 3], Level::FULL).0);
    lines.chips().registers = ShiftRegisters::new(16);
    assert_eq!(tick(&mut driver, seconds(1).offset(-1)), Some(seconds(1)));
    assert_eq!(lines.chips().shown.len(), 2);
    assert_eq!(tick(&mut driver, seconds(1)), Some(seconds(2)));
    assert_eq!(lines.chips().shown, [SAFE, LIT, LIT]);
}

#[test]
fn what_was_not_taken_is_left_alone() {
    let lines = TestLines::new(16);
    let mut chain = lines.open();
    assert!(chain.make_safe() && chain.show(&ChainWord::low(super::tests::chain(2))));
    drop(chain);
    assert_eq!(lines.chips().shown, [""; 0]);
}

#[test]
fn orders_with_a_word_of_another_length_or_an_output_that_is_not_there_are_refused() {
    let text = serde_json::to_string(&SafeChain::of(chain(2), &rig())).unwrap();
    assert!(text.ends_with(r#""word":[128,255],"outputs":[0,7,9,15]}"#), "{text}");
    assert!(serde_json::from_str::<SafeChain>(&text).is_ok());
    for wrong in [text.replace("[128,255]", "[128]"), text.replace(",15]", ",16]")] {
        assert!(serde_json::from_str::<SafeChain>(&wrong).is_err(), "{wrong}");
    }
}
