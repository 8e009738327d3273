//! The model: random shows, orders, jumps, stalls and interventions in virtual time. After every turn of the
//! timing thread's loop each line must carry what show, orders and rules say.
//!
//! `STARCOURT_MODEL=100000 cargo test model` tries more sequences, `STARCOURT_MODEL_SEED=7` others. One that
//! fails is made as small as it can be before it is told.

mod board;
mod case;
mod oracle;
mod world;

use std::sync::Arc;

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use super::contact::Contacts;
use super::state::State;
use crate::heartbeat::Heartbeat;
use case::Case;
use world::World;

/// In every test run: some 20 s in a debug build.
const SEQUENCES: u32 = 3_000;

fn asked(name: &str) -> Option<u32> {
    std::env::var(name).ok()?.parse().ok()
}

/// How many turns of the loop it took.
fn play(case: &Case) -> Result<u64, String> {
    let rig = case.rig();
    let timeline = case.timeline(&rig);
    let heartbeat = Arc::new(Heartbeat::new().unwrap());
    let state = State::new(rig.channels.iter().map(|channel| channel.safe), &Contacts::default());
    let mut world = World::new(case, &rig, &timeline, &heartbeat, &state);
    world.play()?;
    Ok(world.ticks)
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

#[test]
#[ignore]
fn survey() {
    use proptest::strategy::{Strategy, ValueTree};
    let classes: [(&str, fn(&case::Step) -> bool); 9] = [
        ("nothing", |_| false),
        ("blackout, stop", |s| matches!(s, case::Step::Blackout(_) | case::Step::Stop { .. })),
        ("pause/hold", |s| {
            matches!(
                s,
                case::Step::Pause
                    | case::Step::Resume
                    | case::Step::HoldAfter(_)
                    | case::Step::Release
                    | case::Step::Slew { .. }
            )
        }),
        ("suspend", |s| matches!(s, case::Step::Suspend(_))),
        ("jump", |s| matches!(s, case::Step::Jump(_))),
        ("stall<2s", |s| matches!(s, case::Step::Stall(n) if *n <= 2000)),
        ("stall", |s| matches!(s, case::Step::Stall(_))),
        ("intervene", |s| matches!(s, case::Step::Intervene | case::Step::InterveneWhileWriting { .. })),
        ("failing", |s| matches!(s, case::Step::FailWrites(_) | case::Step::Blackout(_))),
    ];
    for (name, keep) in classes {
        let config = Config { failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[3; 32]));
        let mut kinds: std::collections::BTreeMap<String, usize> = Default::default();
        let mut failed = 0;
        for _ in 0..1000 {
            let mut case = case::cases().new_tree(&mut runner).unwrap().current();
            case.steps.iter_mut().for_each(|(step, _)| {
                if !keep(step) {
                    *step = case::Step::Release
                }
            });
            if let Err(error) = play(&case) {
                failed += 1;
                let text = error
                    .split_once("}): ")
                    .or(error.split_once(")): "))
                    .map_or(error.as_str(), |x| x.1)
                    .to_owned();
                let text: String =
                    text.split("; ").next().unwrap().chars().filter(|c| !c.is_ascii_digit()).collect();
                if name == "nothing" || (name == "failing" && text.contains("light")) {
                    println!("{case:?}\n{error}");
                }
                if failed < 3 {
                    println!("{case:?}\n{error}\n");
                }
                *kinds.entry(text).or_default() += 1;
            }
        }
        println!("{name}: {failed} of 1000");
        for (kind, count) in kinds {
            println!("     {count:4} {kind}");
        }
    }
}
