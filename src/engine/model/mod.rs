//! The model: random shows, orders, jumps, stalls and interventions in virtual time. After every turn of the
//! timing thread's loop each line must carry what show, orders and rules say.
//!
//! `STARCOURT_MODEL=100000 cargo test model` tries more sequences, `STARCOURT_MODEL_SEED=7` others. One that
//! fails is made as small as it can be before it is told.

mod board;
mod case;
mod lines_seen;
mod oracle;
mod plan;
mod world;

use std::sync::Arc;

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use super::relay_dwell::RelayMoves;
use super::state::State;
use crate::heartbeat::Heartbeat;
use case::Case;
use world::World;

/// In every test run: ten to twenty seconds in a debug build.
const SEQUENCES: u32 = 10_000;

fn asked(name: &str) -> Option<u32> {
    std::env::var(name).ok()?.parse().ok()
}

/// How many turns of the loop it took.
fn play(case: &Case) -> Result<u64, String> {
    let rig = case.rig();
    let timelines = [false, true].map(|is_other| case.timeline(is_other, &rig));
    let heartbeat = Arc::new(Heartbeat::new().unwrap());
    let state = State::new(rig.channels.iter().map(|channel| channel.safe), &RelayMoves::default());
    let mut world = World::new(case, &rig, &timelines, &heartbeat, &state);
    world.play()?;
    let (ticks, board) = (world.ticks, world.shared_board());
    drop(world);
    match board.lock().unwrap().is_safe() {
        // The one driver that has something on its way to the end.
        true => Ok(ticks),
        false => Err("the drivers are gone, and not every output is safe".to_owned()),
    }
}

#[test]
fn every_line_carries_what_show_orders_and_rules_say_whatever_happens() {
    let sequences = asked("STARCOURT_MODEL").unwrap_or(SEQUENCES);
    let mut seed = [0; 32];
    seed[..4].copy_from_slice(&asked("STARCOURT_MODEL_SEED").unwrap_or(0).to_le_bytes());
    let config = Config { cases: sequences, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let turns = std::cell::Cell::new(0);
    let outcome = runner.run(&case::cases(), |case| {
        turns.set(turns.get() + play(&case).map_err(TestCaseError::fail)?);
        Ok(())
    });
    println!("{sequences} sequences, {} turns", turns.get());
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
